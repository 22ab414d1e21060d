//! Case and diary numbers: `W.P.(C) 5348/2024`, `Civil Appeal Nos. 4 and 5 of 2020`, `Diary No. 12-2024`.

use crate::citation::Kind;
use crate::found::Found;
use crate::lex::{self, is_year};
use crate::table::tables;

/// A number of a list, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Item {
    value: u32,
    start: usize,
    end: usize,
}

/// How many numbers may share one year: "Nos. 12 to 14, 17, 19 of 2004".
const SHARED: usize = 64;

/// The case numbers behind a case type that stands at `start..end`.
pub(crate) fn read(
    b: &[u8],
    start: usize,
    end: usize,
    case_type: usize,
    into: &mut Vec<Found>,
) -> bool {
    let (class, at) = before_number(b, end);
    // "writ petition No. 1313 of 1959": in small letters only words, and only with "No.".
    let capital = b.get(start).is_some_and(u8::is_ascii_uppercase);
    let numbered = b
        .get(end..at)
        .is_some_and(|gap| gap.iter().any(|c| matches!(c, b'N' | b'n')));
    let in_words = numbered && end - start > 3;
    if !(capital || in_words) {
        return false;
    }
    let name = match &tables().case_types[case_type].key {
        Some(key) => key.clone(),
        None => letters(&b[start..end]),
    };
    numbers(
        b,
        start,
        at,
        &format!("{name}{class}"),
        Kind::CaseNumber,
        into,
    )
}

/// Diary numbers behind the word.
pub(crate) fn diary(b: &[u8], start: usize, end: usize, into: &mut Vec<Found>) -> bool {
    let (_, at) = before_number(b, end);
    numbers(b, start, at, "Diary", Kind::Diary, into)
}

/// A case number that begins with words no table has: "Regular Darkhast No. 5 of 2019". `start..end` is "No.".
pub(crate) fn unlisted(
    b: &[u8],
    start: usize,
    end: usize,
    floor: usize,
    into: &mut Vec<Found>,
) -> bool {
    let at = after_no(b, end);
    if !b.get(at).is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let Some((from, name)) = type_before(b, start, floor) else {
        return false;
    };
    numbers(b, from, at, &name, Kind::CaseNumber, into)
}

fn letters(printed: &[u8]) -> String {
    printed
        .iter()
        .filter(|c| c.is_ascii_alphanumeric() || **c == b'&')
        .map(|c| char::from(c.to_ascii_uppercase()))
        .collect()
}

/// Classes in brackets and "No.": `(C)`, `(Crl.) No.`, `-M No.`. Gives the class for the key and the place of the number.
fn before_number(b: &[u8], end: usize) -> (String, usize) {
    let mut class = String::new();
    let mut at = end;
    for _ in 0..3 {
        let open = lex::skip(b, at, b".-", 4);
        if let Some((from, to, close)) = lex::bracket(b, open, 16) {
            let inner = &b[from..to];
            let lettered = inner.iter().any(u8::is_ascii_alphabetic)
                && inner.iter().all(|c| {
                    c.is_ascii_alphabetic() || matches!(c, b'.' | b' ' | b'&' | b'-' | b'/' | b'\n')
                });
            if !lettered {
                break;
            }
            let word = letters(inner);
            let word = match word.as_str() {
                "CRL" | "CRIMINAL" | "CRI" => "CRL",
                "C" | "CIVIL" => "C",
                other => other,
            };
            // "(s)" of "No(s)" and "Appeal(s)".
            if word != "S" {
                class.push('(');
                class.push_str(word);
                class.push(')');
            }
            at = close;
            continue;
        }
        // "CRM-M-12345-2020".
        let letter_end = lex::letters(b, open, 4);
        let joined = b.get(open.wrapping_sub(1)) == Some(&b'-');
        if joined
            && (1..=3).contains(&(letter_end - open))
            && b[open..letter_end].iter().all(u8::is_ascii_uppercase)
            && !lex::is_word(b, open, "no")
        {
            class.push('-');
            class.push_str(&letters(&b[open..letter_end]));
            at = letter_end;
            continue;
        }
        break;
    }
    (class, after_no(b, at))
}

