//! What must be true of a lake after a failure: before anybody mends it, after it is opened, and after the
//! story was told to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use nirnay_model::{DocumentState, Sha256};
use nirnay_store::{
    AuditFilter, Files, JudgmentFilter, Lake, OpenMode, OsFiles, Severity, VerifyLevel,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::model::Disk;
use super::story::{self, HOST, HOSTS, JUDGMENTS, LAKE, copies, parse_count, tell};
use crate::{Snapshot, snapshot};

/// What the story leads to when nothing happens to it.
#[derive(Debug)]
pub(crate) struct Golden {
    layers: Snapshot,
    /// Documents that a row lists; an older document of a row has nobody to ask for it again.
    listed: BTreeMap<String, Sha256>,
    manifest: Vec<u8>,
}

impl Golden {
    /// The end of the story in `place`; fails if it is not the one that the rows ask for.
    pub(crate) fn of(place: &Path) -> Result<Self, String> {
        let dir = place.join(LAKE);
        let lake = open(&dir, OpenMode::ReadOnly)?;
        let rows: Vec<_> = lake
            .published_judgments(JudgmentFilter::default())
            .and_then(Iterator::collect)
            .map_err(|error| error.to_string())?;
        if rows.len() as u64 != JUDGMENTS {
            return Err(format!("the lake holds {} rows of {JUDGMENTS}", rows.len()));
        }
        let hashes: BTreeSet<Sha256> = rows
            .iter()
            .filter_map(|row| match &row.document {
                DocumentState::Stored(facts) => Some(facts.sha256),
                _ => None,
            })
            .collect();
        let layers = snapshot(&dir);
        let golden = Self {
            listed: layers
                .documents
                .iter()
                .filter(|(_, hash)| hashes.contains(hash))
                .map(|(name, hash)| (name.clone(), *hash))
                .collect(),
            manifest: std::fs::read(dir.join("manifest.json")).unwrap_or_default(),
            layers,
        };
        sound(&lake)?;
        complete(&lake)?;
        Ok(golden)
    }
}

fn open(dir: &Path, mode: OpenMode) -> Result<Lake, String> {
    Lake::open(dir, mode).map_err(|error| format!("the lake does not open: {error}"))
}

/// Nothing that the lake's own verifier calls an error. Documents whose row was not written yet are none.
fn sound(lake: &Lake) -> Result<(), String> {
    let findings = lake
        .verify(VerifyLevel::Full)
        .map_err(|error| format!("verify fails: {error}"))?;
    let bad: Vec<_> = findings
        .iter()
        .filter(|finding| {
            finding.severity == Severity::Error || finding.what != "nothing refers to this file"
        })
        .collect();
    if bad.is_empty() {
        Ok(())
    } else {
        Err(format!("verify finds {bad:#?}"))
    }
}

fn complete(lake: &Lake) -> Result<(), String> {
    let audit = lake
        .ledger()
        .audit(&AuditFilter::default(), jiff::Timestamp::now())
        .map_err(|error| error.to_string())?;
    if audit.is_complete() {
        Ok(())
    } else {
        Err(format!("the audit finds holes: {:?}", audit.holes))
    }
}

/// What readers find who look before the lake is opened: whole files under every name, and everything that
/// was promised outside of the ledger.
pub(crate) fn as_it_lies(place: &Path, disk: &Disk) -> Result<(), String> {
    let dir = place.join(LAKE);
    if disk.committed && !dir.join("ledger.sqlite").is_file() {
        return Err("I7: the lake is gone".to_owned());
    }
    for (name, hash) in snapshot(&dir).documents {
        if !name.ends_with(&format!("{hash}.pdf")) {
            return Err(format!("I4: {name} has other bytes than its name says"));
        }
    }
    for name in snapshot(&dir).tables.keys() {
        readable(&dir.join(name))
            .map_err(|error| format!("I5: {name} is not readable: {error}"))?;
    }
    manifest(&dir, disk)?;
    let state = std::fs::read(place.join(HOSTS).join(format!("h-{HOST}.state")));
    let counted = state.map_or(0, |state| parse_count(&state));
    if counted < disk.requests {
        return Err(format!(
            "I7: {} requests were counted, {counted} are",
            disk.requests
        ));
    }
    let found = copies(&dir);
    if found < disk.copies {
        return Err(format!(
            "I7: {} copies of the ledger, {found} left",
            disk.copies
        ));
    }
    Ok(())
}

fn manifest(dir: &Path, disk: &Disk) -> Result<(), String> {
    match std::fs::read(dir.join("manifest.json")) {
        Err(_) if disk.published.is_none() => Ok(()),
        Err(error) => Err(format!("I5: the manifest is gone: {error}")),
        Ok(bytes) => {
            serde_json::from_slice::<serde_json::Value>(&bytes)
                .map_err(|error| format!("I5: the manifest is torn: {error}"))?;
            let turn = |hash: &Sha256| disk.manifests.iter().rposition(|known| known == hash);
            let promised = disk.published.as_ref().and_then(turn);
            if turn(&Sha256::of(&bytes)) < promised {
                return Err("I5: the manifest is an older one than was published".to_owned());
            }
            Ok(())
        }
    }
}

/// Reads a table to its end.
fn readable(path: &Path) -> Result<u64, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| error.to_string())?;
    let mut rows = 0;
    for batch in reader {
        rows += batch.map_err(|error| error.to_string())?.num_rows() as u64;
    }
    Ok(rows)
}

