//! Files that fail at a chosen operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nirnay_store::{Entry, Files, OsFiles, OutFile, SyncPoint};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// With an I/O error, once.
    Io,
    /// For want of room, as does everything after it that needs room.
    Full,
    /// A write stops half way, and everything after it that needs room fails.
    Short,
}

impl Fault {
    pub(crate) const ALL: [Self; 3] = [Self::Io, Self::Full, Self::Short];
}

/// The writes that close a file, at most. A writer with a buffer tries its last one again when it goes away, so
/// that an error there may do no harm; one before it does.
const CLOSING: usize = 3;

#[derive(Debug, Default)]
struct State {
    /// Operations so far.
    count: u64,
    /// The operation that fails, from 0, and how.
    plan: Option<(u64, Fault)>,
    /// Whether the fault has happened.
    struck: bool,
    /// Files and folders whose sync failed, and those among them that were synced again.
    failed: BTreeSet<PathBuf>,
    retried: Vec<PathBuf>,
    /// The writes to each file since its last sync, and the last of those that a sync followed.
    written: BTreeMap<PathBuf, Vec<u64>>,
    closings: Vec<u64>,
}

/// Does everything for real, except what fails.
#[derive(Clone, Default)]
pub(crate) struct Faulty {
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty").finish_non_exhaustive()
    }
}

/// What an operation needs of the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Room for bytes or names.
    Room,
    Nothing,
}

enum Outcome {
    Fine,
    Half,
    Fails(io::Error),
}

fn io_error() -> io::Error {
    io::Error::from_raw_os_error(5)
}

fn no_space() -> io::Error {
    io::Error::from_raw_os_error(28)
}

impl Faulty {
    pub(crate) fn new(plan: Option<(u64, Fault)>) -> Self {
        let faulty = Self::default();
        faulty.lock().plan = plan;
        faulty
    }

    /// The operations so far.
    pub(crate) fn count(&self) -> u64 {
        self.lock().count
    }

    /// Files that were synced again after their sync had failed.
    pub(crate) fn retried(&self) -> Vec<PathBuf> {
        self.lock().retried.clone()
    }

    /// The operations that were among the last writes to a file before it was synced.
    pub(crate) fn closings(&self) -> Vec<u64> {
        self.lock().closings.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, need: Need) -> Outcome {
        let mut state = self.lock();
        let number = state.count;
        state.count += 1;
        let Some((at, fault)) = state.plan else {
            return Outcome::Fine;
        };
        if state.struck {
            return match fault {
                Fault::Full | Fault::Short if need == Need::Room => Outcome::Fails(no_space()),
                _ => Outcome::Fine,
            };
        }
        // A disk that is full refuses only what needs room: the fault waits for that.
        let waits = fault != Fault::Io && need != Need::Room;
        if number < at || waits {
            return Outcome::Fine;
        }
        state.struck = true;
        match fault {
            Fault::Io => Outcome::Fails(io_error()),
            Fault::Full => Outcome::Fails(no_space()),
            Fault::Short => Outcome::Half,
        }
    }

    fn check(&self, need: Need) -> io::Result<()> {
        match self.next(need) {
            Outcome::Fails(error) => Err(error),
            Outcome::Fine | Outcome::Half => Ok(()),
        }
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if self.lock().failed.contains(path) {
            self.lock().retried.push(path.to_owned());
        }
        let mut state = self.lock();
        if let Some(writes) = state.written.remove(path) {
            state.closings.extend(writes.iter().rev().take(CLOSING));
        }
        drop(state);
        let checked = self.check(Need::Nothing);
        if checked.is_err() {
            self.lock().failed.insert(path.to_owned());
        }
        checked
    }

    /// The next operation is a write to this file.
    fn writes(&self, path: &Path) {
        let mut state = self.lock();
        let number = state.count;
        state
            .written
            .entry(path.to_owned())
            .or_default()
            .push(number);
    }

    fn file(&self, path: &Path, inner: Box<dyn OutFile>) -> Box<dyn OutFile> {
        Box::new(FaultyFile {
            files: self.clone(),
            path: path.to_owned(),
            inner,
        })
    }
}

impl Files for Faulty {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.check(Need::Room)?;
        OsFiles.create_dir(dir)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.check(Need::Room)?;
        Ok(self.file(path, OsFiles.create(path)?))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.check(Need::Nothing)?;
        Ok(self.file(path, OsFiles.append(path)?))
    }

    fn adopt(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        self.check(Need::Nothing)?;
        Ok(self.file(path, OsFiles.adopt(path)?))
    }

    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.check(Need::Room)?;
        OsFiles.overwrite(path, bytes)
    }

    fn set_len(&self, path: &Path, length: u64) -> io::Result<()> {
        self.check(Need::Nothing)?;
        OsFiles.set_len(path, length)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check(Need::Room)?;
        OsFiles.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.check(Need::Nothing)?;
        OsFiles.remove(path)
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        self.check(Need::Nothing)?;
        OsFiles.remove_dir(dir)
    }

    fn sync_dir(&self, dir: &Path, _: SyncPoint) -> io::Result<()> {
        self.sync(dir)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        self.check(Need::Nothing)?;
        OsFiles.open(path)
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        self.check(Need::Nothing)?;
        OsFiles.len(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.check(Need::Nothing)?;
        OsFiles.list(dir)
    }

    fn free(&self, dir: &Path) -> io::Result<u64> {
        self.check(Need::Nothing)?;
        OsFiles.free(dir)
    }
}

struct FaultyFile {
    files: Faulty,
    path: PathBuf,
    inner: Box<dyn OutFile>,
}

impl fmt::Debug for FaultyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FaultyFile").field(&self.path).finish()
    }
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.files.writes(&self.path);
        match self.files.next(Need::Room) {
            Outcome::Fine => self.inner.write(bytes),
            Outcome::Fails(error) => Err(error),
            Outcome::Half => match self.inner.write(&bytes[..bytes.len() / 2])? {
                0 => Err(no_space()),
                written => Ok(written),
            },
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl OutFile for FaultyFile {
    fn sync(&mut self, _: SyncPoint) -> io::Result<()> {
        self.files.sync(&self.path)
    }
}
