//! What survives: updates, commits, reopening, damage, two writers, death between commits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nirnay_index::{IndexError, IndexWriter, Searcher, set_aside, verify};

use crate::corpus::{document, documents, judgment, keys};

const MEMORY: usize = 20_000_000;
/// Names the directory for the child that dies.
const DYING_IN: &str = "NIRNAY_INDEX_TEST_DIR";

fn build(dir: &Path) {
    let mut writer = IndexWriter::open(dir, MEMORY).unwrap();
    for document in documents() {
        writer.upsert(document).unwrap();
    }
    writer.commit("30").unwrap();
    writer.close().unwrap();
}

#[test]
fn unchanged_documents_are_skipped_and_changed_ones_replaced() {
    let mut writer = IndexWriter::in_memory(MEMORY).unwrap();
    let one = |text: &str| document("k", judgment("A versus B", "2024-01-01"), &[text]);
    assert!(writer.upsert(one("first")).unwrap());
    assert!(
        !writer.upsert(one("first")).unwrap(),
        "unchanged within the batch"
    );
    assert!(writer.upsert(one("second")).unwrap());
    writer.commit("1").unwrap();
    let searcher = writer.searcher().unwrap();
    assert_eq!(
        (
            keys(&searcher, "first").len(),
            keys(&searcher, "second").len()
        ),
        (0, 1)
    );

    assert!(
        !writer.upsert(one("second")).unwrap(),
        "unchanged since the commit"
    );
    assert!(writer.upsert(one("third")).unwrap());
    assert_eq!(
        writer.versions().get("k").unwrap(),
        Some(one("second").version)
    );
    writer.commit("2").unwrap();
    assert_eq!(
        writer.versions().get("k").unwrap(),
        Some(one("third").version)
    );
    assert_eq!(
        keys(&searcher, "second").len(),
        1,
        "a searcher stays on its commit"
    );
    searcher.reload().unwrap();
    assert_eq!(
        (searcher.document_count(), keys(&searcher, "second").len()),
        (1, 0)
    );
    assert_eq!(keys(&searcher, "third"), ["k"]);
}

#[test]
fn deleting() {
    let mut writer = IndexWriter::in_memory(MEMORY).unwrap();
    for document in documents() {
        writer.upsert(document).unwrap();
    }
    writer.commit("1").unwrap();
    writer.delete("d01").unwrap();
    writer.delete("absent").unwrap();
    writer.delete("d02").unwrap();
    assert!(
        writer.upsert(documents().remove(1)).unwrap(),
        "deleted in this batch: added again"
    );
    writer.commit("2").unwrap();
    let searcher = writer.searcher().unwrap();
    assert_eq!(
        (searcher.document_count(), keys(&searcher, "498A").len()),
        (29, 0)
    );
    assert_eq!(keys(&searcher, "2025 INSC 555"), ["d02"]);
    let mut listed = Vec::new();
    writer
        .versions()
        .for_each(|key, version| listed.push((key.to_owned(), version.len())))
        .unwrap();
    listed.sort();
    assert_eq!((listed.len(), &listed[0]), (29, &("d02".to_owned(), 64)));
    assert_eq!(writer.versions().get("d01").unwrap(), None);
}

#[test]
fn a_commit_survives_and_what_follows_it_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("index");
    assert!(matches!(
        Searcher::open(&dir),
        Err(IndexError::Missing { .. })
    ));
    build(&dir);
    {
        let mut writer = IndexWriter::open(&dir, MEMORY).unwrap();
        assert_eq!(writer.watermark().as_deref(), Some("30"));
        assert!(
            documents()
                .into_iter()
                .all(|document| !writer.upsert(document).unwrap())
        );
        writer
            .upsert(document(
                "late",
                judgment("LATE versus B", "2024-01-01"),
                &["uncommitted"],
            ))
            .unwrap();
        writer.delete("d01").unwrap();
        // Dropped without a commit, as when the process dies.
    }
    let searcher = Searcher::open(&dir).unwrap();
    assert_eq!(
        (searcher.document_count(), searcher.watermark().as_deref()),
        (30, Some("30"))
    );
    assert_eq!(keys(&searcher, "uncommitted").len(), 0);
}

/// The process dies with a batch half written out: the last commit is there, and can be added to.
#[test]
fn death_between_commits_leaves_the_last_one() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::child_that_dies", "--ignored"])
        .env(DYING_IN, dir.path())
        .output()
        .unwrap();
    assert!(!child.status.success());
    let searcher = Searcher::open(dir.path()).unwrap();
    assert_eq!(
        (searcher.document_count(), searcher.watermark().as_deref()),
        (30, Some("30"))
    );
    assert_eq!(keys(&searcher, "bail"), ["d01", "d03", "d08"]);
    let mut writer = IndexWriter::open(dir.path(), MEMORY).unwrap();
    writer.delete("d08").unwrap();
    writer.commit("31").unwrap();
    assert_eq!(
        keys(&Searcher::open(dir.path()).unwrap(), "bail"),
        ["d01", "d03"]
    );
    assert_eq!(verify(dir.path()).unwrap(), Vec::<PathBuf>::new());
}

