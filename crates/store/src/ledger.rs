//! The ledger: windows, pages, rows, documents and outcomes in one `SQLite` file.

mod artifacts;
mod audit;
mod capture_index;
mod counters;
mod documents;
mod pages;
mod proof;
mod runs;
mod scan;
mod schema;
mod texts;
mod upsert;
mod values;
mod windows;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use artifacts::{Artifact, Layer};
pub use audit::{Audit, AuditEntry, AuditFilter, Hole};
pub(crate) use capture_index::{CaptureEntry, WarcFile};
pub use counters::{CaptchaAnswer, CaptchaStat, RequestStat};
pub(crate) use documents::StoredDocument;
pub use documents::{DayCount, DocumentCounts, PendingDocument};
pub use pages::{AcceptedRow, PageAcceptance, PageCounts, QuarantineEntry};
pub use proof::Proof;
pub use runs::{Run, RunRow};
pub(crate) use scan::{Partition, RowScan, ScannedRow, judgment_of, partitions};
pub(crate) use texts::TextFact;
pub(crate) use values::{Micros, json};
pub(crate) use windows::objection;
pub use windows::{WindowRow, WindowSpec, WindowState};

use crate::StoreError;

/// The system of record for progress. Cheap to clone; clones share one connection, and every method
/// is one transaction that is durable when it returns.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    connection: Mutex<Connection>,
    path: Option<PathBuf>,
    writable: bool,
    current_run: AtomicI64,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    /// An empty ledger in memory, for tests. It keeps the same rules, except that it does not ask
    /// for the captures of accepted pages, as it has no files.
    pub fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory()?;
        schema::prepare(&connection, Path::new(":memory:"), true)?;
        Ok(Self::new(connection, None, true))
    }

    /// Opens (for writing: creates, checks and migrates) the ledger at `path`.
    pub(crate) fn open(path: &Path, writable: bool) -> Result<Self, StoreError> {
        let connection = connect(path, writable)?;
        schema::prepare(&connection, path, writable)?;
        Ok(Self::new(connection, Some(path.to_owned()), writable))
    }

    fn new(connection: Connection, path: Option<PathBuf>, writable: bool) -> Self {
        connection.set_prepared_statement_cache_capacity(128);
        Self {
            inner: Arc::new(Inner {
                connection: Mutex::new(connection),
                path,
                writable,
                current_run: AtomicI64::new(0),
            }),
        }
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
        let mut connection = self.connection();
        let result = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        result.map_err(|error| error.doing(doing))
    }

    /// A second, read-only connection with its own snapshot, so that a long walk over the rows does
    /// not stop the writer.
    pub(crate) fn snapshot(&self) -> Result<Connection, StoreError> {
        let Some(path) = &self.inner.path else {
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
        self.read("copying the ledger", |connection| {
            connection.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
            Ok(())
        })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.writable {
            let connection = self
                .connection
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            // Both only spare the next opening some work; what is durable stays durable.
            schema::set_clean(connection, true).ok();
            connection
                .execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);")
                .ok();
        }
    }
}

fn connect(path: &Path, writable: bool) -> Result<Connection, StoreError> {
    let access = if writable {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| StoreError::from(error).doing("opening the ledger"))?;
    connection.busy_timeout(std::time::Duration::from_secs(30))?;
    Ok(connection)
}
