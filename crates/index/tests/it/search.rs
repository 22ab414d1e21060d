//! What is found, in which order, and what a hit shows.

use nirnay_index::{IndexWriter, MAX_WINDOW, SearchOptions, Sort};

use crate::corpus::{document, documents, judgment, keys, searcher};

#[test]
fn words_phrases_and_operators() {
    let searcher = searcher();
    for (query, expected) in [
        ("bail", &["d01", "d03", "d08"][..]),
        ("BAIL refused", &["d01"]),
        ("bail refuse", &["d01"]),
        ("\"bail refuse\"", &[]),
        ("\"anticipatory bail\"", &["d01"]),
        ("\"anticipatory bail\"~4", &["d01", "d03"]),
        ("bail -anticipatory", &["d08"]),
        ("bail NOT (anticipatory OR often)", &[]),
        ("eviction OR maintenance", &["d04", "d09"]),
        ("(eviction OR maintenance) allowed", &["d09"]),
        ("evict*", &["d04"]),
        ("\"appeals\"", &["d02"]),
        ("arbitration act", &["d02"]),
        ("\"Arbitration Act\"", &["d02"]),
        ("wife plea", &["d09"]),
        ("\"wife plea\"", &["d09"]),
        ("non-payment", &["d04"]),
        ("CrPC 482", &["d04"]),
        ("\"CrPC 482\"", &["d04"]),
        ("Cr.P.C.", &["d04"]),
        ("498A", &["d01"]),
        ("498-a", &["d01"]),
        ("302/34", &["d01"]),
        ("34/302", &[]),
        ("\"Asha Devi v. State\"", &["d01"]),
        ("ram iyer", &["d02"]),
        ("DMello", &["d02"]),
        ("registrar 17", &["d17"]),
    ] {
        assert_eq!(keys(&searcher, query), expected, "{query}");
    }
    assert_eq!(keys(&searcher, "").len(), 30);
    assert_eq!(keys(&searcher, "-bail").len(), 27);
    assert_eq!(keys(&searcher, "eviction OR NOT bail").len(), 27);
}

#[test]
fn other_scripts() {
    let searcher = searcher();
    for (query, expected) in [
        ("न्यायालय", "d05"),
        ("\"उच्च न्यायालय\"", "d05"),
        ("जमानत", "d05"),
        ("302 ज़मानत", "d05"),
        ("\"धारा 302\"", "d05"),
        ("न्याय*", "d05"),
        ("தீர்ப்பு", "d06"),
        ("வழக்கு", "d06"),
        ("title:முருகன்", "d06"),
    ] {
        assert_eq!(keys(&searcher, query), [expected], "{query}");
    }
    assert_eq!(keys(&searcher, "न्यायालयx"), Vec::<String>::new());
}

#[test]
fn fields() {
    let searcher = searcher();
    for (query, expected) in [
        ("title:mehta", &["d02", "d04"][..]),
        ("party:\"mehta traders\"", &["d02"]),
        ("judge:kulkarni", &["d01", "d03"]),
        ("judge:\"AB Kulkarni\"", &["d01", "d03"]),
        ("court:bombay", &["d03", "d04"]),
        ("court:27_1 mehta", &["d04"]),
        ("court:\"Supreme Court of India\"", &["d02", "d09"]),
        ("court:supreme", &["d02", "d09"]),
        ("bench:scr", &["d02", "d09"]),
        ("cnr:DLHC01-000012-2024", &["d01"]),
        ("cnr:DLHC*", &["d01"]),
        ("citation:2024:DHC:2720", &["d01"]),
        ("citation:\"5 SCR 275\"", &["d02"]),
        ("case:\"W.P.(C) No. 1 of 2024\"", &["d01"]),
        ("case:WP(C)/1/2024 OR case:14724", &["d01", "d02"]),
        ("year:2025", &["d02", "d03"]),
        ("year:2018..2019", &["d04", "d09"]),
        ("disposal:allowed", &["d02"]),
        ("disposal:withdrawn", &["d01"]),
        ("disposal:\"dismissed as withdrawn\"", &["d01"]),
        ("kind:judgment", &["d02", "d09"]),
        ("body:mehta", &[]),
        ("body:(bail granted)", &["d03"]),
        ("title:(mehta -union)", &["d04"]),
    ] {
        assert_eq!(keys(&searcher, query), expected, "{query}");
    }
    for (query, position) in [
        ("cnr:abc", 4),
        ("a year:x", 7),
        ("kind:poem", 5),
        ("ab*", 0),
        ("WP(C)*", 0),
    ] {
        let error = searcher
            .search(query, &SearchOptions::default())
            .unwrap_err();
        assert_eq!(error.position, Some(position), "{query}: {error:?}");
    }
    let error = searcher
        .search("?! -", &SearchOptions::default())
        .unwrap_err();
    assert!(error.message.contains("no word"), "{error:?}");
}

