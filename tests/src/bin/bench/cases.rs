//! Replies of the case portals read by the Python client bharat-courts and by us: the same bytes, one core, turn by
//! turn in one run; and the memory that a party search of 50,000 rows takes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::{Map, Value};

use crate::evaluation::interpreter;

/// How often the two take turns, and how often each reads a reply in its turn.
const TURNS: usize = 3;
const OUR_ROUNDS: &str = "7";
const THEIR_ROUNDS: &str = "2";

/// One kind of reply.
struct Kind {
    file: String,
    rows: u64,
    /// Processor seconds for the reply, medians over all turns.
    ours: f64,
    theirs: f64,
}

/// Prints rows a second of both, and the memory.
pub(crate) fn table() -> ExitCode {
    let example = example();
    if !example.exists() {
        println!(
            "{} is not there; build it: cargo build --release -p nirnay-parse --example case_replies",
            example.display()
        );
        return ExitCode::FAILURE;
    }
    let kinds = measure(&example);
    println!("| reply | rows | nirnay, rows/s | bharat-courts 0.5.0, rows/s | times |");
    println!("|---|---|---|---|---|");
    for kind in &kinds {
        let speed = |seconds: f64| kind.rows as f64 / seconds;
        println!(
            "| {} | {} | {:.0} | {:.0} | {:.1} |",
            kind.file,
            kind.rows,
            speed(kind.ours),
            speed(kind.theirs),
            kind.theirs / kind.ours
        );
    }
    println!("| all | | | | {:.1} |", 1.0 / ours_over_theirs(&kinds));
    let memory = said(Command::new(&example).arg("memory"));
    let bytes = |key: &str| memory[key].as_u64().expect("bytes") as f64 / f64::from(1 << 20);
    println!(
        "a party search of {} rows, {:.1} MiB: at most {:.1} MiB in use, the reply included, where its cases are handed on one by one; {:.1} MiB where all are kept",
        memory["rows"],
        bytes("bytes"),
        bytes("peak_row_by_row"),
        bytes("peak_all_rows_kept")
    );
    ExitCode::SUCCESS
}

/// Our time for all replies over theirs; none where the optimised reader has not been built.
pub(crate) fn time_over_bharat_courts() -> Option<f64> {
    let example = example();
    example
        .exists()
        .then(|| ours_over_theirs(&measure(&example)))
}

fn ours_over_theirs(kinds: &[Kind]) -> f64 {
    let ours: f64 = kinds.iter().map(|kind| kind.ours).sum();
    let theirs: f64 = kinds.iter().map(|kind| kind.theirs).sum();
    ours / theirs
}

/// The reader, built with optimisation whatever this program is built with.
fn example() -> PathBuf {
    let own = std::env::current_exe().expect("this program's place");
    let target = own.parent().and_then(Path::parent).expect("target/");
    target.join("release/examples/case_replies")
}

fn measure(example: &Path) -> Vec<Kind> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let interpreter = interpreter(&python, "bharat-courts", &python.join("bharat_courts"));
    let dir = tempfile::tempdir().expect("a folder");
    let made = Command::new(example).arg("make").arg(dir.path()).status();
    assert!(made.expect("case_replies").success(), "case_replies make");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let mut own = Command::new(example);
        ours.push(said(own.arg("read").arg(dir.path()).arg(OUR_ROUNDS)));
        let mut other = Command::new(&interpreter);
        other.arg(python.join("bench_cases.py"));
        theirs.push(said(other.arg(dir.path()).arg(THEIR_ROUNDS)));
    }
    let kind = |file: &String| {
        let rows = ours[0][file]["rows"].as_u64().expect("rows");
        assert_eq!(theirs[0][file]["rows"].as_u64(), Some(rows), "{file}");
        Kind {
            file: file.clone(),
            rows,
            ours: median(&ours, file),
            theirs: median(&theirs, file),
        }
    };
    ours[0].keys().map(kind).collect()
}

/// The median of the seconds of all turns.
fn median(turns: &[Map<String, Value>], file: &str) -> f64 {
    let lists = turns
        .iter()
        .filter_map(|turn| turn[file]["seconds"].as_array());
    let mut seconds: Vec<f64> = lists.flatten().filter_map(Value::as_f64).collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// The line of JSON that a program prints.
fn said(command: &mut Command) -> Map<String, Value> {
    let output = command.output().expect("a program that runs");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}
