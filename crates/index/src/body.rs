//! The text of a document, read once for all that the index makes of it.

use crate::duplicates::{Fingerprint, fingerprint};
use crate::text::{Stems, Tally};

/// The pages as one text, and its words.
#[derive(Debug)]
pub(crate) struct Body {
    /// The pages one after the other, so that phrases run on from page to page.
    pub(crate) text: String,
    /// The number of each page and where it begins in the text.
    pub(crate) pages: Vec<(u32, usize)>,
    /// Its words in their exact spelling with their places, packed for the engine.
    pub(crate) exact: String,
    /// Its words in their loose spelling, packed for the engine.
    pub(crate) loose: String,
    /// `None` if it is too short to be compared.
    pub(crate) print: Option<Fingerprint>,
}

/// Reads bodies, remembering the stems of their words.
#[derive(Debug, Default)]
pub(crate) struct BodyReader {
    tally: Tally,
    stems: Stems,
}

impl BodyReader {
    pub(crate) fn read(&mut self, numbered: &[(u32, String)]) -> Body {
        let mut text = String::with_capacity(numbered.iter().map(|(_, page)| page.len() + 1).sum());
        let mut pages = Vec::with_capacity(numbered.len());
        for (number, page) in numbered {
            pages.push((*number, text.len()));
            text.push_str(page);
            text.push('\n');
        }
        self.tally.read(&text);
        Body {
            text,
            pages,
            exact: self.tally.exact(),
            loose: self.tally.loose(&mut self.stems),
            print: fingerprint(&self.tally.hashes()),
        }
    }
}
