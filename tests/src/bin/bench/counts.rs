//! What walks cost, by the portal's log.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, FaultScript, Quirks, Route};
use nirnay_store::{Lake, OpenMode};
use nirnay_tests::{Rig, RigOptions, judge, scratch};

/// Courts over two years, nothing odd asked for.
pub(crate) fn spec(seed: u64, courts: &[(&str, u32)]) -> DocketSpec {
    DocketSpec {
        seed,
        courts: courts
            .iter()
            .map(|(slug, rows)| CourtShare::new(*slug, *rows))
            .collect(),
        from: "2023-01-01".parse().expect("a date"),
        to: "2024-12-31".parse().expect("a date"),
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks::default(),
    }
}

fn pipeline(courts: &[&str], documents: bool) -> String {
    let list = courts
        .iter()
        .map(|court| format!("\"{court}\""))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "name = \"bench\"\nabout = \"Benchmark.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"ecourts-hc\"\ncourts = [{list}]\nfrom = \"2023-01-01\"\nto = \"2024-12-31\"\ndocuments = {documents}\n"
    )
}

async fn crawl(
    docket: Docket,
    faults: Option<FaultScript>,
    pipeline: String,
    documents: bool,
) -> (Rig, tempfile::TempDir, u64) {
    let rig = Rig::start(RigOptions {
        docket: Arc::new(docket),
        faults,
        seed: 11,
        accuracy: 1.0,
        pipeline,
    })
    .await;
    let dir = scratch();
    let mut stored = 0;
    for _ in 0..4 {
        let stages = Stages {
            documents,
            text: false,
        };
        let report = rig
            .crawl(&dir.path().join("lake"), stages)
            .await
            .expect("a crawl");
        stored = report
            .audit
            .entries
            .iter()
            .map(|entry| entry.documents.stored)
            .sum();
        if report.exit_code() == 0 {
            break;
        }
    }
    (rig, dir, stored)
}

/// Requests by route.
pub(crate) fn by_route(rig: &Rig) -> BTreeMap<Route, u64> {
    let mut counts = BTreeMap::new();
    for ((_, route), count) in rig.sim.counts() {
        *counts.entry(route).or_insert(0) += count;
    }
    counts
}

/// Requests for each judgment with its PDF, without faults and with the standard ones.
pub(crate) async fn requests() {
    requests_of("no faults", None, 2_000).await;
    requests_of("standard faults", Some(FaultScript::standard()), 2_000).await;
}

/// Requests for each judgment with its PDF of `rows` rows of a court and a quarter as many of another.
pub(crate) async fn requests_of(name: &str, faults: Option<FaultScript>, rows: u32) -> f64 {
    let docket =
        Docket::generate(&spec(5, &[("delhi", rows), ("sikkim", rows / 4)])).expect("a docket");
    let (rig, dir, stored) =
        crawl(docket, faults, pipeline(&["delhi", "sikkim"], true), true).await;
    let sent = rig.sim.log().len();
    let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadOnly).expect("a lake");
    let range: DateWindow = "2023-01-01..2024-12-31".parse().expect("a range");
    let verdict = judge(&lake, &rig.sim, &[SourceId::EcourtsHc], range);
    let each = sent as f64 / stored as f64;
    println!(
        "requests, {name}: {sent} for {stored} judgments with PDF = {each:.3} each (floor 2.16); lost {}, twice {}, wrong {}; {:?}",
        verdict.lost.len(),
        verdict.duplicates.len(),
        verdict.wrong_documents.len(),
        by_route(&rig)
    );
    each
}

/// Searches for lists alone, over the least number that there can be.
pub(crate) async fn metadata() -> f64 {
    let rows = 120_000;
    let docket = Docket::generate(&spec(6, &[("allahabad", rows)])).expect("a docket");
    let began = Instant::now();
    let (rig, _dir, _) = crawl(docket, None, pipeline(&["allahabad"], false), false).await;
    let seconds = began.elapsed().as_secs_f64();
    let counts = by_route(&rig);
    let searches = counts.get(&Route::Search).copied().unwrap_or(0);
    let floor = u64::from(rows).div_ceil(1000);
    let over = searches as f64 / floor as f64;
    println!(
        "metadata: {searches} searches for {rows} rows, floor {floor} = {over:.3}; all requests {}; {:.0} rows/s end to end",
        rig.sim.log().len(),
        f64::from(rows) / seconds
    );
    over
}

/// Bytes a row in `judgments/`.
pub(crate) async fn density() -> f64 {
    let docket = Docket::generate(&spec(7, &[("delhi", 20_000)])).expect("a docket");
    let (_rig, dir, _) = crawl(docket, None, pipeline(&["delhi"], false), false).await;
    let (files, bytes) = parquet_under(&dir.path().join("lake/judgments"));
    let each = bytes as f64 / 20_000.0;
    println!("density: {bytes} bytes in {files} files for 20,000 rows = {each:.0} a row");
    each
}

/// Files and bytes below a folder.
pub(crate) fn parquet_under(dir: &Path) -> (u64, u64) {
    let mut sum = (0, 0);
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let (files, bytes) = parquet_under(&path);
            sum = (sum.0 + files, sum.1 + bytes);
        } else {
            sum = (
                sum.0 + 1,
                sum.1 + entry.metadata().map_or(0, |meta| meta.len()),
            );
        }
    }
    sum
}
