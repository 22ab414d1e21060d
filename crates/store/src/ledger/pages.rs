//! Acceptance of a page: one transaction that takes every row or none.

use jiff::Timestamp;
use nirnay_model::{
    CaptureId, CourtCode, DocumentHandle, Judgment, QuarantineReason, QuarantinedRow, RowKey,
    SourceId,
};

use rusqlite::{OptionalExtension as _, Transaction};

use super::Ledger;
use super::proof::ranges;
use super::upsert::{Outcome, set_aside, upsert};
use super::values::{Digest, Micros, Named, Text};
use super::windows::{self, WindowState};
use crate::StoreError;

/// A judgment read from a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedRow {
    /// What the portal said.
    pub judgment: Judgment,
    /// How to ask for its document. An empty path: the row lists none.
    pub handle: DocumentHandle,
    /// Its place on the page, from 0.
    pub capture_row: u32,
    /// The serial number the portal printed.
    pub serial: u64,
}

/// A page of results, ready to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAcceptance {
    /// The window it belongs to.
    pub window: i64,
    /// The run that fetched it.
    pub run: i64,
    /// When that run began: the `first_seen` or `last_seen` of its rows.
    pub run_started: Timestamp,
    /// The session that fetched it.
    pub epoch: u64,
    /// The offset it was asked for.
    pub start: u64,
    /// The portal's total on this page.
    pub total: u64,
    /// The capture that holds it; must be durable already ([`crate::Captures::sync`]).
    pub capture_id: CaptureId,
    /// The rows that were read.
    pub rows: Vec<AcceptedRow>,
    /// The rows that were set aside: row, place on the page, serial number.
    pub quarantined: Vec<(QuarantinedRow, u32, u64)>,
}

/// What became of the rows of a page. Their sum is the number of rows on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageCounts {
    /// Judgments never seen before.
    pub new: u64,
    /// Judgments known, with the same values.
    pub unchanged: u64,
    /// Judgments known, with other values or listed again: a revision each.
    pub updated: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// Rows that repeat a row of the same page.
    pub repeats_in_page: u64,
    /// Rows that repeat a row of an earlier page of the walk.
    pub repeats_across_pages: u64,
}

impl PageCounts {
    /// The number of rows.
    pub fn sum(&self) -> u64 {
        self.new
            + self.unchanged
            + self.updated
            + self.quarantined
            + self.repeats_in_page
            + self.repeats_across_pages
    }
}

/// A row in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineEntry {
    /// The source that listed it.
    pub source: SourceId,
    /// The court whose window it lay in.
    pub court: CourtCode,
    /// Why it was set aside.
    pub reason: QuarantineReason,
    /// The row as served, with what was wrong.
    pub row: QuarantinedRow,
    /// The capture it was read from.
    pub capture_id: CaptureId,
    /// Its place in that capture, from 0.
    pub capture_row: u32,
    /// Start of the run that first saw it.
    pub first_seen: Timestamp,
    /// Start of the latest run that saw it.
    pub last_seen: Timestamp,
}

/// The window's place in the walk; refuses windows that are not being walked.
fn begin(tx: &Transaction<'_>, id: i64) -> Result<windows::WindowRow, StoreError> {
    let window = windows::load(tx, id)?;
    if window.state.is_complete() || window.state == WindowState::Split {
        let state = window.state.name();
        return Err(StoreError::Conflict(format!(
            "window {id} is {state}: open it again before taking pages"
        )));
    }
    Ok(window)
}

/// The counts of the page at the same place, if it was taken before.
fn taken(tx: &Transaction<'_>, page: &PageAcceptance) -> Result<Option<PageCounts>, StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT new, unchanged, updated, quarantined, repeats_in_page, repeats_across_pages, capture_id
             FROM pages WHERE window_id = ?1 AND start = ?2",
        )?
        .query_row((page.window, page.start), |row| {
            let counts = PageCounts {
                new: row.get(0)?,
                unchanged: row.get(1)?,
                updated: row.get(2)?,
                quarantined: row.get(3)?,
                repeats_in_page: row.get(4)?,
                repeats_across_pages: row.get(5)?,
            };
            Ok((counts, row.get::<_, String>(6)?))
        })
        .optional()?;
    match found {
        None => Ok(None),
        Some((counts, capture)) if capture == page.capture_id.as_str() => Ok(Some(counts)),
        Some((_, capture)) => Err(StoreError::Conflict(format!(
            "window {} already has a page at {} (capture {capture}, now {}): restart its walk",
            page.window, page.start, page.capture_id
        ))),
    }
}

fn is_cnr_alone() -> bool {
    fail::fail_point!("plant-dedupe-by-cnr", |_| true);
    false
}

fn identity(judgment: &Judgment) -> RowKey {
    match &judgment.cnr {
        Some(cnr) if is_cnr_alone() => RowKey::from_stored(cnr.to_string()),
        _ => judgment.key(),
    }
}

fn take_rows(tx: &Transaction<'_>, page: &PageAcceptance) -> Result<PageCounts, StoreError> {
    let mut counts = PageCounts::default();
    let mut on_page = std::collections::HashSet::new();
    for row in &page.rows {
        let key = identity(&row.judgment);
        if on_page.contains(&key) {
            counts.repeats_in_page += 1;
            continue;
        }
        match upsert(tx, page, row, &key)? {
            Outcome::New => counts.new += 1,
            Outcome::Unchanged => counts.unchanged += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Repeated => counts.repeats_across_pages += 1,
        }
        on_page.insert(key);
    }
    let mut set_aside_on_page = std::collections::HashSet::new();
    for (row, place, _) in &page.quarantined {
        if !set_aside_on_page.insert(row.key) {
            counts.repeats_in_page += 1;
        } else if set_aside(tx, page, row, *place)? {
            counts.quarantined += 1;
        } else {
            counts.repeats_across_pages += 1;
        }
    }
    Ok(counts)
}

