//! The text of a whole document.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use nirnay_model::PageText;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, EngineError, PdfExtract, panic_message};
use crate::{ExtractFailure, Limits, page_text};

/// PDF parsers recurse over nested objects and forms; the usual 2 MiB of a thread end too soon.
const STACK_BYTES: usize = 64 << 20;

/// The text of a document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Extraction {
    /// The engine that made it, with its version.
    pub engine: String,
    /// Its pages in order, every one present.
    pub pages: Vec<PageText>,
    /// What its signature fields say: who signed, when, why.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// Texts of its other annotations (notes, stamps, form fields).
    #[serde(default)]
    pub annotations: Vec<Annotation>,
    /// Whether the file ends before its last page does: what is here is what could be recovered.
    #[serde(default)]
    pub truncated: bool,
}

/// What a signature field of a document says. Nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signature {
    /// The page that shows it, from 1, where it is shown.
    pub page: Option<u32>,
    /// Who signed.
    pub signer: Option<String>,
    /// When, as the file has it, in ISO 8601 where it can be read.
    pub signed_at: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What its box shows.
    pub text: String,
}

/// The text of an annotation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Annotation {
    /// The page it lies on, from 1.
    pub page: u32,
    /// The PDF's word for its kind: `FreeText`, `Stamp`, `Widget`.
    pub kind: String,
    /// Its text.
    pub text: String,
}

/// Extracts in this process: for bytes made by trusted code, and for tests.
///
/// Panics of the engine are caught, the limits on input, pages and output hold; those on memory and
/// time do not, and a stack overflow or an exhausted memory ends the process. Portal bytes belong
/// in a [`Worker`](crate::Worker).
pub fn extract_in_process(pdf: &[u8], limits: &Limits) -> Result<Extraction, ExtractFailure> {
    extract_with(&PdfExtract::new(limits), pdf, limits)
}

/// Like [`extract_in_process`], with an engine of the caller's choice.
pub fn extract_with(
    engine: &(dyn Engine + Sync),
    pdf: &[u8],
    limits: &Limits,
) -> Result<Extraction, ExtractFailure> {
    let bytes = pdf.len() as u64;
    if bytes > limits.max_input_bytes {
        return Err(ExtractFailure::TooLarge {
            bytes,
            limit: limits.max_input_bytes,
        });
    }
    thread::scope(|scope| {
        let handle = thread::Builder::new()
            .name("extract".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || run(engine, pdf, limits))
            .map_err(|error| ExtractFailure::Worker {
                why: format!("no thread to extract on: {error}"),
            })?;
        handle.join().unwrap_or_else(|panic| {
            Err(ExtractFailure::Crashed {
                how: panic_message(&*panic),
            })
        })
    })
}

fn run(engine: &dyn Engine, pdf: &[u8], limits: &Limits) -> Result<Extraction, ExtractFailure> {
    let raw = catch_unwind(AssertUnwindSafe(|| engine.pages(pdf)))
        .map_err(|panic| ExtractFailure::Crashed {
            how: format!("panic: {}", panic_message(&*panic)),
        })?
        .map_err(|error| failure_of(error, limits))?;
    let mut pages = Vec::with_capacity(raw.len());
    let mut text_bytes = 0_u64;
    for (number, text) in (1..).zip(raw) {
        let page = page_text(number, &text);
        // Normalisation can lengthen a text, so the limit is kept on what leaves.
        text_bytes += page.text.len() as u64;
        if text_bytes > limits.max_output_bytes {
            return Err(ExtractFailure::TooMuchText {
                limit: limits.max_output_bytes,
            });
        }
        pages.push(page);
    }
    if pages.len() as u64 > u64::from(limits.max_pages) {
        return Err(ExtractFailure::TooManyPages {
            pages: pages.len() as u64,
            limit: limits.max_pages,
        });
    }
    Ok(Extraction {
        engine: engine.name().to_owned(),
        pages,
        ..Extraction::default()
    })
}

fn failure_of(error: EngineError, limits: &Limits) -> ExtractFailure {
    match error {
        EngineError::Encrypted => ExtractFailure::Encrypted,
        EngineError::TooManyPages(pages) => ExtractFailure::TooManyPages {
            pages,
            limit: limits.max_pages,
        },
        EngineError::TooMuchText => ExtractFailure::TooMuchText {
            limit: limits.max_output_bytes,
        },
        EngineError::Unreadable(why) => ExtractFailure::Unreadable { why },
        EngineError::Panicked(message) => ExtractFailure::Crashed {
            how: format!("panic: {message}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives two pages of a text of its own, or panics.
    struct Fake(&'static str);

    impl Engine for Fake {
        fn name(&self) -> &'static str {
            "fake 1"
        }

        fn pages(&self, bytes: &[u8]) -> Result<Vec<String>, EngineError> {
            assert_ne!(bytes, b"bad", "cannot read {}", self.0);
            Ok(vec![self.0.to_owned(), String::new()])
        }
    }

    #[test]
    fn any_engine_gives_numbered_pages() {
        let found = extract_with(&Fake("Order"), b"good", &Limits::default()).unwrap();
        assert_eq!(found.engine, "fake 1");
        let pages: Vec<_> = found
            .pages
            .iter()
            .map(|page| (page.page, page.text.as_str()))
            .collect();
        assert_eq!(pages, [(1, "Order"), (2, "")]);
    }

    #[test]
    fn a_panic_is_a_crash_with_its_message() {
        let failure = extract_with(&Fake("this"), b"bad", &Limits::default()).unwrap_err();
        assert!(
            failure.to_string().contains("cannot read this"),
            "{failure}"
        );
        assert_eq!(failure.reason(), "crashed");
    }

    #[test]
    fn limits_hold_for_engines_that_keep_none() {
        let with = |limits| {
            extract_with(&Fake("Order"), b"good", &limits)
                .unwrap_err()
                .reason()
        };
        assert_eq!(
            with(Limits {
                max_input_bytes: 3,
                ..Limits::default()
            }),
            "too_large"
        );
        assert_eq!(
            with(Limits {
                max_pages: 1,
                ..Limits::default()
            }),
            "too_many_pages"
        );
        assert_eq!(
            with(Limits {
                max_output_bytes: 4,
                ..Limits::default()
            }),
            "too_much_text"
        );
    }
}
