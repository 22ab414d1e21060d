//! Raw engine text to the text of a page.

use nirnay_model::PageText;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::engine::RawPage;
use crate::furniture::Part;
use crate::layout::{Line, join_soft_hyphens};
use crate::quality::{self, GlyphCounts};

/// The text of page `page` (from 1) from what an engine gave: line ends unified, control characters
/// out, NFC, with a measure of its quality, its script, and whether it needs OCR.
pub fn page_text(page: u32, raw: &str) -> PageText {
    measured(page, clean(raw), String::new(), GlyphCounts::unseen())
}

fn measured(page: u32, text: String, furniture: String, glyphs: GlyphCounts) -> PageText {
    // The glyphs of a page with nothing but a running head have been read.
    let glyphs = if text.is_empty() && !furniture.is_empty() {
        GlyphCounts {
            total: 0,
            mapped: 0,
            ..glyphs
        }
    } else {
        glyphs
    };
    let quality = quality::measure(&text, glyphs);
    let mut page = PageText {
        page,
        text,
        furniture,
        ..PageText::default()
    };
    quality.fill(&mut page);
    page
}

/// The text of a page from its lines, body and furniture apart.
pub(crate) fn assemble(number: u32, raw: &RawPage, parts: &[Part]) -> PageText {
    let of = |wanted: fn(Part) -> bool| {
        let lines = raw.lines.iter().zip(parts);
        lines
            .filter(move |(_, part)| wanted(**part))
            .map(|(line, _)| line)
    };
    let body = body(of(|part| part == Part::Body));
    let furniture: Vec<&str> = of(|part| part != Part::Body)
        .map(|line| line.text.as_str())
        .collect();
    measured(
        number,
        clean(&body),
        clean(&furniture.join("\n")),
        raw.glyphs,
    )
}

/// Lines as they stand, an empty one where a paragraph begins.
fn body<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    let mut texts = Vec::new();
    let mut gaps = Vec::new();
    for line in lines {
        texts.push(line.text.clone());
        gaps.push(line.after_gap);
    }
    join_soft_hyphens(&mut texts);
    let mut body = String::with_capacity(texts.iter().map(|text| text.len() + 2).sum());
    for (text, gap) in texts.iter().zip(gaps) {
        if text.is_empty() {
            continue;
        }
        if gap && !body.is_empty() {
            body.push('\n');
        }
        body.push_str(text);
        body.push('\n');
    }
    body
}

fn clean(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n");
    let even: String = unified
        .chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{feff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect();
    // Composing is slow, and most pages are composed.
    if even.is_ascii() || is_nfc_quick(even.chars()) == IsNormalized::Yes {
        return even.trim().to_owned();
    }
    even.chars().nfc().collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use nirnay_model::{ExtractMethod, PageCondition};

    use super::*;

    #[test]
    fn text_is_cleaned_and_composed() {
        for (raw, expected) in [
            ("a\r\nb\rc\u{c}d", "a\nb\nc\nd"),
            ("\u{feff}\n\n a\tb \n", "a b"),
            ("a\u{0}\u{1b}[2Jb\u{7f}\u{9b}", "a[2Jb"),
            ("e\u{301}", "é"),
            // Joiners are letters' parts in Indic scripts; composition keeps their order.
            ("क्\u{200d}ष", "क्\u{200d}ष"),
        ] {
            assert_eq!(page_text(1, raw).text, expected, "{raw:?}");
        }
    }

    #[test]
    fn a_page_with_nothing_but_its_number_is_empty() {
        let glyphs = GlyphCounts {
            total: 2,
            mapped: 2,
            ..GlyphCounts::default()
        };
        let page = measured(12, String::new(), "12".to_owned(), glyphs);
        assert_eq!(page.condition, PageCondition::Empty);
        assert!(!page.needs_ocr);
        let unread = measured(12, String::new(), String::new(), glyphs);
        assert_eq!(unread.condition, PageCondition::Garbled);
    }

    #[test]
    fn facts_about_a_page() {
        let page = page_text(7, &"याचिका खारिज की जाती है। ".repeat(9));
        assert_eq!(
            (page.page, page.chars),
            (7, page.text.chars().count() as u32)
        );
        assert_eq!(
            (page.method, page.script.as_deref()),
            (ExtractMethod::Digital, Some("Deva"))
        );
        assert!(!page.needs_ocr);
        for empty in ["", "\n \n", "- 12 -"] {
            let page = page_text(1, empty);
            assert_eq!(
                (page.method, page.needs_ocr, page.script),
                (ExtractMethod::None, true, None)
            );
        }
    }
}
