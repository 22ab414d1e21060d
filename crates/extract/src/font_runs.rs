//! Lines in eight-bit Indic fonts to Unicode, run by run: the English words of a page stand in other
//! fonts and stay as they are.
//!
//! The font's name tells its encoding. Where a font has none, or one that some program made up, what
//! is written in it does.

use std::collections::BTreeMap;

use crate::engine::Document;
use crate::layout::Line;
use crate::legacy::{self, LegacyFont};
use crate::quality::GlyphCounts;

/// Characters of a font that are looked at where its name says nothing.
const SAMPLE: usize = 4000;

/// Converts what stands in eight-bit fonts, and counts what was converted and what has no table.
pub(crate) fn convert(document: &mut Document) {
    let mut fonts: Vec<Option<LegacyFont>> = document
        .fonts
        .iter()
        .map(|name| name.as_deref().and_then(legacy::font))
        .collect();
    for (face, text) in samples_of_nameless(document) {
        if let Some(font) = fonts.get_mut(usize::from(face)) {
            *font = legacy::by_bytes(&text);
        }
    }
    if fonts.iter().all(Option::is_none) {
        return;
    }
    for page in &mut document.pages {
        for line in &mut page.lines {
            convert_line(line, &fonts, &mut page.glyphs);
        }
    }
}

/// What is written in each font whose name says nothing.
fn samples_of_nameless(document: &Document) -> BTreeMap<u16, String> {
    let nameless = |face: u16| {
        let name = document.fonts.get(usize::from(face));
        name.is_some_and(|name| name.as_deref().is_none_or(is_made_up))
    };
    let mut samples: BTreeMap<u16, String> = (0..)
        .zip(&document.fonts)
        .map(|(face, _)| face)
        .filter(|face| nameless(*face))
        .map(|face| (face, String::new()))
        .collect();
    if samples.is_empty() {
        return samples;
    }
    for line in document.pages.iter().flat_map(|page| &page.lines) {
        let ends = line.faces.iter().skip(1).map(|(_, start)| *start);
        let ends = ends.chain([line.text.len()]);
        for ((face, start), end) in line.faces.iter().zip(ends) {
            if let Some(sample) = samples.get_mut(face).filter(|text| text.len() < SAMPLE) {
                sample.push_str(line.text.get(*start..end).unwrap_or_default());
                sample.push('\n');
            }
        }
    }
    samples
}

/// `F1`, `TT0`, `CIDFont+F3`, `TT1D8t00` (Distiller's): a name that a program made up.
fn is_made_up(name: &str) -> bool {
    const LETTERS: [&str; 9] = [
        "f", "ff", "ft", "t", "tt", "font", "cidfont", "cidfontf", "tfont",
    ];
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let numbered = name.bytes().any(|b| b.is_ascii_digit()) && name.len() <= 16;
    letters.is_empty() || (numbered && LETTERS.contains(&letters.as_str())) || is_distilled(name)
}

/// `TT1D8t00`, `TT1F1FO00`: a number in hexadecimal and a part of the font.
fn is_distilled(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("TT").filter(|rest| rest.len() <= 10) else {
        return false;
    };
    rest.bytes().filter(u8::is_ascii_digit).count() >= 2
        && rest
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b't' | b'T' | b'o' | b'O'))
}

fn convert_line(line: &mut Line, fonts: &[Option<LegacyFont>], glyphs: &mut GlyphCounts) {
    let family = |face: u16| fonts.get(usize::from(face)).copied().flatten();
    if line.faces.iter().all(|(face, _)| family(*face).is_none()) {
        return;
    }
    let mut text = String::with_capacity(line.text.len() * 3);
    let mut runs = line.faces.iter().peekable();
    while let Some((face, start)) = runs.next() {
        let font = family(*face);
        // Bold and plain of one family are one run: letters are put in order across them.
        while runs.next_if(|(next, _)| family(*next) == font).is_some() {}
        let end = runs.peek().map_or(line.text.len(), |(_, start)| *start);
        let run = line.text.get(*start..end).unwrap_or_default();
        let count = run.chars().filter(|c| !c.is_whitespace()).count() as u32;
        match font.map(|font| font.to_unicode(run)) {
            Some(Some(converted)) => {
                glyphs.legacy_converted += count;
                text.push_str(&converted);
                // The space between two runs belongs to neither.
                if run.ends_with(' ') && !converted.ends_with(' ') {
                    text.push(' ');
                }
            }
            Some(None) => {
                glyphs.legacy_unread += count;
                text.push_str(run);
            }
            None => text.push_str(run),
        }
    }
    line.text = text;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RawPage;

    #[test]
    fn only_the_runs_in_such_fonts_are_converted() {
        let line = Line {
            text: "Hkkjr Court Hkkjr".to_owned(),
            faces: vec![(0, 0), (1, 6), (0, 12)],
            ..Line::default()
        };
        let mut document = Document {
            pages: vec![RawPage {
                lines: vec![line],
                ..RawPage::default()
            }],
            fonts: vec![Some("KrutiDev010".to_owned()), Some("Arial".to_owned())],
            ..Document::default()
        };
        convert(&mut document);
        let page = &document.pages[0];
        assert_eq!(page.lines[0].text, "भारत Court भारत");
        assert_eq!(page.glyphs.legacy_converted, 10);
    }

    #[test]
    fn a_font_without_a_name_is_known_by_its_text() {
        let hindi = "izkFkhZ ds fo:) vkjksi gS fd mlus fnukad dks Fkkuk izHkkjh us dgk gS";
        let english = "The appeal is allowed and the order of the court below is set aside";
        for (name, made_up) in [
            (None, true),
            (Some("F1"), true),
            (Some("CIDFont+F12"), true),
            (Some("TT0"), true),
            (Some("T3Font_0"), true),
            (Some("TT1D8t00"), true),
            (Some("TT1F1FO00"), true),
            (Some("TTDedris"), false),
            (Some("Symbol"), false),
            (Some("Font"), false),
            (Some("FreeSans1"), false),
        ] {
            assert_eq!(name.is_none_or(is_made_up), made_up, "{name:?}");
            let line = |text: &str| Line {
                text: format!("{text} Court"),
                faces: vec![(0, 0), (1, text.len() + 1)],
                ..Line::default()
            };
            let mut document = Document {
                pages: vec![RawPage {
                    lines: vec![line(hindi), line(hindi)],
                    ..RawPage::default()
                }],
                fonts: vec![name.map(str::to_owned), None],
                ..Document::default()
            };
            convert(&mut document);
            let text = &document.pages[0].lines[0].text;
            assert_eq!(text.contains("आरोप है कि उसने दिनांक"), made_up, "{text}");
            assert!(text.ends_with(" Court"), "{text}");
        }
        let mut document = Document {
            pages: vec![RawPage::of_text(english)],
            fonts: vec![None],
            ..Document::default()
        };
        document.pages[0].lines[0].faces = vec![(0, 0)];
        convert(&mut document);
        assert_eq!(document.pages[0].lines[0].text, english);
    }
}
