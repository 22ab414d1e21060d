//! Which engine's reading of a document is kept.
//!
//! An engine's word that it has read a document is not taken for its text. Where the first reading is
//! poor, another engine is asked, and after it the last; each once. Every one answers for itself: the
//! death of a child that was asked for a second opinion costs that opinion only.

use nirnay_model::{PageCondition, PageText};

use crate::engine::has_header;
use crate::{EngineChoice, ExtractFailure, Extraction, mend};

/// A page with fewer letters has hardly anything on it.
const FEW_LETTERS: usize = 20;
/// Unmapped glyphs beyond this share make a page poor.
const MOST_UNMAPPED: f32 = 0.2;
/// With fewer of them it is not for these that a page is garbled.
const FEW_UNMAPPED: f32 = 0.05;
/// Who is asked where the first reading is poor, in this order.
const OTHERS: [EngineChoice; 2] = [EngineChoice::PdfOxide, EngineChoice::PdfExtract];

/// The first engine's reading of `pdf`, or another's where the first has none, or one that says so
/// little that it is doubted; `ask` has an engine read the document. One that a transfer as text has damaged is
/// mended before others are asked, and the name of the engine says so.
pub(crate) fn best(
    pdf: &[u8],
    mut ask: impl FnMut(EngineChoice, &[u8]) -> Result<Extraction, ExtractFailure>,
) -> Result<Extraction, ExtractFailure> {
    let mut kept = ask(EngineChoice::Hayro, pdf);
    if is_final(&kept, pdf) {
        return kept;
    }
    let mended = mend::without_added_returns(pdf);
    if let Some(mended) = &mended {
        kept = better(kept, ask(EngineChoice::Hayro, mended).map(of_mended));
    }
    let is_mended = mended.is_some();
    let pdf = mended.as_deref().unwrap_or(pdf);
    for other in OTHERS {
        if is_final(&kept, pdf) {
            break;
        }
        let asked = ask(other, pdf);
        kept = better(
            kept,
            if is_mended {
                asked.map(of_mended)
            } else {
                asked
            },
        );
    }
    kept
}

/// What was read from a mended file.
fn of_mended(mut extraction: Extraction) -> Extraction {
    extraction.engine.push_str(mend::MARK);
    extraction
}

/// Whether no other opinion is needed, or none would help.
fn is_final(reading: &Result<Extraction, ExtractFailure>, pdf: &[u8]) -> bool {
    match reading {
        Ok(found) => !is_poor(found),
        Err(ExtractFailure::Unreadable { .. }) => !has_header(pdf),
        Err(ExtractFailure::Crashed { .. }) => false,
        // Another engine would say the same, or would say more than is allowed.
        Err(_) => true,
    }
}

fn better(
    kept: Result<Extraction, ExtractFailure>,
    other: Result<Extraction, ExtractFailure>,
) -> Result<Extraction, ExtractFailure> {
    match (kept, other) {
        (Ok(kept), Ok(other)) => {
            // The others write what boxes of signatures and notes say into their pages.
            let known = legible(&kept) + apart(&kept);
            if legible(&other) > known * 11 / 10 + FEW_LETTERS {
                Ok(Extraction {
                    signatures: kept.signatures,
                    annotations: kept.annotations,
                    truncated: kept.truncated || other.truncated,
                    ..other
                })
            } else {
                Ok(kept)
            }
        }
        // A document of pages without words is no reason to call it readable.
        (Err(failure), Ok(other)) if legible(&other) == 0 => Err(failure),
        (Err(_), other @ Ok(_)) => other,
        (kept, Err(_)) => kept,
    }
}

/// Whether half of the pages have no text and no picture that would explain it, or text without
/// values, or text that is no words.
fn is_poor(found: &Extraction) -> bool {
    let poor = found.pages.iter().filter(|page| is_poor_page(page));
    poor.count() * 2 >= found.pages.len().max(1)
}

fn is_poor_page(page: &PageText) -> bool {
    page.condition != PageCondition::Scanned
        && (is_soup(page) || 1.0 - page.mapped > MOST_UNMAPPED || !has_letters(page, FEW_LETTERS))
}

