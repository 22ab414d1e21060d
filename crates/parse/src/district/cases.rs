//! Searches for cases, and the case page.

use nirnay_model::{Case, CasePortal};

use super::answer::{self, Told};
use crate::body::unknown;
use crate::flat::{tables, words};
use crate::found::{CasesFound, EstablishmentCount, FoundTotals};
use crate::{Refusal, Reply, case_page as page, text};

/// Reads what a search by number or party found.
pub fn cases(body: &[u8]) -> Reply<Told<CasesFound>> {
    answer::html(body, &["case_data", "party_data", "fir_data", "act_data"])
        .and_then(|told| {
            Ok(Told {
                value: table(&told.value)?,
                token: told.token,
            })
        })
        .into()
}

/// Reads a table of cases.
pub(super) fn table(html: &str) -> Result<CasesFound, Refusal> {
    let html = crate::flat::without_scripts(html);
    let tables = tables(&html).map_err(unknown)?;
    let Some(table) = tables.iter().find(|table| page::has_cases(table)) else {
        return Err(answer::none(&html, "table of cases"));
    };
    let mut found = CasesFound {
        cases: Vec::new(),
        totals: FoundTotals {
            total: total(&html),
            ..FoundTotals::default()
        },
    };
    let cases = &mut found.cases;
    page::case_rows(table, CasePortal::District, |case| cases.push(case)).map_err(unknown)?;
    count(&mut found);
    found.totals.check().map_err(unknown)?;
    Ok(found)
}

/// Rows by establishment, in the order of the table.
fn count(found: &mut CasesFound) {
    let totals = &mut found.totals;
    for case in &found.cases {
        totals.rows += 1;
        match totals.establishments.last_mut() {
            Some(last) if last.name == case.court_name => last.rows += 1,
            _ => totals.establishments.push(EstablishmentCount {
                code: case.court_code.clone(),
                name: case.court_name.clone(),
                rows: 1,
            }),
        }
    }
}

/// `Total number of cases : 3`, in whatever case and markup.
fn total(html: &str) -> Option<u64> {
    const LABEL: &str = "total number of cases";
    let at = html.to_ascii_lowercase().find(LABEL)?;
    let behind = words(text::head(html.get(at + LABEL.len()..)?, 200));
    let digits: String = behind
        .trim_start_matches([' ', ':'])
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Reads the page of one case: of a search by CNR, or of a case's own link.
pub fn case_page(body: &[u8]) -> Reply<Told<Case>> {
    answer::html(body, &["casetype_list", "historytable", "data_list"])
        .and_then(|told| {
            if !page::is_one(&told.value) {
                return Err(answer::none(&told.value, "case page"));
            }
            let case = page::read(&told.value, CasePortal::District).map_err(unknown)?;
            Ok(Told {
                value: case,
                token: told.token,
            })
        })
        .into()
}
