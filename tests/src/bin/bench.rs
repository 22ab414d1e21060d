//! The figures of `docs/benchmarks.md`: counts that a simulated portal's own log gives, and speeds as
//! ratios against a peer measured in the same run.
//!
//! ```text
//! just bench                 all of them
//! just bench requests        requests per judgment with PDF, without and with the standard faults
//! just bench metadata        requests for lists alone
//! just bench density         bytes a row
//! just bench real DIR PDFS   real rows and PDFs from folders, crawled end to end
//! just bench speed           rows read and pages extracted, against a peer
//! ```
#![expect(clippy::print_stdout, reason = "its figures are its output")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use nirnay_model::{DateWindow, SourceId};
use nirnay_parse::{Reply, judgments};
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{CourtShare, DirOptions, Docket, DocketSpec, FaultScript, Quirks, Route};
use nirnay_store::{Lake, OpenMode};
use nirnay_tests::{Rig, RigOptions, judge, scratch};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let wanted = args.first().map_or("all", String::as_str);
    runtime.block_on(async {
        if ["all", "requests"].contains(&wanted) {
            requests().await;
        }
        if ["all", "metadata"].contains(&wanted) {
            metadata().await;
        }
        if ["all", "density"].contains(&wanted) {
            density().await;
        }
        if ["all", "speed"].contains(&wanted) {
            speed();
        }
        if wanted == "real" {
            let [_, rows, pdfs] = args.as_slice() else {
                println!("usage: bench real DIR_OF_ROWS DIR_OF_PDFS");
                return;
            };
            real(Path::new(rows), Path::new(pdfs)).await;
        }
    });
}

