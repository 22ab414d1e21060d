//! Rows that are to be shown to nobody: sealed cases, orders that protect a person's privacy.
//!
//! They stay in the ledger, so that no walk takes them for new; their values leave every published layer, and
//! of their documents only the hash stays.

use jiff::civil::Date;
use nirnay_model::Sha256;
use rusqlite::{Connection, Transaction};

use super::values::{Day, Digest};
use super::{Ledger, has_cases};
use crate::StoreError;

/// An order to remove the rows of a case, or one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Removal {
    /// A CNR, or a row's key.
    pub what: String,
    /// On what ground.
    pub reason: String,
    /// The day of the order. A note for people: a removal on the list is in force, whatever its day.
    pub since: Date,
}

/// What a list of removals changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RemovalReport {
    /// Rows that are shown no more.
    pub removed: u64,
    /// Rows that are shown again: their order is no longer on the list.
    pub restored: u64,
}

const LISTED: &str =
    "(key IN (SELECT what FROM removals) OR cnr IN (SELECT what FROM removals WHERE what <> ''))";

fn is_applied(tx: &Transaction<'_>, digest: &str) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM meta WHERE key = 'removals' AND value = ?1")?
        .exists([digest])?)
}

fn take_list(tx: &Transaction<'_>, list: &[Removal], digest: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM removals", [])?;
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO removals (what, reason, since) VALUES (?1, ?2, ?3)",
    )?;
    for removal in list {
        insert.execute((&removal.what, &removal.reason, Day(Some(removal.since))))?;
    }
    tx.execute(
        "INSERT INTO meta (key, value) VALUES ('removals', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [digest],
    )?;
    Ok(())
}

/// Every document that a hidden row ever had and no row that is shown has, or had.
fn hidden_documents(connection: &Connection) -> Result<Vec<Sha256>, StoreError> {
    let mut statement = connection.prepare_cached(
        "WITH had (row_id, sha256) AS (
             SELECT id, doc_sha256 FROM judgments WHERE removed = 1
             UNION SELECT id, doc_last_sha256 FROM judgments WHERE removed = 1
             UNION SELECT row_id, sha256 FROM row_documents WHERE row_id IN (SELECT id FROM judgments WHERE removed = 1)
             UNION SELECT -1, sha256 FROM case_documents WHERE owner IN (SELECT key FROM removed_cases))
         SELECT DISTINCT sha256 FROM had WHERE sha256 IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM case_documents WHERE sha256 = had.sha256
             AND owner NOT IN (SELECT key FROM removed_cases))
         AND NOT EXISTS (SELECT 1 FROM judgments WHERE doc_sha256 = had.sha256 AND removed = 0)
         AND NOT EXISTS (SELECT 1 FROM judgments WHERE doc_last_sha256 = had.sha256 AND removed = 0)
         AND NOT EXISTS (SELECT 1 FROM row_documents JOIN judgments ON id = row_documents.row_id
             WHERE row_documents.sha256 = had.sha256 AND removed = 0)",
    )?;
    let rows = statement.query_map([], |row| row.get::<_, Digest>(0).map(|digest| digest.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets documents.
fn forget(tx: &Transaction<'_>, documents: &[Sha256]) -> Result<(), StoreError> {
    for table in ["blobs", "texts", "text_timeouts"] {
        let mut delete = tx.prepare_cached(&format!("DELETE FROM {table} WHERE sha256 = ?1"))?;
        for sha256 in documents {
            delete.execute([Digest(*sha256)])?;
        }
    }
    Ok(())
}

impl Ledger {
    /// Makes `list` the list of removals: its rows are hidden from every published layer, now and when they
    /// are met again; rows that are no longer on it are shown again, and their documents wanted. The same
    /// list again costs nothing.
    pub fn apply_removals(&self, list: &[Removal]) -> Result<RemovalReport, StoreError> {
        let mut list = list.to_vec();
        list.sort();
        let since: Vec<String> = list
            .iter()
            .map(|removal| removal.since.to_string())
            .collect();
        let parts = list.iter().zip(&since).flat_map(|(removal, since)| {
            [
                removal.what.as_bytes(),
                removal.reason.as_bytes(),
                since.as_bytes(),
            ]
        });
        let digest = Sha256::of_parts(parts).to_hex();
        self.write("applying removals", |tx| {
            if is_applied(tx, &digest)? {
                return Ok(RemovalReport::default());
            }
            take_list(tx, &list, &digest)?;
            let removed = tx.execute(
                &format!(
                    "UPDATE judgments SET removed = 1, doc_state = 'missing', doc_reason = 'removed',
                     doc_last_sha256 = coalesce(doc_sha256, doc_last_sha256), doc_sha256 = NULL, doc_size = NULL,
                     doc_pages = NULL, doc_check = NULL, doc_next_at = NULL, doc_error = NULL
                     WHERE removed = 0 AND {LISTED}"
                ),
                [],
            )?;
            let restored = tx.execute(
                &format!(
                    "UPDATE judgments SET removed = 0, doc_attempts = 0,
                     doc_state = CASE WHEN {HAS_DOCUMENT} THEN 'pending' ELSE 'missing' END,
                     doc_reason = CASE WHEN {HAS_DOCUMENT} THEN NULL ELSE 'not_listed' END
                     WHERE removed = 1 AND NOT {LISTED}"
                ),
                [],
            )?;
            forget(tx, &hidden_documents(tx)?)?;
            Ok(RemovalReport {
                removed: removed as u64,
                restored: restored as u64,
            })
        })
    }

    /// Hashes of all documents that hidden rows had, earlier ones included, and that no row which is shown has:
    /// their files are to go.
    pub fn removed_documents(&self) -> Result<Vec<Sha256>, StoreError> {
        self.read("listing removed documents", hidden_documents)
    }

    /// The number of removals in force: entries of the list that was applied last.
    pub fn removals_in_force(&self) -> Result<u64, StoreError> {
        self.read("counting removals", |connection| {
            Ok(connection.query_row("SELECT count(*) FROM removals", [], |row| row.get(0))?)
        })
    }

    /// What the removals in force name (keys, CNRs, ids of imported texts), in order.
    pub fn removed_names(&self) -> Result<Vec<String>, StoreError> {
        self.read("listing removals", |connection| {
            let mut statement = connection
                .prepare_cached("SELECT what FROM removals WHERE what <> '' ORDER BY what")?;
            let names = statement.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// Whether a removal in force names this key.
    pub fn is_named_removed(&self, key: &str) -> Result<bool, StoreError> {
        self.read("looking for a removal", |connection| {
            Ok(connection
                .prepare_cached("SELECT 1 FROM removals WHERE what = ?1")?
                .exists([key])?)
        })
    }

    /// The keys of rows that are shown to nobody, in order.
    pub fn removed_rows(&self) -> Result<Vec<String>, StoreError> {
        self.read("listing removed rows", |connection| {
            // An older ledger that is only read has no cases.
            if !has_cases(connection)? {
                let mut statement = connection
                    .prepare_cached("SELECT key FROM judgments WHERE removed = 1 ORDER BY key")?;
                let rows = statement.query_map([], |row| row.get(0))?;
                return Ok(rows.collect::<Result<_, _>>()?);
            }
            let mut statement = connection.prepare_cached(
                "SELECT key FROM judgments WHERE removed = 1 UNION SELECT key FROM removed_cases ORDER BY key",
            )?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

const HAS_DOCUMENT: &str = "EXISTS (SELECT 1 FROM judgment_values WHERE row_id = judgments.id AND json_extract(handle, '$.path') <> '')";
