//! What a lake had acknowledged at a moment: no crash may take any of it back (I7).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nirnay_model::Sha256;

use crate::records::Records;

/// What a lake has acknowledged so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Judgments, with the hash of their values.
    judgments: BTreeMap<String, Vec<u8>>,
    /// Judgments whose document is stored.
    documents: BTreeMap<String, Sha256>,
    /// Windows proven complete.
    complete: BTreeSet<String>,
    /// Requests reserved by each run.
    requests: BTreeMap<i64, u64>,
}

impl Progress {
    /// Reads what the lake in `dir` has acknowledged; nothing if it has no ledger yet.
    pub fn read(dir: &Path) -> Result<Self, String> {
        if !dir.join("ledger.sqlite").exists() {
            return Ok(Self::default());
        }
        Self::of(dir).map_err(|error| format!("reading the ledger of {}: {error}", dir.display()))
    }

    fn of(dir: &Path) -> rusqlite::Result<Self> {
        let records = Records::open(dir)?;
        let mut progress = Self::default();
        // A crash right after the ledger was made leaves it without tables.
        let Ok(judgments) = records.judgments() else {
            return Ok(progress);
        };
        for judgment in judgments {
            if let Some(document) = judgment.document {
                progress.documents.insert(judgment.key.clone(), document);
            }
            progress.judgments.insert(judgment.key, judgment.row_hash);
        }
        let windows = records.windows()?;
        progress.complete = windows
            .iter()
            .filter(|window| window.is_complete())
            .map(super::records::WindowRecord::name)
            .collect();
        let runs = records.runs()?;
        progress.requests = runs
            .into_iter()
            .map(|(run, (requests, _))| (run, requests))
            .collect();
        Ok(progress)
    }

    /// How much there is: judgments, documents, windows.
    pub fn size(&self) -> (usize, usize, usize) {
        (
            self.judgments.len(),
            self.documents.len(),
            self.complete.len(),
        )
    }

    /// Whether the document of the row with this key is stored.
    pub fn holds_document(&self, key: &str) -> bool {
        self.documents.contains_key(key)
    }

    /// What was acknowledged here and is gone in `later`. The listing must not have changed in between.
    pub fn lost_in(&self, later: &Self) -> Vec<String> {
        let mut lost = Vec::new();
        for (key, hash) in &self.judgments {
            if later.judgments.get(key) != Some(hash) {
                lost.push(format!("judgment {key}"));
            }
        }
        for (key, hash) in &self.documents {
            if later.documents.get(key) != Some(hash) {
                lost.push(format!("document of {key}"));
            }
        }
        for window in self.complete.difference(&later.complete) {
            lost.push(format!("proof of window {window}"));
        }
        for (run, requests) in &self.requests {
            if later.requests.get(run).is_none_or(|now| now < requests) {
                lost.push(format!("budget used by run {run}"));
            }
        }
        lost
    }
}
