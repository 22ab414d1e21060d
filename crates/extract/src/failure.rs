//! Why a document has no text.

use serde::{Deserialize, Serialize};

/// A document whose text could not be had. The PDF itself is as good as before: keep it, note the
/// [`reason`](Self::reason), try again with a later engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtractFailure {
    /// The file is larger than the limit.
    #[error("the PDF has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Size of the PDF in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It has more pages than the limit.
    #[error("the PDF has {pages} pages, more than the limit of {limit}")]
    TooManyPages {
        /// Pages found.
        pages: u64,
        /// The limit.
        limit: u32,
    },
    /// Its text is longer than the limit.
    #[error("the text of the PDF is longer than the limit of {limit} bytes")]
    TooMuchText {
        /// The limit in bytes.
        limit: u64,
    },
    /// It used up its CPU seconds or its wall time.
    #[error("the PDF took more time than the limit")]
    TimedOut,
    /// It wanted more memory than the limit.
    #[error("the PDF wanted more memory than the limit")]
    OutOfMemory,
    /// The engine panicked, or the child died of it.
    #[error("the extraction engine crashed on the PDF: {how}")]
    Crashed {
        /// The panic message, the signal or the exit code.
        how: String,
    },
    /// The engine understood that it is no PDF it can read.
    #[error("the PDF cannot be read: {why}")]
    Unreadable {
        /// What the engine said.
        why: String,
    },
    /// It needs a password, or a cipher that the engine lacks.
    #[error("the PDF is encrypted and the empty password does not open it")]
    Encrypted,
    /// The child could not be started or did not speak the protocol: says nothing about the PDF.
    #[error(
        "the extraction worker failed: {why}; check that its program and arguments start a worker"
    )]
    Worker {
        /// What failed.
        why: String,
    },
}

impl ExtractFailure {
    /// A stable word for reports and the ledger.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::TooMuchText { .. } => "too_much_text",
            Self::TimedOut => "timed_out",
            Self::OutOfMemory => "out_of_memory",
            Self::Crashed { .. } => "crashed",
            Self::Unreadable { .. } => "unreadable",
            Self::Encrypted => "encrypted",
            Self::Worker { .. } => "worker",
        }
    }

    /// Whether it tells about the document (and so will happen again) rather than about the
    /// installation.
    pub fn is_about_the_document(&self) -> bool {
        !matches!(self, Self::Worker { .. })
    }
}
