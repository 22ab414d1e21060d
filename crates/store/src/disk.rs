//! Durable files: written aside, synced, named, and the name synced too.

use std::collections::HashSet;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::StoreError;
use crate::error::IoContext as _;
use crate::files::{Files, OutFile, SyncPoint};

/// The folder for files that have no name yet. Everything in it is removed at opening.
const TEMP: &str = ".tmp";

/// The default free space below which no write batch begins.
const MIN_FREE: u64 = 1 << 30;

/// The lake's directory as a place to write durable files.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    root: PathBuf,
    files: Arc<dyn Files>,
    min_free: Arc<AtomicU64>,
    counter: Arc<AtomicU64>,
    /// Whether a sync failed. What the system then holds in memory may never reach the disk, and a
    /// second sync may say otherwise: nothing more is written through this handle.
    failed: Arc<AtomicBool>,
    /// Folders whose names are durable. One that is merely there may have been created by a process
    /// that died before it made the name durable.
    durable: Arc<Mutex<HashSet<PathBuf>>>,
}

fn skips_file_sync() -> bool {
    fail::fail_point!("plant-no-file-sync", |_| true);
    false
}

fn skips_directory_sync() -> bool {
    fail::fail_point!("plant-no-directory-sync", |_| true);
    false
}

impl Disk {
    pub(crate) fn new(root: &Path, files: Arc<dyn Files>) -> Self {
        Self {
            root: root.to_owned(),
            files,
            min_free: Arc::new(AtomicU64::new(MIN_FREE)),
            counter: Arc::new(AtomicU64::new(0)),
            failed: Arc::default(),
            durable: Arc::default(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    pub(crate) fn set_min_free(&self, bytes: u64) {
        self.min_free.store(bytes, Ordering::Relaxed);
    }

    /// Fails when less than the minimum plus `batch` bytes is free.
    pub(crate) fn check_space(&self, batch: u64) -> Result<(), StoreError> {
        let free = self
            .files
            .free(&self.root)
            .at("reading the free space", &self.root)?;
        let needed = self.min_free.load(Ordering::Relaxed).saturating_add(batch);
        if free < needed {
            return Err(StoreError::DiskFull {
                path: self.root.clone(),
                free,
                needed,
            });
        }
        Ok(())
    }

    /// Refuses to write after a sync has failed.
    pub(crate) fn check_trust(&self) -> Result<(), StoreError> {
        if !self.failed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let source = std::io::Error::other(
            "an earlier sync failed, so that nothing can be trusted to reach the disk; check the disk, \
             then run the same command again",
        );
        Err(StoreError::io("writing", &self.root, source))
    }

    /// A new path for a file that has no name yet.
    pub(crate) fn temp_path(&self) -> Result<PathBuf, StoreError> {
        self.check_trust()?;
        let dir = self.root.join(TEMP);
        match self.files.create_dir(&dir) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(StoreError::io("creating the folder", &dir, error));
            }
            _ => {}
        }
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        Ok(dir.join(format!("{}-{number}", std::process::id())))
    }

    /// Where the unfinished file with this name lies.
    pub(crate) fn temp_named(&self, name: &str) -> PathBuf {
        self.root.join(TEMP).join(name)
    }

    /// Removes everything that never got a name.
    pub(crate) fn clear_temp(&self) -> Result<(), StoreError> {
        for path in self.files_below(&self.root.join(TEMP))? {
            self.remove_if_there(&path)?;
        }
        // It comes back with the next unfinished file.
        self.files.remove_dir(&self.root.join(TEMP)).ok();
        Ok(())
    }

    /// Makes what was written to a file durable.
    pub(crate) fn sync_file(
        &self,
        file: &mut dyn OutFile,
        point: SyncPoint,
    ) -> std::io::Result<()> {
        if skips_file_sync() {
            return Ok(());
        }
        let synced = file.sync(point);
        self.failed.fetch_or(synced.is_err(), Ordering::Relaxed);
        synced
    }

    /// Makes the names in a folder durable.
    pub(crate) fn sync_dir(&self, dir: &Path, point: SyncPoint) -> Result<(), StoreError> {
        if skips_directory_sync() {
            return Ok(());
        }
        // A relative path of one part has the empty path as its parent.
        let dir = if dir.as_os_str().is_empty() {
            Path::new(".")
        } else {
            dir
        };
        let synced = self.files.sync_dir(dir, point);
        let denied = synced
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::PermissionDenied);
        self.failed
            .fetch_or(synced.is_err() && !denied, Ordering::Relaxed);
        synced.at("syncing the folder", dir)
    }

    /// Writes `bytes` aside and makes them durable; the caller gives them their name.
    pub(crate) fn write_aside(
        &self,
        bytes: &[u8],
        point: SyncPoint,
    ) -> Result<PathBuf, StoreError> {
        let path = self.temp_path()?;
        self.write_new(&path, bytes, point)?;
        Ok(path)
    }

