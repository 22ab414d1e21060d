//! Pages read from their pictures, over a lake and in files, by a script that stands in for `tesseract`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use nirnay_store::{
    CitationRow, Lake, LayerRow, OcrRow, OpenMode, StructureRow, TextRow, VerifyLevel,
};
use nirnay_tests::{Snapshot, Subject, snapshot};
use serde_json::Value;

/// Stands in for the program: what it does with a picture is said by the files beside it, and each call leaves one.
const SCRIPT: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin
cd "$(dirname "$0")" || exit 1
case "$1" in
--version) echo 'tesseract 9.9.9'; exit;;
--list-langs) echo 'List of available languages:'; cat packs; exit;;
esac
cat > /dev/null
: > "calls/$$"
confidence=91
case "$(cat mode)" in
hang) sleep 60;;
fail) echo 'Error in pixRead' >&2; exit 1;;
script) # It knows one language, and says of the picture what it is told to.
    case "$*" in
    *'--psm 0 -l osd') cat script; test -s script; exit;;
    esac
    case "+$6+" in *"+$(cat language)+"*) ;; *) confidence=31;; esac;;
esac
printf 'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n'
number=0
line=1
for word in $(cat words); do
    number=$((number + 1))
    case "$word" in //) line=$((line + 1)); continue;; esac
    printf '5\t1\t1\t1\t%s\t%s\t0\t0\t9\t9\t%s\t%s\n' "$line" "$number" "$confidence" "$word"
done
"#;

struct Program(tempfile::TempDir);

impl Program {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tesseract");
        std::fs::write(&path, SCRIPT).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::create_dir(dir.path().join("calls")).unwrap();
        let program = Self(dir);
        program.says("packs", "eng\n");
        program.says("mode", "read");
        program.says("words", "As held in (1997) 6 SCC 241.");
        program
    }

    fn says(&self, file: &str, text: &str) {
        std::fs::write(self.0.path().join(file), text).unwrap();
    }

    /// The pictures that it was given since it was asked last.
    fn calls(&self) -> usize {
        let folder = self.0.path().join("calls");
        let calls = std::fs::read_dir(&folder).unwrap().count();
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::create_dir(&folder).unwrap();
        calls
    }

    /// Runs the command with this program, and no other, on its search path.
    fn nirnay(&self, args: &[&str]) -> Output {
        run(args, self.0.path())
    }

    /// The report of `extract --ocr` over a lake.
    fn extract(&self, lake: &Path, more: &[&str]) -> Value {
        let lake = lake.to_str().unwrap();
        let mut args = vec!["extract", "--ocr", "--json", "--lake", lake];
        args.extend(more);
        let output = self.nirnay(&args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["ocr"].clone()
    }
}

