//! Text and citations against other programs in the same run: the scripts under `tests/python`, which read
//! what the command prints.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use nirnay_model::SourceId;
use nirnay_portal_sim::Docket;
use serde_json::json;

use crate::counts::spec;
use crate::judgments::spent;
use crate::portals::nirnay;

/// Runs `tests/python/FOLDER/SCRIPT NIRNAY ARGS…` with the Python packages of the folder.
pub(crate) fn script(folder: &str, script: &str, args: &[&str]) -> ExitCode {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let home = python.join(folder);
    let status = Command::new(interpreter(&python, folder, &home))
        .arg(home.join(script))
        .arg(nirnay())
        .args(args)
        .status()
        .expect("python");
    if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs `tests/python/search/SCRIPT TEXTS ARGS…`, where TEXTS is the example of the index crate that lies beside
/// this program.
pub(crate) fn texts(script: &str, args: &[&str]) -> ExitCode {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let home = python.join("search");
    let own = std::env::current_exe().expect("this program's place");
    let example = own.with_file_name("examples").join("texts");
    assert!(
        example.exists(),
        "{} is not there; build it: cargo build -p nirnay-index --example texts",
        example.display()
    );
    let status = Command::new(interpreter(&python, "search", &home))
        .arg(home.join(script))
        .arg(example)
        .args(args)
        .status()
        .expect("python");
    if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// An interpreter with the folder's packages; they are installed the first time.
pub(crate) fn interpreter(python: &Path, name: &str, home: &Path) -> PathBuf {
    let output = Command::new(python.join("interpreter"))
        .arg(name)
        .arg(home.join("requirements.txt"))
        .output()
        .expect("tests/python/interpreter");
    assert!(
        output.status.success(),
        "tests/python/interpreter: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

/// Processor time of the text of documents that the simulator invents, over that of pdftotext, a process a
/// file; none where pdftotext is not installed.
pub(crate) fn text_over_pdftotext() -> Option<f64> {
    const FILES: usize = 300;
    Command::new("pdftotext").arg("-v").output().ok()?;
    let dir = tempfile::tempdir().expect("a folder");
    let docket = Docket::generate(&spec(13, &[("delhi", 400)])).expect("a docket");
    let files: Vec<PathBuf> = docket
        .ids(SourceId::EcourtsHc)
        .filter_map(|id| docket.document(id))
        .take(FILES)
        .enumerate()
        .map(|(n, bytes)| {
            let path = dir.path().join(format!("{n}.pdf"));
            std::fs::write(&path, bytes).expect("a document");
            path
        })
        .collect();
    let before = spent();
    quietly(
        Command::new(nirnay())
            .arg("extract")
            .args(&files)
            .arg("--json"),
    );
    let ours = spent() - before;
    let before = spent();
    for file in &files {
        quietly(Command::new("pdftotext").arg(file).arg("-"));
    }
    let theirs = spent() - before;
    println!(
        "text: {} invented documents in {ours:.2} s of processor time, workers included; pdftotext {theirs:.2} s",
        files.len()
    );
    Some(ours / theirs)
}

/// Processor time a byte of finding citations in one text of 8 MB over that in one of 1 MB.
pub(crate) fn citing_eight_times_the_text() -> f64 {
    let each = |times: usize| {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("texts.jsonl");
        let text = PASSAGE.repeat((times << 20) / PASSAGE.len());
        std::fs::write(&path, json!({"id": "one", "text": text}).to_string()).expect("a text");
        let before = spent();
        quietly(
            Command::new(nirnay())
                .arg("citations")
                .arg(&path)
                .arg("--json"),
        );
        (spent() - before) / text.len() as f64
    };
    each(8) / each(1)
}

/// What a text is made of whose length is to show.
const PASSAGE: &str = "12. The learned counsel relied upon A v. B, (2019) 17 SCC 433 : AIR 2019 SC 1631 and on 2024 INSC 855, para 7, to submit that Section 482 of the Code of Criminal Procedure, 1973, read with Article 226(1) of the Constitution, (2019 [2019 (1 SCC AIR 19 applies to W.P.(C) No. 1065 of 2021 and 2022/DHC/003952. ";

fn quietly(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("a command");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
