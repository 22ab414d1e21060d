//! Extracts files through workers and writes a JSON line for each with pages and structure, as the command
//! does, without the layers above it: for measuring with `tests/python/extraction/compare.py`.
//!
//! `cargo run --release -p nirnay-extract --example extract -- extract FILE… --json [--engine ENGINE]`

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use nirnay_extract::structure::{self, Structure};
use nirnay_extract::{
    Annotation, EngineChoice, ExtractFailure, Extraction, Limits, Pool, Signature, Worker,
    worker_main,
};
use nirnay_model::PageText;
use serde::Serialize;

const CHILD: &str = "extract-worker";

#[derive(Serialize)]
struct Line<'a> {
    file: String,
    pages: Vec<Page<'a>>,
    structure: Option<&'a Structure>,
    error: Option<Trouble>,
    engine: Option<&'a str>,
    signatures: &'a [Signature],
    annotations: &'a [Annotation],
    truncated: bool,
}

#[derive(Serialize)]
struct Trouble {
    reason: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Page<'a> {
    n: u32,
    text: &'a str,
    furniture: &'a str,
    method: &'static str,
    quality: f32,
    lang: &'a [String],
    condition: &'static str,
    script: Option<&'a str>,
    mapped: f32,
    wordlike: Option<f32>,
    chars: u32,
    needs_ocr: bool,
}

fn main() -> io::Result<ExitCode> {
    let mut engine = EngineChoice::Auto;
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            CHILD => return Ok(worker_main()),
            "extract" | "--json" => {}
            "--engine" => {
                let name = arguments.next().unwrap_or_default();
                engine = name.parse().map_err(io::Error::other)?;
            }
            _ => files.push(PathBuf::from(argument)),
        }
    }
    let program = std::env::current_exe()?;
    let pool = Pool::new(program, vec![CHILD.to_owned()], Limits::default(), 0).with_engine(engine);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    pool.each(files.into_iter(), read, |read| {
        if written.is_ok() {
            written = write(&mut out, &read);
        }
    });
    written?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

struct Read {
    file: PathBuf,
    outcome: Result<(Extraction, Structure), ExtractFailure>,
}

fn read(worker: &mut Worker, file: PathBuf) -> Read {
    let bytes = std::fs::read(&file).unwrap_or_default();
    let outcome = worker.extract(&bytes).map(|extraction| {
        let structure = structure::read(&extraction.pages, None);
        (extraction, structure)
    });
    Read { file, outcome }
}

fn write(out: &mut impl Write, read: &Read) -> io::Result<()> {
    let file = read.file.display().to_string();
    let line = match &read.outcome {
        Ok((extraction, structure)) => Line {
            file,
            pages: extraction.pages.iter().map(of_page).collect(),
            structure: Some(structure),
            error: None,
            engine: Some(&extraction.engine),
            signatures: &extraction.signatures,
            annotations: &extraction.annotations,
            truncated: extraction.truncated,
        },
        Err(failure) => Line {
            file,
            pages: Vec::new(),
            structure: None,
            error: Some(Trouble {
                reason: failure.reason(),
                message: failure.to_string(),
            }),
            engine: None,
            signatures: &[],
            annotations: &[],
            truncated: false,
        },
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

fn of_page(page: &PageText) -> Page<'_> {
    Page {
        n: page.page,
        text: &page.text,
        furniture: &page.furniture,
        method: page.method.name(),
        quality: page.quality,
        lang: &page.languages,
        condition: page.condition.name(),
        script: page.script.as_deref(),
        mapped: page.mapped,
        wordlike: page.wordlike,
        chars: page.chars,
        needs_ocr: page.needs_ocr,
    }
}
