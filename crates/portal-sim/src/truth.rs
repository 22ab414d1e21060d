//! What is true of a row, for comparison with what a client made of it.

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::SourceId;
use serde::Serialize;

use crate::bench;
use crate::changes::Standing;
use crate::day;
use crate::docket::{Docket, FeedItem};
use crate::feed;
use crate::forge;
use crate::row::{Flaw, Row, RowId, UNDATED};
use crate::trouble::Fault;

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
    /// The judges as printed.
    pub judges: Vec<String>,
    /// How the case ended, as printed.
    pub disposal: Option<String>,
    /// Whether it is listed, now or at the moment asked for.
    pub listed: bool,
    /// When it was listed, if a schedule or a hand did that.
    pub listed_since: Option<Timestamp>,
    /// When it was withdrawn, if it is not listed any more.
    pub withdrawn_on: Option<Timestamp>,
    /// How many changes its fields have seen.
    pub edits: u32,
    /// How often its document was replaced.
    pub document_version: u32,
}

impl TruthRow {
    /// The truth of a row as it stands; `standing` is what changes made of it.
    pub(crate) fn of_row(
        docket: &Docket,
        source: SourceId,
        (id, row): (RowId, &Row),
        standing: Option<&Standing>,
    ) -> Self {
        let mut case = docket.case(row);
        if let Some(standing) = standing {
            standing.edit(&mut case);
        }
        let (court_code, bench_code) = match bench::bench(row.bench) {
            Some(facts) => (facts.court_code, facts.bench_code),
            None => ("sci", "scr"),
        };
        let decision_date = match row.flaw {
            Some(Flaw::MissingDecision) => None,
            _ => day::read_dashed(&case.decided).filter(|date| date.year() < 2100),
        };
        Self {
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
            judges: case.judges,
            disposal: case.disposal,
            ..Self::blank(id, source)
        }
        .standing(standing)
    }

    /// A row of which nothing is known.
    fn blank(id: RowId, source: SourceId) -> Self {
        Self {
            row: id,
            source,
            court_code: String::new(),
            bench_code: String::new(),
            cnr: None,
            listed_on: None,
            decision_date_text: String::new(),
            decision_date: None,
            order_no: None,
            path: String::new(),
            title: String::new(),
            is_readable: true,
            flaw: None,
            added_at: None,
            removed_at: None,
            judges: Vec::new(),
            disposal: None,
            listed: true,
            listed_since: None,
            withdrawn_on: None,
            edits: 0,
            document_version: 0,
        }
    }

    /// What the fault script has done to the row for good.
    pub(crate) fn spoil(&mut self, flaw: Flaw, fault: &Fault) {
        // A text that is odd leaves a row unreadable that was so before.
        if self.is_readable || !flaw.readable() {
            self.flaw = Some(flaw);
        }
        self.is_readable &= flaw.readable();
        if flaw == Flaw::HostileText {
            let text = forge::text_of(fault);
            let (petitioner, respondent) =
                self.title.split_once(" Vs ").unwrap_or((&self.title, ""));
            match fault.form() {
                "judge" => self.judges = vec![text],
                "disposal" => self.disposal = Some(text),
                "number" => {}
                "respondent" => self.title = format!("{petitioner} Vs {text}"),
                _ => self.title = format!("{text} Vs {respondent}"),
            }
        }
    }

    fn standing(mut self, standing: Option<&Standing>) -> Self {
        if let Some(standing) = standing {
            self.listed = !standing.hidden;
            self.listed_since = standing.listed_since;
            self.withdrawn_on = standing.withdrawn_on.filter(|_| standing.hidden);
            self.removed_at = standing.removed_by.filter(|_| standing.hidden);
            self.edits = standing.edits.len() as u32;
            self.document_version = standing.document;
        }
        self
    }

    pub(crate) fn of_feed(id: RowId, item: &FeedItem, standing: Option<&Standing>) -> Self {
        let facts = feed::facts(item, standing);
        let date = day::from_number(item.day);
        Self {
            court_code: "sci".to_owned(),
            bench_code: "feed".to_owned(),
            listed_on: Some(date),
            decision_date_text: day::named(date),
            decision_date: Some(date),
            path: feed::document_path(item),
            title: format!("{} Vs {}", facts.petitioner, facts.respondent),
            ..Self::blank(id, SourceId::SciFeed)
        }
        .standing(standing)
    }
}
