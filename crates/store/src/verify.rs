//! Verification: the invariants, checked against the files.

mod blobs;
mod published;
mod sums;
mod warcs;

use std::collections::BTreeMap;
use std::path::PathBuf;

use nirnay_model::Sha256;

use crate::{Lake, Layer, StoreError};

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyLevel {
    /// Sums, keys, presence and sizes.
    Quick,
    /// Also every hash, every WARC record and the ledger's own integrity.
    Full,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Harmless: leftovers.
    Warning,
    /// A promise is broken.
    Error,
}

/// What can be done about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// Remove a file nothing refers to.
    RemoveFile(PathBuf),
    /// Drop the file at this path below the lake and publish its layer again. Text is extracted
    /// again first.
    Republish(Layer, String),
    /// Fetch a document again.
    FetchAgain(Sha256),
    /// Write `manifest.json` again.
    WriteManifest,
}

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The invariant: `I1` conservation, `I2` unique keys, `I3` closure, `I4` documents, `I5`
    /// published files, `I7` captures.
    pub invariant: &'static str,
    /// What is wrong.
    pub what: String,
    /// Where: a path below the lake, or a place in the ledger.
    pub where_: String,
    /// Whether [`crate::Lake::repair`] can mend it.
    pub repairable: bool,
    /// How.
    pub repair: Option<Repair>,
}

/// The most findings listed for one invariant.
const MAX_FINDINGS: u64 = 1000;

/// Findings, with a bound on their number.
#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
    counts: BTreeMap<&'static str, u64>,
}

impl Findings {
    fn add(
        &mut self,
        severity: Severity,
        invariant: &'static str,
        what: String,
        where_: String,
        repair: Option<Repair>,
    ) {
        let count = self.counts.entry(invariant).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS {
            self.list.push(Finding {
                severity,
                invariant,
                what,
                where_,
                repairable: repair.is_some(),
                repair,
            });
        }
    }

    fn error(
        &mut self,
        invariant: &'static str,
        what: impl Into<String>,
        where_: impl Into<String>,
        repair: Option<Repair>,
    ) {
        self.add(
            Severity::Error,
            invariant,
            what.into(),
            where_.into(),
            repair,
        );
    }

    fn warning(
        &mut self,
        invariant: &'static str,
        what: impl Into<String>,
        where_: impl Into<String>,
        repair: Option<Repair>,
    ) {
        self.add(
            Severity::Warning,
            invariant,
            what.into(),
            where_.into(),
            repair,
        );
    }

    fn finish(mut self) -> Vec<Finding> {
        for (invariant, count) in &self.counts {
            if *count > MAX_FINDINGS {
                let what = format!(
                    "and {} more; repair these first, then look again",
                    count - MAX_FINDINGS
                );
                self.list.push(Finding {
                    severity: Severity::Error,
                    invariant,
                    what,
                    where_: String::new(),
                    repairable: false,
                    repair: None,
                });
            }
        }
        self.list
    }
}

pub(crate) fn verify(lake: &Lake, level: VerifyLevel) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Findings::default();
    sums::check(lake.ledger(), level, &mut findings)?;
    blobs::check(lake, level, &mut findings)?;
    published::check(lake, level, &mut findings)?;
    warcs::check(lake, level, &mut findings)?;
    Ok(findings.finish())
}
