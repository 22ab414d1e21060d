//! Figures of the ledger that must agree with each other.

use rusqlite::Connection;

use super::{Findings, VerifyLevel};
use crate::ledger::objection;
use crate::{Ledger, StoreError};

/// Statements whose every result is a broken rule: invariant, what is wrong, statement giving places.
const RULES: &[(&str, &str, &str)] = &[
    (
        "I1",
        "the outcomes of a page do not add up to its rows",
        "SELECT 'window ' || window_id || ' page at ' || start FROM pages WHERE row_count <>
         new + unchanged + updated + quarantined + repeats_in_page + repeats_across_pages",
    ),
    (
        "I1",
        "a window's figures are not those of its rows",
        "SELECT 'window ' || id FROM windows WHERE state <> 'split' AND
         (accepted <> (SELECT count(*) FROM members WHERE window_id = id AND kind = 0)
          OR quarantined <> (SELECT count(*) FROM members WHERE window_id = id AND kind = 1))",
    ),
    (
        "I2",
        "a judgment has no values",
        "SELECT key FROM judgments WHERE NOT EXISTS (SELECT 1 FROM judgment_values WHERE row_id = id)",
    ),
    (
        "I2",
        "a window's member does not exist",
        "SELECT 'window ' || window_id FROM members WHERE (kind = 0 AND item NOT IN (SELECT id FROM judgments))
         OR (kind = 1 AND item NOT IN (SELECT id FROM quarantine))",
    ),
    (
        "I7",
        "a row was read from a capture that is not recorded",
        "SELECT key FROM judgments WHERE NOT EXISTS (SELECT 1 FROM captures WHERE captures.id = capture_id)",
    ),
];

pub(super) fn check(
    ledger: &Ledger,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let connection = ledger.snapshot()?;
    for (invariant, what, sql) in RULES {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            findings.error(invariant, *what, row.get::<_, String>(0)?, None);
        }
    }
    for window in ledger
        .windows(None)?
        .iter()
        .filter(|window| window.state.is_complete())
    {
        if let Some(why) = objection(&ledger.proof(window.id)?, window.state) {
            findings.error(
                "I3",
                format!("a window is closed without proof: {why}"),
                format!("window {}", window.id),
                None,
            );
        }
    }
    if level == VerifyLevel::Full {
        integrity(&connection, findings)?;
    }
    Ok(())
}

fn integrity(connection: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    for pragma in ["PRAGMA integrity_check(100)", "PRAGMA foreign_key_check"] {
        let mut statement = connection.prepare(pragma)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                findings.error("I2", line, "ledger.sqlite", None);
            }
        }
    }
    Ok(())
}
