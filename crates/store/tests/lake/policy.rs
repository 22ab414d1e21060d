//! Looking again: rows that are listed no more, windows that grow, alarms, figures that are kept.

use nirnay_model::{DocumentState, MissingReason, Sha256, SourceId, Verification};
use nirnay_store::{
    AlarmKind, AuditFilter, Derived, FetchedBlob, JudgmentFilter, Lake, Ledger, NewAlarm,
    PageAcceptance, Removal, WindowSpec, WindowState,
};

use crate::rows::{begin, judgment, open, page, quarantined, spec, take, time};

const FIRST: &str = "2026-11-21T10:00:00Z";
const SECOND: &str = "2026-11-22T10:00:00Z";
const THIRD: &str = "2026-11-23T10:00:00Z";

fn walk(ledger: &Ledger, window: i64, at: &str, numbers: &[u64]) -> u64 {
    let run = begin(ledger, at);
    if ledger.window(window).unwrap().state != WindowState::Open {
        ledger.reopen_window(window).unwrap();
    }
    let total = numbers.len() as u64;
    ledger
        .accept_page(&page(window, run, 0, total, numbers.to_vec()))
        .unwrap();
    let marked = ledger
        .close_window(window, WindowState::Complete, time(at))
        .unwrap();
    ledger.finish_run(run.id, "complete", time(at)).unwrap();
    marked
}

fn marks(ledger: &Ledger) -> Vec<(String, Option<String>, Option<String>, String)> {
    ledger
        .revisions_after(0, 1_000)
        .unwrap()
        .into_iter()
        .filter(|revision| revision.field == "not_listed_since")
        .map(|revision| {
            (
                revision.row_key.to_string(),
                revision.old,
                revision.new,
                revision.seen.to_string(),
            )
        })
        .collect()
}

#[test]
fn a_row_that_is_listed_no_more_is_marked_and_listed_again_unmarked() {
    let ledger = Ledger::in_memory().unwrap();
    let window = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    assert_eq!(walk(&ledger, window, FIRST, &[1, 2, 3]), 0);
    assert_eq!(walk(&ledger, window, SECOND, &[1, 3]), 1);
    assert_eq!(
        walk(&ledger, window, SECOND, &[1, 3]),
        0,
        "it is marked once"
    );
    let key = judgment(2).key().to_string();
    let since = Some(format!("\"{SECOND}\""));
    let gone = (key.clone(), None, since.clone(), SECOND.to_owned());
    assert_eq!(marks(&ledger), std::slice::from_ref(&gone));

    let run = begin(&ledger, THIRD);
    ledger.reopen_window(window).unwrap();
    let counts = ledger
        .accept_page(&page(window, run, 0, 3, [1, 2, 3]))
        .unwrap();
    assert_eq!(
        (counts.new, counts.unchanged, counts.updated),
        (0, 2, 1),
        "a row that came back counts as changed"
    );
    assert_eq!(marks(&ledger), [gone, (key, since, None, THIRD.to_owned())]);
}

#[test]
fn a_row_filed_under_other_dates_is_not_missed() {
    let ledger = Ledger::in_memory().unwrap();
    let year = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    let other = ledger.plan_window(&spec("2023-01-01..2023-12-31")).unwrap();
    // The portal lists row 2, decided in 2024, under 2023.
    walk(&ledger, other, FIRST, &[2]);
    assert_eq!(walk(&ledger, year, FIRST, &[1, 3]), 0);
    assert_eq!(walk(&ledger, year, SECOND, &[1, 3]), 0);
    assert_eq!(
        walk(&ledger, other, SECOND, &[9]),
        0,
        "its dates are others"
    );
    assert_eq!(
        walk(&ledger, year, SECOND, &[1, 3]),
        1,
        "nothing lists it now"
    );
}

