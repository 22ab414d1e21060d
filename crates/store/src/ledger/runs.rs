//! Runs: one execution of a pipeline, continued after a crash.

use std::sync::atomic::Ordering;

use jiff::Timestamp;
use nirnay_model::Sha256;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::Ledger;
use super::values::{Digest, Micros};
use crate::StoreError;

/// A run that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// When it first began: the time that its rows carry, also after it was continued.
    pub started_at: Timestamp,
    /// Whether an unfinished run was continued.
    pub resumed: bool,
}

/// A run as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its number.
    pub id: i64,
    /// The pipeline's name.
    pub pipeline: String,
    /// The hash of the pipeline's configuration.
    pub config_digest: Sha256,
    /// When it first began.
    pub started_at: Timestamp,
    /// When it was finished; `None` while it is open.
    pub finished_at: Option<Timestamp>,
    /// How it ended, in the pipeline's words.
    pub outcome: Option<String>,
    /// Requests reserved so far.
    pub requests: u64,
    /// How often it was continued.
    pub resumes: u32,
}

const COLUMNS: &str = "id, pipeline, config, started_at, finished_at, outcome, requests, resumes";

fn read_run(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        id: row.get(0)?,
        pipeline: row.get(1)?,
        config_digest: row.get::<_, Digest>(2)?.0,
        started_at: row.get::<_, Micros>(3)?.0,
        finished_at: row.get::<_, Option<Micros>>(4)?.map(|m| m.0),
        outcome: row.get(5)?,
        requests: row.get(6)?,
        resumes: row.get(7)?,
    })
}

fn unfinished(connection: &Connection, pipeline: &str) -> rusqlite::Result<Option<RunRow>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM runs WHERE pipeline = ?1 AND finished_at IS NULL ORDER BY id DESC LIMIT 1"
        ))?
        .query_row([pipeline], read_run)
        .optional()
}

fn no_run(run: i64) -> StoreError {
    StoreError::NotFound {
        what: "run",
        id: run.to_string(),
    }
}

/// An unfinished run older than this is not continued: "today" and `first_seen` are its instant, and a crawl
/// that goes on days later would see neither the days since nor say when it saw what it sees.
const RESUMABLE_SECONDS: i64 = 24 * 3600;

impl Ledger {
    /// Begins a run, or continues the unfinished one of the same pipeline and configuration: same
    /// id, same start. An unfinished run of the same pipeline with another configuration ends as
    /// `superseded`.
    pub fn begin_run(
        &self,
        pipeline: &str,
        config_digest: Sha256,
        now: Timestamp,
    ) -> Result<Run, StoreError> {
        let run = self.write("beginning a run", |tx| {
            if let Some(open) = unfinished(tx, pipeline)? {
                let age = now.as_second() - open.started_at.as_second();
                if open.config_digest == config_digest && age < RESUMABLE_SECONDS {
                    tx.execute("UPDATE runs SET resumes = resumes + 1 WHERE id = ?1", [open.id])?;
                    return Ok(Run { id: open.id, started_at: open.started_at, resumed: true });
                }
                tx.execute(
                    "UPDATE runs SET finished_at = ?2, outcome = 'superseded' WHERE pipeline = ?1 AND finished_at IS NULL",
                    (pipeline, Micros(now)),
                )?;
            }
            let started_at = tx.query_row(
                "INSERT INTO runs (pipeline, config, started_at) VALUES (?1, ?2, ?3) RETURNING started_at",
                (pipeline, Digest(config_digest), Micros(now)),
                |row| row.get::<_, Micros>(0),
            )?;
            Ok(Run { id: tx.last_insert_rowid(), started_at: started_at.0, resumed: false })
        })?;
        self.inner.current_run.store(run.id, Ordering::Relaxed);
        Ok(run)
    }

    /// The run begun last through this ledger, 0 before the first: the one that captures belong to.
    pub(crate) fn current_run(&self) -> i64 {
        self.inner.current_run.load(Ordering::Relaxed)
    }

