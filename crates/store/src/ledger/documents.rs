//! Documents in the ledger: what is wanted, what came, what did not.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    BenchCode, CourtCode, DateWindow, DocumentFacts, DocumentHandle, DocumentState, Judgment,
    MissingReason, RowKey, Sha256, SourceId, Verification,
};

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::values::{Day, Digest, Json, Micros, Named, Text};
use super::{Ledger, has_cases};
use crate::StoreError;

/// A document that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingDocument {
    /// The row it belongs to.
    pub row_key: RowKey,
    /// The source that lists it.
    pub source: SourceId,
    /// The court.
    pub court: CourtCode,
    /// The bench.
    pub bench_code: BenchCode,
    /// The decision date.
    pub decision_date: Option<Date>,
    /// How to ask for it.
    pub handle: DocumentHandle,
    /// The row it belongs to, to check the document against.
    pub judgment: Judgment,
    /// Failed attempts so far.
    pub attempts: u32,
    /// The bytes of the last attempt that gave bytes.
    pub last_sha256: Option<Sha256>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// Documents by outcome. `listed = stored + pending + missing`.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct DocumentCounts {
    /// Rows.
    pub listed: u64,
    /// Documents in the lake.
    pub stored: u64,
    /// Documents wanted.
    pub pending: u64,
    /// Of those, not to be tried before a stated time.
    pub waiting: u64,
    /// Documents given up, by reason.
    pub missing: BTreeMap<String, u64>,
}

/// The rows of one decision date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// The date.
    pub date: Date,
    /// Rows.
    pub rows: u64,
    /// Rows whose document is wanted.
    pub pending: u64,
}

/// The document columns of `judgments` from column `at` on: state, hash, size, pages, check, reason.
pub(super) fn read_state(row: &Row<'_>, at: usize) -> rusqlite::Result<DocumentState> {
    Ok(match row.get_ref(at)?.as_str()? {
        "stored" => DocumentState::Stored(DocumentFacts {
            sha256: row.get::<_, Digest>(at + 1)?.0,
            size: row.get(at + 2)?,
            pages: row.get(at + 3)?,
            check: row.get::<_, Named<Verification>>(at + 4)?.0,
        }),
        "missing" => DocumentState::Missing {
            reason: row.get::<_, Named<MissingReason>>(at + 5)?.0,
        },
        _ => DocumentState::Pending,
    })
}

fn no_row(row_key: &RowKey) -> StoreError {
    StoreError::NotFound {
        what: "judgment",
        id: row_key.to_string(),
    }
}

fn pending(row: &Row<'_>) -> rusqlite::Result<PendingDocument> {
    Ok(PendingDocument {
        row_key: RowKey::from_stored(row.get(0)?),
        source: row.get::<_, Text<SourceId>>(1)?.0,
        court: row.get::<_, Text<CourtCode>>(2)?.0,
        bench_code: row.get::<_, Text<BenchCode>>(3)?.0,
        decision_date: row.get::<_, Day>(4)?.0,
        handle: row.get::<_, Json<DocumentHandle>>(5)?.0,
        judgment: row.get::<_, Json<Judgment>>(6)?.0,
        attempts: row.get(7)?,
        last_sha256: row.get::<_, Option<Digest>>(8)?.map(|digest| digest.0),
        last_error: row.get(9)?,
    })
}

/// Documents by outcome, by source and court: read from the kept sums, so the cost does not grow with the
/// rows.
pub(super) fn counts(
    connection: &Connection,
    source: Option<SourceId>,
    court: Option<&CourtCode>,
    now: Timestamp,
) -> Result<BTreeMap<(SourceId, CourtCode), DocumentCounts>, StoreError> {
    let filter = (source.map(SourceId::name), court.map(CourtCode::as_str));
    let mut all: BTreeMap<_, DocumentCounts> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT source, court, state, reason, number FROM document_sums
         WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR court = ?2) AND number > 0",
    )?;
    let mut rows = statement.query(filter)?;
    while let Some(row) = rows.next()? {
        let counts = all.entry(place(row)?).or_default();
        let number: u64 = row.get(4)?;
        counts.listed += number;
        match row.get_ref(2)?.as_str().unwrap_or("") {
            "stored" => counts.stored += number,
            "missing" => *counts.missing.entry(row.get(3)?).or_default() += number,
            _ => counts.pending += number,
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT source, court, count(*) FROM judgments INDEXED BY judgments_waiting
         WHERE doc_state = 'pending' AND doc_next_at IS NOT NULL AND (?1 IS NULL OR source = ?1)
         AND (?2 IS NULL OR court = ?2) AND doc_next_at > ?3 GROUP BY source, court",
    )?;
    let mut rows = statement.query((filter.0, filter.1, Micros(now)))?;
    while let Some(row) = rows.next()? {
        all.entry(place(row)?).or_default().waiting = row.get(2)?;
    }
    Ok(all)
}