/// Past "No.", "Nos:", "No(s).", "Number", "#".
fn after_no(b: &[u8], at: usize) -> usize {
    let mut at = lex::skip(b, at, b".:-/#,", 5);
    if let Some(word) = ["nos", "no", "number", "numbers"]
        .iter()
        .find(|word| lex::is_word(b, at, word))
    {
        at += word.len();
        if b.get(at) == Some(&b'(') && b.get(at + 2) == Some(&b')') {
            at += 3;
        }
    }
    at = lex::skip(b, at, b".:-/#", 8);
    // A stamp number: "(L) 123".
    if b.get(at..at + 3) == Some(b"(L)") {
        at = lex::skip(b, at + 3, b".", 3);
    }
    at
}

/// The list of numbers at `at` and its years; each case is a row of its own.
fn numbers(
    b: &[u8],
    start: usize,
    at: usize,
    name: &str,
    kind: Kind,
    into: &mut Vec<Found>,
) -> bool {
    let before = into.len();
    let mut pending: Vec<Item> = Vec::new();
    let mut from = start;
    let mut at = at;
    while pending.len() < SHARED {
        // "D-1026-DB": the bench before the number, and behind it.
        let bench = match b.get(at..at + 2) {
            Some([c, b'-']) if c.is_ascii_uppercase() => 2,
            _ => 0,
        };
        let Some((value, end)) = lex::number(b, at + bench, 7) else {
            break;
        };
        let end = past_suffix(b, end);
        pending.push(Item {
            value,
            start: from,
            end,
        });
        at = end;
        if let Some((year, end)) = own_year(b, end).or_else(|| shared_year(b, end)) {
            push(&mut pending, end, year, name, kind, into);
            at = end;
        }
        let Some(next) = next_number(b, at) else {
            break;
        };
        at = next;
        from = next;
    }
    into.len() > before
}

fn push(
    pending: &mut Vec<Item>,
    end: usize,
    year: u32,
    name: &str,
    kind: Kind,
    into: &mut Vec<Found>,
) {
    let last = pending.len().saturating_sub(1);
    for (index, item) in pending.drain(..).enumerate() {
        let key = format!("{name} {}/{year}", item.value);
        let end = if index == last { end } else { item.end };
        let mut found = Found::new(kind, item.start, end, key);
        found.year = Some(year);
        into.push(found);
    }
}

/// Past what may be glued to a number: the bench or a letter, "374-DB", "37-A", "8A", "845 (D)", "5(Asr)". A year must follow.
fn past_suffix(b: &[u8], end: usize) -> usize {
    let open = lex::skip(b, end, b"", 1);
    let after = match lex::bracket(b, open, 5) {
        Some((from, to, close)) if to > from && b[from..to].iter().all(u8::is_ascii_alphabetic) => {
            close
        }
        Some(_) => return end,
        None => {
            let from = end + lex::dash(b, end);
            let to = lex::letters(b, from, 3);
            let capitals = b[from..to].iter().all(u8::is_ascii_uppercase);
            if to == from || to - from > 2 || !capitals {
                return end;
            }
            to
        }
    };
    if own_year(b, after)
        .or_else(|| shared_year(b, after))
        .is_some()
    {
        after
    } else {
        end
    }
}

/// "/2024", "-2024", "/98", right behind a number.
fn own_year(b: &[u8], end: usize) -> Option<(u32, usize)> {
    let at = lex::skip(b, end, b"", 2);
    let slash = b.get(at) == Some(&b'/');
    let step = if slash { 1 } else { lex::dash(b, at) };
    if step == 0 {
        return None;
    }
    let mut at = lex::skip(b, at + step, b"", 2);
    // The seat of a tribunal: "3594/Ahd/94".
    let seat = lex::letters(b, at, 6);
    if slash && (2..=5).contains(&(seat - at)) && b.get(seat) == Some(&b'/') {
        at = seat + 1;
    }
    let (value, end) = lex::number(b, at, 4)?;
    let year = match end - at {
        4 if is_year(value) => value,
        2 if slash && !matches!(b.get(end), Some(b'/' | b'.')) => expand(value),
        _ => return None,
    };
    Some((year, end))
}

