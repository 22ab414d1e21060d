//! Statutes by name: the table's, and any capitalised title that ends in Act, Code or Rules.

use crate::citation::Kind;
use crate::found::{Found, Role};
use crate::lex;
use crate::table::{Sort, tables};
use crate::title::{INNER, in_one_spelling, letters, title_start};

/// The longest title that is read backwards from its last word.
pub(crate) const TITLE: usize = 160;

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
    found.year = Some(year.unwrap_or(statute.year));
    found.role = Role::Named(statute.sort);
    Some(found)
}

/// Words before a title that do not make it another statute.
pub(crate) const LEADS: &[&str] = &[
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

/// ", 1985", "of 1956", "(1 of 1956)", "(1974)", "XX of 1863", "No. 14 of 1961".
fn year_after(b: &[u8], end: usize) -> Option<(u32, usize)> {
    let at = lex::skip(b, end, b",.-", 4);
    let numbered = past_number_of(b, at);
    let mut at = numbered.unwrap_or(at);
    if lex::is_word(b, at, "of") {
        at = lex::skip(b, at + 2, b"", 2);
    }
    let open = numbered.is_none() && matches!(b.get(at), Some(b'(' | b'['));
    let (year, after) = lex::number(b, at + usize::from(open), 4)?;
    if !(1800..=2099).contains(&year) || after - at < 4 {
        return None;
    }
    if open {
        return matches!(b.get(after), Some(b')' | b']')).then_some((year, after + 1));
    }
    Some((year, after))
}

/// Past the number of an Act in its year, if "of" follows.
fn past_number_of(b: &[u8], at: usize) -> Option<usize> {
    let at = if lex::is_word(b, at, "no") {
        lex::skip(b, at + 2, b".", 3)
    } else {
        at
    };
    let end = if let Some((_, end)) = lex::number(b, at, 3) {
        end
    } else {
        let end = lex::letters(b, at, 9);
        let roman = end > at && b[at..end].iter().all(|c| b"IVXLC".contains(c));
        roman.then_some(end)?
    };
    let of = lex::skip(b, end, b"", 2);
    (of > end && lex::is_word(b, of, "of")).then_some(of)
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
    let from = past_places(b, title_start(b, start, floor), start);
    let from = past_adjectives(b, from, start);
    let (year, after) = year_after(b, end).map_or((None, end), |(year, end)| (Some(year), end));
    let title = String::from_utf8_lossy(&b[from..end]);
    let words: Vec<&str> = title.split_whitespace().collect();
    let year_in_front = words
        .first()
        .and_then(|word| word.split('-').next()?.parse().ok())
        .filter(|year| lex::is_year(*year));
    // "the Amending Act", "the Act of 1951", "the 1951 Act": which one, the text said before.
    if words.iter().all(|word| is_generic(word)) {
        let mut name = letters(&b[from..end]);
        if from == start
            && let Some(which) = which_one(b, start, floor)
        {
            name.insert_str(0, which);
        }
        let mut found = Found::new(Kind::Statute, from, after, name);
        found.role = Role::Reference(sort);
        found.year = year.or(year_in_front);
        return Some(found);
    }
    let title = in_one_spelling(&words);
    // A name of two words ("MV Act", "Rent Act") is understood by what the text said before.
    let place = is_place(&title);
    if place || words.len() <= 2 && year.is_none() {
        let mut found = Found::new(Kind::Statute, from, after, letters(&b[from..after]));
        found.role = Role::Reference(sort);
        found.pinpoint = Some(title);
        found.year = year;
        return Some(found);
    }
    let key = match year {
        Some(year) => format!("{title} {year}"),
        None => title,
    };
    let mut found = Found::new(Kind::Statute, from, after, key);
    found.resolved = false;
    found.year = year.or(year_in_front);
    found.role = Role::Named(sort);
    Some(found)
}

/// Words that name no statute: with nothing but these, "Act" refers to one.
const GENERIC: &[&str] = &[
    "act",
    "acts",
    "code",
    "rules",
    "regulations",
    "ordinance",
    "ordinances",
    "sanhita",
    "adhiniyam",
    "amendment",
    "amending",
    "amended",
    "unamended",
    "validation",
    "validating",
    "principal",
    "parent",
    "central",
    "state",
    "union",
    "local",
    "provincial",
    "new",
    "old",
    "said",
    "impugned",
    "present",
    "original",
    "earlier",
    "later",
    "former",
    "latter",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "repealing",
    "repealed",
    "repeal",
    "english",
    "special",
    "general",
    "statutory",
    "bare",
    "same",
    "other",
    "of",
    "the",
    "and",
    "to",
    "in",
    "for",
    "under",
    "on",
    "with",
    "by",
    "or",
    "tax",
];

fn is_generic(word: &str) -> bool {
    word.split(|c: char| !c.is_ascii_alphanumeric())
        .all(|part| {
            part.is_empty()
                || GENERIC
                    .iter()
                    .any(|generic| part.eq_ignore_ascii_case(generic))
                || (part.len() <= 4 && part.bytes().all(|c| c.is_ascii_digit()))
        })
}

/// Whether a title says no more than of which place an Act is: "U.P. Act".
pub(crate) fn is_place(title: &str) -> bool {
    const PLACES: &[&str] = &[
        "AP",
        "Andhra",
        "Andhra Pradesh",
        "Assam",
        "Bengal",
        "West Bengal",
        "Bihar",
        "Bombay",
        "Calcutta",
        "Delhi",
        "Goa",
        "Gujarat",
        "HP",
        "Haryana",
        "Himachal Pradesh",
        "Hyderabad",
        "Karnataka",
        "Kerala",
        "MP",
        "Madhya Pradesh",
        "Madras",
        "Maharashtra",
        "Mysore",
        "Orissa",
        "Odisha",
        "Punjab",
        "Rajasthan",
        "Saurashtra",
        "TN",
        "Tamil Nadu",
        "Telangana",
        "Travancore",
        "Travancore-Cochin",
        "UP",
        "Uttar Pradesh",
        "WB",
        "Indian",
    ];
    title
        .strip_suffix(" Act")
        .is_some_and(|place| PLACES.contains(&place))
}

/// Words in small letters that make "the Act" another one than the one before.
pub(crate) const WHICH: &[&str] = &[
    "new",
    "old",
    "principal",
    "amending",
    "repealed",
    "repealing",
    "parent",
    "earlier",
    "later",
    "latter",
    "former",
    "other",
    "original",
    "central",
    "state",
    "local",
    "provincial",
    "english",
    "previous",
    "subsequent",
    "second",
    "another",
    "that",
    "special",
    "general",
    "validating",
    "consolidating",
];

/// "new" of "the new Act".
fn which_one(b: &[u8], start: usize, floor: usize) -> Option<&'static str> {
    let end = lex::skip_back(b, start, floor, b"", 2);
    let from = word_back(b, end, floor);
    WHICH
        .iter()
        .copied()
        .find(|which| which.as_bytes() == &b[from..end])
}

