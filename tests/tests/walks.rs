//! Seeded walks under faults, judged by the simulator's own truth: nothing lost, nothing twice, no wrong
//! document, no false "complete", no cap exceeded.
//!
//! `NIRNAY_WALKS=10000` runs more, `NIRNAY_SEED=1001` one; with `NIRNAY_TRAIL=DIR` every event of a crawl is
//! written to a file there.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::{Stages, exit};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks, Route,
};
use nirnay_store::{Lake, OpenMode};
use nirnay_tests::{
    Caps, Evidence, Judgement, KINDS_OF_ROWS, Pace, Rig, RigOptions, WalkPlan, all, examine, judge,
    number, scratch, seeds,
};

const COMMAND: &str = "cargo test --workspace --test walks";

const LISTS: Stages = Stages {
    documents: false,
    text: false,
};
const DOCUMENTS: Stages = Stages {
    documents: true,
    text: false,
};

fn pipeline(more: &str) -> String {
    format!(
        "name = \"walk\"\nabout = \"A walk.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"ecourts-hc\"\ncourts = [\"madras\"]\nfrom = \"2024-01-01\"\nto = \"2024-03-31\"\n{more}"
    )
}

fn options(rows: u32, seed: u64, faults: Vec<FaultRule>, more: &str) -> RigOptions {
    let docket = Docket::generate(&DocketSpec {
        seed,
        courts: vec![CourtShare::new("madras", rows)],
        from: "2024-01-01".parse().unwrap(),
        to: "2024-03-31".parse().unwrap(),
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks::none(),
    })
    .unwrap();
    RigOptions {
        docket: Arc::new(docket),
        faults: Some(FaultScript::of(faults)),
        seed,
        accuracy: 1.0,
        pipeline: pipeline(more),
    }
}

fn verdict(rig: &Rig, lake: &Path) -> Judgement {
    let range: DateWindow = "2024-01-01..2024-03-31".parse().unwrap();
    let lake = Lake::open(lake, OpenMode::ReadOnly).unwrap();
    judge(&lake, &rig.sim, &[SourceId::EcourtsHc], range)
}

fn captchas(rig: &Rig) -> usize {
    rig.sim
        .log()
        .iter()
        .filter(|entry| entry.captcha.is_some())
        .count()
}

#[test]
fn walks_under_every_fault_end_in_the_truth() {
    let (meant, met) = (
        Mutex::new(BTreeSet::new()),
        Mutex::new(BTreeSet::<String>::new()),
    );
    let tally = all(
        "walks under every fault",
        ["requests", "struck by a fault", "rows", "documents", "runs"],
        seeds(1_000, number("NIRNAY_WALKS", 500)),
        &format!("{COMMAND} walks_under_every_fault"),
        async |seed| {
            let plan = WalkPlan::torture(seed);
            let cost = plan.walk().await?;
            meant.lock().unwrap().extend(plan.kinds());
            met.lock().unwrap().extend(cost.kinds);
            Ok([
                cost.requests,
                cost.struck,
                cost.rows,
                cost.documents,
                cost.runs,
            ])
        },
    );
    let (mut meant, met) = (meant.into_inner().unwrap(), met.into_inner().unwrap());
    println!("kinds of faults that struck: {met:?}");
    if tally.rounds < ENOUGH {
        return;
    }
    // One row in some thousands is such.
    if tally.rounds < ENOUGH_ROWS {
        for kind in KINDS_OF_ROWS {
            meant.remove(&kind.name());
        }
    }
    let idle: Vec<&String> = meant.difference(&met).collect();
    assert!(idle.is_empty(), "these struck nothing: {idle:?}");
}

/// Walks of the long form that once ended wrongly.
const ONCE_WRONG: [u64; 12] = [
    1_386, 1_963, 2_297, 4_008, 5_715, 6_230, 6_241, 6_550, 7_302, 7_755, 11_209, 11_825,
];

