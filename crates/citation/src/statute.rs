//! Statutes by name: the table's, and any capitalised title that ends in Act, Code or Rules.

use crate::citation::Kind;
use crate::found::{Found, Role};
use crate::lex;
use crate::table::{Sort, tables};

/// The longest title that is read backwards from its last word.
const TITLE: usize = 160;

/// A statute of the table at `start..end`.
pub(crate) fn listed(
    b: &[u8],
    start: usize,
    end: usize,
    index: usize,
    floor: usize,
) -> Option<Found> {
    let statute = &tables().statutes[index];
    let printed = &b[start..end];
    let words = printed.iter().any(u8::is_ascii_lowercase);
    if !printed.first().is_some_and(u8::is_ascii_uppercase) || (!words && printed.len() < 3) {
        return None;
    }
    if words
        && statute.sort == Sort::Act
        && printed.ends_with(b"ct")
        && has_more_before(b, start, floor)
    {
        // "Karnataka Forest Act" is not the Forest Act.
        return titled(b, end - 3, end, Sort::Act, floor).filter(|found| found.start < start);
    }
    let (year, end) = year_after(b, end).map_or((None, end), |(year, end)| (Some(year), end));
    let (key, resolved) = match year {
        Some(year) if statute.earlier.contains(&year) => (format!("{} {year}", statute.code), true),
        Some(year) if year != statute.year && statute.sort == Sort::Act => {
            (format!("{} {year}", statute.code), false)
        }
        _ => (statute.code.clone(), true),
    };
    let mut found = Found::new(Kind::Statute, start, end, key);
    found.resolved = resolved;
    found.role = Role::Named(statute.sort);
    Some(found)
}

/// Words before a title that do not make it another statute.
const LEADS: &[&str] = &[
    "The", "Under", "Indian", "Of", "In", "By", "Central", "As", "And", "Said", "Whether", "When",
    "If", "For", "Section", "THE", "OF", "AND", "UNDER", "INDIAN", "Both", "Since", "Though",
    "Under", "Although", "While", "Per", "With", "Now", "But", "That", "This",
];

fn has_more_before(b: &[u8], start: usize, floor: usize) -> bool {
    let Some(end) = start.checked_sub(1) else {
        return false;
    };
    if end <= floor || b[end] != b' ' {
        return false;
    }
    let from = word_back(b, end, floor);
    from < end
        && b[from].is_ascii_uppercase()
        && !LEADS.iter().any(|lead| lead.as_bytes() == &b[from..end])
        && end - from > 3
}

fn word_back(b: &[u8], end: usize, floor: usize) -> usize {
    let low = floor.max(end.saturating_sub(24));
    end - b[low..end]
        .iter()
        .rev()
        .take_while(|c| c.is_ascii_alphabetic())
        .count()
}

/// ", 1985", "of 1956", "(1 of 1956)", "(1974)".
fn year_after(b: &[u8], end: usize) -> Option<(u32, usize)> {
    let mut at = lex::skip(b, end, b",.-", 4);
    if lex::is_word(b, at, "of") {
        at = lex::skip(b, at + 2, b"", 2);
    }
    let open = matches!(b.get(at), Some(b'(' | b'['));
    let (year, after) = lex::number(b, at + usize::from(open), 4)?;
    if !(1800..=2099).contains(&year) || after - at < 4 {
        return None;
    }
    if open {
        return matches!(b.get(after), Some(b')' | b']')).then_some((year, after + 1));
    }
    Some((year, after))
}

/// A title that ends with "Act" at `start..end`, or a reference: "the Act", "the MV Act", "the 1996 Act".
pub(crate) fn titled(
    b: &[u8],
    start: usize,
    end: usize,
    sort: Sort,
    floor: usize,
) -> Option<Found> {
    if !b[start].is_ascii_uppercase() {
        return None;
    }
    let from = title_start(b, start, floor);
    let (year, after) = year_after(b, end).map_or((None, end), |(year, end)| (Some(year), end));
    let title = String::from_utf8_lossy(&b[from..end]);
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = title.split(' ').count();
    // A single abbreviation ("MV Act") or a bare word is understood by what the text said before.
    if from == start && year.is_none() || words <= 2 && year.is_none() {
        let mut found = Found::new(Kind::Statute, from, end, letters(&b[from..end]));
        found.role = Role::Reference(sort);
        found.pinpoint = (words > 1).then_some(title);
        return Some(found);
    }
    let key = match year {
        Some(year) => format!("{title} {year}"),
        None => title,
    };
    let mut found = Found::new(Kind::Statute, from, after, key);
    found.resolved = false;
    found.role = Role::Named(sort);
    Some(found)
}