#[test]
fn a_query_that_is_an_identifier_finds_its_judgment_only() {
    let searcher = searcher();
    for (query, key, shown) in [
        ("2025 INSC 555", "d02", "2025 INSC 555"),
        ("2025insc555", "d02", "2025 INSC 555"),
        ("(2025) 5 SCR 275", "d02", "[2025] 5 SCR 275"),
        ("[2025] 5 S.C.R. 275", "d02", "[2025] 5 SCR 275"),
        ("2024:DHC:2720", "d01", "2024:DHC:2720"),
        ("2024:DHC:2720-DB", "d01", "2024:DHC:2720-DB"),
        ("dlhc010000122024", "d01", "DLHC010000122024"),
        ("WP(C)/1/2024", "d01", "WP(C) 1/2024"),
        ("Civil Appeal No. 14724 of 2024", "d02", "CA 14724/2024"),
    ] {
        let results = searcher.search(query, &SearchOptions::default()).unwrap();
        let found: Vec<&str> = results.hits.iter().map(|hit| hit.key.as_str()).collect();
        assert_eq!(
            (found, results.identifier.as_deref()),
            (vec![key], Some(shown)),
            "{query}"
        );
    }
    assert_eq!(keys(&searcher, "\"2025 INSC 555\""), ["d02", "d03"]);
    assert_eq!(keys(&searcher, "bail 2024:DHC:2720"), ["d01"]);
    let absent = searcher
        .search("2025 INSC 999", &SearchOptions::default())
        .unwrap();
    assert_eq!(
        (absent.total, absent.identifier.as_deref(), absent.resolved),
        (0, Some("2025 INSC 999"), None)
    );
}

#[test]
fn filters_order_and_windows() {
    let searcher = searcher();
    let run = |query: &str, options: SearchOptions| {
        let results = searcher.search(query, &options).unwrap();
        let keys: Vec<String> = results.hits.into_iter().map(|hit| hit.key).collect();
        (results.total, keys)
    };
    let all = SearchOptions {
        limit: 100,
        ..SearchOptions::default()
    };
    let court = |court: &str| SearchOptions {
        court: Some(court.into()),
        ..all.clone()
    };
    assert_eq!(run("bail", court("bombay")), (1, vec!["d03".into()]));
    assert_eq!(run("bail", court("27_1")).1, ["d03"]);
    assert_eq!(run("bail", court("99_99")).0, 0);
    let dated = SearchOptions {
        from: "2024-03-15".parse().ok(),
        to: "2025-04-22".parse().ok(),
        sort: Sort::Oldest,
        ..all.clone()
    };
    assert_eq!(run("", dated), (2, vec!["d01".into(), "d02".into()]));
    let newest = SearchOptions {
        sort: Sort::Newest,
        ..all.clone()
    };
    assert_eq!(run("bail", newest.clone()).1, ["d03", "d01", "d08"]);
    let oldest = SearchOptions {
        sort: Sort::Oldest,
        ..all.clone()
    };
    assert_eq!(run("bail", oldest).1, ["d01", "d03", "d08"], "undated last");
    assert_eq!(
        run(
            "",
            SearchOptions {
                limit: 0,
                ..all.clone()
            }
        ),
        (30, vec![])
    );

    for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
        let whole = run(
            "",
            SearchOptions {
                sort,
                ..all.clone()
            },
        )
        .1;
        let pages: Vec<String> = (0..30)
            .step_by(7)
            .flat_map(|offset| {
                run(
                    "",
                    SearchOptions {
                        sort,
                        limit: 7,
                        offset,
                        ..all.clone()
                    },
                )
                .1
            })
            .collect();
        assert_eq!(pages, whole);
    }
}

#[test]
fn options_out_of_bounds_are_refused() {
    let searcher = searcher();
    let refused = |options: SearchOptions| searcher.search("bail", &options).unwrap_err();
    let all = SearchOptions::default();
    assert!(
        refused(SearchOptions {
            offset: MAX_WINDOW,
            ..all.clone()
        })
        .message
        .contains("10000")
    );
    assert!(
        refused(SearchOptions {
            limit: usize::MAX,
            offset: 1,
            ..all.clone()
        })
        .position
        .is_none()
    );
    assert!(
        refused(SearchOptions {
            court: Some("atlantis".into()),
            ..all.clone()
        })
        .message
        .contains("atlantis")
    );
    let swapped = SearchOptions {
        from: "2025-01-01".parse().ok(),
        to: "2024-01-01".parse().ok(),
        ..all
    };
    assert!(refused(swapped).hint.contains("swap"));
}

