//! The older interface on the same host (`/ecourtindiaHC/`): records parted by `##`, fields by `~`.

use nirnay_model::{
    Case, CasePortal, CauseList, Order, OrderLink, Party, PrintedCaseNumber, PrintedDate, Side,
};
use serde::Serialize;

use super::plain;
use crate::body::unknown;
use crate::case_page::{printed, value};
use crate::flat::{lines, tables, words};
use crate::{Refusal, Reply, page, text, versus};

/// No reply has more records.
const MOST: usize = 500_000;

/// Reads a list of cases: `KEY~TYPE/NO/YEAR~A\nVersus\nB~CNR~COURT~…~BENCH~TOKEN##`.
pub fn older_cases(body: &[u8]) -> Reply<Vec<Case>> {
    records(body, "##", older_case).into()
}

/// Reads a list of orders of a day: `TYPE/NO/YEAR~DD-MM-YYYY~FILENAME~KIND~COURT~…~CNR~…##`; each with the CNR of
/// its case.
pub fn older_orders(body: &[u8]) -> Reply<Vec<Case>> {
    records(body, "##", older_order).into()
}

/// Reads the published cause lists of a day: `SERIAL~BENCH~KIND~DD-MM-YYYY~FILENAME~…^#`.
pub fn older_cause_lists(body: &[u8]) -> Reply<Vec<CauseList>> {
    records(body, "^#", older_cause_list).into()
}

fn records<T>(
    body: &[u8],
    end: &str,
    read: impl Fn(&[&str]) -> Option<T>,
) -> Result<Vec<T>, Refusal> {
    let text = plain::text_of(body)?;
    if text.starts_with('<') {
        return Err(page::classify(&text)
            .map_or_else(|said| said, |body| body.unexpected("a list of records")));
    }
    if text.starts_with('{') || !text.contains('~') {
        return Err(plain::refusal(&text));
    }
    let mut out = Vec::new();
    for (at, record) in text.split(end).enumerate() {
        if record.trim_matches(['#', '^', ' ', '\n', '\r']).is_empty() {
            continue;
        }
        // `^^@470` at the end: their number.
        if let Some(number) = record.trim().trim_start_matches('^').strip_prefix('@') {
            if number.parse() != Ok(out.len()) {
                let rows = out.len();
                return Err(unknown(format!("{number} records are told, {rows} came")));
            }
            continue;
        }
        if out.len() == MOST {
            return Err(unknown(format!("more than {MOST} records")));
        }
        let fields: Vec<&str> = record.split('~').take(64).collect();
        out.push(read(&fields).ok_or_else(|| {
            unknown(format!("record {at} is none: {:?}", text::clip(record, 80)))
        })?);
    }
    Ok(out)
}

fn older_case(fields: &[&str]) -> Option<Case> {
    let [key, number, title, cnr, court, rest @ ..] = fields else {
        return None;
    };
    let mut case = Case::new(CasePortal::HcServices);
    case.portal_key = value(key);
    case.number = Some(PrintedCaseNumber::read(&words(number))?);
    case.case_type = number.split('/').next().and_then(value);
    case.set_cnr(cnr);
    case.court_code = value(court);
    // `…~BENCH~TOKEN` at the end.
    case.court_name = rest
        .len()
        .checked_sub(2)
        .and_then(|at| rest.get(at))
        .and_then(|name| value(&words(name)));
    let (first, second) = versus_lines(title);
    let party = |side, name: String| (!name.is_empty()).then(|| Party::new(side, name));
    case.parties = party(Side::Petitioner, first)
        .into_iter()
        .chain(party(Side::Respondent, second))
        .collect();
    case.title = value(&words(title));
    Some(case)
}

/// The sides, parted by a line `Versus`.
fn versus_lines(title: &str) -> (String, String) {
    let title = title.replace('\n', "<br>");
    let lines = lines(&title);
    match lines
        .iter()
        .position(|line| line.eq_ignore_ascii_case("versus"))
    {
        Some(at) => {
            let join =
                |lines: Option<&[String]>| lines.map(|lines| lines.join(" ")).unwrap_or_default();
            (join(lines.get(..at)), join(lines.get(at + 1..)))
        }
        None => (lines.join(" "), String::new()),
    }
}

