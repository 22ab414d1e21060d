//! The first page: the box, and what it searches.

use maud::{Markup, html};

use super::layout::{Layout, count, operators, plural};
use crate::ask::Ask;
use crate::coverage::Coverage;

/// What the first page tells of the lake.
pub(crate) struct Facts<'a> {
    pub(crate) coverage: &'a Coverage,
    pub(crate) lake: String,
}

/// The page.
pub(crate) fn home(facts: &Facts<'_>) -> Markup {
    let coverage = facts.coverage;
    let courts = coverage
        .courts
        .iter()
        .filter(|court| court.judgments > 0)
        .count() as u64;
    let first = coverage.years.iter().find(|year| **year > 0);
    let last = coverage.years.last().filter(|year| **year > 0);
    Layout {
        title: "Search judgments",
        place: "Search",
        ask: None,
        forms: vec![("JSON", "/api/v1/coverage".to_owned())],
        main: html! {
            div.home {
                h1 { "Search " (plural(coverage.indexed, "judgment")) }
                p.quiet {
                    @if courts > 0 { (plural(courts, "court")) ", " }
                    @if let (Some(first), Some(last)) = (first, last) { "decided " (first) " to " (last) ", " }
                    @match coverage.complete {
                        Some(true) => { a href="/coverage" { "every sum agrees" } }
                        Some(false) => { a href="/coverage" { (count(coverage.holes.len() as u64)) " holes are open" } }
                        None => { a href="/coverage" { "no ledger beside the index" } }
                    }
                }
                search {
                    form.ask.large action="/search" method="get" {
                        label for="q" { "Words, a phrase, a citation, a CNR or a case number" }
                        div.row {
                            input #q name="q" type="search" maxlength="1000" autocomplete="off" autocapitalize="none" spellcheck="false";
                            button.primary { "Search" }
                        }
                    }
                }
                p.quiet {
                    "Or "
                    a href={ "/search?" (Ask { sort: nirnay_index::Sort::Newest, ..Ask::default() }.address()) } { "the newest judgments" }
                    ", "
                    a href={ "/search?" (Ask { sort: nirnay_index::Sort::MostCited, ..Ask::default() }.address()) } { "the most cited" }
                    "."
                }
                section aria-labelledby="operators" {
                    h2 #operators { "What the box understands" }
                    (operators())
                }
                section aria-labelledby="citations" {
                    h2 #citations { "Look up citations" }
                    form.ask action="/cite" method="get" {
                        label for="cite" { "Paste a citation, or a passage with several" }
                        div.row {
                            input #cite name="q" maxlength="4000" autocomplete="off";
                            button { "Look up" }
                        }
                    }
                }
                p.quiet { "Lake: " code { (facts.lake) } }
            }
        },
    }
    .page()
}
