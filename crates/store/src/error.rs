//! The one error of this crate.

use std::path::{Path, PathBuf};

/// What went wrong with the lake, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file operation failed.
    #[error("{what}: {}: {source}", path.display())]
    Io {
        /// What was being done.
        what: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The ledger refused a statement.
    #[error("the ledger failed while {what}: {source}")]
    Sqlite {
        /// What was being done.
        what: &'static str,
        /// `SQLite`'s answer.
        source: rusqlite::Error,
    },
    /// A Parquet file could not be written or read.
    #[error("Parquet: {}: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The library's answer.
        source: parquet::errors::ParquetError,
    },
    /// Another process writes to this lake.
    #[error("{} is in use by {}; wait for it or stop it", path.display(), holder(*pid))]
    Locked {
        /// The holder, if it left its process id.
        pid: Option<u32>,
        /// The lock file.
        path: PathBuf,
    },
    /// The ledger was written by a newer version.
    #[error("{} has schema {found}, this program knows up to {supported}; use a newer nirnay", path.display())]
    Newer {
        /// The ledger.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest version known here.
        supported: i64,
    },
    /// The linked `SQLite` is older than 3.51.3 and can lose committed pages in WAL mode.
    #[error(
        "SQLite {found} is linked, 3.51.3 or newer is needed (older ones can lose committed pages)"
    )]
    OldSqlite {
        /// The version linked.
        found: String,
    },
    /// Stored bytes are not what they must be.
    #[error("{} is damaged: {detail}; run `nirnay fsck`", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Too little free space to begin a write, or the disk filled up during one.
    #[error("{}: {free} bytes free, {needed} needed; make room and run the same command again", path.display())]
    DiskFull {
        /// A path on the full file system.
        path: PathBuf,
        /// Free bytes (0 if a write already failed).
        free: u64,
        /// Bytes that must be free.
        needed: u64,
    },
    /// Something named by the caller does not exist in the lake.
    #[error("no such {what}: {id}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// Its name.
        id: String,
    },
    /// The call contradicts what the ledger already holds.
    #[error("{0}")]
    Conflict(String),
    /// A rule that must always hold would be broken; nothing was written.
    #[error("invariant {rule}: {detail}")]
    Invariant {
        /// The rule: `I1` conservation, `I3` closure, `I4` bytes before rows.
        rule: &'static str,
        /// The figures.
        detail: String,
    },
    /// The lake was opened for reading.
    #[error("the lake is open for reading only; {what} needs it open for writing")]
    ReadOnly {
        /// What was asked.
        what: &'static str,
    },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}

impl StoreError {
    /// Names what was being done, where the error does not say yet.
    pub(crate) fn doing(self, doing: &'static str) -> Self {
        match self {
            Self::Sqlite { what: "", source } => Self::Sqlite {
                what: doing,
                source,
            },
            other => other,
        }
    }

    pub(crate) fn corrupt(path: impl Into<PathBuf>, detail: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.into(),
            detail: detail.into(),
        }
    }

    pub(crate) fn io(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::StorageFull {
            return Self::DiskFull {
                path: path.to_owned(),
                free: 0,
                needed: 1,
            };
        }
        Self::Io {
            what,
            path: path.to_owned(),
            source,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull {
                path: "ledger.sqlite".into(),
                free: 0,
                needed: 1,
            },
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::corrupt("ledger.sqlite", source.to_string())
            }
            _ => Self::Sqlite { what: "", source },
        }
    }
}

/// Puts the file and the operation to an I/O error.
pub(crate) trait IoContext<T> {
    fn at(self, what: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn at(self, what: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::io(what, path, source))
    }
}

/// Puts the file to a Parquet error.
pub(crate) trait ParquetContext<T> {
    fn within(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> ParquetContext<T> for parquet::errors::Result<T> {
    fn within(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Parquet {
            path: path.to_owned(),
            source,
        })
    }
}

impl<T> ParquetContext<T> for Result<T, arrow::error::ArrowError> {
    fn within(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Parquet {
            path: path.to_owned(),
            source: source.into(),
        })
    }
}
