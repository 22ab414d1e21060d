//! The counts beside a search result: rows by court, year and judge.

use serde::Serialize;

use super::plain;
use crate::{call, text};

/// One entry of a facet list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The portal's code.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// The number of rows.
    pub count: u64,
}

/// The facet lists beside a result; empty where the reply has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// Rows by court.
    pub courts: Vec<FacetCount>,
    /// Rows by year.
    pub years: Vec<FacetCount>,
    /// Rows by judge.
    pub judges: Vec<FacetCount>,
}

/// The most entries of a list that are read: there are some thousand judges, and fewer courts and years.
const MOST_ENTRIES: usize = 2_000;

/// Reads a facet list. Entries call `get_details('','','code','name')`, with the count in a badge
/// behind the call; the attribute may be unquoted, so the text itself is scanned.
pub(super) fn read(html: &str) -> Vec<FacetCount> {
    let mut entries = Vec::new();
    let mut rest = html;
    while entries.len() < MOST_ENTRIES
        && let Some(inside) = call::find(rest, "get_details")
    {
        let own = inside
            .find("get_details")
            .and_then(|end| inside.get(..end))
            .unwrap_or(inside);
        rest = inside;
        let Ok((arguments, behind)) = call::read(own) else {
            continue;
        };
        let (Some(code), Some(name)) = (arguments.get(2), arguments.get(3)) else {
            continue;
        };
        let Some(count) = badge(behind) else { continue };
        entries.push(FacetCount {
            code: words(code, 200),
            name: words(name, 500),
            count,
        });
    }
    entries
}

/// What an argument says; a tree is built only where the usual entities do not do.
fn words(argument: &str, limit: usize) -> String {
    let head = text::head(argument, limit);
    let decoded = Some(head).filter(|head| !head.contains('<'));
    match decoded.and_then(|head| plain::decode(head, "")) {
        Some(decoded) => text::fold(&decoded),
        None => text::plain(head, limit),
    }
}

fn badge(html: &str) -> Option<u64> {
    let (_, after) = html.split_once("badge")?;
    let (_, after) = after.split_once('>')?;
    let number = after.split('<').next()?;
    super::search::count_of_text(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_end_is_cut() {
        let html = "<a onclick=\"get_details('','','9','A &amp; B &bogus; &#39;c&#39;')\"><i class=badge>1</i>".repeat(9_000);
        let entries = read(&html);
        assert_eq!(entries.len(), MOST_ENTRIES);
        assert_eq!(entries[0].name, "A & B &bogus; 'c'");
    }

    #[test]
    fn entries_quoted_or_not() {
        let html = "<li><a href='#' onclick=javascript:get_details('','','7~26','High Court of X &amp; Y'); >\
                    High Court<span class='badge rounded-pill text-bg-light'>1,23,456</span></a></li>\
                    <li><a onclick=\"get_details('','','9','O\\'Z')\">Z</a> <span class='badge'> 7 </span></li>\
                    <li><a onclick=\"get_details('','','x','no count')\">Z</a></li>\
                    <li><a onclick=\"get_details('','')\">Z</a><span class=badge>1</span></li>";
        let entries: Vec<_> = read(html)
            .into_iter()
            .map(|e| (e.code, e.name, e.count))
            .collect();
        assert_eq!(
            entries,
            [
                ("7~26".to_owned(), "High Court of X & Y".to_owned(), 123_456),
                ("9".to_owned(), "O'Z".to_owned(), 7)
            ]
        );
    }
}
