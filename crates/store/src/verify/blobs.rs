//! Documents: every recorded one is there and whole, and every file is recorded.

use std::path::Path;
use std::time::Duration;

use nirnay_model::Sha256;

use super::{Findings, Repair, VerifyLevel};
use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::files::Entry;
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
    let disk = lake.disk();
    let mut after = None;
    loop {
        let batch = lake.ledger().blobs_after(after)?;
        let Some((last, _)) = batch.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (sha256, size) in batch {
            let path = lake.documents().path(&sha256);
            let what = match fault(disk, &path, (&sha256, size), level) {
                Ok(None) => continue,
                Ok(Some(what)) => what,
                // A sector that cannot be read is one document's trouble.
                Err(StoreError::Io { source, .. }) => {
                    format!("a document cannot be read: {source}")
                }
                Err(error) => return Err(error),
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

/// What is wrong with a recorded document, if anything.
fn fault(
    disk: &Disk,
    path: &Path,
    (sha256, size): (&Sha256, u64),
    level: VerifyLevel,
) -> Result<Option<String>, StoreError> {
    Ok(match disk.size(path)? {
        None => Some("a document is missing".to_owned()),
        Some(found) if found != size => {
            Some(format!("a document has {found} bytes instead of {size}"))
        }
        Some(_) if level.reads(sha256) && disk.hash_file(path)? != *sha256 => {
            Some("a document's bytes do not have its hash".to_owned())
        }
        Some(_) => None,
    })
}

/// Goes through the folders one by one: there may be millions of files.
fn orphans(lake: &Lake, findings: &mut Findings) -> Result<(), StoreError> {
    let disk = lake.disk();
    for first in folder(disk, &lake.documents().dir())? {
        if !first.is_folder {
            orphan(lake, &first.path, findings)?;
            continue;
        }
        for second in folder(disk, &first.path)? {
            let files = if second.is_folder {
                disk.files_below(&second.path)?
            } else {
                vec![second.path]
            };
            for file in files {
                orphan(lake, &file, findings)?;
            }
        }
    }
    Ok(())
}

/// What lies in a folder; nothing if there is none.
fn folder(disk: &Disk, path: &Path) -> Result<Vec<Entry>, StoreError> {
    match disk.files().list(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries.at("listing", path),
    }
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
    let modified = match std::fs::metadata(path).and_then(|file| file.modified()) {
        // A writer was faster.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        modified => modified.at("reading the age", path)?,
    };
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
