//! The log of everything that was asked, which is the ground truth about a client.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;
use nirnay_model::Portal;
use serde::Serialize;

use crate::error::SimError;
use crate::route::Route;
use crate::row::RowId;

/// A request and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Its number, from 1, over all portals.
    pub number: u64,
    /// When it came.
    pub time: Timestamp,
    /// The portal.
    pub portal: Portal,
    /// What it was for.
    pub route: Route,
    /// The session, as the first eight digits of a hash; the same for all ids of a session.
    pub session: Option<String>,
    /// The status of the reply; 0 where the connection was reset before it.
    pub status: u16,
    /// The size of the reply's body as meant, faults included.
    pub bytes: u64,
    /// The fault that struck it.
    pub fault: Option<String>,
    /// The row whose document was meant by a link or sent by a document request.
    pub row: Option<RowId>,
    /// Whether a captcha answer was right, whatever the reply said.
    pub captcha: Option<bool>,
    /// The search, for search requests.
    pub search: Option<SearchLog>,
    /// Anything else worth knowing: a missing field, a stale token, an unknown `val`.
    pub note: Option<String>,
}

/// A search as it was understood and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchLog {
    /// `state_code` and `dist_code` as sent.
    pub court: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Offset.
    pub start: u64,
    /// Rows asked for.
    pub length: u64,
    /// Rows found.
    pub total: u64,
    /// Rows sent.
    pub sent: u64,
}

/// The most entries kept in memory; the oldest go first. The file keeps all.
const KEPT: usize = 1_000_000;

/// Entries and counts.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<LogEntry>,
    counts: BTreeMap<(Portal, Route), u64>,
    file: Option<std::fs::File>,
}

impl Log {
    /// An empty log that also writes to a file of JSON lines.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, SimError> {
        let file = path
            .map(|path| {
                std::fs::File::create(path).map_err(|source| SimError::Log {
                    path: path.to_owned(),
                    source,
                })
            })
            .transpose()?;
        Ok(Self {
            file,
            ..Self::default()
        })
    }

    /// Adds an entry.
    pub(crate) fn add(&mut self, entry: LogEntry) {
        if let Some(file) = &mut self.file {
            let mut line = serde_json::to_vec(&entry).unwrap_or_default();
            line.push(b'\n');
            // A simulator goes on with a full disk; the log in memory is whole.
            if file.write_all(&line).is_err() {
                self.file = None;
            }
        }
        *self.counts.entry((entry.portal, entry.route)).or_default() += 1;
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn counts(&self) -> BTreeMap<(Portal, Route), u64> {
        self.counts.clone()
    }
}
