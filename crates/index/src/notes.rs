//! Why nothing matches.

use nirnay_model::courts;

use crate::narrow::described;
use crate::query::{FieldName, Form, Leaf, Tree, distance};
use crate::search::Search;
use crate::text::Stems;
use crate::{FacetName, QueryError};

/// Values listed for a field.
const MOST_LISTED: usize = 12;
/// A longer value is not listed.
const LONGEST_VALUE: usize = 60;
/// Values that a typed one is compared with.
const MOST_COMPARED: usize = 5_000;
/// Letters that may be wrong in a value that was meant.
const MOST_WRONG: usize = 2;

/// What to blame for an empty answer: the parts of the query that no judgment has, else the filters, else that
/// no judgment has all parts at once.
pub(crate) fn of(search: &Search<'_>, tree: &Tree) -> Result<Vec<String>, QueryError> {
    let mut notes = Vec::new();
    if search.searcher.num_docs() == 0 {
        return Ok(vec!["the index holds no judgment yet".to_owned()]);
    }
    let mut leaves = Vec::new();
    leaves_of(tree, &mut leaves);
    let mut stems = Stems::default();
    for leaf in leaves {
        let part = Tree::Leaf(leaf.clone());
        let query = search.planner(&mut stems).build(&part)?;
        if search.count_alone(query)? == 0 {
            notes.push(format!(
                "no judgment has {}{}",
                part.canonical(),
                hint(search, leaf)
            ));
        }
        if search.deadline.is_over() {
            return Ok(notes);
        }
    }
    if !notes.is_empty() {
        return Ok(notes);
    }
    let query = search.planner(&mut stems).build(tree)?;
    let without = search.count_alone(query)?;
    Ok(vec![if without > 0 {
        hidden(search, without)
    } else if matches!(tree, Tree::And(_) | Tree::Near(..)) {
        "each part is found, but in no judgment all of them: join some with OR".to_owned()
    } else {
        "every judgment is one of those that the query excludes".to_owned()
    }])
}

/// What is said of matches that the filters hide.
pub(crate) fn hidden(search: &Search<'_>, without: usize) -> String {
    let filters = described(search.options);
    format!(
        "{without} without the filters ({}): take one away",
        filters.join(", ")
    )
}

/// What is said of an identifier that leads nowhere.
pub(crate) fn unknown(query: &str, identifier: &str) -> String {
    format!(
        "no judgment here bears or cites {identifier}; in quotes its words are searched for as they stand: \"{}\"",
        query.trim()
    )
}

fn leaves_of<'a>(tree: &'a Tree, found: &mut Vec<&'a Leaf>) {
    match tree {
        Tree::Everything | Tree::Not(_) => {}
        Tree::Leaf(leaf) => found.push(leaf),
        Tree::And(parts) | Tree::Or(parts) | Tree::Near(parts, _) => {
            for part in parts {
                leaves_of(part, found);
            }
        }
    }
}

fn hint(search: &Search<'_>, leaf: &Leaf) -> String {
    let is_free = matches!(
        leaf.field,
        None | Some(FieldName::Body | FieldName::Title | FieldName::Party)
    );
    match leaf.form {
        Form::Word if is_free && can_be_misspelled(&leaf.text) => {
            format!("; {}~ finds words spelled nearly so", leaf.text)
        }
        Form::Phrase { .. } if is_free => {
            "; without the quotes its words may stand anywhere".to_owned()
        }
        _ => known_values(search, leaf).unwrap_or_default(),
    }
}

/// Whether the word can be written before a `~`: letters alone, and enough of them.
fn can_be_misspelled(word: &str) -> bool {
    word.chars().count() > 3 && word.chars().all(|c| c.is_alphabetic() || !c.is_ascii())
}

/// For a field with few values: the one that may be meant, or else the most of them that can be listed.
fn known_values(search: &Search<'_>, leaf: &Leaf) -> Option<String> {
    let facet = match leaf.field? {
        FieldName::Court => FacetName::Court,
        FieldName::CaseType => FacetName::CaseType,
        FieldName::Disposal => FacetName::Disposal,
        FieldName::Statute => FacetName::Statute,
        FieldName::Judge => FacetName::Judge,
        _ => return None,
    };
    let values = search.values(facet).ok()?;
    let mut names: Vec<String> = values
        .names
        .iter()
        .flat_map(|value| match facet {
            // People type the short name, the index has the code.
            FacetName::Court => courts().find(value).map_or_else(
                || vec![value.clone()],
                |court| vec![court.slug.clone(), court.name.clone()],
            ),
            _ => vec![value.clone()],
        })
        .filter(|name| name.chars().count() <= LONGEST_VALUE)
        .collect();
    names.sort_unstable();
    names.dedup();
    let typed = leaf.text.to_lowercase();
    // Comparing costs the product of the lengths.
    let can_be_meant = typed.chars().count() <= LONGEST_VALUE + MOST_WRONG;
    let nearest = names
        .iter()
        .take(if can_be_meant { MOST_COMPARED } else { 0 })
        .map(|name| (distance(&typed, &name.to_lowercase()), name))
        .filter(|(wrong, name)| *wrong <= MOST_WRONG && *wrong * 2 < name.chars().count())
        .min();
    if let Some((_, name)) = nearest {
        return Some(format!("; did you mean {name}?"));
    }
    let is_more = names.len() > MOST_LISTED;
    names.truncate(MOST_LISTED);
    (!names.is_empty()).then(|| {
        let more = if is_more { ", …" } else { "" };
        format!("; here there are {}{more}", names.join(", "))
    })
}
