//! Documents: the PDF behind a row, and what became of it.

use serde::{Deserialize, Serialize};

use crate::Sha256;

/// Why a listed document is not in the lake. Every value is a counted outcome in `audit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReason {
    /// The row names no document.
    NotListed,
    /// The portal answered with an empty body, several times in several sessions.
    EmptyBody,
    /// The portal answered with something that is not a PDF (an error page, a text).
    NotAPdf,
    /// The bytes end before the PDF does.
    Truncated,
    /// The portal gave another case's PDF every time.
    WrongDocument,
    /// The portal refused to name an address for it.
    LinkRefused,
    /// The row was no longer listed when the document was asked for.
    RowGone,
    /// The portal lists it, and says that it has no file.
    NoFile,
    /// Larger than the configured limit.
    TooLarge,
    /// The row is on the list of removals.
    Removed,
}

impl MissingReason {
    /// The value in reports and in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotListed => "not_listed",
            Self::EmptyBody => "empty_body",
            Self::NotAPdf => "not_a_pdf",
            Self::Truncated => "truncated",
            Self::WrongDocument => "wrong_document",
            Self::LinkRefused => "link_refused",
            Self::RowGone => "row_gone",
            Self::NoFile => "no_file",
            Self::TooLarge => "too_large",
            Self::Removed => "removed",
        }
    }
}

/// How sure we are that a stored document is the one its row lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Its text names the case number, the CNR or the parties.
    Matched,
    /// It has no text to compare (a scan), or not enough.
    NoText,
    /// It has text that names neither, and the same bytes came twice from fresh sessions; or it is dated as another order
    /// of the case, and they came three times.
    Unconfirmed,
}

impl Verification {
    /// The value in the `document_check` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::NoText => "no_text",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// What became of a listed document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DocumentState {
    /// Not fetched yet.
    Pending,
    /// In the lake.
    Stored(DocumentFacts),
    /// Given up for now, with the reason.
    Missing {
        /// Why.
        reason: MissingReason,
    },
}

/// Facts about a stored document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// The hash of the bytes as served: their name in the lake.
    pub sha256: Sha256,
    /// The size in bytes.
    pub size: u64,
    /// The number of pages, once the text has been extracted.
    pub pages: Option<u32>,
    /// Whether the text confirms that it belongs to the row.
    pub check: Verification,
}
