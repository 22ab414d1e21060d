//! A place in a law report: the shapes that print gives it, and its key.

use crate::citation::Kind;
use crate::found::{Found, Role};
use crate::left::{self, Numbers};
use crate::lex::{self, is_year};
use crate::page::{self, Page};
use crate::right::{self, Right, court};
use crate::table::{Reporter, Shape, Style, Volume, tables};

/// A reporter's name in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchor<'t> {
    pub(crate) b: &'t [u8],
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where the previous citation ends.
    pub(crate) floor: usize,
}

/// The citation around a reporter's name.
pub(crate) fn read(anchor: Anchor<'_>, index: usize) -> Option<Found> {
    let reporter = &tables().reporters[index];
    if !reporter.case_fits(anchor.b.get(anchor.start..anchor.end)?) {
        return None;
    }
    let mut found = match reporter.shape {
        Shape::Series => series(anchor, reporter),
        Shape::Air => air(anchor, reporter),
        Shape::Ilr => ilr(anchor, reporter),
        Shape::Jt => jt(anchor, reporter),
        Shape::Online | Shape::Livelaw => online(anchor, reporter),
        Shape::Slash => slash(anchor, reporter),
        Shape::Neutral => return crate::neutral::insc(anchor),
    }?;
    found.role = Role::Report(index);
    if reporter.foreign {
        found.kind = Kind::Foreign;
    }
    Some(found)
}

impl Anchor<'_> {
    /// The numbers to the left.
    fn left(&self, reporter: &Reporter) -> Numbers {
        let volume_first = reporter.style == Style::VolumeFirst
            || reporter.volume == Volume::Continuous
            || reporter.foreign;
        left::read(self.b, self.start, self.floor, volume_first)
    }

    /// Past the bracket that the reporter's own name opened, or that stood around it: "(AIR) 1967".
    fn past_name(&self) -> usize {
        lex::skip(self.b, self.end, b".)]", 4)
    }

    pub(crate) fn found(&self, start: usize, page: &Page, key: String, year: Option<u32>) -> Found {
        let mut found = Found::new(Kind::Reporter, start, page.end, key);
        let first = page.key.trim_start_matches(|c: char| !c.is_ascii_digit());
        let (tail, pinpoint) = page::tail(self.b, page.end, first.parse().unwrap_or(0));
        found.tail = tail;
        found.pinpoint = pinpoint;
        found.year = year;
        found
    }
}

/// `(2017) 10 SCC 1` and its like.
fn series(anchor: Anchor<'_>, reporter: &Reporter) -> Option<Found> {
    let b = anchor.b;
    let mut left = anchor.left(reporter);
    let from = anchor.past_name();
    let mut right = right::read(b, from, left.year.is_some(), left.volume.is_some());
    if right.year.is_some() && left.volume.is_some() {
        if right.page.is_none() {
            // "44 Pun Re 1891": what looked like a year is the page.
            right = right::read(b, from, true, true);
        } else if matches!(b.get(left.start), Some(b'(' | b'[')) {
            // "(1) ATR 1970 406": the mark of a footnote.
            left = Numbers {
                start: anchor.start,
                ..Numbers::default()
            };
            right = right::read(b, from, false, false);
        }
    }
    let page = right.page.as_ref()?;
    let year = left.year.or(right.year);
    let volume = left.volume.or(right.volume);
    if !enough(anchor, reporter, &left, &right) {
        return None;
    }
    let mut name = reporter.key.clone();
    if let Some(series) = right.series {
        name = format!("{name} ({series})");
    }
    let supplement = left.supplement || right.supplement;
    let key = series_key(reporter, &name, year, volume, supplement, &page.key);
    let start = left.start.min(anchor.start);
    Some(anchor.found(start, page, key, year))
}

/// Whether what was read proves a citation.
fn enough(anchor: Anchor<'_>, reporter: &Reporter, left: &Numbers, right: &Right) -> bool {
    let letters = reporter.key.bytes().filter(u8::is_ascii_alphabetic).count();
    if left.year.is_some() {
        return true;
    }
    if left.volume.is_some() {
        let weak =
            reporter.foreign && letters <= 2 && !matches!(reporter.key.as_str(), "U.S." | "ER");
        // "12 KLT 34": old print leaves the year out; two letters prove too little.
        return right.year.is_some()
            || (!weak
                && (reporter.volume == Volume::Continuous || reporter.foreign || letters >= 4));
    }
    // "RCR (Criminal) 2005 (3) 12", "ACJ 1985 645".
    let name = anchor.b.get(anchor.start..anchor.end).unwrap_or(b"");
    right.year.is_some()
        && !reporter.foreign
        && letters >= 3
        && name.first().is_some_and(u8::is_ascii_uppercase)
}

