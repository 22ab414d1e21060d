//! The ledger: windows, pages, rows, documents and outcomes in one `SQLite` file.

mod alarms;
mod artifacts;
mod audit;
mod baselines;
mod capture_index;
mod case_items;
mod cases;
mod counters;
mod documents;
mod intents;
mod mark;
mod pages;
mod partitions;
mod proof;
mod recount;
mod removals;
mod rescue;
mod revisions;
mod runs;
mod scan;
mod schema;
mod seal;
mod texts;
mod timeouts;
mod unlisted;
mod upsert;
mod values;
mod windows;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use alarms::{Alarm, AlarmKind, NewAlarm};
pub use artifacts::{Artifact, Layer};
pub use audit::{Audit, AuditEntry, AuditFilter, Hole};
pub use baselines::FieldCount;
pub(crate) use capture_index::{CaptureEntry, WarcFile};
pub use case_items::{CaseDocument, CaseDocumentSum, CaseItemRow, CaseItemState, CaseItemSum};
pub use cases::{CaseSighting, ListLine, SeenCase, SeenList, SightingCounts};
pub use counters::{CaptchaAnswer, CaptchaStat, RequestStat};
pub(crate) use documents::StoredDocument;
pub use documents::{
    DayCount, DocumentCounts, PendingDocument, SHARED_DOCUMENT, SHARED_SCAN, SHARED_SCAN_AGAIN,
};
pub(crate) use intents::Intent;
pub use pages::{AcceptedRow, PageAcceptance, PageCounts, QuarantineEntry};
pub use partitions::{Derived, PartitionVersion};
pub use proof::Proof;
pub use removals::{Removal, RemovalReport};
pub use revisions::Revision;
pub use runs::{Run, RunRow};
pub(crate) use scan::{Partition, RowScan, ScannedRow, judgment_of, partitions};
pub(crate) use texts::TextFact;
pub(crate) use values::{Day, Digest, Json, Micros, Named, Text, json};
pub(crate) use windows::objection;
pub use windows::{WindowRow, WindowSpec, WindowState};

use crate::files::Files;
use crate::{StoreError, backup};

/// Transactions between two attempts to empty the write-ahead log.
const CHECKPOINT_EVERY: u64 = 1000;

/// The system of record for progress. Cheap to clone; clones share one connection, and every method
/// is one transaction that is durable when it returns.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    connection: Mutex<Connection>,
    file: Option<LedgerFile>,
    writable: bool,
    current_run: AtomicI64,
    /// Whether a write or sync failed: what the system then holds in memory may never reach the disk.
    failed: AtomicBool,
    commits: AtomicU64,
}

/// The file of a ledger that is not in memory.
struct LedgerFile {
    path: PathBuf,
    files: Arc<dyn Files>,
    id: [u8; 16],
    /// Whether something else wrote to it since it was closed.
    changed_outside: AtomicBool,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

impl Ledger {
    /// An empty ledger in memory, for tests. It keeps the same rules, except that it does not ask
    /// for the captures of accepted pages, as it has no files.
    pub fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory()?;
        schema::prepare(&connection, Path::new(":memory:"), true, &|_| Ok(()))?;
        Ok(Self::new(connection, None, true))
    }

    /// Opens (for writing: creates, checks and migrates) the ledger at `path`.
    pub(crate) fn open(
        path: &Path,
        writable: bool,
        files: &Arc<dyn Files>,
    ) -> Result<Self, StoreError> {
        let mark = mark::read(files.as_ref(), path)?;
        let verdict = seal::compare(files.as_ref(), path, writable)?;
        let connection = connect(path, writable)?;
        let changed_outside = schema::unseal(&connection, path, verdict)?;
        schema::prepare(&connection, path, writable, &|connection| {
            backup::before_migration(files, path, connection)
        })?;
        mark::check(mark, &connection, path)?;
        if writable {
            mark::begin(&connection)?;
            if changed_outside {
                schema::note_change(&connection)?;
            }
            seal::open(files.as_ref(), path);
            files.committed(path);
        }
        let id = mark::Mark::of(&connection)?.map_or([0; 16], |mark| mark.id);
        let file = LedgerFile {
            path: path.to_owned(),
            files: Arc::clone(files),
            id,
            changed_outside: AtomicBool::new(changed_outside),
        };
        Ok(Self::new(connection, Some(file), writable))
    }

