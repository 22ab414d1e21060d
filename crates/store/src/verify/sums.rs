//! Figures of the ledger that must agree with each other.

use rusqlite::Connection;

use super::{Findings, Repair, VerifyLevel};
use crate::ledger::objection;
use crate::{Lake, StoreError};

/// What mends a broken rule.
#[derive(Clone, Copy)]
enum Mend {
    /// An older copy of the ledger.
    Restore,
    /// A new walk of the window that the statement gives beside the place.
    Walk,
    Count,
}

/// A statement whose every result is a broken rule.
struct Rule {
    invariant: &'static str,
    what: &'static str,
    sql: &'static str,
    mend: Mend,
}

/// Cheap rules: they walk pages, windows and indexes.
const RULES: &[Rule] = &[
    Rule {
        invariant: "I1",
        what: "the outcomes of a page do not add up to its rows",
        sql: "SELECT 'window ' || window_id || ' page at ' || start, window_id FROM pages WHERE row_count <>
              new + unchanged + updated + quarantined + repeats_in_page + repeats_across_pages",
        mend: Mend::Walk,
    },
    Rule {
        invariant: "I1",
        what: "a window's figures are not those of its rows",
        sql: "SELECT 'window ' || id, id FROM windows WHERE state <> 'split' AND
              (accepted <> (SELECT count(*) FROM members WHERE window_id = id AND kind = 0)
               OR quarantined <> (SELECT count(*) FROM members WHERE window_id = id AND kind = 1))",
        mend: Mend::Walk,
    },
    Rule {
        invariant: "I1",
        what: "the kept number of rows of a partition is wrong",
        sql: "SELECT year || '/' || court || '/' || bench, NULL FROM
              (SELECT year, court, bench, count(*) AS found FROM judgments WHERE removed = 0
               GROUP BY year, court, bench)
              FULL JOIN partitions USING (year, court, bench) WHERE coalesce(found, 0) <> coalesce(rows, 0)",
        mend: Mend::Count,
    },
    Rule {
        invariant: "I2",
        what: "a judgment has no values",
        sql: "SELECT key, NULL FROM judgments
              WHERE NOT EXISTS (SELECT 1 FROM judgment_values WHERE row_id = id)",
        mend: Mend::Restore,
    },
    Rule {
        invariant: "I2",
        what: "a window's member does not exist",
        sql: "SELECT 'window ' || window_id, window_id FROM members WHERE
              (kind = 0 AND NOT EXISTS (SELECT 1 FROM judgments WHERE id = item))
              OR (kind = 1 AND NOT EXISTS (SELECT 1 FROM quarantine WHERE id = item))",
        mend: Mend::Walk,
    },
    Rule {
        invariant: "I7",
        what: "a row was read from a capture that is not recorded",
        sql: "SELECT key, NULL FROM judgments
              WHERE NOT EXISTS (SELECT 1 FROM captures WHERE captures.id = capture_id)",
        mend: Mend::Restore,
    },
];

/// Rules that read every row.
const FULL_RULES: &[Rule] = &[
    Rule {
        invariant: "I1",
        what: "the kept number of rows of a day is wrong",
        sql: "SELECT source || ' ' || court || ' ' || day, NULL FROM
              (SELECT source, court, decision_date AS day, count(*) AS found FROM judgments
               WHERE decision_date <> '' GROUP BY source, court, decision_date)
              FULL JOIN listed_days USING (source, court, day) WHERE coalesce(found, 0) <> coalesce(rows, 0)",
        mend: Mend::Count,
    },
    Rule {
        invariant: "I1",
        what: "the kept number of documents is wrong",
        sql: "SELECT source || ' ' || court || ' ' || state || ' ' || reason, NULL FROM
              (SELECT source, court, doc_state AS state, coalesce(doc_reason, '') AS reason, count(*) AS found
               FROM judgments GROUP BY source, court, doc_state, coalesce(doc_reason, ''))
              FULL JOIN document_sums USING (source, court, state, reason)
              WHERE coalesce(found, 0) <> coalesce(number, 0)",
        mend: Mend::Count,
    },
];

fn apply(
    connection: &Connection,
    rules: &[Rule],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for rule in rules {
        let mut statement = connection.prepare(rule.sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let window: Option<i64> = row.get(1)?;
            let repair = match (rule.mend, window) {
                (Mend::Walk, Some(window)) => Some(Repair::WalkAgain(window)),
                (Mend::Count, _) => Some(Repair::CountAgain),
                (Mend::Restore | Mend::Walk, _) => Some(Repair::Restore),
            };
            findings.error(rule.invariant, rule.what, row.get::<_, String>(0)?, repair);
        }
    }
    Ok(())
}

pub(super) fn check(
    lake: &Lake,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let ledger = lake.ledger();
    if ledger.changed_outside()? {
        findings.warning(
            "I7",
            "something else wrote to the ledger since it was closed last",
            "ledger.sqlite",
            Some(Repair::Approve),
        );
    }
    let connection = ledger.snapshot()?;
    apply(&connection, RULES, findings)?;
    if level == VerifyLevel::Full {
        apply(&connection, FULL_RULES, findings)?;
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
                Some(Repair::WalkAgain(window.id)),
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
                findings.error("I2", line, "ledger.sqlite", Some(Repair::Restore));
            }
        }
    }
    Ok(())
}
