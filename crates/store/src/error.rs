//! The one error of this crate.

use std::fmt::Write as _;
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
    #[error("{} is held by {}; wait for it or stop it", path.display(), holder(*pid, *since, command.as_deref()))]
    Locked {
        /// The holder, if it left its process id.
        pid: Option<u32>,
        /// Since when it holds the lake.
        since: Option<jiff::Timestamp>,
        /// The holder's command line.
        command: Option<String>,
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
    #[error("{} is damaged: {detail}; run `nirnay fsck --repair`", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Too little free space to begin a write, or the disk filled up during one.
    #[error("the disk (or a quota) is full: {}: {}; make room and run the same command again", path.display(), room(*free, *needed))]
    DiskFull {
        /// A path on the full file system.
        path: PathBuf,
        /// Free bytes (0 if a write already failed).
        free: u64,
        /// Bytes that must be free (0 if a write already failed).
        needed: u64,
    },
    /// The folder cannot be written to.
    #[error(
        "{} cannot be written to ({source}); `status`, `audit`, `search` and `fsck` read it as it is; to change \
         it, get write permission or work on a copy", path.display()
    )]
    NotWritable {
        /// The folder, or a file in it.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
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

fn holder(pid: Option<u32>, since: Option<jiff::Timestamp>, command: Option<&str>) -> String {
    let mut text = pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    );
    if let Some(command) = command {
        write!(text, " (`{command}`)").ok();
    }
    if let Some(since) = since {
        write!(text, " since {since:.0}").ok();
    }
    text
}

fn room(free: u64, needed: u64) -> String {
    if needed == 0 {
        "a write failed".to_owned()
    } else {
        format!("{free} bytes free, {needed} needed")
    }
}

/// Whether an error is a reader's verdict on the bytes it was given. What the system refused is none: the bytes
/// may be as they were.
pub(crate) fn is_format(error: &std::io::Error) -> bool {
    error.raw_os_error().is_none()
}

/// Whether the system refused to write for want of room.
fn is_full(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::QuotaExceeded
            | std::io::ErrorKind::FileTooLarge
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

    /// Whether it says that the ledger is damaged, and not another file.
    pub(crate) fn is_about_the_ledger(&self) -> bool {
        matches!(self, Self::Corrupt { path, .. } if path.ends_with("ledger.sqlite"))
    }

    pub(crate) fn corrupt(path: impl Into<PathBuf>, detail: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.into(),
            detail: detail.into(),
        }
    }

    /// A write failed for want of room.
    pub(crate) fn full(path: impl Into<PathBuf>) -> Self {
        Self::DiskFull {
            path: path.into(),
            free: 0,
            needed: 0,
        }
    }

    pub(crate) fn io(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        if is_full(&source) {
            return Self::full(path);
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
            Some(rusqlite::ErrorCode::DiskFull) => Self::full("ledger.sqlite"),
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::corrupt("ledger.sqlite", source.to_string())
            }
            _ if is_damaged_value(&source) => Self::corrupt("ledger.sqlite", source.to_string()),
            _ => Self::Sqlite { what: "", source },
        }
    }
}

/// Whether a stored value, or the description of a table, is none that was ever written.
fn is_damaged_value(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
    ) || is_damaged_schema(error)
}

/// Whether the description of the tables is not that which this program wrote. `SQLite` says so with the code that it has for
/// every mistake in a statement, and in words.
fn is_damaged_schema(error: &rusqlite::Error) -> bool {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => (code, message.as_deref().unwrap_or("")),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, msg.as_str()),
        _ => return false,
    };
    code.extended_code == 1
        && ["malformed", "no such ", "no column named"]
            .iter()
            .any(|words| message.contains(words))
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
        self.map_err(|source| match source {
            // What the disk refused is the disk's error, not that of the format.
            parquet::errors::ParquetError::External(cause) => match cause.downcast() {
                Ok(error) => StoreError::io("writing or reading", path, *error),
                Err(cause) => StoreError::Parquet {
                    path: path.to_owned(),
                    source: parquet::errors::ParquetError::External(cause),
                },
            },
            source => StoreError::Parquet {
                path: path.to_owned(),
                source,
            },
        })
    }
}

impl<T> ParquetContext<T> for Result<T, arrow_schema::ArrowError> {
    fn within(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(parquet::errors::ParquetError::from)
            .within(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_a_statement_is_no_damage() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let ask = |sql: &str| StoreError::from(connection.execute_batch(sql).unwrap_err());
        for sql in ["SELEC 1", "SELECT abs()", "BEGIN; BEGIN"] {
            let error = ask(sql);
            assert!(
                matches!(error, StoreError::Sqlite { .. }),
                "{sql}: {error:?}"
            );
        }
        assert!(ask("SELECT * FROM judgments").is_about_the_ledger());
    }
}
