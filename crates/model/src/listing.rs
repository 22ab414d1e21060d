//! Rows on their way from a portal to the published table.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CaptureId, DocumentState, Judgment, Sha256};

/// Why a row was set aside instead of published. The raw HTML is kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    /// The HTML has none of the structure of a row.
    Unreadable,
    /// The HTML nests too deep or is too large to be parsed safely.
    TooComplex,
    /// No button or link that opens the document.
    NoDocumentLink,
    /// The decision date is missing or is no date.
    NoDecisionDate,
    /// The decision date cannot be true (before the source's first year, or in the future).
    ImpossibleDate,
    /// Values that cannot all be true: a registration after the decision, or a decision date whose
    /// day and month stand the other way round in the document path.
    Contradiction,
    /// The court printed, the CNR and the document path do not name one known court.
    UnknownCourt,
    /// The document path has a form that no known row has.
    StrangePath,
}

impl QuarantineReason {
    /// The value in reports and in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooComplex => "too_complex",
            Self::NoDocumentLink => "no_document_link",
            Self::NoDecisionDate => "no_decision_date",
            Self::ImpossibleDate => "impossible_date",
            Self::Contradiction => "contradiction",
            Self::UnknownCourt => "unknown_court",
            Self::StrangePath => "strange_path",
        }
    }
}

/// A row that could not be taken, with everything needed to take it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// The identity: a hash of the HTML without its position on the page.
    pub key: Sha256,
    /// Why it was set aside.
    pub reason: QuarantineReason,
    /// What exactly was wrong, for people.
    pub detail: String,
    /// The row as served.
    pub html: String,
}

/// What a session needs to ask for a document; the session's own row index is not part of it,
/// because that index dies with the page it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentHandle {
    /// The path as the portal names it, without the fragment.
    pub path: String,
    /// The second argument of `open_pdf`; empty for High Courts.
    pub citation_year: String,
    /// The fourth argument of `open_pdf` (neutral citation without spaces); may be empty.
    pub nc_display: String,
    /// Translation code; empty for the original.
    pub language: String,
}

/// A judgment with its provenance: one row of the published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedJudgment {
    /// What the portal said.
    pub judgment: Judgment,
    /// What became of the document.
    pub document: DocumentState,
    /// Start of the run that first saw the row.
    pub first_seen: Timestamp,
    /// Start of the latest run that saw it.
    pub last_seen: Timestamp,
    /// Start of the run that no longer found it in the list; none while it is listed.
    pub not_listed_since: Option<Timestamp>,
    /// Hash of [`Judgment`] as first to notice a change.
    pub row_hash: Sha256,
    /// The capture the row was read from.
    pub capture_id: CaptureId,
    /// The row's place in that capture, from 0.
    pub capture_row: u32,
}
