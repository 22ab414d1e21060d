//! Documents: what is written on the pages of a judgment.

use std::path::PathBuf;

use bytes::Bytes;

use crate::authority;
use crate::bench;
use crate::case::Case;
use crate::day;
use crate::docket::{Docket, FeedItem};
use crate::feed;
use crate::pdf::{self, LINES_A_PAGE, Line, Page};
use crate::prose::{self, Cast};
use crate::random::Draw;
use crate::row::Row;

/// The document of a row: its own file, one of the files given, or an invented one. `version` counts
/// how often it was replaced: each time another document of the same case.
pub(crate) fn of_row(docket: &Docket, row: &Row, version: u32) -> Option<Bytes> {
    let seed = row.order_seed(docket.seed());
    let amended = |mut bytes: Vec<u8>| {
        if version > 0 {
            bytes.extend_from_slice(format!("\n%version {version}\n").as_bytes());
        }
        Bytes::from(bytes)
    };
    if let Some(path) = docket.stored(row).and_then(|stored| stored.pdf.as_ref()) {
        return std::fs::read(path).ok().map(amended);
    }
    let (files, stamp) = docket.pdfs();
    if !files.is_empty() {
        return dealt(files, stamp, seed).map(amended);
    }
    let case = docket.case(row);
    if is_scan(docket, row) {
        return Some(scan(&case, &mut edition(seed, 30, version)).into());
    }
    let (lines, _) = invented(docket, row, version);
    Some(pdf::write(&case.number, &paged(lines)).into())
}

/// The lines of an invented document and the citations in them.
fn invented(docket: &Docket, row: &Row, version: u32) -> (Vec<Line>, Vec<String>) {
    let place = bench::bench(row.bench).map_or_else(
        || "IN THE SUPREME COURT OF INDIA".to_owned(),
        |b| format!("IN THE {}", b.printed.to_uppercase()),
    );
    let mut draw = edition(row.order_seed(docket.seed()), 30, version);
    let case = docket.case(row);
    let cited = (authority::own(docket, row), authority::drawn(docket, row));
    judgment(&case, (&place, cited.0.as_deref(), &cited.1), &mut draw)
}

/// The citations in the first document of a row, in order, as far as they are on its pages.
pub(crate) fn cited(docket: &Docket, row: &Row) -> Vec<String> {
    if row.is_loaded() || !docket.pdfs().0.is_empty() || is_scan(docket, row) {
        return Vec::new();
    }
    let (lines, mut cited) = invented(docket, row, 0);
    let printed: Vec<&str> = lines
        .iter()
        .take(LINES_A_PAGE * MOST_PAGES)
        .flat_map(|line| line.text.split_whitespace())
        .collect();
    let printed = printed.join(" ");
    cited.retain(|citation| {
        printed.match_indices(citation.as_str()).any(|(at, found)| {
            let next = printed
                .get(at + found.len()..)
                .and_then(|rest| rest.chars().next());
            next.is_none_or(|next| !next.is_ascii_digit())
        })
    });
    cited
}

/// The stream of a document; the first edition is named by its seed alone.
fn edition(seed: u64, purpose: u64, version: u32) -> Draw {
    match version {
        0 => Draw::of(&[seed, purpose]),
        _ => Draw::of(&[seed, purpose, u64::from(version)]),
    }
}

/// Whether the document of a row is a scan.
pub(crate) fn is_scan(docket: &Docket, row: &Row) -> bool {
    docket.pdfs().0.is_empty()
        && Draw::of(&[row.order_seed(docket.seed()), 31]).chance(docket.quirks().scans)
}

/// A translation of the document of a row: the same case under a line that names the language.
pub(crate) fn translation(docket: &Docket, row: &Row, language: &str) -> Bytes {
    let case = docket.case(row);
    let mut draw = Draw::of(&[
        row.order_seed(docket.seed()),
        32,
        crate::random::mix_text(language),
    ]);
    let place = format!("TRANSLATION ({language}) - SUPREME COURT OF INDIA");
    let (lines, _) = judgment(&case, (&place, None, &[]), &mut draw);
    pdf::write(&case.number, &paged(lines)).into()
}

/// A stamp behind the end mark makes the copies dealt to different rows differ, as real documents do.
fn dealt(files: &[PathBuf], stamp: bool, seed: u64) -> Option<Vec<u8>> {
    let path = files.get((seed % files.len() as u64) as usize)?;
    let mut bytes = std::fs::read(path).ok()?;
    if stamp {
        bytes.extend_from_slice(format!("\n%copy {seed:016x}\n").as_bytes());
    }
    Some(bytes)
}

