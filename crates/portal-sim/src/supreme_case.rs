//! The judgments that the Supreme Court's own search finds: the reports of the docket and the judgments of
//! its feed.

use jiff::civil::Date;
use serde::Serialize;

use crate::cases::CaseBook;
use crate::day;
use crate::docket::{Docket, FeedItem};
use crate::feed;
use crate::names;
use crate::random::Draw;
use crate::row::{Row, RowId, UNDATED};

/// A judgment as the search of the Supreme Court's site gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupremeJudgment {
    /// Its row in the docket.
    pub row: RowId,
    /// Diary number.
    pub diary: u32,
    /// Year of that number.
    pub diary_year: u16,
    /// The case as printed: `C.A. No.-000131-000131 - 2004`.
    pub number: String,
    /// The party who appealed.
    pub petitioner: String,
    /// The party against whom.
    pub respondent: String,
    /// Who appeared: for the first party and for the second; empty at times.
    pub advocates: (String, String),
    /// The judges.
    pub judges: Vec<String>,
    /// Who wrote it.
    pub author: String,
    /// When it was given.
    pub on: Date,
    /// Its neutral citation.
    pub citation: Option<String>,
    /// Languages and paths of its documents, the original first.
    pub links: Vec<(String, String)>,
}

const LANGUAGES: &[(&str, &str)] = &[
    ("HIN", "Hindi"),
    ("PUN", "Punjabi"),
    ("TAM", "Tamil"),
    ("BEN", "Bengali"),
    ("MAR", "Marathi"),
    ("GUJ", "Gujarati"),
    ("KAN", "Kannada"),
    ("MAL", "Malayalam"),
    ("ORI", "Odia"),
    ("URD", "Urdu"),
];

/// Judgments from before this year lie in one folder, by a number alone.
const NUMBERED: i16 = 2010;

/// All judgments, by date.
pub(crate) fn all(docket: &Docket) -> Vec<SupremeJudgment> {
    let rows = docket.all_rows();
    let reports = (docket.split()..rows.len() as u32).filter_map(|id| {
        let row = rows.get(id as usize).filter(|row| row.day != UNDATED)?;
        Some(report(docket, RowId(id), row))
    });
    let items = docket.feed_items().filter(|(_, item)| item.judgment);
    let mut all: Vec<SupremeJudgment> = reports
        .chain(items.map(|(id, item)| listed(id, item)))
        .collect();
    all.sort_by_key(|judgment| (judgment.on, judgment.row));
    all
}

fn report(docket: &Docket, id: RowId, row: &Row) -> SupremeJudgment {
    let case = docket.case(row);
    let mut draw = Draw::of(&[row.case_seed(docket.seed()), 97]);
    let on = day::from_number(row.day);
    let diary = draw.between(100, 59_999);
    let diary_year = row.year.saturating_sub(draw.below(6) as u16);
    let stem = if on.year() < NUMBERED {
        format!("/jonew/judis/{}", 20_000 + id.0)
    } else {
        stem(diary, diary_year, on, &mut draw)
    };
    let mut links = vec![("English".to_owned(), format!("{stem}.pdf"))];
    let languages = case.report.iter().flat_map(|report| &report.languages);
    links.extend(languages.filter_map(|code| {
        let (_, name) = LANGUAGES.iter().find(|(known, _)| known == code)?;
        Some(((*name).to_owned(), format!("{stem}_{code}.pdf")))
    }));
    let author = case
        .author
        .and_then(|place| case.judges.get(place).cloned());
    SupremeJudgment {
        row: id,
        diary,
        diary_year,
        number: case.number,
        petitioner: case.petitioner,
        respondent: case.respondent,
        advocates: advocates(&mut draw),
        author: author.or(case.judges.first().cloned()).unwrap_or_default(),
        judges: case.judges,
        on,
        citation: case
            .report
            .map(|report| report.neutral)
            .filter(|text| !text.is_empty()),
        links,
    }
}

fn listed(id: RowId, item: &FeedItem) -> SupremeJudgment {
    let facts = feed::facts(item, None);
    let mut draw = Draw::of(&[item.seed, 97]);
    let on = day::from_number(item.day);
    let judges: Vec<String> = (0..2)
        .map(|_| person(&mut draw))
        .map(|name| format!("HON'BLE MR. JUSTICE {name}"))
        .collect();
    let stem = stem(item.diary, item.diary_year, on, &mut draw);
    SupremeJudgment {
        row: id,
        diary: item.diary,
        diary_year: item.diary_year,
        number: facts.number,
        petitioner: facts.petitioner,
        respondent: facts.respondent,
        advocates: advocates(&mut draw),
        author: judges.first().cloned().unwrap_or_default(),
        judges,
        on,
        citation: None,
        links: vec![("English".to_owned(), format!("{stem}.pdf"))],
    }
}

/// `/supremecourt/2011/228/228_2011_7_1501_49155_Judgement_02-Jan-2024`.
fn stem(diary: u32, year: u16, on: Date, draw: &mut Draw) -> String {
    format!(
        "/supremecourt/{year}/{diary}/{diary}_{year}_{}_1501_{}_Judgement_{}",
        draw.between(1, 16),
        draw.between(10_000, 69_999),
        day::named(on)
    )
}

fn person(draw: &mut Draw) -> String {
    let region = draw.pick_ref(&names::REGIONS);
    let name = format!("{} {}", draw.pick(region.given), draw.pick(region.family));
    name.trim().to_uppercase()
}

fn advocates(draw: &mut Draw) -> (String, String) {
    let mut one = |share: f64| {
        if draw.chance(share) {
            person(draw)
        } else {
            String::new()
        }
    };
    (one(0.95), one(0.6))
}

impl CaseBook {
    /// The judgments of the Supreme Court, by date.
    pub(crate) fn supreme(&self) -> &[SupremeJudgment] {
        self.supreme.get_or_init(|| all(self.docket()))
    }
}
