//! A document's own neutral citation, by evidence and never by position alone.
//!
//! Short orders that print none of their own cite the judgment that they follow, so the first match is
//! wrong where it matters. Evidence is ranked; the best rank that has a candidate decides, and two
//! candidates of that rank are no answer.

use std::collections::{HashMap, HashSet};

use crate::citation::Kind;
use crate::find::MOST;
use crate::found::Found;
use crate::scan::scan;

/// What is known of a document from elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Identity<'a> {
    /// Its case numbers as printed: `W.P.(C) 5348/2024`.
    pub case_numbers: &'a [&'a str],
    /// Its CNR.
    pub cnr: Option<&'a str>,
    /// The year of decision. A citation of the year before or behind can be its own too (registered or put up
    /// later, decided at the turn of the year) where it is stamped or heads the first page; one of another year
    /// cannot.
    pub year: Option<u16>,
}

/// Why a citation is the document's own; the first is the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// It stands in the page furniture, or on a line of its own on three pages or more.
    Stamp,
    /// It stands at the head of the first page, on a line of its own or behind the words "neutral citation".
    Masthead,
    /// It stands beside the document's own case number or CNR.
    Beside,
    /// It stands on a line of its own at the edge of a page.
    Edge,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Own {
    /// The key; null when there is no evidence, or evidence for two.
    pub key: Option<String>,
    /// Why.
    pub evidence: Option<Evidence>,
    /// Every key with evidence, the strongest first.
    pub candidates: Vec<(String, Evidence)>,
    /// Two candidates have the same, strongest evidence.
    pub conflict: bool,
}

/// Where on a page a masthead ends, in bytes.
const MASTHEAD: usize = 1_500;
/// How near its own number a citation must stand, in bytes.
const BESIDE: usize = 160;
/// How many pages carry a stamp.
const STAMPED: usize = 3;

/// The Supreme Court Reports' own headline stands before this byte of the first page.
const HEADLINE: usize = 600;

/// Where a text stands in the document.
#[derive(Clone, Copy)]
struct Sheet {
    page: usize,
    last_page: usize,
    furniture: bool,
}

/// One place where a neutral citation stands.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one observation; evidence() weighs them"
)]
struct Place {
    key: String,
    page: usize,
    furniture: bool,
    /// On a line of its own, or with labels and numbers only.
    alone: bool,
    labelled: bool,
    masthead: bool,
    edge: bool,
    beside: bool,
    cited: bool,
}

impl Place {
    fn lone(&self) -> bool {
        self.alone || self.labelled
    }
}

/// The document's own neutral citation. A page is its body text and its furniture.
pub fn own(pages: &[(&str, &str)], identity: Identity<'_>) -> Own {
    let numbers = own_keys(identity);
    let mut places = Vec::new();
    for (page, (text, furniture)) in pages.iter().enumerate() {
        let sheet = |furniture| Sheet {
            page,
            last_page: pages.len() - 1,
            furniture,
        };
        collect(text, sheet(false), &numbers, &mut places);
        collect(furniture, sheet(true), &numbers, &mut places);
    }
    let away = |key: &str| years_away(key, identity.year);
    places.retain(|place| away(&place.key) <= 1);
    let mut candidates: Vec<(String, Evidence)> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let stamped = stamped(&places);
    for place in &places {
        let Some(evidence) = evidence(place, &stamped) else {
            continue;
        };
        let index = *seen.entry(bare(&place.key)).or_insert(candidates.len());
        match candidates.get_mut(index) {
            Some((key, best)) => {
                *best = evidence.min(*best);
                // The tag of the bench is lost in print more often than it is added.
                if place.key.len() > key.len() {
                    key.clone_from(&place.key);
                }
            }
            None => candidates.push((place.key.clone(), evidence)),
        }
    }
    candidates.retain(|(key, evidence)| away(key) == 0 || *evidence <= Evidence::Masthead);
    if candidates.iter().any(|(key, _)| away(key) == 0) {
        candidates.retain(|(key, _)| away(key) == 0);
    }
    candidates.sort_by_key(|(_, evidence)| *evidence);
    named_first(&mut candidates, &places);
    let best = candidates.first().map(|(_, evidence)| *evidence);
    let rivals = candidates
        .iter()
        .filter(|(_, evidence)| Some(*evidence) == best)
        .count();
    let conflict = rivals > 1;
    Own {
        key: candidates
            .first()
            .filter(|_| !conflict)
            .map(|(key, _)| key.clone()),
        evidence: best.filter(|_| !conflict),
        conflict,
        candidates,
    }
}