/// Whether what has been read is not the page's words.
fn is_soup(page: &PageText) -> bool {
    page.condition == PageCondition::Garbled && 1.0 - page.mapped <= FEW_UNMAPPED
}

fn has_letters(page: &PageText, least: usize) -> bool {
    let letters = page.text.chars().chain(page.furniture.chars());
    let mut letters = letters.filter(|c| c.is_alphanumeric());
    letters.nth(least - 1).is_some()
}

/// Letters of pages that can be read, as far as can be told.
fn legible(found: &Extraction) -> usize {
    let pages = found.pages.iter();
    pages
        .filter(|page| !is_soup(page) && page.condition != PageCondition::LegacyFont)
        .map(|page| letters(&page.text) + letters(&page.furniture))
        .sum()
}

/// Letters of signatures and annotations.
fn apart(found: &Extraction) -> usize {
    let signatures = found.signatures.iter().map(|signature| &signature.text);
    let annotations = found.annotations.iter().map(|note| &note.text);
    signatures
        .chain(annotations)
        .map(|text| letters(text))
        .sum()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_text;

    const PROSE: &str = "The appeal is allowed and the order of the court below is set aside. ";

    fn reading(engine: &str, text: &str) -> Extraction {
        let mut page = page_text(1, text);
        if page.condition == PageCondition::Scanned {
            page.condition = PageCondition::Readable;
        }
        Extraction {
            engine: engine.to_owned(),
            pages: vec![page],
            ..Extraction::default()
        }
    }

    /// Whose reading is kept, and how many were asked.
    fn kept(readings: &[Result<Extraction, ExtractFailure>]) -> (String, usize) {
        let mut asked = 0;
        let best = best(b"%PDF-1.4", |_, _| {
            asked += 1;
            readings[asked - 1].clone()
        });
        let name = best.map_or_else(|failure| failure.reason().to_owned(), |found| found.engine);
        (name, asked)
    }

    #[test]
    fn others_are_asked_where_the_first_is_poor() {
        let soup = "\u{f0a7}\u{e012} \u{fffd} ".repeat(30);
        let ok = |engine: &str, text: &str| Ok(reading(engine, text));
        let crash = || {
            Err(ExtractFailure::Crashed {
                how: "signal 6".to_owned(),
            })
        };
        let cases = [
            (vec![ok("first", PROSE)], ("first", 1)),
            (vec![ok("first", ""), ok("second", PROSE)], ("second", 2)),
            (
                vec![ok("first", &soup), ok("second", &soup), ok("third", PROSE)],
                ("third", 3),
            ),
            (vec![ok("first", ""), crash(), crash()], ("first", 3)),
            (vec![crash(), ok("second", PROSE)], ("second", 2)),
            (vec![crash(), ok("second", ""), crash()], ("crashed", 3)),
            (vec![Err(ExtractFailure::Encrypted)], ("encrypted", 1)),
            (vec![Err(ExtractFailure::TimedOut)], ("timed_out", 1)),
        ];
        for (readings, (name, asked)) in cases {
            assert_eq!(kept(&readings), (name.to_owned(), asked));
        }
    }

    #[test]
    fn a_transfer_as_text_is_undone_before_others_are_asked() {
        let mut asked = Vec::new();
        let found = best(b"%PDF-1.4\r\nq\r\r\n", |engine, pdf| {
            asked.push((engine, pdf.to_vec()));
            Ok(reading("any", if asked.len() == 1 { "" } else { PROSE }))
        });
        let found = found.unwrap();
        assert_eq!(legible(&found), letters(PROSE));
        assert_eq!(found.engine, "any (mended)");
        let expected = [&b"%PDF-1.4\r\nq\r\r\n"[..], b"%PDF-1.4\nq\r\n"];
        assert_eq!(
            asked,
            expected.map(|pdf| (EngineChoice::Hayro, pdf.to_vec()))
        );
    }

    #[test]
    fn what_is_no_pdf_is_asked_about_once() {
        let mut asked = 0;
        let failure = ExtractFailure::Unreadable {
            why: "it is an HTML page".to_owned(),
        };
        let found = best(b"<html>", |_, _| {
            asked += 1;
            Err(failure.clone())
        });
        assert_eq!((found, asked), (Err(failure), 1));
    }
}
