//! Rows to lines of text.

use super::line::{Placement, Row};
use super::{Sheet, spaced};

/// A line of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// The parts of the text by font: where each begins, and the font's number in the document.
    pub(crate) faces: Vec<(u16, usize)>,
    /// Its ends and its baseline, as shares of the page's width and height.
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) down: f32,
    /// The size of its type in points.
    pub(crate) size: f32,
    pub(crate) placement: Placement,
    /// Marked by the producer as a running head, a foot or a watermark.
    pub(crate) pagination: bool,
    /// Whether more room than usual is left above it: a paragraph begins.
    pub(crate) after_gap: bool,
}

/// The lines of a page in reading order.
#[derive(Debug, Default)]
pub(crate) struct PageLayout {
    pub(crate) lines: Vec<Line>,
}

impl PageLayout {
    pub(super) fn add(
        &mut self,
        rows: &[Row],
        placement: Placement,
        size: (f32, f32),
        sheet: Sheet<'_>,
    ) {
        for (at, row) in rows.iter().enumerate() {
            let after_gap = begins_paragraph(rows, at);
            let line = Line {
                left: row.x0 / size.0.max(1.0),
                right: row.x1 / size.0.max(1.0),
                down: row.y / size.1.max(1.0),
                size: row.size,
                placement,
                pagination: row
                    .segments
                    .iter()
                    .all(|segment| segment.glyphs.iter().all(|glyph| glyph.pagination)),
                after_gap,
                ..written(row, sheet)
            };
            if !line.text.is_empty() {
                self.lines.push(line);
            }
        }
    }
}

fn written(row: &Row, sheet: Sheet<'_>) -> Line {
    let mut line = Line::default();
    for word in spaced::words(row, sheet.texts) {
        if !line.text.is_empty() {
            line.text.push(' ');
        }
        let start = line.text.len();
        line.text.push_str(&word.text);
        for (face, at) in word.faces {
            if line.faces.last().is_none_or(|(known, _)| *known != face) {
                line.faces.push((face, start + at));
            }
        }
    }
    line
}

/// Whether more room is left above a row than between the rows next to it. Text in double spacing has
/// room everywhere, and quotations in it have less.
fn begins_paragraph(rows: &[Row], at: usize) -> bool {
    let pitch = |at: usize| {
        let above = at.checked_sub(1).and_then(|above| rows.get(above))?;
        Some(rows.get(at)?.y - above.y)
    };
    let (Some(here), Some(size)) = (pitch(at), rows.get(at).map(|row| row.size)) else {
        return false;
    };
    let near = [at.checked_sub(1).and_then(pitch), pitch(at + 1)];
    let usual = near
        .into_iter()
        .flatten()
        .filter(|pitch| *pitch > 0.5 * size)
        .fold(f32::MAX, f32::min);
    // Upwards is the next column.
    here < -2.0 * size || here > (1.25 * usual).max(1.2 * size)
}
