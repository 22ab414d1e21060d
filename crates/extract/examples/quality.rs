//! Measures the quality of texts, and converts runs of eight-bit fonts.
//!
//! `cargo run -p nirnay-extract --example quality -- TEXT...` prints a line a page of each text file
//! (pages end with a form feed, as `pdftotext` writes them): file, page, characters, condition,
//! wordlike, languages. `--runs FILE` reads lines of a font's name, a tab and a run in it, and
//! prints what the run says.

use std::io::{self, Write as _};

use nirnay_extract::legacy;
use nirnay_extract::quality::{GlyphCounts, measure};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut out = io::stdout().lock();
    while let Some(argument) = arguments.next() {
        if argument == "--runs" {
            let file = arguments.next().unwrap_or_default();
            for line in std::fs::read_to_string(file)?.lines() {
                let (name, run) = line.split_once('\t').unwrap_or_default();
                let said = legacy::font(name).and_then(|font| font.to_unicode(run));
                writeln!(out, "{}", said.as_deref().unwrap_or(run))?;
            }
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&argument)?).into_owned();
        for (page, text) in (1..).zip(text.trim_end_matches('\u{c}').split('\u{c}')) {
            // Text files do not say what else is on a page.
            let found = measure(text.trim(), GlyphCounts::unseen());
            let by_bytes = legacy::by_bytes(text).map_or("-", |font| font.name());
            writeln!(
                out,
                "{argument}\t{page}\t{}\t{}\t{:.3}\t{}\t{by_bytes}",
                found.chars,
                found.condition.name(),
                found.wordlike.unwrap_or(-1.0),
                found.languages.join("+"),
            )?;
        }
    }
    Ok(())
}
