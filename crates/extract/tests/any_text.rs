//! Whatever a page says, measuring and converting it ends, in time that grows with its length alone.

use std::time::{Duration, Instant};

use nirnay_extract::quality::{GlyphCounts, measure};
use nirnay_extract::{language, legacy};
use proptest::prelude::*;

/// A font of each family that there is a table for.
const FONTS: [&str; 6] = [
    "KrutiDev010",
    "Walkman-Chanakya905",
    "Nudi01e",
    "Bamini",
    "ELCOT-ANSI",
    "ML-Revathi",
];
const LONG: usize = 100_000;
/// What takes a second at most where time is linear, and hours where it is not.
const TOO_LONG: Duration = Duration::from_mins(1);

/// Text of the characters that the code tells apart.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::char::range(' ', '~'),
        3 => prop::char::range('\u{a0}', '\u{ff}'),
        3 => prop::char::range('\u{900}', '\u{d7f}'),
        1 => prop::char::range('Ⓐ', 'ⓩ'),
        1 => prop::char::range('\u{2010}', '\u{2122}'),
        1 => prop::char::range('\u{600}', '\u{6ff}'),
        1 => prop::char::range('\u{f020}', '\u{f0ff}'),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 0..400).prop_map(String::from_iter)
}

fn counts() -> impl Strategy<Value = GlyphCounts> {
    (any::<[u32; 6]>(), any::<f32>()).prop_map(|(of, image_cover)| GlyphCounts {
        total: of[0],
        mapped: of[1],
        invisible: of[2],
        image_cover,
        vector_paths: of[3],
        legacy_converted: of[4],
        legacy_unread: of[5],
    })
}

proptest! {
    #[test]
    fn measures_are_shares(text in text(), glyphs in counts()) {
        let found = measure(&text, glyphs);
        let shares = [Some(found.quality), Some(found.mapped), found.wordlike];
        for share in shares.into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&share), "{share}");
        }
        prop_assert_eq!(&found, &measure(&text, glyphs));
        prop_assert!(language::detect(&text).len() <= 16);
    }

    #[test]
    fn conversions_have_no_marks_and_no_more_than_their_glyphs_say(text in text()) {
        for name in FONTS {
            let said = legacy::font(name).and_then(|font| font.to_unicode(&text)).unwrap();
            prop_assert!(!said.chars().any(|c| ('Ⓐ'..='ⓩ').contains(&c)), "{name}: {said}");
            prop_assert!(said.chars().count() <= 6 * text.chars().count(), "{name}: {said}");
        }
        legacy::by_bytes(&text);
    }

    #[test]
    fn names_are_no_more_than_names(name in "\\PC{0,40}") {
        legacy::font(&name);
    }
}

#[test]
fn long_nonsense_takes_time_by_its_length() {
    let seeds = [
        "k", "f", "Z", "z", "+", "%", "D", "hw", "hwz", "hwZ", "hw+", "fZ", "fa", "Dz", "DZ", "vk",
        "oQ", "Q", "À", "PÌ", "PA", "Pð", "ð", "É", "h", "b", "bh", ";", "s", "{", "y", "Iy",
        "a b", "ि", "क्", "कि", "\u{fffd}", "the ", "Ⓡ",
    ];
    let start = Instant::now();
    for seed in seeds {
        let text = seed.repeat(LONG / seed.chars().count());
        for name in FONTS {
            legacy::font(name).and_then(|font| font.to_unicode(&text));
        }
        measure(&text, GlyphCounts::default());
        legacy::by_bytes(&text);
        assert!(start.elapsed() < TOO_LONG, "{seed}");
    }
    // What waits for an end, then what looks back for it.
    let text = "hw".repeat(LONG) + &"z".repeat(LONG) + &"Z".repeat(LONG);
    legacy::font("KrutiDev010").and_then(|font| font.to_unicode(&text));
    assert!(start.elapsed() < TOO_LONG);
}
