//! What every page has: head, banner, search box, footer.

use maud::{DOCTYPE, Markup, html};

use crate::ask::Ask;
use crate::web::{SCRIPT, STYLE};

/// A page around `main`.
pub(crate) struct Layout<'a> {
    /// For the tab.
    pub(crate) title: &'a str,
    /// The place in the menu.
    pub(crate) place: &'static str,
    /// The search that the box shows; `None` for a page without the box in its head.
    pub(crate) ask: Option<&'a Ask>,
    /// Alternative forms of the page: name and address.
    pub(crate) forms: Vec<(&'static str, String)>,
    pub(crate) main: Markup,
}

const MENU: [(&str, &str); 5] = [
    ("Search", "/"),
    ("Coverage", "/coverage"),
    ("Data dictionary", "/dictionary"),
    ("How to search", "/help"),
    ("API", "/api"),
];

impl Layout<'_> {
    pub(crate) fn page(self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Nirnay" }
                    link rel="stylesheet" href=(STYLE.address());
                    link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                    @for (name, address) in &self.forms {
                        link rel="alternate" type=(media(name)) href=(address);
                    }
                    script src=(SCRIPT.address()) defer {}
                }
                body {
                    a.skip href="#main" { "Skip to content" }
                    header.banner {
                        a.name href="/" { "Nirnay " span lang="hi" { "निर्णय" } }
                        nav aria-label="Pages" {
                            ul {
                                @for (name, address) in MENU {
                                    li {
                                        a href=(address) aria-current=[(name == self.place).then_some("page")] { (name) }
                                    }
                                }
                            }
                        }
                    }
                    @if let Some(ask) = self.ask { (search_form(ask)) }
                    main id="main" tabindex="-1" { (self.main) }
                    footer {
                        @if !self.forms.is_empty() {
                            p {
                                "This page as "
                                @for (place, (name, address)) in self.forms.iter().enumerate() {
                                    @if place > 0 { ", " }
                                    a href=(address) download[name != &"JSON"] { (name) }
                                }
                            }
                        }
                        p {
                            "Judgments are public records; what you do with the personal data in them is your responsibility."
                        }
                    }
                    // One polite place for what scripts do; it is empty until they do something.
                    div #said.unseen role="status" aria-live="polite" {}
                }
            }
        }
    }
}

fn media(form: &str) -> &'static str {
    match form {
        "CSV" => "text/csv",
        "Parquet" => "application/vnd.apache.parquet",
        "JSON lines" => "application/jsonl",
        _ => "application/json",
    }
}

/// The box. What narrows the search besides is in the sidebar, whose fields belong to this form.
pub(crate) fn search_form(ask: &Ask) -> Markup {
    html! {
        search {
            form #ask.ask action="/search" method="get" {
                label for="q" { "Search judgments" }
                div.row {
                    input #q name="q" type="search" value=(ask.query) maxlength="1000" autocomplete="off"
                        autocapitalize="none" spellcheck="false" aria-describedby="q-help"
                        placeholder="bail \"section 439\", judge:sharma, 2024 INSC 855";
                    button.primary { "Search" }
                }
                details.operators {
                    summary #q-help { "Operators: AND OR NOT, \"phrase\", /5, field:value, word*" }
                    (operators())
                }
            }
        }
    }
}

/// The operators in short.
pub(crate) fn operators() -> Markup {
    let rows = [
        ("anticipatory bail", "both words, in any inflection"),
        ("\"anticipatory bail\"", "these words next to each other"),
        (
            "bail OR parole",
            "one of them; AND, OR, NOT in any case, also ANDD, ORR, NOTT",
        ),
        ("bail NOT murder", "not with this word; -murder is the same"),
        (
            "delay /5 condonation",
            "within five words, in any order; @5 keeps the order",
        ),
        (
            "judge:sharma, court:delhi",
            "in one field: title, party, judge, court, citation, statute …",
        ),
        (
            "date:2023-01-01..2023-06-30",
            "decided between; also year:2021..2023",
        ),
        (
            "arbitrat*",
            "words that begin so; arbitrashun~ spells it nearly so",
        ),
        (
            "2024 INSC 855",
            "a citation, CNR or case number leads to its judgment",
        ),
    ];
    html! {
        table.guide {
            caption.unseen { "Operators" }
            thead { tr { th scope="col" { "You type" } th scope="col" { "It finds" } } }
            tbody {
                @for (typed, finds) in rows {
                    tr { th scope="row" { code { (typed) } } td { (finds) } }
                }
            }
        }
        p { a href="/help" { "All of the query language" } }
    }
}

/// A number with thousands separators.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", count(number))
    }
}
