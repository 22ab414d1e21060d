//! Publication: the same ledger gives the same bytes, however it was filled.

use std::collections::BTreeMap;

use arrow_array::{Array as _, cast::AsArray as _};
use bytes::Bytes;
use nirnay_model::{DocumentState, RowKey, Sha256, Verification};
use nirnay_store::{FetchedBlob, JudgmentFilter, Lake, PublishReport, WindowState};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::rows::{begin, judgment, open, page, published, spec, take, time};

fn publish(lake: &Lake) -> PublishReport {
    let report = lake.publish_judgments(&mut |_| {}).unwrap();
    lake.publish_revisions().unwrap();
    report
}

fn blob(number: u64, run: i64) -> FetchedBlob {
    FetchedBlob {
        row_key: judgment(number).key(),
        bytes: Bytes::from(format!("%PDF-1.4 {number}").repeat(40)),
        check: Verification::Matched,
        run,
        at: time("2026-11-21T10:30:00Z"),
    }
}

/// Fills a lake with two windows of one year and one row of another court, in the order given.
fn fill(lake: &Lake, order: [usize; 3]) {
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    for part in order {
        let days = [
            "2024-01-01..2024-06-30",
            "2024-07-01..2024-12-31",
            "2023-01-01..2023-12-31",
        ][part];
        let id = lake.ledger().plan_window(&spec(days)).unwrap();
        let numbers: Vec<u64> = [(1..40).collect(), (40..60).collect(), vec![60]][part].clone();
        let mut rows = page(id, run, 0, numbers.len() as u64, numbers);
        if part == 2 {
            let odd = &mut rows.rows[0].judgment;
            (odd.court_code, odd.cnr, odd.decision_date) = ("9_13".parse().unwrap(), None, None);
        }
        take(lake, &rows);
        lake.ledger()
            .close_window(id, WindowState::Complete, time("2026-11-21T10:10:00Z"))
            .unwrap();
    }
}

#[test]
fn the_order_of_filling_leaves_no_trace() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (open(one.path()), open(two.path()));
    fill(&first, [0, 1, 2]);
    fill(&second, [2, 1, 0]);
    first.store_documents(&[blob(3, 1), blob(50, 1)]).unwrap();
    second.store_documents(&[blob(50, 1)]).unwrap();
    second.store_documents(&[blob(3, 1), blob(3, 1)]).unwrap();
    assert_eq!(publish(&first).files_written, 2);
    publish(&second);
    let files = published(one.path());
    assert_eq!(files.len(), 3);
    assert!(
        files
            .keys()
            .any(|path| path == "judgments/year=0/court=9_13/bench=dhcdb/part-0000.parquet"),
        "{:?}",
        files.keys()
    );
    assert_eq!(files, published(two.path()));
}

#[test]
fn only_what_changed_is_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    fill(&lake, [0, 1, 2]);
    assert_eq!(
        (publish(&lake).files_written, publish(&lake).files_unchanged),
        (2, 2)
    );
    let before = published(dir.path());
    lake.store_documents(&[blob(3, 1)]).unwrap();
    let report = publish(&lake);
    assert_eq!(
        (report.files_written, report.files_unchanged, report.rows),
        (1, 1, 60)
    );
    assert_ne!(published(dir.path()), before);
    // What lies there without being published goes away, with its folder.
    let stray = dir
        .path()
        .join("judgments/year=1999/court=x/bench=y/part-0000.parquet");
    std::fs::create_dir_all(stray.parent().unwrap()).unwrap();
    std::fs::write(&stray, b"old").unwrap();
    assert_eq!(publish(&lake).files_removed, 1);
    assert!(!dir.path().join("judgments/year=1999").exists());
}

#[test]
fn the_file_says_what_the_ledger_says() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    fill(&lake, [0, 1, 2]);
    let facts = lake.store_documents(&[blob(3, 1)]).unwrap().documents[0].clone();
    publish(&lake);
    let path = dir
        .path()
        .join("judgments/year=2024/court=7_26/bench=dhcdb/part-0000.parquet");
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path).unwrap()).unwrap();
    let metadata = builder.metadata().file_metadata().clone();
    assert_eq!(metadata.created_by(), Some("nirnay"));
    let version = metadata
        .key_value_metadata()
        .unwrap()
        .iter()
        .find(|kv| kv.key == "nirnay.schema_version")
        .unwrap();
    assert_eq!(version.value.as_deref(), Some("3"));
    let group = builder.metadata().row_group(0);
    assert!(group.columns().iter().all(|column| {
        column.bloom_filter_offset().is_some() == (column.column_path().string() == "cnr")
            && column.statistics().is_some()
    }));
    assert_eq!(group.sorting_columns().unwrap().len(), 5);
    let keys: Vec<String> = lake
        .published_judgments(JudgmentFilter {
            year: Some(2024),
            ..JudgmentFilter::default()
        })
        .unwrap()
        .map(|row| row.unwrap().judgment.key().to_string())
        .collect();
    let mut place = 0;
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        assert_eq!(
            batch.schema().fields(),
            nirnay_model::judgments_schema().fields()
        );
        let hashes = batch
            .column_by_name("document_sha256")
            .unwrap()
            .as_fixed_size_binary();
        for (row, key) in batch
            .column_by_name("row_key")
            .unwrap()
            .as_string::<i32>()
            .iter()
            .enumerate()
        {
            assert_eq!(key, keys.get(place).map(String::as_str));
            let stored = key == Some(judgment(3).key().as_str());
            assert_eq!(hashes.is_valid(row), stored);
            assert!(!stored || hashes.value(row) == facts.sha256.as_bytes());
            place += 1;
        }
    }
    assert_eq!(place, keys.len());
}

