//! `nirnay citations FILE…`: PDFs, texts and JSON lines in, a line a document out.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use nirnay_pipeline::{PagedCitation, TextExtractor, find_in_pages, in_order};
use serde::{Deserialize, Serialize};

use super::Outcome;
use super::extract_files::Trouble;
use super::extraction::Settings;
use crate::args::{CitationsArgs, Global};
use crate::files::{self, Files, STDIN, has_ending};
use crate::output::Stream;

/// The largest text that is taken as one document, in bytes.
const MOST_TEXT: u64 = 1 << 30;

/// A document as printed.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    citations: Vec<Found<'a>>,
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

/// A document that waits to be searched.
enum Waiting {
    Pdf(PathBuf),
    Text { id: String, text: String },
    Line { id: String, json: Vec<u8> },
    Bad { id: String, trouble: Trouble },
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
    outcome: Result<Vec<PagedCitation>, Trouble>,
}

pub(crate) fn run(global: &Global, args: &CitationsArgs) -> Outcome {
    let settings = Settings::of(&args.extractor)?;
    let extractor = settings.extractor()?;
    let limit = settings.limits().max_input_bytes;
    let mut stream = Stream::open();
    let mut exit_code = 0;
    let done = in_order(
        settings.jobs(),
        Documents::of(&args.files),
        |document| search(document, &extractor, limit),
        |searched| {
            match &searched.outcome {
                Ok(_) => {}
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
    match document {
        Waiting::Pdf(path) => Searched {
            id: path.display().to_string(),
            outcome: of_pdf(&path, extractor, limit),
        },
        Waiting::Text { id, text } => Searched {
            id,
            outcome: Ok(of_text(&text)),
        },
        Waiting::Line { id, json } => of_line(id, &json),
        Waiting::Bad { id, trouble } => Searched {
            id,
            outcome: Err(trouble),
        },
    }
}

fn of_pdf(
    path: &Path,
    extractor: &dyn TextExtractor,
    limit: u64,
) -> Result<Vec<PagedCitation>, Trouble> {
    let pdf = files::read(path, limit).map_err(|error| Trouble::of_file(&error))?;
    let extraction = extractor
        .extract(&pdf)
        .map_err(|failure| Trouble::of_document(&failure))?;
    let pages = extraction.pages.iter();
    let pages: Vec<(u32, &str)> = pages.map(|page| (page.page, page.text.as_str())).collect();
    Ok(find_in_pages(&pages))
}

/// Pages end at form feeds.
fn of_text(text: &str) -> Vec<PagedCitation> {
    let pages: Vec<(u32, &str)> = (1..).zip(text.split('\u{c}')).collect();
    find_in_pages(&pages)
}

fn of_line(place: String, json: &[u8]) -> Searched {
    match serde_json::from_slice::<Record>(json) {
        Ok(record) => Searched {
            id: match record.id {
                serde_json::Value::String(id) => id,
                other => other.to_string(),
            },
            outcome: Ok(of_text(&record.text)),
        },
        Err(error) => Searched {
            id: place,
            outcome: Err(Trouble::of_line(format!(
                "a line must be an object with id and text: {error}"
            ))),
        },
    }
}

fn line(searched: &Searched) -> Line<'_> {
    let all = searched.outcome.as_deref().unwrap_or_default();
    let found = all.iter().map(|found| {
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
    });
    Line {
        id: &searched.id,
        citations: found.collect(),
        error: searched.outcome.as_ref().err(),
    }
}

/// A line a citation: document, page, kind, key, as printed.
fn table(searched: &Searched) -> String {
    let mut out = String::new();
    for found in searched.outcome.as_deref().unwrap_or_default() {
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

/// The documents in the files, one after the other.
struct Documents {
    files: Files,
    lines: Option<Lines>,
}

impl Documents {
    fn of(names: &[PathBuf]) -> Self {
        Self {
            files: Files::named(names, "pdf"),
            lines: None,
        }
    }

    /// The document in a file; `None` where it holds many, which come next.
    fn open(&mut self, path: PathBuf) -> Option<Waiting> {
        let id = path.display().to_string();
        let bad = |error: &io::Error| Waiting::Bad {
            id: id.clone(),
            trouble: Trouble::of_file(error),
        };
        if path == Path::new(STDIN) || has_ending(&path, "pdf") {
            return Some(Waiting::Pdf(path));
        }
        if has_ending(inner(&path), "jsonl") {
            return match reader(&path) {
                Ok(reader) => {
                    self.lines = Some(Lines {
                        name: id,
                        number: 0,
                        reader,
                    });
                    None
                }
                Err(error) => Some(bad(&error)),
            };
        }
        if !has_ending(inner(&path), "txt") {
            let what = "it must end in .pdf, .txt or .jsonl (the last two also packed: .gz, .zst)";
            let error = io::Error::new(io::ErrorKind::InvalidInput, what);
            return Some(bad(&error));
        }
        Some(match text_of(&path) {
            Ok(text) => Waiting::Text { id, text },
            Err(error) => bad(&error),
        })
    }
}

impl Iterator for Documents {
    type Item = Waiting;

    fn next(&mut self) -> Option<Waiting> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(line) => return Some(line),
                    None => self.lines = None,
                }
            }
            match self.files.next()? {
                Err((path, error)) => {
                    return Some(Waiting::Bad {
                        id: path.display().to_string(),
                        trouble: Trouble::of_file(&error),
                    });
                }
                Ok(path) => {
                    if let Some(document) = self.open(path) {
                        return Some(document);
                    }
                }
            }
        }
    }
}

