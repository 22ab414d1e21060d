//! Text: extracted once, published as often as needed.

use bytes::Bytes;
use nirnay_model::{ExtractMethod, PageText, Verification};
use nirnay_store::{CachedText, Derived, FetchedBlob, Lake, Shard, TextOutcome, VerifyLevel};

use crate::rows::{begin, judgment, open, page, published, spec, take, time};

fn store(lake: &Lake, numbers: impl IntoIterator<Item = u64>) {
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    lake.ledger().restart_walk(id).unwrap();
    let numbers: Vec<u64> = numbers.into_iter().collect();
    take(
        lake,
        &page(id, run, 0, numbers.len() as u64, numbers.iter().copied()),
    );
    let batch: Vec<FetchedBlob> = numbers
        .iter()
        .map(|number| FetchedBlob {
            row_key: judgment(*number).key(),
            bytes: Bytes::from(format!("%PDF-1.4 {number}")),
            check: Verification::Matched,
            run: run.id,
            at: time("2026-11-21T10:30:00Z"),
        })
        .collect();
    lake.store_documents(&batch).unwrap();
}

fn text(salt: &str, pages: u32) -> CachedText {
    let page = |page| PageText {
        page,
        text: format!("Page {page} of {salt}: the petition is dismissed. न्यायालय"),
        chars: 40,
        quality: 0.975_3,
        method: ExtractMethod::Digital,
        script: (page > 1).then(|| "Latn".to_owned()),
        needs_ocr: page == 1,
        ..PageText::default()
    };
    CachedText {
        extractor: "x 1".to_owned(),
        engine: "engine 1.0".to_owned(),
        outcome: TextOutcome::Pages((1..=pages).map(page).collect()),
        notes: Vec::new(),
    }
}

/// Extracts what is not ready, as a pipeline does, and publishes; returns how many were extracted.
fn extract(lake: &Lake) -> usize {
    let mut extracted = 0;
    for shard in lake.shards().unwrap() {
        for job in lake
            .text_shard_documents(&shard)
            .unwrap()
            .into_iter()
            .filter(|job| job.made_by.is_none())
        {
            let digit = job.sha256.as_bytes()[0];
            lake.put_cached_text(
                &job.sha256,
                &text(&job.sha256.to_string(), u32::from(digit % 3) + 1),
            )
            .unwrap();
            extracted += 1;
        }
        lake.publish_text(&shard).unwrap();
    }
    lake.finish_text().unwrap();
    lake.publish_judgments(&mut |_| {}).unwrap();
    extracted
}

fn only_shard(lake: &Lake) -> Shard {
    let shards = lake.shards().unwrap();
    assert_eq!(shards.len(), 1);
    shards[0].clone()
}

fn cached_files(lake: &Lake) -> usize {
    let folders = std::fs::read_dir(lake.dir().join("text/.work")).unwrap();
    folders
        .map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count())
        .sum()
}

#[test]
fn text_is_extracted_once() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    store(&lake, 1..30);
    assert_eq!(extract(&lake), 29);
    assert_eq!(cached_files(&lake), 0, "published text needs no cache");
    let first = published(dir.path());
    assert_eq!(extract(&lake), 0);
    assert_eq!(published(dir.path()), first);

    store(&lake, 1..50);
    assert_eq!(extract(&lake), 20, "only new documents");
    let grown = published(dir.path());
    let other = tempfile::tempdir().unwrap();
    let at_once = open(other.path());
    store(&at_once, 1..50);
    extract(&at_once);
    let text_of = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files
            .iter()
            .find(|(path, _)| path.starts_with("text/"))
            .map(|(_, bytes)| bytes.clone())
            .unwrap()
    };
    assert_eq!(
        text_of(&grown),
        text_of(&published(other.path())),
        "in two steps or in one: the same bytes"
    );
}

#[test]
fn published_text_is_read_back_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    store(&lake, 1..10);
    extract(&lake);
    let shard = only_shard(&lake);
    let rows: Vec<_> = lake
        .read_text(&shard)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let jobs = lake.text_shard_documents(&shard).unwrap();
    let mut place = 0;
    for job in &jobs {
        let TextOutcome::Pages(pages) = text(
            &job.sha256.to_string(),
            u32::from(job.sha256.as_bytes()[0] % 3) + 1,
        )
        .outcome
        else {
            unreachable!()
        };
        let state = lake.ledger().document_state(&job.row_key).unwrap();
        assert!(
            matches!(state, nirnay_model::DocumentState::Stored(facts) if facts.pages == Some(pages.len() as u32))
        );
        for page in pages {
            let row = &rows[place];
            assert_eq!(
                (&row.page, &row.row_key, row.sha256),
                (&page, &job.row_key, job.sha256)
            );
            assert_eq!(
                (row.cnr.as_ref(), row.decision_date),
                (job.cnr.as_ref(), job.decision_date)
            );
            place += 1;
        }
    }
    assert_eq!(place, rows.len());
}

