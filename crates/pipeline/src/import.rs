//! Texts from files into the lake: lines of JSON, plain or compressed, with an id and a text each.

mod line;
mod quarantine;
mod source;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nirnay_model::Sha256;
use nirnay_store::{ImportCounts, ImportedFile, ImportedText, Imports, Lake};
use serde::Serialize;

use crate::error::PipelineError;
use line::Taken;
use quarantine::Quarantine;
use source::{Line, Lines};

/// Texts kept together: a process that dies loses no more than so many.
const BATCH: usize = 256;
/// The bytes of text after which a batch is kept, however few they are.
const BATCH_BYTES: usize = 16 << 20;

/// What became of a file. `lines = blank + added + changed + unchanged + quarantined`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The file's name.
    pub file: String,
    /// Lines read.
    pub lines: u64,
    /// Lines with nothing on them.
    pub blank: u64,
    /// New texts.
    pub added: u64,
    /// Texts that replace an older one with the same id.
    pub changed: u64,
    /// Texts that the lake held already.
    pub unchanged: u64,
    /// Lines that were set aside.
    pub quarantined: u64,
    /// Where the lines set aside are listed with their numbers and reasons; `None` if there are none.
    pub quarantine: Option<PathBuf>,
    /// Texts in the lake from all files.
    pub texts: u64,
}

/// Brings the texts of `path` into the lake. Every line is `{"id": …, "text": …}`, with `title`, `court` and
/// `date` (`YYYY-MM-DD`) if known; other fields are left unread. The file may be compressed by xz, gzip or
/// zstd, which its first bytes tell.
///
/// A line that cannot be taken is set aside with its number and the reason, in
/// `imports/<file>.quarantine.jsonl` of the lake. A file that breaks off fails with what came before kept;
/// the same call on the whole file goes on from there.
///
/// `tick` is told the number of lines read.
pub fn import_texts(
    lake: &Lake,
    path: &Path,
    now: Timestamp,
    tick: &mut dyn FnMut(u64),
) -> Result<ImportReport, PipelineError> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut imports = lake.imports_mut()?;
    let mut lines = Lines::open(path)?;
    let mut batch = Batch::default();
    let mut report = ImportReport {
        file: name.clone(),
        ..ImportReport::default()
    };
    let mut quarantine = Quarantine::new(lake.dir(), &name)?;
    let mut seen = Seen::default();
    loop {
        let (number, line) = match lines.next() {
            Ok(Some(next)) => next,
            Ok(None) => break,
            Err(source) => {
                batch.keep(lake, &mut imports, &mut report)?;
                return Err(PipelineError::Io {
                    path: path.to_owned(),
                    source: broken_off(report.lines, &source),
                });
            }
        };
        report.lines += 1;
        let refused = match line {
            Line::Blank => {
                report.blank += 1;
                continue;
            }
            Line::TooLong => Some((line::TOO_LONG.to_owned(), String::new())),
            Line::Text(bytes) => match take(&bytes, &name, number, &mut seen) {
                Ok(Some(text)) => {
                    batch.push(text);
                    None
                }
                Ok(None) => {
                    report.unchanged += 1;
                    None
                }
                Err(reason) => Some((reason, quarantine::beginning(&bytes))),
            },
        };
        if let Some((reason, beginning)) = refused {
            report.quarantined += 1;
            quarantine.add(number, &reason, &beginning)?;
        }
        if batch.is_full() {
            batch.keep(lake, &mut imports, &mut report)?;
            tick(report.lines);
        }
    }
    batch.keep(lake, &mut imports, &mut report)?;
    report.quarantine = quarantine.finish()?;
    imports.finish_file(&ImportedFile {
        name,
        lines: report.lines,
        blank: report.blank,
        taken: report.added + report.changed + report.unchanged,
        quarantined: report.quarantined,
        imported_at: now,
    })?;
    report.texts = imports.sums()?.0;
    tick(report.lines);
    Ok(report)
}

/// The ids of a file, as the first bytes of digests, with the digest of what each came with and its line.
type Seen = HashMap<[u8; 16], (Sha256, u64)>;

