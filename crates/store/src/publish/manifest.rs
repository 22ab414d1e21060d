//! `manifest.json`: every published file with its hash.

use nirnay_model::SCHEMA_VERSION;

use crate::disk::Disk;
use crate::files::SyncPoint;
use crate::{Artifact, Ledger, StoreError};

#[derive(serde::Serialize)]
struct Manifest {
    schema_version: u32,
    files: Vec<Artifact>,
}

fn bytes(ledger: &Ledger) -> Result<Vec<u8>, StoreError> {
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        files: ledger.artifacts(None)?,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    bytes.push(b'\n');
    Ok(bytes)
}

/// Whether `manifest.json` says what the ledger says.
pub(crate) fn is_current(disk: &Disk, ledger: &Ledger) -> Result<bool, StoreError> {
    let path = disk.root().join("manifest.json");
    match disk.read(&path)? {
        None => Ok(ledger.artifacts(None)?.is_empty()),
        Some(found) => Ok(found == bytes(ledger)?),
    }
}

/// Writes `manifest.json`, unless it is up to date.
pub(crate) fn write(disk: &Disk, ledger: &Ledger) -> Result<(), StoreError> {
    if is_current(disk, ledger)? {
        return Ok(());
    }
    disk.write_atomic(
        &disk.root().join("manifest.json"),
        &bytes(ledger)?,
        (SyncPoint::ManifestBytes, SyncPoint::ManifestName),
    )
}
