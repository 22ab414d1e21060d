//! `nirnay citations FILE…`: PDFs, texts and JSON lines in, a line a document out.

use std::path::Path;

use nirnay_pipeline::{
    DOCUMENTS_AHEAD, PagedCitation, PagedSearch, TextExtractor, in_order, search_pages,
};
use serde::{Deserialize, Serialize, Serializer};

use super::Outcome;
use super::extract_files::Trouble;
use super::extraction::Settings;
use super::waiting::{Documents, Waiting};
use crate::args::{CitationsArgs, Global};
use crate::files;
use crate::output::{Stream, count, plural, talk};

/// A document as printed.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    citations: Citations<'a>,
    /// Whether it has more than are taken.
    truncated: bool,
    error: Option<&'a Trouble>,
}

#[derive(Serialize)]
struct Found<'a> {
    text: &'a str,
    key: &'a str,
    kind: &'static str,
    start: u32,
    end: u32,
    page: u32,
    end_page: u32,
    pinpoint: Option<&'a str>,
    statute: Option<&'a str>,
    cluster: Option<u32>,
    in_tables: bool,
}

/// A line of a `.jsonl` file.
#[derive(Deserialize)]
struct Record {
    id: serde_json::Value,
    text: String,
}

/// What was found in a document, page by page.
struct Searched {
    id: String,
    /// How many stretches of bytes were no UTF-8.
    replaced: u64,
    outcome: Result<PagedSearch, Trouble>,
}

pub(crate) fn run(global: &Global, args: &CitationsArgs) -> Outcome {
    let settings = Settings::of(&args.extractor)?;
    let extractor = settings.extractor()?;
    let limit = settings.limits().max_input_bytes;
    let mut stream = Stream::open();
    let mut exit_code = 0;
    let done = in_order(
        (settings.jobs(), DOCUMENTS_AHEAD),
        Documents::of(&args.files, limit),
        |document| search(document, &extractor, limit),
        |searched| {
            if searched.replaced > 0 {
                talk(&format!(
                    "nirnay: {}: no UTF-8 in {}; each counts as one character",
                    searched.id,
                    plural(searched.replaced, "place")
                ));
            }
            match &searched.outcome {
                Ok(search) => {
                    if let Some(page) = search.stopped {
                        talk(&format!(
                            "nirnay: {}: more than {} citations: what comes behind them on page {page} and later is not searched",
                            searched.id,
                            count(search.citations.len() as u64)
                        ));
                    }
                }
                Err(trouble) => {
                    exit_code = exit_code.max(trouble.exit_code());
                    if !global.json {
                        trouble.say(&searched.id);
                    }
                }
            }
            if global.json {
                stream.json(&line(&searched))
            } else {
                stream.text(&table(&searched))
            }
        },
    );
    stream.close(done)?;
    Ok(exit_code)
}

fn search(document: Waiting, extractor: &dyn TextExtractor, limit: u64) -> Searched {
    let searched = |id, outcome| Searched {
        id,
        replaced: 0,
        outcome,
    };
    match document {
        Waiting::Pdf(path) => {
            let id = path.display().to_string();
            searched(id, of_file(&path, extractor, limit))
        }
        Waiting::PdfBytes { id, bytes } => searched(id, of_pdf(&bytes, extractor)),
        Waiting::Text { id, text, replaced } => Searched {
            id,
            replaced,
            outcome: Ok(of_text(&text)),
        },
        Waiting::Line { place, json } => match of_line(&json) {
            Ok((id, found)) => searched(id, Ok(found)),
            Err(trouble) => searched(place, Err(trouble)),
        },
        Waiting::Bad { id, trouble } => searched(id, Err(trouble)),
    }
}

fn of_file(path: &Path, extractor: &dyn TextExtractor, limit: u64) -> Result<PagedSearch, Trouble> {
    let pdf = files::read(path, limit).map_err(|error| Trouble::of_file(&error))?;
    of_pdf(&pdf, extractor)
}

