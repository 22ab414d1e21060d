//! Indic fonts of eight bits, of the time before Unicode.
//!
//! Such a font draws Hindi at the codes of Latin letters: the page shows Hindi, the file says
//! `fu.kZ;`. Which letters the codes stand for is a property of the font, so that text is converted
//! run by run, where the font's name is known; a page has English words in other fonts. Where no
//! name tells, [`by_bytes`] tries the tables that there are and looks whether words come out.
//!
//! A run is best the whole text that one font has in a line: signs are moved over their letters, and
//! a run that ends between them has a sign too few.
//!
//! ```
//! use nirnay_extract::legacy;
//!
//! let font = legacy::font("ABCDEF+KrutiDev010").unwrap();
//! assert_eq!(font.to_unicode("vf/kfu.kZ; fnukad&15-01-2014").unwrap(), "अधिनिर्णय दिनांक-15.01.2014");
//! assert!(legacy::font("TimesNewRomanPSMT").is_none());
//! ```

mod bamini;
mod devanagari;
mod glyphs;
mod kannada;
mod krutidev;
mod malayalam;
mod ml;
mod names;
mod nudi;
mod tamil;

use std::sync::LazyLock;

use crate::language;
use crate::quality::{english, indic};
use glyphs::{Glyphs, Latin};
use names::Family;

/// An encoding that there is a table for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    KrutiDev,
    Chanakya,
    Nudi,
    Bamini,
    Elcot,
    Ml,
}

static KRUTI_DEV: LazyLock<Glyphs> =
    LazyLock::new(|| Glyphs::new(Latin::Windows, &[krutidev::KRUTI_DEV]));
static CHANAKYA: LazyLock<Glyphs> = LazyLock::new(|| {
    Glyphs::new(
        Latin::Windows,
        &[krutidev::KRUTI_DEV, krutidev::WALKMAN_CHANAKYA],
    )
});
static NUDI: LazyLock<Glyphs> = LazyLock::new(|| Glyphs::new(Latin::Windows, &[nudi::NUDI]));
static BAMINI: LazyLock<Glyphs> =
    LazyLock::new(|| Glyphs::new(Latin::Windows, &[bamini::TYPEWRITER, bamini::BAMINI]));
static ELCOT: LazyLock<Glyphs> =
    LazyLock::new(|| Glyphs::new(Latin::Windows, &[bamini::TYPEWRITER, bamini::ELCOT]));
static ML: LazyLock<Glyphs> = LazyLock::new(|| Glyphs::new(Latin::Apple, &[ml::ML]));

impl Encoding {
    fn to_unicode(self, text: &str) -> String {
        let windows = Latin::Windows;
        match self {
            Self::KrutiDev => devanagari(&KRUTI_DEV, text),
            Self::Chanakya => devanagari(&CHANAKYA, text),
            Self::Nudi => {
                let mut composer = kannada::Composer::default();
                NUDI.read(windows, text, |c| composer.push(c));
                composer.finish()
            }
            Self::Bamini => tamil(&BAMINI, text),
            Self::Elcot => tamil(&ELCOT, text),
            Self::Ml => {
                let mut composer = malayalam::Composer::default();
                ML.read(latin_of_ml(text), text, |c| composer.push(c));
                composer.finish()
            }
        }
    }
}

fn devanagari(glyphs: &Glyphs, text: &str) -> String {
    let mut composer = devanagari::Composer::default();
    glyphs.read(Latin::Windows, text, |c| composer.push(c));
    composer.finish()
}

fn tamil(glyphs: &Glyphs, text: &str) -> String {
    let mut composer = tamil::Composer::default();
    glyphs.read(Latin::Windows, text, |c| composer.push(c));
    composer.finish()
}

/// The encoding in which an engine has named the codes of an ML font: the commonest of its letters
/// have different names in the two.
fn latin_of_ml(text: &str) -> Latin {
    let count = |set: &str| text.chars().filter(|c| set.contains(*c)).count();
    if count("³ÀÂÄ¯¸à½·²") > count("≥¿¬ƒØ∏∂Ω∑≤") {
        Latin::Windows
    } else {
        Latin::Apple
    }
}

/// A family of eight-bit Indic fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegacyFont(&'static Family);

