//! The text of a whole document.

use nirnay_model::PageText;
use serde::{Deserialize, Serialize};

use crate::engine::{self, Document, EngineChoice, EngineError, RawPage};
use crate::furniture::{self, Part, signature};
use crate::layout::Line;
use crate::{ExtractFailure, Limits, deep_stack, font_runs, opinions, page};

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
    /// Whether something is missing: the file ends before its last page does and what is here is what
    /// could be recovered, or a page has more glyphs, operators or annotations than are looked at.
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

/// What a signature or an annotation takes besides its text, on its way out of the child.
const FRAME: u64 = 96;

impl Signature {
    /// What it adds to the output, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        let parts = [&self.signer, &self.signed_at, &self.reason];
        let parts = parts.into_iter().flatten().map(String::len);
        FRAME + self.text.len() as u64 + parts.sum::<usize>() as u64
    }
}

impl Annotation {
    /// What it adds to the output, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        FRAME + (self.kind.len() + self.text.len()) as u64
    }
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
    extract_with(EngineChoice::Auto, pdf, limits)
}

/// Like [`extract_in_process`], with an engine of the caller's choice.
pub fn extract_with(
    engine: EngineChoice,
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
    let read = |engine, pdf: &[u8]| deep_stack::run(|| run(engine, pdf, limits));
    match engine {
        EngineChoice::Auto => opinions::best(pdf, read),
        engine => read(engine, pdf),
    }
}

fn run(engine: EngineChoice, pdf: &[u8], limits: &Limits) -> Result<Extraction, ExtractFailure> {
    let (name, document) =
        engine::read(engine, pdf, limits).map_err(|error| failure_of(error, limits))?;
    assemble(name, document, limits)
}

/// Parts body from furniture and puts the pages together, within the limits.
fn assemble(
    engine: &str,
    mut document: Document,
    limits: &Limits,
) -> Result<Extraction, ExtractFailure> {
    if document.pages.len() as u64 > u64::from(limits.max_pages) {
        return Err(ExtractFailure::TooManyPages {
            pages: document.pages.len() as u64,
            limit: limits.max_pages,
        });
    }
    font_runs::convert(&mut document);
    let lines: Vec<&[Line]> = document.pages.iter().map(|page| &*page.lines).collect();
    let parts = furniture::parts(&lines);
    let mut signatures = document.signatures;
    let mut pages = Vec::with_capacity(document.pages.len());
    let notes = document.annotations.iter().map(Annotation::bytes);
    let mut text_bytes: u64 = signatures.iter().map(Signature::bytes).chain(notes).sum();
    for (number, (raw, parts)) in (1..).zip(document.pages.iter().zip(&parts)) {
        let page = page::assemble(number, raw, parts);
        if let Some(signature) = boxed_signature(number, raw, parts) {
            text_bytes += signature.bytes();
            signatures.push(signature);
        }
        // Normalisation can lengthen a text, so the limit is kept on what leaves.
        text_bytes += (page.text.len() + page.furniture.len()) as u64;
        if text_bytes > limits.max_output_bytes {
            return Err(ExtractFailure::TooMuchText {
                limit: limits.max_output_bytes,
            });
        }
        pages.push(page);
    }
    Ok(Extraction {
        engine: engine.to_owned(),
        pages,
        signatures,
        annotations: document.annotations,
        truncated: document.truncated,
    })
}

/// The signature whose box was drawn into the page itself.
fn boxed_signature(number: u32, raw: &RawPage, parts: &[Part]) -> Option<Signature> {
    let boxed = raw
        .lines
        .iter()
        .zip(parts)
        .filter(|(_, part)| **part == Part::SignatureBox)
        .map(|(line, _)| line.text.as_str());
    let text = boxed.collect::<Vec<_>>().join("\n");
    let read = signature::parse(&text);
    (!text.is_empty()).then_some(Signature {
        page: Some(number),
        signer: read.signer,
        signed_at: read.signed_at,
        reason: read.reason,
        text,
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

    fn two_pages() -> Document {
        Document {
            pages: vec![RawPage::of_text("Order"), RawPage::of_text("")],
            ..Document::default()
        }
    }

    #[test]
    fn any_reading_gives_numbered_pages() {
        let found = assemble("fake 1", two_pages(), &Limits::default()).unwrap();
        assert_eq!(found.engine, "fake 1");
        let pages: Vec<_> = found
            .pages
            .iter()
            .map(|page| (page.page, page.text.as_str()))
            .collect();
        assert_eq!(pages, [(1, "Order"), (2, "")]);
    }

    #[test]
    fn limits_hold_for_engines_that_keep_none() {
        let with = |limits| {
            assemble("fake 1", two_pages(), &limits)
                .unwrap_err()
                .reason()
        };
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
        let too_large = Limits {
            max_input_bytes: 3,
            ..Limits::default()
        };
        let failure = extract_in_process(b"%PDF-1.4", &too_large).unwrap_err();
        assert_eq!(failure.reason(), "too_large");
    }

    #[test]
    fn boxes_in_the_page_become_signatures() {
        let text = "The petition is allowed.\nDigitally Signed\nBy:R SHARMA\nSigning Date:07.02.2025 18:46:26";
        let document = Document {
            pages: vec![RawPage::of_text(text)],
            ..Document::default()
        };
        let found = assemble("fake 1", document, &Limits::default()).unwrap();
        assert_eq!(found.pages[0].text, "The petition is allowed.");
        assert_eq!(found.signatures[0].signer.as_deref(), Some("R SHARMA"));
        assert_eq!(found.signatures[0].page, Some(1));
    }
}
