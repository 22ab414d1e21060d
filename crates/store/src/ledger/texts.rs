//! What is known of published text.

use std::collections::HashMap;

use nirnay_model::Sha256;
use rusqlite::OptionalExtension as _;

use super::values::Digest;
use super::{Artifact, Ledger, Partition, artifacts};
use crate::StoreError;

/// The text of a document, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextFact {
    /// The hash of the text with its engine.
    pub(crate) digest: Sha256,
    /// Its pages.
    pub(crate) pages: u32,
}

impl Ledger {
    pub(crate) fn text_fact(&self, sha256: &Sha256) -> Result<Option<TextFact>, StoreError> {
        self.read("reading a note of text", |connection| {
            let found = connection
                .prepare_cached("SELECT digest, pages FROM texts WHERE sha256 = ?1")?
                .query_row([Digest(*sha256)], |row| {
                    Ok(TextFact {
                        digest: row.get::<_, Digest>(0)?.0,
                        pages: row.get(1)?,
                    })
                })
                .optional()?;
            Ok(found)
        })
    }

    /// Records a text file that is durable under its name, with the documents in it, and gives the
    /// rows of those documents their number of pages.
    pub(crate) fn record_text(
        &self,
        artifact: &Artifact,
        facts: &HashMap<Sha256, TextFact>,
    ) -> Result<(), StoreError> {
        self.write("recording published text", |tx| {
            let mut note = tx.prepare_cached(
                "INSERT INTO texts (sha256, digest, pages) VALUES (?1, ?2, ?3)
                 ON CONFLICT (sha256) DO UPDATE SET digest = excluded.digest, pages = excluded.pages",
            )?;
            let mut pages = tx.prepare_cached(
                "UPDATE judgments SET doc_pages = nullif(?2, 0) WHERE doc_sha256 = ?1 AND doc_pages IS NOT nullif(?2, 0)",
            )?;
            for (sha256, fact) in facts {
                note.execute((Digest(*sha256), Digest(fact.digest), fact.pages))?;
                pages.execute((Digest(*sha256), fact.pages))?;
            }
            artifacts::record(tx, artifact)
        })
    }

    /// Whether all rows of a stored document lie in one partition.
    pub(crate) fn blob_lies_in(
        &self,
        sha256: &Sha256,
        partition: &Partition,
    ) -> Result<bool, StoreError> {
        self.read("finding rows of a document", |connection| {
            let elsewhere = connection
                .prepare_cached(
                    "SELECT 1 FROM judgments WHERE doc_sha256 = ?1 AND (year, court, bench) <> (?2, ?3, ?4)",
                )?
                .exists((Digest(*sha256), partition.year, partition.court.as_str(), partition.bench.as_str()))?;
            Ok(!elsewhere)
        })
    }
}
