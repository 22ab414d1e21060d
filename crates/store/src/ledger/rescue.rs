//! What a restored ledger has to learn from the files around it.

use jiff::Timestamp;
use nirnay_model::Sha256;

use super::Ledger;
use super::values::{Digest, Micros};
use crate::StoreError;

impl Ledger {
    /// Sees to it that no run gets the number of one that is lost: their captures carry it.
    pub(crate) fn skip_runs(&self, last: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write("numbering lost runs", |tx| {
            tx.execute(
                "INSERT INTO runs (id, pipeline, config, started_at, finished_at, outcome)
                 SELECT ?1, 'lost', zeroblob(32), ?2, ?2, 'lost with the ledger'
                 WHERE ?1 > (SELECT coalesce(max(id), 0) FROM runs)",
                (last, Micros(now)),
            )?;
            Ok(())
        })
    }

    /// Records documents (with their sizes in bytes) that lie in the lake; returns how many were unknown.
    pub(crate) fn find_blobs(
        &self,
        found: &[(Sha256, u64)],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.write("recording documents that were found", |tx| {
            let mut insert = tx.prepare_cached(
                "INSERT OR IGNORE INTO blobs (sha256, size, stored_at) VALUES (?1, ?2, ?3)",
            )?;
            let mut new = 0;
            for (sha256, size) in found {
                new += insert.execute((Digest(*sha256), size, Micros(now)))? as u64;
            }
            Ok(new)
        })
    }

    /// The number of windows that are not proven.
    pub(crate) fn open_windows(&self) -> Result<u64, StoreError> {
        self.read("counting open windows", |connection| {
            Ok(connection.query_row(
                "SELECT count(*) FROM windows WHERE state NOT IN ('complete', 'complete_with_quarantine', 'split')",
                [],
                |row| row.get(0),
            )?)
        })
    }
}
