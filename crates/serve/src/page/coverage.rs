//! What the lake holds: a heat map of courts and years, the sums, what is open.

use maud::{Markup, html};

use super::layout::{Layout, count, plural};
use crate::ask::Ask;
use crate::coverage::{CourtCoverage, Coverage};
use nirnay_index::FacetName;

/// Shades of the heat map above none.
const SHADES: u64 = 5;
/// Open windows that are listed on the page; the API has more.
const MOST_HOLES: usize = 100;

/// The page.
pub(crate) fn coverage(coverage: &Coverage) -> Markup {
    Layout {
        title: "Coverage",
        place: "Coverage",
        ask: Some(&Ask::default()),
        forms: vec![
            ("JSON", "/api/v1/coverage".to_owned()),
            ("CSV", "/api/v1/coverage?format=csv".to_owned()),
            ("Parquet", "/api/v1/coverage?format=parquet".to_owned()),
        ],
        main: html! {
            h1 { "What this lake holds" }
            (summary(coverage))
            (heat_map(coverage))
            (sums(coverage))
            (open(coverage))
        },
    }
    .page()
}

fn summary(coverage: &Coverage) -> Markup {
    html! {
        p {
            (plural(coverage.judgments, "judgment")) " in the tables, " (count(coverage.indexed)) " in the index. "
            "As of " time datetime=(coverage.as_of.to_string()) { (format!("{:.0}", coverage.as_of)) } ". "
            @if let Some(run) = &coverage.last_run {
                "Last crawl: " (run["pipeline"].as_str().unwrap_or("?"))
                @match run["finished_at"].as_str() {
                    Some(at) => { ", finished " (at.split('.').next().unwrap_or(at)) ", " (run["outcome"].as_str().unwrap_or("?")) ". " }
                    None => { ", running or interrupted. " }
                }
            }
        }
        @match coverage.complete {
            Some(true) => { p.note.good { "Every sum agrees: each window is proven, each listed PDF is stored or missing with a reason." } }
            Some(false) => { p.note.bad { "Not complete: " a href="#open" { (plural(coverage.holes.len() as u64, "hole")) } "." } }
            None => { p.note { "There is no ledger beside this index, so nothing can be proven." } }
        }
        p.quiet { "A count of documents is no count of judgments: a listed document may be an order." }
    }
}

/// A shade by logarithm: courts differ a thousandfold.
fn shade(number: u64, most: u64) -> u64 {
    if number == 0 || most == 0 {
        return 0;
    }
    let share = ((number + 1) as f64).ln() / ((most + 1) as f64).ln();
    ((share * SHADES as f64).ceil() as u64).clamp(1, SHADES)
}

fn heat_map(coverage: &Coverage) -> Markup {
    let most = coverage.most();
    html! {
        section aria-labelledby="map" {
            h2 #map { "Judgments by court and year" }
            div.wide tabindex="0" role="region" aria-labelledby="map" {
                table.heat {
                    caption.unseen { "Judgments of each court decided in each year; darker is more" }
                    thead {
                        tr {
                            th scope="col" { "Court" }
                            @for year in &coverage.years { th scope="col" { (name_of(*year)) } }
                            th scope="col" { "All" }
                        }
                    }
                    tbody {
                        @for court in coverage.courts.iter().filter(|court| court.judgments > 0) {
                            tr {
                                th scope="row" { a href={ "/search?" (of_court(court).address()) } { (court.name) } }
                                @for year in &coverage.years {
                                    @let number = court.years.get(year).copied().unwrap_or(0);
                                    td class={ "heat-" (shade(number, most)) } { (cell(court, *year, number)) }
                                }
                                td { (count(court.judgments)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn name_of(year: i16) -> String {
    if year == 0 {
        "no date".to_owned()
    } else {
        year.to_string()
    }
}

fn of_court(court: &CourtCoverage) -> Ask {
    Ask::default().with(FacetName::Court, &court.code)
}

fn cell(court: &CourtCoverage, year: i16, number: u64) -> Markup {
    html! {
        @if number == 0 { span.quiet { "0" } }
        @else if year == 0 { (count(number)) }
        @else {
            a href={ "/search?" (of_court(court).with(FacetName::Year, &year.to_string()).address()) } { (count(number)) }
        }
    }
}

fn sums(coverage: &Coverage) -> Markup {
    if coverage.complete.is_none() {
        return html! {};
    }
    html! {
        section aria-labelledby="sums" {
            h2 #sums { "The sums, court by court" }
            div.wide tabindex="0" role="region" aria-labelledby="sums" {
                table.sums {
                    caption.unseen { "What the portals list and what became of it" }
                    thead {
                        tr {
                            @for head in ["Court", "Listed", "= taken", "+ set aside", "+ twice", "PDFs stored", "PDFs missing", "PDFs to fetch", "Holes", "Last proven"] {
                                th scope="col" { (head) }
                            }
                        }
                    }
                    tbody {
                        @for court in &coverage.courts {
                            tr {
                                th scope="row" { (court.name) }
                                @for number in [court.listed, court.taken, court.set_aside, court.repeats, court.documents_stored, court.documents_missing, court.documents_open, court.holes as u64] {
                                    td { (count(number)) }
                                }
                                td { @match court.last_proven { Some(at) => (at.strftime("%Y-%m-%d").to_string()), None => "–" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn open(coverage: &Coverage) -> Markup {
    html! {
        @if !coverage.holes.is_empty() {
            section #open aria-labelledby="open-heading" {
                h2 #open-heading { "What is open" }
                ul { @for hole in coverage.holes.iter().take(MOST_HOLES) { li { (hole.what) } } }
                @if coverage.holes.len() > MOST_HOLES {
                    p.quiet { "and " (coverage.holes.len() - MOST_HOLES) " more: " code { "nirnay audit" } }
                }
            }
        }
        @if !coverage.alarms.is_empty() {
            section aria-labelledby="alarms" {
                h2 #alarms { "Alarms" }
                ul { @for alarm in &coverage.alarms { li { (alarm.to_string()) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_grow_with_the_number() {
        assert_eq!(shade(0, 1_000_000), 0);
        assert_eq!(shade(1, 1_000_000), 1);
        assert_eq!(shade(1_000_000, 1_000_000), SHADES);
        assert_eq!(shade(1, 1), SHADES);
        let shades: Vec<u64> = [1, 10, 100, 1_000, 10_000].map(|n| shade(n, 10_000)).into();
        assert!(shades.is_sorted() && shades.first() < shades.last());
    }
}
