//! What ends the command early, with its exit code.

use std::fmt;

use nirnay_pipeline::{PipelineError, exit};
use nirnay_store::StoreError;

/// A failure as a person sees it: what, where, what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    pub(crate) fn new(exit_code: u8, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code,
        }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(exit::USAGE, message)
    }

    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(exit::IO, format!("{}: {error}", path.display()))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

fn store_code(error: &StoreError) -> u8 {
    match error {
        StoreError::Locked { .. } => exit::LOCKED,
        StoreError::Newer { .. } => exit::NEWER,
        StoreError::DiskFull { .. } => exit::DISK_FULL,
        StoreError::Invariant { .. } => exit::BUG,
        _ => exit::IO,
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(store_code(&error), error.to_string())
    }
}

impl From<PipelineError> for Failure {
    fn from(error: PipelineError) -> Self {
        let code = match &error {
            PipelineError::ConfigSyntax { .. }
            | PipelineError::Config { .. }
            | PipelineError::Query(_)
            | PipelineError::Portal(_) => exit::USAGE,
            PipelineError::Store(error) => store_code(error),
            PipelineError::Index(_)
            | PipelineError::Io { .. }
            | PipelineError::Ocr(_)
            | PipelineError::Extractor(_) => exit::IO,
            PipelineError::Internal(_) => exit::BUG,
        };
        Self::new(code, error.to_string())
    }
}
