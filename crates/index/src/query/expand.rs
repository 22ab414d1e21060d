//! Words of the index that a word or a beginning stands for, where places count and stems have none.

use std::collections::BTreeSet;

use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError};

use crate::text::Stems;

/// More words than this are not tried one by one.
const MAX_WORDS: usize = 1_000;
/// Words of a segment that are looked at for one stem.
const MAX_LOOKED_AT: usize = 50_000;
/// Shorter beginnings are shared by too many words.
const SHORTEST: usize = 3;

/// The words of `field` that begin with `beginning`; `None` if they are too many.
pub(super) fn beginning_so(
    searcher: &Searcher,
    field: Field,
    beginning: &str,
) -> Result<Option<Vec<String>>, TantivyError> {
    let mut found = BTreeSet::new();
    let mut take = |word: &str| {
        found.insert(word.to_owned());
        found.len() <= MAX_WORDS
    };
    each(searcher, field, beginning, &mut take)?;
    Ok((found.len() <= MAX_WORDS).then(|| found.into_iter().collect()))
}

/// The words of `field` that have the stem of `word`, itself among them.
pub(super) fn inflections(
    searcher: &Searcher,
    field: Field,
    word: &str,
    stems: &mut Stems,
) -> Result<Vec<String>, TantivyError> {
    let mut found = BTreeSet::from([word.to_owned()]);
    let stem = stems.loose(word).to_owned();
    let shared: usize = word
        .chars()
        .zip(stem.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let beginning = word.get(..shared).unwrap_or("");
    let is_number = word.chars().any(char::is_numeric);
    if beginning.chars().count() >= SHORTEST && !is_number {
        let mut looked_at = 0;
        let mut take = |other: &str| {
            looked_at += 1;
            if stems.loose(other) == stem {
                found.insert(other.to_owned());
            }
            looked_at < MAX_LOOKED_AT && found.len() < MAX_WORDS
        };
        each(searcher, field, beginning, &mut take)?;
    }
    Ok(found.into_iter().collect())
}

/// Calls `visit` with the words of a field that begin so, until it is false.
fn each(
    searcher: &Searcher,
    field: Field,
    beginning: &str,
    visit: &mut dyn FnMut(&str) -> bool,
) -> Result<(), TantivyError> {
    // No word holds this byte: it is in no UTF-8.
    let mut end = beginning.as_bytes().to_vec();
    end.push(0xff);
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let range = inverted.terms().range().ge(beginning).lt(&end);
        let mut words = range.into_stream()?;
        while words.advance() {
            if let Ok(word) = std::str::from_utf8(words.key())
                && !visit(word)
            {
                return Ok(());
            }
        }
    }
    Ok(())
}
