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
    /// Operands at distances: one gap fewer than operands. Operands are leaves, or an `Or` of leaves.
    Near(Vec<Tree>, Vec<Gap>),
    Leaf(Leaf),
}

/// How far apart two operands may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    /// In words; neighbours are one apart.
    pub(crate) words: u32,
    /// Whether the first must stand first.
    pub(crate) ordered: bool,
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
    /// A word with so many letters wrong at most.
    Fuzzy(u8),
    /// Words in exactly this form and order, at most `slop` words out of place.
    Phrase { slop: u32 },
}

/// The fields that a query can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldName {
    Title,
    Party,
    Petitioner,
    Respondent,
    Judge,
    Court,
    Bench,
    Cnr,
    Citation,
    Cites,
    Case,
    CaseType,
    Statute,
    Section,
    Disposal,
    Kind,
    Language,
    Year,
    Date,
    After,
    Before,
    Body,
}

/// Names and their synonyms; the first name of a field is the one shown in hints.
const NAMES: [(&str, FieldName); 36] = [
    ("title", FieldName::Title),
    ("party", FieldName::Party),
    ("parties", FieldName::Party),
    ("petitioner", FieldName::Petitioner),
    ("appellant", FieldName::Petitioner),
    ("respondent", FieldName::Respondent),
    ("judge", FieldName::Judge),
    ("judges", FieldName::Judge),
    ("coram", FieldName::Judge),
    ("court", FieldName::Court),
    ("bench", FieldName::Bench),
    ("cnr", FieldName::Cnr),
    ("citation", FieldName::Citation),
    ("cite", FieldName::Citation),
    ("cites", FieldName::Cites),
    ("citing", FieldName::Cites),
    ("case", FieldName::Case),
    ("casetype", FieldName::CaseType),
    ("statute", FieldName::Statute),
    ("act", FieldName::Statute),
    ("section", FieldName::Section),
    ("article", FieldName::Section),
    ("disposal", FieldName::Disposal),
    ("disposition", FieldName::Disposal),
    ("kind", FieldName::Kind),
    ("type", FieldName::Kind),
    ("language", FieldName::Language),
    ("lang", FieldName::Language),
    ("year", FieldName::Year),
    ("date", FieldName::Date),
    ("decided", FieldName::Date),
    ("after", FieldName::After),
    ("before", FieldName::Before),
    ("body", FieldName::Body),
    ("text", FieldName::Body),
    ("content", FieldName::Body),
];

impl FieldName {
    /// The field called `name`, in any case.
    pub(crate) fn find(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, field)| *field)
    }

    /// The name shown in hints and canonical queries.
    pub(crate) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, field)| *field == self)
            .map_or("", |(name, _)| name)
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

/// Letters that are wrong, missing, too many or swapped with their neighbour between two short words.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let at =
                |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut cell = (at(&row, j) + usize::from(a != b))
                .min(at(&row, j + 1) + 1)
                .min(at(&next, j) + 1);
            let swapped =
                i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                cell = cell.min(at(&before, j - 1) + 1);
            }
            next.push(cell);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}
