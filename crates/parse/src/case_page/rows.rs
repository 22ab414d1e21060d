//! Tables of cases: the rows of a search, whatever columns a portal gives them.

use nirnay_model::{Case, CasePortal, Party, PrintedCaseNumber, Side};

use super::{Columns, columns, printed, value};
use crate::flat::{Cell, Row, Table};
use crate::{call, versus};

const NUMBER: usize = 1;
const PARTIES: usize = 2;
const ADVOCATE: usize = 3;
const FILED: usize = 4;
const REGISTERED: usize = 5;
const STATUS: usize = 6;
const NEXT: usize = 7;

const COLUMNS: [&[&str]; 8] = [
    &["sr no", "sr.no", "sr. no"],
    &["case type/case number", "case number", "case"],
    &["petitioner", "parties"],
    &["advocate"],
    &["filing date"],
    &["reg. date", "registration date"],
    &["status"],
    &["next hearing", "next date"],
];

/// Whether a table lists cases.
pub(crate) fn has_cases(table: &Table<'_>) -> bool {
    found(table).is_some()
}

fn found(table: &Table<'_>) -> Option<Columns> {
    let columns = columns(table, &COLUMNS, 3)?;
    columns.place(NUMBER).and(columns.place(PARTIES))?;
    Some(columns)
}

/// Hands every case of a table to `take`; rows across the table name the court of those that follow. An error
/// names the first row that is neither.
pub(crate) fn case_rows(
    table: &Table<'_>,
    portal: CasePortal,
    mut take: impl FnMut(Case),
) -> Result<(), String> {
    let columns = found(table).ok_or("the table has no column of case numbers and parties")?;
    let mut court: Option<String> = None;
    for (at, row) in table.rows.iter().enumerate().skip(columns.header + 1) {
        if let Some(name) = group(row) {
            court = Some(name);
            continue;
        }
        if row.is_header() || row.cells.iter().all(|cell| cell.words().is_empty()) {
            continue;
        }
        let case = case(row, &columns, portal, court.clone());
        take(case.ok_or_else(|| format!("row {at} of the table has no case number"))?);
    }
    Ok(())
}

/// A row across the table.
fn group(row: &Row<'_>) -> Option<String> {
    let first = row.cells.first()?;
    let across = first.tag.contains("colspan");
    let rest = row.cells.iter().skip(1).all(|cell| cell.words().is_empty());
    (across && rest)
        .then(|| first.words())
        .filter(|name| !name.is_empty())
}

fn case(
    row: &Row<'_>,
    columns: &Columns,
    portal: CasePortal,
    court: Option<String>,
) -> Option<Case> {
    let text = |column| columns.text(row, column).and_then(|text| value(&text));
    let mut case = Case::new(portal);
    case.court_name = court;
    case.number = PrintedCaseNumber::read(&text(NUMBER)?);
    case.case_type = case
        .number
        .as_ref()
        .and_then(|number| number.printed.split('/').next().map(str::to_owned));
    if let Some(cell) = columns.place(PARTIES).and_then(|at| row.cell(at)) {
        (case.parties, case.title) = sides(cell);
    }
    case.filed = text(FILED).and_then(|text| printed(&text));
    case.registered = text(REGISTERED).and_then(|text| printed(&text));
    case.status = text(STATUS);
    case.next_hearing = text(NEXT).and_then(|text| printed(&text));
    // The list does not say whose advocate it is.
    if let Some(advocate) = text(ADVOCATE) {
        case.fields.push(nirnay_model::Field {
            label: "Advocate".to_owned(),
            value: advocate,
        });
    }
    view(row, &mut case);
    Some(case)
}

/// The two sides of a cell: `A<br>Vs</br>B`. Where they cannot be told apart, the title alone.
pub(crate) fn sides(cell: &Cell<'_>) -> (Vec<Party>, Option<String>) {
    let lines = cell.lines();
    let is_versus = |line: &String| {
        let word = line.trim_end_matches('.');
        ["vs", "v/s", "versus"]
            .iter()
            .any(|vs| word.eq_ignore_ascii_case(vs))
    };
    let title = cell.words();
    let sides = if let Some(at) = lines.iter().position(is_versus) {
        let join = |lines: Option<&[String]>| lines.map(|lines| lines.join(" "));
        (join(lines.get(..at)), join(lines.get(at + 1..)))
    } else {
        let parties = versus::split(&title);
        (parties.first, parties.second)
    };
    let party = |side, name: Option<String>| {
        name.filter(|name| !name.is_empty())
            .map(|name| Party::new(side, name))
    };
    let first = party(Side::Petitioner, sides.0);
    let second = party(Side::Respondent, sides.1);
    let parties = first.into_iter().chain(second).collect();
    (parties, value(&title))
}

/// What the link to the case page says: `viewHistory(KEY,'CNR',COURT,…)`, older `showCaseDetails('CNR')`.
fn view(row: &Row<'_>, case: &mut Case) {
    for cell in row.cells.iter().rev() {
        let Some(script) = cell.attribute("a", "onclick") else {
            continue;
        };
        if let Some(Ok(arguments)) = call::arguments(&script, "viewHistory") {
            let mut arguments = arguments.into_iter();
            case.portal_key = arguments.next().and_then(|text| value(&text));
            case.set_cnr(&arguments.next().unwrap_or_default());
            case.court_code = arguments.next().and_then(|text| value(&text));
            return;
        }
        if let Some(Ok(arguments)) = call::arguments(&script, "showCaseDetails") {
            let cnr = arguments
                .first()
                .filter(|text| text.parse::<nirnay_model::Cnr>().is_ok());
            case.set_cnr(cnr.map_or("", String::as_str));
            return;
        }
    }
}
