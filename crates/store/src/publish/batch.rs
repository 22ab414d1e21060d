//! Files that get their names together, and what a crash in between left.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nirnay_model::Sha256;

use super::output::{self, Finished};
use super::{manifest, text};
use crate::disk::Disk;
use crate::files::SyncPoint;
use crate::ledger::Intent;
use crate::{Artifact, Layer, Ledger, StoreError};

/// Files or bytes that wait for their names at most.
const MAX_FILES: usize = 256;
const MAX_BYTES: u64 = 1 << 30;

/// Files that are written, durable and without a name. They get their names one after the other in
/// a moment, so that readers see an old layer next to a new one for no longer than that, and a crash
/// in that moment is mended at the next opening.
pub(super) struct Batch<'a> {
    disk: &'a Disk,
    ledger: &'a Ledger,
    waiting: Vec<(Finished, Artifact)>,
}

fn manifest_comes_first() -> bool {
    fail::fail_point!("plant-manifest-before-segment", |_| true);
    false
}

impl<'a> Batch<'a> {
    pub(super) fn new(disk: &'a Disk, ledger: &'a Ledger) -> Self {
        Self {
            disk,
            ledger,
            waiting: Vec::new(),
        }
    }

    /// Adds a file; where many wait already, those get their names first.
    pub(super) fn add(
        &mut self,
        finished: Finished,
        (layer, path): (Layer, &str),
        input: Sha256,
    ) -> Result<Artifact, StoreError> {
        let bytes: u64 = self.waiting.iter().map(|(_, waiting)| waiting.bytes).sum();
        if self.waiting.len() >= MAX_FILES || bytes >= MAX_BYTES {
            self.settle()?;
        }
        let artifact = finished.artifact(layer, path, input);
        self.waiting.push((finished, artifact.clone()));
        Ok(artifact)
    }

    /// Gives all files their names and records them.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        let ledger = self.ledger;
        self.settle_as(|artifacts| ledger.settle(artifacts, &[]))
    }

    /// As [`Batch::settle`], recorded by `record` in one transaction.
    pub(super) fn settle_as(
        &mut self,
        record: impl FnOnce(&[Artifact]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let intents: Vec<Intent> = waiting
            .iter()
            .map(|(finished, artifact)| Intent {
                artifact: artifact.clone(),
                input: artifact.input,
                temp: finished.temp_name(),
            })
            .collect();
        let artifacts: Vec<Artifact> = waiting
            .iter()
            .map(|(_, artifact)| artifact.clone())
            .collect();
        self.ledger.intend(&intents)?;
        if manifest_comes_first() {
            self.ledger.settle(&artifacts, &[])?;
            manifest::write(self.disk, self.ledger)?;
        }
        let mut folders = BTreeSet::new();
        for intent in &intents {
            name(self.disk, intent, &mut folders)?;
        }
        sync(self.disk, &folders)?;
        record(&artifacts)
    }
}

fn name(disk: &Disk, intent: &Intent, folders: &mut BTreeSet<PathBuf>) -> Result<(), StoreError> {
    let target = disk.root().join(&intent.artifact.path);
    let folder = target.parent().unwrap_or(disk.root());
    disk.create_dirs(folder, SyncPoint::PartFolder)?;
    disk.name(&disk.temp_named(&intent.temp), &target)?;
    folders.insert(folder.to_owned());
    Ok(())
}

fn sync(disk: &Disk, folders: &BTreeSet<PathBuf>) -> Result<(), StoreError> {
    folders
        .iter()
        .try_for_each(|folder| disk.sync_dir(folder, SyncPoint::PartName))
}

/// Whether the file at `path` is the one that was meant.
fn is_it(disk: &Disk, path: &Path, artifact: &Artifact) -> Result<bool, StoreError> {
    Ok(disk.size(path)? == Some(artifact.bytes) && disk.hash_file(path)? == artifact.sha256)
}

/// Finishes a publication that was interrupted between names and records: files that have their name
/// are recorded, files that wait for it get it, and what is gone leaves things as they were.
pub(crate) fn finish_interrupted(disk: &Disk, ledger: &Ledger) -> Result<(), StoreError> {
    let intents = ledger.intents()?;
    if intents.is_empty() {
        return Ok(());
    }
    let mut named = Vec::new();
    let mut folders = BTreeSet::new();
    for intent in intents {
        let target = disk.root().join(&intent.artifact.path);
        if is_it(disk, &target, &intent.artifact)? {
            // The name may be newer than the last sync of its folder.
            disk.create_dirs(
                target.parent().unwrap_or(disk.root()),
                SyncPoint::PartFolder,
            )?;
            folders.extend(target.parent().map(Path::to_owned));
        } else if is_it(disk, &disk.temp_named(&intent.temp), &intent.artifact)? {
            name(disk, &intent, &mut folders)?;
        } else {
            continue;
        }
        named.push(intent.into_artifact());
    }
    sync(disk, &folders)?;
    let (texts, tables): (Vec<_>, Vec<_>) = named
        .into_iter()
        .partition(|artifact| artifact.layer == Layer::Text);
    for artifact in texts {
        let facts = text::facts_in(disk, &artifact)?;
        ledger.record_text(&artifact, &facts)?;
    }
    ledger.settle(&tables, &[])?;
    ledger.drop_intents()
}

/// Removes published files that no record names, and writes the manifest if it is not that of the
/// ledger.
pub(crate) fn sweep_strays(disk: &Disk, ledger: &Ledger) -> Result<(), StoreError> {
    for layer in Layer::ALL {
        let recorded = ledger
            .artifacts(Some(layer))?
            .into_iter()
            .map(|artifact| artifact.path)
            .collect();
        output::sweep(disk, ledger, layer, &recorded)?;
    }
    manifest::write(disk, ledger)
}
