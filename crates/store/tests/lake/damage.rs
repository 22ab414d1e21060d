//! Ledgers that are lost, damaged, older than they were, or another's; copies, and what comes back from them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use nirnay_model::Verification;
use nirnay_store::{
    FetchedBlob, Lake, OpenMode, Repair, Severity, StoreError, VerifyLevel, WindowState,
};

use crate::rows::{begin, judgment, open, page, published, spec, take, time};

/// A lake with a walked window, a document and tables, closed.
fn filled(dir: &Path) {
    let lake = open(dir);
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(id, run, 0, 10, 0..10));
    lake.ledger()
        .close_window(id, WindowState::Complete, time("2026-11-21T10:10:00Z"))
        .unwrap();
    lake.store_documents(&[FetchedBlob {
        row_key: judgment(1).key(),
        bytes: Bytes::from_static(b"%PDF-1.4 a document"),
        check: Verification::Matched,
        run: run.id,
        at: time("2026-11-21T10:30:00Z"),
    }])
    .unwrap();
    lake.publish_judgments(&mut |_| {}).unwrap();
}

fn refusal(dir: &Path, mode: OpenMode) -> String {
    match Lake::open(dir, mode) {
        Err(StoreError::Corrupt { path, detail }) => {
            assert!(path.ends_with("ledger.sqlite"), "{}", path.display());
            detail
        }
        other => panic!("{other:?}"),
    }
}

fn ledger(dir: &Path) -> PathBuf {
    dir.join("ledger.sqlite")
}

#[test]
fn a_lost_ledger_is_not_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let tables = published(dir.path());
    for lost in [true, false] {
        if lost {
            fs::remove_file(ledger(dir.path())).unwrap();
        } else {
            fs::write(ledger(dir.path()), b"").unwrap();
        }
        assert!(refusal(dir.path(), OpenMode::ReadWrite).contains("missing or empty"));
    }
    // There was no copy yet: what the files hold is all that is left.
    let report = Lake::rescue(dir.path()).unwrap();
    assert_eq!(
        (
            report.restored,
            report.captures_found,
            report.documents_found
        ),
        (None, 1, 1)
    );
    assert!(report.set_aside.unwrap().join("ledger.mark").is_file());
    let lake = open(dir.path());
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    assert!(lake.ledger().windows(None).unwrap().is_empty());
    // The next run has another number than the lost one, whose captures carry it.
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    assert_eq!(run.id, 2);
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(id, run, 0, 10, 0..10));
    let blob = FetchedBlob {
        row_key: judgment(1).key(),
        bytes: Bytes::from_static(b"%PDF-1.4 a document"),
        check: Verification::Matched,
        run: run.id,
        at: time("2026-11-21T10:30:00Z"),
    };
    assert_eq!(
        lake.store_documents(&[blob]).unwrap().new,
        0,
        "it was found"
    );
    lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!(published(dir.path()), tables, "as before");
}

#[test]
fn transactions_that_vanish_are_noticed() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let older = tempfile::tempdir().unwrap();
    let copy = older.path().join("copy");
    let lake = open(dir.path());
    lake.ledger().backup(&copy).unwrap();
    lake.ledger()
        .plan_window(&spec("2023-01-01..2023-12-31"))
        .unwrap();
    drop(lake);
    fs::copy(&copy, ledger(dir.path())).unwrap();
    for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
        let detail = refusal(dir.path(), mode);
        assert!(detail.contains("1 of "), "{detail}");
        assert!(detail.contains("are gone"), "{detail}");
    }
    // A log that is cut is taken for its end by SQLite, and not by the lake.
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let lake = open(dir.path());
    for year in 2001..2020 {
        lake.ledger()
            .plan_window(&spec(&format!("{year}-01-01..{year}-12-31")))
            .unwrap();
    }
    let killed = tempfile::tempdir().unwrap();
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.mark"] {
        fs::copy(dir.path().join(name), killed.path().join(name)).unwrap();
    }
    let log = killed.path().join("ledger.sqlite-wal");
    let length = fs::metadata(&log).unwrap().len();
    let cut = |length| {
        let file = fs::File::options().write(true).open(&log).unwrap();
        file.set_len(length).unwrap();
    };
    cut(length / 2);
    assert!(refusal(killed.path(), OpenMode::ReadWrite).contains("are gone"));
}

