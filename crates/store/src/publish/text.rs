//! `text/`: one row a page.

use std::collections::{HashMap, HashSet};

use nirnay_model::Sha256;
use rusqlite::Connection;

use super::judgments::scan;
use super::output::{InputHash, Published};
use super::part::PartWriter;
use super::text_files::{TextFiles, TextRows};
use super::{Shard, TextJob, TextReport, TextRow, part_path};
use crate::disk::Disk;
use crate::document_cache::TextCache;
use crate::ledger::{ScannedRow, TextFact, judgment_of};
use crate::{Artifact, CachedText, Layer, Ledger, StoreError, TextOutcome};

fn path_of(shard: &Shard) -> String {
    part_path(Layer::Text, &shard.partition().folder(), shard.part)
}

/// The recorded files of text of the shard's partition.
fn published_of(ledger: &Ledger, shard: &Shard) -> Result<Published, StoreError> {
    let folder = format!("{}/{}", Layer::Text.name(), shard.partition().folder());
    Published::of_folder(ledger, &folder)
}

fn open_text(disk: &Disk, published: &Published) -> Result<TextFiles, StoreError> {
    let paths = published.paths().map(|path| disk.root().join(path));
    TextFiles::open(disk, paths.collect())
}

/// The stored documents of a shard, and which of them have text already.
pub(crate) fn jobs(
    disk: &Disk,
    ledger: &Ledger,
    shard: &Shard,
) -> Result<Vec<TextJob>, StoreError> {
    let connection = ledger.snapshot()?;
    let cache = TextCache::new(disk);
    let files = open_text(disk, &published_of(ledger, shard)?)?;
    let mut jobs = Vec::new();
    let mut rows = scan(shard);
    while let Some(row) = rows.next(&connection)? {
        let Some(sha256) = row.stored() else { continue };
        let judgment = judgment_of(&connection, row.id)?;
        jobs.push(TextJob {
            row_key: judgment.key(),
            cnr: judgment.cnr.clone(),
            decision_date: row.decision_date,
            sha256,
            judgment,
            made_by: match cache.get(&sha256)? {
                Some(text) => Some(text.extractor),
                None => files.made_by(&sha256).map(str::to_owned),
            },
        });
    }
    Ok(jobs)
}

pub(crate) fn rows(disk: &Disk, ledger: &Ledger, shard: &Shard) -> Result<TextRows, StoreError> {
    TextRows::of(disk, ledger, &path_of(shard))
}

/// What is known about the texts of a shard before it is written.
struct Plan {
    input: Sha256,
    facts: HashMap<Sha256, TextFact>,
    documents: HashSet<Sha256>,
    report: TextReport,
}

/// Everything a shard is published from.
struct Shelf<'a> {
    ledger: &'a Ledger,
    connection: Connection,
    cache: TextCache,
    files: TextFiles,
}

