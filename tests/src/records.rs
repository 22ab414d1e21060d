//! The ledger's tables read plainly, without the code that wrote them: what an oracle may trust.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{DateWindow, Sha256};
use rusqlite::{Connection, OpenFlags, Row};

/// A ledger open for reading.
pub(crate) struct Records(Connection);

/// A window as recorded.
#[derive(Debug, Clone)]
pub(crate) struct WindowRecord {
    pub(crate) id: i64,
    pub(crate) source: String,
    pub(crate) court: String,
    pub(crate) bench: String,
    pub(crate) days: Option<DateWindow>,
    pub(crate) state: String,
    pub(crate) first_total: Option<u64>,
    pub(crate) last_total: Option<u64>,
    pub(crate) accepted: u64,
    pub(crate) quarantined: u64,
    pub(crate) completed_at: Option<Timestamp>,
}

impl WindowRecord {
    /// Whether it claims that nothing is missing.
    pub(crate) fn is_complete(&self) -> bool {
        self.state.starts_with("complete")
    }

    /// Its name for people.
    pub(crate) fn name(&self) -> String {
        let days = self
            .days
            .map_or_else(|| "feed".to_owned(), |days| days.to_string());
        format!("{} {}{} {days}", self.source, self.court, self.bench)
    }
}

/// An accepted page as recorded.
#[derive(Debug, Clone)]
pub(crate) struct PageRecord {
    pub(crate) window: i64,
    pub(crate) start: u64,
    pub(crate) total: u64,
    pub(crate) rows: u64,
    /// New, unchanged, updated, set aside, repeated on the page, repeated across pages.
    pub(crate) outcomes: [u64; 6],
}

/// A judgment as recorded.
#[derive(Debug, Clone)]
pub(crate) struct JudgmentRecord {
    pub(crate) key: String,
    pub(crate) row_hash: Vec<u8>,
    /// The document's hash, if it is stored.
    pub(crate) document: Option<Sha256>,
}

/// A published file as recorded or as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileRecord {
    pub(crate) path: String,
    pub(crate) sha256: Sha256,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl Records {
    /// Opens the ledger of the lake in `dir`.
    pub(crate) fn open(dir: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(dir.join("ledger.sqlite"), flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(30))?;
        Ok(Self(connection))
    }

    /// Sources whose tables wait: an alarm says that their layout is a new one, and nobody has looked yet.
    pub(crate) fn held_sources(&self) -> rusqlite::Result<BTreeSet<String>> {
        let sources = self.all(
            "SELECT source FROM alarms WHERE kind = 'layout' AND closed_at IS NULL AND acknowledged_at IS NULL",
            |row| row.get(0),
        )?;
        Ok(sources.into_iter().collect())
    }

    fn all<T>(
        &self,
        sql: &str,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.0.prepare(sql)?.query_map([], read)?.collect()
    }

    /// All windows.
    pub(crate) fn windows(&self) -> rusqlite::Result<Vec<WindowRecord>> {
        self.all(
            "SELECT id, source, court, bench, first_day, last_day, state, first_total, last_total, accepted,
             quarantined, completed_at FROM windows ORDER BY id",
            |row| {
                let day = |place| row.get::<_, String>(place).map(|text| text.parse::<Date>().ok());
                Ok(WindowRecord {
                    id: row.get(0)?,
                    source: row.get(1)?,
                    court: row.get(2)?,
                    bench: row.get(3)?,
                    days: match (day(4)?, day(5)?) {
                        (Some(from), Some(to)) => DateWindow::new(from, to).ok(),
                        _ => None,
                    },
                    state: row.get(6)?,
                    first_total: row.get(7)?,
                    last_total: row.get(8)?,
                    accepted: row.get(9)?,
                    quarantined: row.get(10)?,
                    completed_at: row
                        .get::<_, Option<i64>>(11)?
                        .and_then(|micros| Timestamp::from_microsecond(micros).ok()),
                })
            },
        )
    }

    /// The pages of all windows' current walks.
    pub(crate) fn pages(&self) -> rusqlite::Result<Vec<PageRecord>> {
        self.all(
            "SELECT window_id, start, total, row_count, new, unchanged, updated, quarantined, repeats_in_page,
             repeats_across_pages FROM pages",
            |row| {
                let mut outcomes = [0; 6];
                for (place, outcome) in outcomes.iter_mut().enumerate() {
                    *outcome = row.get(4 + place)?;
                }
                Ok(PageRecord {
                    window: row.get(0)?,
                    start: row.get(1)?,
                    total: row.get(2)?,
                    rows: row.get(3)?,
                    outcomes,
                })
            },
        )
    }

    /// The number of sessions that said zero, by window.
    pub(crate) fn zeros(&self) -> rusqlite::Result<BTreeMap<i64, u64>> {
        let rows = self.all(
            "SELECT window_id, count(*) FROM zeros GROUP BY window_id",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// Distinct rows of each window's current walk: judgments and rows set aside.
    pub(crate) fn members(&self) -> rusqlite::Result<BTreeMap<i64, u64>> {
        let rows = self.all(
            "SELECT window_id, count(*) FROM members GROUP BY window_id",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.into_iter().collect())
    }

    /// All judgments, in key order.
    pub(crate) fn judgments(&self) -> rusqlite::Result<Vec<JudgmentRecord>> {
        self.all(
            "SELECT key, row_hash, CASE doc_state WHEN 'stored' THEN doc_sha256 END FROM judgments ORDER BY key",
            |row| {
                Ok(JudgmentRecord {
                    key: row.get(0)?,
                    row_hash: row.get(1)?,
                    document: row.get::<_, Option<Vec<u8>>>(2)?.as_deref().and_then(digest),
                })
            },
        )
    }

    /// The hashes of all recorded documents.
    pub(crate) fn blobs(&self) -> rusqlite::Result<BTreeSet<Sha256>> {
        let rows = self.all("SELECT sha256 FROM blobs", |row| row.get::<_, Vec<u8>>(0))?;
        Ok(rows.iter().filter_map(|bytes| digest(bytes)).collect())
    }

    /// The published files.
    pub(crate) fn artifacts(&self) -> rusqlite::Result<BTreeSet<FileRecord>> {
        let rows = self.all("SELECT path, sha256, rows, bytes FROM artifacts", |row| {
            Ok(digest(&row.get::<_, Vec<u8>>(1)?).map(|sha256| FileRecord {
                path: row.get(0).unwrap_or_default(),
                sha256,
                rows: row.get(2).unwrap_or(u64::MAX),
                bytes: row.get(3).unwrap_or(u64::MAX),
            }))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Requests reserved, by run, and whether the run is over.
    pub(crate) fn runs(&self) -> rusqlite::Result<BTreeMap<i64, (u64, bool)>> {
        let rows = self.all(
            "SELECT id, requests, finished_at IS NOT NULL FROM runs",
            |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
        )?;
        Ok(rows.into_iter().collect())
    }
}

fn digest(bytes: &[u8]) -> Option<Sha256> {
    bytes.try_into().ok().map(Sha256::from_bytes)
}