/// The text of a line; `None` if an earlier line of the file says the same.
fn take(
    bytes: &[u8],
    file: &str,
    number: u64,
    seen: &mut Seen,
) -> Result<Option<ImportedText>, String> {
    let Taken {
        id,
        title,
        court,
        decided,
        text,
    } = line::read(bytes)?;
    let text = ImportedText {
        id,
        title,
        court,
        decided,
        text,
        file: file.to_owned(),
        line: number,
    };
    let mut short = [0; 16];
    let id = Sha256::of(text.id.as_bytes());
    short.copy_from_slice(id.as_bytes().split_at(16).0);
    let digest = text.digest();
    match seen.get(&short) {
        Some((earlier, _)) if *earlier == digest => Ok(None),
        Some((_, line)) => Err(format!(
            "line {line} has the id {:?} with another text; ids must differ",
            text.id
        )),
        None => {
            seen.insert(short, (digest, number));
            Ok(Some(text))
        }
    }
}

fn broken_off(lines: u64, source: &std::io::Error) -> std::io::Error {
    let what = format!(
        "cannot be read beyond line {lines}: {source}; what came before is in the lake; run the same command on the whole file"
    );
    std::io::Error::new(source.kind(), what)
}

/// Texts on their way into the lake.
#[derive(Default)]
struct Batch {
    texts: Vec<ImportedText>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, text: ImportedText) {
        self.bytes += text.text.len();
        self.texts.push(text);
    }

    fn is_full(&self) -> bool {
        self.texts.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    fn keep(
        &mut self,
        lake: &Lake,
        imports: &mut Imports,
        report: &mut ImportReport,
    ) -> Result<(), PipelineError> {
        lake.check_space(self.bytes as u64)?;
        let ImportCounts {
            added,
            changed,
            unchanged,
        } = imports.put(&self.texts)?;
        report.added += added;
        report.changed += changed;
        report.unchanged += unchanged;
        self.texts.clear();
        self.bytes = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use nirnay_store::OpenMode;

    use super::*;

    fn run(lake: &Lake, path: &Path) -> ImportReport {
        import_texts(lake, path, Timestamp::UNIX_EPOCH, &mut |_| {}).unwrap()
    }

    #[test]
    fn good_lines_are_taken_once_and_bad_ones_set_aside_with_their_numbers() {
        let dir = tempfile::tempdir().unwrap();
        let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadWrite).unwrap();
        let path = dir.path().join("some.jsonl");
        let lines = [
            r#"{"id": "a", "text": "One.", "title": "A v B", "date": "1999-02-03"}"#,
            "",
            r#"{"id": "b", "text": 7}"#,
            r#"{"id": 12, "text": "Two.", "court": null}"#,
            r#"{"id": "a", "text": "Another."}"#,
            r#"{"id": "c", "text": "Three.", "date": "03-02-1999"}"#,
            "not JSON",
            r#"{"id": 12, "text": "Two."}"#,
        ];
        std::fs::write(&path, lines.join("\n")).unwrap();
        let report = run(&lake, &path);
        assert_eq!((report.lines, report.blank), (8, 1));
        assert_eq!(
            (report.added, report.unchanged, report.quarantined),
            (2, 1, 4)
        );
        let listed = std::fs::read_to_string(report.quarantine.unwrap()).unwrap();
        let numbers: Vec<u64> = listed
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|line| line["line"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, [3, 5, 6, 7]);
        let again = run(&lake, &path);
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3));
        assert_eq!(again.texts, 2);
        let text = lake.imports().unwrap().unwrap().get("a").unwrap().unwrap();
        assert_eq!(
            (text.line, text.decided.unwrap().to_string()),
            (1, "1999-02-03".to_owned())
        );
    }

    #[test]
    fn a_compressed_file_that_breaks_off_keeps_what_came_before() {
        let dir = tempfile::tempdir().unwrap();
        let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadWrite).unwrap();
        let path = dir.path().join("some.jsonl.gz");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut state = 7_u64;
        for number in 0..2_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            writeln!(
                gzip,
                r#"{{"id": "{number}", "text": "{state} {}"}}"#,
                !state
            )
            .unwrap();
        }
        let whole = gzip.finish().unwrap();
        std::fs::write(&path, whole.split_at(whole.len() / 2).0).unwrap();
        let broken = import_texts(&lake, &path, Timestamp::UNIX_EPOCH, &mut |_| {}).unwrap_err();
        assert!(broken.to_string().contains("beyond line"), "{broken}");
        let kept = lake.imports().unwrap().unwrap().sums().unwrap().0;
        assert!((500..2_000).contains(&kept), "{kept}");
        std::fs::write(&path, &whole).unwrap();
        let report = run(&lake, &path);
        assert_eq!((report.unchanged, report.added), (kept, 2_000 - kept));
    }
}
