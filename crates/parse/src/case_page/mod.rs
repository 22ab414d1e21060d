//! The page of one case, as High Court Services and the District Courts show it: in tables, in spans, or in
//! both, with nothing closed in order.

mod columns;
mod history;
mod labels;
mod orders;
mod others;
mod parties;
mod rows;

use nirnay_model::{Case, CasePortal, PrintedDate, Side};

pub(crate) use columns::{Columns, columns};
pub(crate) use orders::{has_orders, orders};
pub(crate) use rows::{case_rows, has_cases, sides};

use crate::{date, flat};

/// Whether a page has the marks of a case page.
pub(crate) fn is_one(html: &str) -> bool {
    let lower = html.to_ascii_lowercase();
    lower.contains("case_details_table")
}

/// Reads a page; an error says why it is none.
pub(crate) fn read(html: &str, portal: CasePortal) -> Result<Case, String> {
    let html = flat::without_scripts(html);
    let mut case = Case::new(portal);
    let sections = flat::sections(&html);
    labels::read(&sections, &mut case);
    for (class, side) in [
        ("Petitioner_Advocate_table", Side::Petitioner),
        ("Respondent_Advocate_table", Side::Respondent),
    ] {
        for list in flat::elements(&html, class) {
            case.parties.extend(parties::read(list, side));
        }
    }
    let tables = flat::tables(&html)?;
    for table in &tables {
        take_table(table, &mut case);
    }
    others::subordinate(&html, &mut case);
    let said = case.cnr_printed.is_some()
        || case.registration_number.is_some()
        || case.filing_number.is_some();
    if said {
        Ok(case)
    } else {
        Err("the case page names no CNR, filing or registration number".to_owned())
    }
}

fn take_table(table: &flat::Table<'_>, case: &mut Case) {
    let is = |class| table.is(class);
    if is("case_details_table") || is("case_status_table") || is("Lower_court_table") {
        return;
    }
    if is("Petitioner_Advocate_table") || is("Respondent_Advocate_table") {
        return;
    }
    if is("history_table") {
        case.hearings.extend(history::read(table));
    } else if is("acts_table") || table.id == "act_table" {
        case.acts.extend(others::acts(table));
    } else if is("IAheading") {
        case.applications.extend(others::applications(table));
    } else if has_orders(table) {
        case.orders.extend(orders(table));
    } else if !labels::is_section(&table.heading) {
        others::take(others::rows(table), case);
    }
}

/// A date as printed; nothing where the page has a placeholder.
pub(crate) fn printed(text: &str) -> Option<PrintedDate> {
    let text = text.trim();
    (!is_blank(text)).then(|| PrintedDate {
        printed: text.to_owned(),
        date: date::any(text),
    })
}

/// Whether a value stands for "nothing": blank, or only dashes, or the word that the portals' database prints.
pub(crate) fn is_blank(text: &str) -> bool {
    let text = text.trim();
    text == "None" || text.chars().all(|c| c == '-')
}

/// A value, unless it stands for nothing.
pub(crate) fn value(text: &str) -> Option<String> {
    let text = text.trim();
    (!is_blank(text)).then(|| text.to_owned())
}
