//! Texts from files are judgments like others: they cite and are cited, have languages and pages, and can be hidden.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;

use jiff::Timestamp;
use nirnay_index::{SearchOptions, Searcher, Sort};
use nirnay_pipeline::{Silent, apply_removals, build_index, check_index, import_texts};
use nirnay_store::{Lake, OpenMode};
use nirnay_tests::scratch;
use serde_json::json;

const ASHA: &str = "Asha Devi v. State of Bihar, AIR 1961 SC 100; (1961) 2 SCR 77\n\
    Writ Petition No. 117 of 1960\nThe petition is about a lease of land.\n\u{c}\
    The second page speaks of a river.";
const RAVI: &str = "Ravi Rao v. State of Kerala, AIR 1970 SC 20\n\
    The rule in Asha Devi v. State of Bihar, AIR 1961 SC 100 : (1961) 2 SCR 77, is followed.";
const MALA: &str = "Mala v. Union of India, AIR 1980 SC 30\n\
    We follow AIR 1961 SC 100 and AIR 1970 SC 20.";
const HINDI: &str = "अपीलार्थी बनाम राज्य\nयह अपील सर्वोच्च न्यायालय के समक्ष प्रस्तुत की गई है और खारिज की जाती है। \
    अपीलार्थी के विद्वान अधिवक्ता ने तर्क दिया कि आदेश विधि के विरुद्ध है।";

fn import(lake: &Lake, dir: &Path, texts: &[(&str, &str)]) {
    let file = dir.join("texts.jsonl");
    let lines: Vec<String> = texts
        .iter()
        .map(|(id, text)| json!({ "id": id, "text": text }).to_string())
        .collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    import_texts(lake, &file, Timestamp::now(), &mut |_| {}).unwrap();
}

fn keys(searcher: &Searcher, query: &str) -> Vec<String> {
    let results = searcher.search(query, &SearchOptions::default()).unwrap();
    let mut keys: Vec<String> = results.hits.into_iter().map(|hit| hit.key).collect();
    keys.sort();
    keys
}

fn cited_by(searcher: &Searcher, key: &str) -> u64 {
    searcher.document(key).unwrap().unwrap().hit.cited_by
}

#[test]
fn imported_texts_cite_and_are_cited() {
    let dir = scratch();
    let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadWrite).unwrap();
    import(&lake, dir.path(), &[("asha", ASHA), ("ravi", RAVI)]);
    build_index(&lake, &Silent).unwrap();
    let open = || Searcher::open(&lake.dir().join("index")).unwrap();
    assert_eq!(cited_by(&open(), "asha"), 1, "parallel citations are one");
    assert_eq!(cited_by(&open(), "ravi"), 0);

    // One that comes later cites those that were there.
    import(&lake, dir.path(), &[("mala", MALA), ("hindi", HINDI)]);
    let report = build_index(&lake, &Silent).unwrap();
    assert_eq!(report.changed, 4, "two new ones, and two with another sum");
    let searcher = open();
    let sums = ["asha", "ravi", "mala"].map(|key| cited_by(&searcher, key));
    assert_eq!(sums, [2, 1, 0]);
    let options = SearchOptions {
        sort: Sort::MostCited,
        ..SearchOptions::default()
    };
    let most = searcher.search("v", &options).unwrap();
    assert_eq!(most.hits[0].key, "asha");

    let ends = |neighbours: nirnay_index::Neighbours| {
        let mut keys: Vec<String> = neighbours.hits.into_iter().map(|hit| hit.key).collect();
        keys.sort();
        assert_eq!(keys.len(), neighbours.total);
        keys
    };
    assert_eq!(ends(searcher.citing("asha", 10).unwrap()), ["mala", "ravi"]);
    assert_eq!(ends(searcher.cited("mala", 10).unwrap()), ["asha", "ravi"]);
    assert_eq!(ends(searcher.cited("asha", 10).unwrap()), [""; 0]);
    assert_eq!(searcher.citing("asha", 1).unwrap().total, 2);

    // Nothing new: nothing to do.
    assert_eq!(build_index(&lake, &Silent).unwrap().changed, 0);
}

#[test]
fn imported_texts_say_what_they_are() {
    let dir = scratch();
    let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadWrite).unwrap();
    import(&lake, dir.path(), &[("asha", ASHA), ("hindi", HINDI)]);
    build_index(&lake, &Silent).unwrap();
    let searcher = Searcher::open(&lake.dir().join("index")).unwrap();
    assert_eq!(keys(&searcher, "language:hindi"), ["hindi"]);
    assert_eq!(keys(&searcher, "language:english"), ["asha"]);
    for word in ["सर्वोच्च", "न्यायालय", "\"सर्वोच्च न्यायालय\""]
    {
        assert_eq!(keys(&searcher, word), ["hindi"], "{word}");
    }
    let found = searcher.search("river", &SearchOptions::default()).unwrap();
    assert_eq!(found.hits[0].snippets[0].page, 2);
}

#[test]
fn an_imported_text_is_hidden_by_its_id() {
    let dir = scratch();
    let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadWrite).unwrap();
    import(&lake, dir.path(), &[("asha", ASHA), ("ravi", RAVI)]);
    build_index(&lake, &Silent).unwrap();
    let order = "[[removal]]\nwhat = \"ravi\"\nreason = \"sealed\"\nsince = \"2026-02-03\"\n";
    let list = lake.dir().join("removed.toml");
    std::fs::write(&list, order).unwrap();
    apply_removals(&lake).unwrap();
    let report = build_index(&lake, &Silent).unwrap();
    assert_eq!((report.documents, report.removed), (1, 1));
    let searcher = Searcher::open(&lake.dir().join("index")).unwrap();
    assert_eq!(keys(&searcher, ""), ["asha"]);
    assert_eq!(
        cited_by(&searcher, "asha"),
        0,
        "what is hidden says nothing"
    );
    assert_eq!(check_index(&lake, true), []);

    std::fs::write(&list, "").unwrap();
    apply_removals(&lake).unwrap();
    build_index(&lake, &Silent).unwrap();
    let searcher = Searcher::open(&lake.dir().join("index")).unwrap();
    assert_eq!(keys(&searcher, ""), ["asha", "ravi"]);
    assert_eq!(cited_by(&searcher, "asha"), 1);
}
