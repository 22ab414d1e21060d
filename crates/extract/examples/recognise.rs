//! Recognises pages of PDFs and compares what is read with their digital text.
//!
//! `cargo run --release -p nirnay-extract --example recognise -- PACKS DPI PAGES FILE...` reads the
//! first PAGES pages of each file. Where a page has digital text that needs no recognition, that is the
//! truth: the share of characters that are wrong (edit distance over whitespace-folded text) and of
//! its words that were found are printed. `--show` as the first argument prints the text instead.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use nirnay_extract::ocr::{Languages, OcrPage, Reader, Tesseract, TesseractSettings};
use nirnay_extract::{Limits, Pool, worker_main};

const CHILD: &str = "--child";
const USAGE: &str = "usage: recognise [--show] PACKS DPI PAGES FILE...";

fn main() -> io::Result<ExitCode> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == CHILD) {
        return Ok(worker_main());
    }
    let show = args.first().is_some_and(|first| first == "--show");
    if show {
        args.remove(0);
    }
    let [packs, dpi, pages, files @ ..] = args.as_slice() else {
        return Ok(say(USAGE));
    };
    let (Ok(dpi), Ok(pages)) = (dpi.parse(), pages.parse::<usize>()) else {
        return Ok(say(USAGE));
    };
    let tesseract = Tesseract::find(&TesseractSettings::default()).map_err(io::Error::other)?;
    let limits = Limits::default();
    let pool = Pool::new(std::env::current_exe()?, vec![CHILD.to_owned()], limits, 1);
    let reader = Reader::new(&pool, &tesseract).at(dpi);
    let languages = Languages {
        first: packs.split('+').map(str::to_owned).collect(),
        otherwise: None,
        is_guess: false,
    };
    let mut sums = Sums::default();
    for file in files.iter().map(PathBuf::from) {
        let pdf = std::fs::read(&file)?;
        let digital = pool.extract(&pdf).map_err(io::Error::other)?;
        for page in digital.pages.iter().take(pages) {
            let start = Instant::now();
            let read = match reader.read(&pdf, page.page, &languages) {
                Ok(read) => read,
                Err(failure) => {
                    say(&format!("{} {}: {failure}", file.display(), page.page));
                    continue;
                }
            };
            let seconds = start.elapsed().as_secs_f64();
            let truth = (!page.needs_ocr).then(|| fold(&page.text));
            say(&format!(
                "{} p{} {seconds:.2} s {}",
                file.display(),
                page.page,
                sums.add(&read, truth.as_deref(), seconds)
            ));
            if show {
                say(&read.text);
            }
        }
    }
    Ok(say(&sums.line()))
}

#[derive(Default)]
struct Sums {
    pages: usize,
    seconds: f64,
    truth: usize,
    wrong: usize,
    words: usize,
    found: usize,
}

impl Sums {
    fn add(&mut self, read: &OcrPage, truth: Option<&str>, seconds: f64) -> String {
        self.pages += 1;
        self.seconds += seconds;
        let said = format!("confidence {:.3}, {} words", read.confidence, read.words);
        let Some(truth) = truth.filter(|truth| !truth.is_empty()) else {
            return said;
        };
        let text = fold(&read.text);
        let wrong = distance(truth, &text);
        let length = truth.chars().count();
        let (found, words) = words_found(truth, &text);
        self.truth += length;
        self.wrong += wrong;
        self.words += words;
        self.found += found;
        format!(
            "{said}, CER {:.4}, word recall {:.4}",
            wrong as f64 / length as f64,
            found as f64 / words.max(1) as f64
        )
    }

    fn line(&self) -> String {
        format!(
            "{} pages, {:.2} s a page; CER {:.4}, word recall {:.4} of {} characters of digital text",
            self.pages,
            self.seconds / self.pages.max(1) as f64,
            self.wrong as f64 / self.truth.max(1) as f64,
            self.found as f64 / self.words.max(1) as f64,
            self.truth
        )
    }
}

/// Single spaces, and one form for quotes and dashes.
fn fold(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            '–' | '—' | '\u{ad}' => '-',
            c => c,
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The least number of characters to change, add or leave out (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut corner = at;
        let mut left = at + 1;
        for (cell, o) in row.iter_mut().skip(1).zip(&other) {
            let best = (corner + usize::from(c != *o)).min(left + 1).min(*cell + 1);
            corner = *cell;
            left = best;
            *cell = best;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// How many of the words of `truth` are in `text`, each as often as it stands there.
fn words_found(truth: &str, text: &str) -> (usize, usize) {
    let mut there = std::collections::HashMap::new();
    for word in text.split(' ') {
        *there.entry(word).or_insert(0_usize) += 1;
    }
    let (mut found, mut words) = (0, 0);
    for word in truth.split(' ') {
        words += 1;
        if let Some(left) = there.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            found += 1;
        }
    }
    (found, words)
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn say(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}