/// Opens the lake, which mends what can be mended, and finds nothing wrong.
pub(crate) fn opened(place: &Path) -> Result<(), String> {
    let lake = open(&place.join(LAKE), OpenMode::ReadWrite)?;
    sound(&lake)
}

/// Tells the rest of the story: it ends as if nothing had happened.
pub(crate) fn resumed(place: &Path, golden: &Golden) -> Result<(), String> {
    let files: Arc<dyn Files> = Arc::new(OsFiles);
    tell(&files, place, &mut |_| {})
        .map_err(|error| format!("the story does not go on: {error}"))?;
    ended(place, golden)
}

/// As [`resumed`], for a lake whose captures or ledger were damaged: the tables and documents are those of
/// the undisturbed crawl, whatever of the past could not be mended.
pub(crate) fn resumed_tables(place: &Path, golden: &Golden) -> Result<(), String> {
    let files: Arc<dyn Files> = Arc::new(OsFiles);
    tell(&files, place, &mut |_| {})
        .and_then(|()| story::derive_again(place))
        .map_err(|error| format!("the story does not go on: {error}"))?;
    let mut layers = snapshot(&place.join(LAKE));
    differ("tables", &layers.tables, &golden.layers.tables)?;
    layers
        .documents
        .retain(|name, _| golden.listed.contains_key(name));
    differ("documents", &layers.documents, &golden.listed)
}

/// Whether a story that was told to its end ended as it should.
pub(crate) fn ended(place: &Path, golden: &Golden) -> Result<(), String> {
    let dir = place.join(LAKE);
    let layers = snapshot(&dir);
    differ("tables", &layers.tables, &golden.layers.tables)?;
    differ("documents", &layers.documents, &golden.layers.documents)?;
    if std::fs::read(dir.join("manifest.json")).unwrap_or_default() != golden.manifest {
        return Err("another manifest in the end".to_owned());
    }
    let lake = open(&dir, OpenMode::ReadOnly)?;
    sound(&lake)?;
    complete(&lake)?;
    let unfinished = std::fs::read_dir(dir.join(".tmp")).map_or(0, Iterator::count);
    if unfinished > 0 {
        return Err(format!("{unfinished} unfinished files are left"));
    }
    Ok(())
}

fn differ(
    what: &str,
    found: &BTreeMap<String, Sha256>,
    wanted: &BTreeMap<String, Sha256>,
) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    let other: Vec<_> = wanted
        .iter()
        .filter(|(name, hash)| found.get(*name) != Some(hash))
        .map(|(name, _)| name)
        .chain(found.keys().filter(|name| !wanted.contains_key(*name)))
        .collect();
    Err(format!("other {what} in the end: {other:?}"))
}

/// Tells the whole story in an empty place; returns its end.
pub(crate) fn golden(place: &Path) -> Result<Golden, String> {
    let files: Arc<dyn Files> = Arc::new(OsFiles);
    story::tell(&files, place, &mut |_| {}).map_err(|error| error.to_string())?;
    Golden::of(place)
}
