//! `judgments/`: one row a listed judgment.

use std::collections::{BTreeSet, HashSet};

use nirnay_model::{PublishedJudgment, Sha256, judgments_schema};
use parquet::file::properties::WriterProperties;
use rusqlite::Connection;

use super::batch::Batch;
use super::changes::Changes;
use super::output::{self, InputHash, Output, Published, column, sorted_by};
use super::{
    MAX_PART_ROWS, PublishEvent, PublishReport, Shard, columns, manifest, part_path, strip,
};
use crate::disk::Disk;
use crate::error::ParquetContext as _;
use crate::ledger::{RowScan, ScannedRow, judgment_of, partitions};
use crate::{Artifact, Layer, Ledger, StoreError};

/// Rows converted at a time.
const BATCH: usize = 4096;

/// Columns with few different values.
const DICTIONARY: &[&str] = &[
    "source",
    "court_code",
    "court_name",
    "bench_code",
    "cnr_prefix",
    "cnr_establishment",
    "cnr_year",
    "case_type",
    "case_year",
    "author_judge",
    "bench_strength",
    "decision_date",
    "disposal_raw",
    "disposal",
    "document_kind",
    "document_status",
    "document_missing_reason",
    "document_check",
    "first_seen",
    "last_seen",
    "not_listed_since",
    "capture_id",
];

/// List columns with few different values.
const DICTIONARY_LISTS: &[&str] = &["judges", "languages", "flags"];

fn properties(rows: u64) -> parquet::errors::Result<WriterProperties> {
    let schema = judgments_schema();
    let place = |name: &str| schema.index_of(name).ok().map(|index| index as i32);
    // Every list has one leaf, so a column's place among the leaves is its place in the schema.
    let order: Vec<i32> = ["court_code", "decision_date", "cnr", "order_no", "row_key"]
        .into_iter()
        .filter_map(place)
        .collect();
    let cnr = column("cnr", false);
    let mut builder = output::properties(6)?
        .set_sorting_columns(Some(sorted_by(&order)))
        .set_column_bloom_filter_enabled(cnr.clone(), true)
        .set_column_bloom_filter_fpp(cnr.clone(), 0.01)
        .set_column_bloom_filter_max_ndv(cnr, rows.max(1));
    for name in DICTIONARY {
        builder = builder.set_column_dictionary_enabled(column(name, false), true);
    }
    for name in DICTIONARY_LISTS {
        builder = builder.set_column_dictionary_enabled(column(name, true), true);
    }
    Ok(builder.build())
}

/// All shards of the lake, in partition order.
pub(crate) fn shards(connection: &Connection) -> Result<Vec<Shard>, StoreError> {
    let mut shards = Vec::new();
    for (partition, rows) in partitions(connection)? {
        for part in 0..rows.div_ceil(MAX_PART_ROWS) {
            shards.push(Shard {
                year: partition.year,
                court: partition.court.clone(),
                bench: partition.bench.clone(),
                part: part as u32,
                rows: (rows - part * MAX_PART_ROWS).min(MAX_PART_ROWS),
            });
        }
    }
    Ok(shards)
}

/// The rows of a shard, without their values.
pub(super) fn scan(shard: &Shard) -> RowScan {
    RowScan::new(shard.partition(), shard.offset(), shard.rows)
}

fn add(hash: &mut InputHash, row: &ScannedRow) {
    hash.add(row.key.as_bytes());
    hash.add(row.row_hash.as_bytes());
    for number in [
        row.first_seen.as_microsecond(),
        row.last_seen.as_microsecond(),
        i64::from(row.capture_row),
        row.not_listed_since
            .map_or(0, jiff::Timestamp::as_microsecond),
    ] {
        hash.add(&number.to_le_bytes());
    }
    hash.add(row.capture_id.as_str().as_bytes());
    hash.add(crate::ledger::json(&row.document).as_bytes());
}

