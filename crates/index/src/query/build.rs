//! Queries of the engine from words.

use std::ops::Bound;

use jiff::civil::Date;
use nirnay_model::{Court, courts};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery,
    RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::tree::{Form, Leaf};
use crate::schema::{Fields, day_number};
use crate::text::{Spellings, spellings};
use crate::{QueryError, identifier};

pub(crate) type Built = Box<dyn Query>;

/// The shortest beginning of a word, in bytes: three Latin letters, one of another script.
pub(super) const MIN_PREFIX: usize = 3;

/// A leaf in a field that is only kept in exact spelling.
pub(super) fn text(field: Field, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
    in_field(field, leaf, &spellings(&leaf.text))
}

pub(super) fn in_field(
    field: Field,
    leaf: &Leaf,
    spelled: &Spellings,
) -> Result<Option<Built>, QueryError> {
    let slop = match leaf.form {
        Form::Prefix => return prefix(field, leaf, spelled),
        Form::Fuzzy(distance) => return fuzzy(field, leaf, spelled, distance),
        Form::Phrase { slop } => slop,
        Form::Word => 0,
    };
    let mut found = None;
    for words in spelled.sequences() {
        if let Some(query) = sequence(field, words, slop) {
            found = Some(any(query, found));
        }
    }
    Ok(found)
}

pub(super) fn sequence(field: Field, words: &[String], slop: u32) -> Option<Built> {
    match words {
        [] => None,
        [word] => Some(Box::new(TermQuery::new(
            term(field, word),
            IndexRecordOption::WithFreqs,
        ))),
        words => {
            let mut phrase = PhraseQuery::new(words.iter().map(|word| term(field, word)).collect());
            phrase.set_slop(slop);
            Some(Box::new(phrase))
        }
    }
}

/// Refuses a beginning that too many words share.
pub(super) fn check_prefix(word: &str, position: usize) -> Result<(), QueryError> {
    if word.len() >= MIN_PREFIX {
        return Ok(());
    }
    Err(QueryError::at(
        position,
        "too few letters before the wildcard",
        "write at least three letters before the *",
    ))
}

fn fuzzy(
    field: Field,
    leaf: &Leaf,
    spelled: &Spellings,
    distance: u8,
) -> Result<Option<Built>, QueryError> {
    match spelled.joined.as_slice() {
        [] => Ok(None),
        [word] => Ok(Some(Box::new(FuzzyTermQuery::new(
            term(field, word),
            distance,
            true,
        )))),
        _ => Err(QueryError::at(
            leaf.position,
            "a ~ works after a single word only",
            "remove the punctuation before the ~, or the ~ itself",
        )),
    }
}

fn prefix(field: Field, leaf: &Leaf, spelled: &Spellings) -> Result<Option<Built>, QueryError> {
    match spelled.joined.as_slice() {
        [] => Ok(None),
        [word] => {
            check_prefix(word, leaf.position)?;
            starts_with(field, word, leaf.position).map(Some)
        }
        _ => Err(QueryError::at(
            leaf.position,
            "a wildcard works after a single word only",
            "remove the punctuation before the *, or the * itself",
        )),
    }
}

/// Words of the index hold letters, marks and digits only, so none needs escaping in a pattern.
pub(super) fn starts_with(field: Field, word: &str, position: usize) -> Result<Built, QueryError> {
    match RegexQuery::from_pattern(&format!("{word}.*"), field) {
        Ok(query) => Ok(Box::new(query)),
        Err(cause) => Err(QueryError::at(
            position,
            format!("this wildcard cannot be used: {cause}"),
            "write the whole word",
        )),
    }
}

/// A court by slug, code or name, in any case.
pub(crate) fn find_court(text: &str) -> Option<&'static Court> {
    courts()
        .find(&text.trim().to_lowercase())
        .or_else(|| courts().by_name(text))
}

/// A leaf that is a code as it stands, or else words.
pub(super) fn with_raw(field: Field, leaf: &Leaf, words: Option<Built>) -> Option<Built> {
    words.map(|words| any(raw(field, &leaf.text.to_lowercase()), Some(words)))
}

/// A leaf that is an identifier of the judgment, or else words.
pub(super) fn with_identifiers(
    fields: &Fields,
    leaf: &Leaf,
    words: Option<Built>,
) -> Option<Built> {
    let mut found = words;
    for identifier in identifier::of_text(&leaf.text) {
        found = Some(any(raw(fields.identifier, &identifier.term), found));
    }
    found
}

/// Decisions from `from` to `to`, both included; `None` if neither is given.
pub(crate) fn decided(fields: &Fields, from: Option<Date>, to: Option<Date>) -> Option<Built> {
    let bound = |date: Option<Date>| {
        date.map_or(Bound::Unbounded, |date| {
            Bound::Included(Term::from_field_i64(fields.decided, day_number(date)))
        })
    };
    if from.is_none() && to.is_none() {
        return None;
    }
    Some(unscored(Box::new(RangeQuery::new(bound(from), bound(to)))))
}

/// Documents whose raw field has this value; says nothing about relevance.
pub(crate) fn raw(field: Field, value: &str) -> Built {
    unscored(Box::new(TermQuery::new(
        term(field, value),
        IndexRecordOption::Basic,
    )))
}

/// All of `parts`.
pub(crate) fn join(parts: Vec<(Occur, Built)>) -> Built {
    Box::new(BooleanQuery::new(parts))
}

pub(super) fn unscored(query: Built) -> Built {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

pub(super) fn everything() -> (Occur, Built) {
    (Occur::Must, unscored(Box::new(AllQuery)))
}

pub(super) fn any(query: Built, other: Option<Built>) -> Built {
    match other {
        None => query,
        Some(other) => join(vec![(Occur::Should, query), (Occur::Should, other)]),
    }
}

pub(super) fn term(field: Field, word: &str) -> Term {
    Term::from_field_text(field, word)
}
