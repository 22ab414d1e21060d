//! The lists beside the results: courts, years and judges with their counts.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::bench;
use crate::changes::Changes;
use crate::day;
use crate::docket::Docket;
use crate::markup::escape;
use crate::query::{Filter, Found};
use crate::row::{NONE16, RowId, UNDATED};

/// The three lists as HTML.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facets {
    pub(crate) courts: String,
    pub(crate) years: String,
    pub(crate) judges: String,
}

/// Lists made before: one search is paged through many times.
#[derive(Debug, Default)]
pub(crate) struct FacetCache(Vec<(Filter, u64, Facets)>);

const CACHED: usize = 32;

/// The most judges listed.
const JUDGES: usize = 100;

impl FacetCache {
    /// The lists of a search.
    pub(crate) fn of(
        &mut self,
        docket: &Docket,
        changes: &Changes,
        filter: &Filter,
        found: &Found<'_>,
    ) -> Facets {
        let version = changes.version();
        if let Some((_, _, facets)) = self.0.iter().find(|(f, v, _)| f == filter && *v == version) {
            return facets.clone();
        }
        let facets = count(docket, changes, &found.page(0, found.total()));
        self.0.push((filter.clone(), version, facets.clone()));
        if self.0.len() > CACHED {
            self.0.remove(0);
        }
        facets
    }
}

/// The lists of these rows.
pub(crate) fn count(docket: &Docket, changes: &Changes, ids: &[RowId]) -> Facets {
    let mut courts: HashMap<u16, u64> = HashMap::new();
    let mut years: HashMap<i16, u64> = HashMap::new();
    let mut judges: HashMap<u16, u64> = HashMap::new();
    for id in ids {
        let Some(row) = docket.row(*id).or_else(|| changes.row(*id)) else {
            continue;
        };
        if !row.is_scr() {
            *courts.entry(row.bench).or_default() += 1;
        }
        if row.day != UNDATED {
            *years.entry(day::from_number(row.day).year()).or_default() += 1;
        }
        for judge in row.judges.into_iter().filter(|judge| *judge != NONE16) {
            *judges.entry(judge).or_default() += 1;
        }
    }
    let mut by_court: Vec<(&str, &str, u64)> = Vec::new();
    for facts in bench::benches() {
        let rows = bench::benches_of(facts.slug)
            .iter()
            .filter_map(|b| courts.get(b))
            .sum();
        if rows > 0 && !by_court.iter().any(|c| c.0 == facts.portal_code) {
            by_court.push((facts.portal_code, &facts.printed, rows));
        }
    }
    let mut by_year: Vec<(i16, u64)> = years.into_iter().collect();
    by_year.sort_unstable_by_key(|year| std::cmp::Reverse(year.0));
    let mut by_judge: Vec<(&str, u64)> = judges
        .into_iter()
        .filter_map(|(j, n)| Some((docket.judge(j)?, n)))
        .collect();
    by_judge.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    by_judge.truncate(JUDGES);
    Facets {
        courts: by_court
            .iter()
            .map(|(code, name, n)| item(code, name, *n))
            .collect(),
        years: by_year
            .iter()
            .map(|(year, n)| item(&year.to_string(), &year.to_string(), *n))
            .collect(),
        judges: by_judge
            .iter()
            .map(|(name, n)| item(name, name, *n))
            .collect(),
    }
}

fn item(code: &str, name: &str, count: u64) -> String {
    // Apostrophes would end the argument; the portal doubles as its own victim here and drops them.
    let argument = |text: &str| escape(&text.replace('\'', ""));
    let mut out = String::new();
    write!(
        out,
        "<li><a href='#' onclick=\"javascript:get_details('','','{}','{}');\">{} \
         <span class='badge rounded-pill text-bg-light'>{count}</span></a></li>",
        argument(code),
        argument(name),
        escape(name)
    )
    .ok();
    out
}
