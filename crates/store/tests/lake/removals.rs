//! Orders of removal reach everything that a row ever put on the disk.

use bytes::Bytes;
use nirnay_model::{Sha256, Verification};
use nirnay_store::{
    AlarmKind, CachedText, FetchedBlob, Lake, NewAlarm, Removal, TextOutcome, VerifyLevel,
    WindowState,
};

use crate::rows::{begin, judgment, open, page, published, spec, take, time};

const AT: &str = "2026-11-21T10:00:00Z";

fn order(number: u64) -> Removal {
    Removal {
        what: judgment(number).key().to_string(),
        reason: "sealed".to_owned(),
        since: "2026-11-22".parse().unwrap(),
    }
}

fn store(lake: &Lake, number: u64, body: &'static [u8]) -> Sha256 {
    let blob = FetchedBlob {
        row_key: judgment(number).key(),
        bytes: Bytes::from_static(body),
        check: Verification::Matched,
        run: 1,
        at: time(AT),
    };
    lake.store_documents(&[blob]).unwrap();
    Sha256::of(body)
}

/// Applies orders as a crawl does.
fn apply(lake: &Lake, orders: &[Removal]) {
    lake.ledger().apply_removals(orders).unwrap();
    for sha256 in lake.ledger().removed_documents().unwrap() {
        lake.forget_document(&sha256).unwrap();
    }
}

#[test]
fn every_version_of_a_document_goes_that_no_shown_row_has() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let run = begin(lake.ledger(), AT);
    let window = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(window, run, 0, 3, [1, 2, 3]));
    let mut versions = Vec::new();
    for (walk, body) in [
        (0, b"%PDF-1.4 one".as_slice()),
        (1, b"%PDF-1.4 two"),
        (2, b"%PDF-1.4 three"),
    ] {
        if walk > 0 {
            lake.ledger().restart_walk(window).unwrap();
            let mut next = page(window, run, 0, 3, [1, 2, 3]);
            let path = format!("court/version{walk}.pdf");
            next.rows[0].judgment.document_path = Some(path.clone());
            next.rows[0].handle.path = path;
            take(&lake, &next);
        }
        versions.push(store(&lake, 1, body));
    }
    // Another row that is shown has the second one, and is wanted again.
    store(&lake, 2, b"%PDF-1.4 two");
    lake.ledger()
        .doubt_document(&versions[1], &judgment(3).key(), false)
        .unwrap();
    lake.ledger()
        .close_window(window, WindowState::Complete, time(AT))
        .unwrap();
    apply(&lake, &[order(1)]);
    let left: Vec<bool> = versions
        .iter()
        .map(|sha256| lake.documents().contains(sha256))
        .collect();
    assert_eq!(left, [false, true, false]);
    assert_eq!(
        lake.verify(VerifyLevel::Quick)
            .unwrap()
            .iter()
            .filter(|found| found.invariant == "I4")
            .count(),
        0
    );
}

#[test]
fn an_order_does_not_wait_for_a_layout_to_be_believed() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let run = begin(lake.ledger(), AT);
    let window = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(window, run, 0, 3, [1, 2, 3]));
    lake.ledger()
        .close_window(window, WindowState::Complete, time(AT))
        .unwrap();
    for (number, body) in [(1, b"%PDF-1.4 one".as_slice()), (2, b"%PDF-1.4 two")] {
        let sha256 = store(&lake, number, body);
        let page = nirnay_model::PageText {
            page: 1,
            text: format!("text of {number}"),
            chars: 9,
            quality: 1.0,
            method: nirnay_model::ExtractMethod::Digital,
            script: None,
            needs_ocr: false,
            ..nirnay_model::PageText::default()
        };
        let outcome = TextOutcome::Pages(vec![page]);
        let text = CachedText {
            extractor: "x 1".to_owned(),
            engine: "e".to_owned(),
            outcome,
            notes: Vec::new(),
        };
        lake.put_cached_text(&sha256, &text).unwrap();
    }
    let shard = lake.shards().unwrap().remove(0);
    lake.publish_text(&shard).unwrap();
    lake.finish_text().unwrap();
    lake.publish_judgments(&mut |_| {}).unwrap();
    let before = published(dir.path());
    let alarm = NewAlarm {
        kind: AlarmKind::Layout,
        source: nirnay_model::SourceId::EcourtsHc,
        court: None,
        subject: "layout 1".to_owned(),
        what: "never seen before".to_owned(),
        since: "2026-11-21".parse().unwrap(),
        advice: "look".to_owned(),
    };
    let raised = lake.ledger().raise_alarm(&alarm, 1, time(AT)).unwrap();
    let held = lake.publish_judgments(&mut |_| {}).unwrap();
    lake.finish_text().unwrap();
    assert_eq!((held.files_held, held.rows), (1, 3));
    assert_eq!(published(dir.path()), before, "they wait");
    apply(&lake, &[order(1)]);
    let held = lake.publish_judgments(&mut |_| {}).unwrap();
    lake.finish_text().unwrap();
    assert_eq!((held.files_held, held.rows), (1, 2));
    let rows = |lake: &Lake| -> Vec<String> {
        let rows = lake.read_text(&shard).unwrap();
        rows.map(|row| row.unwrap().row_key.to_string()).collect()
    };
    assert_eq!(rows(&lake), [judgment(2).key().to_string()]);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    lake.ledger().close_alarm(raised.id, time(AT)).unwrap();
    lake.publish_text(&shard).unwrap();
    lake.finish_text().unwrap();
    assert_eq!(lake.publish_judgments(&mut |_| {}).unwrap().rows, 2);
    assert_eq!(rows(&lake), [judgment(2).key().to_string()]);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}
