//! What a picture asks for.

use std::ops::RangeInclusive;

/// The sort of answer that a picture wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The characters that it shows.
    Text(TextHint),
    /// The result of a sum of two numbers from 1 to 10, such as `9 - 3`, that is above zero.
    Arithmetic,
}

/// What is known about a text beforehand. It tips the balance between readings that are about as
/// likely; a text that is clearly something else is read as what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextHint {
    /// The characters that texts are made of; letters in either case.
    pub alphabet: Option<String>,
    /// How many characters texts have, mostly.
    pub lengths: Option<RangeInclusive<usize>>,
}

impl Default for Question {
    fn default() -> Self {
        Self::Text(TextHint::default())
    }
}

impl Question {
    /// `text` or `arithmetic`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Arithmetic => "arithmetic",
        }
    }
}
