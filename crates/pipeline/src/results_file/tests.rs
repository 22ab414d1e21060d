//! Results written and read back.

use std::fs::{self, File};
use std::path::Path;

use jiff::Timestamp;
use nirnay_index::{Facts, IndexDocument, IndexWriter, SearchOptions, Searcher};
use nirnay_model::{DocumentKind, Judgment, SourceId};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::write_results;

fn judgment(number: usize) -> Judgment {
    Judgment {
        title: format!("PARTY, {number} \"X\" versus STATE"),
        case_number_raw: Some(format!("W.P.(C) {number}/2024")),
        judges: vec!["A. RAO".into(), "B. SEN".into()],
        decision_date: "2024-03-15".parse().ok(),
        document_kind: DocumentKind::Judgment,
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            ("7_26".parse().unwrap(), "High Court of Delhi".into()),
            "dhcdb".parse().unwrap(),
        )
    }
}

fn searcher(judgments: usize) -> Searcher {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    for number in 1..=judgments {
        let document = IndexDocument {
            key: format!("k{number}"),
            version: "1".into(),
            judgment: judgment(number),
            sha256: None,
            facts: Facts::default(),
            pages: vec![(1, "Bail, \"refused\".".into())],
        };
        writer.upsert(document).unwrap();
    }
    writer.commit("mark-7").unwrap();
    writer.searcher().unwrap()
}

fn write(searcher: &Searcher, out: &Path) {
    let now: Timestamp = "2026-11-30T01:02:03Z".parse().unwrap();
    let report = write_results(searcher, ("bail", &SearchOptions::default()), out, now).unwrap();
    assert_eq!(report.origin.rows, 3_000);
}

#[test]
fn every_match_is_in_the_file_and_the_file_says_where_it_is_from() {
    let dir = tempfile::tempdir().unwrap();
    let searcher = searcher(3_000);
    let at = |name: &str| dir.path().join(name);

    write(&searcher, &at("r.jsonl"));
    let text = fs::read_to_string(at("r.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3_001);
    assert_eq!(
        (lines[0]["record"].as_str(), lines[0]["query"].as_str()),
        (Some("search"), Some("bail"))
    );
    assert_eq!(lines[0]["index"], "mark-7");
    assert_eq!(lines[0]["searched_at"], "2026-11-30T01:02:03Z");
    assert_eq!(lines[1]["case_type"], "WP(C)");

    write(&searcher, &at("r.csv"));
    let text = fs::read_to_string(at("r.csv")).unwrap();
    assert_eq!(text.split("\r\n").count(), 3_002);
    assert!(
        text.contains("\"PARTY, 7 \"\"X\"\" versus STATE\""),
        "quotes are doubled"
    );
    assert!(text.contains("A. RAO; B. SEN"));
    let origin = fs::read_to_string(at("r.csv-metadata.json")).unwrap();
    let origin: serde_json::Value = serde_json::from_str(&origin).unwrap();
    assert_eq!(
        (origin["rows"].as_u64(), origin["index"].as_str()),
        (Some(3_000), Some("mark-7"))
    );

    write(&searcher, &at("r.parquet"));
    let reader = SerializedFileReader::new(File::open(at("r.parquet")).unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata();
    assert_eq!(metadata.num_rows(), 3_000);
    let said = metadata.key_value_metadata().unwrap();
    let of = |key: &str| {
        said.iter()
            .find(|pair| pair.key == key)
            .and_then(|pair| pair.value.as_deref())
    };
    assert_eq!(
        (of("nirnay.query"), of("nirnay.index")),
        (Some("bail"), Some("mark-7"))
    );
    let left: Vec<String> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "no draft is left");
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let searcher = searcher(1);
    let options = SearchOptions::default();
    let failed = |query: &str, name: &str| {
        let out = dir.path().join(name);
        write_results(&searcher, (query, &options), &out, Timestamp::UNIX_EPOCH)
            .unwrap_err()
            .to_string()
    };
    assert!(failed("bail", "r.xlsx").contains(".parquet"));
    assert!(failed("titel:x", "r.csv").contains("no field"));
    assert!(failed("bail", "nowhere/r.csv").contains("nowhere"));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}