fn record_page(
    tx: &Transaction<'_>,
    page: &PageAcceptance,
    counts: &PageCounts,
) -> Result<(), StoreError> {
    let rows = (page.rows.len() + page.quarantined.len()) as u64;
    if counts.sum() != rows {
        let detail = format!(
            "{rows} rows on the page, {} counted: {counts:?}",
            counts.sum()
        );
        return Err(StoreError::Invariant { rule: "I1", detail });
    }
    let mut serials: Vec<u64> = page
        .rows
        .iter()
        .map(|row| row.serial)
        .chain(page.quarantined.iter().map(|(_, _, serial)| *serial))
        .collect();
    tx.prepare_cached(
        "INSERT INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(rusqlite::params![
        page.window,
        page.start,
        page.run,
        page.epoch,
        page.capture_id.as_str(),
        page.total,
        rows,
        counts.new,
        counts.unchanged,
        counts.updated,
        counts.quarantined,
        counts.repeats_in_page,
        counts.repeats_across_pages,
        ranges(&mut serials),
    ])?;
    tx.prepare_cached(
        "UPDATE windows SET state = 'open', first_total = coalesce(first_total, ?2), last_total = ?2,
         pages_done = pages_done + 1, next_start = max(next_start, ?3), accepted = accepted + ?4,
         quarantined = quarantined + ?5, repeats = repeats + ?6, last_run = ?7 WHERE id = ?1",
    )?
    .execute((
        page.window,
        page.total,
        page.start.saturating_add(rows),
        counts.new + counts.unchanged + counts.updated,
        counts.quarantined,
        counts.repeats_in_page + counts.repeats_across_pages,
        page.run,
    ))?;
    // A page with rows outweighs an earlier zero.
    tx.prepare_cached("DELETE FROM zeros WHERE window_id = ?1 AND ?2 > 0")?
        .execute((page.window, page.total))?;
    Ok(())
}

impl Ledger {
    /// Takes a page: rows, revisions, membership of the walk, quarantine, pending documents, the
    /// page itself and the window's figures, in one transaction. Taking the same page again changes
    /// nothing and returns the same counts; another page at the same place is a
    /// [`StoreError::Conflict`]. A failed or unstable window becomes open again.
    pub fn accept_page(&self, page: &PageAcceptance) -> Result<PageCounts, StoreError> {
        self.write("accepting a page", |tx| {
            begin(tx, page.window)?;
            if let Some(counts) = taken(tx, page)? {
                return Ok(counts);
            }
            self.require_capture(tx, &page.capture_id)?;
            let counts = take_rows(tx, page)?;
            record_page(tx, page, &counts)?;
            Ok(counts)
        })
    }

    /// Records that a session said the window is empty; returns how many distinct sessions of this
    /// walk said so. Two are needed to close a window at zero. A walk that has rows already must be
    /// restarted first.
    pub fn zero_page(
        &self,
        window: i64,
        run: i64,
        epoch: u64,
        capture_id: &CaptureId,
    ) -> Result<u32, StoreError> {
        self.write("recording a zero", |tx| {
            if begin(tx, window)?.pages_done > 0 {
                return Err(StoreError::Conflict(format!(
                    "window {window} has rows in this walk: restart it before a zero counts"
                )));
            }
            self.require_capture(tx, capture_id)?;
            tx.execute(
                "INSERT OR IGNORE INTO zeros (window_id, run, epoch, capture_id) VALUES (?1, ?2, ?3, ?4)",
                (window, run, epoch, capture_id.as_str()),
            )?;
            tx.execute(
                "UPDATE windows SET state = 'open', first_total = 0, last_total = 0, last_run = ?2 WHERE id = ?1",
                (window, run),
            )?;
            Ok(tx.query_row("SELECT count(*) FROM zeros WHERE window_id = ?1", [window], |row| row.get(0))?)
        })
    }

    /// Up to `limit` rows in quarantine (of one source), latest walks only, ordered by key.
    pub fn quarantine(
        &self,
        source: Option<SourceId>,
        limit: usize,
    ) -> Result<Vec<QuarantineEntry>, StoreError> {
        self.read("reading the quarantine", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT key, source, court, reason, detail, html, capture_id, capture_row, first_seen, last_seen
                 FROM quarantine WHERE (?1 IS NULL OR source = ?1)
                 AND EXISTS (SELECT 1 FROM members WHERE kind = 1 AND item = quarantine.id) ORDER BY key LIMIT ?2",
            )?;
            let rows = statement.query_map((source.map(SourceId::name), limit), |row| {
                let reason = row.get::<_, Named<QuarantineReason>>(3)?.0;
                Ok(QuarantineEntry {
                    source: row.get::<_, Text<SourceId>>(1)?.0,
                    court: row.get::<_, Text<CourtCode>>(2)?.0,
                    reason,
                    row: QuarantinedRow {
                        key: row.get::<_, Digest>(0)?.0,
                        reason,
                        detail: row.get(4)?,
                        html: row.get(5)?,
                    },
                    capture_id: row.get::<_, Text<CaptureId>>(6)?.0,
                    capture_row: row.get(7)?,
                    first_seen: row.get::<_, Micros>(8)?.0,
                    last_seen: row.get::<_, Micros>(9)?.0,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
