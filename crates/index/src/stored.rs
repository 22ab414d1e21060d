//! Reading a document back.

use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument, TantivyError};

use crate::card::Card;
use crate::schema::Fields;
use crate::text::lengthened;
use crate::{StoredDocument, StoredPage};

/// A document as it was stored.
pub(crate) struct Stored {
    pub(crate) card: Card,
    pub(crate) body: String,
}

/// What a hit shows of a stored document, its text left in shorthand.
pub(crate) fn read_card(
    searcher: &Searcher,
    fields: &Fields,
    at: DocAddress,
) -> Result<Card, TantivyError> {
    card_of(&searcher.doc(at)?, fields)
}

fn card_of(document: &TantivyDocument, fields: &Fields) -> Result<Card, TantivyError> {
    let card = document
        .get_first(fields.card)
        .and_then(|value| value.as_bytes());
    serde_json::from_slice(card.unwrap_or(&[])).map_err(|error| damaged(&error.to_string()))
}

fn damaged(why: &str) -> TantivyError {
    TantivyError::InternalError(format!("a stored document is damaged: {why}"))
}

impl Stored {
    pub(crate) fn read(
        searcher: &Searcher,
        fields: &Fields,
        at: DocAddress,
    ) -> Result<Self, TantivyError> {
        let document: TantivyDocument = searcher.doc(at)?;
        let card = card_of(&document, fields)?;
        let text = document
            .get_first(fields.text)
            .and_then(|value| value.as_bytes());
        let body = text
            .and_then(lengthened)
            .ok_or_else(|| damaged("its text cannot be read"))?;
        Ok(Self { card, body })
    }

    pub(crate) fn into_document(mut self, copies: u32) -> StoredDocument {
        let starts = &self.card.pages;
        let ends = starts.iter().skip(1).map(|(_, start)| *start);
        let ends = ends.chain([self.body.len()]);
        let pages = starts
            .iter()
            .zip(ends)
            .map(|((page, start), end)| {
                let text = self.body.get(*start..end).unwrap_or("");
                StoredPage {
                    page: *page,
                    text: text.strip_suffix('\n').unwrap_or(text).to_owned(),
                }
            })
            .collect();
        StoredDocument {
            pages,
            provisions: std::mem::take(&mut self.card.provisions),
            cites: std::mem::take(&mut self.card.cites),
            hit: self.card.into_hit(0.0, copies, Vec::new()),
        }
    }
}
