//! The documents in files that are to be searched: PDFs, texts, JSON lines, plain or packed.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::extract_files::Trouble;
use crate::files::{self, Files, STDIN, has_ending};

/// The largest text that is taken as one document, in bytes. A judgment of a thousand pages has 3 MB.
const MOST_TEXT: u64 = 64 << 20;

/// The most memory that unpacking .xz may take: `xz -9` makes files that need 65 MiB.
const MOST_XZ_KIB: u32 = 256 << 10;

/// How far into a file its kind can be told: a PDF may begin with other bytes.
const HEAD: u64 = 1024;

/// A document that waits to be searched.
pub(super) enum Waiting {
    Pdf(PathBuf),
    PdfBytes {
        id: String,
        bytes: Vec<u8>,
    },
    Text {
        id: String,
        text: String,
        /// How many stretches of bytes were no UTF-8.
        replaced: u64,
    },
    Line {
        place: String,
        json: Vec<u8>,
    },
    Bad {
        id: String,
        trouble: Trouble,
    },
}

/// The documents in the files, one after the other.
pub(super) struct Documents {
    files: Files,
    lines: Option<Lines>,
    /// The largest PDF that is taken.
    largest: u64,
}

impl Documents {
    pub(super) fn of(names: &[PathBuf], largest: u64) -> Self {
        Self {
            files: Files::named(names, "pdf"),
            lines: None,
            largest,
        }
    }

    /// The document in a file; `None` where it holds many, which come next.
    fn open(&mut self, path: PathBuf) -> Option<Waiting> {
        let id = path.display().to_string();
        let inner = inner(&path);
        let is = |ending| has_ending(inner, ending);
        let opened = if path == Path::new(STDIN) {
            self.standard_input(&id)
        } else if has_ending(&path, "pdf") {
            return Some(Waiting::Pdf(path));
        } else if is("jsonl") {
            reader(&path).map(|reader| {
                self.lines = Some(Lines::of(id.clone(), reader));
                None
            })
        } else if is("txt") {
            reader(&path).and_then(|reader| text_of(id.clone(), reader).map(Some))
        } else {
            let what =
                "it must end in .pdf, .txt or .jsonl (the last two also packed: .gz, .zst, .xz)";
            let trouble = Trouble::of_kind(what);
            return Some(Waiting::Bad { id, trouble });
        };
        opened.unwrap_or_else(|error| {
            let trouble = Trouble::of_file(&error);
            Some(Waiting::Bad { id, trouble })
        })
    }

    /// What comes on standard input has no name to tell its kind by.
    fn standard_input(&mut self, id: &str) -> io::Result<Option<Waiting>> {
        let mut head = Vec::new();
        let mut input = BufReader::new(io::stdin());
        input.by_ref().take(HEAD).read_to_end(&mut head)?;
        let kind = kind_of(&head);
        let whole = io::Cursor::new(head).chain(input);
        Ok(match kind {
            Kind::Pdf => Some(Waiting::PdfBytes {
                id: id.to_owned(),
                bytes: files::read_all(whole, self.largest)?,
            }),
            Kind::Text => Some(text_of(id.to_owned(), whole)?),
            Kind::Lines => {
                self.lines = Some(Lines::of(id.to_owned(), Box::new(whole)));
                None
            }
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
                Err(unfound) => {
                    return Some(Waiting::Bad {
                        trouble: Trouble::of_name(&unfound),
                        id: unfound.path.display().to_string(),
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

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Pdf,
    Text,
    Lines,
}

fn kind_of(head: &[u8]) -> Kind {
    if head.windows(5).any(|bytes| bytes == b"%PDF-") {
        Kind::Pdf
    } else if head.trim_ascii_start().starts_with(b"{") {
        Kind::Lines
    } else {
        Kind::Text
    }
}

/// The name under the ending of a packed file.
fn inner(path: &Path) -> &Path {
    let is_packed = ["gz", "zst", "xz"]
        .iter()
        .any(|ending| has_ending(path, ending));
    if is_packed {
        path.file_stem().map_or(path, Path::new)
    } else {
        path
    }
}

/// A file's bytes, unpacked.
fn reader(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let file = std::fs::File::open(path)?;
    if inner(path) != path && file.metadata()?.len() == 0 {
        let what = "it is empty, which no packed file is";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
    }
    Ok(if has_ending(path, "gz") {
        Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file)))
    } else if has_ending(path, "zst") {
        Box::new(BufReader::new(zstd::Decoder::new(file)?))
    } else if has_ending(path, "xz") {
        let (from, several) = (BufReader::new(file), true);
        let unpacked = lzma_rust2::XzReader::new_mem_limit(from, several, MOST_XZ_KIB);
        Box::new(BufReader::new(unpacked))
    } else {
        Box::new(BufReader::new(file))
    })
}

/// A text as a document; stretches that are no UTF-8 become replacement characters, and are counted.
fn text_of(id: String, from: impl Read) -> io::Result<Waiting> {
    let bytes = files::read_all(from, MOST_TEXT)?;
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push('\u{fffd}');
            replaced += 1;
        }
    }
    Ok(Waiting::Text { id, text, replaced })
}

/// The lines of a file.
struct Lines {
    name: String,
    number: u64,
    reader: Box<dyn BufRead + Send>,
    longest: u64,
}

impl Lines {
    fn of(name: String, reader: Box<dyn BufRead + Send>) -> Self {
        Self {
            name,
            number: 0,
            reader,
            longest: MOST_TEXT,
        }
    }

