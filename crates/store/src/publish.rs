//! Publication: the derived layers as a pure function of the ledger.

mod batch;
mod case_rows;
mod cases;
mod cells;
mod changes;
mod citation_rows;
mod columns;
mod finish;
mod graph_rows;
mod judgments;
mod manifest;
mod ocr_files;
mod output;
mod part;
mod read;
mod revisions;
mod strip;
mod structure_rows;
mod text;
mod text_files;

use jiff::civil::Date;
use nirnay_model::{BenchCode, Cnr, CourtCode, Judgment, PageText, RowKey, Sha256, SourceId};

pub use citation_rows::{CitationLink, CitationRow, Resolution, Target};
pub use graph_rows::{CiteRow, DanglingRow, DegreeRow};
pub use ocr_files::OcrPages;
pub use part::{LayerInput, LayerRow, PartReport, PartRows, PartWriter, ReadRow};
pub use read::{JudgmentFilter, PublishedJudgments};
pub use structure_rows::{OcrRow, StructureRow, StructureValue};
pub use text_files::TextRows;

use crate::ledger::Partition;

pub(crate) use batch::{finish_interrupted, sweep_strays};
pub(crate) use cases::publish as publish_cases;
pub(crate) use finish::{
    hide as hide_in_layer, parts as finish_parts, shard_layer as finish_layer,
};
pub(crate) use judgments::{publish as publish_judgments, rows_hash, shards};
pub(crate) use manifest::{is_current as manifest_is_current, write as write_manifest};
pub(crate) use output::{check_rows, format, rows_in as text_rows_in};
pub(crate) use revisions::publish as publish_revisions;
pub(crate) use strip::holds as holds_rows;
pub(crate) use text::{
    facts_in as text_facts_in, jobs as text_jobs, publish as publish_text, rows as text_rows,
};

/// The most rows in one `judgments/` part, and so in one shard.
pub const MAX_PART_ROWS: u64 = 50_000;

/// One output file of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishEvent {
    /// The file, below the lake.
    pub path: String,
    /// Its rows.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it was written; otherwise it was up to date.
    pub written: bool,
    /// Parts done so far, this one included.
    pub done: u64,
    /// Parts in all.
    pub total: u64,
}

/// What a publication did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct PublishReport {
    /// Files written.
    pub files_written: u64,
    /// Files that were up to date.
    pub files_unchanged: u64,
    /// Files that wait, as they were, for an alarm about the layout of their source to be settled; parts that
    /// were never written count too.
    pub files_held: u64,
    /// Files of parts that no longer exist, removed.
    pub files_removed: u64,
    /// Rows of the layer.
    pub rows: u64,
    /// Bytes of the layer.
    pub bytes: u64,
}

impl PublishReport {
    fn count(&mut self, artifact: &crate::Artifact, written: bool) {
        if written {
            self.files_written += 1;
        } else {
            self.files_unchanged += 1;
        }
        self.rows += artifact.rows;
        self.bytes += artifact.bytes;
    }

    fn count_held(&mut self, artifact: Option<&crate::Artifact>) {
        self.files_held += 1;
        self.rows += artifact.map_or(0, |artifact| artifact.rows);
        self.bytes += artifact.map_or(0, |artifact| artifact.bytes);
    }
}

/// One unit of batch work: a part of a partition, at most [`MAX_PART_ROWS`] rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard {
    /// Year of decision; 0 where rows have none.
    pub year: i16,
    /// The court.
    pub court: CourtCode,
    /// The bench.
    pub bench: BenchCode,
    /// The part, from 0.
    pub part: u32,
    /// Its rows.
    pub rows: u64,
}

impl Shard {
    pub(crate) fn partition(&self) -> Partition {
        Partition {
            year: self.year,
            court: self.court.clone(),
            bench: self.bench.clone(),
        }
    }

    /// Whether rows of `source` lie in such a partition: courts and benches are told apart by their source.
    pub fn may_hold(&self, source: SourceId) -> bool {
        may_hold(&self.court, &self.bench, source)
    }

    /// The first row of the shard within its partition.
    fn offset(&self) -> u64 {
        u64::from(self.part) * MAX_PART_ROWS
    }
}

/// Whether rows of `source` lie in a partition of this court and bench.
pub(crate) fn may_hold(court: &CourtCode, bench: &BenchCode, source: SourceId) -> bool {
    let supreme = *court == CourtCode::sci();
    let feed = bench.as_str() == "feed";
    match source {
        SourceId::EcourtsHc => !supreme,
        SourceId::SciFeed => supreme && feed,
        SourceId::EcourtsScr | SourceId::Scr => supreme && !feed,
    }
}

/// Whether rows of `source` lie in the published file at `path`, below the lake.
fn lies_in(path: &str, source: SourceId) -> bool {
    let part = |name: &str| {
        path.split('/')
            .find_map(|folder| folder.strip_prefix(name)?.strip_prefix('='))
    };
    let place =
        part("court").and_then(|court| Some((court.parse().ok()?, part("bench")?.parse().ok()?)));
    place.is_some_and(|(court, bench)| may_hold(&court, &bench, source))
}

/// The path of a part of a layer, below the lake.
pub(crate) fn part_path(layer: crate::Layer, folder: &str, part: u32) -> String {
    format!("{}/{folder}/part-{part:04}.parquet", layer.name())
}

/// A stored document whose text is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct TextJob {
    /// The row.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// Its decision date.
    pub decision_date: Option<Date>,
    /// The document.
    pub sha256: Sha256,
    /// The row's values.
    pub judgment: Judgment,
    /// The extractor that made its text, or failed to; empty where a version without a name did; `None` if
    /// there is no text yet.
    pub made_by: Option<String>,
}

/// What the publication of a text shard did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextReport {
    /// Documents of the shard that are stored.
    pub documents: u64,
    /// Documents without text so far: not extracted yet.
    pub missing: u64,
    /// Documents whose extraction failed.
    pub failed: u64,
    /// Rows (pages) in the file.
    pub pages: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Whether it was written; otherwise it was up to date.
    pub written: bool,
}

/// A page of published text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRow {
    /// The row.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// Its decision date.
    pub decision_date: Option<Date>,
    /// The document.
    pub sha256: Sha256,
    /// The page.
    pub page: PageText,
    /// The engine and its version.
    pub engine: String,
    /// What signature fields and annotations of the page say, a JSON object each.
    pub notes: Vec<String>,
    /// The version of the extraction as a whole; empty where a version without it made the text.
    pub extractor: String,
}
