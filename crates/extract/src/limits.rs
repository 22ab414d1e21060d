//! What a document may cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits for one document. Real judgments peak near 0.4 s and 60 MiB; the defaults leave a wide
/// margin and still end a hostile file within a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space of the child in bytes, its program and stacks included (512 MiB).
    pub memory_bytes: u64,
    /// CPU seconds for one document (20).
    pub cpu_seconds: u64,
    /// Wall time for one document, from the call to the reply (60 s).
    pub wall: Duration,
    /// Pages of a document (5,000).
    pub max_pages: u32,
    /// Bytes of text of all pages together (20 MiB).
    pub max_output_bytes: u64,
    /// Bytes of the PDF (200 MiB).
    pub max_input_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 << 20,
            cpu_seconds: 20,
            wall: Duration::from_mins(1),
            max_pages: 5_000,
            max_output_bytes: 20 << 20,
            max_input_bytes: 200 << 20,
        }
    }
}

impl Limits {
    /// The largest reply a child within these limits can send: JSON escapes at most double the
    /// text (control characters are out of it), and every page has a small frame of its own.
    pub(crate) fn max_reply_bytes(&self) -> u64 {
        let pages = u64::from(self.max_pages).saturating_mul(256);
        self.max_output_bytes
            .saturating_mul(2)
            .saturating_add(pages)
            .saturating_add(1 << 16)
    }
}
