//! From a tree to a query of the engine.

use jiff::civil::Date;
use tantivy::Searcher;
use tantivy::query::{AllQuery, BoostQuery, DisjunctionMaxQuery, Occur, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::any_word::{AnyWord, PlainWord};
use super::build::{Built, any, everything, in_field, join, sequence, term, with_identifiers};
use super::excluded::Excluded;
use super::expand::{beginning_so, inflections};
use super::near::{NearQuery, Ways};
use super::tree::{FieldName, Form, Gap, Leaf, Tree};
use crate::QueryError;
use crate::counting::Deadline;
use crate::identifier;
use crate::schema::Fields;
use crate::text::{Stems, has_one_spelling, skeleton, spellings};

/// A match in the heading counts this much more than one in the text.
pub(super) const HEAD_BOOST: f32 = 2.0;
/// How much the weaker of heading and text adds to the stronger.
pub(super) const TIE_BREAKER: f32 = 0.3;
/// Builds queries for an index.
pub(crate) struct Planner<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) stems: &'a mut Stems,
    /// The state of the index in which words are looked up.
    pub(crate) searcher: &'a Searcher,
    /// What relative dates count from.
    pub(crate) today: Date,
    pub(crate) deadline: &'a Deadline,
}

impl Planner<'_> {
    /// The query of `tree`. `whole`: it is not narrowed by anything, so that every match of it is looked at.
    pub(crate) fn plan(&mut self, tree: &Tree, whole: bool) -> Result<Built, QueryError> {
        if whole && let Some(words) = self.plain_words(tree)? {
            return Ok(Box::new(AnyWord { words }));
        }
        self.build(tree)?.ok_or_else(|| {
            QueryError::general(
                "the query holds no word to search for",
                "write at least one word or number; punctuation alone is not indexed",
            )
        })
    }

    /// The words of a tree that is nothing but words, any of which may match.
    fn plain_words(&mut self, tree: &Tree) -> Result<Option<Vec<PlainWord>>, QueryError> {
        let leaves: Vec<&Tree> = match tree {
            Tree::Or(parts) => parts.iter().collect(),
            tree => vec![tree],
        };
        let mut words = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let Tree::Leaf(leaf) = leaf else {
                return Ok(None);
            };
            match self.plain_word(leaf)? {
                Some(word) => words.push(word),
                None => return Ok(None),
            }
        }
        Ok(Some(words))
    }

    /// A word that has one spelling, is no identifier and no name in another script.
    fn plain_word(&mut self, leaf: &Leaf) -> Result<Option<PlainWord>, QueryError> {
        let spelled = spellings(&leaf.text);
        let [word] = spelled.joined.as_slice() else {
            return Ok(None);
        };
        let is_plain = leaf.field.is_none()
            && leaf.form == Form::Word
            && spelled.spread.is_none()
            && identifier::of_text(&leaf.text).is_empty()
            && self.with_roman(leaf, None)?.is_none();
        if !is_plain {
            return Ok(None);
        }
        let fields = self.fields;
        Ok(Some(if has_one_spelling(word) {
            PlainWord {
                head: term(fields.head, word),
                body: term(fields.body, word),
            }
        } else {
            let word = self.stems.loose(word);
            PlainWord {
                head: term(fields.head_loose, word),
                body: term(fields.body_loose, word),
            }
        }))
    }

    /// `None` for a part without any word, such as a lone dash.
    pub(crate) fn build(&mut self, tree: &Tree) -> Result<Option<Built>, QueryError> {
        Ok(match tree {
            Tree::Everything => Some(Box::new(AllQuery)),
            Tree::Leaf(leaf) => self.leaf(leaf)?,
            Tree::Not(inner) => self
                .build(inner)?
                .map(|inner| join(vec![everything(), (Occur::MustNot, excluded(inner))])),
            Tree::Or(parts) => self.any_of(parts)?,
            Tree::And(parts) => self.all_of(parts)?,
            Tree::Near(operands, gaps) => self.near(operands, gaps)?,
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
            let part = self.build(tree)?;
            parts.extend(part.map(|part| match occur {
                Occur::MustNot => (occur, excluded(part)),
                _ => (occur, part),
            }));
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
        match leaf.field {
            None => self.anywhere(leaf),
            Some(FieldName::Body) => self.words(self.fields.body, self.fields.body_loose, leaf),
            Some(field) => self.in_named(field, leaf),
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
            let query = with_identifiers(&fields, leaf, Some(query));
            self.with_roman(leaf, query)?
        } else {
            Some(query)
        })
    }

    /// A name in Latin letters also where it is written in an Indic script.
    pub(super) fn with_roman(
        &self,
        leaf: &Leaf,
        found: Option<Built>,
    ) -> Result<Option<Built>, QueryError> {
        let words: Option<Vec<String>> = match leaf.form {
            Form::Word => skeleton(&leaf.text).map(|word| vec![word]),
            Form::Phrase { .. } => leaf.text.split_whitespace().map(skeleton).collect(),
            Form::Prefix | Form::Fuzzy(_) => None,
        };
        let Some(words) = words.filter(|words| !words.is_empty()) else {
            return Ok(found);
        };
        for word in &words {
            let known = self.searcher.doc_freq(&term(self.fields.roman, word));
            if known.map_err(QueryError::unreadable)? == 0 {
                return Ok(found);
            }
        }
        Ok(sequence(self.fields.roman, &words, 0).map(|roman| any(roman, found)))
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
                let word = if has_one_spelling(word) {
                    term(exact, word)
                } else {
                    term(loose, self.stems.loose(word))
                };
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

    /// Operands at distances, in the heading or in the text, or in the field that they name.
    fn near(&mut self, operands: &[Tree], gaps: &[Gap]) -> Result<Option<Built>, QueryError> {
        let fields = *self.fields;
        let named = operands
            .first()
            .and_then(first_leaf)
            .and_then(|leaf| leaf.field);
        let places = match named {
            None => vec![fields.body, fields.head],
            Some(FieldName::Title) => vec![fields.title],
            Some(FieldName::Petitioner) => vec![fields.petitioner],
            Some(FieldName::Respondent) => vec![fields.respondent],
            Some(FieldName::Judge) => vec![fields.judge],
            Some(_) => vec![fields.body],
        };
        let mut found = None;
        for place in places {
            let ways: Result<Vec<Ways>, QueryError> = operands
                .iter()
                .map(|operand| self.ways(place, operand))
                .collect();
            if let Some(query) = NearQuery::new(place, &ways?, gaps, self.deadline) {
                found = Some(any(Box::new(query), found));
            }
        }
        Ok(found)
    }

    /// The ways to write an operand.
    fn ways(&mut self, field: Field, operand: &Tree) -> Result<Ways, QueryError> {
        let leaves: Vec<&Leaf> = match operand {
            Tree::Leaf(leaf) => vec![leaf],
            Tree::Or(parts) => parts.iter().filter_map(first_leaf).collect(),
            _ => Vec::new(),
        };
        let mut ways = Ways::new();
        for leaf in leaves {
            let spelled = spellings(&leaf.text);
            match (leaf.form, spelled.joined.as_slice()) {
                (Form::Word, [word]) => {
                    let words = inflections(self.searcher, field, word, self.stems);
                    let words = words.map_err(QueryError::unreadable)?;
                    ways.extend(words.into_iter().map(|word| vec![word]));
                    ways.extend(spelled.spread);
                }
                (Form::Prefix, [word]) => ways.extend(self.beginnings(field, word, leaf)?),
                _ => ways.extend(spelled.sequences().map(<[String]>::to_vec)),
            }
        }
        Ok(ways)
    }

    fn beginnings(&self, field: Field, word: &str, leaf: &Leaf) -> Result<Ways, QueryError> {
        super::build::check_prefix(word, leaf.position)?;
        let words = beginning_so(self.searcher, field, word).map_err(QueryError::unreadable)?;
        match words {
            // A word that the index lacks stands for none.
            Some(words) if words.is_empty() => Ok(vec![vec![word.to_owned()]]),
            Some(words) => Ok(words.into_iter().map(|word| vec![word]).collect()),
            None => Err(QueryError::at(
                leaf.position,
                format!("more than a thousand words begin with {word}"),
                "write more letters before the *, or take the distance away",
            )),
        }
    }
}

fn excluded(query: Built) -> Built {
    Box::new(Excluded(query))
}

fn first_leaf(tree: &Tree) -> Option<&Leaf> {
    match tree {
        Tree::Leaf(leaf) => Some(leaf),
        Tree::Or(parts) => parts.first().and_then(first_leaf),
        _ => None,
    }
}
