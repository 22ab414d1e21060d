//! Which lines belong to the cells of a table.
//!
//! A table is written cell by cell, each from its first line to its last, and the next cell begins on
//! the height of the first again. Its lines would go on with those of the cell before it where the
//! gap between them is narrow; but lines that follow each other down one edge are a text of their own.

use super::line::Segment;

/// Lines of cells are wider than this many em: lists of numbers and bullets are set down one edge too,
/// and belong to the lines beside them.
const WIDE: f32 = 4.0;
/// How far the edges of two lines of a cell may differ, in em.
const EDGE: f32 = 0.5;
/// How far below the line before it the next may stand, in em.
const PITCH: std::ops::RangeInclusive<f32> = 0.8..=3.0;

/// A stretch of segments that follow each other on one baseline.
struct Stretch {
    /// How many segments it has.
    length: usize,
    x0: f32,
    x1: f32,
    y: f32,
    size: f32,
}

/// For each segment, in the order of the stream, whether it is of a line that goes on from the one
/// before it, or on to the next, down an edge that they share.
pub(super) fn lines_of_cells(segments: &[Segment]) -> Vec<bool> {
    let stretches = stretches(segments);
    let mut in_cell = Vec::with_capacity(segments.len());
    for (at, stretch) in stretches.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| stretches.get(before));
        let joined = before.is_some_and(|before| before.goes_on_to(stretch))
            || stretches
                .get(at + 1)
                .is_some_and(|next| stretch.goes_on_to(next));
        in_cell.extend(std::iter::repeat_n(joined, stretch.length));
    }
    in_cell
}

fn stretches(segments: &[Segment]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for segment in segments {
        match stretches.last_mut() {
            Some(last) if last.takes(segment) => {
                last.length += 1;
                last.x1 = last.x1.max(segment.x1);
                last.size = last.size.max(segment.size);
            }
            _ => stretches.push(Stretch {
                length: 1,
                x0: segment.x0,
                x1: segment.x1,
                y: segment.y,
                size: segment.size,
            }),
        }
    }
    stretches
}

impl Stretch {
    /// Whether the segment goes on to the right of it.
    fn takes(&self, segment: &Segment) -> bool {
        (self.y - segment.y).abs() <= 0.22 * self.size.min(segment.size)
            && segment.x0 >= self.x1 - 0.3 * self.size
    }

    fn goes_on_to(&self, next: &Self) -> bool {
        let size = self.size.max(next.size);
        let alike = (self.size - next.size).abs() <= 0.2 * size;
        let wide = (self.x1 - self.x0).max(next.x1 - next.x0) > WIDE * size;
        let slack = EDGE * size;
        let edge = (self.x0 - next.x0).abs() <= slack
            || (self.x0 + self.x1 - next.x0 - next.x1).abs() <= 2.0 * slack;
        alike && wide && edge && PITCH.contains(&((next.y - self.y) / size.max(0.1)))
    }
}