fn series_key(
    reporter: &Reporter,
    name: &str,
    year: Option<u32>,
    volume: Option<u32>,
    supplement: bool,
    page: &str,
) -> String {
    if let (Volume::Continuous, Some(volume), false) = (reporter.volume, volume, supplement) {
        return format!("{volume} {name} {page}");
    }
    let Some(year) = year else {
        let volume = volume.map(|v| format!("{v} ")).unwrap_or_default();
        return format!("{volume}{name} {page}");
    };
    let square = reporter.foreign || reporter.style == Style::Square;
    let plain = !square && reporter.style != Style::Round;
    let year = if square
        && (volume.is_some() || supplement || reporter.foreign || reporter.key == "SCR")
    {
        format!("[{year}]")
    } else if !plain && (volume.is_some() && !supplement) {
        format!("({year})")
    } else {
        year.to_string()
    };
    let volume = match (supplement, volume) {
        (true, Some(volume)) => format!("Supp ({volume}) "),
        (true, None) => "Supp ".to_owned(),
        (false, Some(volume)) if plain => format!("({volume}) "),
        (false, Some(volume)) => format!("{volume} "),
        (false, None) => String::new(),
    };
    format!("{year} {volume}{name} {page}")
}

/// `AIR 1978 SC 597`, `1976 AIR (SC) 2199`, `AIR SC 1990 12`.
fn air(anchor: Anchor<'_>, reporter: &Reporter) -> Option<Found> {
    let b = anchor.b;
    let mut at = lex::skip(b, anchor.past_name(), b".,:-", 6);
    // "A.I.R. (28) 1941 Bom. 408": a volume that later years do not print.
    if let Some((from, to, end)) = lex::bracket(b, at, 4)
        && lex::number(b, from, 2).is_some_and(|(_, after)| after == to)
    {
        at = end;
    }
    let right = right::read(b, at, false, true);
    let left = match right.year {
        Some(_) => Numbers {
            start: anchor.start,
            ..Numbers::default()
        },
        None => anchor.left(reporter),
    };
    let year = right.year.or(left.year)?;
    let page = right.page.as_ref()?;
    let court = match (right.court, right.series) {
        // "AIR 1984 NOC 123": a note of a case; "AIR 1955 NUC (Trav-Co) 4125".
        (Some(court), _) => court,
        (None, Some(series @ ("NOC" | "NSC"))) => series,
        // Without a court only the form with the year in front is sure to mean the Supreme Court.
        (None, _) if right.year.is_none() && left.volume.is_none() => "SC",
        (None, _) => return None,
    };
    let key = format!("{} {year} {court} {}", reporter.key, page.key);
    Some(anchor.found(left.start.min(anchor.start), page, key, Some(year)))
}

/// `ILR 1986 Kar 1723`, `ILR 36 Mad 453`, `ILR (1964) 1 Punj 750`, `(1959) ILR 38 Pat 95`.
fn ilr(anchor: Anchor<'_>, reporter: &Reporter) -> Option<Found> {
    let b = anchor.b;
    let from = anchor.past_name();
    let next = lex::skip(b, from, b".,:-", 6);
    // "ILR 36 Mad 453": a volume with no year before it.
    let (volume, from) = match lex::number(b, next, 3) {
        Some((value, end)) => (Some(value), end),
        None => (None, from),
    };
    let right = right::read(b, from, false, volume.is_some());
    let page = right.page.as_ref()?;
    let court = right.court?;
    let volume = volume.or(right.volume);
    // The left has the year when the right has none; a number in brackets there is a footnote's.
    let mut left = Numbers {
        start: anchor.start,
        ..Numbers::default()
    };
    if right.year.is_none() {
        let before = left::read(b, anchor.start, anchor.floor, false);
        if before.year.is_some() {
            left = before;
        }
    }
    let year = right.year.or(left.year);
    let volume = volume.or(left.volume);
    let name = &reporter.key;
    let key = match (year, volume) {
        (Some(year), Some(volume)) => format!("{name} ({year}) {volume} {court} {}", page.key),
        (Some(year), None) => format!("{name} {year} {court} {}", page.key),
        (None, Some(volume)) => format!("{name} {volume} {court} {}", page.key),
        (None, None) => return None,
    };
    Some(anchor.found(left.start.min(anchor.start), page, key, year))
}

