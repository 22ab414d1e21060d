//! Views in other people's shapes: the published open data's own columns, so that notebooks written for
//! it read our lake.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray, TimestampNanosecondArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use nirnay_model::{CaptureId, DocumentState, PublishedJudgment, SourceId};
use nirnay_parse::{Reply, judgments};
use nirnay_store::{JudgmentFilter, Lake};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::Serialize;

use crate::error::PipelineError;

/// A shape to export in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The open data set of High Court judgments: 12 columns, `year=/court=/bench=/metadata.parquet`.
    OpenDataHighCourt,
    /// The open data set of Supreme Court judgments: 18 text columns, `year=/metadata.parquet`.
    OpenDataSupremeCourt,
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "open-data-hc" => Ok(Self::OpenDataHighCourt),
            "open-data-sc" => Ok(Self::OpenDataSupremeCourt),
            other => Err(format!(
                "unknown shape {other:?}; known: open-data-hc, open-data-sc"
            )),
        }
    }
}

/// What an export wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExportReport {
    /// Files.
    pub files: u64,
    /// Rows.
    pub rows: u64,
    /// The folder.
    pub out: PathBuf,
}

/// Rows held in memory before a file's next batch is written.
const BATCH: usize = 4_096;

/// Writes the lake's judgments under `out` in another shape. Files appear whole or not at all.
pub fn export(
    lake: &Lake,
    format: ExportFormat,
    out: &Path,
) -> Result<ExportReport, PipelineError> {
    let mut pages = PageCache::default();
    let mut report = ExportReport {
        out: out.to_owned(),
        ..ExportReport::default()
    };
    let mut open: Option<ViewFile> = None;
    for source in format.sources() {
        let filter = JudgmentFilter {
            source: Some(*source),
            ..JudgmentFilter::default()
        };
        for row in lake.published_judgments(filter)? {
            let row = row?;
            let html = pages.row_html(lake, &row)?;
            let path = out.join(format.file_of(&row));
            // Rows come in partition order, so a file is finished when the next one begins.
            if let Some(done) = open.take_if(|file| file.path != path) {
                done.close(format)?;
                report.files += 1;
            }
            let file = match &mut open {
                Some(file) => file,
                None => open.insert(ViewFile::create(&path, format.schema())?),
            };
            file.push(format, row, html)?;
            report.rows += 1;
        }
    }
    if let Some(done) = open {
        done.close(format)?;
        report.files += 1;
    }
    Ok(report)
}

impl ExportFormat {
    /// The sources whose rows have this shape. The Supreme Court Reports are taken from their own portal.
    fn sources(self) -> &'static [SourceId] {
        match self {
            Self::OpenDataHighCourt => &[SourceId::EcourtsHc],
            Self::OpenDataSupremeCourt => &[SourceId::Scr],
        }
    }

    fn file_of(self, row: &PublishedJudgment) -> PathBuf {
        let judgment = &row.judgment;
        let year = format!("year={}", judgment.partition_year());
        match self {
            Self::OpenDataHighCourt => PathBuf::from(year)
                .join(format!("court={}", judgment.court_code))
                .join(format!("bench={}", judgment.bench_code))
                .join("metadata.parquet"),
            Self::OpenDataSupremeCourt => PathBuf::from(year).join("metadata.parquet"),
        }
    }

    fn schema(self) -> Arc<Schema> {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        Arc::new(Schema::new(match self {
            Self::OpenDataHighCourt => HIGH_COURT_COLUMNS
                .iter()
                .map(|name| match *name {
                    "decision_date" => {
                        Field::new(*name, DataType::Timestamp(TimeUnit::Nanosecond, None), true)
                    }
                    "pdf_exists" => Field::new(*name, DataType::Boolean, true),
                    _ => text(name),
                })
                .collect::<Vec<_>>(),
            Self::OpenDataSupremeCourt => SUPREME_COURT_COLUMNS
                .iter()
                .map(|name| text(name))
                .collect(),
        }))
    }

    fn batch(self, rows: &[(PublishedJudgment, String)]) -> Result<RecordBatch, PipelineError> {
        let columns: Vec<ArrayRef> = match self {
            Self::OpenDataHighCourt => HIGH_COURT_COLUMNS
                .iter()
                .map(|name| high_court_column(name, rows))
                .collect(),
            Self::OpenDataSupremeCourt => SUPREME_COURT_COLUMNS
                .iter()
                .map(|name| strings(rows, |row, html| supreme_court_value(name, row, html)))
                .collect(),
        };
        RecordBatch::try_new(self.schema(), columns)
            .map_err(|error| PipelineError::Internal(error.to_string()))
    }
}

const HIGH_COURT_COLUMNS: [&str; 12] = [
    "court_code",
    "title",
    "description",
    "judge",
    "pdf_link",
    "cnr",
    "date_of_registration",
    "decision_date",
    "disposal_nature",
    "court",
    "raw_html",
    "pdf_exists",
];

const SUPREME_COURT_COLUMNS: [&str; 18] = [
    "title",
    "petitioner",
    "respondent",
    "description",
    "judge",
    "author_judge",
    "citation",
    "case_id",
    "cnr",
    "decision_date",
    "disposal_nature",
    "court",
    "available_languages",
    "raw_html",
    "path",
    "nc_display",
    "scraped_at",
    "year",
];

fn strings(
    rows: &[(PublishedJudgment, String)],
    value: impl Fn(&PublishedJudgment, &str) -> Option<String>,
) -> ArrayRef {
    Arc::new(
        rows.iter()
            .map(|(row, html)| value(row, html))
            .collect::<StringArray>(),
    )
}

