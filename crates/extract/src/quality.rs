//! How good a page's text is, and what is wrong with it.
//!
//! [`measure`] takes a page's text and what an engine saw on the page, and gives every figure that
//! a [`PageText`] carries. Nothing that is measured is a verdict about the
//! document: it says whether these characters are the page's words.
//!
//! ```
//! use nirnay_extract::quality::{GlyphCounts, measure};
//! use nirnay_model::PageCondition;
//!
//! let prose = "The appeal is allowed and the order of the High Court is set aside. ".repeat(5);
//! let seen = GlyphCounts { total: 340, mapped: 340, ..GlyphCounts::default() };
//! let quality = measure(&prose, seen);
//! assert_eq!(quality.condition, PageCondition::Readable);
//! assert_eq!(quality.languages, ["eng"]);
//!
//! let scan = GlyphCounts { image_cover: 0.98, ..GlyphCounts::default() };
//! assert_eq!(measure("", scan).condition, PageCondition::Scanned);
//! ```

pub(crate) mod english;
pub(crate) mod indic;

use nirnay_model::{ExtractMethod, PageCondition, PageText};

use crate::legibility::{self, Legibility};
use crate::{language, legacy, script};

/// A page with fewer characters has nothing to read where a picture covers it.
const FEW_CHARS: usize = 50;
/// A picture that covers less of the page is a seal or a signature.
const LEAST_COVER: f32 = 0.30;
/// Fewer outlines are rules, boxes and underlines; letters drawn as outlines are hundreds.
const MANY_PATHS: u32 = 150;
/// Glyphs without a Unicode value beyond this share are a font that cannot be read.
const LEAST_MAPPED: f32 = 0.95;
/// Glyphs of eight-bit fonts without a table beyond this share make the page unreadable.
const MOST_UNREAD: f32 = 0.05;
/// Converted glyphs beyond this share make it a converted page.
const CONVERTED: f32 = 0.10;
/// Words needed to say how much they look like words.
const ENOUGH_WORDS: usize = 20;

/// What an engine saw on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GlyphCounts {
    /// Glyphs of text, visible or not, spaces apart.
    pub total: u32,
    /// Of those, the ones with a Unicode value.
    pub mapped: u32,
    /// Of those, the ones drawn invisibly: an OCR layer.
    pub invisible: u32,
    /// The share of the page that pictures cover, 0 to 1.
    pub image_cover: f32,
    /// Filled outlines that are not text.
    pub vector_paths: u32,
    /// Glyphs of eight-bit Indic fonts that were converted to Unicode.
    pub legacy_converted: u32,
    /// Glyphs of eight-bit Indic fonts that there is no table for.
    pub legacy_unread: u32,
}

impl GlyphCounts {
    /// Of an engine that gives text and nothing else: what is not in the text may be in a picture.
    pub fn unseen() -> Self {
        Self {
            image_cover: 1.0,
            ..Self::default()
        }
    }

    fn share(part: u32, whole: u32) -> f32 {
        part as f32 / whole.max(1) as f32
    }
}

/// The measures of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// The number of characters.
    pub chars: u32,
    /// The share of characters that are letters, digits, marks, punctuation or spaces; 0 where there are none. Of a page
    /// whose letters are known to be others than those it shows, times `wordlike`.
    pub quality: f32,
    /// The share of glyphs with a Unicode value; 1 where there are none.
    pub mapped: f32,
    /// How much the words look like words of the page's languages; none where they are too few.
    pub wordlike: Option<f32>,
    /// How the text was obtained.
    pub method: ExtractMethod,
    /// What is wrong with it.
    pub condition: PageCondition,
    /// The main script, ISO 15924.
    pub script: Option<&'static str>,
    /// The languages, ISO 639-3, the main one first.
    pub languages: Vec<&'static str>,
    /// Whether the page must be read from its picture.
    pub needs_ocr: bool,
}

impl Quality {
    /// Writes the measures into `page`, whose text they are of.
    pub fn fill(self, page: &mut PageText) {
        page.chars = self.chars;
        page.quality = self.quality;
        page.mapped = self.mapped;
        page.wordlike = self.wordlike;
        page.method = self.method;
        page.condition = self.condition;
        page.script = self.script.map(str::to_owned);
        page.languages = self.languages.into_iter().map(str::to_owned).collect();
        page.needs_ocr = self.needs_ocr;
    }
}