/// The hash of the values of a shard's rows, of those that have a document.
pub(crate) fn rows_hash(connection: &Connection, shard: &Shard) -> Result<Sha256, StoreError> {
    let mut hash = InputHash::new(Layer::Judgments);
    let mut rows = scan(shard);
    while let Some(row) = rows.next(connection)? {
        if row.stored().is_some() {
            hash.add(row.key.as_bytes());
            hash.add(row.row_hash.as_bytes());
        }
    }
    Ok(hash.finish())
}

/// The hash of everything the file of a shard is made from.
fn input_of(connection: &Connection, shard: &Shard) -> Result<Sha256, StoreError> {
    let mut hash = InputHash::new(Layer::Judgments);
    let mut rows = scan(shard);
    while let Some(row) = rows.next(connection)? {
        add(&mut hash, &row);
    }
    Ok(hash.finish())
}

pub(crate) fn publish(
    disk: &Disk,
    ledger: &Ledger,
    observe: &mut dyn FnMut(PublishEvent),
) -> Result<PublishReport, StoreError> {
    let mut changes = Changes::of(ledger)?;
    let connection = ledger.snapshot()?;
    let shards = shards(&connection)?;
    let published = Published::of(ledger, Layer::Judgments)?;
    let hidden: HashSet<String> = ledger.removed_rows()?.into_iter().collect();
    let mut report = PublishReport::default();
    let mut keep = BTreeSet::new();
    let mut batch = Batch::new(disk, ledger);
    for (index, shard) in shards.iter().enumerate() {
        let path = part_path(Layer::Judgments, &shard.partition().folder(), shard.part);
        let known = published.whole(disk, &path);
        if changes.is_held(shard) {
            let stripped = known
                .map(|known| strip::without(disk, known, &hidden, properties))
                .transpose()?;
            // An order of removal waits for nothing.
            let stripped = match stripped.flatten() {
                Some(file) => Some(batch.add(file, (Layer::Judgments, &path), strip::unknown())?),
                None => None,
            };
            report.count_held(stripped.as_ref().or(known));
            keep.insert(path);
            continue;
        }
        let (artifact, written) = match known.filter(|_| !changes.touch(shard)) {
            Some(artifact) => (artifact.clone(), false),
            None => publish_shard(&mut batch, disk, &connection, &published, (shard, &path))?,
        };
        report.count(&artifact, written);
        observe(PublishEvent {
            path: path.clone(),
            rows: artifact.rows,
            bytes: artifact.bytes,
            written,
            done: index as u64 + 1,
            total: shards.len() as u64,
        });
        keep.insert(path);
    }
    batch.settle()?;
    report.files_removed = output::sweep(disk, ledger, Layer::Judgments, &keep)?;
    manifest::write(disk, ledger)?;
    changes.made(ledger)?;
    Ok(report)
}

/// The file of a shard as it stands, or written anew if it was made from other rows.
fn publish_shard(
    batch: &mut Batch<'_>,
    disk: &Disk,
    connection: &Connection,
    published: &Published,
    (shard, path): (&Shard, &str),
) -> Result<(Artifact, bool), StoreError> {
    let input = input_of(connection, shard)?;
    Ok(match published.current(disk, path, &input) {
        Some(artifact) => (artifact.clone(), false),
        None => (write(batch, disk, connection, shard, (path, input))?, true),
    })
}

fn write(
    settled: &mut Batch<'_>,
    disk: &Disk,
    connection: &Connection,
    shard: &Shard,
    (path, input): (&str, Sha256),
) -> Result<Artifact, StoreError> {
    let target = disk.root().join(path);
    let mut output = Output::create(
        disk,
        judgments_schema(),
        properties(shard.rows).within(&target)?,
    )?;
    let mut rows = scan(shard);
    let mut batch: Vec<PublishedJudgment> = Vec::with_capacity(BATCH);
    loop {
        let row = rows.next(connection)?;
        let last = row.is_none();
        if let Some(row) = row {
            let judgment = judgment_of(connection, row.id)?;
            batch.push(row.publish(judgment));
        }
        if batch.len() == BATCH || (last && !batch.is_empty()) {
            output.write(&columns::judgments(&batch).within(&target)?)?;
            batch.clear();
        }
        if last {
            break;
        }
    }
    settled.add(output.finish()?, (Layer::Judgments, path), input)
}
