//! The index stage: published judgments and texts into the full-text index.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use nirnay_index::{IndexDocument, IndexError, IndexWriter, set_aside};
use nirnay_model::{DocumentState, PublishedJudgment, Sha256};
use nirnay_store::{JudgmentFilter, Lake, Shard, TextRow, TextRows};
use serde::Serialize;

use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};

/// Memory the index writer may use before it writes a segment.
const WRITER_MEMORY: usize = 128 << 20;

/// What the index stage did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IndexReport {
    /// Judgments in the index.
    pub documents: u64,
    /// Judgments added or changed in this call.
    pub changed: u64,
    /// Judgments taken out because the lake no longer holds them.
    pub removed: u64,
    /// Where a damaged index was set aside, if one was.
    pub set_aside: Option<PathBuf>,
}

/// Brings the index up to the lake. The index is a cache: one that cannot be opened is set aside and
/// built anew.
pub fn build_index(lake: &Lake, observer: &dyn Observer) -> Result<IndexReport, PipelineError> {
    let dir = lake.dir().join("index");
    let mut report = IndexReport::default();
    let mut writer = match IndexWriter::open(&dir, WRITER_MEMORY) {
        Ok(writer) => writer,
        Err(IndexError::Unusable { .. }) => {
            report.set_aside = Some(set_aside(&dir)?);
            IndexWriter::open(&dir, WRITER_MEMORY)?
        }
        Err(error) => return Err(error.into()),
    };
    let shards = lake.shards()?;
    observer.observe(&Event::StageStarted {
        stage: Stage::Index,
        total: Some(shards.iter().map(|shard| shard.rows).sum()),
    });
    let mut seen = HashSet::new();
    let mut done = 0;
    for partition in shards.chunk_by(same_partition) {
        let mut texts = Texts::new(lake, partition);
        for row in lake.published_judgments(filter_of(partition))? {
            let row = row?;
            let key = row.judgment.key();
            let pages = texts.of(key.as_str())?;
            let document = index_document(key.as_str(), row, pages);
            seen.insert(fingerprint(key.as_str()));
            report.changed += u64::from(writer.upsert(document)?);
            report.documents += 1;
            done += 1;
            if done % 64 == 0 {
                observer.observe(&Event::StageProgress {
                    stage: Stage::Index,
                    done,
                });
            }
        }
    }
    let mut stale = Vec::new();
    writer.versions().for_each(|key, _| {
        if !seen.contains(&fingerprint(key)) {
            stale.push(key.to_owned());
        }
    })?;
    for key in &stale {
        writer.delete(key)?;
        report.removed += 1;
    }
    if report.changed > 0 || report.removed > 0 || writer.watermark().is_none() {
        writer.commit(&watermark(lake)?)?;
    }
    observer.observe(&Event::StageFinished {
        stage: Stage::Index,
    });
    Ok(report)
}

/// Eight bytes a key, so that the keys of millions of judgments fit in memory. A collision would only
/// leave a stale entry in the index.
fn fingerprint(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// What the index was built from: the hash of the manifest of published files.
fn watermark(lake: &Lake) -> Result<String, PipelineError> {
    let path = lake.dir().join("manifest.json");
    let bytes = std::fs::read(&path).map_err(|source| PipelineError::Io { path, source })?;
    Ok(Sha256::of(&bytes).to_hex())
}

fn same_partition(left: &Shard, right: &Shard) -> bool {
    (left.year, &left.court, &left.bench) == (right.year, &right.court, &right.bench)
}

fn filter_of(partition: &[Shard]) -> JudgmentFilter {
    partition
        .first()
        .map_or_else(JudgmentFilter::default, |shard| JudgmentFilter {
            court: Some(shard.court.clone()),
            bench: Some(shard.bench.clone()),
            year: Some(shard.year),
            ..JudgmentFilter::default()
        })
}

/// The page texts of a partition, read in step with its judgments: both lie in the same order, so only
/// one document's pages are in memory.
struct Texts<'a> {
    lake: &'a Lake,
    shards: std::slice::Iter<'a, Shard>,
    rows: Option<TextRows>,
    next: Option<TextRow>,
}

impl<'a> Texts<'a> {
    fn new(lake: &'a Lake, partition: &'a [Shard]) -> Self {
        Self {
            lake,
            shards: partition.iter(),
            rows: None,
            next: None,
        }
    }

    /// The pages of the row with this key, if it has any.
    fn of(&mut self, key: &str) -> Result<Vec<(u32, String)>, PipelineError> {
        let mut pages = Vec::new();
        loop {
            if self.next.is_none() {
                self.next = self.advance()?;
            }
            match self.next.take_if(|row| row.row_key.as_str() == key) {
                Some(row) => pages.push((row.page.page, row.page.text)),
                None => return Ok(pages),
            }
        }
    }

    fn advance(&mut self) -> Result<Option<TextRow>, PipelineError> {
        loop {
            if let Some(rows) = &mut self.rows
                && let Some(row) = rows.next()
            {
                return Ok(Some(row?));
            }
            match self.shards.next() {
                Some(shard) => self.rows = Some(self.lake.read_text(shard)?),
                None => return Ok(None),
            }
        }
    }
}

fn index_document(key: &str, row: PublishedJudgment, pages: Vec<(u32, String)>) -> IndexDocument {
    let sha256 = match &row.document {
        DocumentState::Stored(facts) => Some(facts.sha256),
        DocumentState::Pending | DocumentState::Missing { .. } => None,
    };
    let mut parts: Vec<&[u8]> = vec![row.row_hash.as_bytes()];
    if let Some(sha256) = &sha256 {
        parts.push(sha256.as_bytes());
    }
    parts.extend(pages.iter().map(|(_, text)| text.as_bytes()));
    IndexDocument {
        key: key.to_owned(),
        version: Sha256::of_parts(parts).to_hex(),
        judgment: row.judgment,
        sha256,
        pages,
    }
}
