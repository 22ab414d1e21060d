//! `nirnay extract FILE…`: PDFs in, a line of JSON or the text out.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use nirnay_extract::ocr::{OcrFailure, Seat};
use nirnay_extract::structure::{self, Structure};
use nirnay_extract::{Annotation, ExtractFailure, Extraction, Signature};
use nirnay_model::{ExtractMethod, PageCondition, PageText};
use nirnay_pipeline::{
    DOCUMENTS_AHEAD, PageReader, TextExtractor, exit, in_order, own_neutral_citation,
};
use serde::Serialize;

use super::Outcome;
use super::extraction::Settings;
use crate::args::{ExtractArgs, Global};
use crate::files::{self, Files, Unfound, Why};
use crate::output::{Stream, talk};

/// A document as printed.
#[derive(Serialize)]
struct Line<'a> {
    file: String,
    pages: Vec<Page<'a>>,
    structure: Option<&'a Structure>,
    error: Option<&'a Trouble>,
    engine: Option<&'a str>,
    own_citation: Option<&'a str>,
    signatures: &'a [Signature],
    annotations: &'a [Annotation],
    truncated: bool,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    ocr: Option<&'a Recognised>,
}

/// Why a document gave nothing.
#[derive(Debug, Serialize)]
pub(super) struct Trouble {
    /// A word for programs.
    reason: &'static str,
    /// A sentence for people.
    message: String,
    /// The exit code it asks for.
    #[serde(skip)]
    exit_code: u8,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.reason)
    }
}

impl Trouble {
    /// A file that cannot be read.
    pub(super) fn of_file(error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{
            FileTooLarge, InvalidData, InvalidInput, NotFound, UnexpectedEof,
        };
        let (reason, exit_code) = match error.kind() {
            NotFound => ("not_found", exit::IO),
            FileTooLarge => ("too_large", exit::INCOMPLETE),
            // What unpackers say of bytes that are not what they should be.
            InvalidData | InvalidInput | UnexpectedEof => ("damaged", exit::INCOMPLETE),
            _ => ("io", exit::IO),
        };
        Self {
            reason,
            message: error.to_string(),
            exit_code,
        }
    }

    /// A name that gives no file.
    pub(super) fn of_name(unfound: &Unfound) -> Self {
        match &unfound.why {
            Why::Io(error) => Self::of_file(error),
            Why::Empty(ending) => Self {
                reason: "empty_folder",
                message: format!("no file in the folder, or below it, ends in .{ending}"),
                exit_code: exit::INCOMPLETE,
            },
        }
    }

    /// A file that this command does not read.
    pub(super) fn of_kind(message: &str) -> Self {
        Self {
            reason: "unknown_kind",
            message: message.to_owned(),
            exit_code: exit::USAGE,
        }
    }

    /// A document without text.
    pub(super) fn of_document(failure: &ExtractFailure) -> Self {
        Self {
            reason: failure.reason(),
            message: failure.to_string(),
            exit_code: if failure.is_about_the_document() {
                exit::INCOMPLETE
            } else {
                exit::IO
            },
        }
    }

    /// A line that is not what it should be.
    pub(super) fn of_line(message: String) -> Self {
        Self {
            reason: "bad_line",
            message,
            exit_code: exit::INCOMPLETE,
        }
    }

    /// Says it on standard error.
    pub(super) fn say(&self, name: &str) {
        talk(&format!("nirnay: {name}: {self}"));
    }

    #[cfg(test)]
    pub(super) fn reason(&self) -> &'static str {
        self.reason
    }

    pub(super) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// What was read of a file.
struct Read {
    file: String,
    outcome: Result<Document, Trouble>,
}

struct Document {
    extraction: Extraction,
    structure: Structure,
    own_citation: Option<String>,
    pictures: Pictures,
}

/// A page as it was read from its picture.
#[derive(Serialize)]
#[serde(untagged)]
enum Recognised {
    Read {
        text: String,
        confidence: f32,
        /// Whether the text stands in for that of the page: it is beside it all the same.
        used: bool,
        lang: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        script: Option<String>,
        tried: Vec<String>,
        engine: String,
    },
    Failed {
        error: Trouble,
    },
}

/// Pages that were read from their pictures, by number.
type Pictures = std::collections::BTreeMap<u32, Recognised>;

fn recognise(reader: &PageReader, pdf: &[u8], pages: &[PageText], seat: &Seat) -> Pictures {
    let wanted = pages.iter().filter(|page| page.needs_ocr);
    let read = wanted.map(|page| {
        let recognised = match reader.read(pdf, page, seat) {
            Ok(read) => Recognised::Read {
                used: read.is_trusted(),
                text: read.text,
                confidence: read.confidence,
                lang: read.languages,
                script: read.script,
                tried: read.tried,
                engine: read.engine,
            },
            Err(failure) => Recognised::Failed {
                error: Trouble {
                    reason: failure.reason(),
                    message: failure.to_string(),
                    exit_code: match failure {
                        OcrFailure::Program { .. } | OcrFailure::NotInstalled { .. } => exit::IO,
                        _ => exit::INCOMPLETE,
                    },
                },
            },
        };
        (page.page, recognised)
    });
    read.collect()
}

/// What is done with each file.
struct Work<'a> {
    extractor: &'a dyn TextExtractor,
    ocr: Option<&'a PageReader>,
    limit: u64,
}

