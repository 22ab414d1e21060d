use super::*;

const PROSE: &str = "The appeal is allowed in part and the order of the High Court is set aside. \
    The matter is remanded for a fresh hearing. ";
const HINDI: &str =
    "याचिका खारिज की जाती है और प्रकरण समाप्त किया जाता है। पक्षकार अपना व्यय स्वयं वहन करेंगे। ";

fn typed(text: &str) -> GlyphCounts {
    let total = text.chars().filter(|c| !c.is_whitespace()).count() as u32;
    GlyphCounts {
        total,
        mapped: total,
        ..GlyphCounts::default()
    }
}

fn condition(text: &str) -> PageCondition {
    measure(text, typed(text)).condition
}

#[test]
fn readable_pages_are_readable() {
    for text in [
        PROSE.to_owned(),
        PROSE.repeat(12),
        HINDI.repeat(6),
        format!("{HINDI}{PROSE}").repeat(3),
        "மனு தள்ளுபடி செய்யப்படுகிறது. செலவுத் தொகை இல்லை. ".repeat(10),
        "Mr. Anil Verma, Advocate\nMs. R. Pillai, AOR\n".repeat(30),
        "Dated 4th March".to_owned(),
        format!("{PROSE} § 12, “quoted” – ₹ 5,000/- {PROSE}"),
    ] {
        let found = measure(&text, typed(&text));
        assert_eq!(found.condition, PageCondition::Readable, "{text}");
        assert!(!found.needs_ocr && found.quality > 0.99, "{text}");
        assert!(
            found.wordlike.is_none_or(|share| share > 0.5),
            "{:?} {text}",
            found.wordlike
        );
    }
}

#[test]
fn each_disease_has_its_name() {
    for (text, expected) in [
        (
            "izkFkhZ ds fo:) vkjksi gS fd mlus fnukad dks Fkkuk esa ;g fjiksVZ ntZ djkbZ "
                .repeat(6),
            PageCondition::LegacyFont,
        ),
        (
            "¸ÀªÉÇÃðZÀÑ £ÁåAiÀiÁ®AiÀÄ ªÀÄvÀÄÛ F MAzÀÄ C¥ÀgÁzsÀ ".repeat(8),
            PageCondition::LegacyFont,
        ),
        (
            "qzx vbk jjw kqpt zzgh xcvq ".repeat(20),
            PageCondition::Garbled,
        ),
        (
            format!("{PROSE}{}", "\u{fffd}".repeat(9)),
            PageCondition::Garbled,
        ),
        (
            format!("{PROSE}{}", "\u{f0a7}\u{e012}".repeat(9)),
            PageCondition::Garbled,
        ),
        (
            "িকরা েদশ ভযরবতর সববরযচ আদযলত যদওয়যতন আপপল অতধবকত ".repeat(12),
            PageCondition::BrokenUnicode,
        ),
    ] {
        let found = measure(&text, typed(&text));
        assert_eq!(found.condition, expected, "{text}");
        assert!(found.needs_ocr, "{text}");
    }
}

#[test]
fn broken_words_are_not_like_words() {
    let broken = "ননণষয় ভযরবতর সববরযচ আদযলত যদওয়যতন আপপল অতধবকত এবং এই ".repeat(12);
    let found = measure(&broken, typed(&broken));
    assert!(found.wordlike.unwrap() < 0.01);
    assert_eq!(found.condition, PageCondition::BrokenUnicode);
    assert!(found.quality < 0.01, "{}", found.quality);
}

#[test]
fn bullets_of_a_symbol_font_do_not_spoil_a_page() {
    assert_eq!(
        condition(&format!("\u{f0b7} {PROSE}\n").repeat(4)),
        PageCondition::Readable
    );
    assert_eq!(
        condition(&"\u{f0b7}\nShort.\n".repeat(12)),
        PageCondition::Readable
    );
}

#[test]
fn pages_without_text() {
    let of = |text: &str, glyphs| measure(text, glyphs);
    let scan = GlyphCounts {
        image_cover: 0.9,
        ..GlyphCounts::default()
    };
    let outlines = GlyphCounts {
        vector_paths: 900,
        ..GlyphCounts::default()
    };
    for (found, expected, ocr) in [
        (of("", GlyphCounts::default()), PageCondition::Empty, false),
        (of("", scan), PageCondition::Scanned, true),
        (of("12", scan), PageCondition::Scanned, true),
        (of("", outlines), PageCondition::Scanned, true),
        (of("", GlyphCounts::unseen()), PageCondition::Scanned, true),
        (
            of(
                "",
                GlyphCounts {
                    total: 400,
                    ..GlyphCounts::default()
                },
            ),
            PageCondition::Garbled,
            true,
        ),
    ] {
        assert_eq!((found.condition, found.needs_ocr), (expected, ocr));
        assert_eq!(found.method, ExtractMethod::None);
        assert_eq!(found.quality == 0.0, found.chars == 0);
    }
}

#[test]
fn a_layer_under_a_picture_is_an_ocr_layer() {
    let text = PROSE.repeat(3);
    let mut glyphs = typed(&text);
    glyphs.invisible = glyphs.total;
    glyphs.image_cover = 1.0;
    let found = measure(&text, glyphs);
    assert_eq!(
        (found.method, found.condition),
        (ExtractMethod::OcrLayer, PageCondition::Readable)
    );
}

#[test]
fn converted_pages_are_converted_where_words_came_out() {
    let converted = |text: &str| {
        let glyphs = typed(text);
        measure(
            text,
            GlyphCounts {
                legacy_converted: glyphs.total,
                ..glyphs
            },
        )
        .condition
    };
    assert_eq!(converted(&HINDI.repeat(5)), PageCondition::LegacyConverted);
    assert_eq!(
        converted(&"ननणषय खगघ जजला टठड ".repeat(12)),
        PageCondition::LegacyFont
    );
    let text = HINDI.repeat(5);
    let unread = GlyphCounts {
        legacy_unread: 30,
        ..typed(&text)
    };
    assert_eq!(measure(&text, unread).condition, PageCondition::LegacyFont);
}

#[test]
fn unmapped_glyphs_make_a_page_unreadable() {
    let text = PROSE.repeat(3);
    let mut glyphs = typed(&text);
    glyphs.mapped -= glyphs.total / 10;
    let found = measure(&text, glyphs);
    assert!(found.mapped < 0.91 && found.needs_ocr);
}

#[test]
fn measures_are_written_into_a_page() {
    let text = HINDI.repeat(5);
    let mut page = PageText {
        page: 3,
        text: text.clone(),
        ..PageText::default()
    };
    measure(&text, typed(&text)).fill(&mut page);
    assert_eq!((page.page, page.chars as usize), (3, text.chars().count()));
    assert_eq!(
        (page.script.as_deref(), page.languages.as_slice()),
        (Some("Deva"), &["hin".to_owned()][..])
    );
    assert_eq!(page.method, ExtractMethod::Digital);
}
