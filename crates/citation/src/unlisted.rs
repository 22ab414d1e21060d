//! Law reports that print does not name as the table does: the old Indian Law Reports by their court, and unknown reporters.

use crate::found::Found;
use crate::left;
use crate::lex;
use crate::page;
use crate::report::Anchor;
use crate::right::court;

/// The courts whose series of the Indian Law Reports old print names by the court alone.
const CHARTERED: &[&str] = &["All", "Bom", "Cal", "Mad", "Lah", "Pat", "Rang", "Nag"];

/// `(1911) 33 All 51`, `43 Cal 447`: the Indian Law Reports, not named. `start..end` is the court.
pub(crate) fn unnamed_ilr(anchor: Anchor<'_>) -> Option<Found> {
    let b = anchor.b;
    let (court, end) = court(b, anchor.start)?;
    if !(CHARTERED.contains(&court) || ["SC", "PC"].contains(&court)) || end - anchor.start > 4 {
        return None;
    }
    let left = left::read(b, anchor.start, anchor.floor, false);
    if left.volume.is_none() {
        return unnamed_air(anchor, left.start, left.year?, (court, end));
    }
    let volume = left
        .volume
        .filter(|volume| (1..=62).contains(volume) && CHARTERED.contains(&court))?;
    let bare = b.get(left.start).is_some_and(u8::is_ascii_digit);
    if left.supplement
        || left.year.is_some_and(|year| year > 1947)
        || (left.year.is_none() && !bare)
    {
        return None;
    }
    let page = page::read(b, end, 4)?;
    let key = match left.year {
        Some(year) => format!("ILR ({year}) {volume} {court} {}", page.key),
        None => format!("ILR {volume} {court} {}", page.key),
    };
    Some(anchor.found(left.start, &page, key, left.year))
}

/// `1938 Pat 529`, `1972 SC1598`: what lists of cited cases leave of `AIR`. Plausible, so it is kept; not proven, so it is not resolved.
fn unnamed_air(
    anchor: Anchor<'_>,
    start: usize,
    year: u32,
    (court, end): (&str, usize),
) -> Option<Found> {
    let b = anchor.b;
    let page = page::read(b, end, 4)?;
    let bare = b.get(start).is_some_and(u8::is_ascii_digit);
    let after = lex::skip(b, page.end, b"", 2);
    let case = b.get(page.end) == Some(&b'/')
        || lex::is_word(b, after, "of")
        || lex::dash(b, page.end) > 0;
    // "in 1990 All 5 accused" is English.
    let no_court = court == "All" || (court == "SC" && year < 1950);
    if no_court || !bare || case || year < 1914 || start + 5 < anchor.start {
        return None;
    }
    let key = format!("AIR {year} {court} {}", page.key);
    let mut found = anchor.found(start, &page, key, Some(year));
    found.resolved = false;
    Some(found)
}

/// Capitals that stand between a year and a number and are no reporter.
const NO_REPORTERS: &[&str] = &[
    "PW", "DW", "CW", "PWS", "NO", "NOS", "RS", "EX", "EXT", "AM", "PM", "AD", "BC", "FIR", "GO",
    "IN", "ON", "OF", "TO", "AT", "BY", "AND", "THE", "OR", "WP", "SLP", "CA", "CRL", "MP", "IA",
    "OA", "MA", "RSA", "LPA", "CWP", "ITA", "STA", "UP", "ID", "PS", "SI", "ASI", "HC", "DB", "FB",
    "SB", "NC", "MS", "DD", "SR", "JJ", "CJ", "II", "III", "IV", "VI", "VII", "VIII", "IX", "XI",
    "XII", "XX", "USD", "INR", "KM", "KG", "ML", "MG", "MM", "CM", "SQ", "FT", "HP", "PIN", "TEL",
    "LR", "SEC", "ART", "ACT", "CRPC", "IPC", "CPC", "RULE", "ORDER", "PART", "PAGE", "PARA",
    "VOL", "PP", "SUPP", "SUPPL", "SUP",
];

/// A reporter that no table has: a year, a volume, some capitals, a page. Kept, unresolved.
pub(crate) fn unknown(b: &[u8], start: usize, floor: usize) -> Option<Found> {
    // "I K.B. 613": a volume before a reporter.
    let first = lex::letters(b, start, 6);
    if lex::roman(&b[start..first]).is_some() && lex::space(b, first) > 0 {
        return None;
    }
    let mut end = start;
    let mut name = String::new();
    while end < start + 14 {
        match b.get(end) {
            Some(c) if c.is_ascii_uppercase() => name.push(char::from(*c)),
            Some(b'.' | b' ' | b'&') => {}
            _ => break,
        }
        end += 1;
    }
    if !(2..=6).contains(&name.len())
        || NO_REPORTERS.contains(&name.as_str())
        || b.get(end).is_some_and(u8::is_ascii_alphabetic)
    {
        return None;
    }
    let left = left::read(b, start, floor, false);
    let year = left.year?;
    let bracketed = matches!(b.get(left.start), Some(b'(' | b'['));
    if left.volume.is_none() && !bracketed {
        return None;
    }
    let page = page::read(b, end, 4)?;
    let after = lex::skip(b, page.end, b"", 2);
    if lex::is_word(b, after, "of") || lex::dash(b, page.end) > 0 {
        return None;
    }
    let volume = left.volume.map(|v| format!("({v}) ")).unwrap_or_default();
    let supplement = if left.supplement { "Supp " } else { "" };
    let key = format!("{year} {supplement}{volume}{name} {}", page.key);
    let anchor = Anchor {
        b,
        start,
        end,
        floor,
    };
    let mut found = anchor.found(left.start, &page, key, Some(year));
    found.resolved = false;
    Some(found)
}
