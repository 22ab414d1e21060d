//! The ledger's rules, on disk and in memory alike.

use nirnay_model::{CaptureId, DocumentState, MissingReason, Portal, Sha256, SourceId};
use nirnay_store::{
    AuditFilter, CaptchaAnswer, Ledger, PageAcceptance, PageCounts, StoreError, WindowState,
};

use crate::rows::{begin, capture, judgment, open, page, quarantined, spec, time};

/// Runs `check` on a ledger in memory and on one on disk. `accept` makes captures durable first.
pub(crate) fn on_both(
    check: impl Fn(&Ledger, &dyn Fn(&PageAcceptance) -> Result<PageCounts, StoreError>),
) {
    let memory = Ledger::in_memory().unwrap();
    check(&memory, &|page| memory.accept_page(page));
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    check(lake.ledger(), &|page| {
        let body = nirnay_model::CapturedBody::Inline(b"page".to_vec());
        lake.captures()
            .append(&capture(&page.capture_id, body))
            .unwrap();
        lake.accept_page(page)
    });
}

#[test]
fn an_unfinished_run_is_continued() {
    on_both(|ledger, _| {
        let first = begin(ledger, "2026-11-21T10:00:00.123456789Z");
        let again = begin(ledger, "2026-11-21T12:00:00Z");
        assert!(again.resumed && !first.resumed);
        assert_eq!((again.id, again.started_at), (first.id, first.started_at));
        assert_eq!(ledger.reserve_requests(first.id, 30, 50).unwrap(), 30);
        assert_eq!(ledger.reserve_requests(first.id, 30, 50).unwrap(), 20);
        assert_eq!(ledger.reserve_requests(first.id, 30, 50).unwrap(), 0);
        assert_eq!(ledger.requests_used(first.id).unwrap(), 50);
        assert_eq!(ledger.reserve_epochs(first.id, 3).unwrap(), 1);
        assert_eq!(ledger.reserve_epochs(first.id, 1).unwrap(), 4);
        ledger
            .finish_run(first.id, "complete", time("2026-11-21T13:00:00Z"))
            .unwrap();
        let next = begin(ledger, "2026-11-22T10:00:00Z");
        assert!(!next.resumed && next.id != first.id);
        let other = ledger
            .begin_run(
                "high-courts",
                Sha256::of(b"other"),
                time("2026-11-22T11:00:00Z"),
            )
            .unwrap();
        assert!(!other.resumed, "another configuration is another run");
        assert_eq!(
            ledger.open_run("high-courts").unwrap().unwrap().id,
            other.id
        );
        assert_eq!(ledger.last_run().unwrap().unwrap().id, other.id);
    });
}

#[test]
fn every_row_of_a_page_is_counted_once() {
    on_both(|ledger, accept| {
        let run = begin(ledger, "2026-11-21T10:00:00Z");
        let window = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
        assert_eq!(
            ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap(),
            window
        );
        let mut first = page(window, run, 0, 8, [1, 2, 3, 2]);
        first.quarantined = vec![(quarantined(1), 4, 5), (quarantined(1), 5, 6)];
        let counts = accept(&first).unwrap();
        assert_eq!(
            counts,
            PageCounts {
                new: 3,
                quarantined: 1,
                repeats_in_page: 2,
                ..PageCounts::default()
            }
        );
        let mut second = page(window, run, 6, 8, [3, 4]);
        second.quarantined = vec![(quarantined(1), 2, 9)];
        let counts = accept(&second).unwrap();
        assert_eq!(
            counts,
            PageCounts {
                new: 1,
                repeats_across_pages: 2,
                ..PageCounts::default()
            }
        );
        let proof = ledger.proof(window).unwrap();
        assert_eq!((proof.pages, proof.rows_seen, proof.distinct), (2, 9, 5));
        assert_eq!((proof.accepted, proof.quarantined), (4, 1));
        assert_eq!(
            (
                proof.repeats_in_page,
                proof.repeats_across_pages,
                proof.serials_seen
            ),
            (2, 2, 9)
        );
        let row = ledger.window(window).unwrap();
        assert_eq!(
            (row.accepted, row.quarantined, row.repeats, row.next_start),
            (4, 1, 4, 9)
        );
        assert_eq!(ledger.quarantine(None, 10).unwrap()[0].row, quarantined(1));
    });
}