#[test]
fn nothing_is_missed_while_another_window_of_the_court_is_walked_anew() {
    let ledger = Ledger::in_memory().unwrap();
    let year = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    let other = ledger.plan_window(&spec("2023-01-01..2023-12-31")).unwrap();
    // Row 2, decided in 2024, is listed under 2023; row 4 is really gone from 2024.
    walk(&ledger, other, FIRST, &[2]);
    walk(&ledger, year, FIRST, &[1, 3, 4]);
    begin(&ledger, SECOND);
    ledger.reopen_window(other).unwrap();
    ledger.fail_window(other, "expired", None).unwrap();
    assert_eq!(walk(&ledger, year, SECOND, &[1, 3]), 0, "2023 is not known");
    assert_eq!(walk(&ledger, other, THIRD, &[2]), 1, "now 2024 is judged");
    let marked: Vec<String> = marks(&ledger).into_iter().map(|mark| mark.0).collect();
    assert_eq!(marked, [judgment(4).key().to_string()]);
}

#[test]
fn a_row_that_arrives_damaged_is_listed() {
    let ledger = Ledger::in_memory().unwrap();
    let window = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    walk(&ledger, window, FIRST, &[1, 2, 3]);
    let run = begin(&ledger, SECOND);
    ledger.reopen_window(window).unwrap();
    let mut next = page(window, run, 0, 2, [1]);
    let html = format!("<td>{} and no button</td>", judgment(2).cnr.unwrap());
    let row = nirnay_model::QuarantinedRow {
        key: Sha256::of(html.as_bytes()),
        html,
        ..quarantined(2)
    };
    next.quarantined.push((row, 1, 2));
    ledger.accept_page(&next).unwrap();
    let marked = ledger
        .close_window(window, WindowState::CompleteWithQuarantine, time(SECOND))
        .unwrap();
    assert_eq!(marked, 1);
    assert_eq!(marks(&ledger)[0].0, judgment(3).key().to_string());
}

#[test]
fn a_part_that_is_walked_again_is_judged_alone() {
    let ledger = Ledger::in_memory().unwrap();
    let whole = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    walk(&ledger, whole, FIRST, &[1, 2, 3, 4, 5, 6, 7, 8]);
    ledger.reopen_window(whole).unwrap();
    let parts = ledger
        .split_window(
            whole,
            &[
                spec("2024-01-01..2024-06-30"),
                spec("2024-07-01..2024-12-31"),
            ],
        )
        .unwrap();
    let half = |first: bool| -> Vec<u64> {
        (1..=8)
            .filter(|n| (judgment(*n).decision_date.unwrap().month() <= 6) == first)
            .collect()
    };
    let (mut early, late) = (half(true), half(false));
    walk(&ledger, parts[0], FIRST, &early);
    assert_eq!(walk(&ledger, parts[1], FIRST, &late), 0);
    early.pop();
    assert_eq!(walk(&ledger, parts[0], SECOND, &early), 1);
    assert_eq!(walk(&ledger, parts[1], SECOND, &late), 0);
}

#[test]
fn parts_of_a_window_are_judged_together() {
    let ledger = Ledger::in_memory().unwrap();
    let whole = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    walk(&ledger, whole, FIRST, &[1, 2, 3, 4, 5, 6, 7, 8]);
    ledger.reopen_window(whole).unwrap();
    let parts = ledger
        .split_window(
            whole,
            &[
                spec("2024-01-01..2024-06-30"),
                spec("2024-07-01..2024-12-31"),
            ],
        )
        .unwrap();
    let half = |first: bool| -> Vec<u64> {
        (1..=8)
            .filter(|n| (judgment(*n).decision_date.unwrap().month() <= 6) == first)
            .collect()
    };
    let (mut early, late) = (half(true), half(false));
    assert!(early.len() > 1 && !late.is_empty());
    let dropped = early.pop().unwrap();
    assert_eq!(
        walk(&ledger, parts[0], SECOND, &early),
        0,
        "the other half may still list it"
    );
    assert_eq!(walk(&ledger, parts[1], SECOND, &late), 1);
    assert_eq!(marks(&ledger)[0].0, judgment(dropped).key().to_string());
}

