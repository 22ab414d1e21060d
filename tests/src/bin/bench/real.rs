//! Real rows and PDFs from folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use nirnay_model::SourceId;
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{DirOptions, Docket, Route};
use nirnay_tests::{Rig, RigOptions, scratch};

use crate::counts::{by_route, parquet_under};

/// The Supreme Court's own listing, lists first, then two months with PDFs.
pub(crate) async fn end_to_end(rows: &Path, pdfs: &Path) {
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
    documents(rows, pdfs).await;
}

/// The rows of one year with real PDFs dealt out to them, end to end with text and index.
async fn documents(rows: &Path, pdfs: &Path) {
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
