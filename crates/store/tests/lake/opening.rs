//! Opening a lake: one writer, no newer or damaged ledger, no full disk.

use nirnay_store::{Derived, JudgmentFilter, Lake, OpenMode, Repair, StoreError, VerifyLevel};

use crate::rows::{begin, judgment, open, page, spec, take};

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

/// Makes the ledger of a closed lake what version 2 of the schema left.
fn as_version_2(dir: &std::path::Path) {
    let connection = rusqlite::Connection::open(dir.join("ledger.sqlite")).unwrap();
    connection
        .execute_batch(
            "DROP VIEW removed_cases; DROP TABLE case_follow_ups; DROP TABLE case_items; DROP TABLE case_documents;
             DROP TABLE case_listings; DROP TABLE cases;
             ALTER TABLE partitions DROP COLUMN structured;
             ALTER TABLE partitions DROP COLUMN cited;
             ALTER TABLE partitions DROP COLUMN recognised;
             UPDATE meta SET value = '2.1' WHERE key = 'format';
             PRAGMA user_version = 2;",
        )
        .unwrap();
    let columns = |connection: &rusqlite::Connection| -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT name FROM pragma_table_info('partitions') ORDER BY name")
            .unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    // It is what the steps of that version make.
    let made = rusqlite::Connection::open_in_memory().unwrap();
    for step in [
        include_str!("../../src/ledger/schema/001.sql"),
        include_str!("../../src/ledger/schema/002.sql"),
    ] {
        made.execute_batch(step).unwrap();
    }
    assert_eq!(columns(&connection), columns(&made));
}

#[test]
fn a_lake_of_version_2_is_read_as_it_is_and_brought_to_this_one_by_a_writer() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let window = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(window, run, 0, 3, [1, 2, 3]));
    lake.publish_judgments(&mut |_| {}).unwrap();
    let all = [
        Derived::Tables,
        Derived::Text,
        Derived::Index,
        Derived::Ocr,
        Derived::Structure,
        Derived::Citations,
    ];
    for layer in all {
        let changed = lake.ledger().changed_partitions(layer).unwrap();
        lake.ledger().layer_made(layer, &changed).unwrap();
    }
    drop(lake);
    as_version_2(dir.path());

    let reader = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let shards = reader.shards().unwrap();
    assert_eq!(shards.len(), 1);
    let judgments = reader.published_judgments(JudgmentFilter::default());
    assert_eq!(judgments.unwrap().count(), 3);
    assert_eq!(reader.read_text(&shards[0]).unwrap().count(), 0);
    let mut pictures = reader.ocr_pages(&shards[0]).unwrap();
    let read = pictures.of_document(&judgment(1).key(), &nirnay_model::Sha256::of(b"pdf"));
    assert_eq!(read.unwrap(), []);
    assert_eq!(reader.ledger().layer_sums().unwrap()[0].1, 3);
    let errors = reader.verify(VerifyLevel::Full).unwrap();
    let errors: Vec<_> = errors
        .iter()
        .filter(|finding| finding.repair != Some(Repair::Approve))
        .collect();
    assert_eq!(errors, Vec::<&nirnay_store::Finding>::new());
    drop(reader);
    let version = || -> i64 {
        let connection = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
        connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(version(), 2, "a reader changes nothing");

    let lake = open(dir.path());
    for layer in all {
        let due = lake.ledger().changed_partitions(layer).unwrap();
        assert_eq!(due.len(), 1, "{layer:?} is made again in the new form");
    }
    let judgments = lake.published_judgments(JudgmentFilter::default());
    assert_eq!(judgments.unwrap().count(), 3);
    assert_eq!(lake.publish_judgments(&mut |_| {}).unwrap().rows, 3);
    drop(lake);
    assert_eq!(version(), 4);
}
