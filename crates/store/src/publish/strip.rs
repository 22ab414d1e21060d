//! Published files that wait for something lose the rows that are to be shown to nobody all the same.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use arrow_select::filter::filter_record_batch;
use nirnay_model::Sha256;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

use super::Resolution;
use super::output::{Finished, Output};
use crate::disk::Disk;
use crate::error::{IoContext as _, ParquetContext as _};
use crate::{Artifact, Layer, StoreError};

/// Rows read at a time.
const BATCH: usize = 1024;

/// A published file without the rows named in `hidden`, and with no citation that leads to one; `None` if it holds
/// none of them. The file at its path stays as it is until the new one is given its name.
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
        let batch = if artifact.layer == Layer::Citations {
            unlinked(batch, hidden).within(&path)?
        } else {
            batch
        };
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

/// Whether a published file names one of these rows. Its bytes must be those that were published.
pub(crate) fn holds(
    disk: &Disk,
    artifact: &Artifact,
    hidden: &HashSet<String>,
) -> Result<bool, StoreError> {
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

/// Columns that name rows: the row itself, and the one it leads to.
const KEYS: [&str; 2] = ["row_key", "target_row_key"];

/// Which rows of a batch may be shown; `None` if it has no keys.
fn shown(batch: &RecordBatch, hidden: &HashSet<String>) -> Option<BooleanArray> {
    let [own, target] = KEYS;
    let keys = strings(batch, own)?;
    let targets = strings(batch, target);
    let may = |key: Option<&str>| key.is_none_or(|key| !hidden.contains(key));
    let shown = keys
        .iter()
        .enumerate()
        .map(|(row, key)| Some(may(key) && may(targets.and_then(|keys| value(keys, row)))));
    Some(shown.collect())
}

/// A citation that leads to a hidden row stays, as text of the row that cites, and leads nowhere.
fn unlinked(batch: RecordBatch, hidden: &HashSet<String>) -> Result<RecordBatch, ArrowError> {
    let [_, target] = KEYS;
    let Some(targets) = strings(&batch, target) else {
        return Ok(batch);
    };
    let is_hidden: Vec<bool> = targets
        .iter()
        .map(|key| key.is_some_and(|key| hidden.contains(key)))
        .collect();
    if !is_hidden.contains(&true) {
        return Ok(batch);
    }
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns = columns.map(|(field, column)| {
        let instead = match field.name().as_str() {
            "target_row_key" | "target_cnr" => None,
            "resolution" => Some(Resolution::Unknown.name()),
            _ => return Arc::clone(column),
        };
        let Some(values) = column.as_string_opt::<i32>() else {
            return Arc::clone(column);
        };
        let of = |(row, is_hidden): (usize, &bool)| {
            if *is_hidden {
                instead
            } else {
                value(values, row)
            }
        };
        let values: StringArray = is_hidden.iter().enumerate().map(of).collect();
        Arc::new(values) as ArrayRef
    });
    RecordBatch::try_new(Arc::clone(&schema), columns.collect())
}

fn strings<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a StringArray> {
    batch.column_by_name(name)?.as_string_opt::<i32>()
}

fn value(values: &StringArray, row: usize) -> Option<&str> {
    values.is_valid(row).then(|| values.value(row))
}
