//! Revisions: what changed about a row, and when that was seen.

use jiff::Timestamp;
use nirnay_model::RowKey;
use rusqlite::Row;

use super::Ledger;
use super::values::Micros;
use crate::StoreError;

/// A value of a row that changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Revision {
    /// Its number: revisions are counted as they are noticed.
    pub id: i64,
    /// The row.
    pub row_key: RowKey,
    /// The name of the value; `not_listed_since` when the portal ceased or began again to list the row.
    pub field: String,
    /// The value before, as JSON.
    pub old: Option<String>,
    /// The value after, as JSON.
    pub new: Option<String>,
    /// Start of the run that saw it.
    pub seen: Timestamp,
}

fn read_revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    Ok(Revision {
        id: row.get(0)?,
        row_key: RowKey::from_stored(row.get(1)?),
        field: row.get(2)?,
        old: row.get(3)?,
        new: row.get(4)?,
        seen: row.get::<_, Micros>(5)?.0,
    })
}

impl Ledger {
    /// Up to `limit` revisions of one row, the latest first. `year` is that of its partition: the revisions of
    /// that year are looked through.
    pub fn revisions_of(
        &self,
        key: &RowKey,
        year: i16,
        limit: usize,
    ) -> Result<Vec<Revision>, StoreError> {
        self.read("listing the revisions of a row", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, row_key, field, old, new, seen FROM revisions WHERE year = ?1 AND row_key = ?2 ORDER BY id DESC LIMIT ?3",
            )?;
            let rows = statement.query_map((year, key.as_str(), limit), read_revision)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Up to `limit` revisions with numbers above `after`, in the order they were noticed.
    pub fn revisions_after(&self, after: i64, limit: usize) -> Result<Vec<Revision>, StoreError> {
        self.read("listing revisions", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, row_key, field, old, new, seen FROM revisions WHERE id > ?1 ORDER BY id LIMIT ?2",
            )?;
            let rows = statement.query_map((after, limit), read_revision)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
