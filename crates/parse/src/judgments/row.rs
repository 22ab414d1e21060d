//! Rows of a search result as typed judgments.

use jiff::civil::Date;
use nirnay_model::{
    BenchCode, Cnr, Disposal, DocumentHandle, DocumentKind, Judgment, NeutralCitation,
    QuarantineReason, QuarantinedRow, SourceId,
};
use serde::Serialize;

use super::court::{self, Found};
use super::judges;
use super::path::{self, HighCourtPath, PathDate};
use super::plain;
use super::sheet::{self, Problem, Sheet};
use super::title;
use crate::{case, date, quarantine, text, tree, versus};

/// No honest row has this many oddities.
const MOST_FLAGS: usize = 32;

/// A row of a search result, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedRow {
    /// What the portal lists.
    pub judgment: Judgment,
    /// What is needed to ask for the document.
    pub handle: DocumentHandle,
    /// The session's key of the row (digits): good only until the next search of the same session.
    pub val: String,
    /// Whether the row had exactly the usual shape of a High Court row.
    #[serde(skip)]
    pub(super) is_plain: bool,
}

impl ListedRow {
    /// Whether the row has a label that known rows do not have.
    pub(super) fn has_unknown_label(&self) -> bool {
        let is_one = |flag: &String| flag.starts_with("unknown_label:");
        self.judgment.flags.iter().any(is_one)
    }
}

/// Reads a row. `today` is the day of reading, in any time zone: decisions dated more than a day
/// later are set aside as impossible.
///
/// A row that cannot be taken comes back whole, with the reason. What is odd but not wrong stands in
/// the judgment's `flags`.
pub fn read_row(html: &str, source: SourceId, today: Date) -> Result<ListedRow, QuarantinedRow> {
    read(html, source, today).map_err(|(reason, detail)| quarantine::row(html, reason, detail))
}

fn read(html: &str, source: SourceId, today: Date) -> Result<ListedRow, Problem> {
    let plain = plain::gather(html);
    let is_plain = plain.is_some();
    let sheet = match plain {
        Some(sheet) => sheet,
        None => parsed(html)?,
    };
    let (handle, val) = handle(&sheet.arguments)?;
    let mut flags = sheet.flags.clone();
    flags.extend(sheet.details.flags.iter().cloned());
    let place = match source {
        SourceId::EcourtsHc => in_high_court(&sheet, &handle, &mut flags)?,
        SourceId::EcourtsScr | SourceId::Scr => in_reports(&sheet, &handle, &mut flags)?,
        SourceId::SciFeed => {
            let detail = "the feed has its own reader".to_owned();
            return Err((QuarantineReason::Unreadable, detail));
        }
    };
    let judgment = judgment(sheet, &handle, place, source, today, flags)?;
    Ok(ListedRow {
        judgment,
        handle,
        val,
        is_plain,
    })
}

/// Takes a row of any shape apart, by way of the HTML parser.
pub(super) fn parsed(html: &str) -> Result<Sheet, Problem> {
    let tree = tree::parse(html).map_err(|why| (QuarantineReason::TooComplex, why))?;
    sheet::gather(&tree)
}

/// The arguments of `open_pdf`: row index, citation year, path, neutral citation, mode.
fn handle(arguments: &[String]) -> Result<(DocumentHandle, String), Problem> {
    let argument = |at: usize| arguments.get(at).map_or("", |text| text.trim());
    let strange = |what: &str| {
        let detail = format!(
            "{what} in open_pdf({})",
            text::clip(&arguments.join(", "), 200)
        );
        (QuarantineReason::StrangePath, detail)
    };
    let val = argument(0);
    if !(1..=9).contains(&val.len()) || !val.bytes().all(|b| b.is_ascii_digit()) {
        return Err(strange("no row index"));
    }
    let year = argument(1);
    if year.len() > 9 || !year.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return Err(strange("a strange citation year"));
    }
    let path = argument(2);
    let path = path.split('#').next().unwrap_or(path);
    let citation = argument(3);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b" :/().-_&".contains(&b);
    if citation.len() > 64 || !citation.bytes().all(plain) {
        return Err(strange("a strange neutral citation"));
    }
    let handle = DocumentHandle {
        path: path.to_owned(),
        citation_year: year.to_owned(),
        nc_display: citation.to_owned(),
        language: String::new(),
    };
    Ok((handle, val.to_owned()))
}

/// Where a row belongs, and what only its kind of path or title says.
struct Place {
    found: Found,
    bench: BenchCode,
    cnr: Option<Cnr>,
    order_no: Option<u32>,
    path_date: PathDate,
    case_number_raw: Option<String>,
    parties: versus::Parties,
    kind: DocumentKind,
}

