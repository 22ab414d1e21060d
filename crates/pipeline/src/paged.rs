//! The citations of a document that comes in pages.

use std::borrow::Cow;

use nirnay_citation::{Citation, MOST, find_until};

/// A citation with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagedCitation {
    /// It; its own offsets count in the text of all pages together.
    pub citation: Citation,
    /// The page it begins on, from 1.
    pub page: u32,
    /// Its first character on that page, from 0.
    pub start: u32,
    /// The page it ends on.
    pub end_page: u32,
    /// The character after its last, on that page.
    pub end: u32,
}

/// The citations of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PagedSearch {
    /// In the order of the text.
    pub citations: Vec<PagedCitation>,
    /// The page on which the search stopped, for it had found [`nirnay_citation::MOST`]; what comes behind is not searched.
    pub stopped: Option<u32>,
}

/// The citations in the pages of a document (number and text).
///
/// The pages are searched as one text: a citation may begin on one page and end on the next, and a section
/// may belong to a statute that was named on the page before.
pub fn search_pages(pages: &[(u32, &str)]) -> PagedSearch {
    let whole = whole(pages);
    let mut starts = Vec::with_capacity(pages.len());
    let mut chars = 0;
    for (number, text) in pages {
        starts.push((chars, *number));
        // Nothing is placed behind the start of the last page.
        if starts.len() < pages.len() {
            chars += text.chars().count() + 1;
        }
    }
    let place = |at: usize| {
        let after = starts.partition_point(|(start, _)| *start <= at);
        starts
            .get(after.saturating_sub(1))
            .map_or((1, 0), |(start, number)| (*number, (at - start) as u32))
    };
    let (citations, stopped) = find_until(&whole, MOST);
    let citations = citations.into_iter().map(|citation| {
        let (page, start) = place(citation.start);
        // The last character, not the one after it, which may be the next page's.
        let (end_page, last) = place(citation.end.saturating_sub(1).max(citation.start));
        PagedCitation {
            citation,
            page,
            start,
            end_page,
            end: last + 1,
        }
    });
    PagedSearch {
        citations: citations.collect(),
        stopped: stopped.map(|at| place(at).0),
    }
}

/// The citations that [`search_pages`] finds.
pub fn find_in_pages(pages: &[(u32, &str)]) -> Vec<PagedCitation> {
    search_pages(pages).citations
}

/// The text of all pages, each with a line break behind it.
fn whole<'t>(pages: &[(u32, &'t str)]) -> Cow<'t, str> {
    if let [(_, only)] = pages {
        return Cow::Borrowed(only);
    }
    let mut whole = String::with_capacity(pages.iter().map(|(_, text)| text.len() + 1).sum());
    for (_, text) in pages {
        whole.push_str(text);
        whole.push('\n');
    }
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_may_cross_a_page() {
        let pages = [
            (3, "न्यायालय: see 2024 INSC 855 and (2017) 10"),
            (4, "SCC 1 once more."),
            (5, ""),
            (6, "AIR 1978 SC 597"),
        ];
        let found = find_in_pages(&pages);
        let places: Vec<_> = found
            .iter()
            .map(|at| {
                (
                    at.citation.key.as_str(),
                    at.page,
                    at.start,
                    at.end_page,
                    at.end,
                )
            })
            .collect();
        assert_eq!(
            places,
            [
                ("2024 INSC 855", 3, 14, 3, 27),
                ("(2017) 10 SCC 1", 3, 32, 4, 5),
                ("AIR 1978 SC 597", 6, 0, 6, 15),
            ]
        );
        assert_eq!(find_in_pages(&[]), []);
    }

    #[test]
    fn a_flood_of_citations_is_cut_and_told() {
        let flood = "IPC ".repeat(MOST + 10);
        let search = search_pages(&[(1, "2024 INSC 855"), (2, &flood), (3, "2024 INSC 856")]);
        assert_eq!(search.citations.len(), MOST);
        assert_eq!(search.stopped, Some(2));
        let few = search_pages(&[(1, "2024 INSC 855"), (2, "2024 INSC 856")]);
        assert_eq!((few.citations.len(), few.stopped), (2, None));
        // What refers to nothing takes no memory.
        let acts = "Act ".repeat(1 << 20);
        assert_eq!(search_pages(&[(1, &acts)]), PagedSearch::default());
    }
}
