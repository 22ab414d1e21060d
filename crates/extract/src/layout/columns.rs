//! Two columns of prose, or two pages on one sheet, whose lines were written across both.

use super::line::{Row, Segment};

/// Fewer rows than this on either side are a table or a list of parties.
const FEWEST: usize = 10;

/// Reads columns one after the other where rows were written across the gutter between them; leaves
/// everything else as it is.
pub(super) fn split(rows: Vec<Row>) -> Vec<Row> {
    let Some(gutter) = gutter(&rows) else {
        return rows;
    };
    let mut out: Vec<Row> = Vec::with_capacity(rows.len() + rows.len() / 2);
    let mut right: Vec<Row> = Vec::new();
    for row in rows {
        if row.segments.iter().any(|segment| crosses(segment, gutter)) {
            // A heading over both columns ends them.
            out.append(&mut right);
            out.push(row);
            continue;
        }
        let (left_part, right_part): (Vec<Segment>, Vec<Segment>) = row
            .segments
            .into_iter()
            .partition(|segment| segment.x1 <= gutter);
        out.extend(rebuilt(left_part));
        right.extend(rebuilt(right_part));
    }
    out.append(&mut right);
    out
}

fn rebuilt(segments: Vec<Segment>) -> Option<Row> {
    let mut segments = segments.into_iter();
    let mut row = Row::from(segments.next()?);
    for segment in segments {
        let end = row.segments.len();
        row.insert(end, segment);
    }
    Some(row)
}

fn crosses(segment: &Segment, gutter: f32) -> bool {
    segment.x0 < gutter - 1.0 && segment.x1 > gutter + 1.0
}

/// The gutter between two columns of prose that rows were written across: a gap near the middle,
/// in the same place in most rows, with lines of about the column's width on both sides.
fn gutter(rows: &[Row]) -> Option<f32> {
    let (left, right) = rows.iter().fold((f32::MAX, f32::MIN), |(x0, x1), row| {
        (x0.min(row.x0), x1.max(row.x1))
    });
    let width = right - left;
    if rows.len() < FEWEST || width < 100.0 {
        return None;
    }
    let gaps: Vec<(f32, f32)> = rows
        .iter()
        .filter_map(|row| middle_gap(row, left, width))
        .collect();
    if gaps.len() < FEWEST || gaps.len() * 10 < rows.len() * 5 {
        return None;
    }
    // The middle of what nearly all gaps have in common.
    let mut starts: Vec<f32> = gaps.iter().map(|gap| gap.0).collect();
    let mut ends: Vec<f32> = gaps.iter().map(|gap| gap.1).collect();
    starts.sort_by(f32::total_cmp);
    ends.sort_by(f32::total_cmp);
    let from = *starts.get(starts.len() * 95 / 100)?;
    let to = *ends.get(ends.len() * 5 / 100)?;
    // Columns are broad and the gutter is not; in a table it is often the other way round.
    let broad = (from - left).min(right - to) >= 0.3 * width && to - from <= 0.2 * width;
    if to - from < 6.0 || !broad {
        return None;
    }
    let gutter = f32::midpoint(from, to);
    // Lines of prose fill their column; cells of a table do not.
    let left_full = gaps
        .iter()
        .filter(|gap| gap.0 - left >= 0.8 * (from - left));
    let right_full = rows
        .iter()
        .filter(|row| middle_gap(row, left, width).is_some())
        .filter(|row| row.x1 - to >= 0.8 * (right - to));
    let enough = gaps.len() * 6 / 10;
    (left_full.count() >= enough && right_full.count() >= enough).then_some(gutter)
}

/// The gap of a row that lies over the middle of the text: its two ends.
fn middle_gap(row: &Row, left: f32, width: f32) -> Option<(f32, f32)> {
    let wide = row.size;
    row.segments.windows(2).find_map(|pair| match pair {
        [a, b] if b.x0 - a.x1 > wide => {
            let middle = (f32::midpoint(a.x1, b.x0) - left) / width;
            (0.38..=0.62).contains(&middle).then_some((a.x1, b.x0))
        }
        _ => None,
    })
}
