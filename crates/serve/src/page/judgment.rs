//! A judgment: its text by page with the hits marked, its PDF beside it, its neighbours, where it comes from.

use maud::{Markup, html};
use nirnay_index::Hit;
use nirnay_model::{DocumentState, PublishedJudgment};

use super::layout::{Layout, count, plural};
use super::text;
use crate::ask::Ask;
use crate::record::{Neighbour, Neighbours, Record};
use crate::web::address;

/// A judgment as it is looked at.
pub(crate) struct Look<'a> {
    pub(crate) record: &'a Record,
    /// The search that it was found by.
    pub(crate) ask: &'a Ask,
    /// What to mark on each page, in the order of the pages.
    pub(crate) marks: Vec<Vec<(usize, usize)>>,
    /// Whether the graph was too large to be kept.
    pub(crate) graph_too_large: bool,
}

/// The page.
pub(crate) fn judgment(look: &Look<'_>) -> Markup {
    let record = look.record;
    let hit = &record.hit;
    let api = address::judgment_api(&hit.key);
    let form = |format: &str| format!("{api}?format={format}");
    Layout {
        title: &hit.title,
        place: "Search",
        ask: Some(look.ask),
        forms: vec![
            ("JSON", api.clone()),
            ("CSV", form("csv")),
            ("Parquet", form("parquet")),
        ],
        main: html! {
            article.judgment {
                (head(look))
                (contents(look))
                div.reading.alone[hit.sha256.is_none()] {
                    (pages(look))
                    @if let Some(sha256) = &hit.sha256 { (pdf(sha256, hit)) }
                }
                div.beside {
                    (cited("cites", "Cites", &record.cites, look.graph_too_large))
                    (cited("cited-by", "Cited by", &record.cited_by, look.graph_too_large))
                    @if !record.similar.is_empty() { (list("similar", "Similar judgments", &record.similar)) }
                    (list("orders", "Other orders of the case", &record.orders))
                    (citation(record))
                    (provenance(record))
                }
            }
        },
    }
    .page()
}

