//! Why nothing matches.

use crate::QueryError;
use crate::narrow::described;
use crate::query::{FieldName, Form, Leaf, Tree};
use crate::search::Search;
use crate::text::Stems;

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
                hint(leaf)
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

fn hint(leaf: &Leaf) -> String {
    match (leaf.field, leaf.form) {
        (None | Some(FieldName::Body | FieldName::Title), Form::Word)
            if leaf.text.chars().count() > 3 =>
        {
            format!("; {}~ finds words spelled nearly so", leaf.text)
        }
        (_, Form::Phrase { .. }) => "; without the quotes its words may stand anywhere".to_owned(),
        _ => String::new(),
    }
}