#[test]
fn the_feed_forgets_rows_and_nothing_is_missed() {
    let ledger = Ledger::in_memory().unwrap();
    let feed = WindowSpec {
        window: None,
        source: SourceId::SciFeed,
        ..spec("2024-01-01..2024-12-31")
    };
    let id = ledger.plan_window(&feed).unwrap();
    let run = begin(&ledger, FIRST);
    ledger.accept_page(&page(id, run, 0, 2, [1, 2])).unwrap();
    ledger
        .close_window(id, WindowState::Complete, time(FIRST))
        .unwrap();
    ledger.reopen_window(id).unwrap();
    ledger.accept_page(&page(id, run, 0, 1, [2])).unwrap();
    assert_eq!(
        ledger
            .close_window(id, WindowState::Complete, time(SECOND))
            .unwrap(),
        0
    );
}

#[test]
fn a_failed_look_leaves_the_proof_and_says_so() {
    let ledger = Ledger::in_memory().unwrap();
    let window = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    walk(&ledger, window, FIRST, &[1, 2]);
    ledger.fail_window(window, "expired", None).unwrap();
    let row = ledger.window(window).unwrap();
    assert_eq!((row.state, row.accepted), (WindowState::Complete, 2));
    let filter = AuditFilter {
        rows_only: true,
        ..AuditFilter::default()
    };
    let audit = ledger.audit(&filter, time(SECOND)).unwrap();
    assert!(
        audit.holes[0].what.contains("the last look failed"),
        "{:?}",
        audit.holes
    );
    walk(&ledger, window, SECOND, &[1, 2]);
    assert!(ledger.audit(&filter, time(SECOND)).unwrap().is_complete());
}

#[test]
fn growing_keeps_the_proof_until_a_walk_begins() {
    let ledger = Ledger::in_memory().unwrap();
    let id = ledger.plan_window(&spec("2024-01-01..2024-12-30")).unwrap();
    walk(&ledger, id, FIRST, &[1, 2]);
    let to = "2024-12-31".parse().unwrap();
    ledger.grow_window(id, to).unwrap();
    let row = ledger.window(id).unwrap();
    assert_eq!(
        row.spec,
        WindowSpec {
            ..spec("2024-01-01..2024-12-30")
        }
    );
    assert_eq!(row.next_range(), spec("2024-01-01..2024-12-31").window);
    let audit = ledger.audit(&AuditFilter::default(), time(SECOND)).unwrap();
    assert!(
        audit
            .holes
            .iter()
            .any(|hole| hole.what.contains("not walked up to 2024-12-31"))
    );
    ledger.reopen_window(id).unwrap();
    let row = ledger.window(id).unwrap();
    assert_eq!(
        (row.spec.window, row.grow_to),
        (spec("2024-01-01..2024-12-31").window, None)
    );
    assert!(ledger.grow_window(id, to).is_err(), "it has that day");
    // One that is open begins anew with the longer range.
    let open = ledger.plan_window(&spec("2023-01-01..2023-12-30")).unwrap();
    ledger
        .grow_window(open, "2023-12-31".parse().unwrap())
        .unwrap();
    assert_eq!(
        ledger.window(open).unwrap().spec.window,
        spec("2023-01-01..2023-12-31").window
    );
}

fn alarm(subject: &str) -> NewAlarm {
    NewAlarm {
        kind: AlarmKind::Layout,
        source: SourceId::EcourtsHc,
        court: None,
        subject: subject.to_owned(),
        what: "never seen before".to_owned(),
        since: "2026-11-21".parse().unwrap(),
        advice: "look".to_owned(),
    }
}

#[test]
fn an_alarm_is_raised_once_known_and_closed() {
    let ledger = Ledger::in_memory().unwrap();
    let first = ledger
        .raise_alarm(&alarm("layout 1"), 1, time(FIRST))
        .unwrap();
    let again = ledger
        .raise_alarm(&alarm("layout 1"), 2, time(SECOND))
        .unwrap();
    assert_eq!((again.id, again.raised_run), (first.id, 1));
    assert_eq!(again.seen_at, time(SECOND));
    assert_eq!(ledger.held_sources().unwrap(), [SourceId::EcourtsHc]);
    assert!(
        ledger
            .audit(&AuditFilter::default(), time(SECOND))
            .unwrap()
            .has_open_alarms()
    );
    let known = ledger.acknowledge_alarm(first.id, time(SECOND)).unwrap();
    assert!(!known.is_open());
    assert!(ledger.held_sources().unwrap().is_empty());
    let still = ledger
        .raise_alarm(&alarm("layout 1"), 3, time(THIRD))
        .unwrap();
    assert!(!still.is_open(), "known stays known");
    ledger.close_alarm(first.id, time(THIRD)).unwrap();
    assert!(ledger.alarms().unwrap().is_empty());
    let new = ledger
        .raise_alarm(&alarm("layout 1"), 4, time(THIRD))
        .unwrap();
    assert!(new.id != first.id && new.is_open());
    assert!(ledger.acknowledge_alarm(99, time(THIRD)).is_err());
}

