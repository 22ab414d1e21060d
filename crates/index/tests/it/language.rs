//! The query language over the fields of facts, at distances, with letters wrong, by dates.

use nirnay_index::{IndexWriter, PassageOrder, Provision, Resolved, SearchOptions, Searcher};

use crate::corpus::{document, judgment, keys, searcher};

#[test]
fn distances() {
    let searcher = searcher();
    for (query, expected) in [
        // "Held: bail refused."
        ("bail /1 refused", &["d01"][..]),
        ("refused /1 bail", &["d01"]),
        ("bail @1 refused", &["d01"]),
        ("refused @1 bail", &[]),
        // Inflections: "Delay is condoned".
        ("delays w/2 condone", &["d02"]),
        ("condoned @5 delay", &[]),
        ("bail near granted", &["d03"]),
        ("bail /1 granted", &[]),
        ("bail /2 granted", &["d03"]),
        // Groups, phrases, beginnings.
        (
            "(bail OR maintenance) /3 (refused OR enhanced)",
            &["d01", "d09"],
        ),
        ("\"bail is\" /1 granted", &["d03"]),
        ("anticip* /4 bail", &["d01", "d03"]),
        ("\"anticipatory relief\" /4 bail", &["d03"]),
        // Chains: each near the one before it.
        ("bail @2 granted @2 relief", &["d03"]),
        ("bail @2 granted @1 relief", &[]),
        ("bail pre/2 granted pre/2 relief", &["d03"]),
        ("title:(mehta @1 traders)", &["d02"]),
        ("title:(traders @1 mehta)", &[]),
        ("bail NOT (bail /2 granted)", &["d01", "d08"]),
        ("bail /100 nowhere", &[]),
    ] {
        assert_eq!(keys(&searcher, query), expected, "{query}");
    }
    let error = searcher
        .search("bail /3 kulkarni~", &SearchOptions::default())
        .unwrap_err();
    assert_eq!(error.position, Some(5), "{error:?}");
}

/// These are kept in one spelling only, and found by it among words that are kept in two.
#[test]
fn numbers_and_function_words_are_found() {
    let mut writer = IndexWriter::in_memory(16 << 20).unwrap();
    for (key, text) in [
        ("a", "Convicted under Section 302, the appellants appealed."),
        (
            "b",
            "An appeal by the State under s. 498-A; years 2301 and 302.",
        ),
        ("c", "Nothing of 3020."),
    ] {
        let judgment = judgment("Asha versus Ravi", "2020-01-02");
        writer.upsert(document(key, judgment, &[text])).unwrap();
    }
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    for (query, expected) in [
        ("302", &["a", "b"][..]),
        ("498a", &["b"]),
        ("body:3020", &["c"]),
        ("the", &["a", "b"]),
        ("the and appealing", &["a", "b"]),
        ("of not the", &["c"]),
        ("\"under section 302\"", &["a"]),
        ("under /2 302", &["a"]),
        ("302*", &["a", "b", "c"]),
    ] {
        let mut found = keys(&searcher, query);
        found.sort();
        assert_eq!(found, expected, "{query}");
    }
    let options = SearchOptions::default();
    let found = searcher
        .by_passage("years 2301", PassageOrder::Words, &options)
        .unwrap();
    assert_eq!(found.hits.first().map(|hit| hit.key.as_str()), Some("b"));
}

#[test]
fn any_case_of_operators() {
    let searcher = searcher();
    for (query, expected) in [
        ("eviction or maintenance", &["d04", "d09"][..]),
        ("Eviction Orr Maintenance", &["d04", "d09"]),
        ("bail not anticipatory", &["d08"]),
        ("bail and refused", &["d01"]),
        ("bail Nott anticipatory andd often", &["d08"]),
        ("eviction || maintenance", &["d04", "d09"]),
        ("bail && refused", &["d01"]),
    ] {
        assert_eq!(keys(&searcher, query), expected, "{query}");
    }
}

#[test]
fn letters_wrong() {
    let searcher = searcher();
    for (query, expected) in [
        ("Kulkarmi~", &["d01", "d03"][..]),
        ("judge:Kulkrani~", &["d01", "d03"]),
        ("evicton~1", &["d04"]),
        ("Kulkarmi", &[]),
        ("title:mheta~", &["d02", "d04"]),
    ] {
        assert_eq!(keys(&searcher, query), expected, "{query}");
    }
    let found = searcher
        .search("evicton~", &SearchOptions::default())
        .unwrap();
    assert_eq!(
        found.hits[0].snippets[0].highlights,
        [(0, 8)],
        "Eviction is marked"
    );
}

