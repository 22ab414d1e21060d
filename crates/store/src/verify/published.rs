//! Published files: each recorded one is there and whole, no other lies beside them, and the manifest
//! names the same.

use std::collections::BTreeSet;
use std::fs;

use super::blobs::relative;
use super::{Findings, Repair, VerifyLevel};
use crate::disk::{files_below, hash_file};
use crate::error::IoContext as _;
use crate::{Lake, Layer, StoreError, publish};

pub(super) fn check(
    lake: &Lake,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let artifacts = lake.ledger().artifacts(None)?;
    let mut known = BTreeSet::new();
    for artifact in artifacts {
        let path = lake.dir().join(&artifact.path);
        let what = match fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Some("a published file is missing")
            }
            found => {
                if found.at("reading the size", &path)?.len() != artifact.bytes {
                    Some("a published file has another size")
                } else if level == VerifyLevel::Full && hash_file(&path)? != artifact.sha256 {
                    Some("a published file has another hash")
                } else {
                    None
                }
            }
        };
        if let Some(what) = what {
            let repair = Repair::Republish(artifact.layer, artifact.path.clone());
            findings.error("I5", what, &artifact.path, Some(repair));
        }
        known.insert(artifact.path);
    }
    for layer in Layer::ALL {
        for path in files_below(&lake.dir().join(layer.name()))? {
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
