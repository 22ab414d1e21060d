//! What a rescue keeps, and what is not taken for damage.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use nirnay_model::{CaptureId, CapturedBody};
use nirnay_store::{Entry, Files, Lake, OpenMode, Repair, StoreError, VerifyLevel};

use crate::rows::{begin, capture, open};

fn id(number: u8) -> CaptureId {
    CaptureId::of_parts([[number].as_slice()])
}

/// A lake with a file of captures, and where each of them begins and ends.
fn filled(dir: &Path) -> Vec<(usize, usize)> {
    let lake = open(dir);
    begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let file = dir.join("captures/000001-0001.warc.gz");
    let mut places = Vec::new();
    for number in 0..4 {
        let start = fs::metadata(&file).map_or(0, |file| file.len()) as usize;
        let body = CapturedBody::Inline(vec![number; 500]);
        lake.captures().append(&capture(&id(number), body)).unwrap();
        lake.captures().sync().unwrap();
        places.push((start, fs::metadata(&file).unwrap().len() as usize));
    }
    places
}

fn whole(dir: &Path) -> Vec<u8> {
    let lake = Lake::open(dir, OpenMode::ReadOnly).unwrap();
    (0..4)
        .filter(|number| matches!(lake.captures().read(&id(*number)), Ok(Some(_))))
        .collect()
}

/// Everything that was set aside, added up.
fn set_aside(dir: &Path) -> u64 {
    let folders = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    folders
        .filter(|path| path.to_string_lossy().contains("/damaged-"))
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name().to_string_lossy().contains(".warc.gz"))
        .map(|entry| entry.metadata().unwrap().len())
        .sum()
}

#[test]
fn records_behind_a_damaged_one_are_kept() {
    for (damaged, kept) in [(0, vec![1, 2, 3]), (1, vec![0, 2, 3]), (3, vec![0, 1, 2])] {
        let dir = tempfile::tempdir().unwrap();
        let places = filled(dir.path());
        let path = dir.path().join("captures/000001-0001.warc.gz");
        let mut bytes = fs::read(&path).unwrap();
        let (start, end) = places[damaged];
        for place in [start + 30, usize::midpoint(start, end), end - 20] {
            bytes[place] ^= 0x55;
        }
        fs::write(&path, &bytes).unwrap();
        fs::write(dir.path().join("ledger.sqlite"), [7; 9000]).unwrap();
        Lake::rescue(dir.path()).unwrap();
        assert_eq!(whole(dir.path()), kept, "{damaged}");
        let left = fs::metadata(&path).unwrap().len();
        assert_eq!(
            left + set_aside(dir.path()),
            bytes.len() as u64,
            "no byte is thrown away"
        );
        let findings = open(dir.path()).verify(VerifyLevel::Full).unwrap();
        assert_eq!(findings.is_empty(), damaged == 3, "{findings:?}");
    }
}

#[test]
fn a_file_without_a_readable_record_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    let path = dir.path().join("captures/000001-0001.warc.gz");
    let length = fs::metadata(&path).unwrap().len();
    fs::write(&path, vec![0; length as usize]).unwrap();
    fs::remove_file(dir.path().join("ledger.sqlite")).unwrap();
    Lake::rescue(dir.path()).unwrap();
    assert_eq!((path.exists(), set_aside(dir.path())), (false, length));
}

#[test]
fn a_ledger_older_than_its_captures_costs_none_of_them() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let old = fs::read(dir.path().join("ledger.sqlite")).unwrap();
    filled(dir.path());
    let length = fs::metadata(dir.path().join("captures/000001-0001.warc.gz"))
        .unwrap()
        .len();
    // Somebody who puts back an old copy by hand, and removes what stands in its way.
    fs::write(dir.path().join("ledger.sqlite"), old).unwrap();
    for name in ["ledger.mark", "ledger.seal"] {
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    drop(open(dir.path()));
    assert_eq!(set_aside(dir.path()), length);
}

/// A disk that does not give the bytes of some files.
#[derive(Debug)]
struct Refusing(&'static str);

impl Files for Refusing {
    fn open(&self, path: &Path) -> std::io::Result<File> {
        // A folder can be opened and not read.
        let refuses = path.to_string_lossy().contains(self.0);
        File::open(if refuses { Path::new("/") } else { path })
    }

    fn list(&self, dir: &Path) -> std::io::Result<Vec<Entry>> {
        nirnay_store::OsFiles.list(dir)
    }
}

fn refusing(part: &'static str) -> Arc<dyn Files> {
    Arc::new(Refusing(part))
}

#[test]
fn what_the_disk_refuses_is_not_damage() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    drop(open(dir.path())); // makes a copy
    let path = dir.path().join("captures/000001-0001.warc.gz");
    let length = fs::metadata(&path).unwrap().len();
    let lake = Lake::open_with(refusing(".sqlite.zst"), dir.path(), OpenMode::ReadWrite).unwrap();
    let findings = lake.verify(VerifyLevel::Full).unwrap();
    assert_eq!(
        (findings.len(), &findings[0].repair),
        (1, &None),
        "{findings:?}"
    );
    drop(lake);
    fs::write(dir.path().join("ledger.sqlite"), [7; 9000]).unwrap();
    let refused = Lake::rescue_with(&refusing(".warc.gz"), dir.path());
    assert!(matches!(refused, Err(StoreError::Io { .. })), "{refused:?}");
    assert_eq!(fs::metadata(&path).unwrap().len(), length);
}

#[test]
fn a_copy_that_fails_is_no_reason_to_give_up_the_ledger() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    // The copy due at this opening does not read back.
    let files = refusing("/.tmp/");
    assert_eq!(
        Lake::rescue_with(&files, dir.path()).unwrap(),
        nirnay_store::RescueReport::default()
    );
    let lake = Lake::open_with(files, dir.path(), OpenMode::ReadWrite).unwrap();
    let findings = lake.verify(VerifyLevel::Quick).unwrap();
    assert!(
        findings.iter().any(|finding| finding.where_ == "backups"),
        "{findings:?}"
    );
    drop(lake);
    drop(open(dir.path()));
    assert_eq!(fs::read_dir(dir.path().join("backups")).unwrap().count(), 1);
}

#[test]
fn a_sector_that_cannot_be_read_is_a_finding() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path());
    open(dir.path()).publish_judgments(&mut |_| {}).unwrap();
    let lake = Lake::open_with(refusing(".warc.gz"), dir.path(), OpenMode::ReadWrite).unwrap();
    let findings = lake.verify(VerifyLevel::Full).unwrap();
    assert!(
        findings
            .iter()
            .any(|found| found.invariant == "I7" && found.repair.is_none()),
        "{findings:?}"
    );
    assert!(
        !findings
            .iter()
            .any(|found| matches!(found.repair, Some(Repair::Restore)))
    );
}

#[test]
fn a_rescue_that_died_half_way_is_a_lost_ledger() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let aside = dir.path().join("damaged-20261121T100000Z");
    fs::create_dir(&aside).unwrap();
    for name in ["ledger.sqlite", "ledger.mark", "ledger.seal"] {
        fs::rename(dir.path().join(name), aside.join(name)).ok();
    }
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && !path.ends_with("LOCK") {
            fs::remove_file(path).unwrap();
        }
    }
    for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
        let refused = Lake::open(dir.path(), mode);
        assert!(
            matches!(refused, Err(StoreError::Corrupt { .. })),
            "{refused:?}"
        );
    }
    Lake::rescue(dir.path()).unwrap();
    drop(open(dir.path()));
}
