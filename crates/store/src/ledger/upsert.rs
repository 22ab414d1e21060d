//! One row of a page: new, known, changed, or a repeat.

use nirnay_model::{Judgment, QuarantinedRow, RowKey, Sha256};
use rusqlite::{Transaction, params};

use super::pages::{AcceptedRow, PageAcceptance};
use super::unlisted;
use super::values::{Day, Digest, Json, Micros, json};
use crate::StoreError;

/// What a row of a page turned out to be.
pub(super) enum Outcome {
    New,
    Unchanged,
    Updated,
    /// It repeats a row of an earlier page of the walk. Repeats change nothing, so that two rows
    /// with one identity do not overwrite each other on every walk.
    Repeated,
}

const ROW: i64 = 0;
const QUARANTINED: i64 = 1;

/// Whether `item` was not yet a member of the window's walk.
fn join(tx: &Transaction<'_>, window: i64, kind: i64, item: i64) -> Result<bool, StoreError> {
    let added = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO members (window_id, kind, item) VALUES (?1, ?2, ?3)",
        )?
        .execute((window, kind, item))?;
    Ok(added == 1)
}

pub(super) fn upsert(
    tx: &Transaction<'_>,
    page: &PageAcceptance,
    row: &AcceptedRow,
    key: &RowKey,
) -> Result<Outcome, StoreError> {
    let said = Said::by(&row.judgment);
    // Most rows of a first walk are new: asking first would look for each of them twice.
    if let Some(id) = insert(tx, page, row, key, &said)? {
        join(tx, page.window, ROW, id)?;
        return Ok(Outcome::New);
    }
    let (id, known_hash, was_missed) = tx
        .prepare_cached(
            "SELECT id, row_hash, not_listed_since IS NOT NULL FROM judgments WHERE key = ?1",
        )?
        .query_row([key.as_str()], |found| {
            Ok((
                found.get::<_, i64>(0)?,
                found.get::<_, Digest>(1)?.0,
                found.get::<_, bool>(2)?,
            ))
        })?;
    if !join(tx, page.window, ROW, id)? {
        return Ok(Outcome::Repeated);
    }
    if was_missed {
        unlisted::listed_again(tx, id, key.as_str(), page.run_started)?;
    }
    if known_hash == said.hash {
        tx.prepare_cached("UPDATE judgments SET last_seen = ?2 WHERE id = ?1 AND last_seen < ?2")?
            .execute((id, Micros(page.run_started)))?;
        tx.prepare_cached(
            "UPDATE judgment_values SET handle = ?2 WHERE row_id = ?1 AND handle <> ?2",
        )?
        .execute((id, json(&row.handle)))?;
        return Ok(if was_missed {
            Outcome::Updated
        } else {
            Outcome::Unchanged
        });
    }
    update(tx, page, row, id, &said)?;
    Ok(Outcome::Updated)
}

/// What the portal said of a judgment, as it is kept, with its [`Judgment::row_hash`].
struct Said {
    json: String,
    hash: Sha256,
}

impl Said {
    fn by(judgment: &Judgment) -> Self {
        let json = json(judgment);
        let hash = Sha256::of(json.as_bytes());
        debug_assert_eq!(hash, judgment.row_hash());
        Self { json, hash }
    }
}

/// The new row, unless there is one of that key.
fn insert(
    tx: &Transaction<'_>,
    page: &PageAcceptance,
    row: &AcceptedRow,
    key: &RowKey,
    said: &Said,
) -> Result<Option<i64>, StoreError> {
    let judgment = &row.judgment;
    let unlisted = row.handle.path.is_empty();
    let added = tx
        .prepare_cached(
        "INSERT INTO judgments (key, source, court, bench, year, decision_date, cnr, order_no, row_hash, first_seen,
         last_seen, capture_id, capture_row, doc_state, doc_reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (key) DO NOTHING",
    )?
    .execute(params![
        key.as_str(),
        judgment.source.name(),
        judgment.court_code.as_str(),
        judgment.bench_code.as_str(),
        judgment.partition_year(),
        Day(judgment.decision_date),
        judgment.cnr.as_ref().map_or("", |cnr| cnr.as_str()),
        judgment.order_no.map_or(-1, i64::from),
        Digest(said.hash),
        Micros(page.run_started),
        page.capture_id.as_str(),
        row.capture_row,
        if unlisted { "missing" } else { "pending" },
        unlisted.then_some("not_listed"),
    ])?;
    if added == 0 {
        return Ok(None);
    }
    let id = tx.last_insert_rowid();
    tx.prepare_cached(
        "INSERT INTO judgment_values (row_id, judgment, handle) VALUES (?1, ?2, ?3)",
    )?
    .execute((id, said.json.as_str(), json(&row.handle)))?;
    Ok(Some(id))
}

