//! Each row against its own hash, its values against its columns.

use nirnay_model::{Judgment, Sha256};
use rusqlite::{Connection, Row};

use super::{Findings, Repair};
use crate::StoreError;
use crate::ledger::{Digest, has_cases};

/// Everything that is stored twice. One statement, so that memory does not grow with the rows.
const SQL: &str = "SELECT key, row_hash, judgment, source, court, bench, year, decision_date, cnr, order_no,
    first_seen <= last_seen,
    doc_state <> 'stored' OR doc_size IS (SELECT size FROM blobs WHERE sha256 = doc_sha256),
    doc_state <> 'stored' OR doc_pages IS (SELECT nullif(pages, 0) FROM texts WHERE sha256 = doc_sha256),
    json_valid(handle)
    FROM judgments JOIN judgment_values ON row_id = id";

/// What the columns 10 to 13 say when they are false.
const CLAIMS: [(usize, &str); 4] = [
    (10, "a row was last seen before it was first seen"),
    (11, "a row and its document differ in size"),
    (12, "a row and its text differ in pages"),
    (13, "a row's way to its document cannot be read"),
];

pub(super) fn check(connection: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    let mut statement = connection.prepare(SQL)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(what) = damage(row)? {
            findings.error("I2", what, row.get::<_, String>(0)?, Some(Repair::Restore));
        }
    }
    cases(connection, findings)
}

/// Cases and lines of lists, each against its own hash. A ledger of an older version has none.
fn cases(connection: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    if !has_cases(connection)? {
        return Ok(());
    }
    let mut statement = connection.prepare(
        "SELECT key, row_hash, value, first_seen <= last_seen FROM cases
         UNION ALL SELECT key, row_hash, value, first_seen <= last_seen FROM case_listings",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(2)?.as_str().unwrap_or("");
        let what = if row.get::<_, Digest>(1)?.0 != Sha256::of(text.as_bytes()) {
            "a case's values are not those that were hashed"
        } else if row.get::<_, Option<bool>>(3)? != Some(true) {
            "a case was last seen before it was first seen"
        } else {
            continue;
        };
        findings.error("I2", what, row.get::<_, String>(0)?, Some(Repair::Restore));
    }
    Ok(())
}

fn damage(row: &Row<'_>) -> Result<Option<&'static str>, StoreError> {
    let text = row.get_ref(2)?.as_str().unwrap_or("");
    if row.get::<_, Digest>(1)?.0 != Sha256::of(text.as_bytes()) {
        return Ok(Some("a row's values are not those that were hashed"));
    }
    let Ok(judgment) = serde_json::from_str::<Judgment>(text) else {
        return Ok(Some("a row's values cannot be read"));
    };
    if !columns_agree(row, &judgment)? {
        return Ok(Some("a row's values and its columns differ"));
    }
    for (column, what) in CLAIMS {
        if row.get::<_, Option<bool>>(column)? != Some(true) {
            return Ok(Some(what));
        }
    }
    Ok(None)
}

fn columns_agree(row: &Row<'_>, judgment: &Judgment) -> Result<bool, StoreError> {
    let is =
        |column: usize, value: &str| row.get_ref(column).map(|found| found.as_str() == Ok(value));
    let date = judgment
        .decision_date
        .map_or_else(String::new, |date| date.to_string());
    Ok(is(0, judgment.key().as_str())?
        && is(3, judgment.source.name())?
        && is(4, judgment.court_code.as_str())?
        && is(5, judgment.bench_code.as_str())?
        && row.get::<_, i16>(6)? == judgment.partition_year()
        && is(7, &date)?
        && is(8, judgment.cnr.as_ref().map_or("", |cnr| cnr.as_str()))?
        && row.get::<_, i64>(9)? == judgment.order_no.map_or(-1, i64::from))
}
