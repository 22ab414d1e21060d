//! A thing found in a text, with the place where it stands.

use serde::{Deserialize, Serialize};

/// A value read from the words of a page.
///
/// `confidence` is the share of such readings that are expected to be right: 0.95 and more for a
/// value that stands beside its own label or in its usual place, 0.8 for one known by its form and
/// place alone, 0.6 for one that is inferred (the only judge of a bench is its author), less where
/// the text itself is doubtful. It is a rank, set by hand per rule and checked against labelled
/// documents, not a measured probability of the single reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The words as printed, white space folded.
    pub text: String,
    /// What they mean.
    pub value: T,
    /// The page they begin on, from 1.
    pub page: u32,
    /// Their first character within that page's text, in Unicode scalar values from 0.
    pub start: u32,
    /// The first character behind them, on `end_page` where there is one.
    pub end: u32,
    /// The page they end on, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_page: Option<u32>,
    /// Whether the positions count in the page's `furniture` and not in its `text`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub furniture: bool,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
}

impl<T> Found<T> {
    /// Another value that the same words tell.
    pub(crate) fn at_its_place<U>(&self, value: U, confidence: f32) -> Found<U> {
        Found {
            text: self.text.clone(),
            value,
            page: self.page,
            start: self.start,
            end: self.end,
            end_page: self.end_page,
            furniture: self.furniture,
            confidence: self.confidence.min(confidence),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}