/// Of several at the head of the first page the one behind the words "neutral citation" is the document's, if it is
/// the only such one: the line of another may break before it.
fn named_first(candidates: &mut Vec<(String, Evidence)>, places: &[Place]) {
    if candidates.first().map(|(_, best)| *best) != Some(Evidence::Masthead) {
        return;
    }
    let named: HashSet<String> = places
        .iter()
        .filter(|place| place.labelled && place.masthead && !place.cited)
        .map(|place| bare(&place.key))
        .collect();
    let is_named = |key: &str| named.contains(&bare(key));
    if candidates.iter().filter(|(key, _)| is_named(key)).count() == 1 {
        candidates.retain(|(key, best)| *best != Evidence::Masthead || is_named(key));
    }
}

/// How many years a key is from the year of decision; none where that is not known.
fn years_away(key: &str, decided: Option<u16>) -> u16 {
    let year = key.get(..4).and_then(|year| year.parse::<u16>().ok());
    match (year, decided) {
        (Some(year), Some(decided)) => year.abs_diff(decided),
        (None, Some(_)) => u16::MAX,
        (_, None) => 0,
    }
}

/// A key without the tag of the bench: with it and without it is one citation.
fn bare(key: &str) -> String {
    match key.rsplit_once('-') {
        Some((head, "DB" | "FB" | "SB")) => head.to_owned(),
        _ => key.to_owned(),
    }
}

/// The citations that stand on lines of their own on enough pages.
fn stamped(places: &[Place]) -> HashSet<String> {
    let mut pages: HashMap<String, (usize, Option<usize>)> = HashMap::new();
    for place in places.iter().filter(|place| place.lone() && !place.cited) {
        let (count, last) = pages.entry(bare(&place.key)).or_default();
        // Places come page by page.
        if *last != Some(place.page) {
            *count += 1;
            *last = Some(place.page);
        }
    }
    pages
        .into_iter()
        .filter(|(_, (count, _))| *count >= STAMPED)
        .map(|(key, _)| key)
        .collect()
}

/// The keys of the document's own numbers, as the scanner writes them.
fn own_keys(identity: Identity<'_>) -> Vec<String> {
    identity
        .case_numbers
        .iter()
        .copied()
        .chain(identity.cnr)
        .flat_map(|number| scan(number, MOST).found)
        .filter(|found| matches!(found.kind, Kind::Cnr | Kind::CaseNumber | Kind::Diary))
        .map(|found| found.key)
        .collect()
}

fn collect(text: &str, at: Sheet, numbers: &[String], into: &mut Vec<Place>) {
    let Sheet {
        page,
        last_page,
        furniture,
    } = at;
    let found = scan(text, MOST).found;
    for (index, item) in found.iter().enumerate() {
        if item.kind != Kind::Neutral {
            continue;
        }
        let (line_start, line_end) = line(text, item.start, item.end);
        // The Supreme Court Reports head a judgment with both: "[2024] 6 S.C.R. 594 : 2024 INSC 401".
        let begin = match index.checked_sub(1).and_then(|n| found.get(n)) {
            Some(other)
                if page == 0
                    && item.start < HEADLINE
                    && other.start >= line_start
                    && other.key.contains(" SCR ")
                    && item.start - other.end < 8 =>
            {
                other.start
            }
            _ => item.start,
        };
        let head = text.get(line_start..begin).unwrap_or("");
        let tail = text.get(item.end..line_end).unwrap_or("");
        let labelled =
            is_label(head) || (head.trim().is_empty() && is_label(previous_line(text, line_start)));
        into.push(Place {
            key: item.key.clone(),
            page,
            furniture,
            alone: stands_alone(head, tail),
            labelled,
            masthead: page == 0 && item.start < MASTHEAD,
            edge: (page == 0 || page == last_page)
                && item.resolved
                && item.key.contains(':')
                && head.trim().is_empty()
                && !is_footnote_mark(previous_line(text, line_start))
                && at_edge(text, line_start, line_end),
            beside: found
                .iter()
                .skip(index.saturating_sub(4))
                .take(9)
                .any(|other| is_beside(other, item, numbers)),
            cited: is_cited(text, item, &found, index),
        });
    }
}

fn is_beside(other: &Found, item: &Found, numbers: &[String]) -> bool {
    let gap = if other.start >= item.end {
        other.start - item.end
    } else {
        item.start.saturating_sub(other.end)
    };
    gap <= BESIDE && numbers.contains(&other.key)
}

fn evidence(place: &Place, stamped: &HashSet<String>) -> Option<Evidence> {
    if place.furniture {
        return Some(Evidence::Stamp);
    }
    if place.cited {
        return None;
    }
    if place.lone() && stamped.contains(&bare(&place.key)) {
        return Some(Evidence::Stamp);
    }
    if place.lone() && place.masthead {
        return Some(Evidence::Masthead);
    }
    if place.beside && (place.lone() || place.masthead) {
        return Some(Evidence::Beside);
    }
    (place.alone && place.edge).then_some(Evidence::Edge)
}

