//! From a passage to the terms that are looked for.

use std::collections::HashMap;

use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError, Term};

use crate::schema::Fields;
use crate::text::{Stems, groups, has_one_spelling, words};

/// A longer passage is cut; what a judgment is about stands well before.
const MAX_BYTES: usize = 1 << 20;
/// The most terms of a passage.
const MAX_TERMS: usize = 1_000;
/// The most places in postings that one passage may have read: what bounds its time in a large index.
const MAX_POSTINGS: u64 = 60_000_000;
/// Words of more documents than this share say nothing about any.
const DULL: f64 = 0.7;
/// Terms of a passage that repeats itself count as often as `n * (K + 1) / (n + K)`.
const QUERY_K: f64 = 10.0;

/// A term with what its presence is worth.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighted {
    pub(crate) text: String,
    /// The field that it stands in.
    pub(crate) field: Field,
    pub(crate) weight: f64,
}

/// The terms of `text` that tell documents apart, heaviest first; equal ones by their spelling.
pub(crate) fn terms(
    text: &str,
    fields: &Fields,
    searcher: &Searcher,
    stems: &mut Stems,
) -> Result<Vec<Weighted>, TantivyError> {
    let documents = searcher.num_docs() as f64;
    let mut weighted = Vec::new();
    for (text, count) in counts(text, stems) {
        let field = if has_one_spelling(&text) {
            fields.body
        } else {
            fields.body_loose
        };
        let held = searcher.doc_freq(&Term::from_field_text(field, &text))?;
        // A handful of documents is too small a sample to call a word dull.
        let dull = documents >= 20.0 && held as f64 > DULL * documents;
        if held == 0 || dull {
            continue;
        }
        let rarity = (1.0 + (documents - held as f64 + 0.5).max(0.0) / (held as f64 + 0.5)).ln();
        let count = f64::from(count);
        let weight = rarity * count * (QUERY_K + 1.0) / (count + QUERY_K);
        weighted.push((
            Weighted {
                text,
                field,
                weight,
            },
            held,
        ));
    }
    weighted.sort_by(|(left, _), (right, _)| {
        let by_weight = right.weight.total_cmp(&left.weight);
        by_weight.then_with(|| left.text.cmp(&right.text))
    });
    weighted.truncate(MAX_TERMS);
    let mut budget = MAX_POSTINGS;
    weighted.retain(|(_, held)| {
        let fits = *held <= budget;
        budget -= if fits { *held } else { 0 };
        fits
    });
    Ok(weighted.into_iter().map(|(term, _)| term).collect())
}

/// How often each loose spelling occurs.
fn counts(text: &str, stems: &mut Stems) -> HashMap<String, u32> {
    let text = text
        .get(..text.floor_char_boundary(MAX_BYTES.min(text.len())))
        .unwrap_or("");
    let mut counts: HashMap<String, u32> = HashMap::new();
    for group in groups(text) {
        for (_, word) in words(text, &group) {
            let loose = stems.loose(&word);
            match counts.get_mut(loose) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(loose.to_owned(), 1);
                }
            }
        }
    }
    counts
}
