//! The text of one page of a document.

use serde::{Deserialize, Serialize};

/// How a page's text was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtractMethod {
    /// From the PDF's own text.
    Digital,
    /// The page has no text: a scan, or fonts that cannot be read.
    None,
}

impl ExtractMethod {
    /// The value in the `method` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digital => "digital",
            Self::None => "none",
        }
    }
}

/// The text of a page with a first measure of its quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// The page's number, from 1.
    pub page: u32,
    /// The text, NFC, control characters out, lines kept.
    pub text: String,
    /// The number of characters (Unicode scalar values).
    pub chars: u32,
    /// The share of characters that are letters, digits, marks, punctuation or spaces and not
    /// replacement or private-use characters, 0 to 1.
    pub quality: f32,
    /// How it was obtained.
    pub method: ExtractMethod,
    /// The script most of its letters are in, as an ISO 15924 code (`Latn`, `Deva`), if any.
    pub script: Option<String>,
    /// Whether the page needs optical character recognition to be readable.
    pub needs_ocr: bool,
}