/// A line is looked at this far to either side.
const LINE: usize = 400;

/// The line around a span.
fn line(text: &str, start: usize, end: usize) -> (usize, usize) {
    let b = text.as_bytes();
    let low = start.saturating_sub(LINE);
    let mut from = b[low..start]
        .iter()
        .rposition(|c| *c == b'\n')
        .map_or(low, |n| low + n + 1);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let high = (end + LINE).min(b.len());
    let mut to = b[end..high]
        .iter()
        .position(|c| *c == b'\n')
        .map_or(high, |n| end + n);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    (from, to)
}

fn previous_line(text: &str, line_start: usize) -> &str {
    let Some(end) = line_start.checked_sub(1) else {
        return "";
    };
    if text.as_bytes().get(end) != Some(&b'\n') {
        return "";
    }
    let (from, to) = line(text, end, end);
    text.get(from..to).unwrap_or("")
}

/// "Neutral Citation No. -", "NC:", at the end of what stands before.
fn is_label(head: &str) -> bool {
    let letters: String = head
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    [
        "neutralcitation",
        "neutralcitationno",
        "neutralcitationnumber",
        "nc",
        "ncno",
    ]
    .iter()
    .any(|label| letters == *label)
        || letters.len() < 60
            && (letters.ends_with("neutralcitationno") || letters.ends_with("neutralcitation"))
            && head.len() < 80
            && !head.contains([',', ';'])
}

/// Whether a line holds little but the citation: labels, numbers, a page mark, words in capitals.
fn stands_alone(head: &str, tail: &str) -> bool {
    let prose = |text: &str| {
        text.split_whitespace()
            .filter(|word| {
                word.len() > 1
                    && word
                        .bytes()
                        .all(|c| c.is_ascii_lowercase() || matches!(c, b',' | b'.' | b';'))
            })
            .count()
    };
    // Glued or following signature lines are no prose about the citation.
    let signature = tail.trim_start().starts_with("This is a digitally");
    let head_letters = head.chars().filter(|c| c.is_alphabetic()).count();
    let before = prose(head) == 0
        && (head_letters <= 60)
        && !head.trim_end().ends_with([',', ';', ':', '=', 'v']);
    before && (signature || prose(tail) <= 1) && !tail.trim_start().starts_with([',', ';', ']'])
        || is_label(head) && (signature || prose(tail) <= 1)
}

/// A line that is only a small number: what follows is a footnote, or a page.
fn is_footnote_mark(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|c| c.is_ascii_digit())
}

/// Whether the line is one of the first three or the last three of its page.
fn at_edge(text: &str, line_start: usize, line_end: usize) -> bool {
    let few = |part: Option<&str>| {
        part.is_some_and(|part| {
            part.len() < 4 * LINE && part.lines().filter(|line| !line.trim().is_empty()).count() < 3
        })
    };
    few(text.get(..line_start)) || few(text.get(line_end..))
}

/// Words that lead to somebody else's citation.
const CITING: &[&str] = &[
    "reported",
    "held in",
    "case of",
    "versus",
    " vs",
    " v.",
    " v/s",
    "reliance",
    "relied",
    "judgment in",
    "judgement in",
    "decision in",
    "decision of",
    "judgment of",
    "order in",
    "following",
    "view of",
    "see",
    "cited",
    "also in",
    "titled",
    "in terms of",
    "passed in",
    "dated",
    "laid down",
    "referred",
    "others",
    "anr",
    "ors",
    "another",
    "in re",
];

fn is_cited(text: &str, item: &Found, found: &[Found], index: usize) -> bool {
    // Beside a report of other judgments: "(2023) 5 SCC 1 : 2023 INSC 90".
    let parallel = |other: Option<&Found>| {
        other.is_some_and(|other| {
            matches!(other.kind, Kind::Reporter | Kind::Foreign)
                && !other.key.contains("SCR")
                && other
                    .start
                    .saturating_sub(item.end)
                    .max(item.start.saturating_sub(other.tail))
                    < 8
        })
    };
    if parallel(found.get(index + 1)) || (index > 0 && parallel(found.get(index - 1))) {
        return true;
    }
    let from = item.start.saturating_sub(60);
    let from = (from..item.start)
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(item.start);
    let before = text.get(from..item.start).unwrap_or("");
    // A blank line or the line before a stamp is another thing.
    let same_line = before.rsplit('\n').next().unwrap_or("");
    let words = same_line.to_lowercase();
    let leads = |words: &str| CITING.iter().any(|phrase| words.contains(phrase));
    let open_line = before.trim_end().ends_with([',', '(', '[', ';'])
        || before.trim_end().ends_with(" in")
        || before.trim_end().ends_with("vs")
        || before.trim_end().ends_with("v.");
    leads(&words) && !is_label(same_line) || (same_line.trim().is_empty() && open_line)
}