#[test]
fn the_same_page_again_changes_nothing_and_another_one_is_refused() {
    on_both(|ledger, accept| {
        let run = begin(ledger, "2026-11-21T10:00:00Z");
        let window = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
        let first = page(window, run, 0, 4, [1, 2]);
        let counts = accept(&first).unwrap();
        let before = ledger.window(window).unwrap();
        assert_eq!(accept(&first).unwrap(), counts);
        assert_eq!(ledger.window(window).unwrap(), before);
        assert!(matches!(
            accept(&page(window, run, 0, 4, [1, 3])),
            Err(StoreError::Conflict(_))
        ));
        ledger.restart_walk(window).unwrap();
        assert_eq!(ledger.window(window).unwrap().walk, 2);
        assert_eq!(
            accept(&page(window, run, 0, 2, [1, 3])).unwrap().unchanged,
            1
        );
    });
}

#[test]
fn changes_make_revisions_and_a_new_address_a_new_document() {
    on_both(|ledger, accept| {
        let run = begin(ledger, "2026-11-21T10:00:00Z");
        let window = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
        accept(&page(window, run, 0, 2, [1, 2])).unwrap();
        let key = judgment(1).key();
        ledger
            .document_missing(
                &key,
                MissingReason::NotAPdf,
                "315 bytes",
                time("2026-11-21T10:05:00Z"),
            )
            .unwrap();
        ledger
            .close_window(window, WindowState::Complete, time("2026-11-21T10:10:00Z"))
            .unwrap();
        ledger
            .finish_run(run.id, "complete", time("2026-11-21T11:00:00Z"))
            .unwrap();

        let run = begin(ledger, "2026-11-22T10:00:00Z");
        ledger.reopen_window(window).unwrap();
        let mut again = page(window, run, 0, 2, [1, 2]);
        again.rows[0].judgment.disposal_raw = Some("ALLOWED IN PART".to_owned());
        again.rows[0].judgment.document_path = Some("court/other.pdf".to_owned());
        again.rows[0].handle.path = "court/other.pdf".to_owned();
        let counts = accept(&again).unwrap();
        assert_eq!((counts.updated, counts.unchanged), (1, 1));
        assert_eq!(ledger.document_state(&key).unwrap(), DocumentState::Pending);
        assert_eq!(
            ledger.judgment(&key).unwrap().unwrap(),
            again.rows[0].judgment
        );
        let pending = ledger
            .pending_documents(
                SourceId::EcourtsHc,
                None,
                None,
                time("2026-11-22T10:00:00Z"),
                10,
            )
            .unwrap();
        assert_eq!(pending.len(), 2);
    });
}

#[test]
fn windows_close_only_with_proof() {
    on_both(|ledger, accept| {
        let now = time("2026-11-21T10:00:00Z");
        let run = begin(ledger, "2026-11-21T10:00:00Z");
        let id = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
        let refused = |state| {
            matches!(
                ledger.close_window(id, state, now),
                Err(StoreError::Invariant { rule: "I3", .. })
            )
        };
        assert!(refused(WindowState::Complete), "nothing was seen");
        accept(&page(id, run, 0, 3, [1, 2])).unwrap();
        assert!(refused(WindowState::Complete), "a row is missing");
        let mut last = page(id, run, 2, 3, []);
        last.quarantined = vec![(quarantined(1), 0, 3)];
        accept(&last).unwrap();
        assert!(refused(WindowState::Complete), "a row is in quarantine");
        assert!(ledger.close_window(id, WindowState::Failed, now).is_err());
        ledger
            .close_window(id, WindowState::CompleteWithQuarantine, now)
            .unwrap();
        let row = ledger.window(id).unwrap();
        assert_eq!(
            (row.state, row.completed_run),
            (WindowState::CompleteWithQuarantine, Some(run.id))
        );
        assert_eq!((row.completed_at, row.verified_at), (Some(now), Some(now)));
        assert!(
            matches!(
                accept(&page(id, run, 3, 4, [4])),
                Err(StoreError::Conflict(_))
            ),
            "it is closed"
        );
    });
}

#[test]
fn zero_counts_after_two_sessions() {
    let ledger = Ledger::in_memory().unwrap();
    let now = time("2026-11-21T10:00:00Z");
    let run = begin(&ledger, "2026-11-21T10:00:00Z");
    let id = ledger.plan_window(&spec("2024-01-26..2024-01-26")).unwrap();
    let capture = CaptureId::of_parts([b"zero".as_slice()]);
    assert_eq!(ledger.zero_page(id, run.id, 1, &capture).unwrap(), 1);
    assert_eq!(
        ledger.zero_page(id, run.id, 1, &capture).unwrap(),
        1,
        "the same session says nothing new"
    );
    assert!(ledger.close_window(id, WindowState::Complete, now).is_err());
    assert_eq!(ledger.zero_page(id, run.id, 2, &capture).unwrap(), 2);
    ledger.close_window(id, WindowState::Complete, now).unwrap();
    ledger.reopen_window(id).unwrap();
    assert_eq!(ledger.window(id).unwrap().zero_epochs, 0);
    ledger.accept_page(&page(id, run, 0, 1, [1])).unwrap();
    assert!(
        ledger.zero_page(id, run.id, 3, &capture).is_err(),
        "a walk with rows is not empty"
    );
}

