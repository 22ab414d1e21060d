//! Lines in eight-bit Indic fonts to Unicode, run by run: the English words of a page stand in other
//! fonts and stay as they are.

use crate::engine::Document;
use crate::layout::Line;
use crate::legacy::{self, LegacyFont};
use crate::quality::GlyphCounts;

/// Converts what stands in eight-bit fonts, and counts what was converted and what has no table.
pub(crate) fn convert(document: &mut Document) {
    let fonts: Vec<Option<LegacyFont>> = document
        .fonts
        .iter()
        .map(|name| name.as_deref().and_then(legacy::font))
        .collect();
    if fonts.iter().all(Option::is_none) {
        return;
    }
    for page in &mut document.pages {
        for line in &mut page.lines {
            convert_line(line, &fonts, &mut page.glyphs);
        }
    }
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
}