#[test]
fn filters_choose_rows() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    fill(&lake, [0, 1, 2]);
    let count = |filter| {
        lake.published_judgments(filter)
            .unwrap()
            .map(Result::unwrap)
            .count()
    };
    assert_eq!(count(JudgmentFilter::default()), 60);
    assert_eq!(
        count(JudgmentFilter {
            court: Some("9_13".parse().unwrap()),
            ..JudgmentFilter::default()
        }),
        1
    );
    let april = JudgmentFilter {
        decided: Some("2024-04-01..2024-04-30".parse().unwrap()),
        ..JudgmentFilter::default()
    };
    let expected = (1..60)
        .filter(|n| judgment(*n).decision_date.unwrap().month() == 4)
        .count();
    assert!(expected > 0);
    assert_eq!(count(april), expected);
    let all: BTreeMap<RowKey, DocumentState> = lake
        .published_judgments(JudgmentFilter::default())
        .unwrap()
        .map(|row| row.map(|row| (row.judgment.key(), row.document)).unwrap())
        .collect();
    assert_eq!(all.len(), 60);
}

#[test]
fn changed_rows_are_published_as_revisions() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    fill(&lake, [0, 1, 2]);
    let first = lake.ledger().last_run().unwrap().unwrap();
    lake.ledger()
        .finish_run(first.id, "complete", time("2026-11-21T11:00:00Z"))
        .unwrap();
    let run = begin(lake.ledger(), "2026-11-22T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-06-30"))
        .unwrap();
    lake.ledger().reopen_window(id).unwrap();
    let mut rows = page(id, run, 0, 39, 1..40);
    rows.rows[0].judgment.disposal_raw = None;
    rows.rows[0].judgment.judges.clear();
    assert_eq!(take(&lake, &rows).updated, 1);
    publish(&lake);
    let path = dir.path().join("revisions/year=2024/part-0000.parquet");
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path).unwrap())
        .unwrap()
        .build()
        .unwrap();
    let batch = reader.map(Result::unwrap).next().unwrap();
    let column = |name: &str| -> Vec<Option<String>> {
        let array = batch.column_by_name(name).unwrap().as_string::<i32>();
        array.iter().map(|text| text.map(str::to_owned)).collect()
    };
    let fields: Vec<String> = column("field").into_iter().flatten().collect();
    assert_eq!(fields, ["disposal_raw", "judges"]);
    assert_eq!(
        column("new"),
        [Some("null".to_owned()), Some("[]".to_owned())]
    );
    assert_eq!(
        column("old")[0],
        Some(format!("{:?}", judgment(1).disposal_raw.unwrap()))
    );
    let row = lake
        .published_judgments(JudgmentFilter::default())
        .unwrap()
        .map(Result::unwrap);
    let changed = row
        .into_iter()
        .find(|row| row.judgment.key() == judgment(1).key())
        .unwrap();
    assert_eq!(
        (changed.first_seen, changed.last_seen),
        (first.started_at, run.started_at)
    );
}

#[test]
fn a_row_takes_at_most_250_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    for start in (0..2000_u64).step_by(1000) {
        take(&lake, &page(id, run, start, 2000, start..start + 1000));
    }
    let batch: Vec<FetchedBlob> = (0..2000_u64).map(|number| blob(number, run.id)).collect();
    lake.store_documents(&batch).unwrap();
    let report = publish(&lake);
    let per_row = report.bytes / report.rows;
    assert!((100..=250).contains(&per_row), "{per_row} bytes a row");
    assert!(lake.documents().contains(&Sha256::of(&batch[0].bytes)));
}

#[test]
fn another_form_of_the_tables_reaches_files_that_nothing_touched() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    fill(&lake, [0, 1, 2]);
    publish(&lake);
    assert_eq!(publish(&lake).files_written, 0);
    let parts = publish(&lake).files_unchanged;
    drop(lake);
    // As an older program leaves a lake.
    let connection = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
    connection
        .execute_batch(
            "UPDATE meta SET value = '1.1' WHERE key = 'format'; UPDATE artifacts SET input = zeroblob(32)",
        )
        .unwrap();
    drop(connection);
    let lake = open(dir.path());
    assert_eq!(publish(&lake).files_written, parts);
    assert_eq!(publish(&lake).files_written, 0);
}