    fn new(connection: Connection, file: Option<LedgerFile>, writable: bool) -> Self {
        connection.set_prepared_statement_cache_capacity(128);
        Self {
            inner: Arc::new(Inner {
                connection: Mutex::new(connection),
                file,
                writable,
                current_run: AtomicI64::new(0),
                failed: AtomicBool::new(false),
                commits: AtomicU64::new(0),
            }),
        }
    }

    /// The file; `None` for a ledger in memory.
    fn path(&self) -> Option<&Path> {
        self.inner.file.as_ref().map(|file| file.path.as_path())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolls it back, so the connection stays usable.
        self.inner
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in one read-only look at the ledger.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        work(&self.connection()).map_err(|error| error.doing(doing))
    }

    /// Runs `work` in one transaction; durable when this returns `Ok`, undone otherwise.
    pub(crate) fn write<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.inner.writable {
            return Err(StoreError::ReadOnly { what: doing });
        }
        if self.inner.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Conflict(format!(
                "the ledger failed to write before, so that nothing more is entrusted to it while {doing}; check \
                 the disk, then run the same command again"
            )));
        }
        let mut connection = self.connection();
        let result = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                let number = match &self.inner.file {
                    Some(_) => mark::count(&transaction)?,
                    None => 0,
                };
                transaction.commit()?;
                Ok((value, number))
            });
        match result {
            Ok((value, number)) => {
                self.after_commit(&connection, number);
                Ok(value)
            }
            Err(error) => Err(self.inner.explain(error.doing(doing))),
        }
    }

    /// Notes how far the ledger got, and keeps its write-ahead log short.
    fn after_commit(&self, connection: &Connection, count: u64) {
        let Some(file) = &self.inner.file else { return };
        file.files.committed(&file.path);
        mark::Mark { id: file.id, count }.write(file.files.as_ref(), &file.path);
        let commits = self.inner.commits.fetch_add(1, Ordering::Relaxed) + 1;
        if commits.is_multiple_of(CHECKPOINT_EVERY) {
            // A reader that is in the way is not waited for; there will be another time.
            connection.busy_timeout(std::time::Duration::ZERO).ok();
            connection
                .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
                .ok();
            connection.busy_timeout(BUSY).ok();
        }
    }

    /// Whether the file at `path` is a ledger without damage, as far as can be told.
    pub(crate) fn is_sound(path: &Path) -> Result<bool, StoreError> {
        Ok(Self::is_readable(path)? && crate::verify::rows_are_whole(&connect(path, false)?)?)
    }

    /// Whether the file at `path` is a ledger whose pages are in order, whatever its rows say.
    pub(crate) fn is_readable(path: &Path) -> Result<bool, StoreError> {
        let connection = connect(path, false)?;
        let verdict: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(verdict == "ok" && mark::Mark::of(&connection)?.is_some())
    }

    /// Whether something else wrote to the ledger since it was closed last, and nobody approved it.
    pub(crate) fn changed_outside(&self) -> Result<bool, StoreError> {
        if let Some(file) = &self.inner.file
            && file.changed_outside.load(Ordering::Relaxed)
        {
            return Ok(true);
        }
        self.read("looking for changes from outside", schema::was_changed)
    }

    /// Takes the ledger as it is.
    pub(crate) fn approve_change(&self) -> Result<(), StoreError> {
        self.write("approving the ledger", |tx| schema::approve(tx))?;
        if let Some(file) = &self.inner.file {
            file.changed_outside.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Lets the ledger keep at most `kib` KiB of its pages in memory, for a command that writes little (64 MiB otherwise).
    pub fn cache_at_most(&self, kib: u32) -> Result<(), StoreError> {
        self.read("setting the size of the cache", |connection| {
            Ok(connection.pragma_update(None, "cache_size", -i64::from(kib))?)
        })
    }

    /// A second, read-only connection with its own snapshot, so that a long walk over the rows does
    /// not stop the writer.
    pub(crate) fn snapshot(&self) -> Result<Connection, StoreError> {
        let Some(path) = self.path() else {
            return Err(StoreError::NotFound {
                what: "file of the ledger",
                id: "it is in memory".to_owned(),
            });
        };
        let connection = connect(path, false)?;
        connection.execute_batch("BEGIN")?;
        Ok(connection)
    }

    /// Writes a whole, compact copy of the ledger to `target`, which must not exist.
    pub fn backup(&self, target: &Path) -> Result<(), StoreError> {
        if target.exists() {
            let what = format!("{} exists: a copy needs a new name", target.display());
            return Err(StoreError::Conflict(what));
        }
        self.read("copying the ledger", |connection| {
            connection.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
            Ok(())
        })
    }
}

impl Inner {
    /// What a failure means for the ledger: room can be made, but a disk that failed is not trusted.
    fn explain(&self, error: StoreError) -> StoreError {
        let StoreError::Sqlite { source, .. } = &error else {
            return error;
        };
        let failed = matches!(
            source.sqlite_error_code(),
            Some(rusqlite::ErrorCode::SystemIoFailure | rusqlite::ErrorCode::CannotOpen)
        );
        let Some(file) = self.file.as_ref().filter(|_| failed) else {
            return error;
        };
        // `SQLite` calls it an I/O error when there is no room for its shared memory.
        let folder = file.path.parent().unwrap_or(Path::new("."));
        if file.files.free(folder).is_ok_and(|free| free < NO_ROOM) {
            return StoreError::full(&file.path);
        }
        self.failed.store(true, Ordering::Relaxed);
        error
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !self.writable || *self.failed.get_mut() {
            return;
        }
        let connection = self
            .connection
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        // All of it only spares the next opening some work; what is durable stays durable.
        schema::set_clean(connection, true).ok();
        connection.execute_batch("PRAGMA optimize").ok();
        // Nobody waits half a minute for a reader at the end of a command.
        connection.busy_timeout(std::time::Duration::ZERO).ok();
        let busy: Option<i64> = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .ok();
        if let Some(file) = &self.file {
            file.files.committed(&file.path);
            if busy == Some(0) {
                seal::close(file.files.as_ref(), &file.path);
            }
        }
    }
}

/// Whether the ledger is of a version that knows cases; one that is only read may be older.
pub(crate) fn has_cases(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = 'removed_cases'",
        )?
        .exists([])?)
}

