//! The seam behind which the recogniser lies.

use super::OcrFailure;
use crate::Picture;

/// What a recogniser reads off a picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// The text, lines kept, an empty line between paragraphs.
    pub text: String,
    /// How sure it is of the words, weighed by their length, 0 to 1; 0 where there are none.
    pub confidence: f32,
    /// How many words there are.
    pub words: u32,
}

/// A program or library that reads pictures of text.
pub trait Recognizer: Sync {
    /// Name and version, kept beside the text: `tesseract 5.3.0`.
    fn name(&self) -> &str;

    /// The language packs that it has.
    fn packs(&self) -> &[String];

    /// Reads `picture` with these packs, the main one first; all of them are in [`Self::packs`].
    /// The same picture and packs give the same text.
    fn read(&self, picture: &Picture, packs: &[String]) -> Result<Read, OcrFailure>;
}
