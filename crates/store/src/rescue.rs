//! A lake whose ledger is lost or damaged.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use nirnay_model::Sha256;

use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::files::{Files, SyncPoint};
use crate::ledger::WarcFile;
use crate::recovery::SetAside;
use crate::scan::scan;
use crate::{Artifact, Derived, Lake, Layer, Ledger, OpenMode, StoreError, backup, lock, publish};

/// What became of a lake whose ledger was lost.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RescueReport {
    /// Where the damaged ledger, and captures that cannot be read, lie now; `None` if there were none.
    pub set_aside: Option<PathBuf>,
    /// The copy that was restored; `None`: no copy could be read, the ledger begins anew.
    pub restored: Option<PathBuf>,
    /// When that copy was made.
    pub restored_at: Option<Timestamp>,
    /// Captures found in the files that the restored ledger did not know.
    pub captures_found: u64,
    /// Documents found that it did not know.
    pub documents_found: u64,
    /// Windows that are not proven now: the next crawl walks them again, as it does the ranges that no window
    /// covers any more.
    pub windows_open: u64,
}

/// The files of a ledger.
const FILES: [&str; 5] = [
    "ledger.sqlite",
    "ledger.sqlite-wal",
    "ledger.sqlite-shm",
    "ledger.mark",
    "ledger.seal",
];

/// Sets a damaged ledger aside, restores the newest copy that can be read, and records what the files hold
/// beyond it. A ledger that can be opened is left alone.
pub(crate) fn rescue(
    files: &Arc<dyn Files>,
    dir: &Path,
    now: Timestamp,
) -> Result<RescueReport, StoreError> {
    match Lake::open_with(Arc::clone(files), dir, OpenMode::ReadWrite) {
        // Another damaged file is no reason to give up a ledger.
        Err(error) if error.is_about_the_ledger() => {}
        Err(error) => return Err(error),
        Ok(_) => return Ok(RescueReport::default()),
    }
    replace(files, dir, now, true)
}

/// As [`rescue`], for a ledger that can be opened and is damaged inside. Without a copy there is nothing
/// better than that ledger.
pub(crate) fn restore(
    files: &Arc<dyn Files>,
    dir: &Path,
    now: Timestamp,
) -> Result<RescueReport, StoreError> {
    replace(files, dir, now, false)
}

fn replace(
    files: &Arc<dyn Files>,
    dir: &Path,
    now: Timestamp,
    may_begin_anew: bool,
) -> Result<RescueReport, StoreError> {
    let held = lock::lock(dir)?;
    let disk = Disk::new(dir, Arc::clone(files));
    disk.clear_temp()?;
    let mut report = RescueReport::default();
    let found = unpack(&disk, &mut report, may_begin_anew)?;
    if found.is_none() && !may_begin_anew {
        return Err(StoreError::NotFound {
            what: "copy of the ledger that is sound",
            id: dir.join("backups").display().to_string(),
        });
    }
    let restored = match found {
        Some(restored) => restored,
        None => disk.temp_path()?,
    };
    // It learns before it gets its name: opened as it is, it would call captures it does not know torn.
    let ledger = Ledger::open(&restored, true, files)?;
    learn(&disk, &ledger, now, &mut report)?;
    drop(ledger);
    sync(&disk, &restored)?;
    report.set_aside = set_aside(&disk, now)?.or(report.set_aside);
    // No sync of names: a log of the damaged ledger that comes back beside this one fails the check at the
    // next opening, and then all of this is done again.
    disk.name(&restored, &dir.join("ledger.sqlite"))?;
    drop(held);
    let lake = Lake::open_with(Arc::clone(files), dir, OpenMode::ReadWrite)?;
    report.windows_open = lake.ledger().open_windows()?;
    Ok(report)
}

