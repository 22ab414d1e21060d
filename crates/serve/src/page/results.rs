//! A page of results.

use maud::{Markup, html};
use nirnay_index::{Hit, Resolved, Results};

use super::layout::{Layout, count, plural};
use super::sidebar::sidebar;
use super::text;
use crate::ask::Ask;
use crate::web::address;

/// A search with its answer.
pub(crate) struct Found<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) results: &'a Results,
    /// Matches of the query without what narrows it, where nothing was found.
    pub(crate) without_filters: Option<usize>,
    /// Judgments in the index.
    pub(crate) documents: u64,
}

/// Pages that are named around the present one.
const AROUND: usize = 2;

/// The page.
pub(crate) fn results(found: &Found<'_>) -> Markup {
    let (ask, results) = (found.ask, found.results);
    let state = ask.address();
    let title = if ask.query.is_empty() {
        "All judgments".to_owned()
    } else {
        ask.query.clone()
    };
    Layout {
        title: &title,
        place: "Search",
        ask: Some(ask),
        forms: forms(&state),
        main: html! {
            div.columns {
                section.results aria-labelledby="count" {
                    (heading(ask, results))
                    (chips(ask, results))
                    @if results.hits.is_empty() {
                        (empty(found))
                    } @else {
                        (list(ask, results))
                        (pages(ask, results))
                        (exports(&state, results))
                    }
                }
                (sidebar(ask, &results.facets))
            }
        },
    }
    .page()
}

fn forms(state: &str) -> Vec<(&'static str, String)> {
    let export = |format: &str| format!("/api/v1/export?{state}&format={format}");
    vec![
        ("JSON", format!("/api/v1/search?{state}")),
        ("CSV", export("csv")),
        ("JSON lines", export("jsonl")),
        ("Parquet", export("parquet")),
    ]
}

fn heading(ask: &Ask, results: &Results) -> Markup {
    let milliseconds = results.elapsed.as_secs_f64() * 1e3;
    let first = (ask.page - 1) * ask.per_page + 1;
    let last = first + results.hits.len().saturating_sub(1);
    html! {
        h1 #count tabindex="-1" {
            @if results.total == 0 { "No judgment matches" }
            @else { (plural(results.total as u64, "judgment")) }
        }
        p.quiet {
            @if !results.hits.is_empty() && results.total > results.hits.len() {
                (count(first as u64)) " to " (count(last as u64)) ", "
            }
            (format!("{milliseconds:.1} ms"))
            @if !results.understood.is_empty() && results.understood != ask.query {
                ", understood as " code { (results.understood) }
            }
        }
        @if let (Some(identifier), Some(resolved)) = (&results.identifier, results.resolved) {
            p.note {
                @match resolved {
                    Resolved::Cites => {
                        "No judgment of this lake bears " b { (identifier) } "; these cite it."
                    }
                    Resolved::Bears => {
                        b { (identifier) } " names " (if results.total == 1 { "this judgment" } else { "these judgments" }) ". "
                        a href={ "/search?" (Ask::of(&format!("\"{identifier}\"")).address()) } {
                            "Judgments in whose text it stands"
                        }
                    }
                }
            }
        }
    }
}

/// What narrows the search, each with a way to drop it.
fn chips(ask: &Ask, results: &Results) -> Markup {
    if !ask.is_narrowed() {
        return html! {};
    }
    html! {
        div.chips {
            h2.unseen { "Filters in use" }
            ul {
                @for (name, value) in &ask.filters {
                    @let label = results.facets.iter()
                        .filter(|facet| facet.name == *name)
                        .flat_map(|facet| &facet.counts)
                        .find(|known| known.value == *value)
                        .map_or(value.as_str(), |known| known.label.as_str());
                    (chip(&format!("{}: {label}", name.label()), &ask.without(*name, value)))
                }
                @if let Some(from) = ask.from {
                    (chip(&format!("from {from}"), &Ask { from: None, page: 1, ..(*ask).clone() }))
                }
                @if let Some(to) = ask.to {
                    (chip(&format!("to {to}"), &Ask { to: None, page: 1, ..(*ask).clone() }))
                }
                li { a.clear href={ "/search?" (ask.bare().address()) } { "Clear all" } }
            }
        }
    }
}

fn chip(label: &str, without: &Ask) -> Markup {
    html! {
        li {
            a.chip href={ "/search?" (without.address()) } {
                span.unseen { "Remove filter " } (text::plain(label)) span.cross aria-hidden="true" { "×" }
            }
        }
    }
}

fn list(ask: &Ask, results: &Results) -> Markup {
    let first = (ask.page - 1) * ask.per_page + 1;
    html! {
        ol.hits start=(first) {
            @for hit in &results.hits {
                li { (card(ask, hit)) }
            }
        }
    }
}

