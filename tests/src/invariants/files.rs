//! I4, I5: files, read as another program would read them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::{Array as _, RecordBatch, StringArray};
use nirnay_model::Sha256;
use nirnay_store::Layer;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{Scene, Verdict, unreadable};
use crate::records::FileRecord;

/// A published judgment, as far as the oracle reads it.
pub(super) struct PublishedRow {
    pub(super) source: String,
    pub(super) key: String,
    pub(super) document_path: Option<String>,
}

/// I4: every file of `documents/` has the hash that is its name, and every recorded document has its file.
pub(super) fn whole(scene: &Scene<'_>) -> Verdict {
    let (blobs, judgments) = match (scene.records.blobs(), scene.records.judgments()) {
        (Ok(blobs), Ok(judgments)) => (blobs, judgments),
        (Err(error), _) | (_, Err(error)) => return unreadable(&error),
    };
    let mut broken = Vec::new();
    let mut present = BTreeSet::new();
    for path in files_below(&scene.evidence.lake.join("documents")) {
        let named: Option<Sha256> = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.parse().ok());
        let found = Sha256::of(&fs::read(&path).expect("a readable document"));
        if named == Some(found) {
            present.insert(found);
        } else {
            broken.push(format!(
                "{} holds bytes with the hash {found}",
                path.display()
            ));
        }
    }
    for hash in blobs.difference(&present) {
        broken.push(format!("the recorded document {hash} has no whole file"));
    }
    for row in judgments {
        if let Some(hash) = row.document.filter(|hash| !blobs.contains(hash)) {
            broken.push(format!("{}: its document {hash} is not recorded", row.key));
        }
    }
    Verdict::of(broken)
}

/// I5: the manifest names what the ledger published; each file is there with its bytes, hash and rows; no
/// other lies beside it; together the judgment files hold the ledger's judgments, each once (of a source that is held: at most once).
pub(super) fn one_manifest(scene: &Scene<'_>) -> Verdict {
    let lake = scene.evidence.lake;
    let (recorded, judgments) = match (scene.records.artifacts(), scene.records.judgments()) {
        (Ok(recorded), Ok(judgments)) => (recorded, judgments),
        (Err(error), _) | (_, Err(error)) => return unreadable(&error),
    };
    if recorded.is_empty() && !lake.join("manifest.json").exists() {
        return Verdict::Unseen;
    }
    let manifest = match manifest(lake) {
        Ok(manifest) => manifest,
        Err(why) => return Verdict::Broken(vec![why]),
    };
    let mut broken: Vec<String> = recorded
        .symmetric_difference(&manifest)
        .map(|file| format!("{} is not the same in manifest and ledger", file.path))
        .collect();
    for file in &manifest {
        if let Err(why) = is_as_recorded(lake, file) {
            broken.push(format!("{}: {why}", file.path));
        }
    }
    let named: BTreeSet<PathBuf> = manifest.iter().map(|file| lake.join(&file.path)).collect();
    for layer in Layer::ALL {
        for path in files_below(&lake.join(layer.name())) {
            if path.extension().is_some_and(|ending| ending == "parquet") && !named.contains(&path)
            {
                broken.push(format!("{} is in no manifest", path.display()));
            }
        }
    }
    match published(lake) {
        Err(why) => broken.push(why),
        Ok(rows) => {
            let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
            for row in &rows {
                *counts.entry(&row.key).or_default() += 1;
            }
            for row in &judgments {
                *counts.entry(&row.key).or_default() -= 1;
            }
            let held = match scene.records.held_sources() {
                Ok(held) => held,
                Err(error) => return unreadable(&error),
            };
            let waits = |key: &str| {
                let source = key.split('/').next().unwrap_or_default();
                held.contains(source)
            };
            // Tables of a source that is held may lack rows; no row stands there twice or without a record.
            let differs = |(key, count): &(&&str, &i64)| **count > 0 || **count < 0 && !waits(key);
            for (key, count) in counts.iter().filter(differs) {
                broken.push(format!(
                    "{key} stands {count:+} times in the tables against the ledger"
                ));
            }
        }
    }
    Verdict::of(broken)
}

fn is_as_recorded(lake: &Path, file: &FileRecord) -> Result<(), String> {
    let path = lake.join(&file.path);
    let bytes = fs::read(&path).map_err(|error| error.to_string())?;
    if bytes.len() as u64 != file.bytes || Sha256::of(&bytes) != file.sha256 {
        return Err("other bytes than recorded".to_owned());
    }
    let rows = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).map_err(said)?)
        .map_err(said)?
        .metadata()
        .file_metadata()
        .num_rows();
    if rows as u64 != file.rows {
        return Err(format!("{rows} rows, {} recorded", file.rows));
    }
    Ok(())
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The files that `manifest.json` names.
fn manifest(lake: &Path) -> Result<BTreeSet<FileRecord>, String> {
    let bytes =
        fs::read(lake.join("manifest.json")).map_err(|error| format!("manifest.json: {error}"))?;
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| format!("manifest.json: {error}"))?;
    value["files"]
        .as_array()
        .ok_or("manifest.json names no files")?
        .iter()
        .map(|file| {
            let record = FileRecord {
                path: file["path"].as_str().unwrap_or_default().to_owned(),
                sha256: file["sha256"]
                    .as_str()
                    .and_then(|text| text.parse().ok())
                    .ok_or_else(|| format!("manifest.json: no hash in {file}"))?,
                rows: file["rows"].as_u64().unwrap_or(u64::MAX),
                bytes: file["bytes"].as_u64().unwrap_or(u64::MAX),
            };
            Ok(record)
        })
        .collect()
}

/// The rows of the judgment files that the manifest names; none before the first publication.
pub(super) fn published(lake: &Path) -> Result<Vec<PublishedRow>, String> {
    if !lake.join("manifest.json").exists() {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    for file in manifest(lake)?
        .iter()
        .filter(|file| file.path.starts_with("judgments/"))
    {
        read_rows(&lake.join(&file.path), &mut rows)
            .map_err(|why| format!("{}: {why}", file.path))?;
    }
    Ok(rows)
}

fn read_rows(path: &Path, rows: &mut Vec<PublishedRow>) -> Result<(), String> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).map_err(said)?).map_err(said)?;
    // The other columns are bytes with a recorded hash; decoding them would take most of the time.
    let columns = ["source", "row_key", "document_path"];
    let columns = ProjectionMask::columns(builder.parquet_schema(), columns);
    let reader = builder.with_projection(columns).build().map_err(said)?;
    for batch in reader {
        let batch = batch.map_err(said)?;
        let (source, key) = (strings(&batch, "source")?, strings(&batch, "row_key")?);
        let path = strings(&batch, "document_path")?;
        for place in 0..batch.num_rows() {
            rows.push(PublishedRow {
                source: source.value(place).to_owned(),
                key: key.value(place).to_owned(),
                document_path: path.is_valid(place).then(|| path.value(place).to_owned()),
            });
        }
    }
    Ok(())
}

fn strings<'a>(batch: &'a RecordBatch, column: &str) -> Result<&'a StringArray, String> {
    batch
        .column_by_name(column)
        .and_then(|array| array.as_any().downcast_ref())
        .ok_or_else(|| format!("no text column {column}"))
}

/// All files below a folder; none if it is not there.
pub(super) fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort_unstable();
    files
}
