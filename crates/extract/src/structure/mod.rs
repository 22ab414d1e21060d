//! The structure of a judgment: what its masthead, its headings and its end say of it.
//!
//! [`read`] takes the pages of a document and finds the court, bench, case numbers, parties, judges,
//! dates, lawyers, marked parts, numbered paragraphs, quotations, result and signatories, each with
//! the words as printed, an even value, the place and a confidence; and sets it beside what the
//! portal says. What is not found is not there: nothing is guessed.
//!
//! The masthead is cut from the first pages by its heading (`JUDGMENT`, `ORDER`, …). Within it the
//! things that have a form of their own (courts, case numbers, dates, judges, appearances) are found
//! first; the parties are what is left on either side of "versus". The words by which things are
//! known, in the languages of the courts, are data: `data/reference/structure-words.toml`.
//!
//! Positions are characters (Unicode scalar values) of the page's `text`, or of its `furniture` where
//! the element says so. Time and memory are linear in the text; mastheads and ends are read up to a
//! fixed length.
//!
//! ```
//! use nirnay_extract::{page_text, structure};
//!
//! let page = page_text(1, "IN THE HIGH COURT OF DELHI AT NEW DELHI\nW.P.(C) 1065/2021\nA. B. MILLS ..... Petitioner\n\
//!     versus\nUNION OF INDIA & ORS. ..... Respondents\nCORAM:\nHON'BLE MS. JUSTICE C. D. RAO\nORDER\n% 15.04.2024\n\
//!     1. The petition is dismissed as withdrawn.");
//! let found = structure::read(&[page], None);
//! assert_eq!(found.court_code.as_deref(), Some("7_26"));
//! assert_eq!(found.cases[0].found.value, "W.P.(C)/1065/2021");
//! assert_eq!(found.parties[1].found.value, "UNION OF INDIA");
//! assert_eq!(found.dates.decision.unwrap().value.to_string(), "2024-04-15");
//! ```

mod body;
mod case;
mod counsel;
mod court;
mod date;
mod found;
mod judge;
mod kind;
mod masthead;
mod name;
mod outcome;
mod parts;
mod party;
mod pattern;
mod patterns;
mod portal;
mod rows;
mod words;
mod zone;

use std::ops::Range;

use jiff::civil::Date;
use nirnay_model::{Judgment, PageCondition, PageText};

pub use found::Found;
pub use parts::{
    CaseEntry, Counsel, CourtLevel, DateKind, Dates, Kind, Paragraph, Party, Relation, Role,
    Section, SectionKind, Side, Span, Structure, Unread,
};
pub use portal::{Agreement, Comparison};
pub use rows::Element;

use masthead::Masthead;
use zone::Zone;

/// The masthead lies within this many characters of body text.
const HEAD: usize = 30_000;

/// The result and the signatures lie within this many characters of the end.
const TAIL: usize = 9_000;

/// Furniture is looked at up to this many characters.
const FURNITURE: usize = 4_000;

/// A list of lawyers is read up to this many characters.
const LAWYERS: usize = 16_000;

/// Fewer letters than this are no text to read.
const FEWEST_LETTERS: usize = 40;

/// What a name with the letters of a judge's office or under a judge's dots is trusted, at least.
const SIGNED_AS_JUDGE: f32 = 0.84;

/// What text with wrong letters (a broken table of Unicode values) is trusted.
const TRUST_IN_BROKEN: f32 = 0.6;

/// Reads the structure of a document from the texts of its pages.
///
/// Scanned and garbled pages are left out; where none is left the structure is empty and says why.
pub fn read(pages: &[PageText], portal: Option<&Judgment>) -> Structure {
    let readable: Vec<&PageText> = pages.iter().filter(|page| is_readable(page)).collect();
    let letters: usize = readable
        .iter()
        .flat_map(|page| page.text.chars())
        .filter(|c| c.is_alphabetic())
        .take(FEWEST_LETTERS)
        .count();
    let mut structure = if letters < FEWEST_LETTERS {
        Structure {
            unread: Some(why_unread(pages)),
            ..Structure::default()
        }
    } else {
        read_pages(&readable)
    };
    if let Some(portal) = portal {
        structure.portal = portal::compare(&structure, portal);
        structure.conflicts = structure
            .portal
            .iter()
            .filter(|comparison| comparison.agreement == Agreement::Conflict)
            .map(|comparison| comparison.field.clone())
            .collect();
    }
    structure
}

