//! Citations of judgments that the portals list: by them one document cites another.

use crate::bench;
use crate::case;
use crate::day;
use crate::docket::Docket;
use crate::random::Draw;
use crate::row::{Row, UNDATED};

/// Courts whose documents print a neutral citation, with their tokens and what stands between the parts.
const TOKENS: [(&str, &str, char); 8] = [
    ("delhi", "DHC", ':'),
    ("madras", "MHC", '/'),
    ("kerala", "KER", ':'),
    ("gujarat", "GUJHC", ':'),
    ("tripura", "THC", ':'),
    ("manipur", "MNHC", ':'),
    ("meghalaya", "MLHC", ':'),
    ("orissa", "OHC", ':'),
];

/// The citations that a document may choose from.
const CHOICE: usize = 4;

/// The neutral citation that the document of a High Court row prints of itself; rows that a fault added have none.
pub(crate) fn own(docket: &Docket, row: &Row) -> Option<String> {
    if row.is_loaded() || row.is_scr() || row.day == UNDATED {
        return None;
    }
    let slug = bench::bench(row.bench)?.slug;
    let (_, token, between) = TOKENS.iter().find(|(court, _, _)| *court == slug)?;
    let place = docket
        .all_rows()
        .partition_point(|other| other.key() < row.key());
    // Its place is a number that no other row has.
    docket.all_rows().get(place).filter(|found| *found == row)?;
    let year = day::from_number(row.day).year();
    Some(format!("{year}{between}{token}{between}{}", place + 1))
}

/// All citations of a row's judgment.
pub(crate) fn all_of(docket: &Docket, row: &Row) -> Vec<String> {
    if row.is_loaded() {
        return Vec::new();
    }
    if !row.is_scr() {
        return own(docket, row).into_iter().collect();
    }
    let facts = case::report_facts(row, docket.seed(), &row.year.to_string(), Vec::new());
    [facts.citation, facts.neutral]
        .into_iter()
        .filter(|citation| !citation.is_empty())
        .collect()
}

/// Citations of other judgments of the docket, for the document of a row.
pub(crate) fn drawn(docket: &Docket, row: &Row) -> Vec<String> {
    let rows = docket.all_rows();
    let mut draw = Draw::of(&[row.order_seed(docket.seed()), 34]);
    let mut citations = Vec::new();
    for _ in 0..CHOICE {
        let place = draw.below(rows.len().max(1) as u32) as usize;
        let Some(other) = rows.get(place).filter(|other| *other != row) else {
            continue;
        };
        let all = all_of(docket, other);
        let choice = draw.below(all.len().max(1) as u32) as usize;
        citations.extend(all.get(choice).cloned());
    }
    citations
}
