//! Documents: every recorded one is there and whole, and every file is recorded.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nirnay_model::Sha256;

use super::{Findings, Repair, VerifyLevel};
use crate::disk::{files_below, hash_file};
use crate::error::IoContext as _;
use crate::{Lake, StoreError};

/// A file nothing refers to may be one whose row is about to be written; after this it is not.
const ORPHAN_AGE: Duration = Duration::from_hours(24);

pub(super) fn check(
    lake: &Lake,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    recorded(lake, level, findings)?;
    for sha256 in lake.ledger().stored_without_blob()? {
        let what = "a stored document is not among the recorded ones";
        findings.error(
            "I4",
            what,
            sha256.to_string(),
            Some(Repair::FetchAgain(sha256)),
        );
    }
    orphans(lake, findings)
}

fn recorded(lake: &Lake, level: VerifyLevel, findings: &mut Findings) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let batch = lake.ledger().blobs_after(after)?;
        let Some((last, _)) = batch.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (sha256, size) in batch {
            let path = lake.documents().path(&sha256);
            let what = match fs::metadata(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    "a document is missing".to_owned()
                }
                found => {
                    let found = found.at("reading the size", &path)?.len();
                    if found != size {
                        format!("a document has {found} bytes instead of {size}")
                    } else if level == VerifyLevel::Full && hash_file(&path)? != sha256 {
                        "a document's bytes do not have its hash".to_owned()
                    } else {
                        continue;
                    }
                }
            };
            findings.error(
                "I4",
                what,
                relative(lake, &path),
                Some(Repair::FetchAgain(sha256)),
            );
        }
    }
}

/// Goes through the folders one by one: there may be millions of files.
fn orphans(lake: &Lake, findings: &mut Findings) -> Result<(), StoreError> {
    let root = lake.documents().dir();
    if !root.is_dir() {
        return Ok(());
    }
    for first in fs::read_dir(&root).at("listing", &root)? {
        let first = first.at("listing", &root)?.path();
        if !first.is_dir() {
            orphan(lake, &first, findings)?;
            continue;
        }
        for second in fs::read_dir(&first).at("listing", &first)? {
            let second = second.at("listing", &first)?.path();
            let files = if second.is_dir() {
                files_below(&second)?
            } else {
                vec![second]
            };
            for file in files {
                orphan(lake, &file, findings)?;
            }
        }
    }
    Ok(())
}

fn orphan(lake: &Lake, path: &Path, findings: &mut Findings) -> Result<(), StoreError> {
    let sha256 = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .and_then(|stem| stem.parse::<Sha256>().ok());
    if let Some(sha256) = sha256
        && lake.documents().path(&sha256) == path
        && lake.ledger().has_blob(&sha256)?
    {
        return Ok(());
    }
    let modified = fs::metadata(path)
        .and_then(|file| file.modified())
        .at("reading the age", path)?;
    let old = modified.elapsed().is_ok_and(|age| age > ORPHAN_AGE);
    let repair = old.then(|| Repair::RemoveFile(path.to_owned()));
    findings.warning(
        "I4",
        "nothing refers to this file",
        relative(lake, path),
        repair,
    );
    Ok(())
}

pub(super) fn relative(lake: &Lake, path: &Path) -> String {
    path.strip_prefix(lake.dir())
        .unwrap_or(path)
        .display()
        .to_string()
}
