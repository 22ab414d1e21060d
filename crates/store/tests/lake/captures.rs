//! Captures: written, found, read back, and what a crash leaves of them.

use nirnay_model::{CaptureId, CapturedBody, Sha256};

use crate::rows::{begin, capture, open};

fn id(text: &str) -> CaptureId {
    CaptureId::of_parts([text.as_bytes()])
}

fn inline(text: &str) -> nirnay_model::Capture {
    capture(&id(text), CapturedBody::Inline(text.as_bytes().to_vec()))
}

fn files(dir: &std::path::Path) -> Vec<(String, u64)> {
    let mut files: Vec<_> = std::fs::read_dir(dir.join("captures"))
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.metadata().unwrap().len(),
            )
        })
        .collect();
    files.sort();
    files
}

#[test]
fn captures_are_read_back_before_and_after_sync() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    begin(lake.ledger(), "2026-11-21T10:00:00Z");
    lake.captures().append(&inline("one")).unwrap();
    assert_eq!(lake.captures().read(&id("one")).unwrap().unwrap(), b"one");
    lake.captures().sync().unwrap();
    lake.captures().append(&inline("one")).unwrap();
    lake.captures().append(&inline("two")).unwrap();
    lake.captures().sync().unwrap();
    assert_eq!(lake.captures().read(&id("one")).unwrap().unwrap(), b"one");
    assert_eq!(lake.captures().read(&id("two")).unwrap().unwrap(), b"two");
    assert_eq!(lake.captures().read(&id("three")).unwrap(), None);
    let document = CapturedBody::Document {
        sha256: Sha256::of(b"%PDF"),
        size: 4,
    };
    lake.captures()
        .append(&capture(&id("pdf"), document))
        .unwrap();
    assert_eq!(
        lake.captures().read(&id("pdf")).unwrap(),
        None,
        "its bytes are not stored"
    );
}

#[test]
fn a_torn_tail_is_cut_and_the_file_continued() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    begin(lake.ledger(), "2026-11-21T10:00:00Z");
    lake.captures().append(&inline("durable")).unwrap();
    lake.captures().sync().unwrap();
    let durable = files(dir.path());
    lake.captures().append(&inline("lost")).unwrap();
    drop(lake);
    assert!(
        files(dir.path())[0].1 > durable[0].1,
        "the drop wrote what was buffered"
    );
    std::fs::write(
        dir.path().join("captures/000009-0001.warc.gz"),
        b"never recorded",
    )
    .unwrap();
    std::fs::create_dir_all(dir.path().join(".tmp")).unwrap();
    std::fs::write(dir.path().join(".tmp/1-1"), b"unfinished").unwrap();

    let lake = open(dir.path());
    assert_eq!(files(dir.path()), durable);
    assert!(!dir.path().join(".tmp").exists());
    begin(lake.ledger(), "2026-11-21T12:00:00Z");
    assert_eq!(lake.captures().read(&id("lost")).unwrap(), None);
    lake.captures().append(&inline("later")).unwrap();
    lake.captures().sync().unwrap();
    assert_eq!(files(dir.path()).len(), 1, "the run's file goes on");
    assert_eq!(
        lake.captures().read(&id("durable")).unwrap().unwrap(),
        b"durable"
    );
    assert_eq!(
        lake.captures().read(&id("later")).unwrap().unwrap(),
        b"later"
    );
}
