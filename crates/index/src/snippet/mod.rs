//! Snippets: the places in a text that match best, with what to mark in them.
//!
//! The stored text is read once, word by word, by the same rules as the index; nothing about it has
//! to be kept beside it, and any script works.

mod cut;
mod find;
mod window;

pub(crate) use find::Highlighter;

use std::ops::Range;

/// A stretch of text that answers a needle.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    /// Bytes of the text.
    range: Range<usize>,
    /// Which needle.
    needle: usize,
}

/// The length of a snippet, in characters.
const SNIPPET_CHARS: usize = 240;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Snippet;
    use crate::query::{needles, parse};
    use crate::text::Stems;

    /// The snippets of a query in a text of pages, checked for soundness.
    fn snippets(pages: &[&str], query: &str, wanted: usize) -> Vec<Snippet> {
        let mut body = String::new();
        let mut starts = Vec::new();
        for (number, page) in (1..).zip(pages) {
            starts.push((number, body.len()));
            body.push_str(page);
            body.push('\n');
        }
        let mut stems = Stems::default();
        let needles = needles(&parse(query).unwrap(), &mut stems);
        let found = Highlighter::new(&needles, stems).snippets(&body, &starts, wanted);
        for snippet in &found {
            let mut last = 0;
            for (from, to) in &snippet.highlights {
                assert!(
                    *from >= last && from < to && snippet.text.get(*from..*to).is_some(),
                    "{snippet:?}"
                );
                last = *to;
            }
            assert!(snippet.text.chars().count() <= SNIPPET_CHARS, "{snippet:?}");
            assert_eq!(snippet.text.trim(), snippet.text);
        }
        found
    }

    fn marked(snippet: &Snippet) -> Vec<&str> {
        let marks = snippet.highlights.iter();
        marks
            .map(|(from, to)| snippet.text.get(*from..*to).unwrap())
            .collect()
    }

    #[test]
    fn the_page_is_that_of_the_match() {
        let found = snippets(
            &["nothing here", "", "the bail was refused", "end"],
            "bail",
            3,
        );
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].page, found[0].text.as_str()),
            (3, "the bail was refused")
        );
        assert_eq!(marked(&found[0]), ["bail"]);
    }

    #[test]
    fn the_window_with_most_needles_comes_first_and_order_is_that_of_the_text() {
        let filler = "word ".repeat(200);
        let page = format!("bail {filler} bail and murder {filler} murder");
        let one = snippets(&[&page], "bail murder", 1);
        assert_eq!(marked(&one[0]), ["bail", "murder"]);
        let all = snippets(&[&page], "bail murder", 3);
        let marks: Vec<_> = all.iter().map(marked).collect();
        assert_eq!(
            marks,
            [vec!["bail"], vec!["bail", "murder"], vec!["murder"]]
        );
    }

    #[test]
    fn phrases_are_marked_whole_and_only_where_they_stand() {
        let found = snippets(
            &["bail. Anticipatory\n  bail refused; anticipatory plea"],
            "\"anticipatory bail\"",
            2,
        );
        assert_eq!(marked(&found[0]), ["Anticipatory bail"]);
        let found = snippets(
            &["anticipatory plea for bail"],
            "\"anticipatory bail\"~2",
            1,
        );
        assert_eq!(marked(&found[0]), ["anticipatory plea for bail"]);
        let found = snippets(&["Section 302 Cr.P.C. applies"], "\"302 CrPC applies\"", 1);
        assert_eq!(marked(&found[0]), ["302 Cr.P.C. applies"]);
    }

    #[test]
    fn inflections_prefixes_and_sections() {
        assert_eq!(
            marked(&snippets(&["Appeals allowed"], "appeal", 1)[0]),
            ["Appeals"]
        );
        assert_eq!(
            marked(&snippets(&["the bailable warrant"], "bail*", 1)[0]),
            ["bailable"]
        );
        assert_eq!(
            marked(&snippets(&["under 498-A and 302/34"], "498A 302/34", 1)[0]),
            ["498-A", "302/34"]
        );
    }

    #[test]
    fn indic_text_is_cut_between_syllables() {
        let page = format!("{} ज़मानत {}", "न्यायालय ".repeat(60), "निर्णय ".repeat(60));
        let found = snippets(&[&page], "जमानत", 1);
        assert_eq!(marked(&found[0]), ["ज़मानत"]);
        assert!(
            found[0].text.starts_with("न्यायालय ") && found[0].text.ends_with(" निर्णय"),
            "{found:?}"
        );
        let unbroken = format!("{}।ज़मानत।{}", "க்ஷ".repeat(300), "க்ஷ".repeat(300));
        assert_eq!(marked(&snippets(&[&unbroken], "जमानत", 1)[0]), ["ज़मानत"]);
    }

    #[test]
    fn excluded_words_are_not_marked() {
        assert_eq!(
            marked(&snippets(&["bail and murder"], "bail -murder", 1)[0]),
            ["bail"]
        );
    }

    #[test]
    fn without_a_match_the_opening_is_shown() {
        let found = snippets(&["  ", &"opening words ".repeat(50)], "absent", 2);
        assert_eq!((found.len(), found[0].page), (1, 2));
        assert!(found[0].text.starts_with("opening words") && found[0].highlights.is_empty());
        assert_eq!(snippets(&["", " "], "absent", 2), []);
        assert_eq!(snippets(&["bail"], "bail", 0), []);
    }

    #[test]
    fn a_huge_word_is_shown_in_part() {
        let found = snippets(&[&"x".repeat(100_000)], "xxx*", 1);
        assert_eq!(found[0].text.len(), SNIPPET_CHARS);
        assert_eq!(found[0].highlights, [(0, SNIPPET_CHARS)]);
    }

    proptest::proptest! {
        /// Any text, any query of its words: sound ranges, bounded length.
        #[test]
        fn any_text_has_sound_snippets(
            pages in proptest::collection::vec("([a-c]{1,3}[ \\n.-]|न्याय |\\PC){0,200}", 1..4),
            query in "[a-c]{1,2} [a-c]{1,2}",
        ) {
            let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
            snippets(&pages, &query, 3);
            snippets(&pages, &format!("\"{query}\""), 3);
        }
    }
}