#[test]
fn fields_of_facts() {
    let searcher = searcher();
    for (query, expected) in [
        ("section:498A", &["d01"][..]),
        ("section:498-A", &["d01"]),
        ("section:302", &["d01", "d05"]),
        ("section:\"302 IPC\"", &["d01", "d05"]),
        (
            "section:\"u/s 302 of the Indian Penal Code\"",
            &["d01", "d05"],
        ),
        ("section:\"article 226\"", &["d05"]),
        ("section:302/34", &["d01"]),
        ("section:302/307", &[]),
        ("section:34", &["d01", "d02"]),
        ("section:\"section 34 IPC\"", &["d01"]),
        ("statute:IPC", &["d01", "d05"]),
        ("act:\"Indian Penal Code\"", &["d01", "d05"]),
        ("statute:arbitration", &["d02"]),
        ("language:hindi", &["d05"]),
        ("lang:tam", &["d06"]),
        ("kind:order", &["d03"]),
        ("kind:judgment", &["d02", "d09"]),
        ("casetype:CA", &["d02"]),
        ("casetype:\"W.P.(C)\"", &["d01"]),
        ("petitioner:mehta", &["d02"]),
        ("respondent:mehta", &["d04"]),
        ("party:mehta", &["d02", "d04"]),
        ("judge:kulkarni", &["d01", "d03"]),
        ("cites:\"(2017) 10 SCC 1\"", &["d03"]),
        ("cites:\"2017 (10) S.C.C. 1\"", &["d03"]),
        ("citation:2025:BHC-AS:77", &["d03"]),
    ] {
        assert_eq!(keys(&searcher, query), expected, "{query}");
    }
    for (query, position, hint) in [
        ("language:klingon", 9, "Hindi"),
        ("bail kind:poem", 10, "interim_order"),
        ("section:murder", 8, "302 IPC"),
        ("cites:bail", 6, "INSC"),
        ("date:yesteryear", 5, "past 30 days"),
        ("after:31-02-2020", 6, "2020-05-17"),
        ("date:2024..2023", 5, "earlier one first"),
        ("year:2024..2023", 5, "earlier one first"),
        ("colour:red", 0, "title, party"),
    ] {
        let error = searcher
            .search(query, &SearchOptions::default())
            .unwrap_err();
        assert_eq!(error.position, Some(position), "{query}: {error:?}");
        assert!(error.hint.contains(hint), "{query}: {error:?}");
    }
}

