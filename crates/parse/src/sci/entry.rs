//! One entry of the feed: a link whose text names the case.

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    BenchCode, DocumentHandle, DocumentKind, Judgment, ParseError, QuarantineReason, SourceId,
    courts,
};
use scraper::ElementRef;
use serde::Serialize;

use super::address::Address;
use super::printed::{self, Printed};
use crate::{case, date, text, tree, versus};

/// Why an entry cannot be taken.
pub(super) type Problem = (QuarantineReason, String);

/// An entry of the feed, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedRow {
    /// What the feed says.
    pub judgment: Judgment,
    /// What is needed to ask for the document: `path` is its address on the portal,
    /// `/sci-get-pdf/?diary_no=…&type=…&order_date=…&from=latest_judgements_order`.
    pub handle: DocumentHandle,
}

/// Reads `<a href="…/view-pdf/?…">A VS. B - CASE - Diary Number N / Y - <span>date</span> …</a>`.
pub(super) fn read(anchor: &str, today: Date) -> Result<FeedRow, Problem> {
    let fragment = tree::parse(anchor).map_err(|why| (QuarantineReason::TooComplex, why))?;
    let link = fragment
        .tree
        .root()
        .descendants()
        .filter_map(ElementRef::wrap)
        .find(|e| e.value().name() == "a")
        .ok_or((QuarantineReason::Unreadable, "not a link".to_owned()))?;
    let address = Address::read(link.attr("href").unwrap_or(""))?;
    let printed = Printed::read(&text::fold(&link.text().collect::<String>()));
    row(&address, printed, today)
}

fn row(address: &Address, printed: Printed, today: Date) -> Result<FeedRow, Problem> {
    let mut flags = Vec::new();
    let decided = decision_date(address, &printed, today, &mut flags)?;
    if printed.title.is_empty() {
        let detail = "the entry has no title".to_owned();
        return Err((QuarantineReason::Unreadable, detail));
    }
    let unknown = |why: String| (QuarantineReason::UnknownCourt, why);
    let court = courts()
        .find("sci")
        .ok_or_else(|| unknown("the registry has no Supreme Court".to_owned()))?;
    let bench_code: Result<BenchCode, ParseError> = "feed".parse();
    let parties = versus::split(&printed.title);
    if parties.ambiguous {
        flags.push("several_vs".to_owned());
    }
    let path = address.document_path();
    let judgment = Judgment {
        source: SourceId::SciFeed,
        court_code: court.code.clone(),
        court_name: court.name.clone(),
        bench_code: bench_code.map_err(|e| unknown(e.to_string()))?,
        cnr: None,
        order_no: None,
        petitioner: parties.first,
        respondent: parties.second,
        case_number: case::number(printed.case_number.as_deref(), &mut flags),
        case_number_raw: printed.case_number.clone(),
        diary_number: diary_number(address, &printed, &mut flags),
        judges: Vec::new(),
        author_judge: None,
        bench_strength: None,
        registration_date: None,
        decision_date: Some(decided),
        disposal_raw: None,
        disposal: None,
        neutral_citation: None,
        reporter_citation: None,
        description: None,
        languages: Vec::new(),
        document_path: Some(path.clone()),
        citation_year: None,
        document_kind: kind(address, &mut flags),
        uploaded_at: uploaded_at(&printed, &mut flags),
        title: printed.title,
        decision_date_raw: printed.date,
        flags,
    };
    let handle = DocumentHandle {
        path,
        citation_year: String::new(),
        nc_display: String::new(),
        language: String::new(),
    };
    Ok(FeedRow { judgment, handle })
}

/// The diary number of the address, which is what the document is asked for with.
fn diary_number(address: &Address, printed: &Printed, flags: &mut Vec<String>) -> Option<String> {
    let number = address.diary_number();
    if number.is_none() {
        flags.push("diary_number_unread".to_owned());
    } else if printed.diary.is_some() && printed.diary != number {
        flags.push("diary_number_differs".to_owned());
    }
    number
}

fn kind(address: &Address, flags: &mut Vec<String>) -> DocumentKind {
    match address.kind.as_str() {
        "j" => DocumentKind::Judgment,
        "o" => DocumentKind::Order,
        other => {
            flags.push(format!("unknown_type:{other}"));
            DocumentKind::Unstated
        }
    }
}

fn uploaded_at(printed: &Printed, flags: &mut Vec<String>) -> Option<Timestamp> {
    let words = printed.uploaded.as_deref()?;
    let at = printed::uploaded(words);
    if at.is_none() {
        flags.push("uploaded_unread".to_owned());
    }
    at
}

/// The date printed, or else the one in the address.
fn decision_date(
    address: &Address,
    printed: &Printed,
    today: Date,
    flags: &mut Vec<String>,
) -> Result<Date, Problem> {
    let of_address = date::iso(&address.order_date);
    let decided = match (date::named_month(&printed.date), of_address) {
        (Some(printed), of_address) => {
            if of_address != Some(printed) {
                flags.push("path_date_differs".to_owned());
            }
            printed
        }
        (None, Some(of_address)) => {
            flags.push("date_from_path".to_owned());
            of_address
        }
        (None, None) => {
            let detail = format!("no date printed, {:?} in the address", address.order_date);
            return Err((QuarantineReason::NoDecisionDate, detail));
        }
    };
    if !date::is_possible(decided, date::FIRST, today) {
        let detail = format!("the date is {decided}, read on {today}");
        return Err((QuarantineReason::ImpossibleDate, detail));
    }
    Ok(decided)
}