fn head(look: &Look<'_>) -> Markup {
    let hit = &look.record.hit;
    let found_by = !look.ask.query.is_empty() || look.ask.is_narrowed();
    html! {
        header.case {
            @if found_by {
                p.back { a rel="up" href={ "/search?" (look.ask.address()) } { "‹ Back to the results" } }
            }
            h1 { (text::plain(&hit.title)) }
            p.facts {
                span { (hit.court_name) }
                @if let Some(date) = hit.decision_date {
                    time datetime=(date.to_string()) { (date.strftime("%-d %B %Y").to_string()) }
                }
                @if hit.kind != "unstated" { span.tag { (hit.kind) } }
                @if let Some(disposal) = &hit.disposal { span.tag { (disposal.replace('_', " ")) } }
                @if hit.copies > 0 { span { (plural(hit.copies.into(), "near-duplicate")) } }
            }
            dl.facts {
                @if !hit.judges.is_empty() { (fact("Judges", html! { (text::plain(&hit.judges.join(" · "))) })) }
                @if let Some(case) = &hit.case_number { (fact("Case", html! { (case) })) }
                @if let Some(cnr) = &hit.cnr { (fact("CNR", html! { code { (cnr) } })) }
                @if let Some(citation) = &hit.neutral_citation { (fact("Neutral citation", html! { (citation) })) }
                @if let Some(citation) = &hit.reporter_citation { (fact("Reported", html! { (citation) })) }
                @if let Some(row) = &look.record.listed {
                    @if let Some(date) = row.judgment.registration_date {
                        (fact("Registered", html! { time datetime=(date.to_string()) { (date.strftime("%-d %B %Y").to_string()) } }))
                    }
                }
                @if !look.record.provisions.is_empty() {
                    (fact("Provisions", html! {
                        @for (place, provision) in look.record.provisions.iter().take(12).enumerate() {
                            @if place > 0 { ", " } (provision)
                        }
                        @if look.record.provisions.len() > 12 { " and " (look.record.provisions.len() - 12) " more" }
                    }))
                }
            }
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is called with what `html!` has just made"
)]
fn fact(name: &str, value: Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// Links to the parts, with what they hold.
fn contents(look: &Look<'_>) -> Markup {
    let record = look.record;
    let marks: usize = look.marks.iter().map(Vec::len).sum();
    html! {
        nav.contents aria-label="Parts of this page" {
            ul {
                li { a href="#text" { "Text, " (plural(record.pages.len() as u64, "page")) } }
                @if marks > 0 { li { a #first-hit href="#hit-0" { (plural(marks as u64, "hit")) } } }
                @if let Some(sha256) = &record.hit.sha256 { li { a href={ "/documents/" (sha256) ".pdf" } { "PDF" } } }
                li { a href="#cites" { "Cites " (record.cites.total) } }
                li { a href="#cited-by" { "Cited by " (record.cited_by.total) } }
                @if !record.similar.is_empty() { li { a href="#similar" { "Similar" } } }
                @if !record.orders.is_empty() { li { a href="#orders" { "Other orders " (record.orders.len()) } } }
                li { a href="#citation" { "Citation" } }
                li { a href="#provenance" { "Where it comes from" } }
            }
        }
    }
}

fn pages(look: &Look<'_>) -> Markup {
    let record = look.record;
    let mut first = 0;
    let mut sheets = Vec::with_capacity(record.pages.len());
    for (place, page) in record.pages.iter().enumerate() {
        let marks: &[(usize, usize)] = look.marks.get(place).map_or(&[], Vec::as_slice);
        sheets.push((page, marks, first));
        first += marks.len();
    }
    html! {
        section.text #text aria-labelledby="text-heading" {
            h2 #text-heading { "Text" }
            @if record.pages.iter().all(|page| page.text.trim().is_empty()) {
                p.note { (no_text(record)) }
            }
            @for (page, marks, number) in sheets {
                section.sheet id={ "page-" (page.page) } aria-label={ "Page " (page.page) } {
                    p.number aria-hidden="true" { a href={ "#page-" (page.page) } tabindex="-1" { "p. " (page.page) } }
                    @if page.text.trim().is_empty() { p.quiet { "This page has no text." } }
                    @else { div.body { (text::marked(&page.text, marks, Some(number))) } }
                }
            }
        }
    }
}

fn no_text(record: &Record) -> &'static str {
    match record.listed.as_ref().map(|row| &row.document) {
        Some(DocumentState::Pending) => "The document is not fetched yet: the next crawl will.",
        Some(DocumentState::Missing { .. }) => "There is no document; below stands why.",
        _ => "The document has no text layer; its PDF shows pictures of pages.",
    }
}

fn pdf(sha256: &str, hit: &Hit) -> Markup {
    html! {
        section.pdf aria-labelledby="pdf-heading" {
            h2 #pdf-heading { "PDF as served" }
            iframe loading="lazy" src={ "/documents/" (sha256) ".pdf" } title={ "PDF of " (hit.title) } {}
            p {
                a href={ "/documents/" (sha256) ".pdf" } { "Open the PDF by itself" } " · "
                a href={ "/documents/" (sha256) ".pdf" } download { "Save it" }
            }
        }
    }
}

fn cited(id: &str, heading: &str, neighbours: &Neighbours, too_large: bool) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) " " span.count { (count(neighbours.total as u64)) } }
            @if too_large {
                p.quiet { "The graph of this lake is too large to be kept in memory: ask " code { "cites/" } " for it." }
            } @else if neighbours.list.is_empty() {
                p.quiet { "None of this lake." }
            } @else {
                ol.plain { @for one in &neighbours.list { li { (neighbour(one)) } } }
                @if neighbours.total > neighbours.list.len() {
                    p.quiet { "and " (count((neighbours.total - neighbours.list.len()) as u64)) " more in " code { "cites/" } }
                }
            }
        }
    }
}