/// Letters and digits without case: how names are compared.
pub(crate) fn letters(printed: &[u8]) -> String {
    printed
        .iter()
        .filter(|c| c.is_ascii_alphanumeric() || **c == b'&')
        .map(|c| char::from(c.to_ascii_lowercase()))
        .collect()
}

const INNER: &[&str] = &[
    "of", "and", "the", "for", "in", "to", "on", "from", "with", "or", "OF", "AND", "THE", "FOR",
    "IN", "TO", "ON",
];

/// Where a title of capitalised words begins.
fn title_start(b: &[u8], start: usize, floor: usize) -> usize {
    let floor = floor.max(start.saturating_sub(TITLE));
    let mut best = start;
    let mut cursor = start;
    for _ in 0..16 {
        let end = lex::skip_back(b, cursor, floor, b",-&'", 3);
        if end <= floor {
            break;
        }
        let gap = &b[end..cursor];
        let line_break = |c: &u8| *c == b'\n';
        if gap.iter().position(line_break) != gap.iter().rposition(line_break) {
            break;
        }
        let mut from = end;
        if b[end - 1] == b')' {
            let low = end.saturating_sub(60).max(floor);
            let Some(open) = (low..end).rev().find(|i| b[*i] == b'(') else {
                break;
            };
            if !b.get(open + 1).is_some_and(u8::is_ascii_uppercase) {
                break;
            }
            cursor = open;
            continue;
        }
        while from > floor
            && (b[from - 1].is_ascii_alphanumeric() || (b[from - 1] == b'.' && from < end))
            && end - from < 24
        {
            from -= 1;
        }
        if from == end {
            break;
        }
        let word = &b[from..end];
        let inner = INNER.iter().any(|w| w.as_bytes() == word);
        if inner {
            cursor = from;
            continue;
        }
        let numeric = word.len() == 4 && word.iter().all(u8::is_ascii_digit);
        let capital =
            word[0].is_ascii_uppercase() && !LEADS.iter().any(|lead| lead.as_bytes() == word);
        if !(capital || numeric) {
            break;
        }
        best = from;
        cursor = from;
        if numeric {
            break;
        }
    }
    best
}

/// The name that a text gives a statute: `(hereinafter referred to as "the MV Act")`. In letters.
pub(crate) fn definition(b: &[u8], end: usize) -> Option<String> {
    let at = lex::skip(b, end, b",", 4);
    let window = b.get(at..(at + 140).min(b.len()))?;
    let bracketed = window.first() == Some(&b'(');
    if !bracketed && !lex::is_word(b, at, "hereinafter") && !lex::is_word(b, at, "hereafter") {
        return None;
    }
    let stop = window
        .iter()
        .position(|c| *c == b')' || (!bracketed && matches!(c, b'.' | b';' | b'\n')))
        .unwrap_or(window.len());
    let inner = window.get(usize::from(bracketed)..stop)?;
    let text = String::from_utf8_lossy(inner);
    let lower = text.to_lowercase();
    let quoted = text
        .split(['"', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\''])
        .nth(1)
        .filter(|name| !name.trim().is_empty());
    let said = [
        "hereinafter",
        "hereafter",
        "for short",
        "in short",
        "for brevity",
    ]
    .iter()
    .any(|words| lower.contains(words));
    let name = match quoted {
        Some(name) => name.to_owned(),
        None if said => {
            let mut name = text.into_owned();
            for cut in [
                "called as ",
                "called ",
                "referred to as ",
                "referred as ",
                "hereinafter ",
                "hereafter ",
                "described as ",
            ] {
                if let Some((_, rest)) = name.to_lowercase().split_once(cut) {
                    let keep = name.len().checked_sub(rest.len())?;
                    name = name.get(keep..)?.to_owned();
                }
            }
            name.replace("for short", "")
                .replace("in short", "")
                .replace("for brevity", "")
        }
        None if lower.starts_with("the ") => text.into_owned(),
        None => return None,
    };
    let name = name
        .trim()
        .trim_start_matches("the ")
        .trim_start_matches("The ")
        .trim();
    let letters = letters(name.as_bytes());
    (2..=40).contains(&letters.len()).then_some(letters)
}