fn of_pdf(pdf: &[u8], extractor: &dyn TextExtractor) -> Result<PagedSearch, Trouble> {
    let extraction = extractor
        .extract(pdf)
        .map_err(|failure| Trouble::of_document(&failure))?;
    let pages = extraction.pages.iter();
    let pages: Vec<(u32, &str)> = pages.map(|page| (page.page, page.text.as_str())).collect();
    Ok(search_pages(&pages))
}

/// Pages end at form feeds.
fn of_text(text: &str) -> PagedSearch {
    let pages: Vec<(u32, &str)> = (1..).zip(text.split('\u{c}')).collect();
    search_pages(&pages)
}

/// The document in a line, by its own name.
fn of_line(json: &[u8]) -> Result<(String, PagedSearch), Trouble> {
    let bad = |what: String| {
        Trouble::of_line(format!("a line must be an object with id and text: {what}"))
    };
    let record: Record = serde_json::from_slice(json).map_err(|error| bad(in_line(&error)))?;
    let id = match record.id {
        serde_json::Value::String(id) if !id.is_empty() => id,
        serde_json::Value::Number(id) => id.to_string(),
        _ => {
            let what = "its id must be a string or a number".to_owned();
            return Err(bad(what));
        }
    };
    Ok((id, of_text(&record.text)))
}

/// What is wrong with a line, without the number of the line within itself.
fn in_line(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    match whole.rsplit_once(" at line ") {
        Some((what, _)) => format!("{what} at column {}", error.column()),
        None => whole,
    }
}

/// The citations of a document, written one after the other.
struct Citations<'a>(&'a [PagedCitation]);

impl Serialize for Citations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(found))
    }
}

fn found(found: &PagedCitation) -> Found<'_> {
    let citation = &found.citation;
    Found {
        text: &citation.text,
        key: &citation.key,
        kind: citation.kind.as_str(),
        start: found.start,
        end: found.end,
        page: found.page,
        end_page: found.end_page,
        pinpoint: citation.pinpoint.as_deref(),
        statute: citation
            .statute
            .as_ref()
            .map(|statute| statute.key.as_str()),
        cluster: citation.cluster,
        in_tables: citation.resolved,
    }
}

fn line(searched: &Searched) -> Line<'_> {
    let search = searched.outcome.as_ref().ok();
    Line {
        id: &searched.id,
        citations: Citations(search.map_or(&[], |search| &search.citations)),
        truncated: search.is_some_and(|search| search.stopped.is_some()),
        error: searched.outcome.as_ref().err(),
    }
}

/// A line a citation: document, page, kind, key, as printed.
fn table(searched: &Searched) -> String {
    let mut out = String::new();
    let search = searched.outcome.as_ref().ok();
    for found in search.iter().flat_map(|search| &search.citations) {
        let citation = &found.citation;
        let printed: Vec<&str> = citation.text.split_whitespace().collect();
        for part in [
            &searched.id,
            &found.page.to_string(),
            citation.kind.as_str(),
            &citation.key,
        ] {
            out.push_str(part);
            out.push('\t');
        }
        out.push_str(&printed.join(" "));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_text_end_at_form_feeds() {
        let found = of_text("2024 INSC 1\u{c}\u{c}and 2024 INSC 2");
        let places: Vec<(u32, u32)> = found
            .citations
            .iter()
            .map(|at| (at.page, at.start))
            .collect();
        assert_eq!(places, [(1, 0), (3, 4)]);
    }

    #[test]
    fn a_line_says_whose_it_is_or_what_is_wrong_with_it() {
        let of = |json: &str| of_line(json.as_bytes()).map(|(id, _)| id);
        assert_eq!(of("{\"id\": \"x\", \"text\": \"\"}").unwrap(), "x");
        assert_eq!(of("{\"id\": 7, \"text\": \"\", \"more\": 1}").unwrap(), "7");
        for (json, says) in [
            ("nonsense", "column 2"),
            ("{\"text\": \"\"}", "missing field `id`"),
            ("{\"id\": null, \"text\": \"\"}", "a string or a number"),
            ("{\"id\": \"\", \"text\": \"\"}", "a string or a number"),
        ] {
            let said = of(json).unwrap_err().to_string();
            assert!(said.contains(says) && !said.contains(" line 1"), "{said}");
        }
    }
}