fn run(args: &[&str], search_path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(args)
        .env("PATH", search_path)
        .env_remove("NIRNAY_LAKE")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn docket() -> Docket {
    Docket::generate(&DocketSpec {
        seed: 23,
        courts: vec![CourtShare::new("sikkim", 10)],
        from: "2023-11-01".parse().unwrap(),
        to: "2024-02-29".parse().unwrap(),
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks {
            scans: 0.5,
            ..Quirks::none()
        },
    })
    .unwrap()
}

const SOURCES: &str = r#"
[[source]]
source = "ecourts-hc"
courts = ["sikkim"]
from = "2023-11-01"
to = "2024-02-29"
page_size = 10
"#;

/// A pipeline file that gives a page this many seconds.
fn pipeline(dir: &Path, timeout: u64) -> PathBuf {
    let path = dir.join(format!("timeout-{timeout}.toml"));
    let text = format!(
        "name = \"ocr\"\nabout = \"Pages.\"\nbasis = \"Simulated portals.\"\n\
         [politeness]\ncontact = \"mailto:tests@example.org\"\n[ocr]\ntimeout = {timeout}\n{SOURCES}"
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn rows<R: LayerRow>(lake: &Path) -> Vec<R> {
    let lake = Lake::open(lake, OpenMode::ReadOnly).unwrap();
    let shards = lake.shards().unwrap();
    let parts = shards
        .iter()
        .map(|shard| lake.read_part::<R>(shard).unwrap());
    parts.flatten().map(Result::unwrap).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn ocr_files(snapshot: &Snapshot) -> BTreeMap<String, nirnay_model::Sha256> {
    let mut files = snapshot.tables.clone();
    files.retain(|path, _| path.starts_with("ocr/"));
    files
}

#[test]
fn pages_that_need_it_are_read_once_and_no_others() {
    let subject = Subject::start(
        Path::new(env!("CARGO_BIN_EXE_nirnay")),
        docket(),
        SOURCES,
        |_| {},
    );
    let lake = subject.dir().join("lake");
    subject.finish(&lake).unwrap();
    let text: Vec<TextRow> = rows(&lake);
    let wanted: Vec<(String, u32)> = text
        .iter()
        .filter(|row| row.page.needs_ocr)
        .map(|row| (row.row_key.to_string(), row.page.page))
        .collect();
    assert!(wanted.len() >= 2 && wanted.len() < text.len(), "{wanted:?}");
    let slow = subject.dir().join("slow");
    copy(&lake, &slow);
    let foreign = subject.dir().join("foreign");
    copy(&lake, &foreign);

    let program = Program::new();
    let report = program.extract(&lake, &[]);
    assert_eq!(report["read"], wanted.len(), "{report}");
    assert_eq!(report["failed"], serde_json::json!({}));
    assert_eq!(program.calls(), wanted.len());
    let read: Vec<OcrRow> = rows(&lake);
    let places: Vec<(String, u32)> = read
        .iter()
        .map(|row| (row.row_key.to_string(), row.page))
        .collect();
    assert_eq!(places, wanted);
    for row in &read {
        assert_eq!(row.text, "As held in (1997) 6 SCC 241.");
        assert!((row.confidence.unwrap() - 0.91).abs() < 1e-6);
        assert_eq!(row.engine, "tesseract 9.9.9");
        assert_eq!(row.languages, ["eng"]);
    }
    assert_eq!(rows::<TextRow>(&lake), text, "the text of the PDFs stays");

    // What was read is cited and has its structure, in the places of the text that was read.
    let found = program.nirnay(&["citations", "--lake", lake.to_str().unwrap()]);
    assert_eq!(found.status.code(), Some(0), "{}", said(&found));
    let citations: Vec<CitationRow> = rows(&lake);
    let in_ocr = citations.iter().filter(|row| row.in_ocr);
    assert_eq!(in_ocr.clone().count(), wanted.len());
    assert!(
        in_ocr
            .clone()
            .all(|row| row.canonical == "(1997) 6 SCC 241" && row.start == 11)
    );
    assert!(!rows::<StructureRow>(&lake).is_empty());

    // Again: nothing is read, nothing is written.
    let before = snapshot(&lake);
    let report = program.extract(&lake, &[]);
    assert_eq!(
        (&report["read"], &report["shards_written"]),
        (&0.into(), &0.into())
    );
    assert_eq!(snapshot(&lake).tables, before.tables);

    // A pack for another language changes nothing that was read.
    program.says("packs", "eng\ntam\n");
    let report = program.extract(&lake, &[]);
    assert_eq!(
        (&report["read"], program.calls()),
        (&0.into(), 0),
        "{report}"
    );
    assert_eq!(snapshot(&lake).tables, before.tables);

    // Without it, the command says what to install.
    let nothing = tempfile::tempdir().unwrap();
    let args = ["extract", "--ocr", "--lake", lake.to_str().unwrap()];
    let missing = run(&args, nothing.path());
    assert_eq!(missing.status.code(), Some(64));
    assert!(
        said(&missing).contains("apt install tesseract-ocr"),
        "{}",
        said(&missing)
    );
    assert_eq!(snapshot(&lake).tables, before.tables);

    hanging(
        &program,
        subject.dir(),
        &slow,
        (&wanted, &ocr_files(&before)),
    );
    other_script(&program, &foreign, wanted.len());
    removed(&program, &lake, &wanted[0].0);
    let lake = Lake::open(&lake, OpenMode::ReadWrite).unwrap();
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

/// An order of removal is obeyed by each command that derives, with the next run.
fn removed(program: &Program, lake: &Path, key: &str) {
    let order =
        format!("[[removal]]\nwhat = \"{key}\"\nreason = \"sealed\"\nsince = \"2026-01-15\"\n");
    std::fs::write(lake.join("removed.toml"), order).unwrap();
    let of_lake = |command: &str| -> Value {
        let args = [command, "--json", "--lake", lake.to_str().unwrap()];
        let output = program.nirnay(&args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(of_lake("index")["removed"], 1);
    // Pages are not read from pictures now, and those that were leave all the same.
    of_lake("extract");
    of_lake("citations");
    let is_gone = |keys: Vec<String>| keys.iter().all(|found| found != key) && !keys.is_empty();
    let keys = |found: Vec<TextRow>| found.iter().map(|row| row.row_key.to_string()).collect();
    assert!(is_gone(keys(rows(lake))));
    let keys = |found: Vec<OcrRow>| found.iter().map(|row| row.row_key.to_string()).collect();
    assert!(is_gone(keys(rows(lake))));
    let keys = |found: Vec<CitationRow>| found.iter().map(|row| row.row_key.to_string()).collect();
    assert!(is_gone(keys(rows(lake))));
}

/// A program that hangs costs each page its time, twice; with more time the pages are tried again.
fn hanging(
    program: &Program,
    dir: &Path,
    lake: &Path,
    (wanted, expected): (&[(String, u32)], &BTreeMap<String, nirnay_model::Sha256>),
) {
    program.says("packs", "eng\n");
    program.says("mode", "hang");
    let one_second = pipeline(dir, 1);
    let seconds = ["--pipeline", one_second.to_str().unwrap()];
    for expected_calls in [wanted.len(), wanted.len(), 0] {
        let report = program.extract(lake, &seconds);
        assert_eq!(program.calls(), expected_calls, "{report}");
        assert_eq!((&report["read"], &report["pages"]), (&0.into(), &0.into()));
        if expected_calls > 0 {
            let failed = serde_json::json!({ "ocr_timed_out": wanted.len() });
            assert_eq!(report["failed"], failed);
        }
    }
    program.says("mode", "read");
    let two_seconds = pipeline(dir, 2);
    let report = program.extract(lake, &["--pipeline", two_seconds.to_str().unwrap()]);
    assert_eq!(report["read"], wanted.len(), "{report}");
    program.calls();
    assert_eq!(&ocr_files(&snapshot(lake)), expected);
}

/// Pages in a script that their court does not write are read again when a pack comes that may be theirs, until a
/// reading is sure.
fn other_script(program: &Program, lake: &Path, wanted: usize) {
    program.says("mode", "script");
    program.says("script", "");
    program.says("language", "kan");
    // A reading for each pack, and one for the script.
    for (packs, calls, languages, confidence) in [
        ("eng\n", 1, "eng", 0.31),
        ("eng\n", 0, "eng", 0.31),
        ("eng\ntam\n", 2, "eng", 0.31),
        ("eng\nkan\nosd\ntam\n", 4, "kan+eng", 0.91),
        ("eng\nhin\nkan\nosd\ntam\n", 0, "kan+eng", 0.91),
    ] {
        program.says("packs", packs);
        let report = program.extract(lake, &[]);
        assert_eq!(program.calls(), calls * wanted, "{packs}: {report}");
        let read: Vec<OcrRow> = rows(lake);
        assert_eq!(read.len(), wanted);
        for row in &read {
            assert_eq!(row.languages.join("+"), languages, "{packs}");
            assert!(
                (row.confidence.unwrap() - confidence).abs() < 1e-6,
                "{packs}"
            );
        }
        // What is noise is kept, and nothing is derived from it.
        let cited = program.nirnay(&["citations", "--lake", lake.to_str().unwrap()]);
        assert_eq!(cited.status.code(), Some(0), "{}", said(&cited));
        let citations: Vec<CitationRow> = rows(lake);
        let from_pictures = citations.iter().filter(|row| row.in_ocr).count();
        let expected = if confidence > 0.6 { wanted } else { 0 };
        assert_eq!(from_pictures, expected, "{packs}");
    }
    program.says("mode", "read");
    program.says("packs", "eng\n");
}

/// A scan, as a file in `dir`.
fn scan(dir: &Path) -> PathBuf {
    let docket = docket();
    let mut ids = docket.ids(nirnay_model::SourceId::EcourtsHc);
    let scan = ids.find(|id| docket.is_scan(*id)).unwrap();
    let path = dir.join("scan.pdf");
    std::fs::write(&path, docket.document(scan).unwrap()).unwrap();
    path
}

#[test]
fn a_scan_is_read_in_its_own_script_and_noise_is_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = scan(dir.path());
    let path = path.to_str().unwrap();
    let program = Program::new();
    program.says("mode", "script");
    program.says("words", "IN THE HIGH COURT OF SIKKIM AT GANGTOK // W.P.(C) 12/2023 // A. B. // versus // C. D. // ORDER // The petition is dismissed.");
    let tamil = "Page number: 0\nScript: Tamil\nScript confidence: 8.63\n";
    let read = |packs: &str, language: &str, script: &str| {
        for (file, text) in [("packs", packs), ("language", language), ("script", script)] {
            program.says(file, text);
        }
        let output = program.nirnay(&["extract", "--ocr", "--json", path]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    // It is asked for the script if it can tell it; otherwise the packs have their turn.
    for (packs, script, tried) in [
        ("eng\nhin\nosd\ntam\n", tamil, ["eng", "tam+eng"].as_slice()),
        ("eng\nhin\nosd\ntam\n", "", &["eng", "hin+eng", "tam+eng"]),
        ("eng\nhin\ntam\n", tamil, &["eng", "hin+eng", "tam+eng"]),
    ] {
        let line = read(packs, "tam", script);
        let ocr = &line["pages"][0]["ocr"];
        assert_eq!(ocr["tried"], serde_json::json!(tried), "{packs} {script}");
        assert_eq!(ocr["lang"], serde_json::json!(["tam", "eng"]));
        assert_eq!(ocr["used"], true);
        assert_eq!(ocr["script"].as_str(), (tried.len() == 2).then_some("Taml"));
        assert_eq!(line["structure"]["court_code"], "11_24");
    }
    // A sure reading is not doubted.
    let line = read("eng\nosd\ntam\n", "eng", tamil);
    assert_eq!(line["pages"][0]["ocr"]["tried"], serde_json::json!(["eng"]));
    // No pack knows it: what was read stays beside the page, and nothing is made of it.
    let line = read("eng\nhin\nosd\ntam\n", "kan", "");
    let ocr = &line["pages"][0]["ocr"];
    assert!(
        ocr["text"]
            .as_str()
            .unwrap()
            .starts_with("IN THE HIGH COURT OF SIKKIM")
    );
    assert_eq!(
        (&ocr["used"], &ocr["lang"]),
        (&false.into(), &serde_json::json!(["eng"]))
    );
    assert_eq!(line["structure"]["court_code"], Value::Null);
    let plain = program.nirnay(&["extract", "--ocr", path]);
    assert_eq!(plain.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&plain.stdout).contains("SIKKIM"));
    let told = said(&plain);
    assert!(
        told.contains("page 1:")
            && told.contains("confidence of 0.31")
            && told.contains("eng, hin+eng, tam+eng"),
        "{told}"
    );
}

#[test]
fn pages_of_files_are_read_and_those_that_fail_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = scan(dir.path());
    let path = path.to_str().unwrap();
    let program = Program::new();

    let output = program.nirnay(&["extract", "--ocr", "--json", path]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let page = &line["pages"][0];
    assert_eq!(page["ocr"]["text"], "As held in (1997) 6 SCC 241.");
    assert_eq!(page["text"], "", "the text of the PDF is as it was");
    let plain = program.nirnay(&["extract", "--ocr", path]);
    assert!(String::from_utf8_lossy(&plain.stdout).contains("(1997) 6 SCC 241."));

    program.says("mode", "fail");
    let output = program.nirnay(&["extract", "--ocr", path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("scan.pdf: page 1:") && said(&output).contains("ocr_crashed"),
        "{}",
        said(&output)
    );
    let output = program.nirnay(&["extract", "--ocr", "--json", path]);
    assert_eq!(output.status.code(), Some(2));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["pages"][0]["ocr"]["error"]["reason"], "ocr_crashed");
}
