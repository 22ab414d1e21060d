//! Where each capture lies, and how much of each WARC file is durable.

use nirnay_model::CaptureId;
use rusqlite::{Connection, OptionalExtension as _};

use super::Ledger;
use crate::StoreError;

/// The place of a capture's response record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaptureEntry {
    pub(crate) id: String,
    pub(crate) file: String,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A WARC file with its durable length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WarcFile {
    pub(crate) name: String,
    pub(crate) run: i64,
    pub(crate) seq: u32,
    pub(crate) length: u64,
}

impl Ledger {
    /// Refuses rows whose capture is not durable. A ledger in memory has no captures to ask for.
    pub(super) fn require_capture(
        &self,
        connection: &Connection,
        id: &CaptureId,
    ) -> Result<(), StoreError> {
        if self.inner.file.is_none() || find(connection, id.as_str())?.is_some() {
            return Ok(());
        }
        let detail = format!(
            "capture {id} is not durable: append it and call sync before accepting its page"
        );
        Err(StoreError::Invariant { rule: "I4", detail })
    }

    pub(crate) fn capture_entry(&self, id: &CaptureId) -> Result<Option<CaptureEntry>, StoreError> {
        self.read("finding a capture", |connection| {
            find(connection, id.as_str())
        })
    }

    /// Records WARC files as durable up to the given lengths, and the captures in them. The first
    /// place of a capture stays.
    pub(crate) fn record_captures(
        &self,
        files: &[WarcFile],
        entries: &[CaptureEntry],
    ) -> Result<(), StoreError> {
        self.write("recording captures", |tx| {
            for file in files {
                tx.prepare_cached(
                    "INSERT INTO warc_files (name, run, seq, length) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (name) DO UPDATE SET length = excluded.length",
                )?
                .execute((&file.name, file.run, file.seq, file.length))?;
            }
            let mut insert = tx.prepare_cached(
                "INSERT OR IGNORE INTO captures (id, file, place, length) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for entry in entries {
                insert.execute((&entry.id, &entry.file, entry.offset, entry.length))?;
            }
            Ok(())
        })
    }

    pub(crate) fn warc_files(&self) -> Result<Vec<WarcFile>, StoreError> {
        self.read("listing captures", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT name, run, seq, length FROM warc_files ORDER BY run, seq",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(WarcFile {
                    name: row.get(0)?,
                    run: row.get(1)?,
                    seq: row.get(2)?,
                    length: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The captures in a WARC file, by offset.
    pub(crate) fn captures_in(&self, file: &str) -> Result<Vec<CaptureEntry>, StoreError> {
        self.read("listing captures", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, file, place, length FROM captures WHERE file = ?1 ORDER BY place",
            )?;
            let rows = statement.query_map([file], entry)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<CaptureEntry> {
    Ok(CaptureEntry {
        id: row.get(0)?,
        file: row.get(1)?,
        offset: row.get(2)?,
        length: row.get(3)?,
    })
}

fn find(connection: &Connection, id: &str) -> Result<Option<CaptureEntry>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT id, file, place, length FROM captures WHERE id = ?1")?
        .query_row([id], entry)
        .optional()?)
}
