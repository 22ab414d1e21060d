//! The file operations that durability hangs on, behind one thin trait.
//!
//! The lake asks for every create, write, sync, rename and removal through [`Files`]. Its methods have
//! the operating system's behaviour as their default, so that [`OsFiles`] is empty; a test overrides
//! what it wants to watch, to fail, or to forget. The ledger is `SQLite`'s and writes through its own
//! file layer: [`Files::committed`] tells when a transaction of it became durable.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A place in the program where bytes or names are made durable. Each is needed: leaving it out loses
/// something that was acknowledged, at some moment of a power failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyncPoint {
    /// The name of the lake's folder, and of the folders above it that were created with it.
    LakeFolder,
    /// The name of the folder of host states.
    HostFolder,
    /// The state of a host, before it replaces the last one.
    HostBytes,
    /// The name of the state of a host.
    HostName,
    /// The name of `captures/`.
    CaptureFolder,
    /// What was appended to a WARC file.
    CaptureBytes,
    /// The name of a new WARC file.
    CaptureName,
    /// The names of `documents/` and of the two levels below it.
    DocumentFolder,
    /// The bytes of a document.
    DocumentBytes,
    /// The names of documents.
    DocumentName,
    /// The names of the folders of a published layer.
    PartFolder,
    /// The bytes of a published file.
    PartBytes,
    /// The names of published files.
    PartName,
    /// The bytes of `manifest.json`.
    ManifestBytes,
    /// The name of `manifest.json`.
    ManifestName,
    /// The name of `backups/`.
    BackupFolder,
    /// The bytes of a copy of the ledger.
    BackupBytes,
    /// The name of a copy of the ledger.
    BackupName,
    /// The bytes of a ledger that was restored from a copy. Its name is synced by `SQLite`, with that of the
    /// log, before the first transaction.
    RestoredBytes,
}

impl SyncPoint {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::LakeFolder,
        Self::HostFolder,
        Self::HostBytes,
        Self::HostName,
        Self::CaptureFolder,
        Self::CaptureBytes,
        Self::CaptureName,
        Self::DocumentFolder,
        Self::DocumentBytes,
        Self::DocumentName,
        Self::PartFolder,
        Self::PartBytes,
        Self::PartName,
        Self::ManifestBytes,
        Self::ManifestName,
        Self::BackupFolder,
        Self::BackupBytes,
        Self::BackupName,
        Self::RestoredBytes,
    ];
}

/// A file that is being written. Dropping it closes it; what was not synced may be lost.
pub trait OutFile: Write + Send + fmt::Debug {
    /// Makes what was written durable. After an error the file's state is unknown: it is given up.
    fn sync(&mut self, point: SyncPoint) -> io::Result<()>;
}

impl OutFile for File {
    fn sync(&mut self, _: SyncPoint) -> io::Result<()> {
        self.sync_all()
    }
}

/// An entry of a folder. Symbolic links count as files and are not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// The file operations of the lake.
pub trait Files: Send + Sync + fmt::Debug {
    /// Creates one folder; its parent must exist.
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir(dir)
    }

    /// Creates a file, which must not exist, for writing.
    fn create(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        Ok(Box::new(File::create_new(path)?))
    }

    /// Opens a file for writing at its end.
    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        Ok(Box::new(OpenOptions::new().append(true).open(path)?))
    }

    /// Opens a file that other code wrote, in order to sync it.
    fn adopt(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        Ok(Box::new(OpenOptions::new().append(true).open(path)?))
    }

    /// Writes over the first bytes of a file in place, creating it if needed. Never made durable: for
    /// notes that may be stale or torn.
    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?
            .write_all_at(bytes, 0)
    }

    /// Cuts a file.
    fn set_len(&self, path: &Path, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.set_len(length)
    }

    /// Gives a file another name, replacing what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Removes an empty folder.
    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        fs::remove_dir(dir)
    }

    /// Makes the names in a folder durable.
    fn sync_dir(&self, dir: &Path, _point: SyncPoint) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    /// Opens a file for reading.
    fn open(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    /// The size of a file.
    fn len(&self, path: &Path) -> io::Result<u64> {
        fs::metadata(path).map(|file| file.len())
    }

    /// What lies in a folder, in the order of names.
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            entries.push(Entry {
                is_folder: entry.file_type()?.is_dir(),
                path: entry.path(),
            });
        }
        entries.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        Ok(entries)
    }

    /// Free bytes on the file system of `dir`.
    fn free(&self, dir: &Path) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(dir)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// Told after each durable transaction of the ledger at `path`.
    fn committed(&self, _path: &Path) {}
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsFiles;

impl Files for OsFiles {}

/// The files of this machine, shared.
pub(crate) fn os() -> Arc<dyn Files> {
    Arc::new(OsFiles)
}
