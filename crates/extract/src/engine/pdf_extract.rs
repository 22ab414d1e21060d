//! The `pdf-extract` engine.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use ::pdf_extract::{
    ConvertToFmt, Document, Error as PdfError, OutputError, PlainTextOutput, output_doc_page,
};

use super::{Document as Reading, Engine, EngineError, RawPage, header};
use crate::Limits;

/// `pdf-extract`, page by page. A page on which it panics is left empty; it has no limit on memory
/// or time of its own.
#[derive(Debug, Clone)]
pub(super) struct PdfExtract {
    max_pages: u32,
    max_output_bytes: u64,
}

impl PdfExtract {
    /// The engine with the limits on pages and text of `limits`.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            max_pages: limits.max_pages,
            max_output_bytes: limits.max_output_bytes,
        }
    }

    /// Opens the document. Some servers put a byte order mark, blank lines or even the head of the
    /// reply before it: offsets then count from the header, or else from the file's start.
    fn open(bytes: &[u8]) -> Result<Document, EngineError> {
        let start = header::start(bytes)?;
        let from_header = bytes.get(start..).unwrap_or_default();
        let mut document = match Document::load_mem(from_header) {
            Err(_) if start > 0 => Document::load_mem(bytes),
            opened => opened,
        }
        .map_err(|error| explain(&error))?;
        if document.is_encrypted() {
            document.decrypt("").map_err(|_| EngineError::Encrypted)?;
        }
        Ok(document)
    }
}

impl Engine for PdfExtract {
    fn name(&self) -> &'static str {
        "pdf-extract 0.12"
    }

    fn document(&self, bytes: &[u8]) -> Result<Reading, EngineError> {
        let document = guarded(|| Self::open(bytes))??;
        let count = guarded(|| document.get_pages().len())?;
        if count > self.max_pages as usize {
            return Err(EngineError::TooManyPages(count as u64));
        }
        if count == 0 {
            return Err(EngineError::Unreadable("it has no pages".to_owned()));
        }
        let left = Rc::new(Cell::new(
            usize::try_from(self.max_output_bytes).unwrap_or(usize::MAX),
        ));
        let mut pages = Vec::with_capacity(count);
        let mut first_problem = None;
        for page in 1..=count as u32 {
            let mut text = String::new();
            let outcome = guarded(|| {
                let sink = Sink {
                    text: &mut text,
                    left: Rc::clone(&left),
                };
                output_doc_page(&document, &mut PlainTextOutput::new(sink), page)
            });
            let problem = match outcome {
                Ok(Ok(())) => None,
                Ok(Err(OutputError::FormatError(_))) => return Err(EngineError::TooMuchText),
                Ok(Err(OutputError::PdfError(error))) => Some(explain(&error)),
                Ok(Err(OutputError::IoError(error))) => {
                    Some(EngineError::Unreadable(error.to_string()))
                }
                Err(panicked) => Some(panicked),
            };
            match problem {
                None => pages.push(Some(text)),
                Some(problem) => {
                    first_problem.get_or_insert(problem);
                    pages.push(None);
                }
            }
        }
        match first_problem {
            Some(problem) if pages.iter().all(Option::is_none) => Err(problem),
            _ => Ok(Reading {
                pages: pages
                    .iter()
                    .map(|text| RawPage::of_text(text.as_deref().unwrap_or_default()))
                    .collect(),
                truncated: header::is_truncated(bytes),
                ..Reading::default()
            }),
        }
    }
}

/// Runs a step of the engine; a panic becomes an error. What the step borrows is dropped or read
/// only afterwards, so a half-finished state cannot be seen.
pub(crate) fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, EngineError> {
    catch_unwind(AssertUnwindSafe(step))
        .map_err(|panic| EngineError::Panicked(panic_message(&*panic)))
}

/// The text of a panic, cut to 200 characters.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message");
    text.chars().take(200).collect()
}

fn explain(error: &PdfError) -> EngineError {
    match error {
        PdfError::Decryption(_)
        | PdfError::InvalidPassword
        | PdfError::UnsupportedSecurityHandler(_) => EngineError::Encrypted,
        other => EngineError::Unreadable(other.to_string().chars().take(200).collect()),
    }
}

/// Collects a page's text and refuses to grow beyond what is left of the document's allowance.
struct Sink<'a> {
    text: &'a mut String,
    left: Rc<Cell<usize>>,
}

impl<'a> ConvertToFmt for Sink<'a> {
    type Writer = Sink<'a>;

    fn convert(self) -> Self::Writer {
        self
    }
}

impl fmt::Write for Sink<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let left = self.left.get().checked_sub(piece.len()).ok_or(fmt::Error)?;
        self.left.set(left);
        self.text.push_str(piece);
        Ok(())
    }
}
