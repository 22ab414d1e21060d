//! Cause lists: one row a case.

use nirnay_model::{Advocate, CasePortal, CauseListEntry, PrintedCaseNumber};

use super::answer::{self, Told};
use crate::body::unknown;
use crate::case_page::{Columns, columns, sides};
use crate::flat::{Row, Table, tables};
use crate::found::{CauseListFound, FoundTotals};
use crate::{Refusal, Reply, call};

const COLUMNS: [&[&str]; 7] = [
    &["sr no", "sr.no", "sr. no", "serial"],
    &["case number", "cases", "case"],
    &["petitioner", "party", "parties"],
    &["advocate"],
    &["court"],
    &["judge"],
    &["purpose"],
];

/// Reads the cause list of a court and day.
pub fn cause_list(body: &[u8]) -> Reply<Told<CauseListFound>> {
    // `case_data` as well: the page shows every list in the same place.
    answer::html(body, &["causelist_data", "cause_list_data", "case_data"])
        .and_then(|told| {
            Ok(Told {
                value: read(&told.value)?,
                token: told.token,
            })
        })
        .into()
}

fn read(html: &str) -> Result<CauseListFound, Refusal> {
    let html = crate::flat::without_scripts(html);
    let tables = tables(&html).map_err(unknown)?;
    let mut found = CauseListFound {
        entries: Vec::new(),
        totals: FoundTotals::default(),
    };
    let mut listed = false;
    for table in &tables {
        if let Some(columns) = columns(table, &COLUMNS, 3).filter(|found| found.place(1).is_some())
        {
            listed = true;
            entries(table, &columns, &mut found.entries);
        }
    }
    if !listed {
        return Err(answer::none(&html, "cause list"));
    }
    found.totals.rows = found.entries.len() as u64;
    found.totals.check().map_err(unknown)?;
    Ok(found)
}

fn entries(table: &Table<'_>, columns: &Columns, out: &mut Vec<CauseListEntry>) {
    let mut section: Option<String> = None;
    for row in table.rows.iter().skip(columns.header + 1) {
        let number = columns.text(row, 1);
        let alone = row
            .cells
            .iter()
            .filter(|cell| !cell.words().is_empty())
            .count()
            == 1;
        if let (true, Some(name)) = (
            alone,
            row.cells
                .iter()
                .map(crate::flat::Cell::words)
                .find(|words| !words.is_empty()),
        ) {
            section = Some(name);
        } else if let Some(number) = number {
            out.push(entry(row, columns, &number, section.clone()));
        }
    }
}

fn entry(
    row: &Row<'_>,
    columns: &Columns,
    number: &str,
    section: Option<String>,
) -> CauseListEntry {
    let mut entry = CauseListEntry::new(CasePortal::District);
    entry.serial = columns.text(row, 0).and_then(|text| text.parse().ok());
    // The link's word stands in front of the number in some lists.
    let number = number.trim().strip_prefix("View ").unwrap_or(number);
    entry.number = PrintedCaseNumber::read(number);
    entry.case_type = number.split('/').next().map(|part| part.trim().to_owned());
    if let Some(cell) = columns.place(2).and_then(|at| row.cell(at)) {
        entry.parties = sides(cell).0;
    }
    let advocates = columns.place(3).and_then(|at| row.cell(at));
    let lines = advocates.map(crate::flat::Cell::lines).unwrap_or_default();
    entry.advocates = lines.iter().flat_map(|line| Advocate::list(line)).collect();
    entry.court = columns.text(row, 4);
    entry.judge = columns.text(row, 5);
    entry.purpose = columns.text(row, 6);
    entry.section = section;
    let script = row
        .cells
        .iter()
        .find_map(|cell| cell.attribute("a", "onclick"));
    if let Some(Ok(arguments)) = script.and_then(|script| call::arguments(&script, "viewHistory")) {
        entry.portal_key = arguments.first().cloned();
        entry.cnr = arguments.get(1).and_then(|cnr| cnr.parse().ok());
    }
    entry
}
