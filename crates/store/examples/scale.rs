//! What the ledger and the publication cost as the lake grows.
//!
//! ```sh
//! cargo run -p nirnay-store --example scale -- 10000 100000
//! ```
//!
//! For each number of rows a lake is filled by pages of 1,000 rows, audited, checked, published, and
//! published once more with nothing changed. One line of JSON each, processor seconds, sizes in MiB.
//! Memory is the highest resident size of each step, so that growth shows where it happens.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that fails has no other caller to tell"
)]

#[expect(
    dead_code,
    reason = "the rows of the tests, of which only some makers are used here"
)]
#[path = "../tests/lake/rows.rs"]
mod rows;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use nirnay_model::CapturedBody;
use nirnay_store::{AuditFilter, Lake, PageAcceptance, Run, VerifyLevel, WindowSpec, WindowState};

/// Rows of a page, and of a window.
const PAGE: u64 = 1000;
const WINDOW: u64 = 5000;

fn main() {
    let sizes: Vec<u64> = std::env::args()
        .skip(1)
        .map(|size| size.parse().expect("a number of rows"))
        .collect();
    for rows in if sizes.is_empty() {
        vec![10_000]
    } else {
        sizes
    } {
        measure(rows);
    }
}

/// Time this thread spent on a processor, so that a busy machine does not blur the figures; waiting for the
/// disk is not in it.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat
        .split_whitespace()
        .next()
        .and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// The highest resident size since the last call, in MiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    std::fs::write("/proc/self/clear_refs", "5").ok();
    kib.unwrap_or(0_u64) / 1024
}

