//! Windows: the unit of work of a walk, and what became of it.

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{CourtCode, DateWindow, SourceId};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use super::proof::{Proof, proof_of};
use super::values::{Day, Micros, Named, Text};
use super::{Ledger, unlisted};
use crate::StoreError;

/// What a window covers. Two specs with the same source, court, bench and dates are one window.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WindowSpec {
    /// The source to ask.
    pub source: SourceId,
    /// The court.
    pub court: CourtCode,
    /// The portal's `dist_code` of one bench; `None` for all.
    pub bench: Option<String>,
    /// The decision dates; `None` for a feed.
    pub window: Option<DateWindow>,
    /// The window it was split from. Not part of the identity.
    pub parent: Option<i64>,
}

/// What became of a window.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Planned, or being walked.
    Open,
    /// Proven complete.
    Complete,
    /// Proven complete, with rows in quarantine.
    CompleteWithQuarantine,
    /// Replaced by narrower windows.
    Split,
    /// Its total keeps changing and it cannot be split further.
    Unstable,
    /// Given up for now; `next_at` says when to try again.
    Failed,
}

impl WindowState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Complete,
        Self::CompleteWithQuarantine,
        Self::Split,
        Self::Unstable,
        Self::Failed,
    ];

    /// The name in the ledger and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Complete => "complete",
            Self::CompleteWithQuarantine => "complete_with_quarantine",
            Self::Split => "split",
            Self::Unstable => "unstable",
            Self::Failed => "failed",
        }
    }

    /// Whether it is proven complete, with or without quarantine.
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Complete | Self::CompleteWithQuarantine)
    }
}

/// A window with its progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowRow {
    /// Its number.
    pub id: i64,
    /// What it covers.
    pub spec: WindowSpec,
    /// What became of it.
    pub state: WindowState,
    /// The current walk over its pages, from 1.
    pub walk: u32,
    /// The portal's total on the first page of this walk.
    pub first_total: Option<u64>,
    /// The portal's total on the latest page of this walk.
    pub last_total: Option<u64>,
    /// Pages accepted in this walk.
    pub pages_done: u32,
    /// Where the next page begins.
    pub next_start: u64,
    /// Distinct sessions of this walk that said zero.
    pub zero_epochs: u32,
    /// Distinct judgments accepted in this walk.
    pub accepted: u64,
    /// Distinct rows set aside in this walk.
    pub quarantined: u64,
    /// Rows that repeated an earlier row of this walk.
    pub repeats: u64,
    /// Failures since the last completion.
    pub attempts: u32,
    /// Not to be tried again before.
    pub next_at: Option<Timestamp>,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it was first proven complete.
    pub completed_at: Option<Timestamp>,
    /// When it was last proven complete.
    pub verified_at: Option<Timestamp>,
    /// The run that last proved it complete.
    pub completed_run: Option<i64>,
    /// The last day that its next walk is to reach, if that is another than it has.
    pub grow_to: Option<Date>,
    /// When its total was last compared without a walk.
    pub counted_at: Option<Timestamp>,
}

impl WindowRow {
    /// What its next walk is to cover.
    pub fn next_range(&self) -> Option<DateWindow> {
        let range = self.spec.window?;
        let grown = self
            .grow_to
            .and_then(|to| DateWindow::new(range.from(), to).ok());
        Some(grown.unwrap_or(range))
    }
}

const SELECT: &str = "SELECT id, source, court, bench, first_day, last_day, parent, state, walk, first_total, \
    last_total, pages_done, next_start, (SELECT count(*) FROM zeros WHERE window_id = windows.id), accepted, \
    quarantined, repeats, attempts, next_at, last_error, completed_at, verified_at, completed_run, grow_to, counted_at
    FROM windows";

fn read_window(row: &Row<'_>) -> rusqlite::Result<WindowRow> {
    let time = |index| {
        row.get::<_, Option<Micros>>(index)
            .map(|time| time.map(|m| m.0))
    };
    let bench: String = row.get(3)?;
    let days = (row.get::<_, Day>(4)?.0, row.get::<_, Day>(5)?.0);
    Ok(WindowRow {
        id: row.get(0)?,
        spec: WindowSpec {
            source: row.get::<_, Text<SourceId>>(1)?.0,
            court: row.get::<_, Text<CourtCode>>(2)?.0,
            bench: (!bench.is_empty()).then_some(bench),
            window: match days {
                (Some(from), Some(to)) => DateWindow::new(from, to).ok(),
                _ => None,
            },
            parent: row.get(6)?,
        },
        state: row.get::<_, Named<WindowState>>(7)?.0,
        walk: row.get(8)?,
        first_total: row.get(9)?,
        last_total: row.get(10)?,
        pages_done: row.get(11)?,
        next_start: row.get(12)?,
        zero_epochs: row.get(13)?,
        accepted: row.get(14)?,
        quarantined: row.get(15)?,
        repeats: row.get(16)?,
        attempts: row.get(17)?,
        next_at: time(18)?,
        last_error: row.get(19)?,
        completed_at: time(20)?,
        verified_at: time(21)?,
        completed_run: row.get(22)?,
        grow_to: row.get::<_, Day>(23)?.0,
        counted_at: time(24)?,
    })
}

