//! Documents whose text took too long to be had, to be tried once more.

use nirnay_model::Sha256;

use super::Ledger;
use super::values::Digest;
use crate::StoreError;

impl Ledger {
    /// Notes that the extraction of a document ran out of time in `run`.
    pub fn note_timeout(&self, sha256: &Sha256, run: i64) -> Result<(), StoreError> {
        self.write("noting a timeout", |tx| {
            tx.prepare_cached("INSERT OR IGNORE INTO text_timeouts (sha256, run) VALUES (?1, ?2)")?
                .execute((Digest(*sha256), run))?;
            Ok(())
        })
    }

    /// Documents that ran out of time in another run than `run`, in the order of their hashes.
    pub fn timeouts_before(&self, run: i64) -> Result<Vec<Sha256>, StoreError> {
        self.read("listing timeouts", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT sha256 FROM text_timeouts WHERE run <> ?1 ORDER BY sha256",
            )?;
            let rows = statement.query_map([run], |row| row.get::<_, Digest>(0).map(|d| d.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Records that a document was tried again, whatever came of it: its text is published anew.
    pub fn timeout_settled(&self, sha256: &Sha256) -> Result<(), StoreError> {
        self.write("settling a timeout", |tx| {
            tx.execute(
                "DELETE FROM text_timeouts WHERE sha256 = ?1",
                [Digest(*sha256)],
            )?;
            tx.execute(
                "UPDATE partitions SET extracted = -1 WHERE (year, court, bench) IN
                 (SELECT year, court, bench FROM judgments WHERE doc_sha256 = ?1)",
                [Digest(*sha256)],
            )?;
            Ok(())
        })
    }
}