fn timed<T>(
    times: &mut Vec<(&'static str, f64, u64)>,
    name: &'static str,
    work: impl FnOnce() -> T,
) -> T {
    peak();
    let start = cpu();
    let value = work();
    times.push((name, cpu().saturating_sub(start).as_secs_f64(), peak()));
    value
}

fn measure(count: u64) {
    let dir =
        tempfile::tempdir_in(std::env::var_os("NIRNAY_SCALE_DIR").unwrap_or_else(|| ".".into()))
            .unwrap();
    let lake = rows::open(dir.path());
    let mut times = Vec::new();
    let run = rows::begin(lake.ledger(), "2026-11-21T10:00:00Z");
    peak();
    let accept = fill(&lake, run, count);
    times.push(("accept", accept.as_secs_f64(), peak()));
    let now = rows::time("2026-11-21T12:00:00Z");
    let audit = timed(&mut times, "audit", || {
        lake.ledger().audit(&AuditFilter::default(), now).unwrap()
    });
    assert_eq!(
        audit
            .entries
            .iter()
            .map(|entry| entry.accepted)
            .sum::<u64>(),
        count
    );
    let findings = timed(&mut times, "fsck", || {
        lake.verify(VerifyLevel::Quick).unwrap()
    });
    assert_eq!(findings, []);
    let findings = timed(&mut times, "fsck_full", || {
        lake.verify(VerifyLevel::Full).unwrap()
    });
    assert_eq!(findings, []);
    let first = timed(&mut times, "publish", || {
        lake.publish_judgments(&mut |_| {}).unwrap()
    });
    assert_eq!(first.rows, count);
    let again = timed(&mut times, "publish_again", || {
        lake.publish_judgments(&mut |_| {}).unwrap()
    });
    assert_eq!(again.files_written, 0);
    change_one(&lake, run);
    let one = timed(&mut times, "publish_one", || {
        lake.publish_judgments(&mut |_| {}).unwrap()
    });
    assert_eq!(one.files_written, 1);
    let accept_again = fill_again(&lake, count);
    times.push(("accept_again", accept_again.as_secs_f64(), peak()));
    drop(lake);
    timed(&mut times, "open", || rows::open(dir.path()));
    report(count, dir.path(), &first, &times);
}

fn report(count: u64, dir: &Path, first: &nirnay_store::PublishReport, times: &[(&str, f64, u64)]) {
    let ledger = std::fs::metadata(dir.join("ledger.sqlite")).unwrap().len();
    let mut line = format!(
        "{{\"rows\":{count},\"ledger_mib\":{},\"files\":{},\"accept_rows_s\":{:.0}",
        ledger >> 20,
        first.files_written + first.files_unchanged,
        count as f64 / times[0].1
    );
    for (name, seconds, mib) in times {
        write!(line, ",\"{name}\":{seconds:.2},\"{name}_mib\":{mib}").ok();
    }
    println!("{line}}}");
}

/// The window with this number: a court and a year, as a crawl of many courts has them.
fn spec(window: u64) -> WindowSpec {
    let year = 2010 + window / 16 % 15;
    let mut spec = rows::spec(&format!("{year}-01-01..{year}-12-31"));
    spec.court = format!("{}_{}", 1 + window % 16, 1 + window / 240)
        .parse()
        .unwrap();
    spec
}

fn page(window: (u64, i64), run: Run, start: u64, total: u64) -> PageAcceptance {
    let (number, id) = window;
    let first = number * WINDOW + start;
    let mut page = rows::page(
        id,
        run,
        start,
        total,
        first..first + PAGE.min(total - start),
    );
    let spec = spec(number);
    let from = spec.window.unwrap().from();
    for row in &mut page.rows {
        let judgment = &mut row.judgment;
        judgment.court_code = spec.court.clone();
        judgment.decision_date = judgment.decision_date.map(|day| {
            from.saturating_add(jiff::Span::new().days(i64::from(day.day_of_year().min(365) - 1)))
        });
        judgment.order_no = u32::try_from(row.serial).ok();
    }
    page.capture_id = nirnay_model::CaptureId::of_parts([
        number.to_le_bytes().as_slice(),
        &start.to_le_bytes(),
        &run.id.to_le_bytes(),
    ]);
    page
}

/// Takes `count` rows, window by window; returns the time spent in the lake.
fn fill(lake: &Lake, run: Run, count: u64) -> Duration {
    let mut spent = Duration::ZERO;
    for window in 0..count.div_ceil(WINDOW) {
        let id = lake.ledger().plan_window(&spec(window)).unwrap();
        let total = WINDOW.min(count - window * WINDOW);
        for start in (0..total).step_by(PAGE as usize) {
            let page = page((window, id), run, start, total);
            let body = vec![b'x'; 700_000];
            let capture = rows::capture(&page.capture_id, CapturedBody::Inline(body));
            lake.captures().append(&capture).unwrap();
            let begin = cpu();
            let counts = lake.accept_page(&page).unwrap();
            spent += cpu().saturating_sub(begin);
            assert_eq!(counts.sum(), page.rows.len() as u64);
        }
        let begin = cpu();
        lake.ledger()
            .close_window(
                id,
                WindowState::Complete,
                rows::time("2026-11-21T11:00:00Z"),
            )
            .unwrap();
        spent += cpu().saturating_sub(begin);
    }
    spent
}

/// The same rows once more, as a re-scan sees them.
fn fill_again(lake: &Lake, count: u64) -> Duration {
    lake.ledger()
        .finish_run(1, "complete", rows::time("2026-11-21T12:00:00Z"))
        .unwrap();
    let run = rows::begin(lake.ledger(), "2026-11-22T10:00:00Z");
    for window in 0..count.div_ceil(WINDOW) {
        let id = lake.ledger().plan_window(&spec(window)).unwrap();
        lake.ledger().reopen_window(id).unwrap();
    }
    fill(lake, run, count)
}

fn change_one(lake: &Lake, run: Run) {
    let key = page((0, 1), run, 0, 1).rows[0].judgment.key();
    lake.ledger()
        .document_missing(
            &key,
            nirnay_model::MissingReason::EmptyBody,
            "gone",
            run.started_at,
        )
        .unwrap();
}
