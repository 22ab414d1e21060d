//! Published files that are about to get their names.
//!
//! A file and its record cannot change in one step. What is about to be named is noted first, with the
//! hash it will have; whoever opens the ledger next can tell a new file from an old one, and finishes
//! what was begun.

use super::values::json;
use super::{Artifact, Ledger, artifacts};
use crate::StoreError;

/// Notes begin with this in the table of odds and ends.
const PREFIX: &str = "naming:";

/// A durable file without a name, and the record it gets with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Intent {
    /// The record.
    pub(crate) artifact: Artifact,
    /// What it was made from.
    pub(crate) input: nirnay_model::Sha256,
    /// The file's name among the unfinished ones.
    pub(crate) temp: String,
}

impl Intent {
    /// The record with what it was made from.
    pub(crate) fn into_artifact(self) -> Artifact {
        Artifact {
            input: self.input,
            ..self.artifact
        }
    }
}

impl Ledger {
    /// Notes that files are about to be named.
    pub(crate) fn intend(&self, intents: &[Intent]) -> Result<(), StoreError> {
        self.write("preparing to publish", |tx| {
            let mut insert =
                tx.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?;
            for intent in intents {
                insert.execute((format!("{PREFIX}{}", intent.artifact.path), json(intent)))?;
            }
            Ok(())
        })
    }

    /// What was about to be named.
    pub(crate) fn intents(&self) -> Result<Vec<Intent>, StoreError> {
        self.read("looking for an interrupted publication", |connection| {
            // A range, so that the index is entered where the notes lie.
            let mut statement = connection.prepare_cached(
                "SELECT value FROM meta WHERE key >= 'naming:' AND key < 'naming;' ORDER BY key",
            )?;
            let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
            let mut intents = Vec::new();
            for text in rows {
                intents.push(serde_json::from_str(&text?).map_err(|error| {
                    StoreError::corrupt("ledger.sqlite", format!("a note on publication: {error}"))
                })?);
            }
            Ok(intents)
        })
    }

    /// Records files that are durable under their names, forgets others, and ends the notes on all of
    /// them.
    pub(crate) fn settle(&self, named: &[Artifact], gone: &[String]) -> Result<(), StoreError> {
        self.write("recording published files", |tx| {
            for artifact in named {
                artifacts::record(tx, artifact)?;
            }
            let mut forget = tx.prepare_cached("DELETE FROM artifacts WHERE path = ?1")?;
            for path in gone {
                forget.execute([path])?;
            }
            Ok(())
        })
    }

    /// Ends all notes: what they were about is as it was before.
    pub(crate) fn drop_intents(&self) -> Result<(), StoreError> {
        self.write("ending an interrupted publication", |tx| {
            tx.execute(
                "DELETE FROM meta WHERE key >= 'naming:' AND key < 'naming;'",
                [],
            )?;
            Ok(())
        })
    }
}
