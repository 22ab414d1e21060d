//! The seam behind which the recogniser lies.

use std::time::Instant;

use super::OcrFailure;
use super::slots::Slot;
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

    /// Waits until a page may be read.
    fn turn(&self) -> Turn<'_> {
        Turn::default()
    }

    /// Reads `picture` with these packs, the main one first; all of them are in [`Self::packs`].
    /// The same picture and packs give the same text.
    fn read(
        &self,
        picture: &Picture,
        packs: &[String],
        turn: &Turn<'_>,
    ) -> Result<Read, OcrFailure>;

    /// The script (ISO 15924) of most of the letters in `picture`; none where it cannot be told, and
    /// of recognisers that cannot tell any.
    fn script(
        &self,
        _picture: &Picture,
        _turn: &Turn<'_>,
    ) -> Result<Option<&'static str>, OcrFailure> {
        Ok(None)
    }
}

/// A page's place among those that are read at a time, and the end of its time: however often its
/// picture is looked at, it has no more of either.
#[derive(Debug, Default)]
pub struct Turn<'a> {
    pub(super) deadline: Option<Instant>,
    pub(super) _slot: Option<Slot<'a>>,
}