/// Makes a closed ledger durable.
fn sync(disk: &Disk, ledger: &Path) -> Result<(), StoreError> {
    let mut log = ledger.as_os_str().to_owned();
    log.push("-wal");
    if disk.size(Path::new(&log))?.unwrap_or(0) > 0 {
        return Err(StoreError::Conflict(format!(
            "the restored ledger could not be closed: {}; make room and run the same command again",
            ledger.display()
        )));
    }
    sync_file(disk, ledger, SyncPoint::RestoredBytes)
}

fn sync_file(disk: &Disk, path: &Path, point: SyncPoint) -> Result<(), StoreError> {
    disk.files()
        .adopt(path)
        .and_then(|mut file| disk.sync_file(file.as_mut(), point))
        .at("syncing", path)
}

/// Whether a copy is good enough.
type Check = fn(&Path) -> Result<bool, StoreError>;

/// Unpacks the newest copy that is sound; returns the file, which has no name yet. Where none is, and nothing else
/// is left of the ledger, one whose pages are in order is better than nothing: its damaged rows are found by
/// `fsck`.
fn unpack(
    disk: &Disk,
    report: &mut RescueReport,
    or_nothing: bool,
) -> Result<Option<PathBuf>, StoreError> {
    let copies = backup::list(disk)?;
    let checks: [Check; 2] = [Ledger::is_sound, Ledger::is_readable];
    for is_good in checks.into_iter().take(if or_nothing { 2 } else { 1 }) {
        for copy in &copies {
            let target = disk.temp_path()?;
            let good = backup::unpack(disk, &copy.path, &target).and_then(|()| is_good(&target));
            match good {
                Ok(true) => {
                    report.restored = Some(copy.path.clone());
                    report.restored_at = Some(copy.at);
                    return Ok(Some(target));
                }
                Ok(false) | Err(StoreError::Corrupt { .. }) => disk.remove_if_there(&target)?,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(None)
}

fn set_aside(disk: &Disk, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let aside = SetAside::new(disk, now);
    let mut moved = None;
    for name in FILES {
        let path = disk.root().join(name);
        if disk.size(&path)?.is_some() {
            aside.file(&path)?;
            moved = Some(aside.folder.clone());
        }
    }
    Ok(moved)
}

/// Records what the files hold and the ledger does not know.
fn learn(
    disk: &Disk,
    ledger: &Ledger,
    now: Timestamp,
    report: &mut RescueReport,
) -> Result<(), StoreError> {
    captures(disk, ledger, now, report)?;
    documents(disk, ledger, now, report)?;
    texts(disk, ledger)?;
    // Tables are written again from the rows there are: equal rows give equal files.
    let tables: Vec<String> = ledger
        .artifacts(None)?
        .into_iter()
        .filter(|artifact| artifact.layer != Layer::Text)
        .map(|artifact| artifact.path)
        .collect();
    ledger.settle(&[], &tables)?;
    ledger.drop_intents()?;
    for layer in Derived::ALL {
        ledger.layer_lost(layer)?;
    }
    Ok(())
}

/// Documents recorded in one transaction.
const BATCH: usize = 1000;

fn documents(
    disk: &Disk,
    ledger: &Ledger,
    now: Timestamp,
    report: &mut RescueReport,
) -> Result<(), StoreError> {
    let top = disk.root().join("documents");
    let mut found = Vec::new();
    let mut folders = BTreeSet::new();
    for path in disk.files_below(&top)? {
        let named: Option<Sha256> = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.parse().ok());
        let Some(sha256) = named else { continue };
        if ledger.has_blob(&sha256)? || disk.hash_file(&path)? != sha256 {
            continue;
        }
        // The process that wrote it may have died before its syncs.
        sync_file(disk, &path, SyncPoint::DocumentBytes)?;
        folders.extend(path.parent().map(Path::to_owned));
        found.push((sha256, disk.size(&path)?.unwrap_or(0)));
    }
    for folder in &folders {
        disk.sync_dir(folder, SyncPoint::DocumentName)?;
    }
    let above: BTreeSet<&Path> = folders
        .iter()
        .flat_map(|folder| folder.ancestors().skip(1))
        .filter(|folder| folder.starts_with(disk.root()))
        .collect();
    for folder in above {
        disk.sync_dir(folder, SyncPoint::DocumentFolder)?;
    }
    for batch in found.chunks(BATCH) {
        report.documents_found += ledger.find_blobs(batch, now)?;
    }
    Ok(())
}

fn captures(
    disk: &Disk,
    ledger: &Ledger,
    now: Timestamp,
    report: &mut RescueReport,
) -> Result<(), StoreError> {
    let recorded = ledger.warc_files()?;
    let folder = disk.root().join("captures");
    let aside = SetAside::new(disk, now);
    let mut last = 0;
    let paths = disk.files_below(&folder)?;
    if !paths.is_empty() {
        // The processes that wrote them may have died before their syncs.
        disk.sync_dir(&folder, SyncPoint::CaptureName)?;
        disk.sync_dir(disk.root(), SyncPoint::CaptureFolder)?;
    }
    for path in paths {
        let Some((name, run, seq)) = numbers(&path) else {
            continue;
        };
        last = last.max(run);
        let known = recorded
            .iter()
            .find(|file| file.name == name)
            .map_or(0, |file| file.length);
        let found = scan(disk, &path, &name, known)?;
        let size = disk.size(&path)?.unwrap_or(0);
        if found.end == 0 {
            // Nothing in it can be read. Opening would take it for one that was never written to.
            aside.file(&path)?;
            report.set_aside = Some(aside.folder.clone());
            continue;
        }
        if size > found.end {
            // What opening cuts off may be a record with one wrong bit.
            aside.tail(&path, found.end)?;
            report.set_aside = Some(aside.folder.clone());
        }
        if found.end > known {
            sync_file(disk, &path, SyncPoint::CaptureBytes)?;
            report.captures_found += found.entries.len() as u64;
            let file = WarcFile {
                name,
                run,
                seq,
                length: found.end,
            };
            ledger.record_captures(&[file], &found.entries)?;
        }
    }
    ledger.skip_runs(last, now)
}

/// The run and the number of a WARC file.
pub(crate) fn numbers(path: &Path) -> Option<(String, i64, u32)> {
    let name = path.file_name()?.to_str()?;
    let (run, seq) = name.strip_suffix(".warc.gz")?.split_once('-')?;
    Some((name.to_owned(), run.parse().ok()?, seq.parse().ok()?))
}

/// Text is dear: every whole file of it is kept, as it lies there.
fn texts(disk: &Disk, ledger: &Ledger) -> Result<(), StoreError> {
    let recorded = ledger.artifacts(Some(Layer::Text))?;
    let mut seen = BTreeSet::new();
    for path in disk.files_below(&disk.root().join(Layer::Text.name()))? {
        let name = path.strip_prefix(disk.root()).unwrap_or(&path);
        let name = name.to_string_lossy().into_owned();
        if !name.ends_with(".parquet") {
            continue;
        }
        let sha256 = disk.hash_file(&path)?;
        seen.insert(name.clone());
        if recorded
            .iter()
            .any(|known| known.path == name && known.sha256 == sha256)
        {
            continue;
        }
        let found = publish::text_rows_in(disk, &path).and_then(|rows| {
            let artifact = Artifact {
                path: name.clone(),
                layer: Layer::Text,
                sha256,
                rows,
                bytes: disk.size(&path)?.unwrap_or(0),
                // Made from nothing that is known: the next publication writes it again from itself.
                input: Sha256::from_bytes([0; 32]),
            };
            let facts = publish::text_facts_in(disk, &artifact)?;
            ledger.record_text(&artifact, &facts)
        });
        match found {
            Ok(()) => {}
            // What the disk does not give today may be whole.
            Err(error @ StoreError::Io { .. }) => return Err(error),
            Err(_) => ledger.forget_artifact(&name)?,
        }
    }
    for known in recorded {
        if !seen.contains(&known.path) {
            ledger.forget_artifact(&known.path)?;
        }
    }
    Ok(())
}