/// What stands before an Act and is a part of one: "Chapter III of the Act", "First Schedule to the X Act".
const PLACES: &[&str] = &[
    "chapter",
    "chapters",
    "part",
    "parts",
    "schedule",
    "schedules",
    "preamble",
    "appendix",
    "annexure",
    "section",
    "sections",
    "clause",
    "clauses",
    "article",
    "articles",
    "entry",
    "entries",
    "list",
    "item",
    "para",
    "paragraph",
    "form",
    "title",
    "gazette",
    "statement",
    "objects",
    "reasons",
    "interpretation",
    "provision",
    "provisions",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "explanation",
    "proviso",
    "sub-section",
    "rule",
    "high",
    "supreme",
    "constitutionality",
    "validity",
    "scheme",
    "object",
    "commencement",
    "table",
    "no",
    "nos",
    "purposes",
    "policy",
];

/// Past such words, to behind the "the" or the "of" that leads to the title.
fn past_places(b: &[u8], from: usize, start: usize) -> usize {
    let title = &b[from..start];
    // Where words begin behind "of the", "to the", "and the"; and whether only generic words follow the last one.
    let mut at = from;
    let mut previous: &[u8] = b"";
    let mut cut = None;
    let mut first = None;
    for word in title.split_inclusive(u8::is_ascii_whitespace) {
        let bare = word.trim_ascii();
        let next = at + word.len();
        let comma = bare.strip_suffix(b",").unwrap_or(bare);
        let joint = comma == b"the" && !previous.is_empty()
            || comma.eq_ignore_ascii_case(b"the")
                && INNER
                    .iter()
                    .any(|inner| inner.as_bytes().eq_ignore_ascii_case(previous));
        if joint {
            first = first.or(Some(next));
            cut = Some(next);
        }
        if !bare.is_empty() {
            previous = bare;
        }
        at = next;
    }
    let (Some(first), Some(last)) = (first, cut) else {
        return past_ordinals(b, from, start);
    };
    let generic = |range: &[u8]| {
        range
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty())
            .all(|word| std::str::from_utf8(word).is_ok_and(is_generic))
    };
    if generic(&b[last..start]) {
        return last;
    }
    let head = title
        .split(|c| !c.is_ascii_alphanumeric() && *c != b'-')
        .find(|word| !word.is_empty())
        .unwrap_or(b"");
    let roman = !head.is_empty() && head.iter().all(|c| b"IVXLC".contains(c));
    let place = roman
        || head.iter().all(u8::is_ascii_digit)
        || head.len() == 1
        || PLACES
            .iter()
            .any(|place| place.as_bytes().eq_ignore_ascii_case(head));
    if place { first } else { from }
}

/// Past what makes an Act another one but is no part of its title: "the Amending Rajasthan Act".
fn past_adjectives(b: &[u8], mut from: usize, start: usize) -> usize {
    const ADJECTIVES: &[&[u8]] = &[
        b"Amending",
        b"Impugned",
        b"Principal",
        b"Parent",
        b"New",
        b"Old",
        b"Said",
        b"Original",
        b"Repealed",
        b"Unamended",
        b"Present",
        b"Further",
    ];
    loop {
        let end = lex::letters(b, from, 12);
        let next = lex::skip(b, end, b"", 2);
        // "the New Act" is a reference, not "Act".
        if next >= start || !ADJECTIVES.contains(&&b[from..end]) {
            return from;
        }
        from = next;
    }
}

/// Past "A of Act", "II of Act".
fn past_ordinals(b: &[u8], from: usize, start: usize) -> usize {
    let end = lex::letters(b, from, 8);
    let head = &b[from..end];
    let roman = !head.is_empty() && head.iter().all(|c| b"IVXLC".contains(c));
    let of = lex::skip(b, end, b"", 2);
    if (roman || head.len() == 1) && lex::is_word(b, of, "of") {
        return lex::skip(b, of + 2, b"", 2).min(start);
    }
    from
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