#[test]
fn another_ledger_is_refused() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    filled(one.path());
    filled(two.path());
    fs::copy(ledger(two.path()), ledger(one.path())).unwrap();
    assert!(refusal(one.path(), OpenMode::ReadWrite).contains("not the ledger"));
}

#[test]
fn decay_is_damage_and_a_change_from_outside_is_told() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let path = ledger(dir.path());
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    let whole = fs::read(&path).unwrap();
    // A letter of a value: every check that SQLite has finds this ledger sound.
    let place = whole
        .windows(12)
        .position(|bytes| bytes == b"High Court o")
        .unwrap();
    let mut bytes = whole.clone();
    bytes[place] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let touch = |time| {
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(time).unwrap();
    };
    touch(written);
    for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
        assert!(refusal(dir.path(), mode).contains("nothing wrote to it"));
    }
    // The same bytes, written by somebody: that is for people to judge.
    fs::write(&path, &whole).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch("UPDATE meta SET value = value WHERE key = 'id'; CREATE TABLE mine (a); PRAGMA wal_checkpoint;")
        .unwrap();
    drop(connection);
    touch(written + Duration::from_secs(5));
    let lake = open(dir.path());
    let findings = lake.verify(VerifyLevel::Quick).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (findings[0].severity, findings[0].repair.clone()),
        (Severity::Warning, Some(Repair::Approve))
    );
    lake.repair(&findings).unwrap();
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[test]
fn a_copy_a_day_and_seven_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    assert!(!dir.path().join("backups").exists(), "nothing to copy yet");
    filled(dir.path());
    let lake = open(dir.path());
    let copies = || fs::read_dir(dir.path().join("backups")).unwrap().count();
    assert_eq!(copies(), 1);
    let now = jiff::Timestamp::now();
    let hours = |hours| now + jiff::SignedDuration::from_hours(hours);
    assert_eq!(lake.back_up(hours(23)).unwrap(), None);
    for day in 1..12 {
        assert!(lake.back_up(hours(25 * day)).unwrap().is_some());
    }
    assert_eq!(copies(), 7);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    let newest = fs::read_dir(dir.path().join("backups"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max()
        .unwrap();
    let mut bytes = fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&newest, bytes).unwrap();
    let findings = lake.verify(VerifyLevel::Full).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    drop(lake);
    // The damaged copy is passed over.
    fs::write(ledger(dir.path()), [7; 9000]).unwrap();
    let report = Lake::rescue(dir.path()).unwrap();
    assert!(report.restored.is_some_and(|copy| copy != newest));
    let lake = open(dir.path());
    lake.repair(&lake.verify(VerifyLevel::Full).unwrap())
        .unwrap();
    lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    assert_eq!(copies(), 6);
}

#[test]
fn a_damaged_row_is_found_and_a_copy_gives_it_back() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    drop(open(dir.path())); // makes a copy
    let tables = published(dir.path());
    let connection = rusqlite::Connection::open(ledger(dir.path())).unwrap();
    connection
        .execute_batch(
            "UPDATE judgment_values SET judgment = replace(judgment, 'Delhi', 'Dehli') WHERE row_id = 3",
        )
        .unwrap();
    drop(connection);
    let lake = open(dir.path());
    let findings = lake.verify(VerifyLevel::Full).unwrap();
    assert!(
        findings.iter().any(|finding| finding.invariant == "I2"),
        "{findings:?}"
    );
    let report = lake.repair(&findings).unwrap();
    assert!(report.needs_restore);
    drop(lake);
    let report = Lake::restore(dir.path()).unwrap();
    assert!(report.restored.is_some());
    let lake = open(dir.path());
    lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    assert_eq!(published(dir.path()), tables);
}

#[test]
fn the_log_of_the_ledger_stays_short() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let log = dir.path().join("ledger.sqlite-wal");
    let mut longest = 0;
    for number in 0..1200_u64 {
        let count = begin(lake.ledger(), "2026-11-21T10:00:00Z").id;
        assert_eq!(count, 1, "{number}");
        longest = longest.max(fs::metadata(&log).unwrap().len());
    }
    let now = fs::metadata(&log).unwrap().len();
    assert!(
        longest < 16 << 20 && now < longest / 2,
        "{now} of {longest}"
    );
}
