//! `nirnay captcha`: pictures drawn, read, measured.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn nirnay(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(args)
        .env_remove("ORT_DYLIB_PATH")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn draw(out: &Path, style: &str, count: &str) -> Output {
    let out = out.to_str().unwrap();
    nirnay(&[
        "captcha", "draw", "--style", style, "--count", count, "--seed", "5", "--out", out,
    ])
}

#[test]
fn drawn_pictures_are_whole_labelled_and_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    assert!(draw(&first, "ecourts-v6", "3").status.success());
    assert!(draw(&second, "ecourts-v6", "3").status.success());
    let labels = fs::read_to_string(first.join("labels.tsv")).unwrap();
    assert_eq!(labels.lines().count(), 3);
    for line in labels.lines() {
        let (file, text) = line.split_once('\t').unwrap();
        assert_eq!(text.len(), 6, "{line}");
        let picture = fs::read(first.join(file)).unwrap();
        assert!(picture.starts_with(b"\x89PNG"));
        assert_eq!(picture, fs::read(second.join(file)).unwrap());
    }
    // Nothing is drawn over.
    let again = draw(&first, "ecourts-hc", "3");
    assert_eq!(again.status.code(), Some(64), "{}", complained(&again));
    let unknown = draw(&folder.path().join("third"), "no-such-style", "3");
    assert_eq!(unknown.status.code(), Some(64));
    assert!(
        complained(&unknown).contains("ecourts-hc"),
        "it names the styles"
    );
}

#[test]
fn pictures_are_read_and_measured() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("set");
    assert!(draw(&dir, "ecourts-v6", "12").status.success());
    let dir = dir.to_str().unwrap();

    let eval = nirnay(&["captcha", "eval", "--json", dir]);
    assert!(eval.status.success(), "{}", complained(&eval));
    let found: Value = serde_json::from_slice(&eval.stdout).unwrap();
    let figures = &found["dirs"][0];
    assert_eq!(figures["pictures"], 12);
    let share = |key: &str| figures[key].as_f64().unwrap();
    assert!(share("exact") >= 0.75, "{figures}");
    assert!(share("char_accuracy") >= share("exact") && share("ms_per_image") > 0.0);
    let bins = figures["calibration"].as_array().unwrap();
    let counted: u64 = bins
        .iter()
        .map(|bin| bin["pictures"].as_u64().unwrap())
        .sum();
    assert_eq!(counted, 12);
    let wrong = figures["wrong"].as_array().unwrap().len() as f64;
    assert!((share("exact") - (12.0 - wrong) / 12.0).abs() < 1e-9);

    let labels = fs::read_to_string(format!("{dir}/labels.tsv")).unwrap();
    let files: Vec<String> = labels
        .lines()
        .map(|line| format!("{dir}/{}", line.split_once('\t').unwrap().0))
        .collect();
    let mut args = vec!["captcha", "solve", "--json"];
    args.extend(files.iter().map(String::as_str));
    let solved = nirnay(&args);
    assert!(solved.status.success(), "{}", complained(&solved));
    let rows: Value = serde_json::from_slice(&solved.stdout).unwrap();
    let right = rows
        .as_array()
        .unwrap()
        .iter()
        .zip(labels.lines())
        .filter(|(row, line)| {
            row["readings"][0]["text"].as_str() == line.split_once('\t').map(|(_, text)| text)
        });
    assert!((right.count() as f64 - (12.0 - wrong)).abs() < 1e-9);
}

#[test]
fn sums_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("sums");
    assert!(draw(&dir, "arithmetic", "6").status.success());
    let labels = fs::read_to_string(dir.join("labels.tsv")).unwrap();
    let (file, _) = labels.lines().next().unwrap().split_once('\t').unwrap();
    let path = dir.join(file);
    let solved = nirnay(&[
        "captcha",
        "solve",
        "--arithmetic",
        "--json",
        path.to_str().unwrap(),
    ]);
    assert!(solved.status.success(), "{}", complained(&solved));
    let rows: Value = serde_json::from_slice(&solved.stdout).unwrap();
    let answer: u32 = rows[0]["readings"][0]["text"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=100).contains(&answer));
    assert!(rows[0]["expression"].is_string(), "{rows}");
    let eval = nirnay(&["captcha", "eval", "--arithmetic", dir.to_str().unwrap()]);
    assert!(eval.status.success(), "{}", complained(&eval));
    assert!(said(&eval).contains("confidence"), "{}", said(&eval));
}

