//! How to search, and how to ask by program.

use maud::{Markup, html};
use nirnay_index::{FacetName, Sort};

use super::layout::{Layout, operators};
use crate::ask::Ask;

/// The page on the query language.
pub(crate) fn search_guide() -> Markup {
    Layout {
        title: "How to search",
        place: "How to search",
        ask: Some(&Ask::default()),
        forms: Vec::new(),
        main: html! {
            h1 { "How to search" }
            p { "Words are joined by AND. A query that cannot be read is answered with the place and what to type instead; it never finds nothing without saying why." }
            (operators())
            h2 { "Narrowing" }
            p { "The check boxes narrow by " @for (place, facet) in FacetName::ALL.into_iter().enumerate() {
                @if place > 0 { ", " } (facet.label().to_lowercase())
            } ". Values of one kind are joined by OR, kinds by AND. All of it stands in the address, which can be kept, sent and opened again." }
            h2 { "Keyboard" }
            table.guide {
                caption.unseen { "Keys" }
                thead { tr { th scope="col" { "Key" } th scope="col" { "Does" } } }
                tbody {
                    tr { th scope="row" { kbd { "/" } } td { "to the search box" } }
                    tr { th scope="row" { kbd { "j" } " " kbd { "k" } } td { "next and previous result; in a judgment: next and previous hit" } }
                    tr { th scope="row" { kbd { "Enter" } } td { "opens the result" } }
                    tr { th scope="row" { kbd { "Esc" } } td { "in the box: empties it, then leaves it" } }
                }
            }
            p { "The keys need scripts; everything else works without." }
        },
    }
    .page()
}

/// The page on the API.
pub(crate) fn api_guide() -> Markup {
    let routes = [
        (
            "/api/v1/search",
            "a page of results with facets; the parameters are those of the search page",
        ),
        (
            "/api/v1/export",
            "a whole result, streamed; format=csv, jsonl or parquet",
        ),
        (
            "/api/v1/judgments/{id}",
            "a judgment: values, text by page, neighbours, provenance; text=none leaves the text out",
        ),
        (
            "/api/v1/cite",
            "q=… citations in a text, and the judgments that answer to them",
        ),
        ("/api/v1/coverage", "what the lake holds and lacks"),
        ("/api/v1/dictionary", "tables and columns of the lake"),
        ("/documents/{sha256}.pdf", "a document as served"),
    ];
    html! {
        (Layout {
            title: "API",
            place: "API",
            ask: Some(&Ask::default()),
            forms: vec![("OpenAPI 3.1 document", "/api/v1/openapi.json".to_owned())],
            main: html! {
                h1 { "API" }
                p {
                    "Read only, JSON, on this machine. The " a href="/api/v1/openapi.json" { "OpenAPI 3.1 document" }
                    " says all of it. Every page names its own form for programs at its foot."
                }
                div.wide tabindex="0" role="region" aria-label="Routes" {
                    table.guide {
                        caption.unseen { "Routes" }
                        thead { tr { th scope="col" { "GET" } th scope="col" { "Gives" } } }
                        tbody { @for (route, gives) in routes { tr { th scope="row" { code { (route) } } td { (gives) } } } }
                    }
                }
                p { "Orders: " @for (place, (name, _)) in Sort::ALL.into_iter().enumerate() { @if place > 0 { ", " } code { (name) } } "." }
                p { "Agents use " code { "nirnay mcp" } ": the same by the Model Context Protocol." }
            },
        }.page())
    }
}
