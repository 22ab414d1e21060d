//! What the case portals are to be asked, one row a question, and what became of it.

use jiff::Timestamp;
use nirnay_model::{CaseKey, CasePortal, MissingReason, Sha256};
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use serde::{Deserialize, Serialize};

use super::values::{Digest, Micros, Named};
use super::{Ledger, has_cases};
use crate::StoreError;

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseItemState {
    /// To be asked.
    Open,
    /// Answered; the answer is in the lake.
    Found,
    /// The portal says that there is no such case or list, in two sessions.
    None,
    /// Not answered; the reason says why. It is asked again by the next run.
    Failed,
}

impl CaseItemState {
    /// The name in the ledger and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Found => "found",
            Self::None => "none",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing is left to be asked.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Found | Self::None)
    }
}

/// A question with its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseItemRow {
    /// Its number.
    pub id: i64,
    /// The question, in the words of whoever asks.
    pub ask: String,
    /// The portal it goes to.
    pub portal: CasePortal,
    /// What became of it.
    pub state: CaseItemState,
    /// Why it failed last.
    pub reason: Option<String>,
    /// Failures since it was settled last.
    pub attempts: u32,
    /// The run that settled it.
    pub run: Option<i64>,
    /// Whether the documents it leads to were fetched as well.
    pub documents: bool,
}

/// How often each outcome occurs on a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseItemSum {
    /// The portal.
    pub portal: CasePortal,
    /// The outcome.
    pub state: CaseItemState,
    /// Questions.
    pub number: u64,
}

/// How often each outcome occurs among the documents that a portal's cases and lists name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseDocumentSum {
    /// The portal's name.
    pub portal: String,
    /// Why they are missing; `None` for those that are stored.
    pub missing: Option<String>,
    /// Documents.
    pub number: u64,
}

/// A document of a case or list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseDocument {
    /// Its bytes are in the lake.
    Stored(Sha256, u64),
    /// It cannot be had.
    Missing(MissingReason),
}

const SELECT: &str =
    "SELECT id, ask, portal, state, reason, attempts, run, documents FROM case_items";

fn read_item(row: &rusqlite::Row<'_>) -> rusqlite::Result<CaseItemRow> {
    Ok(CaseItemRow {
        id: row.get(0)?,
        ask: row.get(1)?,
        portal: row.get::<_, Named<CasePortal>>(2)?.0,
        state: row.get::<_, Named<CaseItemState>>(3)?.0,
        reason: row.get(4)?,
        attempts: row.get(5)?,
        run: row.get(6)?,
        documents: row.get(7)?,
    })
}

