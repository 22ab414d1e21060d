//! The index stage: published judgments and texts into the full-text index.

use std::collections::HashSet;
use std::path::PathBuf;

use nirnay_index::{Facts, IndexDocument, IndexError, IndexWriter, set_aside};
use nirnay_model::{BenchCode, CourtCode, DocumentState, PublishedJudgment, Sha256};
use nirnay_store::{Derived, Imports, JudgmentFilter, Lake, Shard};
use serde::Serialize;

use crate::changed::Changed;
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::facts_of::FactsOf;
use crate::index_imports::{hidden_imports, index_imports, is_imported};
use crate::index_inputs::Inputs;

/// Memory the index writer may use before it writes a segment.
const WRITER_MEMORY: usize = 256 << 20;
/// Documents added between two commits: their keys are kept in memory until then.
const COMMIT_EVERY: u64 = 50_000;
/// The watermark of an index that is still being made.
const UNFINISHED: &str = "unfinished";

/// What the index stage did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IndexReport {
    /// Judgments in the index.
    pub documents: u64,
    /// Those of them that were imported from files.
    pub imported: u64,
    /// Judgments added or changed in this call.
    pub changed: u64,
    /// Judgments taken out because the lake no longer holds them.
    pub removed: u64,
    /// The index that could not be used, if there was one.
    pub set_aside: Option<SetAside>,
}

/// An index that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Where it lies now.
    pub path: PathBuf,
    /// What was wrong with it.
    pub why: String,
}

/// True when the bug that notes the index as made before it is durable is switched on (test builds only).
fn planted_index_marked_before_commit() -> bool {
    fail::fail_point!("plant-index-marked-before-commit", |_| true);
    false
}

/// Brings the index up to the lake: partitions in which nothing changed since they were indexed are not
/// read. The index is a cache: one that cannot be opened, or is not the one that the ledger speaks of, is
/// built anew.
pub fn build_index(lake: &Lake, observer: &dyn Observer) -> Result<IndexReport, PipelineError> {
    let mut report = IndexReport::default();
    let mut writer = open(lake, &mut report)?;
    let shards = lake.shards()?;
    report.documents = shards.iter().map(|shard| shard.rows).sum();
    let planted = planted_index_marked_before_commit();
    let known = writer.watermark().filter(|mark| mark != UNFINISHED);
    let whole = known.is_none() || (lake.ledger().index_mark()? != known && !planted);
    if whole {
        lake.ledger().layer_lost(Derived::Index)?;
    }
    let changed = Changed::of(lake, Derived::Index)?;
    let before = if whole {
        Inputs::default()
    } else {
        Inputs::read(lake)?
    };
    let mut inputs = Inputs::of(lake, &shards)?;
    let due = due(lake, shards, &changed, (&before, &mut inputs))?;
    observer.observe(&Event::StageStarted {
        stage: Stage::Index,
        total: Some(due.iter().map(|shard| shard.rows).sum()),
    });
    let mark = watermark(lake)?;
    if planted {
        lake.ledger().index_made(&mark, &changed.versions)?;
    }
    let mut done = 0;
    for partition in due.chunk_by(same_partition) {
        index_partition(lake, &mut writer, partition, &mut report, &mut |rows| {
            done += rows;
            observer.observe(&Event::StageProgress {
                stage: Stage::Index,
                done,
            });
        })?;
    }
    let mut pending = 0;
    remove_hidden(lake, &mut writer, &mut report)?;
    if whole {
        remove_stale(lake, &mut writer, &mut report)?;
    }
    let imported = index_imports(lake, &mut writer, whole, &mut |writer, added| {
        pending += added;
        if pending >= COMMIT_EVERY {
            writer.commit(UNFINISHED)?;
            pending = 0;
        }
        Ok(())
    })?;
    report.changed += imported.changed;
    report.documents += imported.texts;
    report.imported = imported.texts;
    let made = if report.changed > 0 || report.removed > 0 || known.is_none() {
        writer.commit(&mark)?;
        Some(mark)
    } else {
        known
    };
    imported.note(lake)?;
    if inputs != before {
        inputs.write(lake)?;
    }
    let is_news = whole || !changed.versions.is_empty() || report.changed > 0 || report.removed > 0;
    if let Some(mark) = made.filter(|_| is_news) {
        lake.ledger().index_made(&mark, &changed.versions)?;
    }
    observer.observe(&Event::StageFinished {
        stage: Stage::Index,
    });
    Ok(report)
}

/// The shards of the partitions that changed, and of those whose layers were made anew. What of a held source was
/// indexed before is noted in `now`.
fn due(
    lake: &Lake,
    shards: Vec<Shard>,
    changed: &Changed,
    (before, now): (&Inputs, &mut Inputs),
) -> Result<Vec<Shard>, PipelineError> {
    let held = lake.ledger().held_sources()?;
    let mut others = HashSet::new();
    for shard in &shards {
        if held.iter().any(|source| shard.may_hold(*source)) {
            now.keep(before, shard);
        } else if before.differ(now, shard) {
            others.insert(place(shard));
        }
    }
    let is_due = |shard: &Shard| changed.holds(shard) || others.contains(&place(shard));
    Ok(shards.into_iter().filter(is_due).collect())
}

