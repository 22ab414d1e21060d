//! The log of everything that was asked, which is the ground truth about a client.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::site::Site;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::error::SimError;
use crate::route::Route;
use crate::row::RowId;

/// What a request came to, as the portal sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It got what it asked for: a page, a picture, a list, an address, a document.
    Served,
    /// A captcha answer was right and was taken.
    CaptchaTaken,
    /// A captcha answer was wrong, or was refused all the same.
    CaptchaRefused,
    /// The allowance of documents is used up: a captcha in place of the address.
    CaptchaAsked,
    /// The session is not logged in, or not any more.
    Expired,
    /// A stale token or a form the portal does not take.
    Refused,
    /// There is no such file, or not any more.
    Missing,
    /// A fault put another reply in place of the true one.
    Forged,
}

/// A request and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Its number, from 1, over all portals.
    pub number: u64,
    /// When it came, by the simulator's clock.
    pub time: Timestamp,
    /// The portal.
    pub portal: Site,
    /// What it was for.
    pub route: Route,
    /// The session, as the first eight digits of a hash; the same for all ids of a session.
    pub session: Option<String>,
    /// What it came to.
    pub outcome: Outcome,
    /// The status of the reply; 0 where the connection was reset before it.
    pub status: u16,
    /// The size of the reply's body as meant, faults included.
    pub bytes: u64,
    /// The fault that struck it.
    pub fault: Option<String>,
    /// The row whose document was meant by a link or sent by a document request.
    pub row: Option<RowId>,
    /// The CNR of the case that was looked up or whose document was sent, on the portals of cases.
    pub case: Option<String>,
    /// Whether a captcha answer was right, whatever the reply said.
    pub captcha: Option<bool>,
    /// The number of the picture shown, or of the one that was answered; the same number is the same
    /// picture.
    pub picture: Option<u64>,
    /// The captcha answer sent.
    pub answer: Option<String>,
    /// Captcha answers of this session up to and with this one.
    pub tries: Option<u32>,
    /// The search, for search requests.
    pub search: Option<SearchLog>,
    /// What the client says it is.
    #[serde(serialize_with = "as_text")]
    pub agent: Option<Arc<str>>,
    /// Anything else worth knowing: a missing field, a stale token, an unknown `val`.
    pub note: Option<String>,
}

#[expect(
    clippy::ref_option,
    reason = "the serialiser hands over a reference to the field"
)]
fn as_text<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
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

/// Entries and counts.
#[derive(Debug)]
pub(crate) struct Log {
    entries: VecDeque<LogEntry>,
    counts: BTreeMap<(Site, Route), u64>,
    file: Option<std::fs::File>,
    kept: usize,
}

impl Log {
    /// An empty log that keeps so many entries and also writes all of them to a file of JSON lines.
    pub(crate) fn open(path: Option<&Path>, kept: usize) -> Result<Self, SimError> {
        let file = path
            .map(|path| {
                std::fs::File::create(path).map_err(|source| SimError::Log {
                    path: path.to_owned(),
                    source,
                })
            })
            .transpose()?;
        Ok(Self {
            entries: VecDeque::new(),
            counts: BTreeMap::new(),
            file,
            kept,
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
        if self.entries.len() >= self.kept {
            self.entries.pop_front();
        }
        if self.kept > 0 {
            self.entries.push_back(entry);
        }
    }

    /// The kept entries behind a number.
    pub(crate) fn since(&self, number: u64) -> Vec<LogEntry> {
        let from = self.entries.partition_point(|entry| entry.number <= number);
        self.entries.range(from..).cloned().collect()
    }

    pub(crate) fn counts(&self) -> BTreeMap<(Site, Route), u64> {
        self.counts.clone()
    }
}
