//! Asking an index for what it is known to hold.

use tantivy::collector::Count;
use tantivy::query::Occur;
use tantivy::{DocAddress, TantivyError};

use crate::query::{join, raw};
use crate::search::Search;
use crate::stored::Stored;
use crate::text::Stems;
use crate::{QueryError, SearchOptions};

/// The characters of a text's opening that are asked for.
const OPENING: usize = 60;

/// Documents, about `samples` of them and evenly spread, that the index does not find by its own answers: by their key,
/// exactly once, and by the opening words of their text.
pub(crate) fn lost(search: &Search<'_>, samples: usize) -> Result<Vec<String>, QueryError> {
    let all = search.searcher.num_docs() as usize;
    let step = all.div_ceil(samples.max(1)).max(1);
    let mut lost = Vec::new();
    let mut number = 0;
    for (segment, reader) in (0..).zip(search.searcher.segment_readers()) {
        for doc in reader.doc_ids_alive() {
            if number % step == 0 {
                let at = DocAddress::new(segment, doc);
                lost.extend(check(search, at)?);
            }
            number += 1;
        }
    }
    Ok(lost)
}

fn check(search: &Search<'_>, at: DocAddress) -> Result<Option<String>, QueryError> {
    let read = |error: TantivyError| QueryError::unreadable(error);
    let stored = Stored::read(&search.searcher, &search.fields, at).map_err(read)?;
    let key = stored.card.key;
    let by_key = raw(search.fields.key, &key);
    let found = search
        .searcher
        .search(by_key.as_ref(), &Count)
        .map_err(read)?;
    if found != 1 {
        return Ok(Some(format!("{key} is there {found} times")));
    }
    let opening: String = stored.body.chars().take(OPENING).collect();
    // The last word may be cut, and what is quoted holds no quotes and no wildcard.
    let whole = opening
        .rsplit_once(char::is_whitespace)
        .map_or("", |(whole, _)| whole);
    let words: String = whole
        .chars()
        .map(|c| if is_mark(c) { ' ' } else { c })
        .collect();
    if !words.chars().any(char::is_alphanumeric) {
        return Ok(None);
    }
    let planned = search.plan(&format!("body:\"{words}\""), &mut Stems::default())?;
    let both = join(vec![(Occur::Must, planned.query), (Occur::Must, by_key)]);
    let found = search
        .searcher
        .search(both.as_ref(), &Count)
        .map_err(read)?;
    Ok((found != 1).then(|| format!("{key} is not found by its words \"{words}\"")))
}

/// Quotes end a phrase, and a star has a meaning of its own.
fn is_mark(c: char) -> bool {
    matches!(c, '"' | '*' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

/// The options of such a search: nothing narrows it.
pub(crate) fn options() -> SearchOptions {
    SearchOptions {
        time_limit: None,
        ..SearchOptions::default()
    }
}
