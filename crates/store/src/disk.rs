//! Durable files: written aside, synced, named, and the name synced too.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::StoreError;
use crate::error::IoContext as _;

/// The folder for files that have no name yet. Everything in it is removed at opening.
const TEMP: &str = ".tmp";

/// The default free space below which no write batch begins.
const MIN_FREE: u64 = 1 << 30;

/// The lake's directory as a place to write durable files.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    root: PathBuf,
    min_free: Arc<AtomicU64>,
    counter: Arc<AtomicU64>,
}

impl Disk {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            min_free: Arc::new(AtomicU64::new(MIN_FREE)),
            counter: Arc::new(AtomicU64::new(0)),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn set_min_free(&self, bytes: u64) {
        self.min_free.store(bytes, Ordering::Relaxed);
    }

    /// Fails when less than the minimum plus `batch` bytes is free.
    pub(crate) fn check_space(&self, batch: u64) -> Result<(), StoreError> {
        let stat = rustix::fs::statvfs(&self.root)
            .map_err(|errno| StoreError::io("reading the free space", &self.root, errno.into()))?;
        let free = stat.f_bavail.saturating_mul(stat.f_frsize);
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

    /// A new path for a file that has no name yet.
    pub(crate) fn temp_path(&self) -> Result<PathBuf, StoreError> {
        let dir = self.root.join(TEMP);
        fs::create_dir_all(&dir).at("creating the folder", &dir)?;
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        Ok(dir.join(format!("{}-{number}", std::process::id())))
    }

    /// Removes everything that never got a name.
    pub(crate) fn clear_temp(&self) -> Result<(), StoreError> {
        let dir = self.root.join(TEMP);
        match fs::remove_dir_all(&dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::io("removing unfinished files", &dir, error))
            }
            _ => Ok(()),
        }
    }

    /// Writes `bytes` aside and makes them durable; the caller gives them their name.
    pub(crate) fn write_aside(&self, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.temp_path()?;
        let written = File::create_new(&path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        if let Err(error) = written {
            // After a failed sync the file's state is unknown: it is given up, never synced again.
            remove_if_there(&path)?;
            return Err(StoreError::io("writing", &path, error));
        }
        Ok(path)
    }

    /// Replaces `target` (below the root) by the durable file `temp`, and makes the name durable.
    pub(crate) fn put_in_place(&self, temp: &Path, target: &Path) -> Result<(), StoreError> {
        let dir = target.parent().unwrap_or(&self.root);
        self.create_dirs(dir)?;
        fs::rename(temp, target).at("naming", target)?;
        sync_dir(dir)
    }

    /// Writes a whole small file durably.
    pub(crate) fn write_atomic(&self, target: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let temp = self.write_aside(bytes)?;
        self.put_in_place(&temp, target)
    }

    /// Creates a folder below the root, and makes each new name on the way durable.
    pub(crate) fn create_dirs(&self, dir: &Path) -> Result<(), StoreError> {
        if dir.is_dir() {
            return Ok(());
        }
        if let Some(parent) = dir.parent()
            && dir != self.root
        {
            self.create_dirs(parent)?;
        }
        match fs::create_dir(dir) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::io("creating the folder", dir, error));
            }
            _ => {}
        }
        dir.parent().map_or(Ok(()), sync_dir)
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    // A relative root of one part has the empty path as its parent.
    let dir = if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    };
    File::open(dir)
        .and_then(|file| file.sync_all())
        .at("syncing the folder", dir)
}

pub(crate) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("removing", path, error))
        }
        _ => Ok(()),
    }
}

/// The files below `dir`, in name order; empty if it does not exist. Symbolic links are not followed.
pub(crate) fn files_below(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.at("listing", &folder)?,
        };
        for entry in entries {
            let entry = entry.at("listing", &folder)?;
            let kind = entry.file_type().at("listing", &folder)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The hash of a file, read in pieces.
pub(crate) fn hash_file(path: &Path) -> Result<nirnay_model::Sha256, StoreError> {
    use sha2::Digest as _;

    struct Sink(sha2::Sha256);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut file = File::open(path).at("opening", path)?;
    let mut sink = Sink(sha2::Sha256::new());
    std::io::copy(&mut file, &mut sink).at("reading", path)?;
    Ok(nirnay_model::Sha256::from_bytes(sink.0.finalize().into()))
}