fn in_high_court(
    sheet: &Sheet,
    handle: &DocumentHandle,
    flags: &mut Vec<String>,
) -> Result<Place, Problem> {
    let path = path::high_court(&handle.path).ok_or_else(|| strange_path(&handle.path))?;
    let printed = sheet.details.cnr.as_deref().or(sheet.cnr.as_deref());
    let cnr = high_court_cnr(printed, &path, flags);
    let found = court::high_court(&path.bench, sheet.details.court.as_deref(), cnr.as_ref())
        .map_err(|why| (QuarantineReason::UnknownCourt, why))?;
    let (case, parties) = title::split(&sheet.title);
    if case.is_none() {
        flags.push("title_unread".to_owned());
    }
    Ok(Place {
        found,
        bench: path.bench,
        cnr,
        order_no: Some(path.order_no),
        path_date: path.date,
        case_number_raw: case.map(str::to_owned),
        parties: versus::split(parties),
        kind: DocumentKind::Unstated,
    })
}

fn strange_path(path: &str) -> Problem {
    (
        QuarantineReason::StrangePath,
        format!("the path is {:?}", text::clip(path, 200)),
    )
}

/// The CNR printed, or else the one in the file name.
fn high_court_cnr(
    printed: Option<&str>,
    path: &HighCourtPath,
    flags: &mut Vec<String>,
) -> Option<Cnr> {
    let read: Option<Cnr> = printed.and_then(|text| text.parse().ok());
    if printed.is_some() && read.is_none() {
        flags.push("cnr_unread".to_owned());
    }
    match (read, &path.cnr) {
        (Some(read), Some(of_path)) if read != *of_path => {
            flags.push("path_cnr_differs".to_owned());
            Some(read)
        }
        (Some(read), _) => Some(read),
        (None, Some(of_path)) => {
            flags.push("cnr_from_path".to_owned());
            Some(of_path.clone())
        }
        (None, None) => None,
    }
}

fn in_reports(
    sheet: &Sheet,
    handle: &DocumentHandle,
    flags: &mut Vec<String>,
) -> Result<Place, Problem> {
    if !path::is_report(&handle.path) {
        return Err(strange_path(&handle.path));
    }
    let printed = sheet.cnr.as_deref().or(sheet.details.cnr.as_deref());
    let cnr: Option<Cnr> = printed.and_then(|text| text.parse().ok());
    if printed.is_some() && cnr.is_none() {
        flags.push("cnr_unread".to_owned());
    }
    let unknown = |why: String| (QuarantineReason::UnknownCourt, why);
    let found = court::supreme(sheet.details.court.as_deref(), cnr.as_ref()).map_err(unknown)?;
    let bench = "scr"
        .parse()
        .map_err(|e: nirnay_model::ParseError| unknown(e.to_string()))?;
    Ok(Place {
        found,
        bench,
        cnr,
        order_no: None,
        path_date: PathDate::Absent,
        case_number_raw: sheet.details.case_no.clone(),
        parties: versus::split(&sheet.title),
        kind: DocumentKind::Judgment,
    })
}

fn judgment(
    sheet: Sheet,
    handle: &DocumentHandle,
    place: Place,
    source: SourceId,
    today: Date,
    mut flags: Vec<String>,
) -> Result<Judgment, Problem> {
    let decided = decision_date(&sheet, source, today)?;
    not_swapped(decided, place.path_date)?;
    let registered = registration_date(&sheet, decided, &mut flags)?;
    if place.path_date.contradicts(decided) {
        flags.push("path_date_differs".to_owned());
    }
    let case_number = case::number(place.case_number_raw.as_deref(), &mut flags);
    let (judges, author) =
        judges::names(sheet::judge_names(&sheet.judges).unwrap_or(""), &mut flags);
    let bench_strength = judges::strength(sheet.details.bench.as_deref(), judges.len(), &mut flags);
    let neutral_citation = neutral(&sheet, handle, &mut flags);
    if place.parties.ambiguous {
        flags.push("several_vs".to_owned());
    }
    let disposal_raw = sheet
        .details
        .disposal
        .filter(|words| !words.eq_ignore_ascii_case("null"));
    let default_languages = match place.kind {
        DocumentKind::Judgment => vec!["ENG".to_owned()],
        _ => Vec::new(),
    };
    flags.extend(place.found.flags);
    Ok(Judgment {
        source,
        court_code: place.found.court.code.clone(),
        court_name: place.found.name,
        bench_code: place.bench,
        cnr: place.cnr,
        order_no: place.order_no,
        title: sheet.title,
        petitioner: place.parties.first,
        respondent: place.parties.second,
        case_number_raw: place.case_number_raw,
        case_number,
        diary_number: None,
        judges,
        author_judge: author,
        bench_strength,
        registration_date: registered,
        decision_date: Some(decided),
        decision_date_raw: sheet.details.decision.unwrap_or_default(),
        disposal: disposal_raw.as_deref().and_then(Disposal::classify),
        disposal_raw,
        neutral_citation,
        reporter_citation: sheet.citation,
        description: sheet.description,
        languages: sheet.languages.unwrap_or(default_languages),
        document_path: Some(handle.path.clone()),
        citation_year: Some(handle.citation_year.clone()).filter(|year| !year.is_empty()),
        document_kind: place.kind,
        uploaded_at: None,
        flags: tidy(flags),
    })
}

