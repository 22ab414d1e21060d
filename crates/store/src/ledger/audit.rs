//! The audit: sums only.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use nirnay_model::{CourtCode, DateWindow, SourceId};

use rusqlite::Connection;

use super::proof::figures_of;
use super::windows::{WindowRow, objection};
use super::{
    Alarm, CaseDocumentSum, CaseItemSum, DocumentCounts, Ledger, WindowState, case_items, documents,
};
use crate::StoreError;

/// Which part of the ledger to add up. The default is all of it.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Leave documents that are still wanted out of the holes: lists alone were asked for.
    pub rows_only: bool,
    /// One source.
    pub source: Option<SourceId>,
    /// One court.
    pub court: Option<CourtCode>,
}

/// The sums of one source and court.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AuditEntry {
    /// The source.
    pub source: SourceId,
    /// The court.
    pub court: CourtCode,
    /// Windows by state.
    pub windows: BTreeMap<String, u64>,
    /// Rows the portal counts, over all windows that were not split.
    pub portal_rows: u64,
    /// Distinct judgments accepted, window by window.
    pub accepted: u64,
    /// Rows set aside, by reason.
    pub quarantined: BTreeMap<String, u64>,
    /// Rows the portal lists more than once.
    pub repeats: u64,
    /// Documents by outcome.
    pub documents: DocumentCounts,
}

/// Something that is not proven yet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hole {
    /// The source.
    pub source: SourceId,
    /// The court.
    pub court: CourtCode,
    /// The decision dates of an open window; `None` for the feed and for documents.
    pub window: Option<DateWindow>,
    /// Whether it is about documents that are wanted.
    pub documents: bool,
    /// What is open, for people.
    pub what: String,
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// The sums of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Audit {
    /// By source and court, in that order.
    pub entries: Vec<AuditEntry>,
    /// What is not proven yet: open, failed and unstable windows, sums that disagree, documents
    /// wanted. The first thousand.
    pub holes: Vec<Hole>,
    /// What somebody should look at, acknowledged alarms included.
    pub alarms: Vec<Alarm>,
    /// What the case portals were asked, by portal and outcome; of the whole lake.
    pub cases: Vec<CaseItemSum>,
    /// What became of the documents that those answers name; of the whole lake.
    pub case_documents: Vec<CaseDocumentSum>,
}

impl Audit {
    /// Whether nothing is open.
    pub fn is_complete(&self) -> bool {
        self.holes.is_empty() && self.open_case_questions() == 0
    }

    /// Questions to the case portals that have no answer yet.
    pub fn open_case_questions(&self) -> u64 {
        let open = self.cases.iter().filter(|sum| !sum.state.is_settled());
        open.map(|sum| sum.number).sum()
    }

    /// Whether an alarm waits for somebody.
    pub fn has_open_alarms(&self) -> bool {
        self.alarms.iter().any(Alarm::is_open)
    }
}

const MAX_HOLES: usize = 1000;

/// Holes, the first thousand in words.
#[derive(Default)]
struct Holes {
    list: Vec<Hole>,
    more: u64,
}

impl Holes {
    fn add(&mut self, hole: Hole) {
        if self.list.len() < MAX_HOLES {
            self.list.push(hole);
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self) -> Vec<Hole> {
        if let Some(last) = self.list.last_mut().filter(|_| self.more > 0) {
            last.what = format!("{}, and {} more", last.what, self.more);
        }
        self.list
    }
}

fn name_of(window: &WindowRow) -> String {
    let days = window
        .spec
        .window
        .map_or_else(|| "feed".to_owned(), |days| days.to_string());
    let bench = window
        .spec
        .bench
        .as_deref()
        .map(|bench| format!(" bench {bench}"))
        .unwrap_or_default();
    format!("{} {}{bench} {days}", window.spec.source, window.spec.court)
}

/// Why a window is not proven complete.
fn hole(connection: &Connection, window: &WindowRow) -> Result<Option<String>, StoreError> {
    let name = name_of(window);
    Ok(match window.state {
        WindowState::Split => None,
        WindowState::Complete | WindowState::CompleteWithQuarantine => {
            objection(&figures_of(connection, window)?, window.state)
                .or_else(|| stale(window))
                .map(|why| format!("{name}: {why}"))
        }
        WindowState::Open => Some(format!("{name}: open, {} pages taken", window.pages_done)),
        WindowState::Unstable => Some(format!(
            "{name}: unstable, its sums did not agree in any walk"
        )),
        WindowState::Failed => {
            let why = window.last_error.as_deref().unwrap_or("no reason recorded");
            Some(format!("{name}: failed {} time(s): {why}", window.attempts))
        }
    })
}

/// Why a proof that stands is not enough: days were added to the window, or the last look failed.
fn stale(window: &WindowRow) -> Option<String> {
    let proven = window
        .verified_at
        .map_or_else(String::new, |at| format!(" (proven at {at:.0})"));
    if let Some(to) = window.grow_to {
        return Some(format!("not walked up to {to} yet{proven}"));
    }
    let why = window.last_error.as_deref()?;
    Some(format!("the last look failed{proven}: {why}"))
}

/// Days cover a window by construction; benches do so only as far as the registry of benches goes. A
/// window that was split by bench is proven when its parts list as many rows as it did.
fn lost_in_split(window: &WindowRow, windows: &[WindowRow]) -> Option<String> {
    let parts: Vec<&WindowRow> = windows
        .iter()
        .filter(|part| part.spec.parent == Some(window.id) && part.spec.bench.is_some())
        .collect();
    if window.state != WindowState::Split || parts.is_empty() || window.spec.bench.is_some() {
        return None;
    }
    let listed = window.last_total?;
    let found: u64 = parts.iter().filter_map(|part| part.last_total).sum();
    let done = parts.iter().all(|part| part.state.is_complete());
    (done && found < listed).then(|| {
        format!(
            "{}: {listed} rows listed, {found} in its benches",
            name_of(window)
        )
    })
}

fn quarantined(connection: &Connection, entry: &mut AuditEntry) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT quarantine.reason, count(DISTINCT quarantine.id) FROM windows
         JOIN members ON members.window_id = windows.id AND members.kind = 1
         JOIN quarantine ON quarantine.id = members.item
         WHERE windows.source = ?1 AND windows.court = ?2 GROUP BY quarantine.reason",
    )?;
    let mut rows = statement.query((entry.source.name(), entry.court.as_str()))?;
    while let Some(row) = rows.next()? {
        entry.quarantined.insert(row.get(0)?, row.get(1)?);
    }
    Ok(())
}

