//! The history of hearings.

use nirnay_model::Hearing;

use super::{columns, printed, value};
use crate::call;
use crate::flat::{Row, Table};

const COLUMNS: [&[&str]; 6] = [
    &["cause list type"],
    &["judge"],
    &["business on date"],
    &["hearing date"],
    &["purpose"],
    &["registration number"],
];

/// Reads one table of hearings.
pub(super) fn read(table: &Table<'_>) -> Vec<Hearing> {
    let found = columns(table, &COLUMNS, 3);
    let on_filing = table.heading.to_lowercase().contains("filing number");
    let first = found.as_ref().map_or(0, |columns| columns.header + 1);
    let rows = table.rows.iter().skip(first);
    rows.filter(|row| row.cells.len() >= 4 && !row.is_header())
        .map(|row| {
            let place = |column: usize| match &found {
                Some(columns) => columns.place(column),
                None => by_number(row, column),
            };
            hearing(row, place, on_filing)
        })
        .collect()
}

/// Where a column stands in a table without a header: four columns, or five with the type of list first.
fn by_number(row: &Row<'_>, column: usize) -> Option<usize> {
    let shift = row.cells.len().min(5).checked_sub(4)?;
    match column {
        0 => (shift == 1).then_some(0),
        1..=4 => Some(column - 1 + shift),
        _ => None,
    }
}

fn hearing(row: &Row<'_>, place: impl Fn(usize) -> Option<usize>, on_filing: bool) -> Hearing {
    let text = |column: usize| row.text(place(column)?).and_then(|text| value(&text));
    let script = place(2)
        .and_then(|at| row.cell(at))
        .and_then(|cell| cell.attribute("a", "onclick"));
    let business_call = script
        .and_then(|script| call::arguments(&script, "viewBusiness"))
        .and_then(Result::ok)
        .unwrap_or_default();
    Hearing {
        list_type: text(0),
        judge: text(1),
        business: text(2).and_then(|text| printed(&text)),
        hearing: text(3).and_then(|text| printed(&text)),
        purpose: text(4),
        registration_number: text(5),
        on_filing,
        business_call,
    }
}
