//! Glyphs in stream order to rows in stream order.

use std::collections::HashMap;

use super::line::{Row, Segment};
use super::{Glyph, Texts, cells};

/// A gap of more em than this parts segments; their row may still be the same.
const SEGMENT_GAP: f32 = 1.2;
/// How far a mark may stand off the baseline of its letter, in em.
const MARK_OFFSET: f32 = 0.35;
/// Marks on one letter.
const MOST_MARKS: usize = 4;
/// Glyphs closer than this many em with the same value are one glyph drawn twice.
const SAME_PLACE: f32 = 0.15;
/// A segment that comes later joins an earlier row only when it is this close to what is there: the
/// next cell of a table is further off.
const LATE_GAP: f32 = 0.45;
/// The height of the bands that rows are found by; half of the smallest usual type.
const BAND: f32 = 4.0;
/// Rows of a band that are looked at: pages of dots and rules have thousands.
const LOOKED_AT: usize = 8;
/// So many glyphs in a row that are there already are the text again; fewer are chance.
const FEWEST_DOUBLES: usize = 4;
/// Glyphs of a row that new ones are compared with.
const MOST_COMPARED: usize = 500;
/// And of all rows of a page together: a full page needs a hundredth. Beyond it nothing is drawn twice.
const MOST_OF_PAGE: usize = 20_000_000;

/// The rows of a page, each where its first segment stands in the stream.
pub(super) fn rows(glyphs: &[Glyph], texts: &Texts) -> Vec<Row> {
    let segments = segments(glyphs, texts);
    let in_cell = cells::lines_of_cells(&segments);
    let mut rows = Rows::default();
    for (segment, in_cell) in segments.into_iter().zip(in_cell) {
        rows.add(segment, in_cell, texts);
    }
    rows.list
}

/// The segments of a page in the order of the stream.
fn segments(glyphs: &[Glyph], texts: &Texts) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut run: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        if run
            .last()
            .is_some_and(|last| !follows(&run, last, glyph, texts))
        {
            segments.extend(Segment::of(std::mem::take(&mut run)));
        }
        if !is_double(&run, glyph) {
            run.push(*glyph);
        }
    }
    segments.extend(Segment::of(run));
    segments
}

/// Whether a glyph goes on with the segment.
fn follows(run: &[Glyph], last: &Glyph, next: &Glyph, texts: &Texts) -> bool {
    let size = last.size.max(next.size);
    let marks = (last.is_mark(texts), next.is_mark(texts));
    let mut marked = run.iter().rev().take(1 + MOST_MARKS);
    let letter = marked.find(|glyph| !marks.0 || !glyph.is_mark(texts));
    // Vowel signs below and above are set off the baseline, and the letter after them is on it again.
    let (known, slack) = match letter {
        Some(letter) if !marks.1 => (letter, 0.08),
        Some(letter) => (letter, MARK_OFFSET),
        None => (last, MARK_OFFSET),
    };
    let level = (known.y - next.y).abs() <= slack * size && last.invisible == next.invisible;
    let end = (last.x + last.width).max(known.x + known.width);
    // Marks are set back over the letter that they belong to, or before it; so are the doubles of
    // fake bold.
    let back = if marks.1 {
        (known.width + next.width + 0.5 * size).max(1.5 * size)
    } else if marks.0 || is_double(run, next) {
        1.5 * size
    } else {
        0.4 * size
    };
    level && (-back..=SEGMENT_GAP * size).contains(&(next.x - end))
}

/// Whether the glyph has just been drawn there: fake bold draws each twice.
fn is_double(run: &[Glyph], glyph: &Glyph) -> bool {
    !glyph.value.is_space()
        && run
            .iter()
            .rev()
            .take(3)
            .any(|known| same_place(known, glyph))
}

fn same_place(known: &Glyph, glyph: &Glyph) -> bool {
    let slack = SAME_PLACE * glyph.size;
    known.value == glyph.value
        && (known.x - glyph.x).abs() < slack
        && (known.y - glyph.y).abs() < slack
        && (known.size - glyph.size).abs() < slack
}

#[derive(Default)]
struct Rows {
    list: Vec<Row>,
    /// Rows by the band of their baseline, the latest last.
    bands: HashMap<i32, Vec<usize>>,
    /// Glyphs that new ones have been compared with.
    compared: usize,
}

impl Rows {
    fn add(&mut self, segment: Segment, in_cell: bool, texts: &Texts) {
        let Some(segment) = self.put_on_letters(segment, texts) else {
            return;
        };
        let Some(segment) = self.put_in_last(segment) else {
            return;
        };
        let Some(segment) = self.put_in_earlier(segment, in_cell) else {
            return;
        };
        self.bands
            .entry(band(segment.y))
            .or_default()
            .push(self.list.len());
        self.list.push(Row::from(segment));
    }