impl Work<'_> {
    fn of(&self, found: Result<PathBuf, Unfound>) -> Read {
        let (path, outcome) = match found {
            Ok(path) => {
                let outcome = self.read(&path);
                (path, outcome)
            }
            Err(unfound) => {
                let trouble = Trouble::of_name(&unfound);
                (unfound.path, Err(trouble))
            }
        };
        Read {
            file: path.display().to_string(),
            outcome,
        }
    }

    fn read(&self, path: &Path) -> Result<Document, Trouble> {
        let pdf = files::read(path, self.limit).map_err(|error| Trouble::of_file(&error))?;
        let extraction = self
            .extractor
            .extract(&pdf)
            .map_err(|failure| Trouble::of_document(&failure))?;
        let pictures = match self.ocr {
            Some(reader) => recognise(reader, &pdf, &extraction.pages, &Seat::Unknown),
            None => Pictures::new(),
        };
        let readable = readable(&extraction.pages, &pictures);
        let structure = structure::read(&readable, None);
        Ok(Document {
            own_citation: own_neutral_citation(&readable, &structure),
            extraction,
            structure,
            pictures,
        })
    }
}

/// The pages as they can be read: what was read on the picture of a page stands in for a text that cannot be trusted,
/// where it can be trusted itself.
fn readable<'a>(pages: &'a [PageText], pictures: &Pictures) -> Cow<'a, [PageText]> {
    if pictures.is_empty() {
        return Cow::Borrowed(pages);
    }
    let mut pages = pages.to_vec();
    for page in &mut pages {
        if let Some(Recognised::Read {
            text, used: true, ..
        }) = pictures.get(&page.page)
        {
            page.text.clone_from(text);
            page.method = ExtractMethod::Ocr;
            page.condition = PageCondition::Readable;
        }
    }
    Cow::Owned(pages)
}

impl Read {
    /// What went wrong with single pages.
    fn failed_pages(&self) -> impl Iterator<Item = (u32, &Trouble)> {
        let pictures = self.outcome.iter().flat_map(|document| &document.pictures);
        pictures.filter_map(|(page, recognised)| match recognised {
            Recognised::Failed { error } => Some((*page, error)),
            Recognised::Read { .. } => None,
        })
    }

    /// Pages whose pictures gave words that are not believed, with the confidence in them and the packs.
    fn doubted_pages(&self) -> impl Iterator<Item = (u32, f32, String)> {
        let pictures = self.outcome.iter().flat_map(|document| &document.pictures);
        pictures.filter_map(|(page, recognised)| match recognised {
            Recognised::Read {
                text,
                confidence,
                used: false,
                tried,
                ..
            } if !text.is_empty() => Some((*page, *confidence, tried.join(", "))),
            _ => None,
        })
    }

    /// Says what a reader of the text would not see in it.
    fn say_pages(&self) {
        for (page, trouble) in self.failed_pages() {
            trouble.say(&format!("{}: page {page}", self.file));
        }
        for (page, confidence, tried) in self.doubted_pages() {
            talk(&format!(
                "nirnay: {}: page {page}: what was read on its picture (with {tried}) has a confidence of {confidence:.2} and is \
                 left out; --json has it",
                self.file
            ));
        }
    }
}

pub(crate) fn run(global: &Global, args: &ExtractArgs) -> Outcome {
    let settings = Settings::of(&args.extractor)?;
    let extractor = settings.extractor()?;
    let ocr = if args.ocr || settings.ocr.enabled {
        Some(settings.page_reader()?)
    } else {
        None
    };
    let work = Work {
        extractor: &extractor,
        ocr: ocr.as_ref(),
        limit: settings.limits().max_input_bytes,
    };
    let several = args.files.len() > 1 || args.files.iter().any(|file| file.is_dir());
    let mut stream = Stream::open();
    let mut exit_code = 0;
    let done = in_order(
        (settings.jobs(), DOCUMENTS_AHEAD),
        Files::named(&args.files, "pdf"),
        |found| work.of(found),
        |read| {
            if let Err(trouble) = &read.outcome {
                exit_code = exit_code.max(trouble.exit_code());
            }
            for (_, trouble) in read.failed_pages() {
                exit_code = exit_code.max(trouble.exit_code());
            }
            if global.json {
                return stream.json(&line(&read));
            }
            read.say_pages();
            match &read.outcome {
                Ok(document) => stream.text(&text(&read.file, document, several)),
                Err(trouble) => {
                    trouble.say(&read.file);
                    Ok(())
                }
            }
        },
    );
    stream.close(done)?;
    Ok(exit_code)
}

fn line(read: &Read) -> Line<'_> {
    let file = read.file.clone();
    match &read.outcome {
        Ok(document) => Line {
            file,
            pages: document
                .extraction
                .pages
                .iter()
                .map(|page| of_page(page, document.pictures.get(&page.page)))
                .collect(),
            structure: Some(&document.structure),
            error: None,
            engine: Some(&document.extraction.engine),
            own_citation: document.own_citation.as_deref(),
            signatures: &document.extraction.signatures,
            annotations: &document.extraction.annotations,
            truncated: document.extraction.truncated,
        },
        Err(trouble) => Line {
            file,
            pages: Vec::new(),
            structure: None,
            error: Some(trouble),
            engine: None,
            own_citation: None,
            signatures: &[],
            annotations: &[],
            truncated: false,
        },
    }
}

fn of_page<'a>(page: &'a PageText, ocr: Option<&'a Recognised>) -> Page<'a> {
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
        ocr,
    }
}

/// The text for people: pages end at form feeds, as `nirnay citations` reads them back.
fn text(file: &str, document: &Document, several: bool) -> String {
    let mut out = if several {
        format!("==> {file} <==\n")
    } else {
        String::new()
    };
    let pages = readable(&document.extraction.pages, &document.pictures);
    for (place, page) in pages.iter().enumerate() {
        if place > 0 {
            out.push('\u{c}');
        }
        out.push_str(&page.text);
        out.push('\n');
    }
    out
}
