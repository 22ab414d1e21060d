//! One identifier on its own: what a person types into a search box.

use crate::citation::Kind;
use crate::find::find;

/// A canonical key and what it names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The canonical form.
    pub text: String,
    /// What it names.
    pub kind: Kind,
    /// Whether the tables know its court, reporter or statute.
    pub resolved: bool,
}

/// Longer strings are no single identifier.
const LONGEST: usize = 256;

/// The key of a string that is one citation and nothing else; `None` when it is none or more than one.
///
/// ```
/// use nirnay_citation::parse_key;
///
/// assert_eq!(parse_key("A.I.R. 1978 S.C. 597").unwrap().text, "AIR 1978 SC 597");
/// assert_eq!(parse_key("2023/DHC/002720-DB").unwrap().text, "2023:DHC:2720-DB");
/// assert_eq!(parse_key("Section 302 of the Indian Penal Code").unwrap().text, "IPC s 302");
/// assert_eq!(parse_key("murder"), None);
/// ```
pub fn parse_key(text: &str) -> Option<Key> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let mut found = find(text);
    // A provision and its own statute are one identifier.
    if found.iter().any(|c| c.kind == Kind::Provision) {
        found.retain(|c| c.kind != Kind::Statute);
    }
    let [citation] = found.as_slice() else {
        return None;
    };
    let covered = citation.end - citation.start;
    let rest: usize = text.chars().filter(|c| c.is_alphanumeric()).count();
    let inside = citation
        .text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .count();
    let whole = match citation.kind {
        Kind::Provision => citation.statute.is_some() || rest == inside,
        // A court in brackets may follow: "(1975) 100 ITR 715 (SC)".
        _ => rest <= inside + 6 && covered > 0,
    };
    whole.then(|| Key {
        text: citation.key.clone(),
        kind: citation.kind,
        resolved: citation.resolved,
    })
}
