//! Walks over the rows in publication order, in bounded memory.

use std::collections::VecDeque;

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    BenchCode, CaptureId, CourtCode, DocumentState, Judgment, PublishedJudgment, RowKey, Sha256,
    SourceId,
};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::Ledger;
use super::documents::read_state;
use super::values::{Day, Digest, Json, Micros, Text};
use crate::StoreError;

/// Rows read at a time.
const BATCH: usize = 1024;

/// A partition of the published tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Partition {
    pub(crate) year: i16,
    pub(crate) court: CourtCode,
    pub(crate) bench: BenchCode,
}

impl Partition {
    /// Its folder below a layer.
    pub(crate) fn folder(&self) -> String {
        format!(
            "year={}/court={}/bench={}",
            self.year, self.court, self.bench
        )
    }
}

/// All partitions with their number of rows, in order.
pub(crate) fn partitions(connection: &Connection) -> Result<Vec<(Partition, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT year, court, bench, rows FROM partitions WHERE rows > 0 ORDER BY year, court, bench",
    )?;
    let rows = statement.query_map([], |row| {
        let partition = Partition {
            year: row.get(0)?,
            court: row.get::<_, Text<CourtCode>>(1)?.0,
            bench: row.get::<_, Text<BenchCode>>(2)?.0,
        };
        Ok((partition, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A row without its values: enough to know whether something changed.
#[derive(Debug, Clone)]
pub(crate) struct ScannedRow {
    pub(crate) id: i64,
    pub(crate) key: String,
    pub(crate) source: SourceId,
    pub(crate) decision_date: Option<Date>,
    pub(crate) cnr: String,
    order_no: i64,
    pub(crate) row_hash: Sha256,
    pub(crate) first_seen: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) not_listed_since: Option<Timestamp>,
    pub(crate) capture_id: CaptureId,
    pub(crate) capture_row: u32,
    pub(crate) document: DocumentState,
}

impl ScannedRow {
    /// The row with its values.
    pub(crate) fn publish(self, judgment: Judgment) -> PublishedJudgment {
        PublishedJudgment {
            judgment,
            document: self.document,
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            not_listed_since: self.not_listed_since,
            row_hash: self.row_hash,
            capture_id: self.capture_id,
            capture_row: self.capture_row,
        }
    }

    /// The document's hash, if it is stored.
    pub(crate) fn stored(&self) -> Option<Sha256> {
        match &self.document {
            DocumentState::Stored(facts) => Some(facts.sha256),
            _ => None,
        }
    }
}

const COLUMNS: &str = "id, key, source, decision_date, cnr, order_no, row_hash, first_seen, last_seen, capture_id, \
    capture_row, doc_state, doc_sha256, doc_size, doc_pages, doc_check, doc_reason, not_listed_since";

fn scanned(row: &Row<'_>) -> rusqlite::Result<ScannedRow> {
    Ok(ScannedRow {
        id: row.get(0)?,
        key: row.get(1)?,
        source: row.get::<_, Text<SourceId>>(2)?.0,
        decision_date: row.get::<_, Day>(3)?.0,
        cnr: row.get(4)?,
        order_no: row.get(5)?,
        row_hash: row.get::<_, Digest>(6)?.0,
        first_seen: row.get::<_, Micros>(7)?.0,
        last_seen: row.get::<_, Micros>(8)?.0,
        capture_id: row.get::<_, Text<CaptureId>>(9)?.0,
        capture_row: row.get(10)?,
        document: read_state(row, 11)?,
        not_listed_since: row.get::<_, Option<Micros>>(17)?.map(|time| time.0),
    })
}

/// The values of a row.
pub(crate) fn judgment_of(connection: &Connection, id: i64) -> Result<Judgment, StoreError> {
    let found = connection
        .prepare_cached("SELECT judgment FROM judgment_values WHERE row_id = ?1")?
        .query_row([id], |row| row.get::<_, Json<Judgment>>(0))
        .optional()?;
    found
        .map(|judgment| judgment.0)
        .ok_or_else(|| StoreError::corrupt("ledger.sqlite", format!("row {id} has no values")))
}

impl Ledger {
    /// The row with this key; `None` if there is none, or if it is to be shown to nobody.
    pub fn published(&self, key: &RowKey) -> Result<Option<PublishedJudgment>, StoreError> {
        self.read("reading a row", |connection| {
            let row = connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM judgments WHERE key = ?1 AND removed = 0"
                ))?
                .query_row([key.as_str()], scanned)
                .optional()?;
            row.map(|row| {
                let judgment = judgment_of(connection, row.id)?;
                Ok(row.publish(judgment))
            })
            .transpose()
        })
    }
}

/// A walk over one partition, batch by batch; between batches it holds no statement open.
#[derive(Debug)]
pub(crate) struct RowScan {
    partition: Partition,
    buffer: VecDeque<ScannedRow>,
    after: Option<(Option<Date>, String, i64, String)>,
    skip: u64,
    left: u64,
}

impl RowScan {
    /// The rows from `skip` on, at most `take`.
    pub(crate) fn new(partition: Partition, skip: u64, take: u64) -> Self {
        Self {
            partition,
            buffer: VecDeque::new(),
            after: None,
            skip,
            left: take,
        }
    }

    /// The next row.
    pub(crate) fn next(
        &mut self,
        connection: &Connection,
    ) -> Result<Option<ScannedRow>, StoreError> {
        if self.buffer.is_empty() && self.left > 0 {
            self.fill(connection)?;
        }
        Ok(self.buffer.pop_front())
    }

    fn fill(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let Partition { year, court, bench } = &self.partition;
        let count = self.left.min(BATCH as u64);
        let place = "year = ?1 AND court = ?2 AND bench = ?3 AND removed = 0";
        let order = "ORDER BY decision_date, cnr, order_no, key";
        let rows: Vec<ScannedRow> = match &self.after {
            None => connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM judgments WHERE {place} {order} LIMIT ?4 OFFSET ?5"
                ))?
                .query_map(
                    (year, court.as_str(), bench.as_str(), count, self.skip),
                    scanned,
                )?
                .collect::<Result<_, _>>()?,
            Some((date, cnr, order_no, key)) => connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM judgments WHERE {place}
                     AND (decision_date, cnr, order_no, key) > (?4, ?5, ?6, ?7) {order} LIMIT ?8"
                ))?
                .query_map(
                    (
                        year,
                        court.as_str(),
                        bench.as_str(),
                        Day(*date),
                        cnr,
                        order_no,
                        key,
                        count,
                    ),
                    scanned,
                )?
                .collect::<Result<_, _>>()?,
        };
        self.left = if rows.len() as u64 == count {
            self.left - count
        } else {
            0
        };
        self.after = rows
            .last()
            .map(|row| {
                (
                    row.decision_date,
                    row.cnr.clone(),
                    row.order_no,
                    row.key.clone(),
                )
            })
            .or(self.after.take());
        self.buffer = rows.into();
        Ok(())
    }
}
