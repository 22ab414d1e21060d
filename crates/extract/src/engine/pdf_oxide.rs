//! The second opinion: `pdf_oxide`, which finds words where others fail and orders them less well.

use ::pdf_oxide::{Error as OxideError, PdfDocument};

use super::pdf_extract::guarded;
use super::{Document, Engine, EngineError, RawPage, header};
use crate::Limits;

/// `pdf_oxide`, page by page. It has no limit on memory or time of its own.
#[derive(Debug, Clone)]
pub(super) struct PdfOxide {
    max_pages: u32,
    max_output_bytes: u64,
}

impl PdfOxide {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            max_pages: limits.max_pages,
            max_output_bytes: limits.max_output_bytes,
        }
    }
}

impl Engine for PdfOxide {
    fn name(&self) -> &'static str {
        "pdf_oxide 0.3"
    }

    fn document(&self, bytes: &[u8]) -> Result<Document, EngineError> {
        let start = header::start(bytes)?;
        let body = bytes.get(start..).unwrap_or_default().to_vec();
        let document =
            guarded(|| PdfDocument::from_bytes(body))?.map_err(|error| explain(&error))?;
        let count = guarded(|| document.page_count())?.map_err(|error| explain(&error))?;
        if count > self.max_pages as usize {
            return Err(EngineError::TooManyPages(count as u64));
        }
        if count == 0 {
            return Err(EngineError::Unreadable("it has no pages".to_owned()));
        }
        let mut left = self.max_output_bytes;
        let mut pages = Vec::with_capacity(count);
        let mut first_problem = None;
        for page in 0..count {
            let text = match guarded(|| document.extract_text(page)) {
                Ok(Ok(text)) => Some(text),
                Ok(Err(error)) => {
                    first_problem.get_or_insert(explain(&error));
                    None
                }
                Err(panicked) => {
                    first_problem.get_or_insert(panicked);
                    None
                }
            };
            let bytes = text.as_ref().map_or(0, String::len);
            left = left
                .checked_sub(bytes as u64)
                .ok_or(EngineError::TooMuchText)?;
            pages.push(text);
        }
        match first_problem {
            Some(problem) if pages.iter().all(Option::is_none) => Err(problem),
            _ => Ok(Document {
                pages: pages
                    .iter()
                    .map(|text| RawPage::of_text(text.as_deref().unwrap_or_default()))
                    .collect(),
                truncated: header::is_truncated(bytes),
                ..Document::default()
            }),
        }
    }
}

fn explain(error: &OxideError) -> EngineError {
    match error {
        OxideError::EncryptedPdf => EngineError::Encrypted,
        other => EngineError::Unreadable(other.to_string().chars().take(200).collect()),
    }
}