    /// Ends a run; the next [`Ledger::begin_run`] starts a new one.
    pub fn finish_run(&self, run: i64, outcome: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write("finishing a run", |tx| {
            let changed = tx.execute(
                "UPDATE runs SET finished_at = ?2, outcome = ?3 WHERE id = ?1",
                (run, Micros(now), outcome),
            )?;
            if changed == 1 {
                Ok(())
            } else {
                Err(no_run(run))
            }
        })
    }

    /// The latest run of any pipeline.
    pub fn last_run(&self) -> Result<Option<RunRow>, StoreError> {
        self.read("reading the last run", |connection| {
            let sql = format!("SELECT {COLUMNS} FROM runs ORDER BY id DESC LIMIT 1");
            Ok(connection
                .prepare_cached(&sql)?
                .query_row([], read_run)
                .optional()?)
        })
    }

    /// The unfinished run of `pipeline`, if there is one.
    pub fn open_run(&self, pipeline: &str) -> Result<Option<RunRow>, StoreError> {
        self.read("reading the open run", |connection| {
            Ok(unfinished(connection, pipeline)?)
        })
    }

    /// The first run of the round that `pipeline` has not ended: the runs since the last one that ended in another way
    /// than by being `stopped` or `superseded`. `None` where there is no run since.
    pub fn open_round(&self, pipeline: &str) -> Result<Option<RunRow>, StoreError> {
        self.read("reading the open round", |connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM runs WHERE pipeline = ?1 AND id > (SELECT coalesce(max(id), 0) FROM runs
                 WHERE pipeline = ?1 AND outcome NOT IN ('stopped', 'superseded')) ORDER BY id LIMIT 1"
            );
            Ok(connection
                .prepare_cached(&sql)?
                .query_row([pipeline], read_run)
                .optional()?)
        })
    }

    /// Reserves up to `want` requests of the run's budget of `limit`; returns how many were granted
    /// (0: the budget is spent). What is granted counts as used, whatever happens afterwards.
    pub fn reserve_requests(&self, run: i64, want: u32, limit: u64) -> Result<u32, StoreError> {
        self.write("reserving requests", |tx| {
            let used: u64 = tx
                .prepare_cached("SELECT requests FROM runs WHERE id = ?1")?
                .query_row([run], |row| row.get(0))
                .optional()?
                .ok_or_else(|| no_run(run))?;
            let granted = limit.saturating_sub(used).min(u64::from(want));
            if granted > 0 {
                tx.prepare_cached("UPDATE runs SET requests = requests + ?2 WHERE id = ?1")?
                    .execute((run, granted))?;
            }
            Ok(granted as u32)
        })
    }

    /// Gives back `count` reserved requests of a run that were not sent and never will be.
    pub fn release_requests(&self, run: i64, count: u32) -> Result<(), StoreError> {
        if count == 0 {
            return Ok(());
        }
        self.write("releasing requests", |tx| {
            tx.prepare_cached("UPDATE runs SET requests = max(requests - ?2, 0) WHERE id = ?1")?
                .execute((run, count))?;
            Ok(())
        })
    }

    /// The number of requests reserved in a run.
    pub fn requests_used(&self, run: i64) -> Result<u64, StoreError> {
        self.read("reading the request budget", |connection| {
            connection
                .prepare_cached("SELECT requests FROM runs WHERE id = ?1")?
                .query_row([run], |row| row.get(0))
                .optional()?
                .ok_or_else(|| no_run(run))
        })
    }

    /// Reserves `count` session numbers of a run and returns the first (counted from 1), so that
    /// sessions of a continued run do not repeat earlier numbers.
    pub fn reserve_epochs(&self, run: i64, count: u64) -> Result<u64, StoreError> {
        self.write("numbering sessions", |tx| {
            tx.prepare_cached(
                "UPDATE runs SET epochs = epochs + ?2 WHERE id = ?1 RETURNING epochs - ?2 + 1",
            )?
            .query_row((run, count), |row| row.get(0))
            .optional()?
            .ok_or_else(|| no_run(run))
        })
    }
}
