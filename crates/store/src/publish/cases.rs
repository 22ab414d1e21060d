//! `cases/`, `hearings/`, `orders/`, `cause_lists/`: a pure function of the ledger, as the other tables.

use std::collections::BTreeSet;

use arrow_schema::SchemaRef;
use nirnay_model::{
    CaptureId, Case, CasePlace, CaseView, Sha256, cases_schema, cause_lists_schema,
    hearings_schema, order_slots, orders_schema,
};
use parquet::file::properties::WriterProperties;
use rusqlite::{Connection, Row};

use super::batch::Batch;
use super::case_rows::{self, Cells, Kept, ListPlace, Standing};
use super::output::{self, InputHash, Output, Published};
use super::{MAX_PART_ROWS, PublishReport, manifest, part_path};
use crate::disk::Disk;
use crate::error::ParquetContext as _;
use crate::ledger::{Day, Digest, Json, ListLine, Micros, Named, Text};
use crate::{Layer, Ledger, StoreError};

/// Rows converted at a time.
const BATCH: usize = 1024;

/// The slot of a document of a row that has one at most.
pub(crate) const ONLY: &str = "";

/// How the files are written.
pub(super) fn properties() -> parquet::errors::Result<WriterProperties> {
    Ok(output::properties(6)?.set_dictionary_enabled(true).build())
}

fn schema_of(layer: Layer) -> SchemaRef {
    match layer {
        Layer::Hearings => hearings_schema(),
        Layer::Orders => orders_schema(),
        Layer::CauseLists => cause_lists_schema(),
        _ => cases_schema(),
    }
}

/// The ledger's table that a layer is made from.
fn table(layer: Layer) -> &'static str {
    match layer {
        Layer::CauseLists => "case_listings",
        _ => "cases",
    }
}

/// Rows of the table that a layer shows.
fn shown(layer: Layer) -> &'static str {
    match layer {
        Layer::Hearings => "hearings > 0 AND key NOT IN (SELECT key FROM removed_cases)",
        Layer::Orders => "orders > 0 AND key NOT IN (SELECT key FROM removed_cases)",
        _ => "key NOT IN (SELECT key FROM removed_cases)",
    }
}

fn order(layer: Layer) -> &'static str {
    match layer {
        Layer::CauseLists => "day, list, capture_row, key",
        _ => "key",
    }
}

