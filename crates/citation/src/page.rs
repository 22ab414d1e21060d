//! The page after a reporter, and the pinpoint after the page.

use crate::lex;

/// A page as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// `597`, `A33`.
    pub(crate) key: String,
}

const PAGE_WORDS: &[&str] = &["page", "pages", "pg", "pp", "p", "at"];

/// The page at or soon after `at`.
pub(crate) fn read(b: &[u8], at: usize, most_digits: usize) -> Option<Page> {
    let mut at = lex::skip(b, at, b".,:-", 8);
    for _ in 0..2 {
        if let Some(word) = PAGE_WORDS.iter().find(|word| lex::is_word(b, at, word)) {
            at = lex::skip(b, at + word.len(), b".:-", 4);
        }
    }
    let prefix = match b.get(at..) {
        Some([c, d, ..]) if c.is_ascii_uppercase() && d.is_ascii_digit() => 1,
        _ => 0,
    };
    let (value, end) =
        lex::number(b, at + prefix, most_digits).or_else(|| before_glued_year(b, at + prefix))?;
    if value == 0 || breaks(b, end) {
        return None;
    }
    let letter = if prefix == 1 {
        char::from(b[at]).to_string()
    } else {
        String::new()
    };
    Some(Page {
        start: at,
        end,
        key: format!("{letter}{value}"),
    })
}

/// A page with the next citation's year glued to it: "(1998) 6 SCC 5381998 Indlaw SC 1".
fn before_glued_year(b: &[u8], at: usize) -> Option<(u32, usize)> {
    let (_, end) = lex::number(b, at, 9).filter(|(_, end)| end - at >= 6)?;
    let cut = end - 4;
    let (year, _) = lex::number(b, cut, 4)?;
    let next = lex::skip(b, end, b"", 1);
    let goes_on = b
        .get(next)
        .is_some_and(|c| c.is_ascii_uppercase() || *c == b'(');
    let value = b[at..cut]
        .iter()
        .fold(0u32, |sum, c| sum * 10 + u32::from(c - b'0'));
    (goes_on && (1900..=2099).contains(&year)).then_some((value, cut))
}

/// Whether what follows shows that the number was no page: `12/2001`, `12.55`, `2nd`.
fn breaks(b: &[u8], end: usize) -> bool {
    if ["nd", "rd", "th", "st"]
        .iter()
        .any(|ordinal| lex::is_word(b, end, ordinal))
    {
        return true;
    }
    match b.get(end..) {
        Some([b'/', ..]) => digits_follow(b, end + 1),
        Some([b'.', c, d, ..]) => {
            c.is_ascii_digit() && d.is_ascii_digit() && !digits_follow(b, end + 1)
        }
        _ => false,
    }
}

/// A sentence number glued after the page: "597.2000 (1) ...".
fn digits_follow(b: &[u8], at: usize) -> bool {
    lex::number(b, at, 4).is_some_and(|(value, _)| lex::is_year(value))
}

/// What follows the page: where it ends, and the pinpoint in it.
pub(crate) fn tail(b: &[u8], end: usize, page: u32) -> (usize, Option<String>) {
    let mut at = end;
    at = court_suffixes(b, at);
    let mut parts: Vec<String> = Vec::new();
    let mut done = at;
    if let Some((pages, after)) = range(b, end) {
        parts.push(format!("p {pages}"));
        at = after;
        done = after;
    } else if let Some((pages, after)) = bare_page(b, end, page) {
        parts.push(format!("p {pages}"));
        at = after;
        done = after;
    }
    // "at SCC p. 12, para 5": at most a page and a paragraph.
    for _ in 0..2 {
        let Some((part, after)) = place(b, at) else {
            break;
        };
        parts.push(part);
        at = after;
        done = after;
    }
    let pinpoint = (!parts.is_empty()).then(|| parts.join(" "));
    (done, pinpoint)
}

/// "(SC)", "(FB)", "(Kar) (DB)" after a page.
fn court_suffixes(b: &[u8], mut at: usize) -> usize {
    for _ in 0..3 {
        let open = lex::skip(b, at, b"", 3);
        let Some((from, to, end)) = lex::bracket(b, open, 24) else {
            break;
        };
        let all_letters = b[from..to]
            .iter()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, b' ' | b'.' | b'&' | b'-' | b','));
        if !all_letters || to == from || !b[from].is_ascii_uppercase() {
            break;
        }
        at = end;
    }
    at
}

/// "107-118": pages from the first to the last, as a pinpoint.
fn range(b: &[u8], end: usize) -> Option<(String, usize)> {
    let dash = lex::dash(b, end);
    if dash == 0 {
        return None;
    }
    let (_, after) = lex::number(b, end + dash, 4)?;
    let first = b[..end]
        .iter()
        .rev()
        .take(6)
        .take_while(|c| c.is_ascii_digit())
        .count();
    let text = |from: usize, to: usize| String::from_utf8_lossy(&b[from..to]).into_owned();
    Some((
        format!("{}-{}", text(end - first, end), text(end + dash, after)),
        after,
    ))
}