pub(super) fn load(connection: &Connection, id: i64) -> Result<WindowRow, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
        .query_row([id], read_window)
        .optional()?
        .ok_or_else(|| StoreError::NotFound {
            what: "window",
            id: id.to_string(),
        })
}

fn plan(tx: &Transaction<'_>, spec: &WindowSpec) -> Result<i64, StoreError> {
    let bench = spec.bench.as_deref().unwrap_or("");
    let from = Day(spec.window.map(|window| window.from()));
    let to = Day(spec.window.map(|window| window.to()));
    let identity = (
        spec.source.name(),
        spec.court.as_str(),
        bench,
        from,
        to,
        spec.parent,
    );
    tx.prepare_cached(
        "INSERT INTO windows (source, court, bench, first_day, last_day, parent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO NOTHING",
    )?
    .execute(identity)?;
    let id = tx
        .prepare_cached(
            "SELECT id FROM windows WHERE source = ?1 AND court = ?2 AND bench = ?3 AND first_day = ?4 AND last_day = ?5",
        )?
        .query_row((spec.source.name(), spec.court.as_str(), bench, from, to), |row| row.get(0))?;
    Ok(id)
}

/// Begins the next walk: nothing of the current one counts any more.
fn restart(tx: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    for table in ["pages", "zeros", "members"] {
        tx.execute(&format!("DELETE FROM {table} WHERE window_id = ?1"), [id])?;
    }
    tx.execute(
        "UPDATE windows SET walk = walk + 1, first_total = NULL, last_total = NULL, pages_done = 0, next_start = 0,
         accepted = 0, quarantined = 0, repeats = 0 WHERE id = ?1",
        [id],
    )?;
    Ok(())
}

fn reopen(tx: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    restart(tx, id)?;
    tx.execute(
        "UPDATE windows SET state = 'open', walk = 1, attempts = 0, next_at = NULL, last_error = NULL,
         last_day = CASE grow_to WHEN '' THEN last_day ELSE grow_to END, grow_to = '' WHERE id = ?1",
        [id],
    )?;
    Ok(())
}

/// Why the sums of a walk do not prove it complete; `None` if they do. Assumes nothing about how a
/// portal orders its rows: it needs equal totals, and as many rows as the portal counts.
pub(crate) fn objection(proof: &Proof, state: WindowState) -> Option<String> {
    let total = match (proof.first_total, proof.last_total) {
        (Some(first), Some(last)) if first == last => first,
        totals => {
            return Some(format!(
                "the totals of the walk disagree or are missing: {totals:?}"
            ));
        }
    };
    if total == 0 && proof.zero_epochs < 2 {
        return Some(format!(
            "zero was said by {} session(s), two are needed",
            proof.zero_epochs
        ));
    }
    if proof.rows_seen < total {
        return Some(format!(
            "the portal counts {total} rows, {} were seen",
            proof.rows_seen
        ));
    }
    if proof.distinct > total {
        return Some(format!(
            "the portal counts {total} rows, {} different ones were seen",
            proof.distinct
        ));
    }
    let clean = proof.quarantined == 0;
    if clean != (state == WindowState::Complete) {
        return Some(format!("{} rows are in quarantine", proof.quarantined));
    }
    None
}

impl Ledger {
    /// Records a window and returns its number; a window that is known keeps its number and state.
    pub fn plan_window(&self, spec: &WindowSpec) -> Result<i64, StoreError> {
        self.write("planning a window", |tx| plan(tx, spec))
    }

    /// As [`Ledger::plan_window`] for many, in one transaction; numbers in the same order.
    pub fn plan_windows(&self, specs: &[WindowSpec]) -> Result<Vec<i64>, StoreError> {
        self.write("planning windows", |tx| {
            specs.iter().map(|spec| plan(tx, spec)).collect()
        })
    }

