//! `nirnay extract` and `nirnay citations` on files, as a script meets them.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use nirnay_model::SourceId;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use serde_json::Value;

fn docket() -> Docket {
    Docket::generate(&DocketSpec {
        seed: 9,
        courts: vec![CourtShare::new("delhi", 6)],
        scr_rows: 6,
        feed_rows: 0,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    })
    .unwrap()
}

/// Writes the PDFs of a docket into a folder; returns their number.
fn pdfs(dir: &Path) -> usize {
    let docket = docket();
    let ids = docket
        .ids(SourceId::EcourtsHc)
        .chain(docket.ids(SourceId::Scr));
    let mut number = 0;
    for id in ids {
        let bytes = docket.document(id).unwrap();
        std::fs::write(dir.join(format!("{:03}.pdf", id.0)), &bytes).unwrap();
        number += 1;
    }
    number
}

fn nirnay(args: &[&str], dir: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(args)
        .current_dir(dir)
        .env_remove("NIRNAY_LAKE")
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn each_file_gives_a_line_in_order_and_failures_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("in");
    std::fs::create_dir(&folder).unwrap();
    let number = pdfs(&folder);
    std::fs::write(dir.path().join("broken.pdf"), b"%PDF-1.7 and nothing else").unwrap();
    let output = nirnay(
        &["extract", "--json", "--jobs", "3", "in", "broken.pdf"],
        dir.path(),
    );
    let all = lines(&output);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(all.len(), number + 1);
    let names: Vec<&str> = all
        .iter()
        .map(|line| line["file"].as_str().unwrap())
        .collect();
    assert!(
        names[..number].is_sorted() && names[0].starts_with("in/"),
        "{names:?}"
    );
    for line in &all[..number] {
        assert_eq!(line["error"], Value::Null);
        let page = &line["pages"][0];
        assert_eq!(
            (page["n"].as_u64(), page["method"].as_str()),
            (Some(1), Some("digital"))
        );
        assert!(page["text"].as_str().unwrap().contains("CNR"));
        assert!(page["quality"].as_f64().unwrap() > 0.9);
        assert!(page["lang"].is_array() && page["furniture"].is_string());
        assert!(line["structure"].is_object() && line["engine"].is_string());
    }
    let last = &all[number];
    assert_eq!(last["pages"], serde_json::json!([]));
    assert_eq!(last["structure"], Value::Null);
    assert!(last["error"]["reason"].is_string() && last["error"]["message"].is_string());

    let gone = nirnay(&["extract", "gone.pdf"], dir.path());
    assert_eq!(gone.status.code(), Some(74));
    assert!(said(&gone).contains("gone.pdf") && said(&gone).contains("not_found"));
    let other = nirnay(&["extract", "--engine", "poppler", "in"], dir.path());
    assert_eq!(other.status.code(), Some(64));
    assert!(said(&other).contains("pdf-extract"), "{}", said(&other));
}

#[test]
fn text_goes_from_one_command_to_the_other() {
    let dir = tempfile::tempdir().unwrap();
    pdfs(dir.path());
    let name = format!("{:03}.pdf", docket().ids(SourceId::Scr).next().unwrap().0);
    let whole = nirnay(&["extract", &name], dir.path());
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    std::fs::write(dir.path().join("a.txt"), &whole.stdout).unwrap();
    let of = |file: &str| {
        let output = nirnay(&["citations", "--json", file], dir.path());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let line = lines(&output).remove(0);
        assert_eq!(line["id"], *file);
        line["citations"].as_array().unwrap().clone()
    };
    let (of_pdf, of_text) = (of(&name), of("a.txt"));
    let keys = |all: &[Value]| -> Vec<(String, u64)> {
        all.iter()
            .map(|found| {
                let key = found["key"].as_str().unwrap().to_owned();
                (key, found["page"].as_u64().unwrap())
            })
            .collect()
    };
    assert!(of_pdf.len() > 2);
    assert_eq!(keys(&of_pdf), keys(&of_text));
    for field in ["text", "key", "kind", "start", "end", "page"] {
        assert!(
            of_pdf.iter().all(|found| !found[field].is_null()),
            "{field}"
        );
    }
    let standard_input = Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(["extract", "-"])
        .stdin(std::fs::File::open(dir.path().join(&name)).unwrap())
        .output()
        .unwrap();
    assert_eq!(standard_input.stdout, whole.stdout);
}

#[test]
fn lines_of_json_are_searched_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut packed = flate2_writer(dir.path().join("many.jsonl.gz").as_path());
    for number in 0..3_000 {
        writeln!(
            packed,
            "{{\"id\": \"d{number}\", \"text\": \"see 2024 INSC {number}\"}}"
        )
        .unwrap();
    }
    writeln!(packed, "not json").unwrap();
    drop(packed);
    let output = nirnay(&["citations", "--json", "many.jsonl.gz"], dir.path());
    assert_eq!(output.status.code(), Some(2));
    let all = lines(&output);
    assert_eq!(all.len(), 3_001);
    for (number, line) in all[..3_000].iter().enumerate().skip(1) {
        assert_eq!(line["id"], format!("d{number}"));
        assert_eq!(line["citations"][0]["key"], format!("2024 INSC {number}"));
        assert_eq!(line["citations"][0]["start"], 4);
    }
    assert_eq!(all[3_000]["error"]["reason"], "bad_line");
    assert_eq!(all[3_000]["id"], "many.jsonl.gz:3001");
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (0..200_000)
        .map(|number| format!("{{\"id\": {number}, \"text\": \"2024 INSC 1\"}}\n"))
        .collect();
    std::fs::write(dir.path().join("many.jsonl"), lines.concat()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(["citations", "--json", "many.jsonl"])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), said(&output).as_str()),
        (Some(0), "")
    );
}

fn flate2_writer(path: &Path) -> flate2::write::GzEncoder<std::fs::File> {
    let file = std::fs::File::create(path).unwrap();
    flate2::write::GzEncoder::new(file, flate2::Compression::fast())
}
