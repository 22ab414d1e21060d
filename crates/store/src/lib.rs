//! The lake: everything a crawl keeps, on one disk, in open formats.
//!
//! ```text
//! ledger.sqlite            windows, pages, rows, documents, attempts, outcomes: the system of record
//! captures/*.warc.gz       every portal reply as served (WARC 1.1)
//! documents/ab/cd/*.pdf    original bytes, named by their SHA-256
//! judgments/, revisions/   Parquet, a pure function of the ledger
//! cases/, hearings/, orders/, cause_lists/   the same, of what the case portals show
//! text/                    Parquet, a row a page
//! structure/, citations/ … Parquet, made from text/ (and ocr/, read from pictures of pages)
//! imports.sqlite           texts brought in from files, which no portal lists
//! manifest.json            every published file with its hash
//! ```
//!
//! The order is the same everywhere: bytes, `fsync`, name, directory `fsync`, ledger row, derived
//! layers. A ledger row never points at bytes that could vanish, so a process may die at any instant
//! and the same command run again ends in the same bytes.
//!
//! All methods block; asynchronous callers run them on a blocking thread. This crate knows nothing of
//! networks, portals' wire formats or PDF text.
//!
//! ```
//! use nirnay_store::{Lake, OpenMode};
//!
//! let dir = tempfile::tempdir()?;
//! let lake = Lake::open(dir.path(), OpenMode::ReadWrite)?;
//! assert!(lake.ledger().windows(None)?.is_empty());
//! assert!(Lake::open(dir.path(), OpenMode::ReadWrite).is_err(), "one writer a lake");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backup;
mod captures;
mod disk;
mod document_cache;
mod documents;
mod error;
mod files;
mod host_state;
mod imports;
mod lake;
mod layers;
mod ledger;
mod lock;
mod publish;
mod recovery;
mod repair;
mod rescue;
mod scan;
mod verify;
mod warc;

pub use captures::Captures;
pub use document_cache::{CachedOcr, CachedText, OcrPage, TextOutcome};
pub use documents::{Documents, FetchedBlob, StoredBatch};
pub use error::StoreError;
pub use files::{Entry, Files, OsFiles, OutFile, SyncPoint};
pub use host_state::{HoldGuard, HostStateFile};
pub use imports::{ImportCounts, ImportedFile, ImportedText, Imports};
pub use lake::{Lake, OpenMode};
pub use ledger::{
    AcceptedRow, Alarm, AlarmKind, Artifact, Audit, AuditEntry, AuditFilter, CaptchaAnswer,
    CaptchaStat, CaseDocument, CaseDocumentSum, CaseItemRow, CaseItemState, CaseItemSum,
    CaseSighting, DayCount, Derived, DocumentCounts, FieldCount, Hole, Layer, Ledger, ListLine,
    NewAlarm, PageAcceptance, PageCounts, PartitionVersion, PendingDocument, Proof,
    QuarantineEntry, Removal, RemovalReport, RequestStat, Revision, Run, RunRow, SHARED_DOCUMENT,
    SHARED_SCAN, SHARED_SCAN_AGAIN, SeenCase, SeenList, SightingCounts, WindowRow, WindowSpec,
    WindowState,
};
pub use publish::{
    CitationLink, CitationRow, CiteRow, DanglingRow, DegreeRow, JudgmentFilter, LayerInput,
    LayerRow, MAX_PART_ROWS, OcrPages, OcrRow, PartReport, PartRows, PartWriter, PublishEvent,
    PublishReport, PublishedJudgments, ReadRow, Resolution, Shard, StructureRow, StructureValue,
    Target, TextJob, TextReport, TextRow, TextRows,
};
pub use repair::RepairReport;
pub use rescue::RescueReport;
pub use verify::{Finding, Repair, Severity, VerifyLevel};