/// "SCR 1, 21 and 24", "SCR 1, 21-24": a page beyond the first, after a comma, is where the words stand.
fn bare_page(b: &[u8], end: usize, first: u32) -> Option<(String, usize)> {
    if b.get(end) != Some(&b',') {
        return None;
    }
    let at = lex::skip(b, end + 1, b"", 3);
    let (value, after) = lex::number(b, at, 4)?;
    if value <= first || value > first + 300 {
        return None;
    }
    let (text, after) = range(b, after).unwrap_or_else(|| (value.to_string(), after));
    let next = lex::skip(b, after, b"", 3);
    let ends = match b.get(next) {
        None | Some(b')' | b']' | b';' | b',' | b'.' | b':') => true,
        // "(para 14)": a bracket with a number is the next citation's year.
        Some(b'(' | b'[') => place_word(b, lex::skip(b, next + 1, b"", 2)).is_some(),
        Some(c) => next > after && c.is_ascii_lowercase(),
    };
    // A year here begins the next citation.
    (ends && !(lex::is_year(value) && b.get(next) != Some(&b')')) && !breaks(b, after))
        .then_some((text, after))
}

const PARAS: &[&str] = &["paragraphs", "paragraph", "paras", "para", "¶"];
const PAGES: &[&str] = &["pages", "page", "pp", "pg", "p"];

/// The word for a paragraph or a page at `at`, and what it stands for.
fn place_word(b: &[u8], at: usize) -> Option<(&'static str, &'static str)> {
    PARAS
        .iter()
        .map(|word| (*word, "para"))
        .chain(PAGES.iter().map(|word| (*word, "p")))
        .find(|(word, _)| {
            lex::is_word(b, at, word)
                || (!word.is_ascii()
                    && b.get(at..)
                        .is_some_and(|rest| rest.starts_with(word.as_bytes())))
        })
}

/// "at p. 131", "(para 10)", "@ 721", ": SCC p. 12", "paras 3-4".
fn place(b: &[u8], from: usize) -> Option<(String, usize)> {
    let mut at = lex::skip(b, from, b",;:([-", 6);
    let mut at_word = false;
    if b.get(at) == Some(&b'@') {
        at_word = true;
        at = lex::skip(b, at + 1, b"", 3);
    } else if lex::is_word(b, at, "at") {
        at_word = true;
        at = lex::skip(b, at + 2, b"", 3);
    } else if lex::is_word(b, at, "in") {
        at = lex::skip(b, at + 2, b"", 3);
    }
    // The reporter named again: "at SCC p. 12", ": AIR p. 429".
    let named = lex::letters(b, at, 6);
    if named > at + 1 && b[at..named].iter().all(u8::is_ascii_uppercase) {
        at = lex::skip(b, named, b".", 3);
    }
    let (word, kind) = place_word(b, at).unwrap_or(("", "p"));
    if word.is_empty() && !at_word {
        return None;
    }
    at = lex::skip(b, at + word.len(), b".:-", 4);
    if lex::is_word(b, at, "nos") || lex::is_word(b, at, "no") {
        at = lex::skip(b, lex::letters(b, at, 3), b".:", 4);
    }
    let (numbers, end) = number_list(b, at)?;
    Some((format!("{kind} {numbers}"), end))
}

/// "10", "10-12", "10 and 12", "3, 4 & 5", "9, 10 and 11".
fn number_list(b: &[u8], at: usize) -> Option<(String, usize)> {
    let (value, mut end) = lex::number(b, at, 4)?;
    let mut out = value.to_string();
    for _ in 0..6 {
        let dash = lex::skip(b, end, b"", 1);
        let step = lex::dash(b, dash);
        let (mark, next) = if step > 0 {
            ("-", lex::skip(b, dash + step, b"", 1))
        } else {
            let gap = lex::skip(b, end, b",", 3);
            if lex::is_word(b, gap, "and") {
                (", ", lex::skip(b, gap + 3, b"", 2))
            } else if lex::is_word(b, gap, "to") {
                ("-", lex::skip(b, gap + 2, b"", 2))
            } else if b.get(gap) == Some(&b'&') {
                (", ", lex::skip(b, gap + 1, b"", 2))
            } else if b.get(end) == Some(&b',') && listed(b, gap) {
                (", ", gap)
            } else {
                break;
            }
        };
        let Some((value, after)) = lex::number(b, next, 4) else {
            break;
        };
        if lex::is_year(value) {
            break;
        }
        out.push_str(mark);
        out.push_str(&value.to_string());
        end = after;
    }
    Some((out, end))
}

/// Whether the number behind a comma is one of a list, and not the volume of the next citation.
fn listed(b: &[u8], at: usize) -> bool {
    lex::number(b, at, 4).is_some_and(|(_, end)| {
        let next = lex::skip(b, end, b"", 2);
        matches!(b.get(end), Some(b',' | b')' | b']' | b';'))
            || b.get(next) == Some(&b'&')
            || lex::is_word(b, next, "and")
    })
}
