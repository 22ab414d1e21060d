//! Parallel citations: one judgment, several reports.

use crate::citation::Kind;
use crate::found::{Found, Role};
use crate::lex;

/// The cluster of each citation; citations that stand alone have none.
pub(crate) fn clusters(text: &str, found: &[Found]) -> Vec<Option<u32>> {
    let b = text.as_bytes();
    let mut clusters = vec![None; found.len()];
    let mut next = 0;
    // Where the current run of parallel citations begins.
    let mut first = 0;
    for i in 1..found.len() {
        let parallel = is_report(&found[i])
            && is_report(&found[i - 1])
            && found[first..i]
                .iter()
                .rev()
                .take(8)
                .all(|other| differs(other, &found[i]))
            && joined(b, &found[i - 1], &found[i]);
        if !parallel {
            first = i;
            continue;
        }
        let id = *clusters[i - 1].get_or_insert_with(|| {
            next += 1;
            next - 1
        });
        clusters[i] = Some(id);
    }
    clusters
}

fn is_report(found: &Found) -> bool {
    matches!(found.kind, Kind::Neutral | Kind::Reporter | Kind::Foreign)
}

/// Foreign neutral citations by the token in their keys.
const FOREIGN_NEUTRAL: &[&str] = &[
    "UKSC", "UKHL", "UKPC", "EWHC", "EWCA", "HCA", "FCA", "NSWCA", "NZSC", "SGCA", "ZACC", "CSIH",
];

fn is_neutral(found: &Found) -> bool {
    found.kind == Kind::Neutral
        || found.kind == Kind::Foreign
            && found
                .key
                .split(' ')
                .any(|token| FOREIGN_NEUTRAL.contains(&token))
}

/// One judgment stands once in a report, and has one neutral citation: a second one is another judgment's.
fn differs(a: &Found, b: &Found) -> bool {
    if is_neutral(a) && is_neutral(b) {
        return false;
    }
    let name = |found: &Found| -> String {
        found
            .key
            .chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
            .replace([' ', '(', ')', '[', ']'], "")
    };
    match (a.role, b.role) {
        (Role::Report(x), Role::Report(y)) if x != y => true,
        _ => name(a) != name(b),
    }
}

const WORDS: &[&str] = &[
    "also",
    "reported",
    "in",
    "as",
    "equivalent",
    "to",
    "at",
    "corresponding",
    "see",
];

/// Whether the gap between two citations joins them.
fn joined(b: &[u8], left: &Found, right: &Found) -> bool {
    let Some(gap) = b.get(left.tail.min(right.start)..right.start) else {
        return false;
    };
    if gap.len() > 48 {
        return false;
    }
    let mut listed = false;
    let mut at = 0;
    while at < gap.len() {
        let end = lex::letters(gap, at, 48);
        if end > at {
            if !WORDS
                .iter()
                .any(|word| gap[at..end].eq_ignore_ascii_case(word.as_bytes()))
            {
                return false;
            }
            at = end;
            continue;
        }
        listed |= matches!(gap[at], b',' | b';' | b'.');
        let mark = matches!(
            gap[at],
            b',' | b';'
                | b':'
                | b'='
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'/'
                | b'|'
                | b'.'
        );
        let step = lex::space(gap, at)
            .max(lex::quote(gap, at))
            .max(lex::dash(gap, at))
            .max(usize::from(mark));
        if step == 0 {
            return false;
        }
        at += step;
    }
    match (left.year, right.year) {
        // A comma parts parallel citations and different judgments alike; the years tell.
        (Some(a), Some(b)) => a.abs_diff(b) <= if listed { 1 } else { 3 },
        _ => !listed || gap.len() <= 3,
    }
}
