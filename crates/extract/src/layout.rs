//! Placed glyphs to lines of text in reading order.
//!
//! Producers of judgments write their content streams in reading order, so that order is kept, and
//! geometry is asked only where it clearly says something else: glyphs on one baseline are one line,
//! a page written in no order at all is read by position, two columns of prose are read one after the
//! other.

mod cells;
mod columns;
mod glyph;
mod hyphen;
mod line;
mod order;
mod segment;
mod spaced;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use glyph::{Glyph, Texts, Value, Way};
pub(crate) use hyphen::join_soft_hyphens;
pub(crate) use line::Placement;
pub(crate) use text::{Line, PageLayout};

use line::Row;

/// What layout needs to know of a page besides its glyphs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'t> {
    /// Width and height in points, upright.
    pub(crate) size: (f32, f32),
    /// What values stand for.
    pub(crate) texts: &'t Texts,
}

/// Reads a page.
pub(crate) fn read(glyphs: &[Glyph], sheet: Sheet<'_>) -> PageLayout {
    let ways = [Way::Right, Way::Down, Way::Left, Way::Up];
    let count = |way: Way| glyphs.iter().filter(|glyph| glyph.way == way).count();
    // The way most glyphs run is upright for the reader: landscape tables are set sideways.
    let main = ways
        .into_iter()
        .max_by_key(|way| (count(*way), *way == Way::Right))
        .unwrap_or(Way::Right);
    let mut layout = PageLayout::default();
    for way in [main]
        .into_iter()
        .chain(ways.into_iter().filter(|way| *way != main))
    {
        let turned: Vec<Glyph> = glyphs
            .iter()
            .filter(|glyph| glyph.way == way)
            .map(|glyph| glyph.turned(way, sheet.size))
            .collect();
        if turned.is_empty() {
            continue;
        }
        let rows = order::reading_order(segment::rows(&turned, sheet.texts));
        let placement = if way == main {
            Placement::Upright
        } else {
            Placement::Sideways
        };
        layout.add(&rows, placement, turned_size(way, sheet.size), sheet);
    }
    let askew: Vec<Glyph> = glyphs
        .iter()
        .filter(|glyph| glyph.way == Way::Askew)
        .copied()
        .collect();
    if !askew.is_empty() {
        layout.add(&askew_rows(askew), Placement::Askew, sheet.size, sheet);
    }
    layout
}

fn turned_size(way: Way, (width, height): (f32, f32)) -> (f32, f32) {
    match way {
        Way::Down | Way::Up => (height, width),
        _ => (width, height),
    }
}

/// Text askew has no lines that are worth finding: one row for all of it, glyph after glyph.
fn askew_rows(mut glyphs: Vec<Glyph>) -> Vec<Row> {
    let mut x = 0.0;
    for glyph in &mut glyphs {
        (glyph.x, glyph.y) = (x, 0.0);
        x += glyph.width;
    }
    vec![Row::of(glyphs)]
}