fn places(connection: &Connection, layer: Layer) -> Result<Vec<(CasePlace, u64)>, StoreError> {
    let mut statement = connection.prepare(&format!(
        "SELECT year, court, bench, count(*) FROM {} WHERE {} GROUP BY year, court, bench
         ORDER BY year, court, bench",
        table(layer),
        shown(layer)
    ))?;
    let rows = statement.query_map([], |row| {
        let place = CasePlace {
            year: row.get(0)?,
            court: row.get(1)?,
            bench: row.get(2)?,
        };
        Ok((place, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A part: rows of a table from a place on.
struct Part<'a> {
    layer: Layer,
    place: &'a CasePlace,
    offset: u64,
}

/// Calls `each` with the rows of a part, in the order of publication.
fn each_row(
    connection: &Connection,
    part: &Part<'_>,
    columns: &str,
    mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {columns} FROM {} WHERE year = ?1 AND court = ?2 AND bench = ?3 AND {} ORDER BY {} LIMIT ?4 OFFSET ?5",
        table(part.layer),
        shown(part.layer),
        order(part.layer),
    ))?;
    let place = part.place;
    let mut rows = statement.query((
        place.year,
        &place.court,
        &place.bench,
        MAX_PART_ROWS,
        part.offset,
    ))?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

/// Publishes all layers of cases; the report counts the rows of all of them.
pub(crate) fn publish(disk: &Disk, ledger: &Ledger) -> Result<PublishReport, StoreError> {
    let connection = ledger.snapshot()?;
    let mut report = PublishReport::default();
    let mut batch = Batch::new(disk, ledger);
    let mut keep = Vec::new();
    for layer in Layer::OF_CASES {
        let published = Published::of(ledger, layer)?;
        let mut paths = BTreeSet::new();
        for (place, rows) in places(&connection, layer)? {
            for number in 0..rows.div_ceil(MAX_PART_ROWS) {
                let path = part_path(layer, &place.folder(), number as u32);
                let part = Part {
                    layer,
                    place: &place,
                    offset: number * MAX_PART_ROWS,
                };
                let input = input(&connection, &part)?;
                let current = published.current(disk, &path, &input).cloned();
                let written = current.is_none();
                let artifact = if let Some(artifact) = current {
                    artifact
                } else {
                    let file = write(disk, &connection, &part, &path)?.finish()?;
                    batch.add(file, (layer, &path), input)?
                };
                report.count(&artifact, written);
                paths.insert(path);
            }
        }
        keep.push((layer, paths));
    }
    batch.settle()?;
    for (layer, paths) in keep {
        report.files_removed += output::sweep(disk, ledger, layer, &paths)?;
    }
    manifest::write(disk, ledger)?;
    Ok(report)
}

/// What a part is made from.
fn input(connection: &Connection, part: &Part<'_>) -> Result<Sha256, StoreError> {
    let mut hash = InputHash::new(part.layer);
    let has_documents = matches!(part.layer, Layer::Orders | Layer::CauseLists);
    let view = if part.layer == Layer::CauseLists {
        "'line'"
    } else {
        "view"
    };
    let columns = format!("key, row_hash, first_seen, last_seen, capture_id, {view}");
    let mut documents = connection.prepare_cached(
        "SELECT slot, state, reason, sha256, size FROM case_documents WHERE owner = ?1 ORDER BY slot",
    )?;
    each_row(connection, part, &columns, |row| {
        let key: String = row.get(0)?;
        hash.add(key.as_bytes());
        hash.add(row.get::<_, Digest>(1)?.0.as_bytes());
        for column in [2, 3] {
            hash.add(&row.get::<_, i64>(column)?.to_le_bytes());
        }
        for column in [4, 5] {
            let text: Option<String> = row.get(column)?;
            hash.add(text.as_deref().unwrap_or("").as_bytes());
        }
        if has_documents {
            let mut rows = documents.query([&key])?;
            while let Some(document) = rows.next()? {
                for column in 0..3 {
                    let text: Option<String> = document.get(column)?;
                    hash.add(text.as_deref().unwrap_or("").as_bytes());
                }
                if let Some(Digest(sha256)) = document.get(3)? {
                    hash.add(sha256.as_bytes());
                }
            }
        }
        Ok(())
    })?;
    Ok(hash.finish())
}

fn write(
    disk: &Disk,
    connection: &Connection,
    part: &Part<'_>,
    path: &str,
) -> Result<Output, StoreError> {
    let target = disk.root().join(path);
    let schema = schema_of(part.layer);
    let mut output = Output::create(disk, schema.clone(), properties().within(&target)?)?;
    let mut waiting: Vec<Cells> = Vec::with_capacity(BATCH);
    let own = if part.layer == Layer::CauseLists {
        "list, day, capture_row"
    } else {
        "view"
    };
    let columns = format!(
        "key, portal, court, bench, cnr, row_hash, first_seen, last_seen, capture_id, value, {own}"
    );
    each_row(connection, part, &columns, |row| {
        cells(connection, part.layer, row, &mut waiting)?;
        if waiting.len() >= BATCH {
            output.write(&case_rows::batch(&schema, &waiting).within(&target)?)?;
            waiting.clear();
        }
        Ok(())
    })?;
    if !waiting.is_empty() {
        output.write(&case_rows::batch(&schema, &waiting).within(&target)?)?;
    }
    Ok(output)
}

fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        key: row.get(0)?,
        portal: row.get(1)?,
        court: row.get(2)?,
        bench: row.get(3)?,
        cnr: row.get(4)?,
        hash: row.get::<_, Digest>(5)?.0,
        first_seen: row.get::<_, Micros>(6)?.0,
        last_seen: row.get::<_, Micros>(7)?.0,
        capture: row.get::<_, Option<Text<CaptureId>>>(8)?.map(|id| id.0),
    })
}

/// The rows of a layer that a row of the ledger makes.
fn cells(
    connection: &Connection,
    layer: Layer,
    row: &Row<'_>,
    out: &mut Vec<Cells>,
) -> Result<(), StoreError> {
    let standing = standing(row)?;
    if layer == Layer::CauseLists {
        let Json(line) = row.get::<_, Json<ListLine>>(9)?;
        let at = ListPlace {
            list: row.get(10)?,
            day: row.get::<_, Day>(11)?.0,
            row: row.get(12)?,
        };
        let kept = kept(connection, &standing.key, ONLY)?;
        out.push(case_rows::line(&standing, &at, &line, &kept));
        return Ok(());
    }
    let Json(case) = row.get::<_, Json<Case>>(9)?;
    match layer {
        Layer::Hearings => {
            let hearings = case.hearings.iter().enumerate();
            out.extend(hearings.map(|(at, hearing)| case_rows::hearing(&standing, at, hearing)));
        }
        Layer::Orders => {
            let slots = order_slots(&case);
            for (at, (order, slot)) in case.orders.iter().zip(&slots).enumerate() {
                let kept = kept(connection, &standing.key, slot)?;
                out.push(case_rows::order(&standing, at, order, &kept));
            }
        }
        _ => {
            let view = row.get::<_, Named<CaseView>>(10)?.0;
            out.push(case_rows::case(&standing, &case, view));
        }
    }
    Ok(())
}

/// What is known of a document.
fn kept(connection: &Connection, owner: &str, slot: &str) -> Result<Kept, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT state, reason, sha256, size FROM case_documents WHERE owner = ?1 AND slot = ?2",
    )?;
    let mut rows = statement.query((owner, slot))?;
    let Some(row) = rows.next()? else {
        return Ok(Kept::default());
    };
    Ok(Kept {
        state: row.get(0)?,
        reason: row.get(1)?,
        sha256: row.get::<_, Option<Digest>>(2)?.map(|digest| digest.0),
        size: row.get(3)?,
    })
}
