//! Errors of a pipeline, each with the exit code it ends the process with.

use std::path::{Path, PathBuf};

use nirnay_store::StoreError;

/// Why a pipeline could not go on.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The pipeline file is not valid TOML of the expected shape.
    #[error("{path}: {source}", path = path.display())]
    ConfigSyntax {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: Box<toml::de::Error>,
    },
    /// The pipeline file asks for something that cannot be.
    #[error("{path}: {what}", path = path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        what: String,
    },
    /// The lake could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A portal cannot be asked with these settings.
    #[error(transparent)]
    Portal(#[from] nirnay_fetch::ConfigError),
    /// The index could not be read or written.
    #[error(transparent)]
    Index(#[from] nirnay_index::IndexError),
    /// A search was not understood.
    #[error("{}; {}", .0.message, .0.hint)]
    Query(nirnay_index::QueryError),
    /// The text extractor itself failed; it says nothing about a document.
    #[error("{0}; `nirnay doctor` checks the extractor")]
    Extractor(nirnay_extract::ExtractFailure),
    /// Character recognition itself failed; it says nothing about a page.
    #[error("{0}")]
    Ocr(nirnay_extract::ocr::OcrFailure),
    /// A file outside the lake could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something that must not happen.
    #[error("internal error: {0}; please report it with the command that led here")]
    Internal(String),
}

pub(crate) fn config_error(path: &Path, what: String) -> PipelineError {
    PipelineError::Config {
        path: path.to_owned(),
        what,
    }
}
