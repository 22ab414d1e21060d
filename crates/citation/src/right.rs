//! What stands to the right of a reporter: year, volume, series, court, and at last the page.

use crate::lex::{self, is_year};
use crate::page::{self, Page};
use crate::table::tables;

/// What stands to the right of a reporter.
#[derive(Debug, Default)]
pub(crate) struct Right {
    pub(crate) year: Option<u32>,
    pub(crate) volume: Option<u32>,
    pub(crate) supplement: bool,
    pub(crate) series: Option<&'static str>,
    pub(crate) court: Option<&'static str>,
    pub(crate) page: Option<Page>,
}

/// The series inside a reporter, as print names it and as keys do.
const SERIES: &[(&str, &str)] = &[
    ("criminal", "Cri"),
    ("crl", "Cri"),
    ("cri", "Cri"),
    ("cr", "Cri"),
    ("crim", "Cri"),
    ("civil", "Civ"),
    ("civ", "Civ"),
    ("l&s", "L&S"),
    ("ls", "L&S"),
    ("lands", "L&S"),
    ("tax", "Tax"),
    ("rent", "Rent"),
    ("sn", "SN"),
    ("snc", "SN"),
    ("noc", "NOC"),
    ("nsc", "NSC"),
    ("trib", "Trib"),
    ("jour", "Jour"),
    ("ns", "NS"),
    ("d", "D"),
    ("comp", "Comp"),
    ("service", "Service"),
];

fn series_name(text: &[u8]) -> Option<&'static str> {
    let letters: Vec<u8> = text
        .iter()
        .filter(|c| c.is_ascii_alphabetic() || **c == b'&')
        .map(u8::to_ascii_lowercase)
        .collect();
    SERIES
        .iter()
        .find(|(name, _)| name.as_bytes() == letters)
        .map(|(_, key)| *key)
}