/// A document of a court (its name, its own citation, others to cite): its lines and the citations in them.
fn judgment(
    case: &Case,
    (place, own, authorities): (&str, Option<&str>, &[String]),
    draw: &mut Draw,
) -> (Vec<Line>, Vec<String>) {
    let mut lines = vec![Line::bold(place), Line::plain("")];
    lines.push(Line::bold(case.number.clone()));
    lines.push(Line::plain(format!("CNR: {}", case.cnr)));
    if let Some(own) = own {
        lines.push(Line::plain(format!("Neutral Citation No. {own}")));
    }
    if let Some(report) = &case.report {
        lines.push(Line::plain(format!(
            "{} : {}",
            report.citation, report.neutral
        )));
    }
    lines.push(Line::plain(""));
    lines.extend(
        pdf::wrap(&format!("{} ... Petitioner(s)", case.petitioner))
            .into_iter()
            .map(Line::plain),
    );
    lines.push(Line::plain("                    Versus"));
    lines.extend(
        pdf::wrap(&format!("{} ... Respondent(s)", case.respondent))
            .into_iter()
            .map(Line::plain),
    );
    lines.push(Line::plain(""));
    if !case.judges.is_empty() {
        lines.extend(
            pdf::wrap(&format!("CORAM: {}", case.judges.join(", ")))
                .into_iter()
                .map(Line::plain),
        );
    }
    let date = case.day.map_or_else(|| case.decided.clone(), day::in_words);
    lines.push(Line::bold(if draw.chance(0.7) {
        "JUDGMENT"
    } else {
        "ORDER"
    }));
    lines.push(Line::plain(format!("Date of decision: {date}")));
    lines.push(Line::plain(""));
    let people = Cast {
        petitioner: &case.petitioner,
        respondent: &case.respondent,
        authorities,
        ..Cast::default()
    };
    body(&mut lines, draw, &people);
    lines.push(Line::plain(""));
    lines.extend(
        case.judges
            .iter()
            .map(|judge| Line::plain(format!("                              ({judge})"))),
    );
    (lines, people.cited.into_inner())
}

fn body(lines: &mut Vec<Line>, draw: &mut Draw, cast: &Cast<'_>) {
    let length = if draw.chance(0.4) {
        draw.between(1, 4)
    } else {
        draw.between(5, 26)
    };
    for (place, text) in prose::paragraphs(draw, cast, length).iter().enumerate() {
        lines.extend(
            pdf::wrap(&format!("{}. {text}", place + 1))
                .into_iter()
                .map(Line::plain),
        );
        lines.push(Line::plain(""));
    }
}

/// A longer document is cut.
const MOST_PAGES: usize = 6;

/// Lines on at most six pages, each with its number.
fn paged(lines: Vec<Line>) -> Vec<Page> {
    let count = lines.len().div_ceil(LINES_A_PAGE).clamp(1, MOST_PAGES);
    let mut pages = Vec::new();
    let mut lines = lines.into_iter();
    for number in 1..=count {
        let mut page: Vec<Line> = lines.by_ref().take(LINES_A_PAGE).collect();
        page.push(Line::plain(format!(
            "                                        Page {number} of {count}"
        )));
        pages.push(Page::Text(page));
    }
    pages
}

/// A page without a text layer: grey paper with dark bars where lines would be.
fn scan(case: &Case, draw: &mut Draw) -> Vec<u8> {
    const WIDTH: u32 = 124;
    const HEIGHT: u32 = 175;
    let mut pages = Vec::new();
    for _ in 0..draw.between(1, 3) {
        let mut grey: Vec<u8> = (0..WIDTH * HEIGHT)
            .map(|_| 236 + draw.below(14) as u8)
            .collect();
        for line in 0..32 {
            let end = draw.between(60, 112);
            for x in 12..end {
                let ink = draw.chance(0.8);
                let at = ((14 + line * 5) * WIDTH + x) as usize;
                if let Some(pixel) = grey.get_mut(at).filter(|_| ink) {
                    *pixel = 40;
                }
            }
        }
        pages.push(Page::Scan {
            width: WIDTH,
            height: HEIGHT,
            grey,
        });
    }
    pdf::write(&case.number, &pages)
}

/// The document of a feed row.
pub(crate) fn of_feed(item: &FeedItem, version: u32) -> Bytes {
    let facts = feed::facts(item, None);
    let mut draw = edition(item.seed, 33, version);
    let date = day::from_number(item.day);
    let mut lines = vec![
        Line::bold("IN THE SUPREME COURT OF INDIA"),
        Line::plain(""),
        Line::bold(facts.number.clone()),
        Line::plain(format!("Diary No. {}/{}", item.diary, item.diary_year)),
        Line::plain(""),
        Line::plain(format!("{} ... Appellant(s)", facts.petitioner)),
        Line::plain("                    Versus"),
        Line::plain(format!("{} ... Respondent(s)", facts.respondent)),
        Line::plain(""),
        Line::bold(if item.judgment { "JUDGMENT" } else { "ORDER" }),
        Line::plain(format!("Date: {}", day::in_words(date))),
        Line::plain(""),
    ];
    body(
        &mut lines,
        &mut draw,
        &Cast {
            petitioner: &facts.petitioner,
            respondent: &facts.respondent,
            ..Cast::default()
        },
    );
    pdf::write(&facts.number, &paged(lines)).into()
}
