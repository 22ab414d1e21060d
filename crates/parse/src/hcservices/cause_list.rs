//! Cause lists: a table of documents.

use nirnay_model::CauseList;

use super::plain;
use crate::body::unknown;
use crate::case_page::columns;
use crate::flat::tables;
use crate::{Refusal, Reply, page};

const COLUMNS: [&[&str]; 4] = [
    &["sr no", "sr.no"],
    &["bench"],
    &["cause list type"],
    &["view"],
];

/// Reads the published cause lists of a day.
pub fn cause_lists(body: &[u8]) -> Reply<Vec<CauseList>> {
    read(body).into()
}

fn read(body: &[u8]) -> Result<Vec<CauseList>, Refusal> {
    let text = plain::text_of(body)?;
    if text.starts_with('{') {
        // Only refusals come as JSON.
        return Err(super::page::case_page(body).into_result().map_or_else(
            |said| said,
            |_| unknown("a case page in place of cause lists"),
        ));
    }
    if !text.contains('<') {
        return Err(plain::refusal(&text));
    }
    let tables = tables(&text).map_err(unknown)?;
    let found = tables
        .iter()
        .find_map(|table| Some((table, columns(table, &COLUMNS, 3)?)));
    let Some((table, columns)) = found else {
        return Err(page::classify(&text)
            .map_or_else(|said| said, |body| body.unexpected("the cause lists")));
    };
    let rows = table
        .rows
        .iter()
        .skip(columns.header + 1)
        .filter(|row| !row.is_header());
    let mut out = Vec::new();
    for row in rows.filter(|row| row.cells.len() >= 3) {
        let link = row
            .cells
            .iter()
            .rev()
            .find_map(|cell| cell.attribute("a", "href"));
        out.push(CauseList {
            serial: columns.text(row, 0).and_then(|text| text.parse().ok()),
            bench: columns.text(row, 1).unwrap_or_default(),
            list_type: columns.text(row, 2).unwrap_or_default(),
            listed: None,
            link: link.filter(|link| !link.is_empty() && !link.starts_with('#')),
        });
    }
    Ok(out)
}