fn neighbour(one: &Neighbour) -> Markup {
    html! {
        a href=(address::judgment(&one.key)) { (text::plain(&one.title)) }
        span.quiet {
            " " (one.court_name)
            @if let Some(date) = one.decision_date { ", " (date) }
            @if let Some(citation) = &one.citation { ", " (citation) }
            @if let Some(times) = one.citations.filter(|times| *times > 1) { ", " (times) " times" }
        }
    }
}

fn list(id: &str, heading: &str, hits: &[Hit]) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) " " span.count { (hits.len()) } }
            @if hits.is_empty() { p.quiet { "None of this lake." } }
            ol.plain {
                @for hit in hits {
                    li {
                        a href=(address::judgment(&hit.key)) { (text::plain(&hit.title)) }
                        span.quiet {
                            " " (hit.court_name)
                            @if let Some(date) = hit.decision_date { ", " (date) }
                            @if let Some(citation) = &hit.neutral_citation { ", " (citation) }
                        }
                    }
                }
            }
        }
    }
}

fn citation(record: &Record) -> Markup {
    html! {
        section #citation aria-labelledby="citation-heading" {
            h2 #citation-heading { "Cite it" }
            dl.styles {
                @for (place, (style, text)) in record.styles().into_iter().enumerate() {
                    div {
                        dt { (style) }
                        dd {
                            span.copied id={ "style-" (place) } { (text) }
                            // Shown by the script that makes it work.
                            button type="button" hidden data-copy={ "style-" (place) } { "Copy" span.unseen { " as " (style) } }
                        }
                    }
                }
            }
        }
    }
}

fn provenance(record: &Record) -> Markup {
    html! {
        section #provenance aria-labelledby="provenance-heading" {
            h2 #provenance-heading { "Where it comes from" }
            dl.facts {
                (fact("Key", html! { code { (record.hit.key) } }))
                @match &record.listed {
                    None => { (fact("Source", html! { "a text that was brought in; no portal listed it" })) }
                    Some(row) => { (listed(row)) }
                }
                @if let Some(sha256) = &record.hit.sha256 { (fact("SHA-256 of the PDF", html! { code { (sha256) } })) }
            }
            @if !record.revisions.is_empty() {
                h3 { "What changed" }
                table {
                    caption.unseen { "Values that the portal changed" }
                    thead { tr { th scope="col" { "Seen" } th scope="col" { "Value" } th scope="col" { "Before" } th scope="col" { "After" } } }
                    tbody {
                        @for change in &record.revisions {
                            tr {
                                td { (format!("{:.0}", change.seen)) } td { code { (change.field) } }
                                td { (change.old.as_deref().unwrap_or("–")) } td { (change.new.as_deref().unwrap_or("–")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn listed(row: &PublishedJudgment) -> Markup {
    html! {
        (fact("Source", html! { (row.judgment.source) }))
        @if let Some(path) = &row.judgment.document_path { (fact("Path at the portal", html! { code { (path) } })) }
        (fact("First seen", html! { (format!("{:.0}", row.first_seen)) }))
        (fact("Last seen", html! { (format!("{:.0}", row.last_seen)) }))
        @if let Some(since) = row.not_listed_since {
            (fact("Not listed any more since", html! { (format!("{since:.0}")) }))
        }
        @match &row.document {
            DocumentState::Stored(facts) => {
                (fact("Document", html! {
                    (count(facts.size)) " bytes"
                    @if let Some(pages) = facts.pages { ", " (plural(pages.into(), "page")) }
                    ", checked against the row: " (facts.check.name().replace('_', " "))
                }))
            }
            DocumentState::Pending => { (fact("Document", html! { "not fetched yet" })) }
            DocumentState::Missing { reason } => { (fact("Document", html! { "missing: " (reason.name().replace('_', " ")) })) }
        }
        (fact("Capture", html! { code { (row.capture_id) } ", row " (row.capture_row) }))
        (fact("Hash of the row", html! { code { (row.row_hash) } }))
        @if !row.judgment.flags.is_empty() { (fact("Noticed", html! { (row.judgment.flags.join(", ")) })) }
    }
}
