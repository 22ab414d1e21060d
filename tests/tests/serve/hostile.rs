//! Texts that would be more than text.

use crate::client::get;
use crate::lake::{Served, add, document};

const PAYLOADS: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;script&gt;",
    "\u{202E}<b>right to left",
    "<!--<script>",
    "{{7*7}}${7*7}<%=7*7%>",
];

/// What may follow an opening angle bracket: the elements that our own pages are made of.
const ELEMENTS: &[&str] = &[
    "!DOCTYPE",
    "a",
    "article",
    "aside",
    "b",
    "body",
    "button",
    "caption",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "iframe",
    "input",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "mark",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
    "rect",
    "script",
    "search",
    "section",
    "select",
    "span",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "ul",
];

/// Every tag of a page is one of ours, no attribute is a handler, and the only script is the one with a source.
fn is_sound(page: &str, at: &str) {
    for part in page.split('<').skip(1) {
        let name: String = part
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '!')
            .collect();
        assert!(ELEMENTS.contains(&name.as_str()), "{at}: <{part:.60}");
        let tag = part.split('>').next().unwrap();
        let bare: String = tag.split('"').step_by(2).collect::<Vec<_>>().join("");
        assert!(!bare.contains(" on"), "{at}: <{tag}");
        assert!(!tag.contains("href=\"javascript:"), "{at}: <{tag}");
        if name == "script" && !part.starts_with('/') {
            assert!(tag.contains("src=\"/assets/script.js"), "{at}: <{tag}");
        }
        assert!(!bare.contains("style="), "{at}: <{tag}");
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .flat_map(|byte| format!("%{byte:02X}").into_bytes())
        .map(char::from)
        .collect()
}

#[test]
fn whatever_a_judgment_or_a_caller_says_is_shown_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let documents = PAYLOADS.iter().enumerate().map(|(number, payload)| {
        let mut document = document(
            &format!("x/{number}/{payload}"),
            payload,
            &format!("needle {payload} more"),
        );
        document.judgment.judges = vec![(*payload).to_owned()];
        document.judgment.case_number_raw = Some((*payload).to_owned());
        document.judgment.court_name = (*payload).to_owned();
        document.judgment.reporter_citation = Some((*payload).to_owned());
        document.judgment.disposal_raw = Some((*payload).to_owned());
        document
    });
    add(dir.path(), documents.collect(), "1");
    let served = Served::of(dir.path());
    let results = get(served.at, "/search?q=needle");
    assert_eq!(results.status, 200);
    is_sound(&results.text(), "results");
    let hits = get(served.at, "/api/v1/search?q=needle").json();
    assert_eq!(hits["total"], PAYLOADS.len());
    for (number, payload) in PAYLOADS.iter().enumerate() {
        let key = encoded(&format!("x/{number}/{payload}"));
        let page = get(served.at, &format!("/judgments/{key}?q=needle"));
        assert_eq!(page.status, 200, "{payload}");
        is_sound(&page.text(), payload);
        assert_eq!(
            get(served.at, &format!("/api/v1/judgments/{key}")).json()["title"],
            *payload
        );
        let typed = encoded(payload);
        for target in [
            format!("/search?q={typed}"),
            format!("/search?q=a&judge={typed}"),
            format!("/search?q=a&from={typed}"),
            format!("/search?{typed}=1"),
            format!("/cite?q={typed}"),
            format!("/judgments/{typed}"),
            format!("/{typed}"),
            format!("/documents/{typed}"),
            format!("/search?q=({typed}"),
            format!("/search?q=needle&sort={typed}"),
        ] {
            let answer = get(served.at, &target);
            assert!(answer.status < 500, "{target}");
            is_sound(&answer.text(), &target);
        }
    }
}