#[test]
fn walks_that_once_ended_wrongly_do_not() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for seed in ONCE_WRONG {
        let cost = runtime.block_on(WalkPlan::torture(seed).walk());
        assert!(
            cost.is_ok(),
            "seed {seed}: {}",
            cost.err().unwrap_or_default()
        );
    }
}

/// Walks in which every kind of fault must have struck a request.
const ENOUGH: u64 = 500;
/// And spoilt a row.
const ENOUGH_ROWS: u64 = 5_000;

/// The pages of the walk whose session expires at each request in turn.
const PAGES: u64 = 40;

#[test]
fn expiry_at_every_request_of_a_forty_page_walk_costs_little() {
    let more = "page_size = 10\nmax_window_rows = 1000\ndocuments = false\n";
    // Robots, start page, picture, answer, and the pages.
    let ideal = 4 + PAGES;
    let tally = all(
        "walks of 40 pages with an expiry at each search",
        ["requests", "rows"],
        seeds(1, PAGES),
        &format!("{COMMAND} expiry_at_every_request"),
        async |seed| {
            let expire = FaultRule::new(FaultKind::SessionExpire)
                .on(On::Search)
                .at([seed]);
            let rig = Rig::start(options(PAGES as u32 * 10, 40, vec![expire], more)).await;
            let dir = scratch();
            let report = rig
                .crawl(dir.path(), LISTS)
                .await
                .map_err(|error| error.to_string())?;
            let verdict = verdict(&rig, dir.path());
            let sent = rig.sim.log().len() as u64;
            let expired = rig.sim.log().iter().any(|entry| entry.fault.is_some());
            if report.exit_code() != 0
                || !expired
                || verdict.compared != PAGES * 10
                || !(verdict.lost.is_empty()
                    && verdict.duplicates.is_empty()
                    && verdict.findings.is_empty())
            {
                return Err(format!(
                    "exit {}, expired {expired}: {verdict:#?}",
                    report.exit_code()
                ));
            }
            if sent * 10 > ideal * 13 {
                return Err(format!("{sent} requests where {ideal} are ideal"));
            }
            Ok([sent, verdict.compared])
        },
    );
    println!(
        "{} requests for {} walks, {:.3} of the ideal",
        tally.sums[0],
        tally.rounds,
        tally.sums[0] as f64 / (tally.rounds * ideal) as f64
    );
}

/// The documents of the fetch whose session expires at each link and each document in turn.
const FETCHED: u32 = 12;

#[test]
fn expiry_at_every_request_of_a_fetch_brings_the_right_documents() {
    all(
        "fetches of 12 documents with an expiry at each link and document",
        ["requests", "documents"],
        seeds(1, u64::from(FETCHED) * 2),
        &format!("{COMMAND} expiry_at_every_request_of_a_fetch"),
        async |seed| {
            let (on, at) = match seed {
                n if n <= u64::from(FETCHED) => (On::Link, n),
                n => (On::Document, n - u64::from(FETCHED)),
            };
            let expire = FaultRule::new(FaultKind::SessionExpire).on(on).at([at]);
            let rig = Rig::start(options(FETCHED, 41, vec![expire], "page_size = 10\n")).await;
            let dir = scratch();
            let report = rig
                .crawl(dir.path(), DOCUMENTS)
                .await
                .map_err(|error| error.to_string())?;
            let verdict = verdict(&rig, dir.path());
            if report.exit_code() != 0 || !verdict.is_clean() {
                return Err(format!("exit {}: {verdict:#?}", report.exit_code()));
            }
            Ok([rig.sim.log().len() as u64, u64::from(FETCHED)])
        },
    );
}

