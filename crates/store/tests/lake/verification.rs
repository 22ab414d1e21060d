//! Planted damage is found, and mended where something to the left can mend it.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use nirnay_model::{DocumentState, Sha256, Verification};
use nirnay_store::{FetchedBlob, Lake, Severity, VerifyLevel, WindowState};

use crate::rows::{begin, judgment, open, page, published, spec, take, time};

const PDF: &[u8] = b"%PDF-1.4 a document";

fn lake(dir: &Path) -> Lake {
    let lake = open(dir);
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(id, run, 0, 20, 0..10));
    take(&lake, &page(id, run, 10, 20, 10..20));
    lake.ledger()
        .close_window(id, WindowState::Complete, time("2026-11-21T10:10:00Z"))
        .unwrap();
    let blob = |number| FetchedBlob {
        row_key: judgment(number).key(),
        bytes: Bytes::from_static(PDF),
        check: Verification::Matched,
        run: run.id,
        at: time("2026-11-21T10:30:00Z"),
    };
    lake.store_documents(&[blob(1), blob(2)]).unwrap();
    lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!(
        lake.ledger()
            .rows_sharing_blob(&Sha256::of(PDF))
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        lake.verify(VerifyLevel::Full).unwrap(),
        [],
        "nothing is wrong yet"
    );
    lake
}

fn found(lake: &Lake, level: VerifyLevel) -> Vec<(&'static str, bool)> {
    lake.verify(level)
        .unwrap()
        .into_iter()
        .map(|finding| (finding.invariant, finding.repairable))
        .collect()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn repaired(lake: &Lake) -> nirnay_store::RepairReport {
    let report = lake
        .repair(&lake.verify(VerifyLevel::Full).unwrap())
        .unwrap();
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    report
}

#[test]
fn a_flipped_bit_in_a_document() {
    let dir = tempfile::tempdir().unwrap();
    let lake = lake(dir.path());
    flip(&lake.documents().path(&Sha256::of(PDF)));
    assert_eq!(found(&lake, VerifyLevel::Quick), [], "the size is right");
    assert_eq!(found(&lake, VerifyLevel::Full), [("I4", true)]);
    assert!(lake.documents().read(&Sha256::of(PDF)).is_err());
    assert_eq!(repaired(&lake).documents_pending, 2);
    assert_eq!(
        lake.ledger().document_state(&judgment(1).key()).unwrap(),
        DocumentState::Pending
    );
}

#[test]
fn a_missing_document() {
    let dir = tempfile::tempdir().unwrap();
    let lake = lake(dir.path());
    fs::remove_file(lake.documents().path(&Sha256::of(PDF))).unwrap();
    assert_eq!(found(&lake, VerifyLevel::Quick), [("I4", true)]);
    assert_eq!(repaired(&lake).documents_pending, 2);
}

fn part(lake: &Lake) -> PathBuf {
    lake.dir()
        .join("judgments/year=2024/court=7_26/bench=dhcdb/part-0000.parquet")
}

#[test]
fn a_missing_and_a_damaged_published_file() {
    let dir = tempfile::tempdir().unwrap();
    let lake = lake(dir.path());
    let before = published(dir.path());
    fs::remove_file(part(&lake)).unwrap();
    assert_eq!(found(&lake, VerifyLevel::Quick), [("I5", true)]);
    assert_eq!(repaired(&lake).republished, 1);
    flip(&part(&lake));
    assert_eq!(found(&lake, VerifyLevel::Quick), []);
    assert_eq!(found(&lake, VerifyLevel::Full), [("I5", true)]);
    repaired(&lake);
    fs::write(part(&lake).with_file_name("part-0007.parquet"), b"stray").unwrap();
    fs::write(dir.path().join("manifest.json"), b"{}").unwrap();
    assert_eq!(
        found(&lake, VerifyLevel::Quick),
        [("I5", true), ("I5", true)]
    );
    repaired(&lake);
    assert_eq!(
        published(dir.path()),
        before,
        "the same bytes as before the damage"
    );
}

#[test]
fn a_truncated_and_a_damaged_file_of_captures() {
    let dir = tempfile::tempdir().unwrap();
    drop(lake(dir.path()));
    let path = dir.path().join("captures/000001-0001.warc.gz");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 700]).unwrap();
    let lake = open(dir.path());
    assert!(
        found(&lake, VerifyLevel::Quick).contains(&("I7", false)),
        "a short file is not taken for a torn tail"
    );
    assert!(found(&lake, VerifyLevel::Full).len() > 1);
    fs::write(&path, &whole).unwrap();
    assert_eq!(found(&lake, VerifyLevel::Full), []);
    flip(&path);
    assert_eq!(found(&lake, VerifyLevel::Quick), []);
    assert!(found(&lake, VerifyLevel::Full).contains(&("I7", false)));
    fs::remove_file(&path).unwrap();
    assert!(found(&lake, VerifyLevel::Quick).contains(&("I7", false)));
}

#[test]
fn a_file_nothing_refers_to() {
    let dir = tempfile::tempdir().unwrap();
    let lake = lake(dir.path());
    let path = lake.documents().path(&Sha256::of(b"orphan"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, b"orphan").unwrap();
    let findings = lake.verify(VerifyLevel::Quick).unwrap();
    assert_eq!(
        (findings[0].severity, findings[0].repairable),
        (Severity::Warning, false),
        "it may be about to be recorded"
    );
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_hours(48);
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    assert_eq!(repaired(&lake).removed, 1);
    assert!(!path.exists());
}

#[test]
fn sums_that_do_not_agree() {
    let dir = tempfile::tempdir().unwrap();
    drop(lake(dir.path()));
    let connection = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
    connection
        .execute_batch(
            "UPDATE pages SET new = new + 1 WHERE start = 0; DELETE FROM members WHERE item = 3",
        )
        .unwrap();
    drop(connection);
    let lake = open(dir.path());
    let findings = found(&lake, VerifyLevel::Quick);
    assert_eq!(
        findings.iter().filter(|(rule, _)| *rule == "I1").count(),
        2,
        "{findings:?}"
    );
}
