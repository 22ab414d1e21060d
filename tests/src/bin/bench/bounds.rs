//! The regression check: ratios, which do not depend on the machine, against committed bounds.

use std::path::Path;
use std::process::ExitCode;

use crate::{cases, counts, evaluation, scale, speed};

/// Compares quick measurements with `tests/bench-bounds.toml`.
pub(crate) async fn check() -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench-bounds.toml");
    let text = std::fs::read_to_string(&path).expect("tests/bench-bounds.toml");
    let bounds: toml::Table = text.parse().expect("TOML in tests/bench-bounds.toml");
    let (small, large) = (scale::size(5_000), scale::size(50_000));
    let reading = speed::rows();
    let mut measured = vec![
        (
            "requests_for_each_document",
            counts::requests_of("no faults", None, 600).await,
        ),
        ("searches_over_floor", counts::metadata().await),
        ("bytes_a_row", counts::density().await),
        ("reading_rows_over_parsing_json", reading.over_json),
        (
            "reading_rows_over_bharat_courts",
            reading.over_bharat_courts,
        ),
        (
            "cost_of_a_row_at_ten_times_the_size",
            small.speed() / large.speed(),
        ),
        (
            "memory_at_ten_times_the_size",
            large.crawl.peak_kib as f64 / small.crawl.peak_kib as f64,
        ),
        (
            "doing_nothing_again_over_crawling",
            large.again.whole.as_secs_f64() / large.crawl.whole.as_secs_f64(),
        ),
        (
            "citing_eight_times_the_text",
            evaluation::citing_eight_times_the_text(),
        ),
    ];
    match evaluation::text_over_pdftotext() {
        Some(ratio) => measured.push(("text_over_pdftotext", ratio)),
        None => println!("pdftotext is not installed: text_over_pdftotext is not measured"),
    }
    match cases::time_over_bharat_courts() {
        Some(ratio) => measured.push(("reading_cases_over_bharat_courts", ratio)),
        None => println!(
            "target/release has no example case_replies: reading_cases_over_bharat_courts is not measured"
        ),
    }
    println!("| ratio | measured | at most | |\n|---|---|---|---|");
    let mut worse = false;
    for (name, value) in measured {
        let most = bounds.get(name).and_then(|bound| {
            bound
                .as_float()
                .or_else(|| bound.as_integer().map(|whole| whole as f64))
        });
        let good = most.is_some_and(|most| value <= most);
        worse |= !good;
        let shown = most.map_or_else(|| "no bound".to_owned(), |most| most.to_string());
        println!(
            "| {name} | {value:.3} | {shown} | {} |",
            if good { "good" } else { "WORSE" }
        );
    }
    if worse {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