fn card(ask: &Ask, hit: &Hit) -> Markup {
    let state = ask.address();
    let to = format!("{}?{state}", address::judgment(&hit.key));
    html! {
        article {
            h2 { a.hit href=(to) { (text::plain(&hit.title)) } }
            p.facts {
                span { (hit.court_name) }
                @if let Some(date) = hit.decision_date { time datetime=(date.to_string()) { (date.strftime("%-d %b %Y").to_string()) } }
                @if let Some(citation) = &hit.neutral_citation { span.id { (citation) } }
                @if let Some(citation) = &hit.reporter_citation { span.id { (citation) } }
                @if let Some(case) = &hit.case_number { span { (case) } }
                @if let Some(cnr) = &hit.cnr { span.id { (cnr) } }
                @if hit.kind != "unstated" { span.tag { (hit.kind) } }
                @if let Some(disposal) = &hit.disposal { span.tag { (disposal.replace('_', " ")) } }
                @if hit.cited_by > 0 { span { "cited by " (count(hit.cited_by)) } }
                @if hit.copies > 0 && !ask.copies {
                    a href={ "/search?" (Ask { copies: true, page: 1, ..ask.clone() }.address()) } {
                        "+ " (hit.copies) (if hit.copies == 1 { " copy" } else { " copies" })
                    }
                }
            }
            @if !hit.judges.is_empty() { p.judges { span.unseen { "Judges: " } (text::plain(&hit.judges.join(" · "))) } }
            @for snippet in &hit.snippets {
                p.snippet {
                    a.page href={ (to) "#page-" (snippet.page) } { "p. " (snippet.page) }
                    " " (text::marked(&snippet.text, &snippet.highlights, None))
                }
            }
            @if let Some(sha256) = &hit.sha256 {
                p.links { a href={ "/documents/" (sha256) ".pdf" } { "PDF" span.unseen { " of " (hit.title) } } }
            }
        }
    }
}

/// Pages around the present one, first and last.
fn pages(ask: &Ask, results: &Results) -> Markup {
    let deepest = nirnay_index::MAX_WINDOW / ask.per_page;
    let last = results.total.div_ceil(ask.per_page).min(deepest);
    if last <= 1 {
        return html! {};
    }
    let here = ask.page;
    let to = |page: usize| format!("/search?{}", ask.at_page(page).address());
    let mut shown: Vec<usize> = (here.saturating_sub(AROUND)..=here + AROUND).collect();
    shown.extend([1, last]);
    shown.retain(|page| (1..=last).contains(page));
    shown.sort_unstable();
    shown.dedup();
    let gap_before = |at: usize| at > 0 && shown[at] > shown[at - 1] + 1;
    html! {
        nav.pages aria-label="Pages of results" {
            ul {
                @if here > 1 { li { a rel="prev" href=(to(here - 1)) { "Previous" span.unseen { " page" } } } }
                @for (at, page) in shown.iter().enumerate() {
                    @if gap_before(at) { li aria-hidden="true" { "…" } }
                    li {
                        a href=(to(*page)) aria-current=[(*page == here).then_some("page")] {
                            span.unseen { "Page " } (page)
                        }
                    }
                }
                @if here < last { li { a rel="next" href=(to(here + 1)) { "Next" span.unseen { " page" } } } }
            }
        }
    }
}

fn exports(state: &str, results: &Results) -> Markup {
    html! {
        section.exports aria-labelledby="exports" {
            h2 #exports { "Take all " (plural(results.total as u64, "judgment")) " with you" }
            p {
                @for (name, address) in forms(state).into_iter().skip(1) {
                    a.button href=(address) download { (name) } " "
                }
                span.quiet { "the whole result, with the query, the time and the version of the index inside" }
            }
        }
    }
}

/// What was searched, what hides hits, and what would help.
fn empty(found: &Found<'_>) -> Markup {
    let Found {
        ask,
        results,
        without_filters,
        documents,
    } = found;
    html! {
        div.empty {
            p {
                "Searched " (plural(*documents, "judgment"))
                @if !ask.query.is_empty() { " for " code { (ask.query) } }
                @if ask.is_narrowed() { ", narrowed by the filters above" }
                "."
            }
            @if let Some(more) = without_filters.filter(|more| *more > 0) {
                p.note {
                    "Without the filters " a href={ "/search?" (ask.bare().address()) } { (plural(more as u64, "judgment")) }
                    (if more == 1 { " matches." } else { " match." })
                }
            }
            @if !results.notes.is_empty() {
                ul { @for note in &results.notes { li { (text::plain(note)) } } }
            }
            p { "What helps:" }
            ul {
                @if ask.query.contains('"') {
                    @let loose = Ask::of(&ask.query.replace('"', " "));
                    li { a href={ "/search?" (loose.address()) } { "The same words without the quotation marks" } }
                }
                @if ask.query.split_whitespace().count() > 1 && !ask.query.contains('"') {
                    li { "fewer words, or OR between them" }
                }
                li { "a word's beginning with * (" code { "arbitrat*" } "), or nearly so with ~ (" code { "arbitrashun~" } ")" }
                li { "a look at " a href="/coverage" { "what this lake holds" } ": the judgment may lie outside of it" }
            }
        }
    }
}
