//! `revisions/`: one row a changed field, by year of decision.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use arrow_array::RecordBatch;
use jiff::Timestamp;
use nirnay_model::{SourceId, revisions_schema};
use rusqlite::Connection;

use super::batch::Batch;
use super::output::{self, InputHash, Output, Published, column, sorted_by};
use super::{MAX_PART_ROWS, PublishReport, columns, manifest, part_path};
use crate::disk::Disk;
use crate::error::ParquetContext as _;
use crate::ledger::{Micros, Text};
use crate::{Layer, Ledger, StoreError};

/// Rows converted at a time.
const BATCH: usize = 4096;

struct Revision {
    row_key: String,
    field: String,
    old: Option<String>,
    new: Option<String>,
    seen: Timestamp,
}

/// The place of a revision in the order of publication.
#[derive(Debug, Clone)]
struct Place {
    seen: Micros,
    row_key: String,
    field: String,
    id: i64,
}

impl Place {
    /// The place before all revisions.
    fn begin() -> Self {
        Self {
            seen: Micros(Timestamp::MIN),
            row_key: String::new(),
            field: String::new(),
            id: 0,
        }
    }
}

/// Which revisions are published: none of rows that are shown to nobody, and none that was found since the
/// layout of its source is in doubt.
fn shown(connection: &Connection) -> Result<String, StoreError> {
    let mut filter = "row_key NOT IN (SELECT key FROM judgments WHERE removed = 1 UNION SELECT key FROM removed_cases)"
        .to_owned();
    let mut statement = connection.prepare_cached(
        "SELECT alarms.source, min(runs.started_at) FROM alarms JOIN runs ON runs.id = raised_run
         WHERE kind = 'layout' AND closed_at IS NULL AND acknowledged_at IS NULL GROUP BY alarms.source",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (source, since): (Text<SourceId>, i64) = (row.get(0)?, row.get(1)?);
        write!(
            filter,
            " AND NOT (seen >= {since} AND EXISTS (SELECT 1 FROM judgments WHERE key = row_key AND source = '{}'))",
            source.0.name()
        )
        .ok();
    }
    Ok(filter)
}

/// Calls `each` with the revisions of a part of a year that begins after a place, in publication order; returns
/// the place of the last one.
fn each_revision(
    connection: &Connection,
    shown: &str,
    (year, after): (i16, &Place),
    mut each: impl FnMut(Revision) -> Result<(), StoreError>,
) -> Result<Place, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT row_key, field, old, new, seen, id FROM revisions WHERE year = ?1
         AND (seen, row_key, field, id) > (?2, ?3, ?4, ?5) AND {shown}
         ORDER BY seen, row_key, field, id LIMIT ?6",
    ))?;
    let mut rows = statement.query((
        year,
        after.seen,
        &after.row_key,
        &after.field,
        after.id,
        MAX_PART_ROWS,
    ))?;
    let mut last = after.clone();
    while let Some(row) = rows.next()? {
        let revision = Revision {
            row_key: row.get(0)?,
            field: row.get(1)?,
            old: row.get(2)?,
            new: row.get(3)?,
            seen: row.get::<_, Micros>(4)?.0,
        };
        last.seen = Micros(revision.seen);
        last.row_key.clone_from(&revision.row_key);
        last.field.clone_from(&revision.field);
        last.id = row.get(5)?;
        each(revision)?;
    }
    Ok(last)
}

fn years(connection: &Connection, shown: &str) -> Result<Vec<(i16, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT year, count(*) FROM revisions WHERE {shown} GROUP BY year ORDER BY year",
    ))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn publish(disk: &Disk, ledger: &Ledger) -> Result<PublishReport, StoreError> {
    let connection = ledger.snapshot()?;
    let published = Published::of(ledger, Layer::Revisions)?;
    let mut report = PublishReport::default();
    let mut keep = BTreeSet::new();
    let mut batch = Batch::new(disk, ledger);
    let shown = shown(&connection)?;
    for (year, rows) in years(&connection, &shown)? {
        let mut after = Place::begin();
        for part in 0..rows.div_ceil(MAX_PART_ROWS) {
            let path = part_path(Layer::Revisions, &format!("year={year}"), part as u32);
            let mut hash = InputHash::new(Layer::Revisions);
            let last = each_revision(&connection, &shown, (year, &after), |revision| {
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
            let (artifact, written) = if let Some(artifact) = published.current(disk, &path, &input)
            {
                (artifact.clone(), false)
            } else {
                let output = write(disk, &connection, &shown, (year, &after), &path)?;
                let artifact = batch.add(output.finish()?, (Layer::Revisions, &path), input)?;
                (artifact, true)
            };
            after = last;
            report.count(&artifact, written);
            keep.insert(path);
        }
    }
    batch.settle()?;
    report.files_removed = output::sweep(disk, ledger, Layer::Revisions, &keep)?;
    manifest::write(disk, ledger)?;
    Ok(report)
}

fn batch(rows: &[Revision]) -> Result<RecordBatch, arrow_schema::ArrowError> {
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
    connection: &Connection,
    shown: &str,
    part: (i16, &Place),
    path: &str,
) -> Result<Output, StoreError> {
    let target = disk.root().join(path);
    let properties = output::properties(6).within(&target)?;
    let properties = properties
        .set_sorting_columns(Some(sorted_by(&[4, 0, 1])))
        .set_column_dictionary_enabled(column("field", false), true)
        .set_column_dictionary_enabled(column("seen", false), true)
        .build();
    let mut output = Output::create(disk, revisions_schema(), properties)?;
    let mut rows = Vec::with_capacity(BATCH);
    each_revision(connection, shown, part, |revision| {
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
    Ok(output)
}
