//! Extracts every PDF below a folder through a worker and says what became of each.
//!
//! `cargo run -p nirnay-extract --example survey -- FOLDER [PAGES.jsonl]`; the second argument names a
//! file for the pages themselves, one JSON array (file, page) a line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nirnay_extract::{ExtractFailure, Extraction, Limits, Worker, worker_main};

const CHILD: &str = "--child";

fn main() -> io::Result<ExitCode> {
    let Some(argument) = std::env::args().nth(1) else {
        return Ok(say("usage: survey FOLDER [PAGES.jsonl]"));
    };
    if argument == CHILD {
        return Ok(worker_main());
    }
    let program = std::env::current_exe()?;
    let mut pages_out = std::env::args()
        .nth(2)
        .map(File::create)
        .transpose()?
        .map(BufWriter::new);
    let mut files = Vec::new();
    collect(Path::new(&argument), &mut files);
    files.sort();
    let mut worker = Worker::new(program, vec![CHILD.to_owned()], Limits::default());
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut pages, mut for_ocr, mut total, mut longest) = (0, 0, Duration::ZERO, Duration::ZERO);
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        let start = Instant::now();
        let outcome = worker.extract(&bytes);
        let took = start.elapsed();
        total += took;
        longest = longest.max(took);
        let reason = outcome
            .as_ref()
            .map_or_else(ExtractFailure::reason, |_| "ok");
        *outcomes.entry(reason).or_default() += 1;
        if let Ok(extraction) = &outcome {
            pages += extraction.pages.len();
            for_ocr += extraction
                .pages
                .iter()
                .filter(|page| page.needs_ocr)
                .count();
            if let Some(out) = &mut pages_out {
                for page in &extraction.pages {
                    serde_json::to_writer(&mut *out, &(&file, page))?;
                    out.write_all(b"\n")?;
                }
            }
        }
        say(&format!(
            "{:6} ms  {}  {}",
            took.as_millis(),
            line(&outcome),
            file.display()
        ));
    }
    Ok(say(&format!(
        "{outcomes:?}; {pages} pages, {for_ocr} need OCR; {:.1} s in all, {:.1} s at most",
        total.as_secs_f32(),
        longest.as_secs_f32()
    )))
}

fn line(outcome: &Result<Extraction, ExtractFailure>) -> String {
    match outcome {
        Ok(extraction) => {
            let chars: u32 = extraction.pages.iter().map(|page| page.chars).sum();
            let ocr = extraction
                .pages
                .iter()
                .filter(|page| page.needs_ocr)
                .count();
            let script = extraction
                .pages
                .iter()
                .find_map(|page| page.script.as_deref())
                .unwrap_or("-");
            format!(
                "ok {:4} pages {ocr:4} ocr {chars:8} chars {script}",
                extraction.pages.len()
            )
        }
        Err(failure) => format!("{}: {failure}", failure.reason()),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            files.push(path);
        }
    }
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}
