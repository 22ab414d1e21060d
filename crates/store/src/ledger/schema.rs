//! The tables, their versions, and the checks at opening.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

use crate::StoreError;

/// One step a version; a released step is never edited. `PRAGMA user_version` counts them.
const MIGRATIONS: &[&str] = &[include_str!("schema/001.sql")];

/// The oldest `SQLite` without the race between a writer and a checkpointer in WAL mode.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Above this size a ledger that was closed cleanly is not checked again at opening.
const ALWAYS_CHECKED: i64 = 1 << 30;

pub(super) fn prepare(
    connection: &Connection,
    path: &Path,
    writable: bool,
) -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::OldSqlite {
            found: rusqlite::version().to_owned(),
        });
    }
    if writable {
        // `journal_mode` answers with the mode it took; in memory that is `memory`.
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;")?;
    }
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;",
    )?;
    let supported = MIGRATIONS.len() as i64;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > supported || found < 0 {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            supported,
        });
    }
    if found > 0 && writable {
        check(connection, path)?;
    }
    if found < supported {
        if !writable {
            return Err(StoreError::ReadOnly {
                what: "bringing the ledger to this version",
            });
        }
        migrate(connection, found as usize)?;
    }
    if writable {
        set_clean(connection, false)?;
    }
    Ok(())
}

fn migrate(connection: &Connection, from: usize) -> Result<(), StoreError> {
    for (index, step) in MIGRATIONS.iter().enumerate().skip(from) {
        let version = index + 1;
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; {step}; PRAGMA user_version = {version}; COMMIT;"
        ))?;
    }
    Ok(())
}

fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let clean: Option<String> = connection
        .query_row(
            "SELECT value FROM meta WHERE key = 'closed_cleanly'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let size: i64 = connection.query_row(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        [],
        |row| row.get(0),
    )?;
    if clean.as_deref() == Some("1") && size > ALWAYS_CHECKED {
        return Ok(());
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::corrupt(path, verdict))
    }
}

/// Records whether the ledger is closed, so that the next opening knows what to check.
pub(super) fn set_clean(connection: &Connection, clean: bool) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('closed_cleanly', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        [if clean { "1" } else { "0" }],
    )?;
    Ok(())
}