#[test]
fn failures_and_empty_documents_are_not_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    store(&lake, 1..4);
    let shard = only_shard(&lake);
    let jobs = lake.text_shard_documents(&shard).unwrap();
    let failed = CachedText {
        extractor: "x 1".to_owned(),
        engine: "e".to_owned(),
        outcome: TextOutcome::Failed("too deep".to_owned()),
        notes: Vec::new(),
    };
    lake.put_cached_text(&jobs[0].sha256, &failed).unwrap();
    lake.put_cached_text(&jobs[1].sha256, &text("", 0)).unwrap();
    let report = lake.publish_text(&shard).unwrap();
    assert_eq!(
        (
            report.documents,
            report.failed,
            report.missing,
            report.pages
        ),
        (3, 1, 1, 0)
    );
    let ready: Vec<bool> = lake
        .text_shard_documents(&shard)
        .unwrap()
        .iter()
        .map(|job| job.made_by.is_some())
        .collect();
    assert_eq!(ready, [true, true, false]);
    assert_eq!(lake.read_text(&shard).unwrap().count(), 0);
    assert_eq!(lake.cached_text(&jobs[0].sha256).unwrap(), Some(failed));
}

#[test]
fn lost_text_is_extracted_again() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    store(&lake, 1..10);
    extract(&lake);
    let before = published(dir.path());
    std::fs::remove_dir_all(dir.path().join("text")).unwrap();
    assert_eq!(extract(&lake), 9);
    assert_eq!(published(dir.path()), before);
}

#[test]
fn text_that_fsck_drops_is_extracted_again() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    store(&lake, 1..10);
    extract(&lake);
    let made = lake.ledger().changed_partitions(Derived::Text).unwrap();
    lake.ledger().layer_made(Derived::Text, &made).unwrap();
    let before = published(dir.path());
    let part = before
        .keys()
        .find(|path| path.starts_with("text/"))
        .unwrap();
    std::fs::write(dir.path().join(part), b"damaged").unwrap();
    let findings = lake.verify(VerifyLevel::Quick).unwrap();
    assert_eq!(lake.repair(&findings).unwrap().text_dropped, 1);
    let due = lake.ledger().changed_partitions(Derived::Text).unwrap();
    assert_eq!(due.len(), 1, "the text stage comes back to the partition");
    assert_eq!(extract(&lake), 9);
    assert_eq!(published(dir.path()), before);
}

#[test]
fn another_extractor_sees_the_documents_again_and_a_failing_one_takes_nothing_away() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    store(&lake, 1..4);
    extract(&lake);
    let shard = only_shard(&lake);
    let made_by = |lake: &Lake| -> Vec<Option<String>> {
        let jobs = lake.text_shard_documents(&shard).unwrap();
        jobs.into_iter().map(|job| job.made_by).collect()
    };
    assert_eq!(made_by(&lake), vec![Some("x 1".to_owned()); 3]);
    let jobs = lake.text_shard_documents(&shard).unwrap();
    let newer = CachedText {
        extractor: "x 2".to_owned(),
        notes: vec![(1, "{\"kind\":\"signature\"}".to_owned())],
        ..text("newer", 2)
    };
    lake.put_cached_text(&jobs[0].sha256, &newer).unwrap();
    let failed = CachedText {
        extractor: "x 2".to_owned(),
        engine: String::new(),
        outcome: TextOutcome::Failed("timed_out".to_owned()),
        notes: Vec::new(),
    };
    lake.put_cached_text(&jobs[1].sha256, &failed).unwrap();
    assert!(lake.publish_text(&shard).unwrap().written);
    lake.finish_text().unwrap();
    let two = Some("x 2".to_owned());
    assert_eq!(made_by(&lake), [two.clone(), two, Some("x 1".to_owned())]);
    let rows: Vec<_> = lake
        .read_text(&shard)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let of = |sha256| rows.iter().filter(move |row| row.sha256 == sha256);
    assert!(
        of(jobs[0].sha256).all(|row| row.extractor == "x 2" && row.page.text.contains("newer"))
    );
    assert_eq!(
        of(jobs[0].sha256)
            .map(|row| row.notes.len())
            .collect::<Vec<_>>(),
        [1, 0]
    );
    assert!(
        of(jobs[1].sha256).count() > 0,
        "what the older one read stays"
    );
    assert!(of(jobs[1].sha256).all(|row| row.extractor == "x 1"));
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}