fn place(row: &Row<'_>) -> rusqlite::Result<(SourceId, CourtCode)> {
    Ok((
        row.get::<_, Text<SourceId>>(0)?.0,
        row.get::<_, Text<CourtCode>>(1)?.0,
    ))
}

/// Shorter names than this stand in many a row.
const FEWEST_LETTERS: usize = 8;

/// Why a document is asked for once more whose bytes another row was served too.
pub const SHARED_DOCUMENT: &str = "the same bytes were served for another row";
/// Why it is asked for a third time: no text speaks for it, and both rows were served the same bytes twice.
pub const SHARED_SCAN: &str =
    "the same bytes, without text, were served twice for each of two rows";
/// Why it is asked for a fourth time: the same again.
pub const SHARED_SCAN_AGAIN: &str =
    "the same bytes, without text, were served three times for each of two rows";

impl Ledger {
    /// Up to `limit` documents that are wanted and may be tried at `now`, ordered by court, decision
    /// date, key.
    pub fn pending_documents(
        &self,
        source: SourceId,
        court: Option<&CourtCode>,
        decided: Option<DateWindow>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<PendingDocument>, StoreError> {
        self.read("listing wanted documents", |connection| {
            // Two statements, so that each has a plan that walks the index of wanted documents in order.
            let filter = if court.is_some() { "court = ?2 AND" } else { "?2 IS NULL AND" };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT key, source, court, bench, decision_date, handle, judgment, doc_attempts, doc_last_sha256, doc_error
                 FROM judgments INDEXED BY judgments_pending JOIN judgment_values ON row_id = id
                 WHERE doc_state = 'pending' AND source = ?1 AND {filter} (doc_next_at IS NULL OR doc_next_at <= ?3)
                 AND decision_date BETWEEN ?5 AND ?6
                 ORDER BY court, decision_date, key LIMIT ?4"
            ))?;
            let rows = statement
                .query_map(
                    (
                        source.name(),
                        court.map(CourtCode::as_str),
                        Micros(now),
                        limit,
                        decided.map_or_else(String::new, |days| days.from().to_string()),
                        decided.map_or_else(|| "~".to_owned(), |days| days.to().to_string()),
                    ),
                    pending,
                )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Documents by outcome, of one source and court or of all.
    pub fn document_counts(
        &self,
        source: Option<SourceId>,
        court: Option<&CourtCode>,
        now: Timestamp,
    ) -> Result<DocumentCounts, StoreError> {
        self.read("counting documents", |connection| {
            let mut sum = DocumentCounts::default();
            for counts in counts(connection, source, court, now)?.into_values() {
                sum.listed += counts.listed;
                sum.stored += counts.stored;
                sum.pending += counts.pending;
                sum.waiting += counts.waiting;
                for (reason, number) in counts.missing {
                    *sum.missing.entry(reason).or_default() += number;
                }
            }
            Ok(sum)
        })
    }

    /// What became of the document of a row.
    pub fn document_state(&self, row_key: &RowKey) -> Result<DocumentState, StoreError> {
        self.read("reading a document's state", |connection| {
            connection
                .prepare_cached(
                    "SELECT doc_state, doc_sha256, doc_size, doc_pages, doc_check, doc_reason FROM judgments WHERE key = ?1",
                )?
                .query_row([row_key.as_str()], |row| read_state(row, 0))
                .optional()?
                .ok_or_else(|| no_row(row_key))
        })
    }

    /// Records a failed attempt; the document stays wanted, not before `next_at`.
    pub fn document_retry(
        &self,
        row_key: &RowKey,
        error: &str,
        sha256: Option<Sha256>,
        next_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.write("recording a failed document", |tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE judgments SET doc_attempts = doc_attempts + 1, doc_error = ?2,
                     doc_last_sha256 = coalesce(?3, doc_last_sha256), doc_next_at = ?4
                     WHERE key = ?1 AND doc_state = 'pending'",
                )?
                .execute((
                    row_key.as_str(),
                    error,
                    sha256.map(Digest),
                    next_at.map(Micros),
                ))?;
            if changed == 1 {
                Ok(())
            } else {
                Err(no_row(row_key))
            }
        })
    }

