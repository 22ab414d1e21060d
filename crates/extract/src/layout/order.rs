//! The order in which rows are read.

use super::columns;
use super::line::Row;

/// Rows in reading order: as they were written, or by position where they were written in none.
pub(super) fn reading_order(rows: Vec<Row>) -> Vec<Row> {
    let rows = if is_chaotic(&rows) {
        by_position(rows)
    } else {
        rows
    };
    columns::split(rows)
}

/// Whether so many rows stand above the row before them that the stream is in no order. A page of
/// columns or of table cells goes up once for each, a page of notes once or twice.
fn is_chaotic(rows: &[Row]) -> bool {
    let ups = rows
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if b.y < a.y - 0.8 * a.size.max(b.size)))
        .count();
    rows.len() >= 8 && ups * 3 > rows.len()
}

/// Top to bottom, rows of one baseline together.
fn by_position(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    let mut merged: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        match merged.last_mut() {
            Some(last) if (last.y - row.y).abs() <= 0.3 * last.size.min(row.size) => {
                last.absorb(row);
            }
            _ => merged.push(row),
        }
    }
    for row in &mut merged {
        row.sort();
    }
    merged
}