fn place(shard: &Shard) -> (i16, CourtCode, BenchCode) {
    (shard.year, shard.court.clone(), shard.bench.clone())
}

fn open(lake: &Lake, report: &mut IndexReport) -> Result<IndexWriter, PipelineError> {
    let dir = lake.dir().join("index");
    match IndexWriter::open(&dir, WRITER_MEMORY) {
        Err(IndexError::Unusable { why, .. }) => {
            let path = set_aside(&dir)?;
            report.set_aside = Some(SetAside { path, why });
            Ok(IndexWriter::open(&dir, WRITER_MEMORY)?)
        }
        other => Ok(other?),
    }
}

/// Indexes what changed in one partition.
fn index_partition(
    lake: &Lake,
    writer: &mut IndexWriter,
    partition: &[Shard],
    report: &mut IndexReport,
    tick: &mut dyn FnMut(u64),
) -> Result<(), PipelineError> {
    let mut facts = FactsOf::new(lake, partition);
    let mut waiting = 0;
    let mut pending = 0;
    for row in lake.published_judgments(filter_of(partition))? {
        let row = row?;
        let key = row.judgment.key();
        let document = index_document(key.as_str(), row, facts.of(&key)?);
        if writer.upsert(document)? {
            report.changed += 1;
            pending += 1;
        }
        waiting += 1;
        if waiting == 64 {
            tick(waiting);
            waiting = 0;
        }
        if pending == COMMIT_EVERY {
            // What is pending is kept in memory until a commit. A process that dies after this one finds
            // an index that the ledger does not speak of, and goes through all rows again.
            writer.commit(UNFINISHED)?;
            pending = 0;
        }
    }
    tick(waiting);
    Ok(())
}

/// Takes out of the index what is to be shown to nobody.
fn remove_hidden(
    lake: &Lake,
    writer: &mut IndexWriter,
    report: &mut IndexReport,
) -> Result<(), PipelineError> {
    let mut hidden = lake.ledger().removed_rows()?;
    hidden.extend(hidden_imports(lake)?);
    for key in hidden {
        if writer.versions().get(&key)?.is_some() {
            writer.delete(&key)?;
            report.removed += 1;
        }
    }
    Ok(())
}

/// Takes what is to be shown to nobody out of the index, if there is one, and leaves the rest as it is.
pub(crate) fn hide_in_index(lake: &Lake) -> Result<(), PipelineError> {
    let is_there = lake.dir().join("index").is_dir();
    if !is_there || lake.ledger().removals_in_force()? == 0 {
        return Ok(());
    }
    let mut report = IndexReport::default();
    let mut writer = open(lake, &mut report)?;
    remove_hidden(lake, &mut writer, &mut report)?;
    if report.removed > 0 {
        let mark = writer.watermark();
        writer.commit(mark.as_deref().unwrap_or(UNFINISHED))?;
    }
    Ok(())
}

/// Takes out of the index what the lake no longer holds.
fn remove_stale(
    lake: &Lake,
    writer: &mut IndexWriter,
    report: &mut IndexReport,
) -> Result<(), PipelineError> {
    let mut stale = Vec::new();
    let mut failed = None;
    let imports = lake.imports()?;
    writer
        .versions()
        .for_each(|key, _| match held(lake, imports.as_ref(), key) {
            Ok(true) => {}
            Ok(false) => stale.push(key.to_owned()),
            Err(error) => failed = Some(error),
        })?;
    if let Some(error) = failed {
        return Err(error);
    }
    for key in &stale {
        writer.delete(key)?;
        report.removed += 1;
    }
    Ok(())
}

/// Whether the lake holds what the index knows by this key.
pub(crate) fn held(
    lake: &Lake,
    imports: Option<&Imports>,
    key: &str,
) -> Result<bool, PipelineError> {
    Ok(lake.ledger().has_row(key)? || is_imported(imports, key)?)
}

/// What the index was built from: the hash of the manifest of published files.
fn watermark(lake: &Lake) -> Result<String, PipelineError> {
    let path = lake.dir().join("manifest.json");
    let bytes = match std::fs::read(&path) {
        // A crawl whose every page was refused has published nothing.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        read => read.map_err(|source| PipelineError::Io { path, source })?,
    };
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

fn index_document(
    key: &str,
    row: PublishedJudgment,
    (pages, facts): (Vec<(u32, String)>, Facts),
) -> IndexDocument {
    let sha256 = match &row.document {
        DocumentState::Stored(found) => Some(found.sha256),
        DocumentState::Pending | DocumentState::Missing { .. } => None,
    };
    let said = format!("{facts:?}");
    let mut parts: Vec<&[u8]> = vec![row.row_hash.as_bytes(), said.as_bytes()];
    if let Some(sha256) = &sha256 {
        parts.push(sha256.as_bytes());
    }
    parts.extend(pages.iter().map(|(_, text)| text.as_bytes()));
    IndexDocument {
        key: key.to_owned(),
        version: Sha256::of_parts(parts).to_hex(),
        judgment: row.judgment,
        sha256,
        facts: Facts {
            first_seen: Some(row.first_seen),
            ..facts
        },
        pages,
    }
}