/// The dates on which a document says that it was decided or pronounced; none where it says neither.
pub fn decided(pages: &[PageText]) -> Vec<Date> {
    let dates = read(pages, None).dates;
    let said = [dates.decision, dates.pronounced].into_iter().flatten();
    said.map(|found| found.value).collect()
}

fn is_readable(page: &PageText) -> bool {
    matches!(
        page.condition,
        PageCondition::Readable | PageCondition::LegacyConverted | PageCondition::BrokenUnicode
    )
}

fn why_unread(pages: &[PageText]) -> Unread {
    let any = |conditions: &[PageCondition]| {
        pages
            .iter()
            .any(|page| conditions.contains(&page.condition))
    };
    if any(&[PageCondition::Garbled, PageCondition::LegacyFont]) {
        Unread::Garbled
    } else if any(&[PageCondition::Scanned]) || pages.iter().any(|page| page.needs_ocr) {
        Unread::Scanned
    } else {
        Unread::NoText
    }
}

fn read_pages(pages: &[&PageText]) -> Structure {
    let broken = pages
        .first()
        .is_some_and(|page| page.condition == PageCondition::BrokenUnicode);
    let trust = if broken { TRUST_IN_BROKEN } else { 1.0 };
    let head = Zone::head(pages.iter().copied(), HEAD, trust);
    let tail = Zone::tail(pages, TAIL, trust);
    let masthead = Masthead::of(&head);
    let body = body::read(pages);
    let mut structure = read_masthead(&head, &masthead, &tail);
    read_furniture(pages, trust, &mut structure);
    structure.result = outcome::result(&tail, &structure.cases);
    structure.signatories = judge::signatories(&tail);
    structure.reportable = outcome::reportable(&head, masthead.end);
    let is_case = !structure.parties.is_empty() || !structure.coram.is_empty();
    if !is_case && structure.result.is_none() && structure.signatories.is_empty() {
        // Rules and notifications bear numbers and dates too.
        structure.cases.clear();
        structure.dates = Dates::default();
    }
    if structure.court.is_none() && is_case {
        let numbers: Vec<&str> = structure
            .cases
            .iter()
            .map(|case| &*case.found.text)
            .collect();
        if let Some(own) = court::of_own_citation(pages, &numbers, &head, trust) {
            structure.court_code = Some(own.code);
            structure.court_level = Some(own.level);
            structure.court = Some(own.court);
        }
    }
    let known = kind::Known {
        ended: structure.result.as_ref(),
        is_case,
        of_high_court: structure.court_level == Some(CourtLevel::High),
    };
    structure.kind = kind::kind(&head, &masthead, &tail, known);
    let is_other = structure
        .kind
        .as_ref()
        .is_some_and(|kind| kind.value == Kind::Other);
    if is_other {
        structure.cases.clear();
        structure.dates = Dates::default();
        structure.result = None;
    }
    if structure.appearances.is_empty() {
        structure.appearances = listed_counsel(pages, &body.sections, trust);
    }
    if !is_other {
        judges_of(&mut structure, is_case);
    }
    structure.sections = body.sections;
    structure.paragraphs = body.paragraphs;
    structure.quotes = body.quotes;
    structure
}