fn high_court_column(name: &str, rows: &[(PublishedJudgment, String)]) -> ArrayRef {
    match name {
        "decision_date" => Arc::new(
            rows.iter()
                .map(|(row, _)| row.judgment.decision_date.and_then(nanoseconds))
                .collect::<TimestampNanosecondArray>(),
        ),
        "pdf_exists" => Arc::new(
            rows.iter()
                .map(|(row, _)| Some(matches!(row.document, DocumentState::Stored(_))))
                .collect::<BooleanArray>(),
        ),
        _ => strings(rows, |row, html| high_court_value(name, row, html)),
    }
}

fn high_court_value(name: &str, row: &PublishedJudgment, html: &str) -> Option<String> {
    let judgment = &row.judgment;
    match name {
        "court_code" => Some(judgment.court_code.as_str().replace('_', "~")),
        "title" => Some(judgment.title.clone()),
        "description" => judgment.description.clone(),
        "judge" => Some(judgment.judges.join(",")),
        "pdf_link" => judgment.document_path.clone(),
        "cnr" => judgment.cnr.as_ref().map(ToString::to_string),
        "date_of_registration" => judgment.registration_date.map(day_first),
        "disposal_nature" => judgment.disposal_raw.clone(),
        "court" => Some(judgment.court_name.clone()),
        "raw_html" => Some(html.to_owned()),
        _ => None,
    }
}

fn supreme_court_value(name: &str, row: &PublishedJudgment, html: &str) -> Option<String> {
    let judgment = &row.judgment;
    match name {
        "title" => Some(judgment.title.clone()),
        "petitioner" => judgment.petitioner.clone(),
        "respondent" => judgment.respondent.clone(),
        "description" => judgment.description.clone(),
        "judge" => Some(judgment.judges.join(", ")),
        "author_judge" => judgment.author_judge.clone(),
        "citation" => judgment.reporter_citation.clone(),
        "case_id" => judgment.case_number_raw.clone(),
        "cnr" => judgment.cnr.as_ref().map(ToString::to_string),
        "decision_date" => judgment.decision_date.map(day_first),
        "disposal_nature" => judgment.disposal_raw.clone(),
        "court" => Some(judgment.court_name.clone()),
        "available_languages" => Some(judgment.languages.join(",")),
        "raw_html" => Some(html.to_owned()),
        "path" => judgment.document_path.clone(),
        "nc_display" => judgment
            .neutral_citation
            .as_ref()
            .map(|citation| citation.to_string().replace(' ', "")),
        "scraped_at" => Some(row.first_seen.to_string()),
        "year" => Some(judgment.partition_year().to_string()),
        _ => None,
    }
}

fn day_first(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

/// Nanoseconds since 1970 reach from 1677 to 2262; a date outside has no value in this shape.
fn nanoseconds(date: Date) -> Option<i64> {
    let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    i64::try_from(at.as_nanosecond()).ok()
}

/// A file of a view while it is written.
struct ViewFile {
    path: PathBuf,
    temporary: PathBuf,
    writer: ArrowWriter<File>,
    rows: Vec<(PublishedJudgment, String)>,
}

impl ViewFile {
    fn create(path: &Path, schema: Arc<Schema>) -> Result<Self, PipelineError> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|source| io(parent, source))?;
        }
        let temporary = path.with_extension("parquet.tmp");
        let file = File::create(&temporary).map_err(|source| io(&temporary, source))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(internal)?;
        Ok(Self {
            path: path.to_owned(),
            temporary,
            writer,
            rows: Vec::new(),
        })
    }

    fn push(
        &mut self,
        format: ExportFormat,
        row: PublishedJudgment,
        html: String,
    ) -> Result<(), PipelineError> {
        self.rows.push((row, html));
        if self.rows.len() >= BATCH {
            self.flush(format)
        } else {
            Ok(())
        }
    }

    fn flush(&mut self, format: ExportFormat) -> Result<(), PipelineError> {
        let batch = format.batch(&std::mem::take(&mut self.rows))?;
        self.writer.write(&batch).map_err(internal)
    }

    fn close(mut self, format: ExportFormat) -> Result<(), PipelineError> {
        self.flush(format)?;
        let file = self.writer.into_inner().map_err(internal)?;
        file.sync_all()
            .map_err(|source| io(&self.temporary, source))?;
        fs::rename(&self.temporary, &self.path).map_err(|source| io(&self.path, source))
    }
}

fn io(path: &Path, source: std::io::Error) -> PipelineError {
    PipelineError::Io {
        path: path.to_owned(),
        source,
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function in map_err"
)]
fn internal(error: parquet::errors::ParquetError) -> PipelineError {
    PipelineError::Internal(error.to_string())
}

/// The last few captured pages, as lists of row HTML: rows of a partition come from few pages.
#[derive(Default)]
struct PageCache(VecDeque<(CaptureId, Vec<String>)>);

const CACHED_PAGES: usize = 32;

impl PageCache {
    /// The row as the portal served it, read back from the capture.
    fn row_html(&mut self, lake: &Lake, row: &PublishedJudgment) -> Result<String, PipelineError> {
        let place = row.capture_row as usize;
        if let Some((_, rows)) = self.0.iter().find(|(id, _)| *id == row.capture_id) {
            return Ok(rows.get(place).cloned().unwrap_or_default());
        }
        let body = lake.captures().read(&row.capture_id)?.unwrap_or_default();
        let rows: Vec<String> = match judgments::search_page(&body) {
            Reply::Good(page) => page.rows.into_iter().map(|raw| raw.html).collect(),
            Reply::Refused(_) => Vec::new(),
        };
        let html = rows.get(place).cloned().unwrap_or_default();
        if self.0.len() >= CACHED_PAGES {
            self.0.pop_front();
        }
        self.0.push_back((row.capture_id.clone(), rows));
        Ok(html)
    }
}