    /// Sets marks that were drawn by themselves, after their line or a part of it, behind the
    /// letters that they stand over or under.
    fn put_on_letters(&mut self, segment: Segment, texts: &Texts) -> Option<Segment> {
        let is_set_over = |glyph: &Glyph| {
            glyph.value.is_space() || (glyph.is_mark(texts) && glyph.width <= 0.1 * glyph.size)
        };
        if segment.glyphs.len() > MOST_MARKS || !segment.glyphs.iter().all(is_set_over) {
            return Some(segment);
        }
        let middle = band(segment.y);
        let near = (middle - 2..=middle + 2)
            .filter_map(|at| self.bands.get(&at))
            .flat_map(|rows| rows.iter().rev().take(LOOKED_AT));
        // The nearest baseline: in close lines a mark may be in reach of two.
        let index = near
            .copied()
            .filter_map(|index| Some((index, self.list.get(index)?)))
            .filter(|(_, row)| row.x0 < segment.x0 && segment.x0 <= row.x1 + 0.1 * row.size)
            .map(|(index, row)| (index, (row.y - segment.y).abs() / row.size.max(0.1)))
            .filter(|(_, off)| *off <= MARK_OFFSET)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(index, _)| index);
        let Some(row) = index.and_then(|index| self.list.get_mut(index)) else {
            return Some(segment);
        };
        row.add_marks(segment, texts)
    }

    /// Puts the segment into the row just being written, or gives it back.
    fn put_in_last(&mut self, segment: Segment) -> Option<Segment> {
        let index = self.list.len().saturating_sub(1);
        let Some(last) = self.list.last_mut() else {
            return Some(segment);
        };
        if !is_level(last, &segment) && !is_script(last, &segment) {
            return Some(segment);
        }
        // A shadow is drawn piece by piece, and its pieces run into the text that comes next.
        let segment = without_doubles(last, segment, &mut self.compared)?;
        let Some(at) = last.room_for(&segment) else {
            return Some(segment);
        };
        let before = band(last.y);
        last.insert(at, segment);
        let after = band(last.y);
        if after != before {
            self.bands.entry(after).or_default().push(index);
        }
        None
    }

    /// Puts the segment into a row written earlier, if it is clearly a part of it that was left
    /// out (a word in another font, a raised ordinal), or drops what was drawn there before. A line of
    /// a cell is none of that, however close to the cell beside it.
    fn put_in_earlier(&mut self, segment: Segment, in_cell: bool) -> Option<Segment> {
        let middle = band(segment.y);
        let mut segment = segment;
        for index in (middle - 2..=middle + 2)
            .filter_map(|at| self.bands.get(&at))
            .flat_map(|rows| rows.iter().rev().take(LOOKED_AT))
            .copied()
            .collect::<Vec<_>>()
        {
            let Some(row) = self.list.get_mut(index) else {
                continue;
            };
            let level = is_level(row, &segment);
            if level {
                segment = without_doubles(row, segment, &mut self.compared)?;
            }
            if !in_cell
                && (level || is_script(row, &segment))
                && let Some(at) = row.room_for(&segment)
                && row.distance(at, &segment) <= LATE_GAP * row.size.min(segment.size)
            {
                row.insert(at, segment);
                return None;
            }
        }
        Some(segment)
    }
}

fn band(y: f32) -> i32 {
    // Saturates at the ends of the range.
    (y / BAND).floor() as i32
}

fn is_level(row: &Row, segment: &Segment) -> bool {
    (row.y - segment.y).abs() <= 0.22 * row.size.min(segment.size)
}

/// Whether the segment is raised or lowered small type next to the row, or the row is that so far
/// and the segment goes on with the line.
fn is_script(row: &Row, segment: &Segment) -> bool {
    let (small, large) = if segment.size < row.size {
        (segment.size, row.size)
    } else {
        (row.size, segment.size)
    };
    // How far the small type stands above the baseline of the large.
    let raised = if segment.size < row.size {
        row.y - segment.y
    } else {
        segment.y - row.y
    };
    let gap = (segment.x0 - row.x1).max(row.x0 - segment.x1);
    small <= 0.87 * large
        && (-0.35 * large..=0.75 * large).contains(&raised)
        && gap <= 0.5 * large
        && (segment.size < row.size || row.x1 - row.x0 <= 3.0 * large)
}

/// The segment without the glyphs that the row has in the same place; none if that is all of it.
fn without_doubles(row: &Row, segment: Segment, compared: &mut usize) -> Option<Segment> {
    if segment.x0 >= row.x1 || segment.x1 <= row.x0 || *compared > MOST_OF_PAGE {
        return Some(segment);
    }
    let mut known: Vec<&Glyph> = row
        .segments
        .iter()
        .filter(|other| other.x0 < segment.x1 && segment.x0 < other.x1)
        .flat_map(|other| &other.glyphs)
        .take(MOST_COMPARED)
        .collect();
    *compared += known.len();
    known.sort_by(|a, b| a.x.total_cmp(&b.x));
    let is_known = |glyph: &Glyph| {
        let from = glyph.x - SAME_PLACE * glyph.size;
        known
            .iter()
            .skip(known.partition_point(|other| other.x < from))
            .take_while(|other| other.x < glyph.x + SAME_PLACE * glyph.size)
            .any(|other| same_place(other, glyph))
    };
    let left: Vec<Glyph> = segment
        .glyphs
        .iter()
        .filter(|glyph| !is_known(glyph))
        .copied()
        .collect();
    let (all, new) = (inked(&segment.glyphs), inked(&left));
    // A stray letter in common is chance; a run or most of them are the same text again.
    if new * 3 > all && longest_run(&segment.glyphs, is_known) < FEWEST_DOUBLES {
        return Some(segment);
    }
    if new == 0 { None } else { Segment::of(left) }
}

/// The most glyphs one after the other that are known, spaces apart.
fn longest_run(glyphs: &[Glyph], is_known: impl Fn(&Glyph) -> bool) -> usize {
    let (mut run, mut longest) = (0, 0);
    for glyph in glyphs.iter().filter(|glyph| !glyph.value.is_space()) {
        run = if is_known(glyph) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn inked(glyphs: &[Glyph]) -> usize {
    glyphs
        .iter()
        .filter(|glyph| !glyph.value.is_space())
        .count()
}
