//! A row in full: the facts a page prints, computed from the compact row.

use jiff::civil::Date;

use crate::bench;
use crate::day;
use crate::docket::Docket;
use crate::names;
use crate::prose;
use crate::random::{Draw, mix_text};
use crate::row::{Flaw, Row, UNDATED};

/// What a row prints. Texts are plain, without HTML entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) number: String,
    pub(crate) petitioner: String,
    pub(crate) respondent: String,
    pub(crate) judges: Vec<String>,
    /// The author's place among the judges.
    pub(crate) author: Option<usize>,
    pub(crate) cnr: String,
    pub(crate) registered: Option<String>,
    /// Decision date as printed.
    pub(crate) decided: String,
    /// The day it was decided, if that is a date.
    pub(crate) day: Option<Date>,
    pub(crate) disposal: Option<String>,
    pub(crate) excerpt: String,
    pub(crate) court: String,
    /// The path without its fragment.
    pub(crate) path: String,
    pub(crate) report: Option<Report>,
}

/// What only rows of the Supreme Court Reports have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// Second argument of `open_pdf`.
    pub(crate) year: String,
    /// `[2025] 5 S.C.R. 275`.
    pub(crate) citation: String,
    /// `2025 INSC 555`; empty on loaded rows that have none.
    pub(crate) neutral: String,
    /// Codes of the translations.
    pub(crate) languages: Vec<&'static str>,
}

impl Case {
    /// The two parties as one line.
    pub(crate) fn parties(&self) -> String {
        format!("{} Vs {}", self.petitioner, self.respondent)
    }
}

/// A party: a person, a firm or an office.
pub(crate) fn party(draw: &mut Draw, slug: &str, person: f64) -> String {
    if draw.chance(person) {
        let region = if slug == "sci" {
            draw.pick_ref(&names::REGIONS)
        } else {
            names::region(slug)
        };
        let name = format!("{} {}", draw.pick(region.given), draw.pick(region.family));
        return name.trim().to_owned();
    }
    match draw.below(10) {
        0..4 => names::state(slug).to_owned(),
        4..7 => {
            let (head, trade, tail) = (
                draw.pick(names::FIRM_HEADS),
                draw.pick(names::FIRM_TRADES),
                draw.pick(names::FIRM_TAILS),
            );
            format!("M/s {head} {trade} {tail}")
        }
        _ => draw.pick(names::OFFICES).to_owned(),
    }
}

/// Both parties of an invented case; all its orders share them.
pub(crate) fn parties(case_seed: u64, slug: &str) -> (String, String) {
    let mut draw = Draw::of(&[case_seed, 10]);
    let mut petitioner = party(&mut draw, slug, 0.75);
    let mut respondent = party(&mut draw, slug, 0.4);
    if petitioner == respondent {
        respondent.push_str(" (2)");
    }
    if draw.chance(0.2) {
        petitioner.push_str(draw.pick(names::TAILS));
    }
    if draw.chance(0.3) {
        respondent.push_str(draw.pick(names::TAILS));
    }
    if mix_text(slug).is_multiple_of(3) {
        return (petitioner.to_uppercase(), respondent.to_uppercase());
    }
    (petitioner, respondent)
}

/// The facts of an invented row.
pub(crate) fn invent(docket: &Docket, row: &Row) -> Case {
    if row.is_scr() {
        report(docket, row)
    } else {
        high_court(docket, row)
    }
}

fn high_court(docket: &Docket, row: &Row) -> Case {
    let slug = bench::bench(row.bench).map_or("delhi", |b| b.slug);
    let (petitioner, respondent) = parties(row.case_seed(docket.seed()), slug);
    let decided = day::from_number(row.day);
    let (number, registered) = number_and_registration(docket.seed(), row);
    let mut draw = Draw::of(&[row.order_seed(docket.seed()), 12]);
    let disposal = draw.pick(names::DISPOSALS).to_owned();
    let cnr = docket.cnr(row);
    let filed = if row.flaw == Some(Flaw::ImpossiblePath) {
        Date::new(2047, decided.month(), decided.day().min(28)).unwrap_or(decided)
    } else if draw.chance(docket.quirks().path_date_differs) {
        day::from_number(row.day + 1 + draw.below(5) as i32)
    } else {
        decided
    };
    let judges = docket.judge_names(row);
    let excerpt = prose::excerpt(&mut draw, slug, &number, &petitioner, &respondent, decided);
    Case {
        path: high_court_path(row, &cnr, filed, &mut draw),
        number,
        petitioner,
        respondent,
        judges,
        author: None,
        cnr,
        registered: Some(day::dashed(registered)),
        decided: printed_decision(row, decided),
        day: Some(decided),
        disposal: Some(disposal),
        excerpt,
        court: bench::bench(row.bench).map_or_else(String::new, |b| b.printed.clone()),
        report: None,
    }
}