    /// All windows (of one source), ordered by source, court, first day, last day, bench.
    pub fn windows(&self, source: Option<SourceId>) -> Result<Vec<WindowRow>, StoreError> {
        self.read("listing windows", |connection| {
            let sql = format!(
                "{SELECT} WHERE ?1 IS NULL OR source = ?1 ORDER BY source, court, first_day, last_day, bench"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([source.map(SourceId::name)], read_window)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// One window.
    pub fn window(&self, id: i64) -> Result<WindowRow, StoreError> {
        self.read("reading a window", |connection| load(connection, id))
    }

    /// The windows that `parent` was split into, in date order.
    pub fn children(&self, parent: i64) -> Result<Vec<WindowRow>, StoreError> {
        self.read("listing windows", |connection| {
            let sql = format!("{SELECT} WHERE parent = ?1 ORDER BY first_day, last_day, bench");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([parent], read_window)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Forgets the pages of the current walk and begins the next one at 0. Rows stay.
    pub fn restart_walk(&self, id: i64) -> Result<(), StoreError> {
        self.write("restarting a walk", |tx| {
            load(tx, id)?;
            restart(tx, id)
        })
    }

    /// Records the end of a walk: `Complete`, `CompleteWithQuarantine` or `Unstable`. A completion
    /// is refused ([`StoreError::Invariant`]) unless the walk's own sums prove it: both totals equal,
    /// as many rows seen as the portal counts, and a zero said by two sessions.
    ///
    /// Rows of its dates that no window lists any more get their `not_listed_since`; returns their number.
    pub fn close_window(
        &self,
        id: i64,
        state: WindowState,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.write("closing a window", |tx| {
            load(tx, id)?;
            if state == WindowState::Unstable {
                tx.execute("UPDATE windows SET state = 'unstable' WHERE id = ?1", [id])?;
                return Ok(0);
            }
            if !state.is_complete() {
                return Err(StoreError::Conflict(format!("a walk cannot end as {}", state.name())));
            }
            if let Some(why) = objection(&proof_of(tx, id)?, state) {
                return Err(StoreError::Invariant { rule: "I3", detail: format!("window {id}: {why}") });
            }
            tx.execute(
                "UPDATE windows SET state = ?2, completed_at = coalesce(completed_at, ?3), verified_at = ?3,
                 completed_run = last_run, attempts = 0, next_at = NULL, last_error = NULL WHERE id = ?1",
                (id, state.name(), Micros(now)),
            )?;
            unlisted::mark(tx, id, now)
        })
    }

    /// Replaces a window by narrower ones, in one transaction; returns their numbers. Narrower
    /// windows that were known already are opened again. Splitting a split window changes nothing.
    pub fn split_window(&self, id: i64, parts: &[WindowSpec]) -> Result<Vec<i64>, StoreError> {
        self.write("splitting a window", |tx| {
            let window = load(tx, id)?;
            let known = tx.query_row("SELECT max(id) FROM windows", [], |row| {
                row.get::<_, i64>(0)
            })?;
            let mut ids = Vec::with_capacity(parts.len());
            for part in parts {
                let child = plan(
                    tx,
                    &WindowSpec {
                        parent: Some(id),
                        ..part.clone()
                    },
                )?;
                if child == id {
                    return Err(StoreError::Conflict(format!(
                        "window {id} cannot be a part of itself"
                    )));
                }
                if window.state != WindowState::Split && child <= known {
                    tx.execute("UPDATE windows SET parent = ?2 WHERE id = ?1", [child, id])?;
                    reopen(tx, child)?;
                }
                ids.push(child);
            }
            if ids.is_empty() {
                return Err(StoreError::Conflict(format!(
                    "window {id} needs parts to be split into"
                )));
            }
            if window.state != WindowState::Split {
                restart(tx, id)?;
                tx.execute("UPDATE windows SET state = 'split' WHERE id = ?1", [id])?;
            }
            Ok(ids)
        })
    }

    /// Records a failure; progress of the walk is kept, and so is the proof of a window that is proven: it is
    /// only older than it should be, which its `last_error` says until it is proven anew.
    pub fn fail_window(
        &self,
        id: i64,
        error: &str,
        next_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.write("recording a failure", |tx| {
            load(tx, id)?;
            tx.execute(
                "UPDATE windows SET state = CASE WHEN state IN ('complete', 'complete_with_quarantine') THEN state ELSE 'failed' END,
                 attempts = attempts + 1, last_error = ?2, next_at = ?3 WHERE id = ?1",
                (id, error, next_at.map(Micros)),
            )?;
            Ok(())
        })
    }

    /// Opens a window again for a fresh walk (a re-scan). Rows and completion times stay.
    pub fn reopen_window(&self, id: i64) -> Result<(), StoreError> {
        self.write("opening a window again", |tx| {
            load(tx, id)?;
            reopen(tx, id)
        })
    }

    /// Has the window reach `to` with its next walk. One that is proven keeps its range and its proof until
    /// [`Ledger::reopen_window`]; any other begins its walk anew with the new range.
    pub fn grow_window(&self, id: i64, to: Date) -> Result<(), StoreError> {
        self.write("lengthening a window", |tx| {
            let window = load(tx, id)?;
            if window.spec.window.is_none_or(|range| range.to() >= to) {
                return Err(StoreError::Conflict(format!(
                    "window {id} cannot grow to {to}"
                )));
            }
            tx.execute(
                "UPDATE windows SET grow_to = ?2 WHERE id = ?1",
                (id, Day(Some(to))),
            )?;
            if !window.state.is_complete() {
                reopen(tx, id)?;
            }
            Ok(())
        })
    }

    /// Records that the portal's total of a proven window was compared and is still the one it was proven
    /// with.
    pub fn window_counted(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write("recording a count", |tx| {
            load(tx, id)?;
            tx.execute(
                "UPDATE windows SET counted_at = ?2 WHERE id = ?1",
                (id, Micros(now)),
            )?;
            Ok(())
        })
    }
}