/// Measures `text`, a page's body free of control characters, of which an engine saw `glyphs`.
pub fn measure(text: &str, glyphs: GlyphCounts) -> Quality {
    let legible = legibility::measure(text);
    let indic = indic::Counts::of(text);
    let english = english::Counts::of(text);
    let scripts = script::counts(text);
    let languages = language::detect_counted(text, &scripts, &english);
    let wordlike = wordlike(text, &english, &indic, &languages);
    let mapped = if glyphs.total == 0 {
        1.0
    } else {
        GlyphCounts::share(glyphs.mapped, glyphs.total).min(1.0)
    };
    let found = Found {
        text,
        glyphs,
        legible,
        indic,
        english,
        mapped,
    };
    let condition = found.condition();
    Quality {
        chars: text.chars().count() as u32,
        quality: readable(legible, condition, wordlike),
        mapped,
        wordlike,
        method: found.method(),
        condition,
        script: script::most(&scripts),
        languages: if matches!(
            condition,
            PageCondition::LegacyFont | PageCondition::Garbled
        ) {
            Vec::new()
        } else {
            languages
        },
        needs_ocr: !matches!(
            condition,
            PageCondition::Readable | PageCondition::LegacyConverted | PageCondition::Empty
        ),
    }
}

/// How much of a page can be read. Where the letters are the wrong ones only the words that look like words count.
fn readable(legible: Legibility, condition: PageCondition, wordlike: Option<f32>) -> f32 {
    if legible.chars == 0 {
        return 0.0;
    }
    let is_wrong = matches!(
        condition,
        PageCondition::BrokenUnicode | PageCondition::Garbled | PageCondition::LegacyFont
    );
    legible.quality * wordlike.filter(|_| is_wrong).unwrap_or(1.0)
}

/// The share of words that look like words: for English those made of common letters, for the
/// others those that can be spelt so, weighed with how usual the number of small words is; none of
/// them where the script's spelling as a whole is broken.
fn wordlike(
    text: &str,
    english: &english::Counts,
    indic: &indic::Counts,
    languages: &[&'static str],
) -> Option<f32> {
    let mut words = english.long_words() + indic.words();
    let mut good = english.plausible() as f32;
    let native = languages.iter().find(|language| **language != "eng");
    let small = native.and_then(|language| language::small_words(text, language));
    let usual = small.map_or(1.0, |(all, small, usual)| {
        (small as f32 / all.max(1) as f32 / usual).min(1.0)
    });
    if !indic.is_broken() {
        good += indic.possible() as f32 * usual;
    }
    // Scripts whose spelling is not known are taken at their small words alone.
    if let (0, Some((all, ..))) = (indic.words(), small) {
        words += all;
        good += all as f32 * usual;
    }
    (words >= ENOUGH_WORDS).then(|| good / words as f32)
}

/// All that speaks for or against a page's text.
struct Found<'a> {
    text: &'a str,
    glyphs: GlyphCounts,
    legible: Legibility,
    indic: indic::Counts,
    english: english::Counts,
    mapped: f32,
}

impl Found<'_> {
    fn method(&self) -> ExtractMethod {
        if self.legible.letters == 0 {
            ExtractMethod::None
        } else if GlyphCounts::share(self.glyphs.invisible, self.glyphs.total) > 0.5 {
            ExtractMethod::OcrLayer
        } else {
            ExtractMethod::Digital
        }
    }

    fn condition(&self) -> PageCondition {
        let glyphs = &self.glyphs;
        if self.legible.chars < FEW_CHARS {
            let drawn = glyphs.image_cover >= LEAST_COVER || glyphs.vector_paths >= MANY_PATHS;
            return match (drawn, self.legible.chars) {
                (true, _) => PageCondition::Scanned,
                (false, 0) if glyphs.total == 0 => PageCondition::Empty,
                (false, 0) => PageCondition::Garbled,
                (false, _) => PageCondition::Readable,
            };
        }
        if GlyphCounts::share(glyphs.legacy_unread, glyphs.total) > MOST_UNREAD {
            return PageCondition::LegacyFont;
        }
        if self.mapped < LEAST_MAPPED || self.legible.is_broken() {
            return PageCondition::Garbled;
        }
        let converted = GlyphCounts::share(glyphs.legacy_converted, glyphs.total) > CONVERTED;
        let no_prose = !self.english.is_english() && legibility::lacks_small_words(self.text);
        if self.legible.is_accented() || no_prose || self.english.is_soup() {
            return if converted || legacy::by_bytes(self.text).is_some() {
                PageCondition::LegacyFont
            } else {
                PageCondition::Garbled
            };
        }
        if converted {
            // Spelling tells whether the table was the font's; small words do not, in lists of names.
            return if self.indic.is_broken() {
                PageCondition::LegacyFont
            } else {
                PageCondition::LegacyConverted
            };
        }
        if self.indic.is_broken() {
            return PageCondition::BrokenUnicode;
        }
        PageCondition::Readable
    }
}

#[cfg(test)]
mod tests;
