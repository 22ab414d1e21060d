//! State of a host, shared by all processes of a machine.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::disk::sync_dir;
use crate::error::IoContext as _;

/// Files with the state of hosts (budgets, back-off), one a host, changed under a lock.
#[derive(Debug, Clone)]
pub struct HostStateFile {
    dir: PathBuf,
}

/// The one in-flight slot of a host, held until dropped.
#[derive(Debug)]
pub struct HoldGuard {
    _file: File,
}

impl HostStateFile {
    /// The state files in `dir`, which is created when needed.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
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
        let old = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::io("reading", &path, error)),
        };
        let new = change(old);
        let temp = self.file(host, "tmp");
        let written = File::create(&temp).and_then(|mut file| {
            file.write_all(&new)?;
            file.sync_all()
        });
        written.at("writing", &temp)?;
        fs::rename(&temp, &path).at("naming", &path)?;
        sync_dir(&self.dir)
    }

    /// The state of `host` as last written, without waiting for a lock.
    pub fn read(&self, host: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.file(host, "state");
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("reading", &path, error)),
        }
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
        fs::create_dir_all(&self.dir).at("creating the folder", &self.dir)?;
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
        self.dir.join(format!("h-{name}.{kind}"))
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
