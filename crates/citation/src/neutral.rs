//! Neutral citations: `2024 INSC 855`, `2023:DHC:2720-DB`, `2023/MHC/4812`.

use crate::citation::Kind;
use crate::found::Found;
use crate::lex;
use crate::report::Anchor;
use crate::table::tables;

/// Neutral citations begin with these years; courts number earlier judgments too.
fn is_year(value: u32) -> bool {
    (1900..=2099).contains(&value)
}

/// The Supreme Court's, around its token.
pub(crate) fn insc(anchor: Anchor<'_>) -> Option<Found> {
    let b = anchor.b;
    let mut to = lex::skip_back(b, anchor.start, anchor.floor, b".:/", 4);
    let closed = to
        .checked_sub(1)
        .is_some_and(|i| i >= anchor.floor && matches!(b[i], b')' | b']'));
    if closed {
        to = lex::skip_back(b, to - 1, anchor.floor, b"", 2);
    }
    let mut start = to.checked_sub(4).filter(|start| *start >= anchor.floor)?;
    let (year, _) = lex::number(b, start, 4).filter(|(year, end)| is_year(*year) && *end == to)?;
    if start > 0 && (b[start - 1].is_ascii_digit() || (b[start - 1] == b':')) {
        return None;
    }
    if closed {
        start = lex::skip_back(b, start, anchor.floor, b"([", 2);
    }
    let at = lex::skip(b, anchor.end, b".:/", 5);
    let (number, end) = lex::number(b, at, 5)?;
    if number == 0 {
        return None;
    }
    let mut found = Found::new(Kind::Neutral, start, end, format!("{year} INSC {number}"));
    found.year = Some(year);
    let (tail, pinpoint) = crate::page::tail(b, end, 100_000);
    found.tail = tail;
    found.pinpoint = pinpoint;
    Some(found)
}

/// A High Court's, from the first digit of its year.
pub(crate) fn high_court(b: &[u8], start: usize) -> Option<Found> {
    let (year, end) =
        lex::number(b, start, 4).filter(|(year, end)| is_year(*year) && *end == start + 4)?;
    let (first, at) = separator(b, end)?;
    let (token, at) = token(b, at)?;
    let (second, at) = separator(b, at)?;
    let (number, end) = lex::number(b, at, 7)?;
    if number == 0 {
        return None;
    }
    let known = tables().token_court(&token.to_ascii_uppercase()).is_some();
    let good = known
        || (first == b':'
            && second == b':'
            && token.len() >= 2
            && token.bytes().all(|c| c.is_ascii_uppercase() || c == b'-'));
    if !good {
        return None;
    }
    let token = token.to_ascii_uppercase();
    let (tag, end) = strength(b, end).map_or(("", end), |found| found);
    let key = if token == "INSC" {
        format!("{year} INSC {number}{tag}")
    } else {
        format!("{year}:{token}:{number}{tag}")
    };
    let mut found = Found::new(Kind::Neutral, start, end, key);
    found.resolved = known;
    found.year = Some(year);
    Some(found)
}

/// The code in the registry of courts of the court whose token a neutral citation's key has, if the table knows it.
///
/// ```
/// assert_eq!(nirnay_citation::court_of("2023:DHC:2720-DB"), Some("7_26"));
/// assert_eq!(nirnay_citation::court_of("2024 INSC 855"), Some("sci"));
/// ```
pub fn court_of(key: &str) -> Option<&'static str> {
    let token = key.split([':', ' ']).nth(1)?;
    tables().token_court(token)
}

fn separator(b: &[u8], at: usize) -> Option<(u8, usize)> {
    let at = lex::skip(b, at, b"", 3);
    match b.get(at) {
        Some(c @ (b':' | b'/')) => Some((*c, lex::skip(b, at + 1, b"", 3))),
        _ => None,
    }
}

/// `DHC`, `BHC-AUG`; the hyphen may stand at the end of a line.
fn token(b: &[u8], at: usize) -> Option<(String, usize)> {
    let end = lex::letters(b, at, 9);
    if !(2..=8).contains(&(end - at)) {
        return None;
    }
    let mut token = String::from_utf8_lossy(&b[at..end]).into_owned();
    let dash = lex::skip(b, end, b"", 2);
    let step = lex::dash(b, dash);
    if step == 0 {
        return Some((token, end));
    }
    let bench = lex::skip(b, dash + step, b"", 3);
    let bench_end = lex::letters(b, bench, 5);
    if !(1..=4).contains(&(bench_end - bench)) {
        return None;
    }
    token.push('-');
    token.push_str(&String::from_utf8_lossy(&b[bench..bench_end]));
    Some((token, bench_end))
}

/// `-DB`, whatever is glued after it.
fn strength(b: &[u8], at: usize) -> Option<(&'static str, usize)> {
    let dash = lex::skip(b, at, b"", 1);
    let step = lex::dash(b, dash);
    if step == 0 {
        return None;
    }
    let at = lex::skip(b, dash + step, b"", 2);
    [("DB", "-DB"), ("FB", "-FB"), ("SB", "-SB")]
        .iter()
        .find(|(tag, _)| b.get(at..at + 2) == Some(tag.as_bytes()))
        .map(|(_, tag)| (*tag, at + 2))
}