fn new_entry(source: SourceId, court: CourtCode) -> AuditEntry {
    AuditEntry {
        source,
        court,
        windows: BTreeMap::new(),
        portal_rows: 0,
        accepted: 0,
        quarantined: BTreeMap::new(),
        repeats: 0,
        documents: DocumentCounts::default(),
    }
}

impl Ledger {
    /// Adds up the ledger.
    pub fn audit(&self, filter: &AuditFilter, now: Timestamp) -> Result<Audit, StoreError> {
        let wanted = |source: SourceId, court: &CourtCode| {
            filter.source.is_none_or(|s| s == source)
                && filter.court.as_ref().is_none_or(|c| c == court)
        };
        let windows = self.windows(filter.source)?;
        let mut alarms = self.alarms()?;
        alarms.retain(|alarm| {
            filter.source.is_none_or(|source| source == alarm.source)
                && (filter.court.is_none() || alarm.court.is_none() || alarm.court == filter.court)
        });
        self.read("auditing", |connection| {
            let mut entries: BTreeMap<(SourceId, CourtCode), AuditEntry> = BTreeMap::new();
            let mut holes = Holes::default();
            for ((source, court), documents) in
                documents::counts(connection, filter.source, filter.court.as_ref(), now)?
            {
                if documents.pending > 0 && !filter.rows_only {
                    holes.add(Hole {
                        source,
                        court: court.clone(),
                        window: None,
                        documents: true,
                        what: format!("{source} {court}: {} documents wanted", documents.pending),
                    });
                }
                let entry = AuditEntry {
                    documents,
                    ..new_entry(source, court.clone())
                };
                entries.insert((source, court), entry);
            }
            for window in windows
                .iter()
                .filter(|window| wanted(window.spec.source, &window.spec.court))
            {
                let key = (window.spec.source, window.spec.court.clone());
                let entry = entries
                    .entry(key)
                    .or_insert_with_key(|(source, court)| new_entry(*source, court.clone()));
                *entry
                    .windows
                    .entry(window.state.name().to_owned())
                    .or_default() += 1;
                if window.state != WindowState::Split {
                    entry.portal_rows += window.last_total.unwrap_or(0);
                    entry.accepted += window.accepted;
                    entry.repeats += window.repeats;
                }
                let unproven = match hole(connection, window)? {
                    None => lost_in_split(window, &windows),
                    some => some,
                };
                if let Some(what) = unproven {
                    holes.add(Hole {
                        source: window.spec.source,
                        court: window.spec.court.clone(),
                        window: window.spec.window,
                        documents: false,
                        what,
                    });
                }
            }
            for entry in entries.values_mut() {
                quarantined(connection, entry)?;
            }
            let whole = filter.source.is_none() && filter.court.is_none();
            Ok(Audit {
                entries: entries.into_values().collect(),
                holes: holes.finish(),
                alarms,
                cases: if whole {
                    case_items::sums(connection)?
                } else {
                    Vec::new()
                },
                case_documents: if whole {
                    case_items::document_sums(connection)?
                } else {
                    Vec::new()
                },
            })
        })
    }
}
