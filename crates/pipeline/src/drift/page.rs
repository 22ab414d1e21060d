//! A page read row by row, and whether it may be taken.

use std::collections::HashSet;

use nirnay_model::{QuarantinedRow, SourceId};
use nirnay_parse::judgments::{ListedRow, PageReport, SearchPage, read_row, report};
use nirnay_store::{AcceptedRow, AlarmKind, NewAlarm};

use super::place::Place;
use crate::stop::Stop;

/// Rows on a page that may be unreadable before the page as a whole is taken for one in a new layout.
const DAMAGED_ROWS: u64 = 5;
/// Rows at the head of a page in a new layout that must all be readable.
const CANARY_ROWS: usize = 10;
/// Rows with a new layout or label that make it news rather than an odd row.
const NEWS_ROWS: u32 = 3;

/// What to do about a page that is not understood.
const REPORT: &str = "nothing of the page was taken; its reply is kept under captures/: compare it with an older one, \
    and see whether a newer nirnay reads it";

/// True when the bug that loses rows which cannot be read is switched on (test builds only).
fn planted_row_error_swallowed() -> bool {
    fail::fail_point!("plant-row-error-swallowed", |_| true);
    false
}

/// A page's rows: those to take, those to set aside, and what they look like together.
pub(crate) struct ReadPage {
    /// Every row, in the page's order, with its serial number.
    pub(crate) rows: Vec<AcceptedRow>,
    /// Rows that cannot be taken: row, place on the page, serial number.
    pub(crate) quarantined: Vec<(QuarantinedRow, u32, u64)>,
    /// What the page looks like.
    pub(crate) report: PageReport,
    /// Whether each of the first rows could be read.
    canary: bool,
}

impl ReadPage {
    /// Reads every row of `page`; none is dropped.
    pub(crate) fn of(page: &SearchPage, source: SourceId, today: jiff::civil::Date) -> Self {
        let read: Vec<Result<ListedRow, QuarantinedRow>> = page
            .rows
            .iter()
            .map(|raw| read_row(&raw.html, source, today))
            .collect();
        let report = report(page, &read);
        let canary = read.iter().take(CANARY_ROWS).all(Result::is_ok);
        let mut rows = Vec::with_capacity(read.len());
        let mut quarantined = Vec::new();
        for ((place, raw), result) in (0_u32..).zip(&page.rows).zip(read) {
            match result {
                Ok(listed) => rows.push(AcceptedRow {
                    judgment: listed.judgment,
                    handle: listed.handle,
                    capture_row: place,
                    serial: raw.serial,
                }),
                Err(_) if planted_row_error_swallowed() => {}
                Err(row) => quarantined.push((row, place, raw.serial)),
            }
        }
        Self {
            rows,
            quarantined,
            report,
            canary,
        }
    }

    /// What is new about the page: keys of the reply, layouts and labels of more than single rows.
    pub(crate) fn news(&self) -> Vec<News> {
        let common = |rows: u32| rows >= NEWS_ROWS && rows * 20 >= self.report.rows;
        let mut news: Vec<News> = self
            .report
            .keys
            .iter()
            .map(|key| {
                News::new(
                    format!("key {key}"),
                    format!("the reply has changed: {key}"),
                )
            })
            .collect();
        for (fingerprint, layout) in &self.report.new_layouts {
            if common(layout.rows) {
                news.push(News::new(
                    format!("layout {fingerprint}"),
                    format!("{} rows have the tags {}", layout.rows, layout.skeleton),
                ));
            }
        }
        for (label, rows) in &self.report.unknown_labels {
            if common(*rows) {
                news.push(News::new(
                    format!("label {label}"),
                    format!("{rows} rows have the label {label:?}"),
                ));
            }
        }
        news
    }

    /// Whether the page's first rows can be read, new or not.
    pub(crate) fn canary_reads(&self) -> bool {
        self.canary
    }
}

/// Something new about a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    /// Its name, the same for all pages that have it.
    pub(crate) name: String,
    /// It, in words.
    pub(crate) what: String,
}