#[test]
fn one_document_in_ten_loses_its_session_and_all_are_right() {
    let documents = number("NIRNAY_PDFS", 500_u64);
    let each = 100;
    all(
        "fetches of 100 documents, one request in ten without its session",
        ["requests", "documents"],
        seeds(500, documents.div_ceil(each)),
        &format!("{COMMAND} one_document_in_ten"),
        async |seed| {
            let rule = |on, share| {
                FaultRule::new(FaultKind::SessionExpire)
                    .on(on)
                    .probability(share)
            };
            let faults = vec![rule(On::Link, 0.05), rule(On::Document, 0.05)];
            let rig = Rig::start(options(each as u32, seed, faults, "page_size = 100\n")).await;
            let dir = scratch();
            let mut code = u8::MAX;
            for _ in 0..6 {
                let report = rig
                    .crawl(dir.path(), DOCUMENTS)
                    .await
                    .map_err(|error| error.to_string())?;
                code = report.exit_code();
                if code == 0 {
                    break;
                }
                rig.clock.advance(std::time::Duration::from_hours(25));
            }
            let verdict = verdict(&rig, dir.path());
            if code != 0 || !verdict.is_clean() {
                return Err(format!("exit {code}: {verdict:#?}"));
            }
            Ok([rig.sim.log().len() as u64, each])
        },
    );
}

#[tokio::test]
async fn a_solver_that_is_always_wrong_ends_with_its_exit_code_and_closes_nothing() {
    let mut options = options(30, 42, Vec::new(), "page_size = 10\n");
    options.accuracy = 0.0;
    let rig = Rig::start_with(options, Pace::Polite, |_| {}).await;
    let dir = scratch();
    for run in 1..=6 {
        let report = rig.crawl(dir.path(), DOCUMENTS).await.unwrap();
        assert_eq!(
            report.exit_code(),
            exit::CAPTCHA,
            "run {run}: {:?}",
            report.stopped
        );
        rig.clock.advance(std::time::Duration::from_mins(20));
    }
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let windows = lake.ledger().windows(None).unwrap();
    assert!(!windows.is_empty() && windows.iter().all(|window| !window.state.is_complete()));
    let examination = examine(&Evidence {
        lake: dir.path(),
        sim: &rig.sim,
        sources: &[SourceId::EcourtsHc],
        range: "2024-01-01..2024-03-31".parse().unwrap(),
        caps: Some(&Caps::of(&rig.config.politeness)),
        before: None,
        fence: None,
        rebuild_index: false,
    });
    assert!(examination.is_clean(), "\n{examination}");
    // Five in the first run, five in the second, then the pause after ten wrong ones in a row holds.
    assert!(captchas(&rig) <= 10, "{} answers", captchas(&rig));
}

#[tokio::test]
async fn small_allowances_cost_one_captcha_each_and_no_document() {
    let documents: u32 = 25;
    for allowance in [1, 5, 25] {
        for told in [true, false] {
            let more = if told {
                format!("page_size = 25\ndocuments_per_session = {allowance}\n")
            } else {
                "page_size = 25\n".to_owned()
            };
            let options = options(documents, 43, Vec::new(), &more);
            let rig = Rig::start_with(options, Pace::Free, |config| {
                config.documents_per_session = allowance;
            })
            .await;
            let dir = scratch();
            let report = rig.crawl(dir.path(), DOCUMENTS).await.unwrap();
            let verdict = verdict(&rig, dir.path());
            let case = format!("allowance {allowance}, told: {told}");
            assert_eq!(report.exit_code(), 0, "{case}: {:?}", report.stopped);
            assert!(verdict.is_clean(), "{case}: {verdict:#?}");
            let most = documents.div_ceil(allowance) as usize + 1;
            assert!(
                captchas(&rig) <= most,
                "{case}: {} captchas, {most} at most",
                captchas(&rig)
            );
            let sent = rig
                .sim
                .counts()
                .iter()
                .filter(|((_, route), _)| *route == Route::Document)
                .map(|(_, n)| n)
                .sum::<u64>();
            assert_eq!(sent, u64::from(documents), "{case}");
        }
    }
}