fn spec(seed: u64, courts: &[(&str, u32)], scr_rows: u32) -> DocketSpec {
    DocketSpec {
        seed,
        courts: courts
            .iter()
            .map(|(slug, rows)| CourtShare::new(*slug, *rows))
            .collect(),
        from: "2023-01-01".parse().expect("a date"),
        to: "2024-12-31".parse().expect("a date"),
        scr_rows,
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

fn by_route(rig: &Rig) -> BTreeMap<Route, u64> {
    let mut counts = BTreeMap::new();
    for ((_, route), count) in rig.sim.counts() {
        *counts.entry(route).or_insert(0) += count;
    }
    counts
}

async fn requests() {
    for (name, faults) in [
        ("no faults", None),
        ("standard faults", Some(FaultScript::standard())),
    ] {
        let docket =
            Docket::generate(&spec(5, &[("delhi", 2_000), ("sikkim", 500)], 0)).expect("a docket");
        let (rig, dir, stored) =
            crawl(docket, faults, pipeline(&["delhi", "sikkim"], true), true).await;
        let sent = rig.sim.log().len();
        let lake = Lake::open(&dir.path().join("lake"), OpenMode::ReadOnly).expect("a lake");
        let range: DateWindow = "2023-01-01..2024-12-31".parse().expect("a range");
        let verdict = judge(&lake, &rig.sim, &[SourceId::EcourtsHc], range);
        println!(
            "requests, {name}: {sent} for {stored} judgments with PDF = {:.3} each (floor 2.16); lost {}, twice {}, wrong {}; {:?}",
            sent as f64 / stored as f64,
            verdict.lost.len(),
            verdict.duplicates.len(),
            verdict.wrong_documents.len(),
            by_route(&rig)
        );
    }
}

async fn metadata() {
    let rows = 120_000;
    let docket = Docket::generate(&spec(6, &[("allahabad", rows)], 0)).expect("a docket");
    let began = Instant::now();
    let (rig, _dir, _) = crawl(docket, None, pipeline(&["allahabad"], false), false).await;
    let seconds = began.elapsed().as_secs_f64();
    let counts = by_route(&rig);
    let searches = counts.get(&Route::Search).copied().unwrap_or(0);
    let floor = u64::from(rows).div_ceil(1000);
    println!(
        "metadata: {searches} searches for {rows} rows, floor {floor} = {:.3}; all requests {}; {:.0} rows/s end to end",
        searches as f64 / floor as f64,
        rig.sim.log().len(),
        f64::from(rows) / seconds
    );
}

async fn density() {
    let docket = Docket::generate(&spec(7, &[("delhi", 20_000)], 0)).expect("a docket");
    let (_rig, dir, _) = crawl(docket, None, pipeline(&["delhi"], false), false).await;
    let (files, bytes) = parquet_under(&dir.path().join("lake/judgments"));
    println!(
        "density: {bytes} bytes in {files} files for 20,000 rows = {:.0} a row",
        bytes as f64 / 20_000.0
    );
}

fn parquet_under(dir: &Path) -> (u64, u64) {
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

/// Rows read against the same bytes parsed as JSON only, which every client has to do.
fn speed() {
    let page = sample_page();
    let time = |work: &mut dyn FnMut()| {
        let mut best = f64::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            work();
            best = best.min(began.elapsed().as_secs_f64());
        }
        best
    };
    let json = time(&mut || drop(serde_json::from_slice::<serde_json::Value>(&page)));
    let today = "2026-01-01".parse().expect("a date");
    let mut rows = 0;
    let read = time(&mut || {
        if let Reply::Good(page) = judgments::search_page(&page) {
            rows = page
                .rows
                .iter()
                .filter(|row| judgments::read_row(&row.html, SourceId::EcourtsHc, today).is_ok())
                .count();
        }
    });
    println!(
        "speed: {rows} rows of {} bytes read at {:.0} rows/s; {:.1} times the time of parsing the JSON alone",
        page.len(),
        rows as f64 / read,
        read / json
    );
}

fn sample_page() -> Vec<u8> {
    let rows: Vec<String> = (0..1_000)
        .map(|n| {
            let html = format!(
                "<button type='button' role='link' class='btn btn-link p-0 text-start' id='link_{n}' aria-label=\\\"WP/{n}/2024 of A B .Array[93]. C D pdf\\\"  class='noToken' href='#' onclick=javascript:open_pdf('{n}','','court/cnrorders/dhcdb/orders/DLHC01{n:06}2024_1_2024-02-15.pdf#page=&search=%20'); ><font size='3'>WP/{n}/2024 of A B Vs C D</button></font><br><strong>Judge : HON'BLE MR. JUSTICE X,HON'BLE MS. JUSTICE Y</strong><br> The petition is disposed of in terms of the order of the day.<br><strong class='caseDetailsTD' ><span style='color:#212F3D'> CNR :</span><font color='green'> DLHC01{n:06}2024</font><span style='color:#212F3D' > | Date of registration :</span><font color='green'> 02-01-2024</font><span style='color:#212F3D' > | Decision Date :</span><font color='green'> 15-02-2024</font><span style='color:#212F3D' > | Disposal Nature :</span><font color='green'> DISMISSED</font><br><span style='opacity: 0.5;'>Court : High Court of Delhi</span></strong>"
            );
            format!("[{},\"{html}\"]", n + 1)
        })
        .collect();
    format!(
        "{{\"reportrow\":{{\"sEcho\":1,\"iTotalRecords\":1000,\"iTotalDisplayRecords\":1000,\"sSearch\":\"\",\"aaData\":[{}]}},\"total\":\"1,000\",\"seconds\":\"0.1\",\"app_token\":\"{}\"}}",
        rows.join(","),
        "0".repeat(64)
    )
    .into_bytes()
}

async fn real(rows: &Path, pdfs: &Path) {
    let options = DirOptions {
        pdf_dir: Some(PathBuf::from(pdfs)),
        seed: 1,
        ..DirOptions::default()
    };
    let docket = Docket::from_dir(rows, &options).expect("a docket from the folder");
    let listed = docket.len(SourceId::Scr);
    println!("real: the docket holds {listed} rows");
    let lists = "name = \"real-rows\"\nabout = \"Real rows.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"scr\"\nfrom = \"1900-01-01\"\nto = \"2025-12-31\"\ndocuments = false\n";
    let began = Instant::now();
    let rig = Rig::start(RigOptions {
        docket: Arc::new(docket),
        faults: None,
        seed: 11,
        accuracy: 1.0,
        pipeline: lists.to_owned(),
    })
    .await;
    let dir = scratch();
    let lake_dir = dir.path().join("lake");
    let stages = Stages {
        documents: false,
        text: false,
    };
    let report = rig.crawl(&lake_dir, stages).await.expect("a crawl");
    let taken: u64 = report
        .audit
        .entries
        .iter()
        .map(|entry| entry.accepted)
        .sum();
    let aside: u64 = report
        .audit
        .entries
        .iter()
        .flat_map(|entry| entry.quarantined.values())
        .sum();
    let counts = by_route(&rig);
    let searches = counts.get(&Route::Search).copied().unwrap_or(0);
    println!(
        "real: {taken} taken + {aside} set aside of {listed}; exit {}; {searches} searches (floor {}), {} requests, {:.1} s",
        report.exit_code(),
        (listed as u64).div_ceil(1000),
        rig.sim.log().len(),
        began.elapsed().as_secs_f64()
    );
    let (files, bytes) = parquet_under(&lake_dir.join("judgments"));
    println!(
        "real: {bytes} bytes in {files} Parquet files = {:.0} a row",
        bytes as f64 / taken as f64
    );
    real_documents(rows, pdfs).await;
}

/// The rows of one year with real PDFs dealt out to them, end to end with text and index.
async fn real_documents(rows: &Path, pdfs: &Path) {
    let options = DirOptions {
        pdf_dir: Some(PathBuf::from(pdfs)),
        seed: 1,
        ..DirOptions::default()
    };
    let docket = Docket::from_dir(rows, &options).expect("a docket from the folder");
    let text = "name = \"real-pdfs\"\nabout = \"Real PDFs.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"scr\"\nfrom = \"2024-09-01\"\nto = \"2024-10-31\"\n";
    let rig = Rig::start(RigOptions {
        docket: Arc::new(docket),
        faults: None,
        seed: 11,
        accuracy: 1.0,
        pipeline: text.to_owned(),
    })
    .await;
    let dir = scratch();
    let began = Instant::now();
    let stages = Stages {
        documents: true,
        text: true,
    };
    let report = rig
        .crawl(&dir.path().join("lake"), stages)
        .await
        .expect("a crawl");
    let stored: u64 = report
        .audit
        .entries
        .iter()
        .map(|entry| entry.documents.stored)
        .sum();
    println!(
        "real PDFs: {stored} stored, exit {}, missing {:?}, text {:?}, {:.1} s",
        report.exit_code(),
        report
            .audit
            .entries
            .iter()
            .map(|entry| &entry.documents.missing)
            .collect::<Vec<_>>(),
        report.text,
        began.elapsed().as_secs_f64()
    );
}
