//! The whole result of a search as a file: CSV, JSON lines or Parquet.
//!
//! A file says where it comes from: the query as typed and as understood, the filters, the moment, the state of the
//! index and the number of rows. Parquet carries it in its key-value metadata (`nirnay.query` and so on), JSON lines in
//! a first line (`"record": "search"`), CSV, which has no place for it, in a file beside it
//! (`NAME.csv-metadata.json`). A file appears whole or not at all.

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nirnay_index::{Hit, SearchOptions, Searcher};
use serde::Serialize;

use crate::error::{PipelineError, config_error};
use crate::sheet::{Cell, Column, Format, Kind, Sheet};

/// Between the excerpts of a judgment where they stand in one cell.
const ELLIPSIS: &str = " … ";

/// A form of file for results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultsFormat {
    /// Comma-separated values with a header line.
    Csv,
    /// A JSON object a line, the first about the search.
    JsonLines,
    /// Parquet with typed columns.
    Parquet,
}

impl ResultsFormat {
    /// The form by the ending of a file's name: `csv`, `jsonl` (or `ndjson`), `parquet`.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Where a file of results comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultsOrigin {
    /// The query as typed.
    pub query: String,
    /// The query as understood, in canonical form.
    pub understood: String,
    /// Chosen values of facets, court and dates.
    pub filters: Vec<String>,
    /// The order of the rows.
    pub sort: &'static str,
    /// When the search ran.
    pub searched_at: Timestamp,
    /// The state of the index: what it was built from.
    pub index: String,
    /// The program that wrote the file.
    pub program: &'static str,
    /// The number of rows.
    pub rows: u64,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultsReport {
    /// The file.
    pub file: PathBuf,
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: ResultsOrigin,
}

/// Where hits go.
trait Sink {
    fn put(&mut self, hit: &Hit) -> io::Result<()>;

    /// Writes what is left and makes the file durable.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Writes every match of `query` to `out`, whose ending names the form. Nothing is capped; one hit at a time is in
/// memory.
pub fn write_results(
    searcher: &Searcher,
    (query, options): (&str, &SearchOptions),
    out: &Path,
    now: Timestamp,
) -> Result<ResultsReport, PipelineError> {
    let endings = "a file of results ends in .csv, .jsonl or .parquet";
    let format = ResultsFormat::of(out).ok_or_else(|| config_error(out, endings.to_owned()))?;
    let refused = |error: nirnay_index::QueryError| PipelineError::Query(error);
    let count = SearchOptions {
        limit: 0,
        offset: 0,
        facets: None,
        time_limit: None,
        ..options.clone()
    };
    let counted = searcher.search(query, &count).map_err(refused)?;
    let origin = ResultsOrigin {
        query: query.to_owned(),
        understood: counted.understood,
        filters: filters(options),
        sort: options.sort.name(),
        searched_at: now,
        index: searcher.watermark().unwrap_or_default(),
        program: concat!("nirnay ", env!("CARGO_PKG_VERSION")),
        rows: counted.total as u64,
    };
    let draft = draft_of(out);
    let io_error = |source| PipelineError::Io {
        path: out.to_owned(),
        source,
    };
    let mut sink = open(format, &draft, &origin).map_err(io_error)?;
    let mut failed = None;
    let mut put = |hit: Hit| match sink.put(&hit) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    let given = searcher.export(query, options, &mut put).map_err(refused);
    let done = given.and_then(|_| failed.map_or(Ok(()), |error| Err(io_error(error))));
    let done = done.and_then(|()| sink.finish().map_err(io_error));
    if let Err(error) = done {
        // What there is of it is of no use; that it cannot be removed changes nothing about the error.
        drop(fs::remove_file(&draft));
        return Err(error);
    }
    if format == ResultsFormat::Csv {
        write_origin(&sidecar_of(out), &origin).map_err(io_error)?;
    }
    publish(&draft, out).map_err(io_error)?;
    Ok(ResultsReport {
        file: out.to_owned(),
        origin,
    })
}

fn open(format: ResultsFormat, draft: &Path, origin: &ResultsOrigin) -> io::Result<Box<dyn Sink>> {
    let file = File::create(draft)?;
    Ok(match format {
        ResultsFormat::Csv => Box::new(Table::new(Format::Csv, file, origin)?),
        ResultsFormat::JsonLines => Box::new(JsonLines::new(file, origin)?),
        ResultsFormat::Parquet => Box::new(Table::new(Format::Parquet, file, origin)?),
    })
}

fn filters(options: &SearchOptions) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(options.court.iter().map(|court| format!("court={court}")));
    found.extend(options.from.map(|day| format!("from={day}")));
    found.extend(options.to.map(|day| format!("to={day}")));
    for (facet, values) in options.filters.iter() {
        found.extend(
            values
                .iter()
                .map(|value| format!("{}={value}", facet.name())),
        );
    }
    found
}

/// `results.csv` is `.results.csv.part` until it is whole.
fn draft_of(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!(".{name}.part"))
}

