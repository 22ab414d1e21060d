//! Text of documents, from bytes nobody trusts.

use std::path::PathBuf;
use std::sync::Mutex;

use nirnay_extract::{ExtractFailure, Extraction, Limits, Worker, extract_in_process};

/// Turns a PDF into page texts.
pub trait TextExtractor: Send + Sync {
    /// The page texts of `pdf`. Blocks for as long as its limits allow.
    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure>;
}

/// Extraction in child processes, at most as many at a time as callers ask for.
pub struct ChildExtractor {
    program: PathBuf,
    args: Vec<String>,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
}

impl ChildExtractor {
    /// Children are started as `program args…` and must run [`nirnay_extract::worker_main`].
    pub fn new(program: PathBuf, args: Vec<String>, limits: Limits) -> Self {
        Self {
            program,
            args,
            limits,
            idle: Mutex::new(Vec::new()),
        }
    }
}

impl TextExtractor for ChildExtractor {
    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut worker = idle.unwrap_or_else(|| {
            Worker::new(self.program.clone(), self.args.clone(), self.limits.clone())
        });
        let result = worker.extract(pdf);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(worker);
        }
        result
    }
}

/// Extraction in this process: for documents that were made by the simulator.
#[derive(Debug, Clone, Default)]
pub struct InProcessExtractor(pub Limits);

impl TextExtractor for InProcessExtractor {
    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        extract_in_process(pdf, &self.0)
    }
}
