//! Words of real Hindi judgments, as our own reader gives them, are found as words.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nirnay_extract::{Limits, extract_in_process};
use nirnay_index::{SearchOptions, Searcher};
use nirnay_pipeline::{Silent, build_index, import_texts};
use nirnay_store::{Lake, OpenMode};
use nirnay_tests::scratch;
use serde_json::json;

/// Words that the engine's own tokenizer breaks at the virama, and one that it does not. No document there prints
/// the first: a line with it is put under each.
const WORDS: [&str; 3] = ["सर्वोच्च", "न्यायालय", "आदेश"];
const LINE: &str = "यह मामला सर्वोच्च न्यायालय के आदेश से निपटाया जाता है।";

#[test]
fn words_of_real_hindi_judgments_are_found_as_words() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pdf");
    let listed = std::fs::read_to_string(shared.join("index.tsv")).unwrap_or_default();
    let files: Vec<PathBuf> = listed
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row.get(6).is_some_and(|language| language.contains("hin")))
        .map(|row| shared.join(row[0]))
        .collect();
    if files.is_empty() {
        eprintln!("skipped: {} is not there", shared.display());
        return;
    }
    let dir = scratch();
    let mut texts: Vec<(String, String)> = Vec::new();
    for file in &files {
        let pdf = std::fs::read(file).unwrap();
        let Ok(read) = extract_in_process(&pdf, &Limits::default()) else {
            continue;
        };
        let pages: Vec<&str> = read.pages.iter().map(|page| page.text.as_str()).collect();
        let key = file.file_stem().unwrap().to_string_lossy().into_owned();
        texts.push((
            format!("{key}-with-line"),
            format!("{}\n{LINE}", pages.join("\u{c}")),
        ));
        texts.push((key, pages.join("\u{c}")));
    }
    let lines: Vec<String> = texts
        .iter()
        .map(|(id, text)| json!({ "id": id, "text": text }).to_string())
        .collect();
    let jsonl = dir.path().join("hindi.jsonl");
    std::fs::write(&jsonl, lines.join("\n")).unwrap();
    let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadWrite).unwrap();
    import_texts(&lake, &jsonl, Timestamp::now(), &mut |_| {}).unwrap();
    build_index(&lake, &Silent).unwrap();
    let searcher = Searcher::open(&lake.dir().join("index")).unwrap();
    for word in WORDS {
        let holding: BTreeSet<&str> = texts
            .iter()
            .filter(|(_, text)| whole_words(text).any(|piece| piece == word))
            .map(|(key, _)| key.as_str())
            .collect();
        let options = SearchOptions {
            limit: 100,
            ..SearchOptions::default()
        };
        // In quotes: as it stands, in no other inflection.
        let found = searcher.search(&format!("\"{word}\""), &options).unwrap();
        let found: BTreeSet<&str> = found.hits.iter().map(|hit| hit.key.as_str()).collect();
        assert_eq!(found, holding, "{word}");
        let real = holding.iter().filter(|key| !key.ends_with("line")).count();
        eprintln!(
            "{word}: {real} of {} documents as they are",
            texts.len() / 2
        );
        assert!(holding.len() >= texts.len() / 2, "{word}");
        if word != "सर्वोच्च" {
            assert!(real >= 3, "{word} stands in {real} documents");
        }
    }
}

/// Letters with their marks.
fn whole_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || ('\u{900}'..='\u{963}').contains(&c)))
}