/// Each flag once, and not without end.
fn tidy(flags: Vec<String>) -> Vec<String> {
    let mut tidied: Vec<String> = Vec::new();
    for flag in flags {
        if tidied.len() == MOST_FLAGS {
            break;
        }
        if !tidied.contains(&flag) {
            tidied.push(flag);
        }
    }
    tidied
}

fn decision_date(sheet: &Sheet, source: SourceId, today: Date) -> Result<Date, Problem> {
    let printed = sheet.details.decision.as_deref().unwrap_or("");
    if sheet.details.decisions_differ {
        let detail = "the row prints two decision dates".to_owned();
        return Err((QuarantineReason::NoDecisionDate, detail));
    }
    let Some(decided) = date::day_first(printed) else {
        let detail = format!("the decision date is {:?}", text::clip(printed, 60));
        return Err((QuarantineReason::NoDecisionDate, detail));
    };
    let first = match source {
        SourceId::EcourtsHc => date::FIRST_IN_HIGH_COURTS,
        _ => date::FIRST,
    };
    if !date::is_possible(decided, first, today) {
        let detail = format!("the decision date is {decided}, read on {today}");
        return Err((QuarantineReason::ImpossibleDate, detail));
    }
    Ok(decided)
}

/// A file name that has day and month the other way round says that the portal now prints the month
/// first; which of the two is right cannot be told from one row.
fn not_swapped(decided: Date, path_date: PathDate) -> Result<(), Problem> {
    match path_date {
        PathDate::Day(of_path) if date::are_swapped(decided, of_path) => {
            let detail =
                format!("the row prints {decided}, its path {of_path}: day and month swapped");
            Err((QuarantineReason::Contradiction, detail))
        }
        _ => Ok(()),
    }
}

fn registration_date(
    sheet: &Sheet,
    decided: Date,
    flags: &mut Vec<String>,
) -> Result<Option<Date>, Problem> {
    let Some(printed) = sheet.details.registration.as_deref() else {
        return Ok(None);
    };
    let registered = date::day_first(printed);
    match registered {
        None => flags.push("registration_date_unread".to_owned()),
        Some(registered) if registered > decided => {
            let detail = format!("registered on {registered}, decided on {decided}");
            return Err((QuarantineReason::Contradiction, detail));
        }
        Some(_) => {}
    }
    Ok(registered)
}

/// The neutral citation printed, or else the one the document is asked for with.
fn neutral(
    sheet: &Sheet,
    handle: &DocumentHandle,
    flags: &mut Vec<String>,
) -> Option<NeutralCitation> {
    let mut read = |words: Option<&str>| -> Option<NeutralCitation> {
        let words = words.filter(|words| !words.is_empty())?;
        let citation = words.parse().ok();
        if citation.is_none() {
            flags.push("neutral_citation_unread".to_owned());
        }
        citation
    };
    let printed = read(sheet.neutral.as_deref());
    let of_call = read(Some(handle.nc_display.as_str()));
    if let (Some(printed), Some(of_call)) = (&printed, &of_call)
        && printed != of_call
    {
        flags.push("neutral_citations_differ".to_owned());
    }
    printed.or(of_call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_open_pdf_must_say() {
        let read = |arguments: &[&str]| {
            handle(
                &arguments
                    .iter()
                    .map(|a| (*a).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        let (good, val) = read(&["7", "", "a/b.pdf#page=&search=%20"]).unwrap();
        assert_eq!((good.path.as_str(), val.as_str()), ("a/b.pdf", "7"));
        for bad in [
            &["", "", "a"][..],
            &["-1", "", "a"],
            &["1", "x", "a"],
            &["1", "", "a", "<script>"],
            &[],
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