/// The number of an invented case of a High Court, and the day on which it was registered.
pub(crate) fn number_and_registration(seed: u64, row: &Row) -> (String, Date) {
    let mut draw = Draw::of(&[row.case_seed(seed), 11]);
    let number = format!(
        "{}/{}/{}",
        draw.pick(names::CASE_TYPES),
        draw.between(1, 29_999),
        row.year
    );
    let registered = registration(&mut draw, row, day::from_number(row.day));
    (number, registered)
}

/// Decision date as printed: impossible on the rows marked so.
fn printed_decision(row: &Row, decided: Date) -> String {
    if row.flaw == Some(Flaw::ImpossibleDecision) {
        return "01-12-5000".to_owned();
    }
    day::dashed(decided)
}

/// Older files lie in a folder by year, without the leading `court/`.
fn high_court_path(row: &Row, cnr: &str, filed: Date, draw: &mut Draw) -> String {
    let folder = bench::bench(row.bench).map_or("unknown", |b| b.bench_code);
    let old = filed.year() < 2012 && draw.chance(0.5);
    let (head, year) = if old {
        ("", format!("{}/", filed.year()))
    } else {
        ("court/", String::new())
    };
    format!(
        "{head}cnrorders/{folder}/orders/{year}{cnr}_{}_{filed}.pdf",
        row.order
    )
}

/// A day of the CNR's year, not after the decision.
fn registration(draw: &mut Draw, row: &Row, decided: Date) -> Date {
    let last = day::number(decided);
    let first = Date::new(row.year as i16, 1, 2)
        .map_or(last, day::number)
        .min(last);
    let span = if row.year as i16 >= decided.year() {
        last - first
    } else {
        350
    };
    day::from_number(first + draw.below(span.max(1) as u32) as i32)
}

const LANGUAGES: &[&str] = &[
    "HIN", "PUN", "TAM", "BEN", "MAR", "GUJ", "KAN", "MAL", "ORI", "URD",
];

/// Where a report stands: volume and pages, all distinct within a year.
pub(crate) fn report_pages(row: &Row, docket_seed: u64) -> (u32, u32, u32) {
    let mut draw = Draw::of(&[row.case_seed(docket_seed), 13]);
    let place = row.serial.saturating_sub(1);
    if row.is_loaded() {
        // Serials of loaded rows are spread over a million numbers: twenty volumes hold them all.
        let first = 1 + place / 20;
        return (1 + place % 20, first, first + draw.between(3, 20));
    }
    let first = 1 + (place % 40) * 30 + draw.below(5);
    (1 + place / 40, first, first + draw.between(3, 20))
}

fn report(docket: &Docket, row: &Row) -> Case {
    let case_seed = row.case_seed(docket.seed());
    let (petitioner, respondent) = parties(case_seed, "sci");
    let mut draw = Draw::of(&[case_seed, 14]);
    let decided = day::from_number(row.day);
    let year = row.year.saturating_sub(draw.below(12) as u16).max(1950);
    let number = format!(
        "{} No. {}/{year}",
        draw.pick(names::SCR_TYPES),
        draw.between(1, 14_999)
    );
    let judges = docket.judge_names(row);
    let author = Some(draw.below(judges.len().max(1) as u32) as usize);
    let languages = if draw.chance(docket.quirks().translations) {
        let from = draw.below(LANGUAGES.len() as u32 - 2) as usize;
        LANGUAGES
            .iter()
            .skip(from)
            .take(1 + draw.below(2) as usize)
            .copied()
            .collect()
    } else {
        Vec::new()
    };
    Case {
        excerpt: prose::headnote(&mut draw),
        disposal: Some(draw.pick(names::SCR_DISPOSALS).to_owned()),
        decided: printed_decision(row, decided),
        day: Some(decided),
        report: Some(report_facts(
            row,
            docket.seed(),
            &row.year.to_string(),
            languages,
        )),
        path: report_path(row, docket.seed(), &row.year.to_string()),
        cnr: docket.cnr(row),
        number,
        petitioner: petitioner.to_uppercase(),
        respondent: respondent.to_uppercase(),
        judges,
        author,
        registered: None,
        court: "Supreme Court of India".to_owned(),
    }
}

/// `2025_5_275_330`.
pub(crate) fn report_path(row: &Row, docket_seed: u64, year: &str) -> String {
    let (volume, first, last) = report_pages(row, docket_seed);
    format!("{year}_{volume}_{first}_{last}")
}

/// Citations of a report.
pub(crate) fn report_facts(
    row: &Row,
    docket_seed: u64,
    year: &str,
    languages: Vec<&'static str>,
) -> Report {
    let (volume, first, _) = report_pages(row, docket_seed);
    let neutral = if row.day == UNDATED {
        String::new()
    } else {
        format!("{year} INSC {}", row.serial)
    };
    Report {
        year: year.to_owned(),
        citation: format!("[{year}] {volume} S.C.R. {first}"),
        neutral,
        languages,
    }
}
