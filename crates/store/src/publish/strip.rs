//! Published files that wait for something lose the rows that are to be shown to nobody all the same.

use std::collections::HashSet;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use nirnay_model::Sha256;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

use super::output::{Finished, Output};
use crate::disk::Disk;
use crate::error::{IoContext as _, ParquetContext as _};
use crate::{Artifact, StoreError};

/// Rows read at a time.
const BATCH: usize = 1024;

/// A file's path below the lake without the rows named in `hidden`; `None` if it holds none of them. The file at
/// the path stays as it is until the new one is given its name.
pub(super) fn without(
    disk: &Disk,
    artifact: &Artifact,
    hidden: &HashSet<String>,
    properties: fn(u64) -> parquet::errors::Result<WriterProperties>,
) -> Result<Option<Finished>, StoreError> {
    let path = disk.root().join(&artifact.path);
    if hidden.is_empty() || !holds(disk, artifact, hidden)? {
        return Ok(None);
    }
    let file = disk.files().open(&path).at("opening", &path)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).within(&path)?;
    let schema = builder.schema().clone();
    let mut output = Output::create(disk, schema, properties(artifact.rows).within(&path)?)?;
    for batch in builder.with_batch_size(BATCH).build().within(&path)? {
        let batch = batch.within(&path)?;
        let shown = shown(&batch, hidden)
            .ok_or_else(|| StoreError::corrupt(&path, "it has no keys of rows"))?;
        let left = filter_record_batch(&batch, &shown).within(&path)?;
        if left.num_rows() > 0 {
            output.write(&left)?;
        }
    }
    output.finish().map(Some)
}

/// What a file is made from that was made from another file: nothing that is known, so that it is written
/// from the ledger as soon as that is allowed.
pub(super) fn unknown() -> Sha256 {
    Sha256::from_bytes([0; 32])
}

fn holds(disk: &Disk, artifact: &Artifact, hidden: &HashSet<String>) -> Result<bool, StoreError> {
    let path = disk.root().join(&artifact.path);
    let file = disk.files().open(&path).at("opening", &path)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).within(&path)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), KEYS);
    for batch in builder.with_projection(mask).build().within(&path)? {
        let batch = batch.within(&path)?;
        if shown(&batch, hidden).is_none_or(|shown| shown.false_count() > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Columns that name rows: a citation of a row that is hidden is hidden too.
const KEYS: [&str; 2] = ["row_key", "target_row_key"];

/// Which rows of a batch may be shown; `None` if it has no keys.
fn shown(batch: &RecordBatch, hidden: &HashSet<String>) -> Option<BooleanArray> {
    let [own, target] = KEYS;
    let keys = batch.column_by_name(own)?.as_string_opt::<i32>()?;
    let targets = batch
        .column_by_name(target)
        .and_then(|array| array.as_string_opt::<i32>());
    let may = |key: Option<&str>| key.is_none_or(|key| !hidden.contains(key));
    let shown = keys.iter().enumerate().map(|(row, key)| {
        let target = targets
            .filter(|targets| targets.is_valid(row))
            .map(|targets| targets.value(row));
        Some(may(key) && may(target))
    });
    Some(shown.collect())
}
