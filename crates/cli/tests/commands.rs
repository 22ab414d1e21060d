//! The command as a script meets it: exit codes, JSON, messages, and no lake where nothing can be done.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn nirnay(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(args)
        .env_remove("NIRNAY_CONTACT")
        .env_remove("NIRNAY_LAKE")
        .output()
        .unwrap()
}

fn pipeline(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../pipelines")
        .join(name);
    path.to_string_lossy().into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_wrong_command_line_is_64_and_help_is_0() {
    assert_eq!(nirnay(&["--help"]).status.code(), Some(0));
    assert_eq!(
        nirnay(&["crawl", "--no-such-option"]).status.code(),
        Some(64)
    );
    assert_eq!(
        nirnay(&["crawl", "no-such-file.toml"]).status.code(),
        Some(64)
    );
    assert_eq!(
        nirnay(&["audit", "--lake", "/nonexistent"]).status.code(),
        Some(64)
    );
}

#[test]
fn without_a_contact_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let lake = dir.path().join("lake");
    let output = nirnay(&[
        "crawl",
        &pipeline("one-court.toml"),
        "--lake",
        &lake.to_string_lossy(),
    ]);
    assert_eq!(output.status.code(), Some(64));
    assert!(said(&output).contains("--contact"), "{}", said(&output));
    assert!(!lake.exists());
}

#[test]
fn real_judgments_do_not_go_into_a_simulated_lake() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("SIMULATED"), "").unwrap();
    let lake = dir.path().to_string_lossy();
    let contact = "mailto:tests@example.org";
    let output = nirnay(&[
        "crawl",
        &pipeline("one-court.toml"),
        "--lake",
        &lake,
        "--contact",
        contact,
    ]);
    assert_eq!(output.status.code(), Some(64));
    assert!(said(&output).contains("simulated"), "{}", said(&output));
    assert!(!dir.path().join("ledger.sqlite").exists());
}

#[test]
fn every_pipeline_that_ships_can_be_planned() {
    let dir = tempfile::tempdir().unwrap();
    let lake = dir.path().join("lake");
    for name in [
        "demo.toml",
        "one-court.toml",
        "high-courts.toml",
        "supreme-court.toml",
    ] {
        let output = nirnay(&[
            "crawl",
            &pipeline(name),
            "--dry-run",
            "--json",
            "--lake",
            &lake.to_string_lossy(),
        ]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", said(&output));
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(plan["requests"].as_u64().unwrap() > 0, "{name}");
        assert!(!lake.exists(), "a dry run makes nothing");
    }
}

#[test]
fn courts_are_listed_as_json() {
    let output = nirnay(&["courts", "--json"]);
    let courts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(courts.as_array().unwrap().len(), 26);
}

#[test]
fn the_data_dictionary_is_the_one_in_the_docs() {
    let output = nirnay(&["doctor", "--data-dictionary"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data-dictionary.md");
    let written = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        written.trim(),
        "run `just docs`"
    );
}

#[test]
fn the_manual_and_the_completions_are_there() {
    assert!(String::from_utf8_lossy(&nirnay(&["man"]).stdout).contains(".TH nirnay"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            nirnay(&["completions", shell]).stdout.len() > 1_000,
            "{shell}"
        );
    }
}