fn read_masthead(head: &Zone, masthead: &Masthead, tail: &Zone) -> Structure {
    let court = court::read(head, masthead.end);
    let cases = case::read(head, 0..masthead.end);
    let coram = judge::read(head, masthead.end);
    let counsel = counsel::read(head, masthead.end, &masthead.roles, &coram.spans);
    // Delhi prints the date under the heading, alone on its line.
    let behind = head.text().floor_char_boundary(masthead.end + 160);
    let mut found_dates = date::all(head, 0..masthead.end);
    found_dates.extend(
        date::all(head, masthead.end..behind)
            .into_iter()
            .filter(|dated| {
                let is_end = matches!(dated.kind, Some(DateKind::Decision | DateKind::Pronounced));
                dated.alone || dated.kind == Some(DateKind::Pronounced) || (dated.caption && is_end)
            }),
    );
    let last = date::all(tail, 0..tail.text().len());
    let title = found_dates.iter().find(|dated| is_title_date(head, dated));
    let registered = cases
        .entries
        .iter()
        .filter(|case| matches!(case.relation, Relation::Own | Relation::Connected))
        .filter_map(|case| case.year)
        .max();
    let bounds = date::Bounds::registered(registered);
    let dates = date::read(head, &found_dates, tail, &last, title, bounds);
    let mut stops: Vec<Range<usize>> = Vec::new();
    stops.extend(court.spans.iter().cloned());
    stops.extend(cases.spans.iter().cloned());
    stops.extend(coram.spans.iter().cloned());
    stops.extend(counsel.spans.iter().cloned());
    stops.extend(
        found_dates
            .iter()
            .filter(|dated| dated.kind.is_some() || dated.alone)
            .map(|dated| dated.whole.clone()),
    );
    let parties = party::read(head, masthead, &stops, !cases.entries.is_empty());
    let opening = masthead
        .heading
        .as_ref()
        .map_or(masthead.end..masthead.end, |(_, heading)| heading.clone());
    let author = coram.author.or_else(|| judge::author(head, &opening));
    let mut judges = coram.judges;
    if judges.is_empty() {
        judges.extend(court.judge);
    }
    Structure {
        court: court.court,
        court_code: court.code,
        court_level: court.level,
        bench: court.bench,
        jurisdiction: court.jurisdiction,
        cases: cases.entries,
        parties,
        coram: judges,
        author,
        dates,
        appearances: counsel.counsel,
        ..Structure::default()
    }
}

/// `A vs B on 15 December, 2004`, the title line of an index of judgments.
fn is_title_date(head: &Zone, dated: &date::Dated) -> bool {
    if dated.span.start > 400 {
        return false;
    }
    let before = head.get(0..dated.span.start);
    before.trim_end().ends_with(" on") && before.contains(" vs ")
}

/// What stands in running heads only: the court and the case number of a page that prints neither.
fn read_furniture(pages: &[&PageText], trust: f32, structure: &mut Structure) {
    if structure.court.is_some() && !structure.cases.is_empty() {
        return;
    }
    let zone = Zone::furniture(pages.iter().take(2).copied(), FURNITURE, trust * 0.9);
    let end = zone.text().len();
    if structure.court.is_none() {
        let court = court::read(&zone, end);
        if court.code.is_some() {
            structure.court = court.court;
            structure.court_code = court.code;
            structure.court_level = court.level;
            structure.bench = court.bench;
        }
    }
    if structure.cases.is_empty() {
        structure.cases = case::read(&zone, 0..end).entries;
    }
}

/// The lawyers of a part "Appearances for Parties".
fn listed_counsel(pages: &[&PageText], sections: &[Section], trust: f32) -> Vec<Counsel> {
    let Some(section) = sections
        .iter()
        .find(|section| section.kind == SectionKind::Appearances && section.span.end_page > 0)
    else {
        return Vec::new();
    };
    let span = section.span;
    let parts = pages
        .iter()
        .filter(|page| (span.page..=span.end_page).contains(&page.page))
        .take(8);
    let zone = Zone::within(parts.copied(), &span, LAWYERS, trust);
    counsel::under_heading(&zone)
}

/// Fills the coram from the signatures where the masthead names no judge, and the author where there
/// is one judge only; completes an author's surname. Where nothing else says that it is a case, a name over the word
/// for an office is no judge's: the list of courts in a notification has such.
fn judges_of(structure: &mut Structure, is_case: bool) {
    if structure.coram.is_empty() {
        structure.coram = structure
            .signatories
            .iter()
            .filter(|judge| is_case || judge.confidence >= SIGNED_AS_JUDGE)
            .cloned()
            .map(|mut judge| {
                judge.confidence = (judge.confidence * 90.0).round() / 100.0;
                judge
            })
            .collect();
    }
    if structure.coram.is_empty() {
        structure.coram.extend(structure.author.clone());
    }
    if let Some(author) = &mut structure.author {
        let letters = name::letters(&author.value);
        let full = structure
            .coram
            .iter()
            .find(|judge| name::letters(&judge.value).ends_with(&letters));
        if let Some(full) = full {
            author.value.clone_from(&full.value);
        }
    } else if let [only] = structure.coram.as_slice() {
        let mut author = only.clone();
        author.confidence = author.confidence.min(0.6);
        structure.author = Some(author);
    }
}

#[cfg(test)]
mod layouts;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
