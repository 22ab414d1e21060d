//! The tables, their versions, and the checks at opening.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

use super::seal::Verdict;
use crate::StoreError;

/// One step a version; a released step is never edited. `PRAGMA user_version` counts them.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
];

/// The oldest version that can be read as it is: the steps after it add what only stages that write look at.
const OLDEST_READABLE: i64 = 2;

/// The oldest `SQLite` without the race between a writer and a checkpointer in WAL mode.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Above this size a ledger that was closed cleanly is not checked again at opening.
const ALWAYS_CHECKED: i64 = 1 << 30;

/// Sets the connection up, and checks the ledger and brings it to this version if it is writable. `copy` is called
/// before anything is changed that an older version made.
pub(super) fn prepare(
    connection: &Connection,
    path: &Path,
    writable: bool,
    copy: &dyn Fn(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::OldSqlite {
            found: rusqlite::version().to_owned(),
        });
    }
    if writable {
        // `journal_mode` answers with the mode it took; in memory that is `memory`.
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864;",
        )?;
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
        if !writable && found >= OLDEST_READABLE {
            return Ok(());
        }
        if !writable {
            return Err(StoreError::ReadOnly {
                what: "bringing the ledger to this version",
            });
        }
        if found > 0 {
            copy(connection)?;
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

/// What the seal means for a ledger: decay is an error, a change from outside is true. A ledger that was
/// not closed cleanly is not the one that was sealed.
pub(super) fn unseal(
    connection: &Connection,
    path: &Path,
    verdict: Verdict,
) -> Result<bool, StoreError> {
    if matches!(verdict, Verdict::Unknown | Verdict::Same) || !was_closed(connection)? {
        return Ok(false);
    }
    let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(StoreError::corrupt(path, sound));
    }
    if verdict == Verdict::Decayed {
        let detail = "its bytes changed on the disk although nothing wrote to it";
        return Err(StoreError::corrupt(path, detail));
    }
    Ok(true)
}

fn was_closed(connection: &Connection) -> Result<bool, StoreError> {
    let clean: Option<String> = connection
        .query_row(
            "SELECT value FROM meta WHERE key = 'closed_cleanly'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(clean.as_deref() == Some("1"))
}

/// Keeps in mind that something else wrote to the ledger.
pub(super) fn note_change(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR IGNORE INTO meta (key, value) VALUES ('changed_outside', '1')",
        [],
    )?;
    Ok(())
}

/// Whether something else wrote to the ledger, and nobody approved it.
pub(super) fn was_changed(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM meta WHERE key = 'changed_outside'")?
        .exists([])?)
}

/// Takes the ledger as it is.
pub(super) fn approve(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("DELETE FROM meta WHERE key = 'changed_outside'", [])?;
    Ok(())
}

fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let size: i64 = connection.query_row(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        [],
        |row| row.get(0),
    )?;
    if was_closed(connection)? && size > ALWAYS_CHECKED {
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

#[cfg(test)]
mod tests {
    use crate::{Lake, OpenMode, VerifyLevel};

    use super::*;

    #[test]
    fn a_ledger_of_an_older_version_is_copied_first() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.sqlite");
        let connection = Connection::open(&path).unwrap();
        let first = MIGRATIONS[0];
        connection
            .execute_batch(&format!("{first}; PRAGMA user_version = 1;"))
            .unwrap();
        drop(connection);
        let copies = || {
            std::fs::read_dir(dir.path().join("backups"))
                .unwrap()
                .count()
        };
        let lake = Lake::open(dir.path(), OpenMode::ReadWrite).unwrap();
        assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
        assert_eq!(copies(), 1);
        drop(lake);
        drop(Lake::open(dir.path(), OpenMode::ReadWrite).unwrap());
        assert_eq!(copies(), 1);
    }
}