#[test]
#[ignore = "run by death_between_commits_leaves_the_last_one, in a process of its own"]
fn child_that_dies() {
    let dir = PathBuf::from(std::env::var(DYING_IN).unwrap());
    let mut writer = IndexWriter::open(&dir, MEMORY).unwrap();
    writer.delete("d01").unwrap();
    // More than the memory of the writer, so that segments are on disk without being committed.
    for number in 0..40 {
        let words: Vec<String> = (0..40_000)
            .map(|word| format!("w{}", word * 40 + number))
            .collect();
        let late = document(
            &format!("late{number}"),
            judgment("LATE versus B", "2024-01-01"),
            &[&words.join(" ")],
        );
        writer.upsert(late).unwrap();
    }
    std::process::abort();
}

#[test]
fn a_searcher_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    fn moved<T: Send>() {}
    shared::<Searcher>();
    moved::<IndexWriter>();
}

#[test]
fn a_second_writer_is_turned_away_and_readers_are_not() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    let writer = IndexWriter::open(dir.path(), MEMORY).unwrap();
    assert!(matches!(
        IndexWriter::open(dir.path(), MEMORY),
        Err(IndexError::Locked { .. })
    ));
    assert_eq!(Searcher::open(dir.path()).unwrap().document_count(), 30);
    drop(writer);
    assert!(IndexWriter::open(dir.path(), MEMORY).is_ok());
}

#[test]
fn a_damaged_index_is_reported_set_aside_and_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let index = dir.path().join("index");
    for (number, damage) in [
        (1, "meta.json gone"),
        (2, "meta.json garbled"),
        (3, "files gone"),
        (4, "files cut"),
    ] {
        build(&index);
        let meta = index.join("meta.json");
        match number {
            1 => fs::remove_file(&meta).unwrap(),
            2 => fs::write(&meta, "{\"segments\": [").unwrap(),
            _ => {
                for entry in fs::read_dir(&index)
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                {
                    let is_data = entry
                        .extension()
                        .is_some_and(|kind| kind != "json" && kind != "lock");
                    if is_data && number == 3 {
                        fs::remove_file(entry).unwrap();
                    } else if is_data {
                        let bytes = fs::read(&entry).unwrap();
                        fs::write(&entry, &bytes[..bytes.len() / 2]).unwrap();
                    }
                }
            }
        }
        let error = IndexWriter::open(&index, MEMORY).unwrap_err();
        assert!(
            matches!(error, IndexError::Unusable { .. }) && error.wants_rebuild(),
            "{damage}: {error:?}"
        );
        assert!(Searcher::open(&index).is_err(), "{damage}");
        let aside = set_aside(&index).unwrap();
        assert_eq!(
            aside.file_name().unwrap().to_str(),
            Some(format!("index.bad-{number}").as_str())
        );
        build(&index);
        assert_eq!(
            keys(&Searcher::open(&index).unwrap(), "bail"),
            ["d01", "d03", "d08"]
        );
        fs::remove_dir_all(&index).unwrap();
    }
}

#[test]
fn an_index_of_another_schema_is_unusable() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    let meta = dir.path().join("meta.json");
    let other = fs::read_to_string(&meta)
        .unwrap()
        .replace("nirnay_exact_1", "nirnay_exact_0");
    fs::write(&meta, other).unwrap();
    let error = Searcher::open(dir.path()).unwrap_err();
    assert!(
        matches!(&error, IndexError::Unusable { why, .. } if why.contains("schema")),
        "{error:?}"
    );
}

/// Every file in turn, cut at many places: opening fails, always.
#[test]
fn a_cut_file_is_found_at_opening() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    for file in data_files(dir.path()) {
        let sound = fs::read(&file).unwrap();
        for part in 0..12 {
            fs::write(&file, &sound[..sound.len() * part / 12]).unwrap();
            let error = Searcher::open(dir.path()).unwrap_err();
            assert!(error.wants_rebuild(), "{}: {error:?}", file.display());
        }
        fs::write(&file, sound).unwrap();
    }
    assert_eq!(keys(&Searcher::open(dir.path()).unwrap(), "bail").len(), 3);
}

/// Every file in turn, with one byte changed at many places: `verify` finds it.
#[test]
fn a_changed_byte_is_found_by_verify() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    assert_eq!(verify(dir.path()).unwrap(), Vec::<PathBuf>::new());
    for file in data_files(dir.path()) {
        let sound = fs::read(&file).unwrap();
        let name = PathBuf::from(file.file_name().unwrap());
        for part in 0..12 {
            let mut damaged = sound.clone();
            damaged[sound.len() * part / 12] ^= 0x55;
            fs::write(&file, damaged).unwrap();
            match verify(dir.path()) {
                Ok(found) => assert_eq!(found, std::slice::from_ref(&name)),
                Err(error) => assert!(error.wants_rebuild(), "{error:?}"),
            }
        }
        fs::write(&file, sound).unwrap();
    }
}

/// The files of the segments of an index.
fn data_files(dir: &Path) -> Vec<PathBuf> {
    let files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|kind| kind != "json" && kind != "lock")
        })
        .collect();
    assert!(files.len() >= 6);
    files
}
