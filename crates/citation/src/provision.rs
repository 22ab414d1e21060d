//! Sections, articles, orders and rules: each number of a list or of a range is a row.

use crate::citation::Kind;
use crate::found::{Found, Role, Unit};
use crate::lex;

/// The number of a provision with its letters: `304B`, and its sub-units: `(2)(b)`.
struct Number {
    key: String,
    units: String,
    end: usize,
}

/// The provisions behind a unit word that stands at `start..end`.
pub(crate) fn read(b: &[u8], start: usize, end: usize, unit: Unit, into: &mut Vec<Found>) -> bool {
    let beside_statute = into
        .last()
        .is_some_and(|last| matches!(last.role, Role::Named(_)) && start - last.end <= 2);
    // A lone "s" or "r" must look like an abbreviation, or stand in a key: "IPC s 302".
    let dotted = b.get(end) == Some(&b'.');
    if end - start == 1 && !dotted && !b[start].is_ascii_uppercase() && !beside_statute {
        return false;
    }
    // "I.L.R. 52": the last letter of another abbreviation; "O. S. No. 25" names a suit.
    let glued = start > 1 && b[start - 1] == b'.' && b[start - 2].is_ascii_uppercase();
    if end - start == 1 && glued {
        return false;
    }
    let at = lex::skip(b, end, b".:-", 5);
    if end - start > 3 && ends_a_sentence(b, start, end, at) {
        return false;
    }
    let past = past_numbered(b, at);
    if end - start == 1 && past != at {
        return false;
    }
    let at = past;
    let prefix = match unit {
        Unit::Section => "s ",
        Unit::Article => "art ",
        Unit::Rule => "r ",
        Unit::Regulation => "reg ",
        Unit::OrderRule => return false,
    };
    list(b, start, at, unit, prefix, into)
}

/// "… under the Rules.⏎6. The …": a full stop behind a whole word ends a sentence, and what follows is the number of a paragraph.
fn ends_a_sentence(b: &[u8], start: usize, end: usize, at: usize) -> bool {
    let gap = b.get(end..at).unwrap_or(b"");
    let stop = gap.first() == Some(&b'.');
    let new_line = gap.contains(&b'\n');
    let several = b.get(end.wrapping_sub(1)) == Some(&b's');
    // Whole words are no abbreviations; "Sect." and "Regn." are.
    let whole = [
        "section",
        "sections",
        "article",
        "articles",
        "rule",
        "rules",
        "regulation",
        "regulations",
    ]
    .iter()
    .any(|word| b[start..end].eq_ignore_ascii_case(word.as_bytes()));
    let paragraph = lex::number(b, at, 4)
        .is_some_and(|(_, end)| b.get(end) == Some(&b'.') && lex::space(b, end + 1) > 0);
    whole && (stop && (new_line || several || paragraph) || new_line && several && paragraph)
}

/// "Order XXI Rule 29": an order without a rule is no provision.
pub(crate) fn order(b: &[u8], start: usize, end: usize, into: &mut Vec<Found>) -> bool {
    let at = past_numbered(b, lex::skip(b, end, b".-", 4));
    let (order, letter, after) = if let Some((value, after)) = lex::number(b, at, 2) {
        let letter = letter_suffix(b, after);
        (value, letter, after + letter.map_or(0, |_| 1))
    } else {
        // "Order XXXIXA": the letter A is no roman digit.
        let word_end = lex::letters(b, at, 8);
        let word = &b[at..word_end];
        if let Some(value) = lex::roman(word) {
            (value, None, word_end)
        } else if let Some((b'A', rest)) = word.split_last().map(|(last, rest)| (*last, rest)) {
            match lex::roman(rest) {
                Some(value) => (value, Some('A'), word_end),
                None => return false,
            }
        } else {
            return false;
        }
    };
    let mut next = lex::skip(b, after, b",-", 4);
    // "Order 21, Rule 29", "O. 39 Rr. 1 and 2".
    let word = ["rules", "rule", "rr", "r"]
        .iter()
        .find(|word| lex::is_word(b, next, word));
    let Some(word) = word else {
        return false;
    };
    next = lex::skip(b, next + word.len(), b".-", 4);
    let next = past_numbered(b, next);
    let letter = letter.map(String::from).unwrap_or_default();
    list(
        b,
        start,
        next,
        Unit::OrderRule,
        &format!("o {order}{letter} r "),
        into,
    )
}

