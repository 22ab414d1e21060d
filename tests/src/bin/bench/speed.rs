//! How fast rows are read.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use nirnay_model::SourceId;
use nirnay_parse::{Reply, judgments};

use crate::evaluation::interpreter;

/// How fast a page of rows is read.
pub(crate) struct Reading {
    /// The time over that of parsing the same bytes as JSON alone, which every client has to do.
    pub(crate) over_json: f64,
    /// The time over that of bharat-courts, which reads fewer values of a row.
    pub(crate) over_bharat_courts: f64,
}

/// Reads a page of rows, and lets bharat-courts read it.
pub(crate) fn rows() -> Reading {
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
    let theirs = rows_of_bharat_courts(&page);
    let ours = rows as f64 / read;
    println!(
        "speed: bharat-courts {theirs:.0} rows/s; {:.0} times",
        ours / theirs
    );
    Reading {
        over_json: read / json,
        over_bharat_courts: theirs / ours,
    }
}

/// Rows a second that bharat-courts reads of the same page, at its best of five rounds.
fn rows_of_bharat_courts(page: &[u8]) -> f64 {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let interpreter = interpreter(&python, "bharat-courts", &python.join("bharat_courts"));
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("page.json");
    std::fs::write(&file, page).expect("a page");
    let mut client = Command::new(interpreter);
    let output = client
        .arg(python.join("bench_parse.py"))
        .arg(&file)
        .arg("5");
    let output = output.output().expect("bharat-courts");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a line of JSON");
    assert_eq!(said["rows"], 1_000, "{said}");
    said["rows_per_second"].as_f64().expect("rows a second")
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
