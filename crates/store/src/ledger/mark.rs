//! How far the ledger got, noted beside it.
//!
//! `SQLite` takes a damaged or shortened write-ahead log for its end: transactions that were durable
//! would be gone without a word. So each transaction counts itself in the ledger, and after it is
//! durable the count goes into `ledger.mark`. The mark is never ahead of the disk, so it needs no sync; a ledger
//! that is behind its mark, or is another one, has lost something and is not opened.

use std::path::{Path, PathBuf};

use nirnay_model::Sha256;
use rusqlite::{Connection, OptionalExtension as _};

use crate::StoreError;
use crate::files::Files;

/// Identity, count, checksum.
const LENGTH: usize = 32;

/// A ledger's identity and the number of its transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) id: [u8; 16],
    pub(super) count: u64,
}

impl Mark {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.id.to_vec();
        bytes.extend(self.count.to_le_bytes());
        let check = Sha256::of(&bytes);
        bytes.extend(check.as_bytes().iter().take(LENGTH - bytes.len()));
        bytes
    }

    /// A mark that is torn or damaged says nothing.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (count, _) = rest.split_first_chunk::<8>()?;
        let mark = Self {
            id: *id,
            count: u64::from_le_bytes(*count),
        };
        (mark.bytes() == bytes).then_some(mark)
    }

    /// The mark of the ledger behind a connection; `None` if it has none yet.
    pub(super) fn of(connection: &Connection) -> Result<Option<Self>, StoreError> {
        let value = |key: &str| -> rusqlite::Result<Option<String>> {
            connection
                .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()
        };
        let (Some(id), Some(count)) = (value("id")?, value("commits")?) else {
            return Ok(None);
        };
        let whole = id
            .parse::<Sha256>()
            .ok()
            .and_then(|id| id.as_bytes().first_chunk::<16>().copied())
            .zip(count.parse().ok());
        whole.map_or_else(
            || {
                Err(StoreError::corrupt(
                    "ledger.sqlite",
                    "its own identity or count cannot be read",
                ))
            },
            |(id, count)| Ok(Some(Self { id, count })),
        )
    }

    /// Writes the mark. A mark that cannot be written stays behind, where it does no harm.
    pub(super) fn write(&self, files: &dyn Files, ledger: &Path) {
        files.overwrite(&path(ledger), &self.bytes()).ok();
    }
}

pub(super) fn path(ledger: &Path) -> PathBuf {
    ledger.with_extension("mark")
}

/// The mark beside a ledger. Read it before the ledger: a writer may go on in between.
pub(super) fn read(files: &dyn Files, ledger: &Path) -> Result<Option<Mark>, StoreError> {
    Ok(crate::disk::read(files, &path(ledger))?.and_then(|bytes| Mark::parse(&bytes)))
}

/// Gives a new ledger an identity and a count.
pub(super) fn begin(connection: &Connection) -> Result<(), StoreError> {
    let now = jiff::Timestamp::now().as_nanosecond().to_le_bytes();
    let id = Sha256::of_parts([now.as_slice(), &std::process::id().to_le_bytes()]);
    connection.execute(
        "INSERT OR IGNORE INTO meta (key, value) VALUES ('id', ?1), ('commits', '0')",
        [id.to_hex()],
    )?;
    Ok(())
}

/// Counts a transaction; returns its number.
pub(super) fn count(connection: &Connection) -> Result<u64, StoreError> {
    let number: String = connection
        .prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'commits' RETURNING value")?
        .query_row([], |row| row.get(0))?;
    Ok(number.parse().unwrap_or(0))
}

/// Refuses a ledger that is behind its mark, or not the one that was marked.
pub(super) fn check(
    mark: Option<Mark>,
    connection: &Connection,
    ledger: &Path,
) -> Result<(), StoreError> {
    let Some(mark) = mark else { return Ok(()) };
    let Some(found) = Mark::of(connection)? else {
        return Err(StoreError::corrupt(
            ledger,
            "it is not the ledger of this lake",
        ));
    };
    if found.id != mark.id {
        let detail = "it is not the ledger that this lake was last written with";
        return Err(StoreError::corrupt(ledger, detail));
    }
    if found.count < mark.count {
        let detail = format!(
            "{} of {} transactions that were durable are gone",
            mark.count - found.count,
            mark.count
        );
        return Err(StoreError::corrupt(ledger, detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_mark_says_nothing() {
        let mark = Mark {
            id: [7; 16],
            count: 0x0102_0304_0506,
        };
        let bytes = mark.bytes();
        assert_eq!((bytes.len(), Mark::parse(&bytes)), (LENGTH, Some(mark)));
        for bit in 0..8 * LENGTH {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Mark::parse(&damaged), None, "bit {bit}");
        }
        for length in 0..LENGTH {
            assert_eq!(Mark::parse(&bytes[..length]), None);
        }
    }
}