/// The name under the ending of a packed file.
fn inner(path: &Path) -> &Path {
    if has_ending(path, "gz") || has_ending(path, "zst") {
        path.file_stem().map_or(path, Path::new)
    } else {
        path
    }
}

/// A file's bytes, unpacked.
fn reader(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let file = std::fs::File::open(path)?;
    Ok(if has_ending(path, "gz") {
        Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file)))
    } else if has_ending(path, "zst") {
        Box::new(BufReader::new(zstd::Decoder::new(file)?))
    } else {
        Box::new(BufReader::new(file))
    })
}

/// The text of a file; bytes that are no UTF-8 become replacement characters.
fn text_of(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader(path)?.take(MOST_TEXT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_TEXT {
        let what = format!("it has more than {MOST_TEXT} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// The lines of a file.
struct Lines {
    name: String,
    number: u64,
    reader: Box<dyn BufRead + Send>,
}

impl Iterator for Lines {
    type Item = Waiting;

    fn next(&mut self) -> Option<Waiting> {
        loop {
            let mut json = Vec::new();
            self.number += 1;
            let id = format!("{}:{}", self.name, self.number);
            let read = self
                .reader
                .by_ref()
                .take(MOST_TEXT)
                .read_until(b'\n', &mut json);
            match read {
                Ok(0) => return None,
                Ok(_) if json.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Waiting::Line { id, json }),
                Err(error) => {
                    // What comes after damage in a packed file cannot be found.
                    self.reader = Box::new(io::empty());
                    return Some(Waiting::Bad {
                        id,
                        trouble: Trouble::of_file(&error),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn ids(names: &[PathBuf]) -> Vec<String> {
        let of = |document| match document {
            Waiting::Pdf(path) => format!("pdf {}", path.display()),
            Waiting::Text { id, text } => format!("text {id} {text}"),
            Waiting::Line { id, json } => {
                let searched = of_line(id, &json);
                format!("line {} {}", searched.id, searched.outcome.is_ok())
            }
            Waiting::Bad { id, trouble } => format!("bad {id} {}", trouble.exit_code()),
        };
        Documents::of(names).map(of).collect()
    }

    #[test]
    fn documents_come_from_all_kinds_of_files() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("a.txt"), "one\u{c}two").unwrap();
        let lines = "{\"id\": \"x\", \"text\": \"t\"}\n\n{\"id\": 7, \"text\": \"t\", \"more\": 1}\nnonsense\n";
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(lines.as_bytes()).unwrap();
        std::fs::write(at("b.jsonl.gz"), packed.finish().unwrap()).unwrap();
        std::fs::write(at("c.docx"), "no").unwrap();
        let names = ["a.txt", "b.jsonl.gz", "c.docx", "gone.txt", "d.pdf"].map(at);
        let name = |index: usize| names[index].display().to_string();
        assert_eq!(
            ids(&names),
            [
                format!("text {} one\u{c}two", name(0)),
                "line x true".to_owned(),
                "line 7 true".to_owned(),
                format!("line {}:4 false", name(1)),
                format!("bad {} {}", name(2), nirnay_pipeline::exit::USAGE),
                format!("bad {} {}", name(3), nirnay_pipeline::exit::IO),
                format!("pdf {}", name(4)),
            ]
        );
    }

    #[test]
    fn pages_of_a_text_end_at_form_feeds() {
        let found = of_text("2024 INSC 1\u{c}\u{c}and 2024 INSC 2");
        let places: Vec<(u32, u32)> = found.iter().map(|at| (at.page, at.start)).collect();
        assert_eq!(places, [(1, 0), (3, 4)]);
    }
}
