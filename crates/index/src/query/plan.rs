//! From a tree to a query of the engine.

use std::ops::Bound;

use jiff::civil::Date;
use nirnay_model::{Cnr, Court, courts};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery,
    Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::tree::{FieldName, Form, Leaf, Tree};
use crate::schema::{Fields, day_number};
use crate::text::{Spellings, Stems, spellings};
use crate::{QueryError, identifier};

type Built = Box<dyn Query>;

/// A match in the heading counts this much more than one in the text.
const HEAD_BOOST: f32 = 2.0;
/// How much the weaker of heading and text adds to the stronger.
const TIE_BREAKER: f32 = 0.3;
/// The shortest beginning of a word, in bytes: three Latin letters, one of another script.
const MIN_PREFIX: usize = 3;

/// The values of `disposal:` and `kind:` besides free words.
const KINDS: [&str; 3] = ["judgment", "order", "unstated"];

/// Builds queries for an index.
pub(crate) struct Planner<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) stems: &'a mut Stems,
}

impl Planner<'_> {
    /// The query of `tree`.
    pub(crate) fn plan(&mut self, tree: &Tree) -> Result<Built, QueryError> {
        self.build(tree)?.ok_or_else(|| {
            QueryError::general(
                "the query holds no word to search for",
                "write at least one word or number; punctuation alone is not indexed",
            )
        })
    }

    /// `None` for a part without any word, such as a lone dash.
    fn build(&mut self, tree: &Tree) -> Result<Option<Built>, QueryError> {
        Ok(match tree {
            Tree::Everything => Some(Box::new(AllQuery)),
            Tree::Leaf(leaf) => self.leaf(leaf)?,
            Tree::Not(inner) => self
                .build(inner)?
                .map(|inner| join(vec![everything(), (Occur::MustNot, inner)])),
            Tree::Or(parts) => self.any_of(parts)?,
            Tree::And(parts) => self.all_of(parts)?,
        })
    }

    fn any_of(&mut self, trees: &[Tree]) -> Result<Option<Built>, QueryError> {
        let mut parts = Vec::new();
        for tree in trees {
            parts.extend(self.build(tree)?.map(|part| (Occur::Should, part)));
        }
        Ok((!parts.is_empty()).then(|| join(parts)))
    }

    fn all_of(&mut self, trees: &[Tree]) -> Result<Option<Built>, QueryError> {
        let mut parts = Vec::new();
        for tree in trees {
            let (occur, tree) = match tree {
                Tree::Not(inner) => (Occur::MustNot, inner.as_ref()),
                tree => (Occur::Must, tree),
            };
            parts.extend(self.build(tree)?.map(|part| (occur, part)));
        }
        if parts.is_empty() {
            return Ok(None);
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push(everything());
        }
        Ok(Some(join(parts)))
    }

    fn leaf(&mut self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let Some(field) = leaf.field else {
            return self.anywhere(leaf);
        };
        let fields = *self.fields;
        match field {
            FieldName::Title => text(fields.title, leaf),
            FieldName::Party => text(fields.party, leaf),
            FieldName::Judge => text(fields.judge, leaf),
            FieldName::Body => self.words(fields.body, fields.body_loose, leaf),
            FieldName::Court => match find_court(&leaf.text) {
                Some(court) => Ok(Some(raw(fields.court, court.code.as_str()))),
                None => Ok(with_raw(fields.court, leaf, text(fields.court_text, leaf)?)),
            },
            FieldName::Bench => Ok(with_raw(fields.bench, leaf, text(fields.bench_text, leaf)?)),
            FieldName::Disposal => disposal(&fields, leaf),
            FieldName::Citation => Ok(with_identifiers(
                &fields,
                leaf,
                text(fields.citation_text, leaf)?,
            )),
            FieldName::Case => Ok(with_identifiers(
                &fields,
                leaf,
                text(fields.case_text, leaf)?,
            )),
            FieldName::Cnr => cnr(&fields, leaf),
            FieldName::Kind => kind(&fields, leaf),
            FieldName::Year => year(&fields, leaf),
        }
    }

    /// A leaf without a field: in the heading or in the text.
    fn anywhere(&mut self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let fields = *self.fields;
        let head = self.words(fields.head, fields.head_loose, leaf)?;
        let body = self.words(fields.body, fields.body_loose, leaf)?;
        let (Some(head), Some(body)) = (head, body) else {
            return Ok(None);
        };
        let head: Built = Box::new(BoostQuery::new(head, HEAD_BOOST));
        let query: Built = Box::new(DisjunctionMaxQuery::with_tie_breaker(
            vec![head, body],
            TIE_BREAKER,
        ));
        Ok(if leaf.form == Form::Word {
            with_identifiers(&fields, leaf, Some(query))
        } else {
            Some(query)
        })
    }

    /// A word by its loose spelling, everything else by the exact one.
    fn words(
        &mut self,
        exact: Field,
        loose: Field,
        leaf: &Leaf,
    ) -> Result<Option<Built>, QueryError> {
        let spelled = spellings(&leaf.text);
        match (leaf.form, spelled.joined.as_slice()) {
            (Form::Word, [word]) => {
                let word = term(loose, self.stems.loose(word));
                let word: Built = Box::new(TermQuery::new(word, IndexRecordOption::WithFreqs));
                let spread = spelled
                    .spread
                    .as_deref()
                    .and_then(|spread| sequence(exact, spread, 0));
                Ok(Some(any(word, spread)))
            }
            _ => in_field(exact, leaf, &spelled),
        }
    }
}

