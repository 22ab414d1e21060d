//! Case and diary numbers: `W.P.(C) 5348/2024`, `Civil Appeal Nos. 4 and 5 of 2020`, `Diary No. 12-2024`.

use crate::citation::Kind;
use crate::found::Found;
use crate::lex::{self, is_year};
use crate::table::tables;

/// A number of a list or a range of them, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Piece {
    first: u32,
    /// As `first`, but for a range.
    last: u32,
    range: bool,
    year: Option<u32>,
    start: usize,
    end: usize,
}

/// How many numbers and ranges may share one year: "Nos. 12 to 14, 17, 19 of 2004".
const SHARED: usize = 64;

/// A range of more numbers than this gives its two ends.
const RANGE: u32 = 100;

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
        // Chhattisgarh's "WPS No. 12" is a type of its own, "WPs Nos. 12 and 13" are writ petitions.
        Some(_) if &b[start..end] == b"WPS" && !is_plural_no(b, end) => "WPS".to_owned(),
        Some(key) => key.clone(),
        None => singular(letters(&b[start..end])),
    };
    // "Appeal (civil) 12 of 2003" is how the Supreme Court's lists write "Civil Appeal".
    let name = match (name.as_str(), class.as_str()) {
        ("APPEAL", "(C)") => "CA".to_owned(),
        ("APPEAL", "(CRL)") => "CRLA".to_owned(),
        _ => name + &class,
    };
    numbers(b, start, at, &name, Kind::CaseNumber, into)
}

/// Diary numbers behind the word.
pub(crate) fn diary(b: &[u8], start: usize, end: usize, into: &mut Vec<Found>) -> bool {
    let (_, at) = before_number(b, end);
    numbers(b, start, at, "Diary", Kind::Diary, into)
}