impl Shelf<'_> {
    /// The text of a document: fresh from the cache, else as published before. Where an extractor fails, what
    /// an older one made stays.
    fn text(&mut self, sha256: &Sha256) -> Result<Option<CachedText>, StoreError> {
        match self.cache.get(sha256)? {
            Some(text) if text.is_pages() || !self.files.contains(sha256) => Ok(Some(text)),
            _ => self.files.read(sha256),
        }
    }

    /// What is known of a document's text, without reading text that was published before.
    fn fact(&self, sha256: &Sha256) -> Result<Option<(TextFact, bool)>, StoreError> {
        let cached = self.cache.get(sha256)?;
        if let Some(text) = cached.filter(|text| text.is_pages() || !self.files.contains(sha256)) {
            let (pages, failed) = match &text.outcome {
                TextOutcome::Pages(pages) => (pages.len() as u32, false),
                TextOutcome::Failed(_) => (0, true),
            };
            return Ok(Some((
                TextFact {
                    digest: text.digest(),
                    pages,
                },
                failed,
            )));
        }
        if !self.files.contains(sha256) {
            return Ok(None);
        }
        // A ledger that lost its note of published text writes that text once more.
        let fact = self.ledger.text_fact(sha256)?.unwrap_or(TextFact {
            digest: *sha256,
            pages: 0,
        });
        Ok(Some((fact, false)))
    }

    fn plan(&self, shard: &Shard) -> Result<Plan, StoreError> {
        let mut hash = InputHash::new(Layer::Text);
        let mut plan = Plan {
            input: Sha256::from_bytes([0; 32]),
            facts: HashMap::new(),
            documents: HashSet::new(),
            report: TextReport::default(),
        };
        let mut rows = scan(shard);
        while let Some(row) = rows.next(&self.connection)? {
            let Some(sha256) = row.stored() else { continue };
            plan.report.documents += 1;
            plan.documents.insert(sha256);
            match self.fact(&sha256)? {
                None => plan.report.missing += 1,
                Some((_, true)) => plan.report.failed += 1,
                Some((fact, false)) => {
                    hash.add(row.key.as_bytes());
                    hash.add(sha256.as_bytes());
                    hash.add(fact.digest.as_bytes());
                    plan.report.pages += u64::from(fact.pages);
                    plan.facts.insert(sha256, fact);
                }
            }
        }
        plan.input = hash.finish();
        Ok(plan)
    }

    /// Puts text back into the cache that would leave with the old file at `path` although a row
    /// still needs it: rows move from one part to the next when rows are added before them.
    fn save_leaving(
        &mut self,
        path: &std::path::Path,
        staying: &HashSet<Sha256>,
    ) -> Result<(), StoreError> {
        for sha256 in self.files.documents_in(path) {
            let leaving = !staying.contains(&sha256) && !self.cache.contains(&sha256);
            if leaving
                && !self.ledger.rows_sharing_blob(&sha256)?.is_empty()
                && let Some(text) = self.files.read(&sha256)?
            {
                self.cache.put(&sha256, &text)?;
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        shard: &Shard,
        part: &mut PartWriter<'_, TextRow>,
    ) -> Result<(), StoreError> {
        let mut rows = scan(shard);
        while let Some(row) = rows.next(&self.connection)? {
            let Some(sha256) = row.stored() else { continue };
            let Some(text) = self.text(&sha256)? else {
                continue;
            };
            let TextOutcome::Pages(pages) = text.outcome else {
                continue;
            };
            let made_by = (text.engine.as_str(), text.extractor.as_str());
            let mut notes = text.notes.into_iter().peekable();
            for page in pages {
                let mut of_page = Vec::new();
                while let Some((_, note)) = notes.next_if(|(at, _)| *at <= page.page) {
                    of_page.push(note);
                }
                part.push(text_row(&row, sha256, page, of_page, made_by))?;
            }
        }
        Ok(())
    }
}

fn text_row(
    row: &ScannedRow,
    sha256: Sha256,
    page: nirnay_model::PageText,
    notes: Vec<String>,
    (engine, extractor): (&str, &str),
) -> TextRow {
    TextRow {
        row_key: nirnay_model::RowKey::from_stored(row.key.clone()),
        cnr: row.cnr.parse().ok(),
        decision_date: row.decision_date,
        sha256,
        page,
        engine: engine.to_owned(),
        notes,
        extractor: extractor.to_owned(),
    }
}

pub(crate) fn publish(
    disk: &Disk,
    ledger: &Ledger,
    shard: &Shard,
) -> Result<TextReport, StoreError> {
    let path = path_of(shard);
    let target = disk.root().join(&path);
    let published = published_of(ledger, shard)?;
    let files = open_text(disk, &published)?;
    let mut shelf = Shelf {
        ledger,
        connection: ledger.snapshot()?,
        cache: TextCache::new(disk),
        files,
    };
    let Plan {
        input,
        facts,
        documents,
        mut report,
    } = shelf.plan(shard)?;
    if let Some(artifact) = published.current(disk, &path, &input) {
        report.bytes = artifact.bytes;
    } else {
        shelf.save_leaving(&target, &documents)?;
        let mut part = PartWriter::new(disk, ledger, path, input);
        shelf.write(shard, &mut part)?;
        let made = part.finish_as(|artifact| ledger.record_text(artifact, &facts))?;
        report.bytes = made.bytes;
        report.written = made.rows > 0;
    }
    forget_cached(&shelf, shard, &facts)?;
    Ok(report)
}

/// Removes cached text that can be read from the published files from now on: text that has pages
/// and whose rows all lie in this partition.
fn forget_cached(
    shelf: &Shelf<'_>,
    shard: &Shard,
    facts: &HashMap<Sha256, TextFact>,
) -> Result<(), StoreError> {
    let partition = shard.partition();
    for (sha256, fact) in facts {
        if fact.pages > 0
            && shelf.cache.contains(sha256)
            && shelf.cache.get(sha256)?.is_none_or(|text| text.is_pages())
            && shelf.ledger.blob_lies_in(sha256, &partition)?
        {
            shelf.cache.remove(sha256)?;
        }
    }
    Ok(())
}

/// What a published file of text says about the documents in it.
pub(crate) fn facts_in(
    disk: &Disk,
    artifact: &Artifact,
) -> Result<HashMap<Sha256, TextFact>, StoreError> {
    let path = disk.root().join(&artifact.path);
    let mut files = TextFiles::open(disk, vec![path.clone()])?;
    let mut facts = HashMap::new();
    for sha256 in files.documents_in(&path) {
        if let Some(text) = files.read(&sha256)? {
            let pages = match &text.outcome {
                TextOutcome::Pages(pages) => pages.len() as u32,
                TextOutcome::Failed(_) => 0,
            };
            let digest = text.digest();
            facts.insert(sha256, TextFact { digest, pages });
        }
    }
    Ok(facts)
}