    /// Records that the document is given up, and why.
    pub fn document_missing(
        &self,
        row_key: &RowKey,
        reason: MissingReason,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("recording a missing document", |tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE judgments SET doc_state = 'missing', doc_reason = ?2, doc_error = ?3, doc_at = ?4,
                     doc_attempts = doc_attempts + 1, doc_next_at = NULL WHERE key = ?1 AND doc_state = 'pending'",
                )?
                .execute((row_key.as_str(), reason.name(), detail, Micros(now)))?;
            if changed == 1 { Ok(()) } else { Err(no_row(row_key)) }
        })
    }

    /// Makes documents given up before `before` wanted again (all reasons but `not_listed` and `removed`, or the
    /// one named); returns their number.
    pub fn requeue_missing(
        &self,
        source: SourceId,
        reason: Option<MissingReason>,
        before: Timestamp,
    ) -> Result<u64, StoreError> {
        self.write("wanting missing documents again", |tx| {
            let changed = tx.execute(
                "UPDATE judgments SET doc_state = 'pending', doc_reason = NULL, doc_attempts = 0, doc_next_at = NULL
                 WHERE doc_state = 'missing' AND source = ?1 AND doc_reason NOT IN ('not_listed', 'removed')
                 AND (?2 IS NULL OR doc_reason = ?2) AND doc_at < ?3",
                (source.name(), reason.map(MissingReason::name), Micros(before)),
            )?;
            Ok(changed as u64)
        })
    }

    /// Records documents whose bytes are durable.
    pub(crate) fn record_documents(&self, stored: &[StoredDocument<'_>]) -> Result<(), StoreError> {
        self.write("recording stored documents", |tx| {
            let mut blob = tx.prepare_cached(
                "INSERT OR IGNORE INTO blobs (sha256, size, stored_at) VALUES (?1, ?2, ?3)",
            )?;
            let mut row = tx.prepare_cached(
                "UPDATE judgments SET doc_state = 'stored', doc_sha256 = ?2, doc_size = ?3, doc_check = ?4, doc_run = ?5,
                 doc_at = ?6, doc_pages = (SELECT nullif(pages, 0) FROM texts WHERE sha256 = ?2), doc_reason = NULL,
                 doc_error = NULL, doc_next_at = NULL WHERE key = ?1",
            )?;
            for document in stored {
                let (hash, at) = (Digest(document.sha256), Micros(document.at));
                blob.execute((hash, document.size, at))?;
                let changed = row.execute((
                    document.row_key.as_str(),
                    hash,
                    document.size,
                    document.check.name(),
                    document.run,
                    at,
                ))?;
                if changed != 1 {
                    return Err(no_row(document.row_key));
                }
            }
            Ok(())
        })
    }

    pub(crate) fn has_blob(&self, sha256: &Sha256) -> Result<bool, StoreError> {
        self.read("finding a document", |connection| {
            Ok(connection
                .prepare_cached("SELECT 1 FROM blobs WHERE sha256 = ?1")?
                .exists([Digest(*sha256)])?)
        })
    }

    /// Recorded documents with their size, in the order of their hashes, a batch at a time.
    pub(crate) fn blobs_after(
        &self,
        after: Option<Sha256>,
    ) -> Result<Vec<(Sha256, u64)>, StoreError> {
        self.read("listing documents", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT sha256, size FROM blobs WHERE ?1 IS NULL OR sha256 > ?1 ORDER BY sha256 LIMIT 4096",
            )?;
            let rows = statement.query_map([after.map(Digest)], |row| Ok((row.get::<_, Digest>(0)?.0, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Documents that rows count as stored although they are not recorded; at most 1000.
    pub(crate) fn stored_without_blob(&self) -> Result<Vec<Sha256>, StoreError> {
        self.read("looking for unrecorded documents", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT doc_sha256 FROM judgments WHERE doc_sha256 IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM blobs WHERE sha256 = doc_sha256) LIMIT 1000",
            )?;
            let hash = |row: &Row<'_>| row.get::<_, Digest>(0).map(|digest| digest.0);
            let mut found: Vec<Sha256> =
                statement.query_map([], hash)?.collect::<Result<_, _>>()?;
            if has_cases(connection)? {
                let mut statement = connection.prepare_cached(
                    "SELECT DISTINCT sha256 FROM case_documents WHERE state = 'stored'
                     AND NOT EXISTS (SELECT 1 FROM blobs WHERE blobs.sha256 = case_documents.sha256) LIMIT 1000",
                )?;
                for sha256 in statement.query_map([], hash)? {
                    found.push(sha256?);
                }
            }
            Ok(found)
        })
    }

    /// Forgets a document whose bytes are lost: its rows want it again. Returns their number.
    pub(crate) fn fetch_again(&self, sha256: &Sha256) -> Result<u64, StoreError> {
        self.write("wanting a document again", |tx| {
            let rows = tx.execute(
                "UPDATE judgments SET doc_state = 'pending', doc_last_sha256 = doc_sha256, doc_sha256 = NULL,
                 doc_size = NULL, doc_pages = NULL, doc_check = NULL, doc_attempts = 0, doc_next_at = NULL
                 WHERE doc_sha256 = ?1",
                [Digest(*sha256)],
            )?;
            // Documents of cases are met again with the case that names them.
            let cases = tx.execute(
                "UPDATE case_items SET state = 'open' WHERE ask IN (SELECT 'cnr ' || cnr FROM cases JOIN case_documents
                 ON owner = key WHERE sha256 = ?1)",
                [Digest(*sha256)],
            )?;
            tx.execute("DELETE FROM case_documents WHERE sha256 = ?1", [Digest(*sha256)])?;
            tx.execute("DELETE FROM blobs WHERE sha256 = ?1", [Digest(*sha256)])?;
            Ok((rows + cases) as u64)
        })
    }

    /// The rows whose stored document has these bytes, in key order.
    pub fn rows_sharing_blob(&self, sha256: &Sha256) -> Result<Vec<RowKey>, StoreError> {
        let sql = "SELECT key FROM judgments WHERE doc_sha256 = ?1 ORDER BY key";
        self.rows_with(sql, sha256)
    }

    /// As [`Ledger::rows_sharing_blob`], and the rows that were served these bytes last and still want a document:
    /// in key order.
    pub fn rows_served(&self, sha256: &Sha256) -> Result<Vec<RowKey>, StoreError> {
        let sql = "SELECT key FROM judgments WHERE doc_sha256 = ?1
                   UNION SELECT key FROM judgments WHERE doc_last_sha256 = ?1 AND doc_state = 'pending'
                   ORDER BY key";
        self.rows_with(sql, sha256)
    }

    /// Whether a row other than `key` that was served these bytes last waits for a second serving of them, as
    /// nothing in them speaks against it ([`SHARED_DOCUMENT`], [`SHARED_SCAN`], [`SHARED_SCAN_AGAIN`]).
    pub fn is_document_claimed(&self, sha256: &Sha256, key: &RowKey) -> Result<bool, StoreError> {
        self.read("finding rows of a document", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM judgments WHERE doc_last_sha256 = ?1 AND doc_state = 'pending'
                 AND key <> ?2 AND doc_error IN (?3, ?4, ?5))",
            )?;
            let waiting = (
                Digest(*sha256),
                key.as_str(),
                SHARED_DOCUMENT,
                SHARED_SCAN,
                SHARED_SCAN_AGAIN,
            );
            Ok(statement.query_row(waiting, |row| row.get(0))?)
        })
    }

    /// Whether another row than `judgment` is an order of the same case, known by its CNR, that was decided on `day`.
    pub fn has_order_of_day(&self, judgment: &Judgment, day: Date) -> Result<bool, StoreError> {
        let Some(cnr) = &judgment.cnr else {
            return Ok(false);
        };
        self.read("finding another order of a case", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM judgments INDEXED BY judgments_order WHERE year = ?1 AND court = ?2
                 AND bench = ?3 AND decision_date = ?4 AND cnr = ?5 AND key <> ?6)",
            )?;
            let wanted = (
                day.year(),
                judgment.court_code.as_str(),
                judgment.bench_code.as_str(),
                Day(Some(day)),
                cnr.as_str(),
                judgment.key().as_str().to_owned(),
            );
            Ok(statement.query_row(wanted, |row| row.get(0))?)
        })
    }

    /// Whether a row of the same court that could not be read has the CNR of `judgment`; or its first party, where it has
    /// no CNR at all.
    pub fn is_in_quarantine(&self, judgment: &Judgment) -> Result<bool, StoreError> {
        let printed = |name: &String| name.replace('&', "&amp;");
        let party = judgment.petitioner.as_ref().map(printed);
        let party = party.filter(|name| name.chars().count() >= FEWEST_LETTERS);
        let any_cnr = format!("*{}{}*", "[A-Z]".repeat(4), "[0-9]".repeat(12));
        self.read("looking for a case among unreadable rows", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM quarantine WHERE source = ?1 AND court = ?2
                 AND (instr(html, ?3) > 0 OR instr(html, ?4) > 0 AND html NOT GLOB ?5))",
            )?;
            let wanted = (
                judgment.source.name(),
                judgment.court_code.as_str(),
                judgment.cnr.as_ref().map(ToString::to_string),
                party,
                any_cnr,
            );
            Ok(statement.query_row(wanted, |row| row.get(0))?)
        })
    }

    fn rows_with(&self, sql: &str, sha256: &Sha256) -> Result<Vec<RowKey>, StoreError> {
        self.read("finding rows of a document", |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement
                .query_map([Digest(*sha256)], |row| row.get(0).map(RowKey::from_stored))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Wants the documents with these bytes again, except that of `keep` and those that a second fetch has
    /// confirmed already; where the text is `named` to be that of `keep`, also those of which it names nothing. The bytes
    /// stay where they are. Returns the number of rows.
    pub fn doubt_document(
        &self,
        sha256: &Sha256,
        keep: &RowKey,
        named: bool,
    ) -> Result<u64, StoreError> {
        self.write("doubting a document", |tx| {
            let rows = tx
                .prepare_cached(
                    "UPDATE judgments SET doc_state = 'pending', doc_last_sha256 = doc_sha256, doc_sha256 = NULL,
                     doc_size = NULL, doc_pages = NULL, doc_check = NULL, doc_next_at = NULL,
                     doc_error = ?3
                     WHERE doc_sha256 = ?1 AND key <> ?2 AND doc_state = 'stored'
                     AND (doc_last_sha256 IS NOT ?1 OR ?4 AND doc_check = 'unconfirmed')",
                )?
                .execute((Digest(*sha256), keep.as_str(), SHARED_DOCUMENT, named))?;
            Ok(rows as u64)
        })
    }

    /// Rows and wanted documents a decision date, both ends included, in date order; days without
    /// rows are left out.
    pub fn rows_by_date(
        &self,
        source: SourceId,
        court: &CourtCode,
        from: Date,
        to: Date,
    ) -> Result<Vec<DayCount>, StoreError> {
        self.read("counting rows a day", |connection| {
            let range = (
                source.name(),
                court.as_str(),
                Day(Some(from)),
                Day(Some(to)),
            );
            let mut statement = connection.prepare_cached(
                "SELECT decision_date, count(*) FROM judgments INDEXED BY judgments_pending
                 WHERE doc_state = 'pending' AND source = ?1 AND court = ?2 AND decision_date BETWEEN ?3 AND ?4
                 GROUP BY decision_date",
            )?;
            let pending: BTreeMap<Option<Date>, u64> = statement
                .query_map(range, |row| Ok((row.get::<_, Day>(0)?.0, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut days = Vec::new();
            let mut statement = connection.prepare_cached(
                "SELECT day, rows FROM listed_days WHERE source = ?1 AND court = ?2 AND day BETWEEN ?3 AND ?4
                 AND rows > 0 ORDER BY day",
            )?;
            let mut rows = statement.query((
                source.name(),
                court.as_str(),
                Day(Some(from)),
                Day(Some(to)),
            ))?;
            while let Some(row) = rows.next()? {
                if let Day(Some(date)) = row.get(0)? {
                    days.push(DayCount {
                        date,
                        rows: row.get(1)?,
                        pending: pending.get(&Some(date)).copied().unwrap_or(0),
                    });
                }
            }
            Ok(days)
        })
    }

    /// Whether a document decided in the range is wanted; the cost does not grow with their number.
    pub fn wants_documents(
        &self,
        source: SourceId,
        court: &CourtCode,
        decided: DateWindow,
    ) -> Result<bool, StoreError> {
        self.read("looking for wanted documents", |connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT 1 FROM judgments INDEXED BY judgments_pending WHERE doc_state = 'pending' AND source = ?1
                     AND court = ?2 AND decision_date BETWEEN ?3 AND ?4",
                )?
                .exists((
                    source.name(),
                    court.as_str(),
                    Day(Some(decided.from())),
                    Day(Some(decided.to())),
                ))?)
        })
    }

    /// The judgment of a row, as last seen.
    pub fn judgment(&self, row_key: &RowKey) -> Result<Option<Judgment>, StoreError> {
        self.read("reading a judgment", |connection| {
            let found = connection
                .prepare_cached("SELECT judgment FROM judgment_values JOIN judgments ON row_id = id WHERE key = ?1")?
                .query_row([row_key.as_str()], |row| row.get::<_, Json<Judgment>>(0))
                .optional()?;
            Ok(found.map(|judgment| judgment.0))
        })
    }
}

/// A document whose bytes are durable.
pub(crate) struct StoredDocument<'a> {
    pub(crate) row_key: &'a RowKey,
    pub(crate) sha256: Sha256,
    pub(crate) size: u64,
    pub(crate) check: Verification,
    pub(crate) run: i64,
    pub(crate) at: Timestamp,
}