#[test]
fn failing_splitting_and_opening_again() {
    on_both(|ledger, accept| {
        let run = begin(ledger, "2026-11-21T10:00:00Z");
        let id = ledger.plan_window(&spec("2024-01-01..2024-01-31")).unwrap();
        let known = ledger.plan_window(&spec("2024-01-01..2024-01-15")).unwrap();
        accept(&page(known, run, 0, 1, [1])).unwrap();
        ledger
            .close_window(known, WindowState::Complete, time("2026-11-21T10:00:00Z"))
            .unwrap();
        let later = time("2026-11-21T11:00:00Z");
        ledger
            .fail_window(id, "expired three times", Some(later))
            .unwrap();
        let row = ledger.window(id).unwrap();
        assert_eq!(
            (row.state, row.attempts, row.next_at),
            (WindowState::Failed, 1, Some(later))
        );
        assert_eq!(accept(&page(id, run, 0, 5, [1, 2])).unwrap().new, 1);
        assert_eq!(ledger.window(id).unwrap().state, WindowState::Open);

        let parts = [
            spec("2024-01-01..2024-01-15"),
            spec("2024-01-16..2024-01-31"),
        ];
        let ids = ledger.split_window(id, &parts).unwrap();
        assert_eq!(ids[0], known);
        assert_eq!(
            ledger.window(known).unwrap().state,
            WindowState::Open,
            "known parts are walked again"
        );
        accept(&page(known, run, 0, 1, [1])).unwrap();
        ledger
            .close_window(known, WindowState::Complete, later)
            .unwrap();
        assert_eq!(
            ledger.split_window(id, &parts).unwrap(),
            ids,
            "splitting again changes nothing"
        );
        assert_eq!(ledger.window(known).unwrap().state, WindowState::Complete);
        assert_eq!(ledger.children(id).unwrap().len(), 2);
        assert!(
            ledger
                .split_window(ids[1], &[spec("2024-01-16..2024-01-31")])
                .is_err(),
            "not into itself"
        );

        let audit = ledger.audit(&AuditFilter::default(), later).unwrap();
        let entry = &audit.entries[0];
        assert_eq!(
            (entry.portal_rows, entry.accepted, entry.documents.listed),
            (1, 1, 2)
        );
        assert_eq!(entry.windows["split"], 1);
        assert_eq!(
            audit.holes.len(),
            2,
            "an open window and wanted documents: {:?}",
            audit.holes
        );
    });
}

#[test]
fn captchas_and_requests_are_counted() {
    let ledger = Ledger::in_memory().unwrap();
    let answer = CaptchaAnswer {
        run: 1,
        portal: Portal::Ecourts,
        solver: "onnx",
        model: "m1",
        length: 6,
        accepted: true,
    };
    ledger.count_captcha(&answer).unwrap();
    ledger
        .count_captcha(&CaptchaAnswer {
            accepted: false,
            ..answer
        })
        .unwrap();
    let stats = ledger.captcha_stats(Some(1)).unwrap();
    assert_eq!(
        (stats.len(), stats[0].answered, stats[0].accepted),
        (1, 2, 1)
    );
    for _ in 0..2 {
        ledger
            .count_requests(
                1,
                "portal.example",
                nirnay_model::CaptureKind::Search,
                3,
                100,
            )
            .unwrap();
    }
    let stats = ledger.request_stats(None).unwrap();
    assert_eq!((stats[0].requests, stats[0].bytes), (6, 200));
}

#[test]
fn rows_need_a_durable_capture() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    let page = page(id, run, 0, 1, [1]);
    assert!(matches!(
        lake.ledger().accept_page(&page),
        Err(StoreError::Invariant { rule: "I4", .. })
    ));
    assert_eq!(
        lake.ledger().proof(id).unwrap().pages,
        0,
        "nothing was written"
    );
}

#[test]
fn a_run_left_unfinished_is_continued_for_a_day() {
    on_both(|ledger, _| {
        let begin = |at| {
            ledger
                .begin_run("nightly", Sha256::of(b"plan"), time(at))
                .unwrap()
        };
        let first = begin("2026-11-21T10:00:00Z");
        let again = begin("2026-11-22T09:00:00Z");
        assert_eq!(
            (again.id, again.started_at, again.resumed),
            (first.id, first.started_at, true)
        );
        let late = begin("2026-11-22T10:00:00Z");
        assert!(late.id != first.id && !late.resumed);
        assert_eq!(late.started_at, time("2026-11-22T10:00:00Z"));
    });
}