#[test]
fn what_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.png");
    fs::write(&file, "<html>").unwrap();
    let path = file.to_str().unwrap();
    let solved = nirnay(&["captcha", "solve", path]);
    assert_eq!(solved.status.code(), Some(74));
    assert!(
        complained(&solved).contains("page.png: not a PNG"),
        "{}",
        complained(&solved)
    );

    let dir = folder.path().to_str().unwrap();
    assert_eq!(
        nirnay(&["captcha", "eval", dir]).status.code(),
        Some(74),
        "no labels.tsv"
    );
    fs::write(
        folder.path().join("labels.tsv"),
        "page.png\tab\nnone.png\tcd\n",
    )
    .unwrap();
    let eval = nirnay(&["captcha", "eval", dir]);
    assert_eq!(eval.status.code(), Some(64));
    assert!(complained(&eval).contains("labels.tsv:2: there is no file none.png"));
    fs::write(folder.path().join("labels.tsv"), "page.png\tab\n").unwrap();
    let eval = nirnay(&["captcha", "eval", "--json", dir]);
    let found: Value = serde_json::from_slice(&eval.stdout).unwrap();
    assert_eq!(
        found["dirs"][0]["exact"], 0.0,
        "what is no picture is read wrong"
    );
    let sums = nirnay(&["captcha", "eval", "--arithmetic", dir]);
    assert_eq!(sums.status.code(), Some(64), "ab is no sum");

    for args in [
        ["captcha", "solve", "--model", "m.onnx", path].as_slice(),
        &[
            "captcha",
            "solve",
            "--model",
            "no.onnx",
            "--manifest",
            "no.toml",
            path,
        ],
        &["captcha", "solve", "--runtime", "no-such-library.so", path],
        &["captcha", "solve"],
    ] {
        let output = nirnay(args);
        assert!(matches!(output.status.code(), Some(64 | 74)), "{args:?}");
        assert!(
            !complained(&output).is_empty() && output.stdout.is_empty(),
            "{args:?}"
        );
    }
}

#[test]
fn doctor_names_the_model() {
    let doctor = nirnay(&["doctor"]);
    assert!(said(&doctor).contains("captcha model"), "{}", said(&doctor));
    assert!(said(&doctor).contains("securimage"), "{}", said(&doctor));
}

const CRAWL: &str = r#"
name = "kept"
about = "One small court, simulated."
basis = "Simulated portals."
[simulated]
seed = 11
high_court_rows = { sikkim = 40 }
[politeness]
contact = "mailto:test@example.org"
min_interval = "0s"
[captcha]
solver = "onnx"
keep = true
[[source]]
source = "ecourts-hc"
courts = ["sikkim"]
from = "2023-01-01"
to = "2024-12-31"
documents = false
"#;

#[test]
fn a_crawl_counts_and_keeps_what_the_portal_took() {
    let folder = tempfile::tempdir().unwrap();
    let (pipeline, lake) = (folder.path().join("kept.toml"), folder.path().join("lake"));
    fs::write(&pipeline, CRAWL).unwrap();
    let (pipeline, lake) = (pipeline.to_str().unwrap(), lake.to_str().unwrap());
    let crawl = nirnay(&["crawl", pipeline, "--lake", lake, "--no-text", "--quiet"]);
    assert!(crawl.status.success(), "{}", complained(&crawl));

    let status = nirnay(&["status", "--lake", lake, "--json"]);
    let found: Value = serde_json::from_slice(&status.stdout).unwrap();
    let answers = &found["captcha_acceptance"][0];
    assert_eq!(answers["portal"], "ecourts");
    assert_eq!(answers["solver"], "onnx");
    assert!(
        answers["model"].as_str().unwrap().starts_with("securimage"),
        "{answers}"
    );
    let accepted = answers["accepted"].as_u64().unwrap();
    assert!(accepted > 0 && accepted <= answers["answered"].as_u64().unwrap());

    // Every accepted picture is there once, and its answer is what it says.
    let kept = format!("{lake}/captchas/ecourts");
    let eval = nirnay(&["captcha", "eval", "--json", &kept]);
    assert!(eval.status.success(), "{}", complained(&eval));
    let found: Value = serde_json::from_slice(&eval.stdout).unwrap();
    let figures = &found["dirs"][0];
    assert_eq!(figures["pictures"].as_u64().unwrap(), accepted);
    assert!(figures["exact"].as_f64().unwrap() > 0.99, "{figures}");
    let fsck = nirnay(&["fsck", "--lake", lake, "--full"]);
    assert!(
        fsck.status.success(),
        "{}{}",
        said(&fsck),
        complained(&fsck)
    );
}
