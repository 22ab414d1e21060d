//! Which engine's reading is kept.

use super::hayro::Hayro;
use super::pdf_extract::{PdfExtract, guarded};
use super::pdf_oxide::PdfOxide;
use super::{Document, Engine, EngineChoice, EngineError, RawPage};
use crate::Limits;

/// A page with fewer letters has hardly anything on it.
const FEW_LETTERS: usize = 20;
/// Images that cover more of a page explain why it has no text.
const PICTURE: f32 = 0.3;
/// So do letters drawn as outlines.
const MANY_PATHS: u32 = 150;
/// Unmapped glyphs beyond this share make a page poor.
const MOST_UNMAPPED: f32 = 0.2;

/// Reads a document with the engine of choice; gives the name of the one whose reading it is.
pub(crate) fn read(
    choice: EngineChoice,
    bytes: &[u8],
    limits: &Limits,
) -> Result<(&'static str, Document), EngineError> {
    match choice {
        EngineChoice::Auto => auto(bytes, limits),
        EngineChoice::Hayro => with(&Hayro::new(limits), bytes),
        EngineChoice::PdfOxide => with(&PdfOxide::new(limits), bytes),
        EngineChoice::PdfExtract => with(&PdfExtract::new(limits), bytes),
    }
}

fn with(engine: &dyn Engine, bytes: &[u8]) -> Result<(&'static str, Document), EngineError> {
    let document = guarded(|| engine.document(bytes))??;
    Ok((engine.name(), document))
}

/// The first engine's reading, or the second's where the first has none, or one that says so little
/// that it is doubted.
fn auto(bytes: &[u8], limits: &Limits) -> Result<(&'static str, Document), EngineError> {
    let first = with(&Hayro::new(limits), bytes);
    match &first {
        Ok((_, document)) if !is_poor(document) => return first,
        // Another engine would say the same, or would say more than is allowed.
        Err(EngineError::Encrypted | EngineError::TooManyPages(_) | EngineError::TooMuchText) => {
            return first;
        }
        Err(EngineError::Unreadable(_)) if super::header::start(bytes).is_err() => return first,
        _ => {}
    }
    match (first, with(&PdfOxide::new(limits), bytes)) {
        (Ok((name, kept)), Ok((other_name, other))) => {
            // The second writes what boxes of signatures and notes say into its pages.
            let known = legible(&kept) + apart(&kept);
            if legible(&other) > known * 11 / 10 + FEW_LETTERS {
                let other = Document {
                    signatures: kept.signatures,
                    annotations: kept.annotations,
                    ..other
                };
                Ok((other_name, other))
            } else {
                Ok((name, kept))
            }
        }
        // A document of pages without words is no reason to call it readable.
        (Err(error), Ok((_, other))) if legible(&other) == 0 => Err(error),
        (Err(_), other @ Ok(_)) => other,
        (first, Err(_)) => first,
    }
}

/// Whether half of the pages have no text and no picture that would explain it, or text without
/// values.
fn is_poor(document: &Document) -> bool {
    let poor = document.pages.iter().filter(|page| is_poor_page(page));
    poor.count() * 2 >= document.pages.len().max(1)
}

fn is_poor_page(page: &RawPage) -> bool {
    let glyphs = &page.glyphs;
    let unmapped = glyphs.total.saturating_sub(glyphs.mapped);
    let without = unmapped as f32 > MOST_UNMAPPED * glyphs.total.max(1) as f32;
    let explained = glyphs.image_cover >= PICTURE || glyphs.vector_paths >= MANY_PATHS;
    let bare = letters(page) < FEW_LETTERS && !explained;
    without || bare
}

fn legible(document: &Document) -> usize {
    document.pages.iter().map(letters).sum()
}

/// Letters of signatures and annotations.
fn apart(document: &Document) -> usize {
    let signatures = document.signatures.iter().map(|signature| &signature.text);
    let annotations = document.annotations.iter().map(|note| &note.text);
    signatures
        .chain(annotations)
        .map(|text| letters_of(text))
        .sum()
}

fn letters(page: &RawPage) -> usize {
    page.lines.iter().map(|line| letters_of(&line.text)).sum()
}

fn letters_of(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}
