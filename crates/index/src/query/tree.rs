//! A parsed query.

use std::cmp::Reverse;

/// A query as a tree. Its depth is bounded by the nesting limit of the scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    /// Every document.
    Everything,
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
    Leaf(Leaf),
}

/// One condition on the text or on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) field: Option<FieldName>,
    pub(crate) form: Form,
    pub(crate) text: String,
    /// Where it stands in the query, in characters.
    pub(crate) position: usize,
}

/// How the text of a leaf is to be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A word, any inflection.
    Word,
    /// The beginning of a word.
    Prefix,
    /// Words in exactly this form and order, at most `slop` words out of place.
    Phrase { slop: u32 },
}

/// The fields that a query can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldName {
    Title,
    Party,
    Judge,
    Court,
    Bench,
    Cnr,
    Citation,
    Case,
    Year,
    Disposal,
    Kind,
    Body,
}

/// Names and their synonyms; the first name of a field is the one shown in hints.
const NAMES: [(&str, FieldName); 18] = [
    ("title", FieldName::Title),
    ("party", FieldName::Party),
    ("parties", FieldName::Party),
    ("judge", FieldName::Judge),
    ("judges", FieldName::Judge),
    ("court", FieldName::Court),
    ("bench", FieldName::Bench),
    ("cnr", FieldName::Cnr),
    ("citation", FieldName::Citation),
    ("cite", FieldName::Citation),
    ("case", FieldName::Case),
    ("year", FieldName::Year),
    ("disposal", FieldName::Disposal),
    ("disposition", FieldName::Disposal),
    ("kind", FieldName::Kind),
    ("type", FieldName::Kind),
    ("body", FieldName::Body),
    ("text", FieldName::Body),
];

impl FieldName {
    /// The field called `name`, in any case.
    pub(crate) fn find(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, field)| *field)
    }

    /// The known name that `name` may be a slip for.
    pub(crate) fn nearest(name: &str) -> Option<&'static str> {
        let name = name.to_ascii_lowercase();
        let alike = |known: &str| {
            name.bytes()
                .zip(known.bytes())
                .take_while(|(a, b)| a == b)
                .count()
        };
        NAMES
            .iter()
            .map(|(known, _)| (distance(&name, known), Reverse(alike(known)), *known))
            .filter(|(distance, _, known)| *distance <= 2 && *distance < known.len())
            .min()
            .map(|(.., known)| known)
    }

    /// The names for a hint.
    pub(crate) fn listing() -> String {
        let mut seen = Vec::new();
        let mut names = Vec::new();
        for (name, field) in NAMES {
            if !seen.contains(&field) {
                seen.push(field);
                names.push(name);
            }
        }
        names.join(", ")
    }
}

/// Edit distance of two short ASCII words.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = i;
        let mut previous = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(right.bytes()) {
            let here = (diagonal + usize::from(a != b))
                .min(previous + 1)
                .min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            previous = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
