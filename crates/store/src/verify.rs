//! Verification: the invariants, checked against the files.

mod blobs;
mod published;
mod rows;
mod sums;
mod warcs;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use nirnay_model::Sha256;

use crate::{Lake, Layer, StoreError, backup};

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyLevel {
    /// Sums, keys, presence and sizes.
    Quick,
    /// As `Quick`, and the hashes of a hundredth of the documents: that of the number given, taken modulo 100.
    /// A new number each day reads every document within a hundred days.
    Share(u8),
    /// Also every hash, every WARC record and the ledger's own integrity.
    Full,
}

impl VerifyLevel {
    /// Whether this document is read.
    fn reads(self, sha256: &Sha256) -> bool {
        match self {
            Self::Quick => false,
            Self::Share(number) => sha256.as_bytes()[31] % 100 == number % 100,
            Self::Full => true,
        }
    }
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
    /// Take the rows that are to be shown to nobody out of all files of a layer.
    Hide(Layer),
    /// Fetch a document again.
    FetchAgain(Sha256),
    /// Write `manifest.json` again.
    WriteManifest,
    /// Walk a window again: its proof is not believed.
    WalkAgain(i64),
    /// Count the kept sums of the ledger anew.
    CountAgain,
    /// Take the ledger as it is, after something else wrote to it.
    Approve,
    /// Remove a copy of the ledger that cannot be read.
    RemoveBackup(PathBuf),
    /// Restore a copy of the ledger: [`Lake::restore`], which needs the lake closed.
    Restore,
    /// Build the index again. It is made by a stage, and so is this: [`Lake::repair`] leaves it.
    BuildIndex,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RemoveFile(_) => "removes the file",
            Self::Republish(Layer::Text, _) => {
                "drops the file; the next crawl or `nirnay extract` extracts its text again"
            }
            Self::Republish(Layer::Ocr, _) => {
                "drops the file; the next crawl or `nirnay extract` that reads pictures makes it again from what was kept of them"
            }
            Self::Republish(layer, _) if layer.stage().is_some() => {
                "drops the file; it is made again from the text"
            }
            Self::Republish(..) => "writes the file again from the ledger",
            Self::Hide(_) => "takes the row out of the files of the layer",
            Self::FetchAgain(_) => "removes what is left of it; the next crawl fetches it again",
            Self::WriteManifest => "writes the manifest again",
            Self::WalkAgain(_) => "opens the window; the next crawl walks it again",
            Self::CountAgain => "counts again",
            Self::Approve => "takes the ledger as it is now",
            Self::Restore => {
                "restores the newest copy of the ledger that is sound; the next crawl walks again what came after it"
            }
            Self::BuildIndex => "moves it aside and builds it again from the tables",
            Self::RemoveBackup(_) => "removes the copy; the next opening makes a new one",
        })
    }
}

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The invariant: `I1` conservation, `I2` unique keys, `I3` closure, `I4` documents, `I5`
    /// published files, `I6` the index, `I7` captures.
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

type Check = fn(&Lake, VerifyLevel, &mut Findings) -> Result<(), StoreError>;

pub(crate) fn verify(lake: &Lake, level: VerifyLevel) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Findings::default();
    let checks: [Check; 6] = [
        imports,
        sums::check,
        whole_rows,
        blobs::check,
        published::check,
        warcs::check,
    ];
    for check in checks {
        match check(lake, level, &mut findings) {
            // A value that cannot even be read ends one check, not all of them.
            Err(StoreError::Corrupt { path, detail }) => {
                let in_ledger = path.ends_with("ledger.sqlite");
                let repair = in_ledger.then_some(Repair::Restore);
                findings.error("I2", detail, path.display().to_string(), repair);
            }
            checked => checked?,
        }
    }
    Ok(findings.finish())
}

/// Imported texts are what was brought in.
fn imports(lake: &Lake, level: VerifyLevel, findings: &mut Findings) -> Result<(), StoreError> {
    if let Some(imports) = lake.imports()? {
        for what in imports.verify(level == VerifyLevel::Full)? {
            findings.error("I4", what, "imports.sqlite", None);
        }
    }
    Ok(())
}

/// Rows are as they were written, and copies of the ledger can be read.
fn whole_rows(lake: &Lake, level: VerifyLevel, findings: &mut Findings) -> Result<(), StoreError> {
    if let Some(error) = lake.copy_failed() {
        let what = format!("today's copy of the ledger could not be made: {error}");
        findings.warning("I4", what, "backups", None);
    }
    if level == VerifyLevel::Full {
        backups(lake, findings)?;
        rows::check(&lake.ledger().snapshot()?, findings)?;
    }
    Ok(())
}

/// Whether every row of a ledger is as it was written.
pub(crate) fn rows_are_whole(connection: &rusqlite::Connection) -> Result<bool, StoreError> {
    let mut findings = Findings::default();
    rows::check(connection, &mut findings)?;
    Ok(findings.list.is_empty())
}

/// Copies of the ledger can be read to their ends.
fn backups(lake: &Lake, findings: &mut Findings) -> Result<(), StoreError> {
    for backup in backup::list(lake.disk())? {
        let (what, repair) = match backup::is_whole(lake.disk(), &backup.path) {
            Ok(true) => continue,
            Ok(false) => (
                "a copy of the ledger is damaged".to_owned(),
                Some(Repair::RemoveBackup(backup.path.clone())),
            ),
            // It may be whole: a cable is mended, a removed copy is gone.
            Err(error) => (
                format!("a copy of the ledger cannot be read: {error}"),
                None,
            ),
        };
        findings.warning("I4", what, blobs::relative(lake, &backup.path), repair);
    }
    Ok(())
}