/// Past "No." or "Nos." before a number.
fn past_numbered(b: &[u8], at: usize) -> usize {
    match ["nos", "no"].iter().find(|word| lex::is_word(b, at, word)) {
        Some(word) => lex::skip(b, at + word.len(), b".:", 4),
        None => at,
    }
}

fn list(
    b: &[u8],
    start: usize,
    at: usize,
    unit: Unit,
    prefix: &str,
    into: &mut Vec<Found>,
) -> bool {
    let Some(first) = number(b, at) else {
        return false;
    };
    let mut end = first.end;
    let mut opens = first.plain();
    let mut opened = start;
    push(start, first, unit, prefix, into);
    while let Some((from, next)) = following(b, end) {
        let closes = next.plain().filter(|_| ends_range(b, end, from));
        end = next.end;
        match opens.zip(closes) {
            Some((low, high)) if low < high && high - low < RANGE => {
                close_range((opened, end), low..high, (unit, prefix), into);
                opens = None;
            }
            _ => {
                opens = next.plain();
                opened = from;
                push(from, next, unit, prefix, into);
            }
        }
    }
    true
}

/// A range of more provisions than this gives its two ends.
const RANGE: u32 = 50;

/// Whether "to" stands between two numbers.
fn ends_range(b: &[u8], end: usize, from: usize) -> bool {
    let at = lex::skip(b, end, b"", 4);
    at < from && lex::is_word(b, at, "to")
}

/// "Sections 3 to 5" are three, each with the span of all: the first is the last row, and the others follow it.
fn close_range(
    (start, end): (usize, usize),
    numbers: std::ops::Range<u32>,
    (unit, prefix): (Unit, &str),
    into: &mut Vec<Found>,
) {
    if let Some(first) = into.last_mut() {
        first.end = end;
        first.tail = end;
    }
    for number in numbers.start + 1..=numbers.end {
        let number = Number {
            key: number.to_string(),
            units: String::new(),
            end,
        };
        push(start, number, unit, prefix, into);
    }
}

impl Number {
    /// Its value, if it has neither letters nor sub-units.
    fn plain(&self) -> Option<u32> {
        self.key.parse().ok().filter(|_| self.units.is_empty())
    }
}

fn push(start: usize, number: Number, unit: Unit, prefix: &str, into: &mut Vec<Found>) {
    let key = format!("{prefix}{}", number.key);
    let mut found = Found::new(Kind::Provision, start, number.end, key);
    found.role = Role::Unit(unit);
    found.resolved = false;
    found.pinpoint = (!number.units.is_empty()).then_some(number.units);
    into.push(found);
}

fn letter_suffix(b: &[u8], at: usize) -> Option<char> {
    let c = *b.get(at)?;
    let single = !b.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    (c.is_ascii_uppercase() && single).then(|| char::from(c))
}

