//! Extracts every PDF below a folder through a worker and says what became of each.
//!
//! `cargo run -p nirnay-extract --example survey -- FOLDER [PAGES.jsonl]`; the second argument names a
//! file for the pages themselves, one JSON array (file, page) a line. With `--in-process` before the
//! folder there is no worker: the difference in processor time is what isolation costs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nirnay_extract::{ExtractFailure, Extraction, Limits, Worker, extract_in_process, worker_main};

const CHILD: &str = "--child";
const IN_PROCESS: &str = "--in-process";

fn main() -> io::Result<ExitCode> {
    let mut args = std::env::args().skip(1).peekable();
    if args.peek().is_some_and(|first| first == CHILD) {
        return Ok(worker_main());
    }
    let in_process = args.next_if(|first| first == IN_PROCESS).is_some();
    let Some(argument) = args.next() else {
        return Ok(say("usage: survey [--in-process] FOLDER [PAGES.jsonl]"));
    };
    let program = std::env::current_exe()?;
    let mut pages_out = args
        .next()
        .map(File::create)
        .transpose()?
        .map(BufWriter::new);
    let mut files = Vec::new();
    collect(Path::new(&argument), &mut files);
    files.sort();
    let limits = Limits::default();
    let mut worker = Worker::new(program, vec![CHILD.to_owned()], limits.clone());
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut pages, mut for_ocr, mut total, mut longest) = (0, 0, Duration::ZERO, Duration::ZERO);
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        let start = Instant::now();
        let outcome = if in_process {
            extract_in_process(&bytes, &limits)
        } else {
            worker.extract(&bytes)
        };
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
