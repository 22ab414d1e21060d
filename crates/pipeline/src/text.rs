//! Text of documents, from bytes nobody trusts.

use std::path::PathBuf;

use nirnay_extract::{EngineChoice, ExtractFailure, Extraction, Limits, Pool, extract_in_process};

/// Raised when the same engine gives other text: what was extracted before is extracted again.
const REVISION: u32 = 4;

/// Turns a PDF into page texts.
pub trait TextExtractor: Send + Sync {
    /// The version of the extraction as a whole: text that another one made is extracted again.
    fn version(&self) -> &str;

    /// The page texts of `pdf`. Blocks for as long as its limits allow.
    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure>;
}

/// What the extraction by `engine` is called.
fn version_of(engine: EngineChoice) -> String {
    format!("nirnay-extract {REVISION} {engine}")
}

/// Extraction in child processes, as many at a time as the pool has workers.
pub struct ChildExtractor {
    pool: Pool,
    version: String,
}

impl ChildExtractor {
    /// At most `jobs` children at a time, started as `program args…`, which must run
    /// [`nirnay_extract::worker_main`].
    pub fn new(
        (program, args): (PathBuf, Vec<String>),
        limits: Limits,
        engine: EngineChoice,
        jobs: usize,
    ) -> Self {
        Self {
            pool: Pool::new(program, args, limits, jobs).with_engine(engine),
            version: version_of(engine),
        }
    }
}

impl TextExtractor for ChildExtractor {
    fn version(&self) -> &str {
        &self.version
    }

    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        self.pool.extract(pdf)
    }
}

/// Extraction in this process: for documents that were made by the simulator.
#[derive(Debug, Clone)]
pub struct InProcessExtractor {
    limits: Limits,
    version: String,
}

impl Default for InProcessExtractor {
    fn default() -> Self {
        Self {
            version: version_of(EngineChoice::default()),
            limits: Limits::default(),
        }
    }
}

impl TextExtractor for InProcessExtractor {
    fn version(&self) -> &str {
        &self.version
    }

    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        extract_in_process(pdf, &self.limits)
    }
}
