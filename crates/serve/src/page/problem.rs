//! What could not be answered, with the place and a way out; and the choice among several answers.

use maud::{Markup, html};

use super::layout::Layout;
use super::text;
use crate::ask::Ask;
use crate::cite::LookedUp;
use crate::problem::Problem;
use crate::web::address;

/// The page of a problem. `ask` is the search that it is about, for correction.
pub(crate) fn problem(problem: &Problem, ask: Option<&Ask>) -> Markup {
    let home = Ask::default();
    let ask = ask.unwrap_or(&home);
    Layout {
        title: problem.title(),
        place: "Search",
        ask: Some(ask),
        forms: Vec::new(),
        main: html! {
            section.problem aria-labelledby="what" {
                h1 #what { (problem.title()) }
                @if let Some(position) = problem.position { (place(&ask.query, position)) }
                p role="alert" { (problem.detail) }
                @if !problem.hint.is_empty() { p.note { (problem.hint) } }
                p { a href="/help" { "How to search" } " · " a href="/" { "Start again" } }
            }
        },
    }
    .page()
}

/// The query with the place marked, in a form that reads aloud too.
fn place(query: &str, position: usize) -> Markup {
    let at = query
        .char_indices()
        .nth(position)
        .map_or(query.len(), |(at, _)| at);
    let (before, after) = query.split_at_checked(at).unwrap_or((query, ""));
    let word = after
        .split_whitespace()
        .next()
        .filter(|_| !after.starts_with(char::is_whitespace));
    let word = word.unwrap_or("");
    let rest = after.get(word.len()..).unwrap_or("");
    html! {
        p.query-error {
            code {
                (before)
                mark { span.unseen { "(here)" } (if word.is_empty() { "\u{2423}" } else { word }) }
                (rest)
            }
            span.quiet { " character " (position + 1) }
        }
    }
}

/// Citations of a text with the judgments that answer to them.
pub(crate) fn cite_choice(text: &str, found: &[LookedUp], raw: &str) -> Markup {
    Layout {
        title: "Citations",
        place: "Search",
        ask: Some(&Ask::default()),
        forms: vec![("JSON", format!("/api/v1/cite?{raw}"))],
        main: html! {
            h1 { (if found.len() == 1 { "1 citation".to_owned() } else { format!("{} citations", found.len()) }) }
            form.ask action="/cite" method="get" {
                label for="cite" { "Citations, or a passage with several" }
                div.row {
                    input #cite name="q" maxlength="4000" value=(text) autocomplete="off";
                    button { "Look up" }
                }
            }
            @for one in found {
                section.cited {
                    h2 { (one.canonical) }
                    p.quiet {
                        @match one.status {
                            "found" => "One judgment of this lake bears it.",
                            "ambiguous" => { (one.total) " judgments of this lake bear it." }
                            "cited" => { "No judgment of this lake bears it; " (one.total) (if one.total == 1 { " cites it." } else { " cite it." }) }
                            _ => { "No judgment of this lake bears or cites it. " a href="/coverage" { "What it holds" } }
                        }
                    }
                    @if !one.hits.is_empty() {
                        ul.plain {
                            @for hit in &one.hits {
                                li {
                                    a href=(address::judgment(&hit.key)) { (text::plain(&hit.title)) }
                                    span.quiet { " " (hit.court_name) @if let Some(date) = hit.decision_date { ", " (date) } }
                                }
                            }
                        }
                    }
                }
            }
        },
    }
    .page()
}