impl News {
    fn new(name: String, what: String) -> Self {
        Self { name, what }
    }

    /// Whether courts may differ in it; what a reply as a whole looks like is the source's.
    pub(crate) fn is_of_court(&self) -> bool {
        !self.name.starts_with("key ")
    }

    /// An alarm about it.
    pub(crate) fn alarm(&self, place: &Place, readable: bool) -> NewAlarm {
        let (what, advice) = if readable {
            (
                format!("never seen before: {}; its rows can be read", self.what),
                "its tables wait until the next run has read such pages without trouble, or until \
                 `nirnay audit --acknowledge`",
            )
        } else {
            (
                format!(
                    "never seen before: {}; its first rows cannot be read",
                    self.what
                ),
                REPORT,
            )
        };
        place.alarm(AlarmKind::Layout, self.name.clone(), what, advice)
    }
}

/// A page of which more than a twentieth cannot be read, each row counted once, is no page with a few damaged rows: the
/// portal has changed, and nothing of it is published. The capture is kept.
pub(crate) fn refuse_drift<'a>(
    place: &Place,
    rows: u64,
    set_aside: impl Iterator<Item = &'a QuarantinedRow>,
) -> Result<(), Stop> {
    let mut unreadable: Vec<&QuarantinedRow> = set_aside.collect();
    // A row that a page shows sixty times is one damaged row, unless most of the page is such.
    if unreadable.len() as u64 * 2 <= rows {
        let mut seen = HashSet::new();
        unreadable.retain(|row| seen.insert(row.key));
    }
    let count = unreadable.len() as u64;
    if count < DAMAGED_ROWS || count * 20 <= rows {
        return Ok(());
    }
    let example = unreadable.first().map_or("", |row| row.detail.as_str());
    let what = format!(
        "{count} of {rows} rows on a page of {} cannot be taken (for example: {example}); the portal's layout has changed",
        place.window_name()
    );
    let alarm = place.alarm(AlarmKind::Quarantine, "rows", what, REPORT);
    Err(Stop::Drift(Box::new(alarm)))
}

#[cfg(test)]
mod tests {
    use nirnay_model::{QuarantineReason, Sha256};

    use super::*;

    fn is_drift(rows: u64, set_aside: usize, distinct: usize, reason: QuarantineReason) -> bool {
        let row = |number: usize| QuarantinedRow {
            key: Sha256::of(&number.to_le_bytes()),
            reason,
            detail: "no button and no details".to_owned(),
            html: String::new(),
        };
        let list: Vec<_> = (0..set_aside).map(|at| row(at % distinct)).collect();
        let place = Place::source(SourceId::EcourtsHc, "2024-06-01".parse().unwrap());
        matches!(refuse_drift(&place, rows, list.iter()), Err(Stop::Drift(_)))
    }

    #[test]
    fn a_page_that_cannot_be_read_is_drift_and_a_few_damaged_rows_are_not() {
        for (rows, set_aside, reason, expected) in [
            (1_000, 1_000, QuarantineReason::Unreadable, true),
            (100, 6, QuarantineReason::StrangePath, true),
            (100, 6, QuarantineReason::NoDecisionDate, true),
            (100, 5, QuarantineReason::Unreadable, false),
            (10, 4, QuarantineReason::Unreadable, false),
            (50, 50, QuarantineReason::ImpossibleDate, true),
            (0, 0, QuarantineReason::Unreadable, false),
        ] {
            assert_eq!(
                is_drift(rows, set_aside, 1_000, reason),
                expected,
                "{set_aside} of {rows}: {reason:?}"
            );
        }
        // One row sixty times is one; a page of nothing but one row is no page.
        assert!(!is_drift(300, 60, 1, QuarantineReason::NoDocumentLink));
        assert!(is_drift(300, 60, 20, QuarantineReason::NoDocumentLink));
        assert!(is_drift(300, 300, 1, QuarantineReason::NoDocumentLink));
    }
}
