//! Opening: what a crash left behind.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::files::SyncPoint;
use crate::scan::scan;
use crate::{Ledger, StoreError, publish, rescue};

/// What lies in a lake only after its ledger recorded something.
const TRACES: &[&str] = &["ledger.mark", "manifest.json"];
const TRACE_FOLDERS: &[&str] = &["captures", "documents", "judgments", "backups"];

/// How the names of folders begin in which damaged files are set aside.
const ASIDE: &str = "damaged-";

/// Refuses to begin an empty ledger where one must have been.
pub(crate) fn refuse_lost_ledger(disk: &Disk, ledger: &Path) -> Result<(), StoreError> {
    let mut log = ledger.as_os_str().to_owned();
    log.push("-wal");
    let is_empty = |path: &Path| disk.size(path).map(|size| size.unwrap_or(0) == 0);
    if !is_empty(ledger)? || !is_empty(Path::new(&log))? {
        return Ok(());
    }
    for name in TRACES {
        if disk.size(&disk.root().join(name))?.is_some() {
            return Err(lost(ledger, name));
        }
    }
    // A rescue that died between setting the old ledger aside and putting the new one in its place.
    let entries = match disk.files().list(disk.root()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        entries => entries.at("listing", disk.root())?,
    };
    for entry in &entries {
        let name = entry.path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|name| name.starts_with(ASIDE)) {
            return Err(lost(ledger, name));
        }
    }
    for name in TRACE_FOLDERS {
        match disk.files().list(&disk.root().join(name)) {
            Ok(entries) if entries.is_empty() => {}
            Ok(_) => return Err(lost(ledger, name)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(StoreError::io("listing", &disk.root().join(name), error));
            }
        }
    }
    Ok(())
}

fn lost(ledger: &Path, trace: &str) -> StoreError {
    StoreError::corrupt(
        ledger,
        format!("it is missing or empty, although {trace} is there"),
    )
}

/// Brings the files to what the ledger says is durable: an interrupted publication is finished,
/// unfinished files go, WARC files lose their torn tails. A WARC file shorter than its durable length is
/// left for `verify` to report.
pub(crate) fn recover(disk: &Disk, ledger: &Ledger, now: Timestamp) -> Result<(), StoreError> {
    publish::finish_interrupted(disk, ledger)?;
    disk.clear_temp()?;
    captures(disk, ledger, &SetAside::new(disk, now))?;
    publish::sweep_strays(disk, ledger)
}

/// WARC files get their durable lengths. A file that is not recorded was created by a process that died
/// before it synced anything; the same work done again gives the same file.
///
/// That holds only for a ledger that knows the file's run, as it recorded the run before the run's first
/// file. A file of a later run says that this ledger is older than the lake, whoever put it here: then
/// nothing that can be read is thrown away.
fn captures(disk: &Disk, ledger: &Ledger, aside: &SetAside<'_>) -> Result<(), StoreError> {
    let durable = ledger.warc_files()?;
    let last_run = ledger.last_run()?.map_or(0, |run| run.id);
    let files: Vec<_> = disk
        .files_below(&disk.root().join("captures"))?
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            name.ends_with(".warc.gz").then_some((path, name))
        })
        .collect();
    let mut readable = BTreeSet::new();
    for (path, name) in &files {
        let is_later = rescue::numbers(path).is_some_and(|(_, run, _)| run > last_run);
        if is_later && !scan(disk, path, name, 0)?.entries.is_empty() {
            readable.insert(name.clone());
        }
    }
    for (path, name) in files {
        match durable.iter().find(|file| file.name == name) {
            None if readable.contains(&name) => aside.file(&path)?,
            None => disk.remove_if_there(&path)?,
            Some(file) if disk.size(&path)?.is_none_or(|length| length <= file.length) => {}
            Some(file) => {
                if !readable.is_empty() {
                    aside.tail(&path, file.length)?;
                }
                // Not synced: a tail that comes back is cut again, and what is appended is synced
                // with the file's length.
                disk.files()
                    .set_len(&path, file.length)
                    .at("cutting the torn tail", &path)?;
            }
        }
    }
    Ok(())
}

/// The folder `damaged-<time>/` of a lake, which is created when something is put into it.
pub(crate) struct SetAside<'a> {
    disk: &'a Disk,
    pub(crate) folder: PathBuf,
}

impl<'a> SetAside<'a> {
    pub(crate) fn new(disk: &'a Disk, now: Timestamp) -> Self {
        let name = format!("{ASIDE}{}", now.strftime("%Y%m%dT%H%M%SZ"));
        Self {
            disk,
            folder: disk.root().join(name),
        }
    }

    fn create(&self) -> Result<(), StoreError> {
        match self.disk.files().create_dir(&self.folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(StoreError::io("creating the folder", &self.folder, error))
            }
            _ => self
                .disk
                .sync_dir(self.disk.root(), SyncPoint::CaptureFolder),
        }
    }

    /// Moves a file into the folder, under its name.
    pub(crate) fn file(&self, path: &Path) -> Result<(), StoreError> {
        self.create()?;
        let name = path.file_name().unwrap_or_default();
        self.disk.name(path, &self.folder.join(name))
    }

    /// Copies what a file holds behind `from`, and makes the copy durable: the file is about to be cut.
    pub(crate) fn tail(&self, path: &Path, from: u64) -> Result<(), StoreError> {
        self.create()?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let target = self.folder.join(format!("{name}.from-{from}"));
        self.disk.remove_if_there(&target)?;
        let mut source = self.disk.files().open(path).at("opening", path)?;
        source.seek(SeekFrom::Start(from)).at("reading", path)?;
        let mut copy = self.disk.files().create(&target).at("creating", &target)?;
        std::io::copy(&mut source, &mut copy).at("copying", path)?;
        self.disk
            .sync_file(copy.as_mut(), SyncPoint::CaptureBytes)
            .at("syncing", &target)?;
        self.disk.sync_dir(&self.folder, SyncPoint::CaptureName)
    }
}