/// How long a statement waits for another connection.
const BUSY: std::time::Duration = std::time::Duration::from_secs(30);

/// Less free space than this, and a failed write is taken for a full disk.
const NO_ROOM: u64 = 128 << 10;

fn connect(path: &Path, writable: bool) -> Result<Connection, StoreError> {
    let connection = if writable {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
    } else {
        connect_to_read(path)
    };
    let connection =
        connection.map_err(|error| StoreError::from(error).doing("opening the ledger"))?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// A reader needs to write a file of shared memory beside the ledger. Where that cannot be, as on a
/// read-only disk, a ledger that was closed cleanly is read as a file that never changes.
fn connect_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |connection: Connection| {
        connection.query_row("PRAGMA schema_version", [], |_| Ok(()))?;
        Ok(connection)
    };
    let first = Connection::open_with_flags(path, flags).and_then(open);
    let Err(error) = first else { return first };
    let log = std::fs::metadata(seal::log(path)).map_or(0, |log| log.len());
    let refused = matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
    );
    if !refused || log > 0 {
        return Err(error);
    }
    let mut name = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                name.push(char::from(*byte));
            }
            other => {
                write!(name, "%{other:02X}").ok();
            }
        }
    }
    name.push_str("?immutable=1");
    Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_URI).and_then(open)
}
