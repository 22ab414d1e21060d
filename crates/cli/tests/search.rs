//! `nirnay search` as a person meets it: texts from a file, indexed, asked in every way, by its output and exit code.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

struct Lake {
    dir: tempfile::TempDir,
}

impl Lake {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nirnay"))
            .args(args)
            .arg("--lake")
            .arg(self.path("lake"))
            .env_remove("NIRNAY_CONTACT")
            .env_remove("NIRNAY_LAKE")
            .output()
            .unwrap()
    }

    /// Standard output of a call that ends well.
    fn out(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.out(&[args, &["--json"]].concat())).unwrap()
    }

    /// The ids that a search prints.
    fn ids(&self, args: &[&str]) -> Vec<String> {
        let hits = self.json(&[&["search"], args].concat());
        let hits = hits["hits"].as_array().unwrap();
        hits.iter()
            .map(|hit| hit["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What is said where a call is refused.
    fn refused(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Imports leases numbered from `first`.
    fn import(&self, first: usize, number: usize) {
        let file = self.path(&format!("leases-{first}.jsonl"));
        let lines: Vec<String> = (first..first + number)
            .map(|at| json!({ "id": format!("L{at}"), "text": lease(at), "date": format!("20{:02}-03-01", at % 25) }).to_string())
            .collect();
        std::fs::write(&file, lines.join("\n")).unwrap();
        self.out(&["import", "texts", file.to_str().unwrap()]);
    }
}

/// No two alike.
fn lease(at: usize) -> String {
    let words = [
        "river", "orchard", "mill", "temple", "market", "harbour", "quarry",
    ];
    let word = |step: usize| words[(at * step + step) % words.len()];
    let mut text = format!("Tenant number {at} versus Landlord {}\n", at * 7);
    for step in 1..40 {
        let number = at * step;
        text += &["The lease ", &number.to_string(), " of the ", word(step)].concat();
        text += &[" lies by the ", word(step + 3), ". "].concat();
    }
    text
}

#[test]
fn texts_are_imported_indexed_and_found() {
    let lake = Lake::new();
    assert!(
        lake.refused(&["search", "lease"], 64)
            .contains("nirnay index")
    );
    lake.import(0, 30);
    lake.out(&["index"]);
    let found = lake.json(&["search", "lease", "--limit", "5"]);
    assert_eq!(found["total"], 30);
    assert_eq!(found["hits"].as_array().unwrap().len(), 5);
    for member in ["id", "score", "title"] {
        assert!(!found["hits"][0][member].is_null(), "{member}");
    }
    assert_eq!(lake.ids(&["\"tenant number 17\""]), ["L17"]);

    // Facets are counts: no hit is needed for them.
    let facets = lake.out(&["search", "lease", "-n", "0", "--facets=3"]);
    assert!(
        facets.contains("30 judgments") && facets.contains("30  English"),
        "{facets}"
    );

    // A passage, a judgment like another, and everything in a file.
    let passage = lake.path("facts.txt");
    std::fs::write(&passage, lease(11)).unwrap();
    let ranked = lake.ids(&["--text-file", passage.to_str().unwrap(), "--limit", "3"]);
    assert_eq!(ranked[0], "L11");
    assert!(!lake.ids(&["--like", "L3"]).contains(&"L3".to_owned()));
    let file = lake.path("all.csv");
    lake.out(&["search", "lease", "--export", file.to_str().unwrap()]);
    let lines = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        lines.lines().filter(|line| line.starts_with('L')).count(),
        30,
        "{lines}"
    );

    // What waits for the index is said, beside the answer.
    lake.import(30, 2);
    let output = lake.run(&["search", "lease"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nirnay index"), "{said}");
    lake.out(&["index"]);
    let output = lake.run(&["search", "lease"]);
    assert!(output.stderr.is_empty(), "{output:?}");

    // Lines of the files add up in the audit.
    let audit = lake.out(&["audit"]);
    assert!(
        audit.contains("32 lines = 32 taken + 0 set aside"),
        "{audit}"
    );
    assert_eq!(lake.json(&["audit"])["imported"]["texts"], 32);
}

#[test]
fn a_saved_search_loses_nothing_between_its_runs() {
    let lake = Lake::new();
    lake.import(0, 3);
    lake.out(&["index"]);
    lake.out(&["search", "lease", "--save", "leases"]);
    let new = |more: &[&str]| lake.ids(&[&["--saved", "leases", "--since-last"], more].concat());
    assert_eq!(new(&[]).len(), 3);
    assert!(new(&[]).is_empty());

    // More than a page: all are given out, or the run does not count.
    lake.import(100, 15);
    lake.out(&["index"]);
    assert_eq!(new(&["-n", "4"]).len(), 4);
    assert!(new(&["-n", "0"]).is_empty());
    assert_eq!(new(&["--offset", "10"]).len(), 5);
    assert_eq!(new(&[]).len(), 15);
    assert!(new(&[]).is_empty());

    // A file takes all.
    lake.import(200, 12);
    lake.out(&["index"]);
    let file = lake.path("new.jsonl");
    let name = file.to_str().unwrap();
    lake.out(&[
        "search",
        "--saved",
        "leases",
        "--since-last",
        "-n",
        "1",
        "--export",
        name,
    ]);
    assert!(new(&[]).is_empty());

    let said = lake.refused(&["search", "lease", "--since-last"], 64);
    assert!(said.contains("--saved"), "{said}");
    let said = lake.refused(&["search", "lease", "--words-only"], 64);
    assert!(said.contains("--text-file"), "{said}");
}

#[test]
fn a_query_that_is_not_understood_is_marked_where() {
    let lake = Lake::new();
    lake.import(0, 2);
    lake.out(&["index"]);
    let said = lake.refused(&["search", "lease (mill"], 64);
    assert!(said.contains("  lease (mill\n        ^"), "{said}");
    let said = lake.refused(&["search", "colour:red"], 64);
    assert!(said.contains("title, party"), "{said}");
    let none = lake.out(&["search", "(1973) 4 SCC 225"]);
    assert!(
        none.contains("no judgment here bears or cites (1973) 4 SCC 225"),
        "{none}"
    );
}

/// Relative to the folder that a person stands in.
#[test]
fn the_lake_may_be_named_in_the_environment() {
    let lake = Lake::new();
    lake.import(0, 2);
    lake.out(&["index"]);
    let output = Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(["search", "lease", "--json"])
        .current_dir(lake.dir.path())
        .env("NIRNAY_LAKE", Path::new("lake"))
        .output()
        .unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["total"], 2);
}