fn number(b: &[u8], at: usize) -> Option<Number> {
    let (value, mut end) = lex::number(b, at, 4)?;
    if value == 0 || value > 1200 {
        return None;
    }
    let mut key = value.to_string();
    // "304-B", "80HHC", "498 A" is too loose to take.
    let dash = lex::dash(b, end);
    let mut from = end + dash;
    // "498- A": a line ended there.
    let apart = dash > 0 && lex::space(b, from) > 0;
    if apart {
        let next = lex::skip(b, from, b"", 1);
        if letter_suffix(b, next).is_some() && lex::space(b, next + 1) > 0 {
            from = next;
        }
    }
    let letters = lex::letters(b, from, 5);
    let upper = b[from..letters].iter().all(u8::is_ascii_uppercase);
    let next_digit = b.get(letters).is_some_and(u8::is_ascii_digit);
    let most = if dash > 0 { 2 } else { 4 };
    if letters > from && letters - from <= most && upper && !next_digit {
        key.push_str(&String::from_utf8_lossy(&b[from..letters]));
        end = letters;
    } else if letters == from + 1 && dash == 0 && b[from].is_ascii_lowercase() {
        // "498a", "304b".
        key.push(char::from(b[from].to_ascii_uppercase()));
        end = letters;
    }
    let mut units = String::new();
    for _ in 0..8 {
        let open = lex::skip(b, end, b"", 1);
        let Some((from, to, close)) = lex::bracket(b, open, 6) else {
            break;
        };
        let inner = b[from..to].trim_ascii();
        let unit = !inner.is_empty()
            && inner.len() <= 5
            && inner
                .iter()
                .all(|c| c.is_ascii_alphanumeric() || *c == b'-')
            && (inner.iter().all(u8::is_ascii_digit)
                == (inner.len() <= 2 && inner[0].is_ascii_digit())
                || inner[0].is_ascii_lowercase());
        if b[open] != b'(' || !unit || inner.len() == 4 && inner.iter().all(u8::is_ascii_digit) {
            break;
        }
        units.push('(');
        units.push_str(&String::from_utf8_lossy(inner));
        units.push(')');
        end = close;
    }
    Some(Number { key, units, end })
}

/// The next number of a list, and where it begins.
fn following(b: &[u8], end: usize) -> Option<(usize, Number)> {
    let gap = lex::skip(b, end, b",", 4);
    let comma = b.get(end..gap).is_some_and(|g| g.contains(&b','));
    let mut at = gap;
    let mut sure = false;
    for word in ["and", "or", "to", "read with", "r/w", "rw"] {
        if lex::is_word(b, at, word) {
            at = lex::skip(b, at + word.len(), b".", 4);
            sure = true;
            break;
        }
    }
    if !sure {
        match b.get(at) {
            Some(b'&') => {
                at = lex::skip(b, at + 1, b"", 3);
                sure = true;
            }
            Some(b'/') if gap == end => {
                at += 1;
                sure = true;
            }
            _ if comma => {}
            _ => {
                let dash = lex::dash(b, at);
                if dash == 0 {
                    return None;
                }
                at = lex::skip(b, at + dash, b"", 2);
                sure = true;
            }
        }
    }
    let number = number(b, at)?;
    if !sure && !list_goes_on(b, number.end) {
        return None;
    }
    // "section 5 and 2 others", "section 138/2020".
    let after = lex::skip(b, number.end, b"", 2);
    let plain = lex::letters(b, after, 12);
    let noun = b.get(after).is_some_and(u8::is_ascii_lowercase)
        && after > number.end
        && !CONTINUES.iter().any(|word| lex::is_word(b, after, word))
        && plain > after;
    (!noun).then_some((at, number))
}

const CONTINUES: &[&str] = &[
    "of", "and", "or", "to", "read", "r", "is", "are", "was", "were", "in", "which", "that", "has",
    "have", "had", "shall", "can", "may", "under", "by", "as", "would", "will", "does", "do",
    "for", "with", "on", "the", "at", "against", "since", "but", "if", "provides", "deals", "deal",
    "it",
];

/// After "302, 34": whether the second number is one of the list.
fn list_goes_on(b: &[u8], end: usize) -> bool {
    let at = lex::skip(b, end, b"", 3);
    match b.get(at) {
        None | Some(b',' | b'/' | b'&' | b';' | b')' | b'.' | b'-') => true,
        Some(c) if c.is_ascii_uppercase() => true,
        Some(_) => ["and", "of", "or", "to", "read", "r"]
            .iter()
            .any(|word| lex::is_word(b, at, word)),
    }
}