/// A lake with a window that was walked and published.
fn lake_with(dir: &std::path::Path, numbers: &[u64]) -> (Lake, i64, PageAcceptance) {
    let lake = open(dir);
    let run = begin(lake.ledger(), FIRST);
    let window = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    let page = page(window, run, 0, numbers.len() as u64, numbers.to_vec());
    take(&lake, &page);
    lake.ledger()
        .close_window(window, WindowState::Complete, time(FIRST))
        .unwrap();
    lake.ledger()
        .finish_run(run.id, "complete", time(FIRST))
        .unwrap();
    (lake, window, page)
}

#[test]
fn kept_figures_follow_the_rows() {
    let dir = tempfile::tempdir().unwrap();
    let (lake, window, _) = lake_with(dir.path(), &[1, 2, 3]);
    let changed = |layer| lake.ledger().changed_partitions(layer).unwrap().len();
    assert_eq!((changed(Derived::Tables), changed(Derived::Index)), (1, 1));
    lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!((changed(Derived::Tables), changed(Derived::Index)), (0, 1));
    let again = lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!((again.files_written, again.rows), (0, 3));
    let run = begin(lake.ledger(), SECOND);
    lake.ledger().reopen_window(window).unwrap();
    let mut next = page(window, run, 0, 2, [1, 3]);
    next.rows[0].judgment.disposal_raw = Some("ALLOWED IN PART".to_owned());
    take(&lake, &next);
    lake.ledger()
        .close_window(window, WindowState::Complete, time(SECOND))
        .unwrap();
    assert_eq!(changed(Derived::Tables), 1);
    assert_eq!(
        lake.publish_judgments(&mut |_| {}).unwrap().files_written,
        1
    );
    let marked = lake
        .published_judgments(JudgmentFilter::default())
        .unwrap()
        .filter(|row| row.as_ref().unwrap().not_listed_since == Some(time(SECOND)))
        .count();
    assert_eq!(marked, 1);
    let key = judgment(1).key();
    lake.ledger()
        .document_missing(
            &key,
            nirnay_model::MissingReason::NotAPdf,
            "x",
            time(SECOND),
        )
        .unwrap();
    let counts = lake
        .ledger()
        .document_counts(None, None, time(SECOND))
        .unwrap();
    assert_eq!((counts.listed, counts.pending), (3, 2));
    assert_eq!(counts.missing["not_a_pdf"], 1);
    let days = lake
        .ledger()
        .listed_days(
            SourceId::EcourtsHc,
            &"7_26".parse().unwrap(),
            "2024-01-01".parse().unwrap(),
            "2024-12-31".parse().unwrap(),
        )
        .unwrap();
    assert_eq!(days.iter().map(|(_, rows)| rows).sum::<u64>(), 3);
}

#[test]
fn tables_of_a_source_with_a_new_layout_wait() {
    let dir = tempfile::tempdir().unwrap();
    let (lake, window, _) = lake_with(dir.path(), &[1, 2]);
    lake.publish_judgments(&mut |_| {}).unwrap();
    let raised = lake
        .ledger()
        .raise_alarm(&alarm("layout 1"), 1, time(SECOND))
        .unwrap();
    let run = begin(lake.ledger(), SECOND);
    lake.ledger().reopen_window(window).unwrap();
    let mut next = page(window, run, 0, 3, [1, 2, 3]);
    next.rows[0].judgment.disposal_raw = Some("ALLOWED IN PART".to_owned());
    take(&lake, &next);
    let held = lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!((held.files_held, held.files_written, held.rows), (1, 0, 2));
    assert_eq!(lake.publish_revisions().unwrap().rows, 0, "they wait too");
    lake.ledger().close_alarm(raised.id, time(SECOND)).unwrap();
    assert_eq!(lake.publish_revisions().unwrap().rows, 1);
    let free = lake.publish_judgments(&mut |_| {}).unwrap();
    assert_eq!((free.files_held, free.files_written, free.rows), (0, 1, 3));
}

