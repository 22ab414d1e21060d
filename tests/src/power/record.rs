//! A recorder: does every file operation for real, and notes it.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nirnay_store::{Files, OsFiles, OutFile, SyncPoint};

use super::story::Promise;

/// One operation, with paths below the recorder's folder.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    CreateDir(PathBuf),
    Create(PathBuf),
    /// Bytes written at a place.
    Write(PathBuf, u64, Vec<u8>),
    SetLen(PathBuf, u64),
    SyncFile(PathBuf, SyncPoint),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    RemoveDir(PathBuf),
    SyncDir(PathBuf, SyncPoint),
    /// A file that other code wrote, and made nothing durable of.
    Written(PathBuf, Vec<u8>),
    /// The ledger at this path has this state, durably.
    Commit(PathBuf, Ledger),
    Promise(Promise),
}

/// The files of a ledger after a transaction.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) main: Arc<Vec<u8>>,
    /// The write-ahead log: the first so many bytes of a log that only grows.
    pub(crate) log: (Arc<Vec<u8>>, usize),
}

/// Notes everything that is done below a folder.
#[derive(Clone)]
pub(crate) struct Recorder {
    root: PathBuf,
    trace: Arc<Mutex<Vec<Op>>>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            trace: Arc::default(),
        }
    }

    /// What was noted so far.
    pub(crate) fn take(&self) -> Vec<Op> {
        std::mem::take(&mut self.lock())
    }

    /// Notes that a call returned with a promise.
    pub(crate) fn promised(&self, promise: Promise) {
        self.lock().push(Op::Promise(promise));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Op>> {
        self.trace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn below(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_owned()
    }

    /// Notes what was done; what failed changed nothing.
    fn done<T>(&self, result: io::Result<T>, op: impl FnOnce(&Self) -> Op) -> io::Result<T> {
        if result.is_ok() {
            let op = op(self);
            self.lock().push(op);
        }
        result
    }

    fn file(&self, path: &Path, inner: Box<dyn OutFile>, position: u64) -> Box<dyn OutFile> {
        Box::new(RecordedFile {
            recorder: self.clone(),
            path: self.below(path),
            inner,
            position,
        })
    }
}

impl Files for Recorder {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.done(OsFiles.create_dir(dir), |me| Op::CreateDir(me.below(dir)))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        let inner = self.done(OsFiles.create(path), |me| Op::Create(me.below(path)))?;
        Ok(self.file(path, inner, 0))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        let length = OsFiles.len(path)?;
        Ok(self.file(path, OsFiles.append(path)?, length))
    }

    fn adopt(&self, path: &Path) -> io::Result<Box<dyn OutFile>> {
        let inner = OsFiles.adopt(path)?;
        let bytes = std::fs::read(path)?;
        let length = bytes.len() as u64;
        self.lock().push(Op::Written(self.below(path), bytes));
        Ok(self.file(path, inner, length))
    }

    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let is_new = !path.exists();
        OsFiles.overwrite(path, bytes)?;
        let mut trace = self.lock();
        if is_new {
            trace.push(Op::Create(self.below(path)));
        }
        trace.push(Op::Write(self.below(path), 0, bytes.to_vec()));
        Ok(())
    }

    fn set_len(&self, path: &Path, length: u64) -> io::Result<()> {
        self.done(OsFiles.set_len(path, length), |me| {
            Op::SetLen(me.below(path), length)
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.done(OsFiles.rename(from, to), |me| {
            Op::Rename(me.below(from), me.below(to))
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.done(OsFiles.remove(path), |me| Op::Remove(me.below(path)))
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        self.done(OsFiles.remove_dir(dir), |me| Op::RemoveDir(me.below(dir)))
    }

    fn sync_dir(&self, dir: &Path, point: SyncPoint) -> io::Result<()> {
        self.done(File::open(dir).map(drop), |me| {
            Op::SyncDir(me.below(dir), point)
        })
    }

    fn committed(&self, path: &Path) {
        // A ledger that is being restored is no ledger yet.
        if !path.ends_with("ledger.sqlite") {
            return;
        }
        let main = std::fs::read(path).unwrap_or_default();
        let mut log_path = path.as_os_str().to_owned();
        log_path.push("-wal");
        let log = std::fs::read(log_path).unwrap_or_default();
        let mut trace = self.lock();
        let last = trace.iter().rev().find_map(|op| match op {
            Op::Commit(_, ledger) => Some(ledger.clone()),
            _ => None,
        });
        let main = match &last {
            Some(last) if *last.main == main => Arc::clone(&last.main),
            _ => Arc::new(main),
        };
        let length = log.len();
        trace.push(Op::Commit(
            self.below(path),
            Ledger {
                main,
                log: (Arc::new(log), length),
            },
        ));
        share_logs(&mut trace);
    }
}

/// Keeps one copy of a log that grew: the earlier states are its beginnings.
fn share_logs(trace: &mut [Op]) {
    let mut commits: Vec<&mut Ledger> = trace
        .iter_mut()
        .rev()
        .filter_map(|op| match op {
            Op::Commit(_, ledger) => Some(ledger),
            _ => None,
        })
        .collect();
    let [newest, last, ..] = commits.as_mut_slice() else {
        return;
    };
    if newest.log.0.get(..last.log.1) != last.log.0.get(..last.log.1) {
        return;
    }
    let (old, new) = (Arc::clone(&last.log.0), Arc::clone(&newest.log.0));
    for older in commits.iter_mut().skip(1) {
        if !Arc::ptr_eq(&older.log.0, &old) {
            break;
        }
        older.log.0 = Arc::clone(&new);
    }
}

struct RecordedFile {
    recorder: Recorder,
    path: PathBuf,
    inner: Box<dyn OutFile>,
    position: u64,
}

impl fmt::Debug for RecordedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordedFile").field(&self.path).finish()
    }
}

impl Write for RecordedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let op = Op::Write(
            self.path.clone(),
            self.position,
            bytes.get(..written).unwrap_or_default().to_vec(),
        );
        self.position += written as u64;
        self.recorder.lock().push(op);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl OutFile for RecordedFile {
    // The real sync is left out: the tests forget by rule, not by pulling a plug.
    fn sync(&mut self, point: SyncPoint) -> io::Result<()> {
        self.recorder
            .lock()
            .push(Op::SyncFile(self.path.clone(), point));
        Ok(())
    }
}
