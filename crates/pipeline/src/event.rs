//! The one stream of events: bars, JSON lines, logs and reports are observers of it.

use jiff::Timestamp;
use nirnay_fetch::FetchEvent;
use nirnay_model::{CourtCode, DateWindow, MissingReason, RowKey, SourceId};
use nirnay_store::Alarm;
use serde::Serialize;

/// A thing that happened while a pipeline ran.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A run began, or an unfinished one goes on.
    RunStarted {
        /// Its number in the ledger.
        run: i64,
        /// Its instant: `first_seen` and `last_seen` of what it sees.
        started_at: Timestamp,
        /// Whether an unfinished run goes on.
        resumed: bool,
    },
    /// A part of the work began.
    StageStarted {
        /// Which.
        stage: Stage,
        /// Units of work, where known.
        total: Option<u64>,
    },
    /// A part of the work went on.
    StageProgress {
        /// Which.
        stage: Stage,
        /// Units done.
        done: u64,
    },
    /// A part of the work ended.
    StageFinished {
        /// Which.
        stage: Stage,
    },
    /// A window's first page told how many rows the portal lists.
    WindowOpened {
        /// Source.
        source: SourceId,
        /// Court.
        court: CourtCode,
        /// Decision dates; none for the feed.
        window: Option<DateWindow>,
        /// Rows the portal lists.
        total: u64,
    },
    /// A page's rows are in the ledger.
    PageAccepted {
        /// Source.
        source: SourceId,
        /// Court.
        court: CourtCode,
        /// Decision dates.
        window: Option<DateWindow>,
        /// Rows on the page.
        rows: u64,
        /// Rows set aside.
        quarantined: u64,
    },
    /// A window closed with its sums proven.
    WindowComplete {
        /// Source.
        source: SourceId,
        /// Court.
        court: CourtCode,
        /// Decision dates.
        window: Option<DateWindow>,
        /// Rows the portal lists.
        total: u64,
        /// Rows accepted.
        accepted: u64,
        /// Rows set aside.
        quarantined: u64,
    },
    /// A window's sums did not agree; it is walked again.
    WindowRewalked {
        /// Source.
        source: SourceId,
        /// Court.
        court: CourtCode,
        /// Decision dates.
        window: Option<DateWindow>,
        /// What did not agree.
        why: String,
    },
    /// A window was cut into narrower ones.
    WindowSplit {
        /// Source.
        source: SourceId,
        /// Court.
        court: CourtCode,
        /// Decision dates.
        window: Option<DateWindow>,
        /// The number of parts.
        parts: usize,
        /// Why.
        why: String,
    },
    /// A window stays open; the next run tries again.
    WindowFailed {
        /// Source.
        source: SourceId,
        /// Court.
        court: CourtCode,
        /// Decision dates.
        window: Option<DateWindow>,
        /// Why.
        error: String,
    },
    /// A document is in the lake.
    DocumentStored {
        /// Its row.
        row_key: RowKey,
        /// Its size in bytes.
        size: u64,
    },
    /// A document has to be fetched again.
    DocumentRetry {
        /// Its row.
        row_key: RowKey,
        /// Why.
        why: String,
    },
    /// A document is given up, with a reason.
    DocumentMissing {
        /// Its row.
        row_key: RowKey,
        /// Why.
        reason: MissingReason,
    },
    /// Something on the wire.
    Fetch {
        /// The source.
        source: SourceId,
        /// What.
        #[serde(flatten)]
        fetch: FetchEvent,
    },
    /// A source stopped before its work was done.
    SourceStopped {
        /// Source.
        source: SourceId,
        /// Why.
        why: String,
    },
    /// Something a person has to look at was noticed, or is still so.
    Alarm {
        /// It, as recorded in the ledger.
        alarm: Alarm,
    },
    /// Something a person should know that stops nothing.
    Notice {
        /// The text.
        text: String,
    },
}

/// The parts of a pipeline's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Walking the lists.
    Rows,
    /// Fetching the PDFs.
    Documents,
    /// Writing the judgment tables.
    Publish,
    /// Extracting text.
    Extract,
    /// Reading pictures of pages.
    Ocr,
    /// Reading the structure of judgments.
    Structure,
    /// Finding citations.
    Citations,
    /// Making the graph of citations.
    Cites,
    /// Building the index.
    Index,
}

impl Stage {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Documents => "documents",
            Self::Publish => "tables",
            Self::Extract => "text",
            Self::Ocr => "ocr",
            Self::Structure => "structure",
            Self::Citations => "citations",
            Self::Cites => "cites",
            Self::Index => "index",
        }
    }
}

/// Something that watches a pipeline.
pub trait Observer: Send + Sync {
    /// Called for every event, from any thread; must not block for long.
    fn observe(&self, event: &Event);
}

/// An observer that looks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn observe(&self, _event: &Event) {}
}
