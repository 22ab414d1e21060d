//! What is true of a row, for comparison with what a client made of it.

use jiff::civil::Date;
use nirnay_model::SourceId;
use serde::Serialize;

use crate::bench;
use crate::day;
use crate::docket::{Docket, FeedItem};
use crate::feed;
use crate::row::{Flaw, Row, RowId, UNDATED};

/// A row as it truly is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TruthRow {
    /// Its number.
    pub row: RowId,
    /// The source that lists it.
    pub source: SourceId,
    /// The court's code (`7_26`, `sci`).
    pub court_code: String,
    /// The bench's code (`dhcdb`, `scr`, `feed`).
    pub bench_code: String,
    /// Its CNR; feed rows have none.
    pub cnr: Option<String>,
    /// The day under which the portal's date filter finds it.
    pub listed_on: Option<Date>,
    /// The decision date as the row prints it.
    pub decision_date_text: String,
    /// The decision date, if what is printed is a date that can be true.
    pub decision_date: Option<Date>,
    /// The order number in its path.
    pub order_no: Option<u32>,
    /// The path of its document, without fragment; for feed rows the address of the document.
    pub path: String,
    /// `A Vs B`.
    pub title: String,
    /// Whether a careful reader can publish the row.
    pub is_readable: bool,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
    /// Number of the request that added it, for rows added by a fault.
    pub added_at: Option<u64>,
    /// Number of the request that took it away, for rows taken away by a fault.
    pub removed_at: Option<u64>,
}

impl TruthRow {
    pub(crate) fn of_row(docket: &Docket, source: SourceId, id: RowId, row: &Row) -> Self {
        let case = docket.case(row);
        let (court_code, bench_code) = match bench::bench(row.bench) {
            Some(facts) => (facts.court_code, facts.bench_code),
            None => ("sci", "scr"),
        };
        let decision_date = match row.flaw {
            Some(Flaw::MissingDecision) => None,
            _ => day::read_dashed(&case.decided).filter(|date| date.year() < 2100),
        };
        Self {
            row: id,
            source,
            court_code: court_code.to_owned(),
            bench_code: bench_code.to_owned(),
            title: case.parties(),
            cnr: Some(case.cnr),
            listed_on: (row.day != UNDATED).then(|| day::from_number(row.day)),
            decision_date_text: case.decided,
            decision_date,
            order_no: (!row.is_scr()).then_some(u32::from(row.order)),
            path: case.path,
            is_readable: row.flaw.is_none_or(Flaw::readable),
            flaw: row.flaw,
            added_at: None,
            removed_at: None,
        }
    }

    pub(crate) fn of_feed(id: RowId, item: &FeedItem) -> Self {
        let facts = feed::facts(item);
        let date = day::from_number(item.day);
        Self {
            row: id,
            source: SourceId::SciFeed,
            court_code: "sci".to_owned(),
            bench_code: "feed".to_owned(),
            cnr: None,
            listed_on: Some(date),
            decision_date_text: day::named(date),
            decision_date: Some(date),
            order_no: None,
            path: feed::document_path(item),
            title: format!("{} Vs {}", facts.petitioner, facts.respondent),
            is_readable: true,
            flaw: None,
            added_at: None,
            removed_at: None,
        }
    }
}