#[test]
fn dates() {
    let searcher = searcher();
    let on = |query: &str, today: &str| {
        let options = SearchOptions {
            today: today.parse().ok(),
            limit: 100,
            ..SearchOptions::default()
        };
        let results = searcher.search(query, &options).unwrap();
        let mut keys: Vec<String> = results.hits.into_iter().map(|hit| hit.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(on("date:2025-04", "2026-01-01"), ["d02"]);
    assert_eq!(on("date:2024..2025-04-22", "2026-01-01"), ["d01", "d02"]);
    assert_eq!(on("after:2024", "2026-01-01"), ["d02", "d03"]);
    assert_eq!(on("before:2019", "2026-01-01"), ["d09"]);
    assert_eq!(on("date:\"past 30 days\"", "2025-05-01"), ["d02"]);
    assert_eq!(on("date:\"past 30 days\"", "2025-06-02"), ["d03"]);
    assert_eq!(on("after:\"22/04/2025\"", "2026-01-01"), ["d03"]);
}

#[test]
fn an_identifier_that_no_judgment_bears_finds_those_that_cite_it() {
    let searcher = searcher();
    let ask = |query: &str| searcher.search(query, &SearchOptions::default()).unwrap();
    let bears = ask("2025 INSC 555");
    assert_eq!(
        (bears.hits[0].key.as_str(), bears.resolved),
        ("d02", Some(Resolved::Bears))
    );
    for query in ["(2017) 10 SCC 1", "2017 (10) SCC 1", "(2017) 10 S.C.C. 1"] {
        let cites = ask(query);
        assert_eq!(
            (cites.total, cites.resolved, cites.identifier.as_deref()),
            (1, Some(Resolved::Cites), Some("(2017) 10 SCC 1")),
            "{query}"
        );
        assert_eq!(cites.hits[0].key, "d03");
    }
    let own = ask("2025:BHC-AS:77");
    assert_eq!(
        (own.hits[0].key.as_str(), own.resolved),
        ("d03", Some(Resolved::Bears))
    );
}

/// Its numbers, as words, stand in judgments that have nothing to do with it.
#[test]
fn an_identifier_that_nobody_bears_or_cites_is_not_taken_for_words() {
    let mut writer = IndexWriter::in_memory(16 << 20).unwrap();
    let text = "In 1973, in 4 of 225 cases; SCC Online was down. Of 1900, INSC 4.";
    let judgment = judgment("Asha versus Ravi", "2020-01-02");
    writer.upsert(document("a", judgment, &[text])).unwrap();
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    let ask = |query: &str| searcher.search(query, &SearchOptions::default()).unwrap();
    for (query, canonical) in [
        ("(1973) 4 SCC 225", "(1973) 4 SCC 225"),
        ("1900 INSC 4", "1900 INSC 4"),
        ("dlhc01-000012-2024", "DLHC010000122024"),
    ] {
        let nowhere = ask(query);
        assert_eq!((nowhere.total, nowhere.resolved), (0, None), "{query}");
        assert_eq!(nowhere.identifier.as_deref(), Some(canonical), "{query}");
        assert!(
            nowhere.notes[0].contains("bears or cites") && nowhere.notes[0].contains(query),
            "{query}: {:?}",
            nowhere.notes
        );
    }
    // As it stands, and as words of a question, it is searched for.
    assert_eq!(ask("\"1900, INSC 4\"").total, 1);
    assert_eq!(ask("1973 AND 4 AND SCC AND 225").total, 1);
}

#[test]
fn parts_of_a_section_are_those_that_the_text_prints() {
    let mut writer = IndexWriter::in_memory(16 << 20).unwrap();
    for (key, text) in [
        (
            "a",
            "Eviction under Section 14(1)(b) of the Delhi Rent Control Act.",
        ),
        (
            "b",
            "Eviction under Section 14(1)(e) of the Delhi Rent Control Act.",
        ),
    ] {
        let judgment = judgment("Asha versus Ravi", "2020-01-02");
        let mut document = document(key, judgment, &[text]);
        document.facts.provisions = vec![Provision {
            statute: Some("DRC Act".to_owned()),
            section: "s 14".to_owned(),
        }];
        writer.upsert(document).unwrap();
    }
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    assert_eq!(keys(&searcher, "section:14"), ["a", "b"]);
    assert_eq!(keys(&searcher, "section:14(1)(b)"), ["a"]);
    assert_eq!(keys(&searcher, "section:14(1)(c)"), Vec::<String>::new());
}

#[test]
fn names_in_other_scripts_are_found_in_latin_letters() {
    let searcher = searcher();
    for (query, expected) in [
        ("Ram Prasad", &["d05"][..]),
        ("party:Prashad", &["d05"]),
        ("title:\"Ram Prasad\"", &["d05"]),
        ("murugan", &["d06"]),
        ("petitioner:Murukan", &["d06"]),
    ] {
        let found = keys(&searcher, query);
        assert!(
            expected
                .iter()
                .all(|key| found.contains(&(*key).to_owned())),
            "{query}: {found:?}"
        );
    }
    assert_eq!(keys(&searcher, "Ramesh Prasad"), Vec::<String>::new());
}

#[test]
fn never_a_silent_nothing() {
    let searcher = searcher();
    let notes = |query: &str, options: SearchOptions| {
        let results = searcher.search(query, &options).unwrap();
        assert_eq!(results.total, 0, "{query}");
        results.notes.join("\n")
    };
    let all = SearchOptions::default();
    assert!(notes("bail flibbertigibbet", all.clone()).contains("no judgment has flibbertigibbet"));
    assert!(notes("evictoin", all.clone()).contains("evictoin~"));
    assert!(notes("\"refused bail\"", all.clone()).contains("without the quotes"));
    // Nothing is suggested that would be refused.
    for query in ["2023:DHC:9999x", "302/9999", "date:\"1801\""] {
        let said = notes(query, all.clone());
        assert!(
            !said.contains('~') && !said.contains("quotes"),
            "{query}: {said}"
        );
    }
    assert!(notes("court:dehli", all.clone()).contains("did you mean delhi?"));
    assert!(notes("casetype:foo", all.clone()).contains("here there are "));
    assert!(notes("act:zzz", all.clone()).contains("IPC"));
    assert!(notes("eviction enhanced", all.clone()).contains("join some with OR"));
    let filtered = SearchOptions {
        court: Some("bombay".into()),
        ..all
    };
    assert!(notes("maintenance", filtered).contains("1 without the filters (court bombay)"));
    let empty = IndexWriter::in_memory(20_000_000)
        .unwrap()
        .searcher()
        .unwrap();
    let results = empty.search("x", &SearchOptions::default()).unwrap();
    assert!(results.notes[0].contains("holds no judgment"));
}

#[test]
fn what_was_understood_is_said() {
    let searcher = searcher();
    let understood = |query: &str| {
        let results = searcher.search(query, &SearchOptions::default()).unwrap();
        results.understood
    };
    assert_eq!(
        understood("bail refused -murder or act:ipc"),
        "(bail AND refused AND NOT murder) OR statute:ipc"
    );
    assert_eq!(understood("2025insc555"), "2025 INSC 555");
}

#[test]
fn pages_are_marked() {
    let searcher: Searcher = searcher();
    let text = "Bail was refused; bailable. BAIL.";
    let marks = searcher.highlights("bail -refused", text).unwrap();
    let marked: Vec<&str> = marks
        .iter()
        .map(|(from, to)| text.get(*from..*to).unwrap())
        .collect();
    assert_eq!(marked, ["Bail", "BAIL"]);
}

#[test]
fn a_search_is_given_up_in_time() {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    for number in 0..3_000 {
        let key = format!("k{number}");
        writer
            .upsert(document(
                &key,
                judgment(&key, "2020-01-01"),
                &["bail was refused"],
            ))
            .unwrap();
    }
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    let options = SearchOptions {
        time_limit: Some(std::time::Duration::ZERO),
        ..SearchOptions::default()
    };
    let error = searcher.search("bail", &options).unwrap_err();
    assert!(
        error.message.contains("took longer") && !error.hint.is_empty(),
        "{error:?}"
    );
    let none = SearchOptions {
        time_limit: None,
        ..options
    };
    assert_eq!(
        searcher.search("bail /2 refused", &none).unwrap().total,
        3_000
    );
}