fn plan(tx: &Transaction<'_>, ask: &str, portal: CasePortal) -> Result<i64, StoreError> {
    tx.prepare_cached(
        "INSERT INTO case_items (ask, portal) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute((ask, portal.name()))?;
    Ok(tx
        .prepare_cached("SELECT id FROM case_items WHERE ask = ?1")?
        .query_row([ask], |row| row.get(0))?)
}

/// How often each outcome occurs.
pub(super) fn sums(connection: &Connection) -> Result<Vec<CaseItemSum>, StoreError> {
    if !has_cases(connection)? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT portal, state, count(*) FROM case_items GROUP BY portal, state ORDER BY portal, state",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(CaseItemSum {
            portal: row.get::<_, Named<CasePortal>>(0)?.0,
            state: row.get::<_, Named<CaseItemState>>(1)?.0,
            number: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How often each outcome occurs among documents.
pub(super) fn document_sums(connection: &Connection) -> Result<Vec<CaseDocumentSum>, StoreError> {
    if !has_cases(connection)? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT substr(owner, 1, instr(owner, '/') - 1) AS portal, reason, count(*) FROM case_documents
         GROUP BY portal, reason ORDER BY portal, reason",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(CaseDocumentSum {
            portal: row.get(0)?,
            missing: row.get(1)?,
            number: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Ledger {
    /// The questions to a portal that were not answered with `none`, in the order in which they were planned.
    pub fn case_questions(&self, portal: CasePortal) -> Result<Vec<CaseItemRow>, StoreError> {
        self.read("listing questions", |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE portal = ?1 AND state <> 'none' ORDER BY id"
            ))?;
            let rows = statement.query_map([portal.name()], read_item)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Plans questions; those that are known keep their state. Returns their numbers, in order.
    pub fn plan_case_items(&self, asks: &[(CasePortal, String)]) -> Result<Vec<i64>, StoreError> {
        self.write("planning questions", |tx| {
            asks.iter()
                .map(|(portal, ask)| plan(tx, ask, *portal))
                .collect()
        })
    }

    /// A question.
    pub fn case_item(&self, id: i64) -> Result<CaseItemRow, StoreError> {
        self.read("reading a question", |connection| {
            connection
                .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
                .query_row([id], read_item)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "question",
                    id: id.to_string(),
                })
        })
    }

    /// What the answer to a question led to.
    pub fn case_follow_ups(&self, parent: i64) -> Result<Vec<i64>, StoreError> {
        self.read("listing what an answer led to", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT child FROM case_follow_ups WHERE parent = ?1 ORDER BY child",
            )?;
            let rows = statement.query_map([parent], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Settles a question as found, and plans what its answer leads to.
    pub fn case_item_found(
        &self,
        id: i64,
        (run, at): (i64, Timestamp),
        documents: bool,
        follow: &[(CasePortal, String)],
    ) -> Result<(), StoreError> {
        self.write("settling a question", |tx| {
            for (portal, ask) in follow {
                let child = plan(tx, ask, *portal)?;
                if child != id {
                    tx.prepare_cached(
                        "INSERT OR IGNORE INTO case_follow_ups (parent, child) VALUES (?1, ?2)",
                    )?
                    .execute((id, child))?;
                }
            }
            tx.prepare_cached(
                "UPDATE case_items SET state = 'found', reason = NULL, attempts = 0, run = ?2, settled_at = ?3,
                 documents = max(documents, ?4) WHERE id = ?1",
            )?
            .execute((id, run, Micros(at), documents))?;
            Ok(())
        })
    }

    /// Settles a question: the portal says that there is nothing, in its own words.
    pub fn case_item_none(
        &self,
        id: i64,
        (run, at): (i64, Timestamp),
        words: &str,
    ) -> Result<(), StoreError> {
        self.write("settling a question", |tx| {
            tx.prepare_cached(
                "UPDATE case_items SET state = 'none', reason = ?4, attempts = 0, run = ?2, settled_at = ?3 WHERE id = ?1",
            )?
            .execute((id, run, Micros(at), words))?;
            Ok(())
        })
    }

    /// Notes why a question was not answered. What an earlier answer brought stays.
    pub fn case_item_failed(&self, id: i64, why: &str) -> Result<(), StoreError> {
        self.write("noting a failure", |tx| {
            tx.prepare_cached(
                "UPDATE case_items SET state = 'failed', reason = ?2, attempts = attempts + 1 WHERE id = ?1",
            )?
            .execute((id, why))?;
            Ok(())
        })
    }

    /// Questions without an answer, at most `most`.
    pub fn open_case_items(&self, most: u32) -> Result<Vec<CaseItemRow>, StoreError> {
        self.read("listing open questions", |connection| {
            if !has_cases(connection)? {
                return Ok(Vec::new());
            }
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE state IN ('open', 'failed') ORDER BY id LIMIT ?1"
            ))?;
            let rows = statement.query_map([most], read_item)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What is known of a document of a case or list.
    pub fn case_document(&self, owner: &CaseKey, slot: &str) -> Result<Option<Sha256>, StoreError> {
        self.read("finding a document", |connection| {
            let found = connection
                .prepare_cached(
                    "SELECT sha256 FROM case_documents JOIN blobs USING (sha256)
                     WHERE owner = ?1 AND slot = ?2 AND state = 'stored'",
                )?
                .query_row((owner.as_str(), slot), |row| row.get::<_, Digest>(0))
                .optional()?;
            Ok(found.map(|digest| digest.0))
        })
    }

    /// Whether another than `owner` holds a document with these bytes.
    pub fn case_document_of_other(
        &self,
        sha256: &Sha256,
        owner: &CaseKey,
    ) -> Result<bool, StoreError> {
        self.read("finding who holds a document", |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM case_documents WHERE sha256 = ?1 AND owner <> ?2)",
                )?
                .query_row((Digest(*sha256), owner.as_str()), |row| row.get(0))?)
        })
    }

    /// Records what became of a document. The bytes of a stored one are durable. One that was stored before and
    /// cannot be had now stays stored.
    pub(crate) fn record_case_document(
        &self,
        (owner, slot): (&CaseKey, &str),
        document: CaseDocument,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("recording a document", |tx| {
            let (state, reason, stored) = match document {
                CaseDocument::Stored(sha256, size) => {
                    tx.prepare_cached(
                        "INSERT OR IGNORE INTO blobs (sha256, size, stored_at) VALUES (?1, ?2, ?3)",
                    )?
                    .execute((Digest(sha256), size, Micros(at)))?;
                    ("stored", None, Some((Digest(sha256), size)))
                }
                CaseDocument::Missing(reason) => ("missing", Some(reason.name()), None),
            };
            let (sha256, size) = stored.unzip();
            tx.prepare_cached(
                "INSERT INTO case_documents (owner, slot, state, reason, sha256, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason,
                 sha256 = excluded.sha256, size = excluded.size
                 WHERE state <> 'stored' OR excluded.state = 'stored'",
            )?
            .execute((owner.as_str(), slot, state, reason, sha256, size))?;
            Ok(())
        })
    }
}