/// A year of two digits: cases of the last hundred years.
fn expand(value: u32) -> u32 {
    if value < 40 {
        2000 + value
    } else {
        1900 + value
    }
}

/// "of 2024", behind the last number of a list.
fn shared_year(b: &[u8], end: usize) -> Option<(u32, usize)> {
    let at = lex::skip(b, end, b",", 4);
    let at = at
        + ["of", "year"]
            .iter()
            .find(|word| lex::is_word(b, at, word))?
            .len();
    let mut at = lex::skip(b, at, b"-", 4);
    if lex::is_word(b, at, "year") {
        at = lex::skip(b, at + 4, b"", 4);
    }
    let (value, end) = lex::number(b, at, 4)?;
    is_year(value).then_some((value, end))
}

/// The next number of a list.
fn next_number(b: &[u8], end: usize) -> Option<usize> {
    let mut at = lex::skip(b, end, b",;", 5);
    let mut joined = at > end;
    for word in ["and", "to", "with", "nos", "no"] {
        if lex::is_word(b, at, word) {
            at = lex::skip(b, at + word.len(), b".", 4);
            joined = true;
        }
    }
    if b.get(at) == Some(&b'&') {
        at = lex::skip(b, at + 1, b"", 3);
        joined = true;
    }
    let dash = lex::dash(b, at);
    if dash > 0 {
        at = lex::skip(b, at + dash, b"", 2);
        joined = true;
    }
    let plain_gap = b
        .get(end..at)
        .is_some_and(|gap| gap.iter().all(u8::is_ascii_whitespace));
    // Two numbers with nothing but white space between them are not a list.
    (joined && !plain_gap && b.get(at).is_some_and(u8::is_ascii_digit)).then_some(at)
}

/// The words of a case type that end before `at`.
fn type_before(b: &[u8], at: usize, floor: usize) -> Option<(usize, String)> {
    let tables = tables();
    let floor = floor.max(at.saturating_sub(64));
    let mut cursor = at;
    let mut from = at;
    let mut proven = false;
    let mut initials = 0;
    for step in 0..8 {
        let end = lex::skip_back(b, cursor, floor, b".-", 4);
        if end <= floor {
            break;
        }
        if step > 0 && b[end..cursor].contains(&b'\n') && b[end..cursor].len() > 2 {
            break;
        }
        if b[end - 1] == b')' {
            let low = end.saturating_sub(14).max(floor);
            let Some(open) = (low..end).rev().find(|i| b[*i] == b'(') else {
                break;
            };
            cursor = open;
            from = open;
            continue;
        }
        let start = end
            - b[end.saturating_sub(16).max(floor)..end]
                .iter()
                .rev()
                .take_while(|c| c.is_ascii_alphabetic())
                .count();
        if start == end || !b[start].is_ascii_uppercase() {
            break;
        }
        let word = String::from_utf8_lossy(&b[start..end]).to_lowercase();
        if tables.no_cases.contains(word.as_str()) {
            return None;
        }
        let capitals = b[start..end].iter().all(u8::is_ascii_uppercase);
        // "M.A.C. No. 28": initials with dots are an abbreviation together.
        initials += usize::from(capitals && end - start == 1 && initials == step);
        let abbreviation = step == 0 && end - start >= 2 && capitals;
        proven |= abbreviation || initials >= 2 || tables.case_words.contains(word.as_str());
        cursor = start;
        from = start;
    }
    let name = letters(b.get(from..at)?);
    if tables.no_cases.contains(name.to_lowercase().as_str()) {
        return None;
    }
    (proven && b[from].is_ascii_uppercase() && !name.is_empty()).then_some((from, name))
}
