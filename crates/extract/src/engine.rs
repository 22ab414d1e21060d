//! The seam behind which the PDF library lies.

mod pdf_extract;

pub use pdf_extract::PdfExtract;
pub(crate) use pdf_extract::panic_message;

/// A library that turns PDF bytes into the raw text of each page.
///
/// An engine may panic, loop or exhaust memory: callers run it where that is survivable.
pub trait Engine {
    /// Name and version, kept beside the text: `pdf-extract 0.12`.
    fn name(&self) -> &str;

    /// The raw text of each page in order. A page that cannot be read is empty; a document of which
    /// no page can be read is an error.
    fn pages(&self, bytes: &[u8]) -> Result<Vec<String>, EngineError>;
}

/// Why an engine has no pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
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
