//! Where captures go.

use std::sync::{Mutex, PoisonError};

use nirnay_model::Capture;

/// A capture that could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("the capture could not be kept: {why}")]
pub struct SinkError {
    /// What happened.
    pub why: String,
    /// The cause.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Keeps every exchange, secrets already masked, before anything is made of it.
pub trait CaptureSink: Send + Sync {
    /// Keeps one exchange. The fetch stops if it cannot be kept.
    fn record(&self, capture: Capture) -> Result<(), SinkError>;
}

/// A sink in memory, for tests and examples.
#[derive(Debug, Default)]
pub struct MemorySink {
    captures: Mutex<Vec<Capture>>,
}

impl MemorySink {
    /// Everything recorded so far.
    pub fn captures(&self) -> Vec<Capture> {
        self.captures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl CaptureSink for MemorySink {
    fn record(&self, capture: Capture) -> Result<(), SinkError> {
        self.captures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(capture);
        Ok(())
    }
}