fn is_supplement(text: &[u8]) -> bool {
    let word = text
        .iter()
        .position(|c| !c.is_ascii_alphabetic())
        .map_or(text, |n| &text[..n]);
    [&b"supp"[..], b"suppl", b"supplement", b"supple", b"sup"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// The court at `at` and where its name ends, a bracket around it included.
pub(crate) fn court(b: &[u8], at: usize) -> Option<(&'static str, usize)> {
    let tables = tables();
    if let Some((from, to, end)) = lex::bracket(b, at, 28) {
        let from = lex::skip(b, from, b"", 2);
        let hit = tables.courts.longest(b, from)?;
        let rest = lex::skip(b, hit.end, b".", 3);
        return (rest >= to).then(|| (tables.court_keys[hit.entries[0]].as_str(), end));
    }
    let hit = tables.courts.longest(b, at)?;
    Some((tables.court_keys[hit.entries[0]].as_str(), hit.end))
}

/// Reads rightwards until the page: series, year, volume, supplement, court, in any order.
pub(crate) fn read(b: &[u8], from: usize, has_year: bool, has_volume: bool) -> Right {
    let mut right = Right::default();
    let mut at = from;
    for _ in 0..6 {
        let next = lex::skip(b, at, b".,:-", 8);
        let Some(after) = right.take(b, next, has_year, has_volume) else {
            right.page = page::read(b, at, 5);
            break;
        };
        at = after;
    }
    right
}

impl Right {
    /// Takes one piece, or says that none is there.
    fn take(&mut self, b: &[u8], at: usize, has_year: bool, has_volume: bool) -> Option<usize> {
        if matches!(b.get(at), Some(b'(' | b'[')) {
            let taken = lex::bracket(b, at, 28)
                .and_then(|group| self.take_bracket(b, group, has_year, has_volume));
            // "A.I.R. [1936 P.C. 141]", "[[1940] Bom. 650]": the bracket is around the citation, not a part of it.
            let around = matches!(b.get(at + 1), Some(b'[' | b'1' | b'2'));
            return taken
                .or_else(|| (around && self.year.is_none() && !has_year).then_some(at + 1));
        }
        if let Some((value, end)) = lex::number(b, at, 4) {
            let more = followed_by_number_or_court(b, end);
            if is_year(value) && !has_year && self.year.is_none() && more {
                self.year = Some(value);
                return Some(end);
            }
            // "1992 SCC (Supp) 2 22", "1998 BLJR 1 228": the year stands on the left.
            let year_is_read = self.year.is_some() || has_year && is_volume_of_page(b, value, end);
            let volume_fits =
                !has_volume && self.volume.is_none() && year_is_read && self.court.is_none();
            if volume_fits && value < 400 && more && !opens_bracket(b, end) {
                self.volume = Some(value);
                return Some(end);
            }
            return None;
        }
        self.take_word(b, at)
    }

    fn take_bracket(
        &mut self,
        b: &[u8],
        (from, to, end): (usize, usize, usize),
        has_year: bool,
        has_volume: bool,
    ) -> Option<usize> {
        let inner = &b[from..to];
        if is_supplement(inner) {
            self.supplement = true;
            // "JT 2001 (Suppl. 1) SC 12": which supplement.
            let digits = inner.iter().position(u8::is_ascii_digit);
            let which = digits.and_then(|digits| lex::number(b, from + digits, 2));
            if let Some((which, _)) = which.filter(|_| !has_volume && self.volume.is_none()) {
                self.volume = Some(which);
            }
            return Some(end);
        }
        let number = lex::number(b, lex::skip(b, from, b"", 2), 4)
            .filter(|(_, after)| lex::skip(b, *after, b".", 2) >= to)
            .map(|(value, _)| value)
            .or_else(|| lex::roman(inner));
        if let Some(value) = number {
            if is_year(value) && !has_year && self.year.is_none() {
                self.year = Some(value);
            } else if !has_volume && self.volume.is_none() {
                self.volume = Some(value);
            } else {
                return None;
            }
            return Some(end);
        }
        if self.series.is_none()
            && let Some(series) = series_name(inner)
        {
            self.series = Some(series);
            return Some(end);
        }
        // "NUC (Trav-Co)": the first names the list, the second the court.
        if let Some((key, end)) = court(b, from - 1) {
            self.court.get_or_insert(key);
            return Some(end);
        }
        // "47 TTJ (Ahd) 556": a bench that no table has.
        let bench = (2..=8).contains(&inner.len())
            && inner[0].is_ascii_uppercase()
            && inner.iter().all(|c| c.is_ascii_alphabetic() || *c == b'.');
        let page = lex::skip(b, end, b".", 3);
        (bench && b.get(page).is_some_and(u8::is_ascii_digit)).then_some(end)
    }

    fn take_word(&mut self, b: &[u8], at: usize) -> Option<usize> {
        let end = lex::letters(b, at, 14);
        if end == at {
            return None;
        }
        if is_supplement(&b[at..end]) {
            self.supplement = true;
            return Some(end);
        }
        if lex::is_word(b, at, "vol") {
            return Some(end);
        }
        if self.volume.is_none()
            && end - at <= 4
            && let Some(value) = lex::roman(&b[at..end])
        {
            self.volume = Some(value);
            return Some(end);
        }
        if self.series.is_none()
            && b[at].is_ascii_uppercase()
            && let Some(series) = series_name(&b[at..end])
        {
            self.series = Some(series);
            return Some(end);
        }
        if self.court.is_none()
            && b[at].is_ascii_uppercase()
            && let Some((key, end)) = court(b, at)
        {
            self.court = Some(key);
            return Some(end);
        }
        None
    }
}

/// Whether a number is not the last of a citation.
fn followed_by_number_or_court(b: &[u8], end: usize) -> bool {
    let next = lex::skip(b, end, b".,-", 6);
    match b.get(next) {
        Some(c) if c.is_ascii_digit() => next > end,
        Some(b'(' | b'[') => true,
        Some(c) if c.is_ascii_uppercase() => {
            court(b, next).is_some_and(|(_, after)| {
                let page = lex::skip(b, after, b".,:-)", 6);
                b.get(page)
                    .is_some_and(|c| c.is_ascii_digit() || *c == b'(')
                    || ["page", "pg", "p"]
                        .iter()
                        .any(|word| lex::is_word(b, page, word))
            }) || is_supplement(&b[next..lex::letters(b, next, 12)])
                || lex::roman(&b[next..lex::letters(b, next, 5)]).is_some()
        }
        Some(b'p') => true,
        _ => false,
    }
}

/// The most volumes of a year.
const VOLUMES: u32 = 20;

/// Whether a number is the volume of the page behind it and not the page itself: a small one, a larger one behind nothing
/// but a space, and no reporter behind that, whose volume it would be.
fn is_volume_of_page(b: &[u8], value: u32, end: usize) -> bool {
    let next = end + lex::space(b, end);
    let Some((page, after)) = lex::number(b, next, 4).filter(|_| next > end) else {
        return false;
    };
    let behind = lex::skip(b, after, b"", 2);
    let ends = match b.get(behind) {
        None => true,
        // A court may stand in brackets: "(SC)", "(Pat)".
        Some(b'(') => b.get(behind + 1).is_some_and(u8::is_ascii_uppercase),
        // "… BLJR 5 12. The appeal": a paragraph's number.
        Some(b'.') => !(lex::space(b, behind + 1) > 0 && page <= value + 1),
        Some(c) => !(c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, b'[' | b'/')),
    };
    (1..=VOLUMES).contains(&value) && page > value && !is_year(page) && ends
}

/// Whether a bracket is next: what stands before it is a page, what it holds another citation or a court.
fn opens_bracket(b: &[u8], end: usize) -> bool {
    matches!(b.get(lex::skip(b, end, b".,:-", 6)), Some(b'(' | b'['))
}
