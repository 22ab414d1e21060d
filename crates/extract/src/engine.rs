//! The seam behind which the PDF libraries lie.

mod choice;
mod hayro;
mod header;
mod pdf_extract;
mod pdf_oxide;

use crate::layout::Line;
use crate::quality::GlyphCounts;
use crate::{Annotation, Limits, Signature};

pub use choice::{EngineChoice, UnknownEngine};
pub(crate) use pdf_extract::panic_message;

use hayro::Hayro;
use pdf_extract::{PdfExtract, guarded};
use pdf_oxide::PdfOxide;

/// What an engine found in a document.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) pages: Vec<RawPage>,
    /// The `PostScript` names of its fonts, by their numbers in lines.
    pub(crate) fonts: Vec<Option<String>>,
    pub(crate) signatures: Vec<Signature>,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) truncated: bool,
}

/// What an engine found on a page.
#[derive(Debug, Default)]
pub(crate) struct RawPage {
    /// Its lines in reading order.
    pub(crate) lines: Vec<Line>,
    pub(crate) glyphs: GlyphCounts,
}

impl RawPage {
    /// A page of which only the text is known.
    pub(crate) fn of_text(text: &str) -> Self {
        let kept: Vec<&str> = text.lines().map(str::trim).collect();
        let count = kept.len().max(1) as f32;
        let mut after_gap = false;
        let mut lines = Vec::new();
        for (at, line) in kept.into_iter().enumerate() {
            if line.is_empty() {
                after_gap = true;
                continue;
            }
            lines.push(Line {
                text: line.to_owned(),
                down: (at as f32 + 0.5) / count,
                right: 1.0,
                after_gap: std::mem::take(&mut after_gap),
                ..Line::default()
            });
        }
        Self {
            lines,
            glyphs: GlyphCounts::unseen(),
        }
    }
}

/// A library that turns PDF bytes into the lines of each page.
///
/// An engine may panic, loop or exhaust memory: callers run it where that is survivable.
pub(crate) trait Engine {
    /// Name and version, kept beside the text: `pdf-extract 0.12`.
    fn name(&self) -> &'static str;

    /// The pages in order. A page that cannot be read is empty; a document of which no page can be
    /// read is an error.
    fn document(&self, bytes: &[u8]) -> Result<Document, EngineError>;
}

/// Reads a document with an engine, the first where the choice is left to us; gives its name too.
pub(crate) fn read(
    choice: EngineChoice,
    bytes: &[u8],
    limits: &Limits,
) -> Result<(&'static str, Document), EngineError> {
    let engine: &dyn Engine = match choice {
        EngineChoice::Auto | EngineChoice::Hayro => &Hayro::new(limits),
        EngineChoice::PdfOxide => &PdfOxide::new(limits),
        EngineChoice::PdfExtract => &PdfExtract::new(limits),
    };
    let document = guarded(|| engine.document(bytes))??;
    Ok((engine.name(), document))
}

/// Whether the bytes have the header of a PDF; without it no engine reads them.
pub(crate) fn has_header(bytes: &[u8]) -> bool {
    header::start(bytes).is_ok()
}

/// Why an engine has no pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EngineError {
    /// The empty password does not open it.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// More pages than the engine was told to read.
    #[error("the PDF has {0} pages")]
    TooManyPages(u64),
    /// More text than the engine was told to keep.
    #[error("the PDF has too much text")]
    TooMuchText,
    /// Not a PDF that it understands.
    #[error("{0}")]
    Unreadable(String),
    /// The engine panicked.
    #[error("panic: {0}")]
    Panicked(String),
}
