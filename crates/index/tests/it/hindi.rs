//! Words of real Hindi texts are found as words.

use std::path::Path;
use std::process::Command;

use nirnay_index::{IndexWriter, SearchOptions};

use crate::corpus::{document, judgment};

/// Words that the engine's own tokenizer breaks at the virama.
const WORDS: [&str; 2] = ["न्यायालय", "सर्वोच्च"];

#[test]
fn words_of_real_hindi_texts_are_found_as_words() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/pdf");
    let listed = std::fs::read_to_string(dir.join("index.tsv")).unwrap_or_default();
    let files: Vec<_> = listed
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row.get(6).is_some_and(|language| language.contains("hin")))
        .map(|row| dir.join(row[0]))
        .collect();
    if files.is_empty() || Command::new("pdftotext").arg("-v").output().is_err() {
        eprintln!("skipped: {} or pdftotext is not there", dir.display());
        return;
    }
    let mut writer = IndexWriter::in_memory(50_000_000).unwrap();
    let mut texts = Vec::new();
    for file in files {
        let read = Command::new("pdftotext")
            .arg(&file)
            .arg("-")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&read.stdout).into_owned();
        let key = file.file_name().unwrap().to_string_lossy().into_owned();
        let judgment = judgment(&key, "2020-01-01");
        writer.upsert(document(&key, judgment, &[&text])).unwrap();
        texts.push((key, text));
    }
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    for word in WORDS {
        let whole = |text: &str| text.split_whitespace().any(|piece| piece == word);
        let holding: Vec<&String> = texts
            .iter()
            .filter(|(_, text)| whole(text))
            .map(|(key, _)| key)
            .collect();
        // In quotes: as it stands, in no other inflection.
        let found = searcher
            .search(&format!("\"{word}\""), &SearchOptions::default())
            .unwrap();
        for key in &holding {
            assert!(
                found.hits.iter().any(|hit| hit.key == **key),
                "{word} in {key}"
            );
        }
        for hit in &found.hits {
            let (_, text) = texts.iter().find(|(key, _)| *key == hit.key).unwrap();
            assert!(text.contains(word), "{word} not in {}", hit.key);
        }
        eprintln!("{word}: {} of {} texts", found.total, texts.len());
    }
}
