//! Bugs planted on purpose, one at a time: each must make the check that is there for it fail. A check that
//! stays green with its bug in place proves nothing.
//!
//! Run by `just planted`, which compiles the fail points in.

#![cfg(feature = "planted")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use nirnay_tests::{checks, policy, politeness, power};

type Check = fn() -> Result<(), String>;

/// A bug, the check that must go red, and its name.
struct Plant {
    bug: &'static str,
    means: &'static str,
    caught_by: &'static str,
    check: Check,
}

/// The failures of the power tried for each bug of the store, and the weeks for each of the gate.
const POWER_SEEDS: std::ops::Range<u64> = 0..60;
const WEEKS: std::ops::Range<u64> = 0..4;

fn wait<F: Future<Output = Result<(), String>>>(check: impl FnOnce() -> F) -> Result<(), String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(check())
}

fn power_failures() -> Result<(), String> {
    power::check(POWER_SEEDS).map(drop)
}

fn io_errors() -> Result<(), String> {
    power::check_errors(power::Places::Closings).map(drop)
}

fn weeks() -> Result<(), String> {
    politeness::check(WEEKS).map(drop)
}

macro_rules! plant {
    ($bug:literal, $means:literal, $caught_by:literal, $check:expr) => {
        Plant {
            bug: $bug,
            means: $means,
            caught_by: $caught_by,
            check: $check,
        }
    };
}

fn plants() -> Vec<Plant> {
    vec![
        plant!(
            "row-before-bytes",
            "the ledger's row before the document's bytes",
            "power failures",
            power_failures
        ),
        plant!(
            "no-directory-sync",
            "a new name is not made durable",
            "power failures",
            power_failures
        ),
        plant!(
            "no-file-sync",
            "a file's bytes are not made durable",
            "power failures",
            power_failures
        ),
        plant!(
            "manifest-before-segment",
            "the manifest before the file it names",
            "power failures",
            power_failures
        ),
        plant!(
            "close-error-ignored",
            "a full disk while a table is closed passes for success",
            "errors of the disk",
            io_errors
        ),
        plant!(
            "dedupe-by-cnr",
            "one row a CNR",
            "every order is a row",
            || wait(checks::check_every_order_is_a_row)
        ),
        plant!(
            "unknown-is-empty",
            "a reply nobody understands counts as no rows",
            "unknown is never empty",
            || wait(checks::check_unknown_is_never_empty)
        ),
        plant!(
            "row-error-swallowed",
            "a row that cannot be read is dropped",
            "no row is swallowed",
            || wait(policy::check_no_row_is_swallowed)
        ),
        plant!(
            "zero-without-second-session",
            "one session's zero is believed",
            "zero needs a second session",
            || wait(policy::check_zero_needs_a_second_session)
        ),
        plant!(
            "budget-in-memory",
            "a crash renews the run's budget",
            "the budget outlives the process",
            || wait(policy::check_budget_outlives_the_process)
        ),
        plant!(
            "index-marked-before-commit",
            "the index is noted as made before it is",
            "the index is noted when durable",
            || wait(policy::check_index_is_noted_when_durable)
        ),
        plant!(
            "val-zero",
            "every document is asked for as the first row's",
            "documents are their rows'",
            || wait(checks::check_documents_are_their_rows)
        ),
        plant!(
            "any-order-of-the-case",
            "a text that names the case passes for every order of it",
            "another order is never kept",
            || wait(checks::check_another_order_is_never_kept)
        ),
        plant!(
            "val-page-index",
            "the place on the page for the row's own index",
            "weeks of crawling",
            weeks
        ),
        plant!(
            "retry-in-old-session",
            "another guess in the session of a wrong one",
            "a wrong answer ends its session",
            || wait(checks::check_a_wrong_answer_ends_its_session)
        ),
        plant!(
            "captcha-unbounded",
            "guesses without end",
            "wrong answers are capped",
            || wait(checks::check_wrong_answers_are_capped)
        ),
        plant!(
            "retry-after-ignored",
            "a pause that the portal asks for is not made",
            "a pause is obeyed",
            || wait(checks::check_a_pause_is_obeyed)
        ),
        plant!(
            "host-check-skipped",
            "links to other hosts are followed",
            "weeks of crawling",
            weeks
        ),
        plant!(
            "quiet-hours-ignored",
            "requests are sent in the portal's quiet hours",
            "weeks of crawling",
            weeks
        ),
        plant!(
            "captcha-budget-ignored",
            "captchas are answered beyond their budgets",
            "weeks of crawling",
            weeks
        ),
        plant!(
            "robots-ignored",
            "what robots.txt forbids is asked for",
            "weeks of crawling",
            weeks
        ),
        plant!(
            "breaker-off",
            "a portal that is down is asked on and on",
            "weeks of crawling",
            weeks
        ),
        plant!(
            "one-route-unguarded",
            "one route of the page answers to any name",
            "the page answers to its names",
            || wait(checks::check_the_page_answers_to_its_names)
        ),
        plant!(
            "limiter-in-memory",
            "a crash renews the host's budgets",
            "weeks of crawling",
            weeks
        ),
    ]
}

/// Whether some crate has the bug's fail point.
fn is_planted(bug: &str) -> bool {
    let point = format!("\"plant-{bug}\"");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut folders = vec![crates];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && std::fs::read_to_string(&path).unwrap().contains(&point)
            {
                return true;
            }
        }
    }
    false
}

/// Runs a check; a panic is a failure too.
fn run(check: Check) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "panicked".to_owned()))
    })
}

fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("");
    line.chars().take(100).collect()
}

/// Fail points are the process's own, so the bugs are planted one after the other, in one test.
#[test]
fn every_planted_bug_is_caught() {
    let only = std::env::var("NIRNAY_PLANT").ok();
    let began = Instant::now();
    let mut green: BTreeMap<&str, bool> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut caught = 0;
    println!("| bug | which is | caught by | how |\n|---|---|---|---|");
    for plant in plants() {
        if only.as_ref().is_some_and(|only| only != plant.bug) {
            continue;
        }
        if !is_planted(plant.bug) {
            wrong.push(format!("{} has no fail point in any crate", plant.bug));
            continue;
        }
        let is_green = *green
            .entry(plant.caught_by)
            .or_insert_with(|| match run(plant.check) {
                Ok(()) => true,
                Err(why) => {
                    wrong.push(format!("{} is red without any bug: {why}", plant.caught_by));
                    false
                }
            });
        let point = format!("plant-{}", plant.bug);
        fail::cfg(&point, "return").unwrap();
        let red = run(plant.check);
        fail::remove(&point);
        let how = match (is_green, red) {
            (true, Err(why)) => {
                caught += 1;
                first_line(&why)
            }
            (true, Ok(())) => {
                wrong.push(format!(
                    "{} is not noticed by {}",
                    plant.bug, plant.caught_by
                ));
                "NOT CAUGHT".to_owned()
            }
            (false, _) => "the check is red without it".to_owned(),
        };
        println!(
            "| {} | {} | {} | {how} |",
            plant.bug, plant.means, plant.caught_by
        );
    }
    nirnay_tests::report(
        "planted bugs",
        &format!("{caught} caught, {} not", wrong.len()),
        began,
    );
    assert!(
        wrong.is_empty(),
        "{}\nto repeat one: NIRNAY_PLANT=… just planted",
        wrong.join("\n")
    );
}