impl LegacyFont {
    /// The family's name, as its makers write it.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// The script that it draws (ISO 15924).
    pub fn script(&self) -> &'static str {
        self.0.script
    }

    /// The language that is mostly written in it (ISO 639-3).
    pub fn language(&self) -> &'static str {
        self.0.language
    }

    /// Whether there is a table for it: whether [`to_unicode`](Self::to_unicode) gives text.
    pub fn has_table(&self) -> bool {
        self.0.encoding.is_some()
    }

    /// What `text`, a run in this font as an engine reports it, says; none where there is no table.
    ///
    /// Codes that the table lacks stay as they are. The time is linear in the length.
    pub fn to_unicode(&self, text: &str) -> Option<String> {
        Some(self.0.encoding?.to_unicode(text))
    }
}

/// The family of the font with this PostScript name, if it is an eight-bit Indic one. The tag of a
/// subset (`ABCDEF+`), case, punctuation and style do not matter.
pub fn font(postscript_name: &str) -> Option<LegacyFont> {
    names::family_of(postscript_name).map(LegacyFont)
}

/// Encodings that are tried on text whose font's name says nothing, the commonest first.
const TRIED: [(&str, Encoding); 6] = [
    ("Kruti Dev", Encoding::KrutiDev),
    ("Nudi", Encoding::Nudi),
    ("Walkman-Chanakya", Encoding::Chanakya),
    ("ELCOT-ANSI", Encoding::Elcot),
    ("Bamini", Encoding::Bamini),
    ("ML", Encoding::Ml),
];
/// Words needed to try.
const ENOUGH_WORDS: usize = 8;
/// Small words needed to believe it.
const ENOUGH_SMALL_WORDS: usize = 3;
/// The most of a text that is tried, in characters.
const MOST_TRIED: usize = 4000;

/// The family whose table makes words of `text`, which an engine reported under a font's name that
/// says nothing. English text and text of other scripts have none.
///
/// The small words of the language that comes out are counted, against what is usual in its prose;
/// English has other words when it is read so, and too few of these. Lists and tables have few in any
/// language: of them it is believed where all that comes out can be spelt so, which Latin letters read
/// with a table that is not theirs never can.
pub fn by_bytes(text: &str) -> Option<LegacyFont> {
    let head: String = text.chars().take(MOST_TRIED).collect();
    let latin = head
        .chars()
        .filter(|c| *c <= '\u{ff}' || !c.is_alphabetic())
        .count();
    if latin * 10 < head.chars().count() * 9 || looks_english(&head) {
        return None;
    }
    let mut best: Option<(f32, &'static Family)> = None;
    for (name, encoding) in TRIED {
        let Some(family) = names::FAMILIES.iter().find(|family| family.name == name) else {
            continue;
        };
        let converted = encoding.to_unicode(&head);
        let Some((all, small, usual)) = language::small_words(&converted, family.language) else {
            continue;
        };
        let share = small as f32 / all.max(1) as f32 / usual;
        let prose = all >= ENOUGH_WORDS && small >= ENOUGH_SMALL_WORDS && share >= LEAST_OF_USUAL;
        let believed = prose || (small > 0 && is_well_spelt(&converted));
        if believed && best.is_none_or(|(known, _)| share > known) {
            best = Some((share, family));
        }
    }
    best.map(|(_, family)| LegacyFont(family))
}

/// The least share of small words, as a part of what is usual, in text that came out right.
const LEAST_OF_USUAL: f32 = 0.5;

/// Words needed where their spelling alone is to tell.
const ENOUGH_SPELT: usize = 20;
/// The share of them that can be spelt so; in clean text it is 0.986 and more.
const LEAST_SPELT: f32 = 0.98;

fn is_well_spelt(converted: &str) -> bool {
    let counts = indic::Counts::of(converted);
    counts.words() >= ENOUGH_SPELT
        && counts.possible() as f32 >= LEAST_SPELT * counts.words() as f32
        && !counts.is_broken()
}

fn looks_english(text: &str) -> bool {
    let english = english::Counts::of(text);
    english.is_english() || english.small_words() * 10 >= english.long_words().max(1)
}

#[cfg(test)]
mod tests;
