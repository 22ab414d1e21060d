//! Published files: each recorded one is there and whole, no other lies beside them, and the manifest
//! names the same.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::blobs::relative;
use super::{Findings, Repair, VerifyLevel};
use crate::disk::Disk;
use crate::{Artifact, Lake, Layer, StoreError, publish};

pub(super) fn check(
    lake: &Lake,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let disk = lake.disk();
    let artifacts = lake.ledger().artifacts(None)?;
    // The whole file has to be read, and nothing but the bytes that were published may be decoded.
    let hidden: HashSet<String> = if level == VerifyLevel::Full {
        lake.ledger().removed_rows()?.into_iter().collect()
    } else {
        HashSet::new()
    };
    let mut known = BTreeSet::new();
    for artifact in artifacts {
        let path = lake.dir().join(&artifact.path);
        let what = match fault(disk, &path, &artifact, level) {
            // What is published can be made again: a file that the disk does not give is no reason to stop.
            Err(StoreError::Io { source, .. }) => {
                Some(format!("a published file cannot be read: {source}"))
            }
            fault => fault?,
        };
        if let Some(what) = what {
            let repair = Repair::Republish(artifact.layer, artifact.path.clone());
            findings.error("I5", what, &artifact.path, Some(repair));
        } else if shows_hidden(disk, &artifact, &hidden)? {
            let what = "a published file shows a row that was removed by order";
            let repair = Repair::Hide(artifact.layer);
            findings.error("I5", what, &artifact.path, Some(repair));
        }
        known.insert(artifact.path);
    }
    for layer in Layer::ALL {
        for path in disk.files_below(&lake.dir().join(layer.name()))? {
            let name = relative(lake, &path);
            if name.ends_with(".parquet") && !known.contains(&name) {
                findings.error(
                    "I5",
                    "a file lies among the published ones",
                    name,
                    Some(Repair::RemoveFile(path)),
                );
            }
        }
    }
    if !publish::manifest_is_current(lake.disk(), lake.ledger())? {
        findings.error(
            "I5",
            "the manifest is not that of the ledger",
            "manifest.json",
            Some(Repair::WriteManifest),
        );
    }
    Ok(())
}

/// Whether a published file that is whole names one of the hidden rows.
fn shows_hidden(
    disk: &Disk,
    artifact: &Artifact,
    hidden: &HashSet<String>,
) -> Result<bool, StoreError> {
    if hidden.is_empty() || artifact.layer == Layer::Dangling {
        return Ok(false);
    }
    publish::holds_rows(disk, artifact, hidden)
}

/// What is wrong with a published file, if anything.
fn fault(
    disk: &Disk,
    path: &Path,
    artifact: &Artifact,
    level: VerifyLevel,
) -> Result<Option<String>, StoreError> {
    Ok(match disk.size(path)? {
        None => Some("a published file is missing".to_owned()),
        Some(found) if found != artifact.bytes => {
            Some("a published file has another size".to_owned())
        }
        Some(_) if level != VerifyLevel::Full => None,
        Some(_) if disk.hash_file(path)? != artifact.sha256 => {
            Some("a published file has another hash".to_owned())
        }
        Some(_) => publish::check_rows(disk, path, artifact.rows)
            .err()
            .map(|error| error.to_string()),
    })
}
