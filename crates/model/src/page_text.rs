//! The text of one page of a document.

use serde::{Deserialize, Serialize};

/// How a page's text was obtained.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ExtractMethod {
    /// From the PDF's own visible text.
    Digital,
    /// From invisible text that somebody's character recognition laid over a picture of the page.
    OcrLayer,
    /// From our own character recognition of the page's picture.
    Ocr,
    /// The page has no text: a scan, or an empty page.
    #[default]
    None,
}

impl ExtractMethod {
    /// The value in the `method` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digital => "digital",
            Self::OcrLayer => "ocr-layer",
            Self::Ocr => "ocr",
            Self::None => "none",
        }
    }

    /// The method with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Digital, Self::OcrLayer, Self::Ocr, Self::None]
            .into_iter()
            .find(|method| method.name() == name)
    }
}

/// What is wrong with a page's text, or that nothing is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PageCondition {
    /// It can be read.
    #[default]
    Readable,
    /// It was set in an eight-bit Indic font of the time before Unicode and has been converted.
    LegacyConverted,
    /// It is set in an eight-bit Indic font for which there is no table: the text is not its words.
    LegacyFont,
    /// Its font's table of Unicode values is wrong: the right script, the wrong letters.
    BrokenUnicode,
    /// Its characters are not words of any language that is known.
    Garbled,
    /// A picture without text, or with hardly any.
    Scanned,
    /// Nothing on it at all.
    Empty,
}

impl PageCondition {
    /// The value in the `condition` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::LegacyConverted => "legacy-converted",
            Self::LegacyFont => "legacy-font",
            Self::BrokenUnicode => "broken-unicode",
            Self::Garbled => "garbled",
            Self::Scanned => "scanned",
            Self::Empty => "empty",
        }
    }

    /// The condition with this name.
    pub fn named(name: &str) -> Option<Self> {
        use PageCondition::{
            BrokenUnicode, Empty, Garbled, LegacyConverted, LegacyFont, Readable, Scanned,
        };
        [
            Readable,
            LegacyConverted,
            LegacyFont,
            BrokenUnicode,
            Garbled,
            Scanned,
            Empty,
        ]
        .into_iter()
        .find(|condition| condition.name() == name)
    }
}

/// The text of a page with measures of its quality.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageText {
    /// The page's number, from 1.
    pub page: u32,
    /// The body, NFC, control characters out, in reading order, lines kept.
    pub text: String,
    /// What is on the page and not part of the body, a line each, in reading order: running heads,
    /// page numbers, stamps, boxes of signatures, marks of downloads.
    #[serde(default)]
    pub furniture: String,
    /// The number of characters of the body (Unicode scalar values).
    pub chars: u32,
    /// The share of characters that are letters, digits, marks, punctuation or spaces and not
    /// replacement or private-use characters, 0 to 1; 0 where there are none. Of a page that is
    /// broken-unicode, garbled or in a legacy font, times `wordlike`.
    pub quality: f32,
    /// The share of glyphs with a Unicode value, 0 to 1; 1 where there are no glyphs.
    #[serde(default = "all")]
    pub mapped: f32,
    /// How much the words look like words of the page's languages, 0 to 1; none where there are too
    /// few to tell.
    #[serde(default)]
    pub wordlike: Option<f32>,
    /// How it was obtained.
    pub method: ExtractMethod,
    /// What is wrong with it, if anything.
    #[serde(default)]
    pub condition: PageCondition,
    /// The script most of its letters are in, as an ISO 15924 code (`Latn`, `Deva`), if any.
    pub script: Option<String>,
    /// Its languages as ISO 639-3 codes (`eng`, `hin`), the main one first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whether the page needs optical character recognition to be readable.
    pub needs_ocr: bool,
}

fn all() -> f32 {
    1.0
}