/// Writes the new values and a revision for each field that differs.
fn update(
    tx: &Transaction<'_>,
    page: &PageAcceptance,
    row: &AcceptedRow,
    id: i64,
    said: &Said,
) -> Result<(), StoreError> {
    let judgment = &row.judgment;
    let Json(old) = tx
        .prepare_cached("SELECT judgment FROM judgment_values WHERE row_id = ?1")?
        .query_row([id], |found| found.get::<_, Json<serde_json::Value>>(0))?;
    revise(tx, page, judgment, &old)?;
    tx.prepare_cached("UPDATE judgment_values SET judgment = ?2, handle = ?3 WHERE row_id = ?1")?
        .execute((id, said.json.as_str(), json(&row.handle)))?;
    tx.prepare_cached(
        "UPDATE judgments SET cnr = ?2, order_no = ?3, row_hash = ?4, last_seen = max(last_seen, ?5), capture_id = ?6,
         capture_row = ?7, year = ?8, decision_date = ?9 WHERE id = ?1",
    )?
    .execute(params![
        id,
        judgment.cnr.as_ref().map_or("", |cnr| cnr.as_str()),
        judgment.order_no.map_or(-1, i64::from),
        Digest(said.hash),
        Micros(page.run_started),
        page.capture_id.as_str(),
        row.capture_row,
        judgment.partition_year(),
        Day(judgment.decision_date),
    ])?;
    let old_path = old
        .get("document_path")
        .and_then(serde_json::Value::as_str)
        .unwrap_or("");
    let new_path = judgment.document_path.as_deref().unwrap_or("");
    if old_path != new_path && !row.handle.path.is_empty() {
        // Another address may mean other bytes. The stored ones stay in `blobs`.
        tx.prepare_cached(
            "UPDATE judgments SET doc_last_sha256 = coalesce(doc_sha256, doc_last_sha256), doc_state = 'pending',
             doc_sha256 = NULL, doc_size = NULL, doc_pages = NULL, doc_check = NULL, doc_reason = NULL,
             doc_attempts = 0, doc_next_at = NULL, doc_error = NULL WHERE id = ?1",
        )?
        .execute([id])?;
    }
    Ok(())
}

fn revise(
    tx: &Transaction<'_>,
    page: &PageAcceptance,
    judgment: &Judgment,
    old: &serde_json::Value,
) -> Result<(), StoreError> {
    let new = serde_json::to_value(judgment).unwrap_or_default();
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else {
        return Ok(());
    };
    let key = judgment.key();
    let mut insert = tx.prepare_cached(
        "INSERT INTO revisions (year, row_key, field, old, new, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let fields = new
        .keys()
        .chain(old.keys().filter(|field| !new.contains_key(*field)));
    for field in fields {
        let (before, after) = (old.get(field), new.get(field));
        if before != after {
            let text = |value: Option<&serde_json::Value>| value.map(ToString::to_string);
            insert.execute((
                judgment.partition_year(),
                key.as_str(),
                field,
                text(before),
                text(after),
                Micros(page.run_started),
            ))?;
        }
    }
    Ok(())
}

/// Keeps a row in quarantine; false if it repeats one of an earlier page of the walk.
pub(super) fn set_aside(
    tx: &Transaction<'_>,
    page: &PageAcceptance,
    row: &QuarantinedRow,
    place: u32,
) -> Result<bool, StoreError> {
    tx.prepare_cached(
        "INSERT INTO quarantine (key, source, court, reason, detail, html, capture_id, capture_row, first_seen, last_seen)
         SELECT ?1, source, court, ?3, ?4, ?5, ?6, ?7, ?8, ?8 FROM windows WHERE id = ?2
         ON CONFLICT (key) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,
         last_seen = max(last_seen, excluded.last_seen)",
    )?
    .execute((
        Digest(row.key),
        page.window,
        row.reason.name(),
        &row.detail,
        &row.html,
        page.capture_id.as_str(),
        place,
        Micros(page.run_started),
    ))?;
    let id: i64 = tx
        .prepare_cached("SELECT id FROM quarantine WHERE key = ?1")?
        .query_row([Digest(row.key)], |found| found.get(0))?;
    join(tx, page.window, QUARANTINED, id)
}