    /// The next line; what is longer than the longest is read past.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut start = self.reader.by_ref().take(self.longest + 1);
        if start.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.ends_with(b"\n") || line.len() as u64 <= self.longest {
            return Ok(Some(line));
        }
        drop(line);
        self.reader.skip_until(b'\n')?;
        Err(files::too_large(self.longest))
    }
}

impl Iterator for Lines {
    type Item = Waiting;

    fn next(&mut self) -> Option<Waiting> {
        loop {
            self.number += 1;
            let place = format!("{}:{}", self.name, self.number);
            match self.line() {
                Ok(None) => return None,
                Ok(Some(json)) if json.trim_ascii().is_empty() => {}
                Ok(Some(json)) => return Some(Waiting::Line { place, json }),
                Err(error) => {
                    if error.kind() != io::ErrorKind::FileTooLarge {
                        // What comes after damage in a packed file cannot be found.
                        self.reader = Box::new(io::empty());
                    }
                    return Some(Waiting::Bad {
                        id: place,
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

    fn told(document: Waiting) -> String {
        match document {
            Waiting::Pdf(path) => format!("pdf {}", path.display()),
            Waiting::PdfBytes { id, bytes } => format!("pdf {id} {}", bytes.len()),
            Waiting::Text { id, text, replaced } => format!("text {id} {text} {replaced}"),
            Waiting::Line { place, json } => {
                format!("line {place} {}", String::from_utf8_lossy(&json).trim())
            }
            Waiting::Bad { id, trouble } => {
                format!("bad {id} {} {}", trouble.reason(), trouble.exit_code())
            }
        }
    }

    /// Two lines of JSON, packed by `xz -0 --check=crc32`.
    const XZ: &[u8] = b"\
        \xfd7zXZ\x00\x00\x01i\x22\xde6\x02\x00!\x01\x0c\x00\x00\x00\x8f\x98A\x9c\xe0\x00A\x00,]\
        \x00=\x88\x89&\x81\x93S\x7fu\x10\x06p)\xa9Q\xf7%Mb\xa8\x87\x93o\xear\xb0u\xca\x8c\xe7\
        \xc5\x08\x91\xb7\xedSniw\x19\x13p&\x00\x0014x\x92\x00\x01DB\x96\x1fA,\x90B\x99\x0d\x01\
        \x00\x00\x00\x00\x01YZ";

    #[test]
    fn documents_come_from_all_kinds_of_files() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("a.txt"), b"one\x0ctwo \xff\xfe.").unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"{1}\n\n{2}\nnonsense\n").unwrap();
        std::fs::write(at("b.jsonl.gz"), packed.finish().unwrap()).unwrap();
        std::fs::write(at("c.docx"), "no").unwrap();
        std::fs::write(at("e.txt.gz"), "").unwrap();
        std::fs::write(at("f.txt.gz"), "no gzip at all").unwrap();
        std::fs::write(at("g.jsonl.xz"), XZ).unwrap();
        std::fs::write(at("h.jsonl.xz"), &XZ[..XZ.len() / 2]).unwrap();
        std::fs::create_dir(at("empty")).unwrap();
        let names = [
            "a.txt",
            "b.jsonl.gz",
            "c.docx",
            "gone.txt",
            "d.pdf",
            "e.txt.gz",
            "f.txt.gz",
            "g.jsonl.xz",
            "h.jsonl.xz",
            "empty",
        ];
        let folder = format!("{}/", dir.path().display());
        let all: Vec<String> = Documents::of(&names.map(at), 1 << 20)
            .map(|document| told(document).replace(&folder, ""))
            .collect();
        assert_eq!(
            all,
            [
                "text a.txt one\u{c}two \u{fffd}\u{fffd}. 2",
                "line b.jsonl.gz:1 {1}",
                "line b.jsonl.gz:3 {2}",
                "line b.jsonl.gz:4 nonsense",
                "bad c.docx unknown_kind 64",
                "bad gone.txt not_found 74",
                "pdf d.pdf",
                "bad e.txt.gz damaged 2",
                "bad f.txt.gz damaged 2",
                "line g.jsonl.xz:1 {\"id\": 1, \"text\": \"2024 INSC 1\"}",
                "line g.jsonl.xz:2 {\"id\": 2, \"text\": \"2024 INSC 2\"}",
                "bad h.jsonl.xz:1 damaged 2",
                "bad empty empty_folder 2",
            ]
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_read_past() {
        let of = |text: &str| -> Vec<String> {
            let mut lines = Lines::of("x".to_owned(), Box::new(io::Cursor::new(text.to_owned())));
            lines.longest = 4;
            lines.map(told).collect()
        };
        assert_eq!(of("1234\n5678"), ["line x:1 1234", "line x:2 5678"]);
        assert_eq!(
            of("12345\n6\n1234567890123\n78"),
            [
                "bad x:1 too_large 2",
                "line x:2 6",
                "bad x:3 too_large 2",
                "line x:4 78"
            ]
        );
        assert_eq!(of("123456"), ["bad x:1 too_large 2"]);
        assert_eq!(of(""), Vec::<String>::new());
    }

    #[test]
    fn the_kind_of_standard_input_is_seen_in_its_first_bytes() {
        for (head, kind) in [
            (b"%PDF-1.7\n".as_slice(), Kind::Pdf),
            (b"\xef\xbb\xbf\n%PDF-1.4", Kind::Pdf),
            (b" \n{\"id\": 1}", Kind::Lines),
            (b"see 2024 INSC 1", Kind::Text),
            (b"", Kind::Text),
        ] {
            assert_eq!(kind_of(head), kind);
        }
    }
}