/// `JT 1996 (10) SC 550`, `2005 (3) JT (SC) 45`.
fn jt(anchor: Anchor<'_>, reporter: &Reporter) -> Option<Found> {
    let b = anchor.b;
    let after = anchor.past_name();
    let ahead = right::read(b, after, false, false);
    let (left, right) = if ahead.year.is_some() {
        (
            Numbers {
                start: anchor.start,
                ..Numbers::default()
            },
            ahead,
        )
    } else {
        let left = anchor.left(reporter);
        let right = right::read(b, after, left.year.is_some(), left.volume.is_some());
        (left, right)
    };
    let page = right.page.as_ref()?;
    let year = left.year.or(right.year)?;
    let volume = left.volume.or(right.volume);
    let court = right.court.unwrap_or("SC");
    let volume = match (left.supplement || right.supplement, volume) {
        (true, Some(volume)) => format!("Supp ({volume}) "),
        (true, None) => "Supp ".to_owned(),
        (false, Some(volume)) => format!("({volume}) "),
        (false, None) => return None,
    };
    let key = format!("{} {year} {volume}{court} {}", reporter.key, page.key);
    Some(anchor.found(left.start.min(anchor.start), page, key, Some(year)))
}

/// `2018 SCC OnLine Del 1234`, `2022 LiveLaw (SC) 123`, `LiveLaw 2021 SC 12`.
fn online(anchor: Anchor<'_>, reporter: &Reporter) -> Option<Found> {
    let b = anchor.b;
    let left = anchor.left(reporter);
    let mut at = lex::skip(b, anchor.past_name(), b".,:-", 6);
    let mut year = left.year;
    if year.is_none()
        && let Some((value, end)) = lex::number(b, at, 4).or_else(|| {
            let (from, _, end) = lex::bracket(b, at, 6)?;
            Some((lex::number(b, from, 4)?.0, end))
        })
        && is_year(value)
    {
        year = Some(value);
        at = lex::skip(b, end, b".,:-", 4);
    }
    let year = year?;
    let found_court = court(b, at);
    let resolved = found_court.is_some();
    if reporter.court && !resolved {
        return None;
    }
    let (name, at) = match found_court {
        Some((key, end)) => (Some(key.to_owned()), end),
        None => other_court(b, at).map_or((None, at), |(name, end)| (Some(name), end)),
    };
    let page = page::read(b, at, 7)?;
    let key = match (reporter.shape, &name) {
        (Shape::Livelaw, Some(name)) => format!("{year} {} ({name}) {}", reporter.key, page.key),
        (_, Some(name)) => format!("{year} {} {name} {}", reporter.key, page.key),
        (_, None) => format!("{year} {} {}", reporter.key, page.key),
    };
    let mut found = anchor.found(left.start.min(anchor.start), &page, key, Some(year));
    found.resolved = resolved;
    Some(found)
}

/// A court that is not in the table: a short word with a capital.
fn other_court(b: &[u8], at: usize) -> Option<(String, usize)> {
    let (from, to, end) = if let Some(group) = lex::bracket(b, at, 14) {
        group
    } else {
        let end = lex::letters(b, at, 12);
        (at, end, end)
    };
    let word = std::str::from_utf8(b.get(from..to)?).ok()?.trim();
    let good = !word.is_empty()
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word
            .bytes()
            .all(|c| c.is_ascii_alphabetic() || c == b' ' || c == b'&');
    good.then(|| (word.to_owned(), end))
}

/// `MANU/SC/0123/2004`.
fn slash(anchor: Anchor<'_>, reporter: &Reporter) -> Option<Found> {
    let b = anchor.b;
    let step = |at: usize| {
        let at = lex::skip(b, at, b"", 2);
        (b.get(at) == Some(&b'/')).then(|| lex::skip(b, at + 1, b"", 2))
    };
    let at = step(anchor.end)?;
    let mut end = at;
    while b
        .get(end)
        .is_some_and(|c| c.is_ascii_alphabetic() || *c == b'&' || *c == b'-')
        && end < at + 8
    {
        end += 1;
    }
    let court = String::from_utf8_lossy(&b[at..end]).to_uppercase();
    if court.is_empty() {
        return None;
    }
    let (number, end) = lex::number(b, step(end)?, 6)?;
    let (year, end) = lex::number(b, step(end)?, 4)?;
    if !is_year(year) {
        return None;
    }
    let key = format!("{}/{court}/{number:04}/{year}", reporter.key);
    let page = Page {
        start: end,
        end,
        key: String::new(),
    };
    Some(anchor.found(anchor.start, &page, key, Some(year)))
}