fn sidecar_of(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!("{name}-metadata.json"))
}

fn write_origin(path: &Path, origin: &ResultsOrigin) -> io::Result<()> {
    let draft = draft_of(path);
    let file = File::create(&draft)?;
    serde_json::to_writer_pretty(&file, origin)?;
    file.sync_all()?;
    publish(&draft, path)
}

fn publish(draft: &Path, out: &Path) -> io::Result<()> {
    fs::rename(draft, out)?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// The columns of a judgment in a table of results.
pub fn hit_columns() -> Vec<Column> {
    vec![
        ("id", Kind::Text),
        ("title", Kind::Text),
        ("court_code", Kind::Text),
        ("court_name", Kind::Text),
        ("bench_code", Kind::Text),
        ("decision_date", Kind::Day),
        ("case_number", Kind::Text),
        ("case_type", Kind::Text),
        ("cnr", Kind::Text),
        ("neutral_citation", Kind::Text),
        ("reporter_citation", Kind::Text),
        ("judges", Kind::Texts),
        ("kind", Kind::Text),
        ("disposal", Kind::Text),
        ("languages", Kind::Texts),
        ("cited_by", Kind::Whole),
        ("copies", Kind::Whole),
        ("pages", Kind::Whole),
        ("document_sha256", Kind::Text),
    ]
}

/// A judgment as a row of [`hit_columns`].
pub fn hit_row(hit: &Hit) -> Vec<Cell> {
    vec![
        Cell::text(&hit.key),
        Cell::text(&hit.title),
        Cell::text(&hit.court_code),
        Cell::text(&hit.court_name),
        Cell::text(&hit.bench_code),
        hit.decision_date.map_or(Cell::None, Cell::Day),
        Cell::some(hit.case_number.as_ref()),
        Cell::some(hit.case_type.as_ref()),
        Cell::some(hit.cnr.as_ref()),
        Cell::some(hit.neutral_citation.as_ref()),
        Cell::some(hit.reporter_citation.as_ref()),
        Cell::Texts(hit.judges.clone()),
        Cell::text(&hit.kind),
        Cell::some(hit.disposal.as_ref()),
        Cell::Texts(hit.languages.clone()),
        Cell::whole(hit.cited_by),
        Cell::whole(hit.copies.into()),
        Cell::whole(hit.pages.into()),
        Cell::some(hit.sha256.as_ref()),
    ]
}

/// CSV or Parquet: [`hit_columns`], the score and the excerpts.
struct Table {
    sheet: Sheet<BufWriter<File>>,
}

impl Table {
    fn new(format: Format, file: File, origin: &ResultsOrigin) -> io::Result<Self> {
        let mut columns = hit_columns();
        columns.extend([("score", Kind::Number), ("excerpts", Kind::Text)]);
        let notes = [
            ("query", origin.query.as_str()),
            ("understood", &origin.understood),
            ("filters", &origin.filters.join("; ")),
            ("sort", origin.sort),
            ("searched_at", &origin.searched_at.to_string()),
            ("index", &origin.index),
            ("program", origin.program),
            ("rows", &origin.rows.to_string()),
        ];
        let sheet = Sheet::begin(format, columns, &notes, BufWriter::new(file))?;
        Ok(Self { sheet })
    }
}

impl Sink for Table {
    fn put(&mut self, hit: &Hit) -> io::Result<()> {
        let excerpts: Vec<&str> = hit
            .snippets
            .iter()
            .map(|snippet| snippet.text.as_str())
            .collect();
        let mut row = hit_row(hit);
        row.extend([Cell::Number(hit.score), Cell::Text(excerpts.join(ELLIPSIS))]);
        self.sheet.push(row)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let file = self
            .sheet
            .finish()?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

/// JSON lines.
struct JsonLines {
    out: BufWriter<File>,
}

#[derive(Serialize)]
struct Line<'a, T> {
    record: &'static str,
    #[serde(flatten)]
    value: &'a T,
}

impl JsonLines {
    fn new(file: File, origin: &ResultsOrigin) -> io::Result<Self> {
        let mut this = Self {
            out: BufWriter::new(file),
        };
        this.line("search", origin)?;
        Ok(this)
    }

    fn line(&mut self, record: &'static str, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &Line { record, value })?;
        self.out.write_all(b"\n")
    }
}

impl Sink for JsonLines {
    fn put(&mut self, hit: &Hit) -> io::Result<()> {
        self.line("judgment", hit)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}