/// A leaf in a field that is only kept in exact spelling.
fn text(field: Field, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
    in_field(field, leaf, &spellings(&leaf.text))
}

fn in_field(field: Field, leaf: &Leaf, spelled: &Spellings) -> Result<Option<Built>, QueryError> {
    let slop = match leaf.form {
        Form::Prefix => return prefix(field, leaf, spelled),
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

fn sequence(field: Field, words: &[String], slop: u32) -> Option<Built> {
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

fn prefix(field: Field, leaf: &Leaf, spelled: &Spellings) -> Result<Option<Built>, QueryError> {
    match spelled.joined.as_slice() {
        [] => Ok(None),
        [word] if word.len() >= MIN_PREFIX => starts_with(field, word, leaf.position).map(Some),
        [_] => Err(QueryError::at(
            leaf.position,
            "too few letters before the wildcard",
            "write at least three letters before the *",
        )),
        _ => Err(QueryError::at(
            leaf.position,
            "a wildcard works after a single word only",
            "remove the punctuation before the *, or the * itself",
        )),
    }
}

/// Words of the index hold letters, marks and digits only, so none needs escaping in a pattern.
fn starts_with(field: Field, word: &str, position: usize) -> Result<Built, QueryError> {
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
fn with_raw(field: Field, leaf: &Leaf, words: Option<Built>) -> Option<Built> {
    words.map(|words| any(raw(field, &leaf.text.to_lowercase()), Some(words)))
}

/// A leaf that is an identifier of the judgment, or else words.
fn with_identifiers(fields: &Fields, leaf: &Leaf, words: Option<Built>) -> Option<Built> {
    let mut found = words;
    for identifier in identifier::of_text(&leaf.text) {
        found = Some(any(raw(fields.identifier, &identifier.term), found));
    }
    found
}

fn disposal(fields: &Fields, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
    let class: String = leaf.text.to_lowercase().replace([' ', '-'], "_");
    Ok(text(fields.disposal_text, leaf)?
        .map(|words| any(raw(fields.disposal, &class), Some(words))))
}

fn cnr(fields: &Fields, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
    let plain: String = leaf
        .text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let plain = plain.to_ascii_uppercase();
    match (leaf.form, plain.parse::<Cnr>()) {
        (Form::Prefix, _) if plain.len() >= MIN_PREFIX => {
            starts_with(fields.cnr, &plain, leaf.position).map(Some)
        }
        (_, Ok(cnr)) => Ok(Some(raw(fields.cnr, cnr.as_str()))),
        (_, Err(error)) => Err(QueryError::at(
            leaf.position,
            format!("this is not a CNR: {}", error.why),
            "a CNR has 16 characters, such as DLHC010000122024; end its beginning with a * to find all that share it",
        )),
    }
}

fn kind(fields: &Fields, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
    let kind = leaf.text.to_lowercase();
    if KINDS.contains(&kind.as_str()) {
        return Ok(Some(raw(fields.kind, &kind)));
    }
    Err(QueryError::at(
        leaf.position,
        format!("{kind} is not a kind of document"),
        format!("kinds are {}", KINDS.join(", ")),
    ))
}

/// `year:2024`, `year:2019..2021`: the years of decision.
fn year(fields: &Fields, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
    let (from, to) = leaf
        .text
        .split_once("..")
        .or_else(|| leaf.text.split_once('-'))
        .unwrap_or((&leaf.text, &leaf.text));
    let read = |text: &str| {
        text.trim()
            .parse::<i16>()
            .ok()
            .filter(|year| (1800..=2100).contains(year))
    };
    match (read(from), read(to)) {
        (Some(from), Some(to)) if from <= to => Ok(decided(
            fields,
            Date::new(from, 1, 1).ok(),
            Date::new(to, 12, 31).ok(),
        )),
        _ => Err(QueryError::at(
            leaf.position,
            "this is not a year",
            "write year:2024, or year:2019..2021 for a range",
        )),
    }
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

fn unscored(query: Built) -> Built {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn everything() -> (Occur, Built) {
    (Occur::Must, unscored(Box::new(AllQuery)))
}

fn any(query: Built, other: Option<Built>) -> Built {
    match other {
        None => query,
        Some(other) => join(vec![(Occur::Should, query), (Occur::Should, other)]),
    }
}

fn term(field: Field, word: &str) -> Term {
    Term::from_field_text(field, word)
}