/// "D. No. 1234/2020": a diary number; but a door has a "D. No. 5-87/2" too, so a whole year must follow.
pub(crate) fn diary_number(b: &[u8], start: usize, end: usize, into: &mut Vec<Found>) -> bool {
    let marked = b[start] == b'D' && b.get(start..end).is_some_and(|name| name.contains(&b'N'));
    let at = after_no(b, end);
    let whole_year = lex::number(b, at, 6).is_some_and(|(_, end)| {
        behind_mark(b, end).is_some_and(|(year, digits, slash, after)| {
            slash && digits == 4 && is_year(year) && !matches!(b.get(after), Some(b'/' | b'-'))
        }) || shared_year(b, end).is_some()
    });
    marked && whole_year && numbers(b, start, at, "Diary", Kind::Diary, into)
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

/// "Petitions Nos. 5 and 6" are petitions like "Petition No. 5".
fn singular(mut name: String) -> String {
    const PLURALS: &[&str] = &[
        "PETITIONS",
        "APPEALS",
        "APPLICATIONS",
        "SUITS",
        "CASES",
        "REVISIONS",
        "REFERENCES",
        "COMPLAINTS",
        "MATTERS",
    ];
    if PLURALS.iter().any(|plural| name.ends_with(plural)) {
        name.pop();
    }
    name
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
                "CRL" | "CRIMINAL" | "CRI" | "CR" | "CRIM" => "CRL",
                "C" | "CIVIL" | "CIV" => "C",
                other => other,
            };
            if word != "S" || !is_plural(b, (open, from, close)) {
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

/// Whether the "s" in a bracket is a plural's, as of "Appeal(s)", and not the service matters of "W.P.(S)": in small
/// letters, glued to a whole word in capitals, or before "Nos.".
fn is_plural(b: &[u8], (open, inner, close): (usize, usize, usize)) -> bool {
    let word = b[..open]
        .iter()
        .rev()
        .take_while(|c| c.is_ascii_alphabetic())
        .count();
    b[inner].is_ascii_lowercase() || word >= WHOLE_WORD || is_plural_no(b, close)
}

/// The letters of the shortest whole word that has a plural: "CASE(S)".
const WHOLE_WORD: usize = 4;

/// "Nos.", "No(s).".
fn is_plural_no(b: &[u8], at: usize) -> bool {
    let at = lex::skip(b, at, b".:-/#,", 5);
    lex::is_word(b, at, "nos")
        || lex::is_word(b, at, "no") && matches!(b.get(at + 2..at + 4), Some(b"(s" | b"(S"))
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

/// The list of numbers at `at` and its years; each case is a row of its own, those of a range with one span.
fn numbers(
    b: &[u8],
    start: usize,
    at: usize,
    name: &str,
    kind: Kind,
    into: &mut Vec<Found>,
) -> bool {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut from = start;
    let mut at = at;
    let mut range = false;
    while pieces.len() < SHARED {
        // "D-1026-DB": the bench before the number, and behind it.
        let bench = match b.get(at..at + 2) {
            Some([c, b'-']) if c.is_ascii_uppercase() => 2,
            _ => 0,
        };
        let Some((value, end)) = lex::number(b, at + bench, 7) else {
            break;
        };
        let digits = end - at - bench;
        let end = past_suffix(b, value, end);
        let (year, end) = match own_year(b, value, end).or_else(|| shared_year(b, end)) {
            Some((year, end)) => (Some(year), end),
            None => (None, end),
        };
        let piece = Piece {
            first: value,
            last: value,
            range: false,
            year,
            start: from,
            end,
        };
        match pieces.last_mut() {
            Some(before) if range && before.opens_range(year) => {
                before.close_range(piece, into_range(before.first, value, digits));
            }
            _ => pieces.push(piece),
        }
        let Some((next, is_range)) = next_number(b, end) else {
            break;
        };
        range = is_range;
        at = next;
        from = next;
    }
    let before = into.len();
    push(&mut pieces, name, kind, into);
    into.len() > before
}

impl Piece {
    /// Whether the number behind a dash or "to" may end a range that begins here.
    fn opens_range(&self, year: Option<u32>) -> bool {
        !self.range && (self.year.is_none() || self.year == year)
    }

    fn close_range(&mut self, piece: Self, last: Option<u32>) {
        // "4079-78": nobody knows what was meant; what is sure is the first.
        if let Some(last) = last {
            self.last = last;
            self.range = true;
        }
        self.year = piece.year;
        self.end = piece.end;
    }
}

/// The last number of a range that begins with `first`: 80 behind 4079 is 4080.
fn into_range(first: u32, printed: u32, digits: usize) -> Option<u32> {
    if printed > first {
        return Some(printed);
    }
    let power = 10u32.checked_pow(u32::try_from(digits).ok()?)?;
    let whole = first - first % power + printed;
    (whole > first).then_some(whole)
}

/// A year stands behind the last number of those that share it.
fn push(pieces: &mut Vec<Piece>, name: &str, kind: Kind, into: &mut Vec<Found>) {
    let mut year = None;
    for piece in pieces.iter_mut().rev() {
        year = piece.year.or(year);
        piece.year = year;
    }
    for piece in pieces.drain(..) {
        let Some(year) = piece.year else {
            continue;
        };
        let mut one = |number: u32| {
            let mut found = Found::new(
                kind,
                piece.start,
                piece.end,
                format!("{name} {number}/{year}"),
            );
            found.year = Some(year);
            into.push(found);
        };
        if piece.last.abs_diff(piece.first) < RANGE {
            (piece.first..=piece.last).for_each(one);
        } else {
            one(piece.first);
            one(piece.last);
        }
    }
}

/// Past what may be glued to a number: the bench or a letter, "374-DB", "37-A", "8A", "845 (D)", "5(Asr)". A year must follow.
fn past_suffix(b: &[u8], value: u32, end: usize) -> usize {
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
    if own_year(b, value, after)
        .or_else(|| shared_year(b, after))
        .is_some()
    {
        after
    } else {
        end
    }
}

/// "/2024", "-2024", "/98", right behind the number `case`.
fn own_year(b: &[u8], case: u32, end: usize) -> Option<(u32, usize)> {
    let (value, digits, slash, end) = behind_mark(b, end)?;
    let shared = || shared_year(b, end);
    let year = match digits {
        4 if !is_year(value) => return None,
        // "Nos. 1980-1985 of 1996", "Nos. 2004-2005/97": the last of a range, its year behind it.
        4 if !slash && (case + 1..case + RANGE).contains(&value) => {
            let slashed = behind_mark(b, end).is_some_and(|(_, n, slash, _)| slash && n % 2 == 0);
            if slashed || shared().is_some() {
                return None;
            }
            value
        }
        4 => value,
        2 if slash && !matches!(b.get(end), Some(b'/' | b'.')) => match shared() {
            // "8510/95 of 1995", "192/93 of 1972".
            Some((year, end)) => {
                return (year == expand(value) || into_range(case, value, 2) != Some(case + 1))
                    .then_some((year, end));
            }
            None => expand(value),
        },
        _ => return None,
    };
    Some((year, end))
}

/// The number behind a slash or a dash: its value and digits, whether it was a slash, and its end.
fn behind_mark(b: &[u8], end: usize) -> Option<(u32, usize, bool, usize)> {
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
    Some((value, end - at, slash, end))
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

/// The next number of a list, and whether it ends a range.
fn next_number(b: &[u8], end: usize) -> Option<(usize, bool)> {
    let mut at = lex::skip(b, end, b",;", 5);
    let mut joined = at > end;
    let mut range = false;
    for word in ["and", "to", "with", "nos", "no"] {
        if lex::is_word(b, at, word) {
            at = lex::skip(b, at + word.len(), b".", 4);
            joined = true;
            range |= word == "to";
        }
    }
    if b.get(at) == Some(&b'&') {
        at = lex::skip(b, at + 1, b"", 3);
        joined = true;
    }
    // "Nos. 192/93 of 1972": behind a slash two digits that are no year are the next number.
    let pair = b.get(at) == Some(&b'/') && at == end;
    let dash = if pair { 1 } else { lex::dash(b, at) };
    if dash > 0 {
        at = lex::skip(b, at + dash, b"", 2);
        joined = true;
        range = true;
    }
    if pair
        && !lex::number(b, at, 2)
            .is_some_and(|(_, to)| to == at + 2 && shared_year(b, to).is_some())
    {
        return None;
    }
    let plain_gap = b
        .get(end..at)
        .is_some_and(|gap| gap.iter().all(u8::is_ascii_whitespace));
    // Two numbers with nothing but white space between them are not a list.
    (joined && !plain_gap && b.get(at).is_some_and(u8::is_ascii_digit)).then_some((at, range))
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
        // "The Impleadment Application No. 5", "In Petition No. 7".
        if matches!(
            &b[start..end],
            b"The" | b"THE" | b"In" | b"IN" | b"This" | b"And" | b"AND"
        ) {
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
    let name = singular(letters(b.get(from..at)?));
    if tables.no_cases.contains(name.to_lowercase().as_str()) {
        return None;
    }
    (proven && b[from].is_ascii_uppercase() && !name.is_empty()).then_some((from, name))
}
