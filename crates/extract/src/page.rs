//! Raw engine text to the text of a page.

use nirnay_model::{ExtractMethod, PageText};
use unicode_normalization::UnicodeNormalization;

use crate::{legibility, script};

/// The text of page `page` (from 1) from what an engine gave: line ends unified, control characters
/// out, NFC, with a measure of its quality, its script, and whether it needs OCR.
pub fn page_text(page: u32, raw: &str) -> PageText {
    let text = clean(raw);
    let legible = legibility::measure(&text);
    PageText {
        page,
        chars: text.chars().count() as u32,
        quality: legible.quality,
        method: if legible.letters == 0 {
            ExtractMethod::None
        } else {
            ExtractMethod::Digital
        },
        script: script::main_script(&text).map(str::to_owned),
        needs_ocr: legible.needs_ocr(),
        text,
        mapped: 1.0,
        ..PageText::default()
    }
}

fn clean(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n");
    let text: String = unified
        .chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{feff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .nfc()
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
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