fn older_order(fields: &[&str]) -> Option<Case> {
    let [number, date, filename, kind, ..] = fields else {
        return None;
    };
    let mut case = Case::new(CasePortal::HcServices);
    case.number = Some(PrintedCaseNumber::read(&words(number))?);
    case.case_type = number.split('/').next().and_then(value);
    let cnr = fields
        .iter()
        .skip(4)
        .find(|field| field.parse::<nirnay_model::Cnr>().is_ok());
    case.set_cnr(cnr.copied().unwrap_or(""));
    case.orders.push(Order {
        number: None,
        on: value(number),
        date: printed(date),
        kind: value(&words(kind)),
        judge: None,
        neutral_citation_printed: None,
        neutral_citation: None,
        language: None,
        link: value(filename).map(OrderLink::Token),
    });
    Some(case)
}

fn older_cause_list(fields: &[&str]) -> Option<CauseList> {
    let [serial, bench, kind, date, filename, ..] = fields else {
        return None;
    };
    Some(CauseList {
        serial: Some(serial.trim().parse().ok()?),
        bench: words(bench),
        list_type: words(kind),
        listed: printed(date),
        link: value(filename),
    })
}

/// The business of one day in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DailyStatus {
    /// The court or bench.
    pub court: Option<String>,
    /// In the court of whom, as printed.
    pub judge: Option<String>,
    /// The case number as printed.
    pub case_number: Option<String>,
    /// The parties.
    pub parties: Vec<Party>,
    /// The day.
    pub date: Option<PrintedDate>,
    /// What was done.
    pub business: Option<String>,
    /// The order in a few words.
    pub short_order: Option<String>,
    /// What the case was put off for.
    pub next_purpose: Option<String>,
    /// The day it was put off to.
    pub next_hearing: Option<PrintedDate>,
}

/// Reads the page `Daily Status`.
pub fn daily_status(body: &[u8]) -> Reply<DailyStatus> {
    daily(body).into()
}

fn daily(body: &[u8]) -> Result<DailyStatus, Refusal> {
    let page = plain::text_of(body)?;
    if !page.contains("Daily Status") {
        return Err(plain::refusal(&text::plain(&page, 4096)));
    }
    let page = crate::flat::without_scripts(&page);
    let lines = lines(&page);
    let behind = |label: &str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(label))?;
        value(line.trim_start_matches([':', ' ']))
    };
    let rows = tables(&page).map_err(unknown)?;
    let cell = |label: &str| {
        let rows = rows.iter().flat_map(|table| &table.rows);
        let mut rows = rows.filter(|row| {
            row.text(0)
                .is_some_and(|text| text.eq_ignore_ascii_case(label))
        });
        rows.next().and_then(|row| value(&row.text(2)?))
    };
    let title = lines.iter().position(|line| line == "Daily Status");
    let court = title
        .and_then(|at| lines.get(at + 1))
        .and_then(|line| value(line));
    Ok(DailyStatus {
        court,
        judge: behind("In The Court Of"),
        case_number: behind("Case Number"),
        parties: between(&lines),
        date: behind("Date").and_then(|text| printed(&text)),
        // A comma stands where nothing is written.
        business: cell("Business").filter(|text| text != ","),
        short_order: cell("Short Order"),
        next_purpose: cell("Next Purpose"),
        next_hearing: cell("Next Hearing Date").and_then(|text| printed(&text)),
    })
}

/// The sides of the line behind the case number: `A Versus B`.
fn between(lines: &[String]) -> Vec<Party> {
    let number = lines
        .iter()
        .position(|line| line.starts_with("Case Number"));
    let title = number.and_then(|at| lines.get(at + 1));
    let sides = title.map(|title| versus::split(title)).unwrap_or_default();
    let party = |side, name: Option<String>| name.map(|name| Party::new(side, name));
    let first = party(Side::Petitioner, sides.first);
    let second = party(Side::Respondent, sides.second);
    first.into_iter().chain(second).collect()
}
