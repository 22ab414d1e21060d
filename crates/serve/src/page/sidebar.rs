//! What narrows a search: check boxes with counts, dates, order. All belong to the form of the box.

use maud::{Markup, html};
use nirnay_index::{Facet, FacetCount, FacetName, Sort};

use super::histogram::histogram;
use super::layout::count;
use crate::ask::Ask;

/// Values of a facet that are shown at once; more are folded.
const SHOWN: usize = 6;
/// Values of a facet that are shown at all.
const MOST: usize = 24;

/// The sidebar of a page of results.
pub(crate) fn sidebar(ask: &Ask, facets: &[Facet]) -> Markup {
    html! {
        aside.narrow aria-labelledby="narrow" {
            details #filters {
                summary { span #narrow { "Narrow the search" } }
                div.fields {
                    (order(ask))
                    @if let Some(years) = facets.iter().find(|facet| facet.name == FacetName::Year) {
                        (histogram(ask, &years.counts))
                    }
                    (dates(ask))
                    @for facet in facets.iter().filter(|facet| !facet.counts.is_empty()) {
                        (boxes(facet))
                    }
                    fieldset {
                        legend { "Copies" }
                        label.box {
                            input type="checkbox" name="copies" value="1" form="ask" checked[ask.copies];
                            span { "Show copies of the same text apart" }
                        }
                    }
                    div.apply {
                        button.primary form="ask" { "Apply" }
                        @if ask.is_narrowed() { a href={ "/search?" (ask.bare().address()) } { "Clear all" } }
                    }
                }
            }
        }
    }
}

/// The order does not change by itself: a button says when.
fn order(ask: &Ask) -> Markup {
    html! {
        fieldset {
            legend { "Order" }
            label.unseen for="sort" { "Order of the results" }
            div.row {
                select #sort name="sort" form="ask" {
                    @for (name, sort) in Sort::ALL {
                        option value=(name) selected[sort == ask.sort] { (words(sort)) }
                    }
                }
                button form="ask" { "Sort" }
            }
        }
    }
}

fn words(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "Best match first",
        Sort::Newest => "Newest first",
        Sort::Oldest => "Oldest first",
        Sort::MostCited => "Most cited first",
    }
}

fn dates(ask: &Ask) -> Markup {
    let value = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    html! {
        fieldset {
            legend { "Decided" }
            div.dates {
                label { "from " input type="date" name="from" form="ask" value=[value(ask.from)]; }
                label { "to " input type="date" name="to" form="ask" value=[value(ask.to)]; }
            }
        }
    }
}

fn boxes(facet: &Facet) -> Markup {
    // Chosen values stay in sight.
    let (mut first, mut rest): (Vec<&FacetCount>, Vec<&FacetCount>) = (Vec::new(), Vec::new());
    for (place, value) in facet.counts.iter().enumerate() {
        if place < SHOWN || value.selected {
            first.push(value);
        } else if place < MOST {
            rest.push(value);
        }
    }
    let left_out = facet.values.saturating_sub(first.len() + rest.len());
    html! {
        fieldset data-facet=(facet.name.name()) {
            legend { (facet.name.label()) }
            @for value in first { (check_box(facet.name, value)) }
            @if !rest.is_empty() {
                details.more {
                    summary { (rest.len()) " more" span.unseen { " of " (facet.name.label()) } }
                    @for value in rest { (check_box(facet.name, value)) }
                    @if left_out > 0 {
                        p.quiet { "and " (count(left_out as u64)) " less frequent: name them in the query" }
                    }
                }
            }
        }
    }
}

/// A value that nothing has is greyed, not hidden: it may be the one that was chosen.
fn check_box(name: FacetName, value: &FacetCount) -> Markup {
    html! {
        label.box.none[value.count == 0] {
            input type="checkbox" name=(name.name()) value=(value.value) form="ask" checked[value.selected];
            span { (super::text::plain(&value.label)) }
            span.count { span.unseen { ", " } (count(value.count)) span.unseen { " judgments" } }
        }
    }
}