#[test]
fn a_hit_shows_the_case_and_the_page() {
    let searcher = searcher();
    let results = searcher
        .search("bail 498A", &SearchOptions::default())
        .unwrap();
    let hit = &results.hits[0];
    assert_eq!(
        (
            hit.title.as_str(),
            hit.court_code.as_str(),
            hit.bench_code.as_str()
        ),
        ("ASHA DEVI versus STATE OF NCT", "7_26", "dhcdb")
    );
    assert_eq!(hit.decision_date, "2024-03-15".parse().ok());
    assert_eq!(hit.case_number.as_deref(), Some("W.P.(C)/1/2024"));
    assert_eq!(hit.neutral_citation.as_deref(), Some("2024:DHC:2720-DB"));
    assert_eq!(hit.sha256.as_ref().map(String::len), Some(64));
    assert_eq!(
        hit.snippets
            .iter()
            .map(|snippet| snippet.page)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    let second = &hit.snippets[1];
    let marked: Vec<&str> = second
        .highlights
        .iter()
        .map(|(from, to)| second.text.get(*from..*to).unwrap())
        .collect();
    assert_eq!(marked, ["498-A", "bail"]);

    let third = searcher
        .search("delay condoned", &SearchOptions::default())
        .unwrap();
    assert_eq!(third.hits[0].snippets[0].page, 3);
    let scanned = searcher
        .search("scanned", &SearchOptions::default())
        .unwrap();
    assert_eq!(
        (scanned.hits[0].snippets.len(), &scanned.hits[0].sha256),
        (0, &None)
    );
}

#[test]
fn the_heading_weighs_more_than_the_text() {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    writer
        .upsert(document(
            "text",
            judgment("A versus B", "2024-01-01"),
            &["mehta was named"],
        ))
        .unwrap();
    writer
        .upsert(document(
            "head",
            judgment("MEHTA versus B", "2020-01-01"),
            &["no name here"],
        ))
        .unwrap();
    writer.commit("2").unwrap();
    let results = writer
        .searcher()
        .unwrap()
        .search("mehta", &SearchOptions::default())
        .unwrap();
    assert_eq!(results.hits[0].key, "head");
}

#[test]
fn an_index_of_undated_judgments_can_be_ordered_by_date() {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    writer
        .upsert(document("a", judgment("A versus B", "?"), &["x"]))
        .unwrap();
    writer.commit("1").unwrap();
    let options = SearchOptions {
        sort: Sort::Newest,
        ..SearchOptions::default()
    };
    assert_eq!(
        writer
            .searcher()
            .unwrap()
            .search("", &options)
            .unwrap()
            .total,
        1
    );
    let dated = SearchOptions {
        from: "2024-01-01".parse().ok(),
        ..options
    };
    assert_eq!(
        writer.searcher().unwrap().search("", &dated).unwrap().total,
        0
    );
}

#[test]
fn an_empty_index_answers() {
    let writer = IndexWriter::in_memory(20_000_000).unwrap();
    let searcher = writer.searcher().unwrap();
    for sort in [Sort::Relevance, Sort::Newest] {
        let options = SearchOptions {
            sort,
            ..SearchOptions::default()
        };
        assert_eq!(
            searcher
                .search("\"a b\" cat* year:2020", &options)
                .unwrap()
                .total,
            0
        );
        assert_eq!(searcher.search("2025 INSC 1", &options).unwrap().total, 0);
    }
    assert_eq!((searcher.document_count(), searcher.watermark()), (0, None));
}

/// Fifty queries give the same hits in the same order, whatever the commits and the order of
/// arrival were.
#[test]
fn a_rebuilt_index_gives_the_same_hits() {
    let build = |reverse: bool, batch: usize| {
        let mut documents = documents();
        if reverse {
            documents.reverse();
        }
        let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
        for (count, document) in (1..).zip(documents) {
            writer.upsert(document).unwrap();
            if count % batch == 0 {
                writer.commit("part").unwrap();
            }
        }
        writer.commit("all").unwrap();
        writer.searcher().unwrap()
    };
    let (once, again) = (build(false, 100), build(true, 4));
    let words = [
        "bail",
        "revenue",
        "assessee record",
        "\"the record\"",
        "state",
        "relied OR held",
        "matter -bail",
        "party*",
        "title:registrar",
        "thousand",
    ];
    let courts = [
        None,
        Some("delhi".to_owned()),
        Some("bombay".to_owned()),
        Some("sci".to_owned()),
        Some("7_26".to_owned()),
    ];
    for word in words {
        for court in &courts {
            let options = SearchOptions {
                court: court.clone(),
                ..SearchOptions::default()
            };
            let (left, right) = (
                once.search(word, &options).unwrap(),
                again.search(word, &options).unwrap(),
            );
            assert_eq!(
                (left.total, left.hits),
                (right.total, right.hits),
                "{word} {court:?}"
            );
        }
    }
}
