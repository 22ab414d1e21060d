//! What a document may cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits for one document. Real judgments peak near 0.4 s and 33 MiB; the defaults leave a wide
/// margin and still end a hostile file within a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space of the child in bytes, its program and stacks included (1 GiB).
    pub memory_bytes: u64,
    /// CPU seconds for one document (20).
    pub cpu_seconds: u64,
    /// Wall time for one document, from the call to the reply (60 s).
    pub wall: Duration,
    /// Pages of a document (5,000).
    pub max_pages: u32,
    /// Bytes of text of all pages together (20 MiB); what is told apart from the body (furniture,
    /// signatures, annotations) counts too.
    pub max_output_bytes: u64,
    /// Bytes of the PDF (200 MiB).
    pub max_input_bytes: u64,
    /// Pixels of a page's picture (25 million); a larger page is drawn at a lower resolution.
    #[serde(default = "picture_pixels")]
    pub max_picture_pixels: u32,
}

fn picture_pixels() -> u32 {
    25_000_000
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 1 << 30,
            cpu_seconds: 20,
            wall: Duration::from_mins(1),
            max_pages: 5_000,
            max_output_bytes: 20 << 20,
            max_input_bytes: 200 << 20,
            max_picture_pixels: picture_pixels(),
        }
    }
}

impl Limits {
    /// The largest reply a child within these limits can send: JSON escapes at most double the
    /// text (control characters are out of it), and every page has a small frame of its own. A
    /// picture is one byte a pixel before it is packed, and packing may add a little.
    pub(crate) fn max_reply_bytes(&self) -> u64 {
        let pages = u64::from(self.max_pages).saturating_mul(1 << 10);
        let text = self
            .max_output_bytes
            .saturating_mul(2)
            .saturating_add(pages);
        let picture = u64::from(self.max_picture_pixels).saturating_mul(9) / 8;
        text.max(picture).saturating_add(1 << 20)
    }
}
