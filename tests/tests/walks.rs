//! Seeded walks under the standard fault script, judged by the simulator's own truth:
//! nothing lost, nothing twice, no wrong document, no false "complete".
//!
//! `NIRNAY_WALKS=20` runs fewer, `NIRNAY_SEED=1001` one; with `NIRNAY_TRAIL=DIR` every event of a walk is
//! written to a file there.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, FaultScript, Quirks};
use nirnay_tests::{Rig, RigOptions, judge, scratch};

const PIPELINE: &str = r#"
name = "walk"
about = "A walk under faults."
basis = "Simulated portals."
[[source]]
source = "ecourts-hc"
courts = ["sikkim", "madras"]
from = "2024-01-01"
to = "2024-03-31"
page_size = 25
max_window_rows = 60
[[source]]
source = "scr"
from = "2024-01-01"
to = "2024-03-31"
[[source]]
source = "sci-feed"
"#;

fn docket(seed: u64) -> Docket {
    Docket::generate(&DocketSpec {
        seed,
        courts: vec![CourtShare::new("sikkim", 12), CourtShare::new("madras", 45)],
        from: "2024-01-01".parse().unwrap(),
        to: "2024-03-31".parse().unwrap(),
        scr_rows: 8,
        feed_rows: 10,
        quirks: Quirks::default(),
    })
    .unwrap()
}

const SOURCES: [SourceId; 3] = [SourceId::EcourtsHc, SourceId::Scr, SourceId::SciFeed];

/// Crawls until the exit code says done, at most `runs` times, and returns what is wrong and how many
/// requests it took.
async fn walk(
    seed: u64,
    faults: Option<FaultScript>,
    accuracy: f64,
    runs: usize,
) -> (Option<String>, u64, u64) {
    let rig = Rig::start(RigOptions {
        docket: Arc::new(docket(seed)),
        faults,
        seed,
        accuracy,
        pipeline: PIPELINE.to_owned(),
    })
    .await;
    let dir = scratch();
    let lake_dir = dir.path().join("lake");
    let stages = Stages {
        documents: true,
        text: false,
    };
    let (mut requests, mut stored, mut code) = (0, 0, 1);
    for _ in 0..runs {
        let report = match rig.crawl(&lake_dir, stages).await {
            Ok(report) => report,
            Err(error) => return (Some(format!("seed {seed}: {error}")), requests, stored),
        };
        requests = rig.sim.log().len() as u64;
        stored = report
            .audit
            .entries
            .iter()
            .map(|entry| entry.documents.stored)
            .sum();
        code = report.exit_code();
        if code == 0 {
            break;
        }
    }
    let lake = nirnay_store::Lake::open(&lake_dir, nirnay_store::OpenMode::ReadOnly).unwrap();
    let range: DateWindow = "2024-01-01..2024-03-31".parse().unwrap();
    let verdict = judge(&lake, &rig.sim, &SOURCES, range);
    let clean = verdict.is_clean() && code == 0 && verdict.compared > 60;
    let said = (!clean).then(|| format!("seed {seed}, exit {code}: {verdict:#?}"));
    (said, requests, stored)
}

/// Runs walks for all seeds on two threads.
fn walks(seeds: std::ops::Range<u64>, faults: Option<&FaultScript>, accuracy: f64) -> (u64, u64) {
    let (requests, stored) = (AtomicU64::new(0), AtomicU64::new(0));
    let only: Option<u64> = std::env::var("NIRNAY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seeds = only.map_or(seeds, |seed| seed..seed + 1);
    let next = AtomicU64::new(seeds.start);
    let failures = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let (failure, sent, got) =
                        runtime.block_on(walk(seed, faults.cloned(), accuracy, 4));
                    requests.fetch_add(sent, Ordering::Relaxed);
                    stored.fetch_add(got, Ordering::Relaxed);
                    if let Some(failure) = failure {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} walks failed:\n{}",
        failures.len(),
        failures
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
    (requests.into_inner(), stored.into_inner())
}

#[test]
fn without_faults_every_walk_is_clean_and_cheap() {
    let (requests, stored) = walks(0..4, None, 1.0);
    assert!(stored > 200, "{stored}");
    println!("no faults: {requests} requests for {stored} documents");
}

#[test]
fn five_hundred_walks_under_the_standard_faults() {
    let count = std::env::var("NIRNAY_WALKS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(500);
    // The script has no seed of its own: the simulator's seed, which is the walk's, drives it.
    let faults = FaultScript::standard();
    let (requests, stored) = walks(1000..1000 + count, Some(&faults), 0.9);
    println!("{count} walks: {requests} requests for {stored} documents");
}