    /// Writes a whole new file and makes its bytes durable, or leaves no file.
    pub(crate) fn write_new(
        &self,
        path: &Path,
        bytes: &[u8],
        point: SyncPoint,
    ) -> Result<(), StoreError> {
        self.check_trust()?;
        let written = self.files.create(path).and_then(|mut file| {
            file.write_all(bytes)?;
            self.sync_file(file.as_mut(), point)
        });
        if written.is_err() {
            // After a failed sync the file's state is unknown: it is given up, never synced again.
            self.remove_if_there(path).ok();
        }
        written.at("writing", path)
    }

    /// Replaces `target` by the durable file `temp`; the caller makes the name durable.
    pub(crate) fn name(&self, temp: &Path, target: &Path) -> Result<(), StoreError> {
        self.check_trust()?;
        let named = self.files.rename(temp, target);
        if named.is_err() {
            self.remove_if_there(temp).ok();
        }
        named.at("naming", target)
    }

    /// Writes a whole small file durably into a folder that exists.
    pub(crate) fn write_atomic(
        &self,
        target: &Path,
        bytes: &[u8],
        (content, name): (SyncPoint, SyncPoint),
    ) -> Result<(), StoreError> {
        let temp = self.write_aside(bytes, content)?;
        self.name(&temp, target)?;
        self.sync_dir(target.parent().unwrap_or(&self.root), name)
    }

    /// Creates a folder and those above it where they are missing, and makes their names durable.
    pub(crate) fn create_dirs(&self, dir: &Path, point: SyncPoint) -> Result<(), StoreError> {
        let Some(parent) = dir.parent() else {
            return Ok(());
        };
        let is_there = dir.is_dir();
        if is_there && self.durable_folders().contains(dir) {
            return Ok(());
        }
        if !is_there {
            self.create_dirs(parent, point)?;
            match self.files.create_dir(dir) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(StoreError::io("creating the folder", dir, error));
                }
                _ => {}
            }
        }
        match self.sync_dir(parent, point) {
            // A folder above the lake that we may not read is not one that we created.
            Err(StoreError::Io { source, .. })
                if is_there && source.kind() == ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
        self.durable_folders().insert(dir.to_owned());
        Ok(())
    }

    /// Removes the folders above a removed file that are empty now, up to the lake's own.
    pub(crate) fn remove_empty_folders(&self, file: &Path) {
        let mut folder = file.parent();
        while let Some(path) = folder.filter(|path| *path != self.root) {
            self.durable_folders().remove(path);
            if self.files.remove_dir(path).is_err() {
                break;
            }
            folder = path.parent();
        }
    }

    fn durable_folders(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn remove_if_there(&self, path: &Path) -> Result<(), StoreError> {
        match self.files.remove(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(StoreError::io("removing", path, error))
            }
            _ => Ok(()),
        }
    }

    /// The size of a file; `None` if it does not exist.
    pub(crate) fn size(&self, path: &Path) -> Result<Option<u64>, StoreError> {
        match self.files.len(path) {
            Ok(size) => Ok(Some(size)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("reading the size", path, error)),
        }
    }

    /// A whole small file; `None` if it does not exist.
    pub(crate) fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        read(self.files.as_ref(), path)
    }

    /// The files below `dir`, in name order; empty if it does not exist. Symbolic links are not
    /// followed.
    pub(crate) fn files_below(&self, dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
        let mut found = Vec::new();
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = match self.files.list(&folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries.at("listing", &folder)?,
            };
            for entry in entries {
                if entry.is_folder {
                    folders.push(entry.path);
                } else {
                    found.push(entry.path);
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The hash of a file, read in pieces.
    pub(crate) fn hash_file(&self, path: &Path) -> Result<nirnay_model::Sha256, StoreError> {
        hash_file(self.files.as_ref(), path)
    }
}

/// A whole small file; `None` if it does not exist.
pub(crate) fn read(files: &dyn Files, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let mut file = match files.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.at("reading", path)?,
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).at("reading", path)?;
    Ok(Some(bytes))
}

/// The hash of a file, read in pieces.
pub(crate) fn hash_file(
    files: &dyn Files,
    path: &Path,
) -> Result<nirnay_model::Sha256, StoreError> {
    use sha2::Digest as _;

    let mut file = files.open(path).at("opening", path)?;
    let mut hash = sha2::Sha256::new();
    let mut piece = vec![0; 256 << 10];
    loop {
        let read = file.read(&mut piece).at("reading", path)?;
        if read == 0 {
            return Ok(nirnay_model::Sha256::from_bytes(hash.finalize().into()));
        }
        hash.update(piece.get(..read).unwrap_or_default());
    }
}
