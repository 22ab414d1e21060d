//! Queries made to hurt: all are answered or refused, none recurses, none is read in full.

use nirnay_index::SearchOptions;

use crate::corpus::searcher;

#[test]
fn oversized_queries_are_refused() {
    let searcher = searcher();
    for query in [
        "(".repeat(100_000),
        ")".repeat(100_000),
        format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000)),
        "NOT ".repeat(10_000),
        "-".repeat(100_000),
        "\"".repeat(100_001),
        "a ".repeat(500_000),
        "a".repeat(1 << 20),
        "न्या".repeat(1 << 18),
        "title:".repeat(10_000),
        "a OR ".repeat(10_000),
        "(".repeat(600),
    ] {
        let error = searcher
            .search(&query, &SearchOptions::default())
            .unwrap_err();
        assert!(
            error.position.is_some() && !error.hint.is_empty(),
            "{error:?}"
        );
        assert!(
            error.message.len() < 200 && error.hint.len() < 200,
            "{error:?}"
        );
    }
}

/// The worst that the limits let through, on the small stack of a server's worker thread.
#[test]
fn the_largest_queries_fit_a_small_stack() {
    let nested = format!("{}a{}", "(NOT ".repeat(16), ")".repeat(16));
    let words = (0..32).map(|n| format!("w{n}")).collect::<Vec<_>>();
    let queries = [
        nested,
        "NOT ".repeat(249) + "a",
        words.join(" "),
        words.join(" OR "),
        format!("\"{}\"", "the ".repeat(249)),
        format!("\"{}\"~50", "x y ".repeat(200)),
        "bai* ".repeat(32),
        "S.C.R. ".repeat(32),
        "a.".repeat(499),
        "\u{94d}".repeat(1_000),
        "a\u{200d}\u{301}".repeat(300),
        "\0\u{1}\u{7f}\u{fffe} x".into(),
    ];
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || {
            let searcher = searcher();
            for query in queries {
                if let Err(error) = searcher.search(&query, &SearchOptions::default()) {
                    assert!(!error.message.is_empty());
                }
            }
        })
        .unwrap()
        .join()
        .unwrap();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    /// Any text is answered or refused by a whole index, and what is marked can be marked.
    #[test]
    fn any_query_is_answered(query in "([a-z*\"():~ -]|bail|the|OR|NOT|title:|year:|cnr:|न्या|\\PC){0,30}") {
        thread_local!(static SEARCHER: nirnay_index::Searcher = searcher());
        SEARCHER.with(|searcher| {
            let Ok(results) = searcher.search(&query, &SearchOptions::default()) else { return };
            for snippet in results.hits.iter().flat_map(|hit| &hit.snippets) {
                for (from, to) in &snippet.highlights {
                    assert!(snippet.text.get(*from..*to).is_some_and(|text| !text.is_empty()));
                }
            }
        });
    }
}