#[test]
fn removed_rows_leave_every_layer_and_come_back_when_the_order_goes() {
    let dir = tempfile::tempdir().unwrap();
    let (lake, window, _) = lake_with(dir.path(), &[1, 2, 3]);
    let row = judgment(2);
    let body = bytes::Bytes::from_static(b"%PDF-1.4 sealed");
    let sha256 = Sha256::of(&body);
    let run = begin(lake.ledger(), FIRST);
    lake.store_documents(&[FetchedBlob {
        row_key: row.key(),
        bytes: body,
        check: Verification::Matched,
        run: run.id,
        at: time(FIRST),
    }])
    .unwrap();
    lake.publish_judgments(&mut |_| {}).unwrap();
    let order = Removal {
        what: row.cnr.clone().unwrap().to_string(),
        reason: "sealed".to_owned(),
        since: "2026-11-22".parse().unwrap(),
    };
    let report = lake
        .ledger()
        .apply_removals(std::slice::from_ref(&order))
        .unwrap();
    assert_eq!((report.removed, report.restored), (1, 0));
    let again = lake
        .ledger()
        .apply_removals(std::slice::from_ref(&order))
        .unwrap();
    assert_eq!((again.removed, again.restored), (0, 0));
    for sha256 in lake.ledger().removed_documents().unwrap() {
        lake.forget_document(&sha256).unwrap();
    }
    assert!(!lake.documents().contains(&sha256));
    assert_eq!(lake.publish_judgments(&mut |_| {}).unwrap().rows, 2);
    let counts = lake
        .ledger()
        .document_counts(None, None, time(SECOND))
        .unwrap();
    assert_eq!(
        (counts.listed, counts.pending, counts.missing["removed"]),
        (3, 2, 1)
    );
    // A walk that meets the row again, changed, does not bring it back.
    lake.ledger().reopen_window(window).unwrap();
    let mut next = page(window, run, 0, 3, [1, 2, 3]);
    next.rows[1].judgment.document_path = Some("court/other.pdf".to_owned());
    next.rows[1].handle.path = "court/other.pdf".to_owned();
    take(&lake, &next);
    assert_eq!(lake.publish_judgments(&mut |_| {}).unwrap().rows, 2);
    assert_eq!(
        lake.ledger().document_state(&row.key()).unwrap(),
        DocumentState::Missing {
            reason: MissingReason::Removed
        }
    );
    let report = lake.ledger().apply_removals(&[]).unwrap();
    assert_eq!((report.removed, report.restored), (0, 1));
    assert_eq!(lake.publish_judgments(&mut |_| {}).unwrap().rows, 3);
    assert_eq!(
        lake.ledger().document_state(&row.key()).unwrap(),
        DocumentState::Pending
    );
}

#[test]
fn a_row_that_appears_after_its_removal_is_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let order = Removal {
        what: judgment(2).key().to_string(),
        reason: "sealed".to_owned(),
        since: "2026-11-22".parse().unwrap(),
    };
    lake.ledger().apply_removals(&[order]).unwrap();
    let run = begin(lake.ledger(), FIRST);
    let window = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(window, run, 0, 3, [1, 2, 3]));
    lake.ledger()
        .close_window(window, WindowState::Complete, time(FIRST))
        .unwrap();
    assert_eq!(lake.publish_judgments(&mut |_| {}).unwrap().rows, 2);
    assert_eq!(
        lake.verify(nirnay_store::VerifyLevel::Full).unwrap(),
        [],
        "the sums agree"
    );
}
