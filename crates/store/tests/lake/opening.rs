//! Opening a lake: one writer, no newer or damaged ledger, no full disk.

use nirnay_store::{Lake, OpenMode, StoreError};

use crate::rows::{open, spec};

#[test]
fn one_writer_and_no_newer_ledger() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        Lake::open(dir.path(), OpenMode::ReadOnly),
        Err(StoreError::NotFound { .. })
    ));
    let lake = open(dir.path());
    match Lake::open(dir.path(), OpenMode::ReadWrite) {
        Err(StoreError::Locked { pid, path, .. }) => {
            assert_eq!(pid, Some(std::process::id()));
            assert_eq!(path, dir.path().join("LOCK"));
        }
        other => panic!("{other:?}"),
    }
    let reader = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    assert!(matches!(
        reader.ledger().plan_window(&spec("2024-01-01..2024-01-01")),
        Err(StoreError::ReadOnly { .. })
    ));
    assert!(matches!(
        reader.publish_revisions(),
        Err(StoreError::ReadOnly { .. })
    ));
    lake.ledger()
        .backup(&dir.path().join("copy.sqlite"))
        .unwrap();
    drop((lake, reader));
    let connection = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
    connection
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    drop(connection);
    assert!(matches!(
        Lake::open(dir.path(), OpenMode::ReadWrite),
        Err(StoreError::Newer { found: 99, .. })
    ));
}

#[test]
fn a_damaged_ledger_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let path = dir.path().join("ledger.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(
        Lake::open(dir.path(), OpenMode::ReadWrite),
        Err(StoreError::Corrupt { .. })
    ));
    std::fs::write(
        &path,
        b"something else entirely, but long enough to be read as a header........",
    )
    .unwrap();
    assert!(matches!(
        Lake::open(dir.path(), OpenMode::ReadWrite),
        Err(StoreError::Corrupt { .. })
    ));
}

#[test]
fn a_full_disk_stops_a_batch_before_it_begins() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    lake.set_min_free(u64::MAX / 2);
    assert!(matches!(
        lake.check_space(1),
        Err(StoreError::DiskFull { .. })
    ));
    assert!(matches!(
        lake.store_documents(&[]),
        Err(StoreError::DiskFull { .. })
    ));
}
