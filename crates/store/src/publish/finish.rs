//! The end of a layer's publication: files of parts that no longer exist leave it, and rows that are shown to
//! nobody leave the files that wait.

use std::collections::{BTreeSet, HashSet};

use parquet::file::properties::WriterProperties;

use super::batch::Batch;
use super::judgments::shards;
use super::part::LayerRow as _;
use super::{
    CitationRow, CiteRow, DanglingRow, DegreeRow, OcrRow, PublishReport, StructureRow, TextRow,
    cases, lies_in, manifest, output, part_path, strip,
};
use crate::disk::Disk;
use crate::{Artifact, Layer, Ledger, StoreError};

/// How the files of a layer are written; the two tables are stripped where they are published.
fn properties_of(layer: Layer) -> fn(u64) -> parquet::errors::Result<WriterProperties> {
    match layer {
        Layer::Structure => |_| StructureRow::properties(),
        Layer::Ocr => |_| OcrRow::properties(),
        Layer::Citations => |_| CitationRow::properties(),
        Layer::Cites => |_| CiteRow::properties(),
        Layer::Degrees => |_| DegreeRow::properties(),
        Layer::Dangling => |_| DanglingRow::properties(),
        Layer::Cases | Layer::Hearings | Layer::Orders | Layer::CauseLists => {
            |_| cases::properties()
        }
        Layer::Text | Layer::Judgments | Layer::Revisions => |_| TextRow::properties(),
    }
}

/// Takes rows that are to be shown to nobody out of all files of a layer. Keys that lead nowhere name no row.
pub(crate) fn hide(disk: &Disk, ledger: &Ledger, layer: Layer) -> Result<(), StoreError> {
    if layer == Layer::Dangling {
        return Ok(());
    }
    strip_held(disk, ledger, layer, &ledger.artifacts(Some(layer))?)?;
    manifest::write(disk, ledger)
}

/// Takes rows that are to be shown to nobody out of files that wait as they are.
fn strip_held(
    disk: &Disk,
    ledger: &Ledger,
    layer: Layer,
    held: &[Artifact],
) -> Result<(), StoreError> {
    if held.is_empty() {
        return Ok(());
    }
    let hidden: HashSet<String> = ledger.removed_rows()?.into_iter().collect();
    for artifact in held {
        let Some(file) = strip::without(disk, artifact, &hidden, properties_of(layer))? else {
            continue;
        };
        let mut batch = Batch::new(disk, ledger);
        batch.add(file, (layer, &artifact.path), strip::unknown())?;
        batch.settle()?;
    }
    Ok(())
}

/// Drops the files of shards that no longer exist. Those of a source whose layout is in doubt wait.
pub(crate) fn shard_layer(
    disk: &Disk,
    ledger: &Ledger,
    layer: Layer,
) -> Result<PublishReport, StoreError> {
    let sources = ledger.held_sources()?;
    let held: Vec<Artifact> = ledger
        .artifacts(Some(layer))?
        .into_iter()
        .filter(|artifact| {
            sources
                .iter()
                .any(|source| lies_in(&artifact.path, *source))
        })
        .collect();
    strip_held(disk, ledger, layer, &held)?;
    let path_of = |shard: &super::Shard| part_path(layer, &shard.partition().folder(), shard.part);
    let mut keep: BTreeSet<String> = shards(&ledger.snapshot()?)?.iter().map(path_of).collect();
    keep.extend(held.into_iter().map(|artifact| artifact.path));
    parts(disk, ledger, layer, &keep)
}

/// Drops the files of a layer that are not to be kept, and counts the others.
pub(crate) fn parts(
    disk: &Disk,
    ledger: &Ledger,
    layer: Layer,
    keep: &BTreeSet<String>,
) -> Result<PublishReport, StoreError> {
    let mut report = PublishReport::default();
    let mut recorded = BTreeSet::new();
    for artifact in ledger.artifacts(Some(layer))? {
        if keep.contains(&artifact.path) {
            report.count(&artifact, false);
            recorded.insert(artifact.path);
        }
    }
    report.files_removed = output::sweep(disk, ledger, layer, &recorded)?;
    manifest::write(disk, ledger)?;
    Ok(report)
}
