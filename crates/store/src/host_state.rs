//! State of a host, shared by all processes of a machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::StoreError;
use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::files::{self, Files, SyncPoint};

/// Files with the state of hosts (budgets, back-off), one a host, changed under a lock.
#[derive(Debug, Clone)]
pub struct HostStateFile {
    disk: Disk,
}

/// The one in-flight slot of a host, held until dropped.
#[derive(Debug)]
pub struct HoldGuard {
    _file: File,
}

impl HostStateFile {
    /// The state files in `dir`, which is created when needed.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self::with_files(dir, files::os())
    }

    /// As [`HostStateFile::new`], through other file operations.
    pub fn with_files(dir: impl Into<PathBuf>, files: Arc<dyn Files>) -> Self {
        Self {
            disk: Disk::new(&dir.into(), files),
        }
    }

    /// Reads the state of `host` (`None`: there is none yet), lets `change` make the new one, and
    /// makes it durable, all under an exclusive lock. `change` is called once.
    pub fn update(
        &self,
        host: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Vec<u8>,
    ) -> Result<(), StoreError> {
        let lock_path = self.file(host, "lock");
        let lock = self.open(&lock_path)?;
        lock.lock().at("locking", &lock_path)?;
        let path = self.file(host, "state");
        let new = change(self.disk.read(&path)?);
        let temp = self.file(host, "tmp");
        self.disk.remove_if_there(&temp)?;
        self.disk.write_new(&temp, &new, SyncPoint::HostBytes)?;
        self.disk.name(&temp, &path)?;
        self.disk.sync_dir(self.disk.root(), SyncPoint::HostName)
    }

    /// The state of `host` as last written, without waiting for a lock.
    pub fn read(&self, host: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk.read(&self.file(host, "state"))
    }

    /// Takes the in-flight slot of `host`; `None` when another holder has it.
    pub fn try_hold(&self, host: &str) -> Result<Option<HoldGuard>, StoreError> {
        let path = self.file(host, "hold");
        let file = self.open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(HoldGuard { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StoreError::io("locking", &path, error)),
        }
    }

    fn open(&self, path: &Path) -> Result<File, StoreError> {
        self.disk
            .create_dirs(self.disk.root(), SyncPoint::HostFolder)?;
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .at("opening", path)
    }

    /// Host names come from configuration; every character that is not plain is spelled out, so
    /// that no name leaves the folder and no two share a file.
    fn file(&self, host: &str, kind: &str) -> PathBuf {
        let mut name = String::with_capacity(host.len() + 8);
        for byte in host.bytes() {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'.' => name.push(char::from(byte)),
                other => {
                    name.push('_');
                    name.extend(
                        [other >> 4, other & 15]
                            .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
                    );
                }
            }
        }
        self.disk.root().join(format!("h-{name}.{kind}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_is_kept_and_the_slot_is_exclusive() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (
            HostStateFile::new(dir.path()),
            HostStateFile::new(dir.path()),
        );
        for expected in [None, Some(b"1".to_vec())] {
            one.update("example.org:8080", &mut |old| {
                assert_eq!(old, expected);
                b"1".to_vec()
            })
            .unwrap();
        }
        assert_eq!(two.read("example.org:8080").unwrap(), Some(b"1".to_vec()));
        assert_eq!(two.read("example.org").unwrap(), None);
        let held = one.try_hold("example.org").unwrap();
        assert!(held.is_some() && two.try_hold("example.org").unwrap().is_none());
        assert!(
            two.try_hold("other.org").unwrap().is_some(),
            "each host has its own slot"
        );
        drop(held);
        assert!(two.try_hold("example.org").unwrap().is_some());
    }

    #[test]
    fn no_host_leaves_the_folder() {
        let files = HostStateFile::new("/state");
        for host in ["../../etc/passwd", "a/b", "", "A", "a_41"] {
            let path = files.file(host, "state");
            assert_eq!(path.parent(), Some(Path::new("/state")), "{host}");
        }
        assert_ne!(files.file("A", "state"), files.file("_41", "state"));
    }
}
