//! A row: glyphs that share a baseline, in pieces.

use super::{Glyph, Texts};

/// How a line lies on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Placement {
    /// As most of the page does.
    #[default]
    Upright,
    /// Turned by a quarter or a half, as stamps in margins are.
    Sideways,
    /// At an angle, as watermarks are.
    Askew,
}

/// Glyphs next to each other, in the order of the content stream.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    pub(crate) y: f32,
    pub(crate) size: f32,
}

impl Segment {
    pub(crate) fn of(glyphs: Vec<Glyph>) -> Option<Self> {
        let first = glyphs.iter().find(|glyph| !glyph.value.is_space())?;
        let (y, mut size) = (first.y, 0.0_f32);
        let (mut x0, mut x1) = (f32::MAX, f32::MIN);
        for glyph in glyphs.iter().filter(|glyph| !glyph.value.is_space()) {
            size = size.max(glyph.size);
            x0 = x0.min(glyph.x);
            x1 = x1.max(glyph.x + glyph.width);
        }
        Some(Self {
            glyphs,
            x0,
            x1,
            y,
            size,
        })
    }
}

/// Segments of a row; a row of dots set one by one has a few hundred.
const MOST_SEGMENTS: usize = 1_000;

/// Segments that may lie over each other at one place.
const FEW_SEGMENTS: usize = 4;
/// Glyphs of a segment among which a mark's letter is looked for.
const LONGEST_LINE: usize = 500;

/// Segments on one baseline, from left to right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) segments: Vec<Segment>,
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    pub(crate) y: f32,
    pub(crate) size: f32,
}

impl Row {
    pub(crate) fn of(glyphs: Vec<Glyph>) -> Self {
        Segment::of(glyphs).map_or_else(Self::default, Self::from)
    }

    /// Where the segment would go, if the row has room for it there.
    pub(crate) fn room_for(&self, segment: &Segment) -> Option<usize> {
        if self.segments.len() >= MOST_SEGMENTS {
            return None;
        }
        let slack = 0.3 * self.size.max(segment.size);
        let at = self
            .segments
            .partition_point(|other| other.x0 + slack < segment.x0);
        let before = at.checked_sub(1).and_then(|at| self.segments.get(at));
        let clear = before.is_none_or(|before| before.x1 - slack <= segment.x0)
            && self
                .segments
                .get(at)
                .is_none_or(|after| segment.x1 - slack <= after.x0);
        clear.then_some(at)
    }

    /// How far the nearest neighbours of a segment put at this place would be.
    pub(crate) fn distance(&self, at: usize, segment: &Segment) -> f32 {
        let before = at
            .checked_sub(1)
            .and_then(|at| self.segments.get(at))
            .map_or(f32::MAX, |before| segment.x0 - before.x1);
        let after = self
            .segments
            .get(at)
            .map_or(f32::MAX, |after| after.x0 - segment.x1);
        before.min(after)
    }

    pub(crate) fn insert(&mut self, at: usize, segment: Segment) {
        self.x0 = self.x0.min(segment.x0);
        self.x1 = self.x1.max(segment.x1);
        if segment.size > self.size {
            self.size = segment.size;
            self.y = segment.y;
        }
        self.segments.insert(at.min(self.segments.len()), segment);
    }

    /// The segment and its glyph that a mark at this place belongs to: the last that begins before it
    /// and reaches it.
    fn letter_at(&self, mark: &Segment) -> Option<(usize, usize)> {
        let slack = 0.1 * mark.size;
        let begins_before = |glyph: &Glyph| {
            let end = glyph.x + glyph.width.max(mark.size);
            !glyph.value.is_space() && glyph.x + slack < mark.x0 && mark.x0 <= end
        };
        let after = self
            .segments
            .partition_point(|segment| segment.x0 < mark.x0);
        let before = self.segments.get(..after)?.iter().enumerate().rev();
        before
            .take(FEW_SEGMENTS)
            .filter(|(_, segment)| mark.x0 <= segment.x1 + slack)
            .find_map(|(at, segment)| {
                let glyphs = segment.glyphs.iter().enumerate().rev();
                let mut looked_at = glyphs.take(LONGEST_LINE);
                let (letter, _) = looked_at.find(|(_, glyph)| begins_before(glyph))?;
                Some((at, letter))
            })
    }

    /// Sets marks behind the letter that they belong to, and behind the marks it has; gives them
    /// back where there is no such letter, nothing where the letter has them.
    pub(crate) fn add_marks(&mut self, marks: Segment, texts: &Texts) -> Option<Segment> {
        let Some((at, letter)) = self.letter_at(&marks) else {
            return Some(marks);
        };
        let segment = self.segments.get_mut(at)?;
        let rest = segment.glyphs.get(letter + 1..).unwrap_or_default();
        let known = rest.iter().take_while(|glyph| glyph.is_mark(texts)).count();
        let is_known = |mark: &Glyph| {
            let mut known = rest.iter().take(known);
            known.any(|glyph| glyph.value == mark.value)
        };
        let new: Vec<Glyph> = marks
            .glyphs
            .into_iter()
            .filter(|mark| !mark.value.is_space() && !is_known(mark))
            .collect();
        let place = letter + 1 + known;
        segment.glyphs.splice(place..place, new);
        None
    }

    /// Takes another row of the same baseline in, at the end.
    pub(crate) fn absorb(&mut self, other: Self) {
        for segment in other.segments {
            self.insert(usize::MAX, segment);
        }
    }

    /// Puts what was absorbed in its place.
    pub(crate) fn sort(&mut self) {
        self.segments.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
}

impl From<Segment> for Row {
    fn from(segment: Segment) -> Self {
        Self {
            x0: segment.x0,
            x1: segment.x1,
            y: segment.y,
            size: segment.size,
            segments: vec![segment],
        }
    }
}
