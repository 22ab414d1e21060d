//! Days on which something goes wrong in one particular way, each once the end of a lake or of a promise.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;
use std::sync::Arc;

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::{CrawlReport, Stages};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks,
};
use nirnay_store::{Lake, OpenMode, WindowState};
use nirnay_tests::{Judgement, Rig, RigOptions, checks, judge, scratch};

const LISTS: Stages = Stages {
    documents: false,
    text: false,
};
const DOCUMENTS: Stages = Stages {
    documents: true,
    text: false,
};

fn pipeline(courts: &str, more: &str) -> String {
    format!(
        "name = \"day\"\nabout = \"A hard day.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"ecourts-hc\"\ncourts = [{courts}]\nfrom = \"2024-01-01\"\nto = \"2024-03-31\"\npage_size = 25\n{more}"
    )
}

async fn rig(quirks: Quirks, faults: Option<FaultScript>, pipeline: String) -> Rig {
    let docket = Docket::generate(&DocketSpec {
        seed: 4,
        courts: vec![CourtShare::new("sikkim", 20), CourtShare::new("madras", 70)],
        from: "2024-01-01".parse().unwrap(),
        to: "2024-03-31".parse().unwrap(),
        scr_rows: 0,
        feed_rows: 0,
        quirks,
    })
    .unwrap();
    Rig::start(RigOptions {
        docket: Arc::new(docket),
        faults,
        seed: 4,
        accuracy: 1.0,
        pipeline,
    })
    .await
}

fn verdict(rig: &Rig, dir: &Path) -> Judgement {
    let lake = Lake::open(dir, OpenMode::ReadOnly).unwrap();
    let range: DateWindow = "2024-01-01..2024-03-31".parse().unwrap();
    let mut verdict = judge(&lake, &rig.sim, &[SourceId::EcourtsHc], range);
    verdict.open_documents.clear();
    verdict
        .holes
        .retain(|hole| !hole.contains("documents wanted"));
    verdict
}

fn sums(report: &CrawlReport) -> (u64, u64, u64) {
    let missing = report
        .audit
        .entries
        .iter()
        .flat_map(|entry| entry.documents.missing.values())
        .sum();
    let accepted = report
        .audit
        .entries
        .iter()
        .map(|entry| entry.accepted)
        .sum();
    let pending = report
        .audit
        .entries
        .iter()
        .map(|entry| entry.documents.pending)
        .sum();
    (accepted, pending, missing)
}

#[tokio::test]
async fn an_empty_page_before_the_end_is_asked_for_again() {
    for at in [1, 2, 3] {
        let faults = FaultScript::of([FaultRule::new(FaultKind::ShortPage)
            .on(On::Search)
            .at([at])
            .n(1000)]);
        let rig = rig(
            Quirks::none(),
            Some(faults),
            pipeline("\"madras\", \"sikkim\"", ""),
        )
        .await;
        let dir = scratch();
        let report = rig.crawl(dir.path(), LISTS).await.unwrap();
        assert_eq!(report.exit_code(), 0, "{:?}", report.open);
        assert!(
            verdict(&rig, dir.path()).is_clean(),
            "{:#?}",
            verdict(&rig, dir.path())
        );
        assert_eq!(sums(&report).0, 90);
    }
}

#[tokio::test]
async fn a_court_without_rows_is_believed_by_the_second_session() {
    let rig = rig(
        Quirks::none(),
        None,
        pipeline("\"sikkim\", \"tripura\"", ""),
    )
    .await;
    let dir = scratch();
    let report = rig.crawl(dir.path(), LISTS).await.unwrap();
    assert_eq!(report.exit_code(), 0, "{:?}", report.open);
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let windows = lake.ledger().windows(None).unwrap();
    let empty = windows
        .iter()
        .find(|window| window.spec.court.as_str() == "16_20")
        .unwrap();
    assert_eq!(
        (empty.state, empty.zero_epochs, empty.last_total),
        (WindowState::Complete, 2, Some(0))
    );
}

#[tokio::test]
async fn twelve_looks_at_an_unreadable_row_cost_the_same_each_time() {
    let quirks = Quirks {
        garbage: 0.05,
        no_button: 0.05,
        ..Quirks::none()
    };
    let rig = rig(
        quirks,
        None,
        pipeline("\"madras\", \"sikkim\"", "rescan_days = 36500\n"),
    )
    .await;
    let dir = scratch();
    let mut costs = Vec::new();
    for run in 0..12 {
        let before = rig.sim.log().len();
        let report = rig.crawl(dir.path(), LISTS).await.unwrap();
        assert_eq!(report.exit_code(), 0, "run {run}: {:?}", report.open);
        costs.push(rig.sim.log().len() - before);
    }
    assert!(
        costs.iter().skip(1).all(|cost| *cost <= costs[0]),
        "{costs:?}"
    );
    assert!(verdict(&rig, dir.path()).is_clean());
}

#[tokio::test]
async fn trouble_of_the_portal_gives_no_document_up() {
    // Lists are whole, then every search answers an error.
    let faults = FaultScript::of([FaultRule::new(FaultKind::Errormsg)
        .on(On::Search)
        .at(5..5_000)]);
    let rig = rig(
        Quirks::none(),
        Some(faults),
        pipeline("\"madras\", \"sikkim\"", ""),
    )
    .await;
    let dir = scratch();
    let report = rig.crawl(dir.path(), DOCUMENTS).await.unwrap();
    let (accepted, pending, missing) = sums(&report);
    assert_eq!((accepted, missing), (90, 0));
    assert!(pending > 0);
    assert_ne!(report.exit_code(), 0);
    assert!(report.requests < 200, "{}", report.requests);
}

#[tokio::test]
async fn a_portal_that_is_down_takes_no_proof_away() {
    let faults = FaultScript::of([FaultRule::new(FaultKind::Errormsg)
        .on(On::Search)
        .at(5..5_000)]);
    let rig = rig(
        Quirks::none(),
        Some(faults),
        pipeline("\"madras\", \"sikkim\"", "rescan_days = 36500\n"),
    )
    .await;
    let dir = scratch();
    assert_eq!(rig.crawl(dir.path(), LISTS).await.unwrap().exit_code(), 0);
    let second = rig.crawl(dir.path(), LISTS).await.unwrap();
    assert_eq!(sums(&second).0, 90, "the rows are still there");
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let windows = lake.ledger().windows(None).unwrap();
    assert!(
        windows.iter().all(|window| window.last_total.is_some()),
        "{windows:#?}"
    );
    assert!(verdict(&rig, dir.path()).lost.is_empty());
}

#[tokio::test]
async fn a_run_for_one_court_leaves_the_others_as_they_are() {
    let mut rig = rig(
        Quirks::none(),
        None,
        pipeline("\"madras\", \"sikkim\"", "rescan_days = 36500\n"),
    )
    .await;
    let dir = scratch();
    assert_eq!(rig.crawl(dir.path(), LISTS).await.unwrap().exit_code(), 0);
    rig.config
        .narrow(&["sikkim".to_owned()], None, None)
        .unwrap();
    let narrowed = rig.crawl(dir.path(), LISTS).await.unwrap();
    assert_eq!(narrowed.exit_code(), 0, "{:?}", narrowed.open);
    assert_eq!(
        narrowed.open_elsewhere, 2,
        "only the documents nobody asked for"
    );
    assert!(verdict(&rig, dir.path()).is_clean());
}

#[tokio::test]
async fn another_order_of_the_case_is_never_kept() {
    checks::check_another_order_is_never_kept().await.unwrap();
}
