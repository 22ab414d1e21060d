//! `revisions/`: one row a changed field, by year of decision.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use jiff::Timestamp;
use nirnay_model::{Sha256, revisions_schema};
use rusqlite::Connection;

use super::output::{self, InputHash, Output, Published, column, sorted_by};
use super::{MAX_PART_ROWS, PublishReport, columns, manifest, part_path};
use crate::disk::Disk;
use crate::error::ParquetContext as _;
use crate::ledger::Micros;
use crate::{Artifact, Layer, Ledger, StoreError};

/// Rows converted at a time.
const BATCH: usize = 4096;

struct Revision {
    row_key: String,
    field: String,
    old: Option<String>,
    new: Option<String>,
    seen: Timestamp,
}

/// Calls `each` with the revisions of a part of a year, in publication order.
fn each_revision(
    connection: &Connection,
    year: i16,
    part: u64,
    mut each: impl FnMut(Revision) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT row_key, field, old, new, seen FROM revisions WHERE year = ?1
         ORDER BY seen, row_key, field, id LIMIT ?2 OFFSET ?3",
    )?;
    let mut rows = statement.query((year, MAX_PART_ROWS, part * MAX_PART_ROWS))?;
    while let Some(row) = rows.next()? {
        each(Revision {
            row_key: row.get(0)?,
            field: row.get(1)?,
            old: row.get(2)?,
            new: row.get(3)?,
            seen: row.get::<_, Micros>(4)?.0,
        })?;
    }
    Ok(())
}

fn years(connection: &Connection) -> Result<Vec<(i16, u64)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT year, count(*) FROM revisions GROUP BY year ORDER BY year")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn publish(disk: &Disk, ledger: &Ledger) -> Result<PublishReport, StoreError> {
    let connection = ledger.snapshot()?;
    let published = Published::of(ledger, Layer::Revisions)?;
    let mut report = PublishReport::default();
    let mut keep = BTreeSet::new();
    for (year, rows) in years(&connection)? {
        for part in 0..rows.div_ceil(MAX_PART_ROWS) {
            let path = part_path(Layer::Revisions, &format!("year={year}"), part as u32);
            let mut hash = InputHash::new(Layer::Revisions);
            each_revision(&connection, year, part, |revision| {
                for text in [
                    Some(&revision.row_key),
                    Some(&revision.field),
                    revision.old.as_ref(),
                    revision.new.as_ref(),
                ] {
                    hash.add(&[u8::from(text.is_some())]);
                    hash.add(text.map_or(b"", |text| text.as_bytes()));
                }
                hash.add(&revision.seen.as_microsecond().to_le_bytes());
                Ok(())
            })?;
            let input = hash.finish();
            let (artifact, written) = match published.current(disk, &path, &input) {
                Some(artifact) => (artifact.clone(), false),
                None => (
                    write(disk, ledger, &connection, (year, part), (&path, input))?,
                    true,
                ),
            };
            report.count(&artifact, written);
            keep.insert(path);
        }
    }
    report.files_removed = output::sweep(disk, ledger, Layer::Revisions, &keep)?;
    manifest::write(disk, ledger)?;
    Ok(report)
}

fn batch(rows: &[Revision]) -> Result<RecordBatch, arrow::error::ArrowError> {
    RecordBatch::try_new(
        revisions_schema(),
        vec![
            columns::strings(rows.iter().map(|row| Some(&row.row_key))),
            columns::strings(rows.iter().map(|row| Some(&row.field))),
            columns::strings(rows.iter().map(|row| row.old.as_ref())),
            columns::strings(rows.iter().map(|row| row.new.as_ref())),
            columns::times(rows.iter().map(|row| Some(row.seen))),
        ],
    )
}

fn write(
    disk: &Disk,
    ledger: &Ledger,
    connection: &Connection,
    (year, part): (i16, u64),
    (path, input): (&str, Sha256),
) -> Result<Artifact, StoreError> {
    let target = disk.root().join(path);
    let properties = output::properties(6).within(&target)?;
    let properties = properties
        .set_sorting_columns(Some(sorted_by(&[4, 0, 1])))
        .set_column_dictionary_enabled(column("field", false), true)
        .set_column_dictionary_enabled(column("seen", false), true)
        .build();
    let mut output = Output::create(disk, revisions_schema(), properties)?;
    let mut rows = Vec::with_capacity(BATCH);
    each_revision(connection, year, part, |revision| {
        rows.push(revision);
        if rows.len() == BATCH {
            output.write(&batch(&rows).within(&target)?)?;
            rows.clear();
        }
        Ok(())
    })?;
    if !rows.is_empty() {
        output.write(&batch(&rows).within(&target)?)?;
    }
    let artifact = output
        .finish()?
        .publish(disk, Layer::Revisions, path, input)?;
    ledger.record_artifact(&artifact)?;
    Ok(artifact)
}
