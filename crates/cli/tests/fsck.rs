//! `nirnay fsck` and the index: what is wrong with it is told, and mended on demand.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn nirnay(lake: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(args)
        .arg("--lake")
        .arg(lake)
        .env_remove("NIRNAY_CONTACT")
        .env_remove("NIRNAY_LAKE")
        .output()
        .unwrap()
}

/// Imports so many texts into the lake.
fn import(dir: &Path, lake: &Path, name: &str, texts: usize) {
    let file = dir.join(format!("{name}.jsonl"));
    let lines: Vec<String> = (0..texts)
        .map(|number| {
            let text = format!(
                "The appeal numbered {number} by {name} concerns a lease of land near the river, and is dismissed."
            );
            json!({ "id": format!("{name}-{number}"), "text": text }).to_string()
        })
        .collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let output = nirnay(lake, &["import", "texts", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

fn index(lake: &Path) {
    let output = nirnay(lake, &["index"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// A lake with so many imported texts, indexed.
fn lake(dir: &Path, name: &str, texts: usize) -> PathBuf {
    let lake = dir.join(name);
    import(dir, &lake, name, texts);
    index(&lake);
    lake
}

/// The exit code and what was said of the index.
fn of_index(lake: &Path, args: &[&str]) -> (i32, Vec<String>) {
    let output = nirnay(lake, &[&["fsck", "--json"], args].concat());
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = said["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .filter(|finding| finding["invariant"] == "I6")
        .map(|finding| finding["what"].as_str().unwrap().to_owned())
        .collect();
    (output.status.code().unwrap(), found)
}

/// The largest file of the index that ends so.
fn part(lake: &Path, end: &str) -> PathBuf {
    let entries = std::fs::read_dir(lake.join("index")).unwrap();
    let mut parts: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    parts.sort_by_key(|path| path.metadata().unwrap().len());
    parts.pop().unwrap()
}

fn hits(lake: &Path) -> usize {
    let output = nirnay(lake, &["search", "--json", "--limit", "100", "river"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    found["hits"].as_array().unwrap().len()
}

#[test]
fn changed_bytes_of_the_index_are_found_and_mended() {
    let dir = tempfile::tempdir().unwrap();
    let lake = lake(dir.path(), "alpha", 20);
    assert_eq!(of_index(&lake, &["--full"]), (0, vec![]));

    let postings = part(&lake, ".idx");
    let mut bytes = std::fs::read(&postings).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&postings, bytes).unwrap();
    let (code, found) = of_index(&lake, &["--full"]);
    assert_ne!(code, 0);
    assert!(found.iter().any(|what| what.contains(".idx")), "{found:?}");

    let mended = nirnay(&lake, &["fsck", "--full", "--repair"]);
    let said = String::from_utf8_lossy(&mended.stdout);
    assert_eq!(mended.status.code(), Some(0), "{said}");
    assert!(said.contains("built: 20 judgments"), "{said}");
    assert!(lake.join("index.bad-1").is_dir());
    assert_eq!(of_index(&lake, &["--full"]), (0, vec![]));
    assert_eq!(hits(&lake), 20);
}

#[test]
fn an_index_of_something_else_is_found_and_mended() {
    let dir = tempfile::tempdir().unwrap();
    let alpha = lake(dir.path(), "alpha", 20);
    let beta = lake(dir.path(), "beta", 19);
    std::fs::remove_dir_all(beta.join("index")).unwrap();
    std::fs::rename(alpha.join("index"), beta.join("index")).unwrap();

    let (code, found) = of_index(&beta, &[]);
    assert_ne!(code, 0);
    assert_eq!(found, ["it has 20 documents, the lake 19"]);
    let (_, found) = of_index(&beta, &["--full"]);
    assert!(
        found.iter().any(|what| what.contains("does not hold")),
        "{found:?}"
    );
    assert_eq!(of_index(&beta, &["--repair"]), (0, vec![]));
    assert_eq!(of_index(&beta, &["--full"]), (0, vec![]));
    assert_eq!(hits(&beta), 19);

    // What was moved away is made again by the next crawl: that is no broken promise.
    let (code, found) = of_index(&alpha, &[]);
    assert_eq!((code, found.len()), (0, 1), "{found:?}");
    assert_eq!(of_index(&alpha, &["--repair"]), (0, vec![]));
    assert!(!alpha.join("index.bad-1").exists());
    assert_eq!(hits(&alpha), 20);
}

#[test]
fn texts_that_wait_for_the_index_are_no_fault() {
    let dir = tempfile::tempdir().unwrap();
    let lake = lake(dir.path(), "alpha", 5);
    import(dir.path(), &lake, "beta", 3);
    assert_eq!(of_index(&lake, &["--full"]), (0, vec![]));
    index(&lake);
    assert_eq!(of_index(&lake, &["--full"]), (0, vec![]));
    assert_eq!(hits(&lake), 8);
}
