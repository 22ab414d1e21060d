//! What to mark in the text of a hit.

use super::tree::{FieldName, Form, Leaf, Tree};
use crate::text::{Stems, spellings};

/// A word or phrase of the query that is looked for in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Needle {
    /// A word, in its loose spelling.
    Word(String),
    /// The beginning of a word, in exact spelling.
    Prefix(String),
    /// A word in exact spelling, with so many letters wrong at most.
    Fuzzy(String, usize),
    /// Sequences of words in exact spelling, any of them, with up to `slop` words in between.
    Phrase {
        sequences: Vec<Vec<String>>,
        slop: usize,
    },
}

/// The needles of `tree`: its conditions on the text that are not negated.
pub(crate) fn needles(tree: &Tree, stems: &mut Stems) -> Vec<Needle> {
    let mut found = Vec::new();
    collect(tree, stems, &mut found);
    found
}

fn collect(tree: &Tree, stems: &mut Stems, found: &mut Vec<Needle>) {
    match tree {
        Tree::Everything | Tree::Not(_) => {}
        Tree::And(parts) | Tree::Or(parts) | Tree::Near(parts, _) => {
            for part in parts {
                collect(part, stems, found);
            }
        }
        Tree::Leaf(leaf)
            if matches!(
                leaf.field,
                None | Some(FieldName::Body | FieldName::Citation | FieldName::Case)
            ) =>
        {
            if let Some(needle) = needle(leaf, stems)
                && !found.contains(&needle)
            {
                found.push(needle);
            }
        }
        Tree::Leaf(_) => {}
    }
}

fn needle(leaf: &Leaf, stems: &mut Stems) -> Option<Needle> {
    let spellings = spellings(&leaf.text);
    let [first, rest @ ..] = spellings.joined.as_slice() else {
        return None;
    };
    Some(match leaf.form {
        Form::Prefix if rest.is_empty() => Needle::Prefix(first.clone()),
        Form::Fuzzy(distance) if rest.is_empty() => {
            Needle::Fuzzy(first.clone(), usize::from(distance))
        }
        Form::Word if rest.is_empty() && spellings.spread.is_none() => {
            Needle::Word(stems.loose(first).to_owned())
        }
        Form::Phrase { slop } => phrase(&spellings, slop as usize),
        Form::Word | Form::Prefix | Form::Fuzzy(_) => phrase(&spellings, 0),
    })
}

fn phrase(spellings: &crate::text::Spellings, slop: usize) -> Needle {
    Needle::Phrase {
        sequences: spellings.sequences().map(<[String]>::to_vec).collect(),
        slop,
    }
}
