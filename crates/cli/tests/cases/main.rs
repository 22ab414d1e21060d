//! Cases in bulk against the simulated portals, by the real command: lists, cause lists and numbers; cases asked
//! again; killed at random moments; on portals that fail. Captchas are answered by the simulator itself, through a
//! program (python3).

#![expect(
    clippy::print_stderr,
    reason = "a test that is left out says so, and the long form prints its figures"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod bulk;
mod commands;
mod documents;
mod faults;
mod hostile;
mod kills;
mod lookups;
mod sweep;
mod world;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use nirnay_model::{Case, Sha256};
use nirnay_portal_sim::{CaseFile, Route, Site};
use nirnay_store::Layer;
use nirnay_tests::snapshot;

use world::{World, known, rows};

#[test]
fn a_list_is_kept_once_with_its_documents() {
    let Some(world) = World::start() else { return };
    let (path, files) = world.list();
    let list = path.to_str().unwrap();
    let report = world.finish("lake", &["crawl", "list", list, "--documents"]);
    assert_eq!(report["found"], 5, "{report:#}");
    assert_eq!(report["none"], 1, "{report:#}");
    world.sound("lake");
    let orders: usize = files.iter().map(|file| file.orders.len()).sum();
    let hearings = |case: &Case| case.hearings.len() as u64;
    let cases = known(&world, "lake", &files);
    {
        let lake = world.lake("lake");
        assert_eq!(rows(&lake, Layer::Cases), 5);
        assert_eq!(rows(&lake, Layer::Orders), orders as u64);
        let all: u64 = cases.iter().map(hearings).sum();
        assert_eq!(rows(&lake, Layer::Hearings), all);
        // Documents are those that the portal has, byte for byte.
        let stored = snapshot(&world.path("lake")).documents;
        assert!(!stored.is_empty());
        let truth: Vec<Sha256> = files
            .iter()
            .flat_map(|file| (1..=50).map(|order| world.sim.case_document(&file.cnr, order)))
            .flatten()
            .map(|bytes| Sha256::of(&bytes))
            .collect();
        assert!(stored.values().all(|sha256| truth.contains(sha256)));
    }
    // Nothing is asked that is settled.
    let again = world.finish("lake", &["crawl", "list", list, "--documents"]);
    assert_eq!(again["requests"], 0, "{again:#}");
    let audit = Command::new(env!("CARGO_BIN_EXE_nirnay"))
        .args(["audit", "--json", "--lake"])
        .arg(world.path("lake"))
        .output()
        .unwrap();
    assert!(audit.status.success());
    assert!(String::from_utf8_lossy(&audit.stdout).contains("\"state\": \"none\""));
}

#[test]
fn a_single_question_is_kept_where_a_lake_is_given() {
    let Some(world) = World::start() else { return };
    let file = &world.files()[0];
    let output = world.command("one", &["get", &file.cnr]).output().unwrap();
    assert!(output.status.success());
    let shown: Case = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown.cnr.unwrap().as_str(), file.cnr);
    let kept = known(&world, "one", std::slice::from_ref(file));
    assert_eq!(kept[0].orders.len(), file.orders.len());
    world.sound("one");
    let captures = std::fs::read_dir(world.path("one/captures")).unwrap();
    assert!(captures.count() > 0);
}

#[test]
fn numbers_and_cause_lists_are_walked() {
    let Some(world) = World::start() else { return };
    let file = &world.files()[0];
    let (kind, year) = (file.case_type.code.to_string(), file.year.to_string());
    let (first, last) = (file.number.to_string(), (file.number + 1).to_string());
    let args = [
        "crawl",
        "hc-numbers",
        "--court",
        "delhi",
        "--case-type",
        &kind,
        "--year",
        &year,
        "--first",
        &first,
        "--last",
        &last,
    ];
    let report = world.finish("lake", &args);
    // Two numbers, and the page of the case that one of them found.
    assert!(report["questions"].as_u64().unwrap() >= 3, "{report:#}");
    let cases = known(&world, "lake", std::slice::from_ref(file));
    assert_eq!(cases[0].orders.len(), file.orders.len());
    let files = world.sim.cases(Site::DistrictCourts, &["8"]);
    let (place, day, listed) = files
        .iter()
        .flat_map(|file| {
            file.hearings
                .iter()
                .map(move |hearing| (&file.place, hearing.on))
        })
        .find_map(|(place, day)| {
            let at: Vec<&str> = place.iter().map(String::as_str).collect();
            let listed = world.sim.sitting(Site::DistrictCourts, &at, day);
            (!listed.is_empty()).then_some((place.clone(), day.to_string(), listed))
        })
        .unwrap();
    let mut found = 0;
    for criminal in [false, true] {
        let mut args = vec![
            "crawl",
            "district-lists",
            "--state",
            &place[0],
            "--district",
            &place[1],
            "--complex",
            &place[2],
            "--establishment",
            &place[3],
            "--from",
            &day,
            "--to",
            &day,
        ];
        args.extend(criminal.then_some("--criminal"));
        world.finish("lake", &args);
        let lake = world.lake("lake");
        found = rows(&lake, Layer::CauseLists);
    }
    assert_eq!(found, listed.len() as u64);
    world.sound("lake");
}

/// The cases of a complex of one type and year, their last number unknown: all of them are found, and the next run
/// looks behind the last one alone.
#[test]
fn numbers_end_where_no_more_follow() {
    let Some(world) = World::start() else { return };
    let all = world.sim.cases(Site::DistrictCourts, &["8"]);
    let same = |one: &CaseFile, other: &CaseFile| {
        (&one.place, one.case_type.code, one.year)
            == (&other.place, other.case_type.code, other.year)
    };
    let several = |file: &&CaseFile| all.iter().filter(|other| same(file, other)).count() > 2;
    let one = all.iter().find(several).unwrap();
    let numbers: BTreeSet<u32> = all
        .iter()
        .filter(|other| same(one, other))
        .map(|file| file.number)
        .collect();
    let (first, last) = (*numbers.first().unwrap(), *numbers.last().unwrap());
    let widest = numbers.iter().zip(numbers.iter().skip(1));
    let gap = widest.map(|(one, next)| next - one).max().unwrap();
    let kind = format!("{}^{}", one.case_type.code, one.place[3]);
    let (year, start, gap_said) = (one.year.to_string(), first.to_string(), gap.to_string());
    let args = [
        "crawl",
        "district-numbers",
        "--state",
        &one.place[0],
        "--district",
        &one.place[1],
        "--complex",
        &one.place[2],
        "--establishment",
        &one.place[3],
        "--case-type",
        &kind,
        "--year",
        &year,
        "--first",
        &start,
        "--gap",
        &gap_said,
    ];
    let report = world.finish("endless", &args);
    let first_run = world.sim.log().len();
    let known = numbers.len() as u64;
    // Each number up to the last, so many behind it, and the page of each case.
    let asked = u64::from(last - first + 1 + gap);
    assert_eq!(report["questions"], asked + known, "{report:#}");
    assert_eq!(report["found"], 2 * known, "{report:#}");
    assert_eq!(rows(&world.lake("endless"), Layer::Cases), known);
    let before = world.sim.log().len();
    let again = world.finish("endless", &args);
    assert_eq!(again["questions"], report["questions"]);
    let log = world.sim.log();
    let searches = log
        .iter()
        .skip(before)
        .filter(|entry| entry.route == Route::Search);
    // What has no case is asked in two sessions.
    assert_eq!(searches.count() as u64, u64::from(2 * gap));
    // Stopped by its budget again and again, it comes to the same end, and asks for nothing twice.
    let before = world.sim.log().len();
    let mut runs = 1;
    while world.run_with(30, "little", &args).0 != Some(0) {
        runs += 1;
        assert!(runs < 40, "it never ends");
    }
    assert!(runs > 2, "the budget stops nothing");
    assert_eq!(
        snapshot(&world.path("little")).tables,
        snapshot(&world.path("endless")).tables
    );
    let log = world.sim.log();
    let whole = log.iter().take(first_run).count() as u64;
    let parts = log.len() - before;
    assert!(
        parts as u64 <= whole + 12 * runs,
        "{parts} requests in {runs} runs, {whole} in one"
    );
    let both = [&args[..], &["--last", "9"]].concat();
    let refused = world.command("endless", &both).output().unwrap();
    assert_eq!(refused.status.code(), Some(64), "--gap with --last");
}

#[test]
fn known_cases_are_asked_again_and_changes_are_told() {
    let Some(world) = World::start() else { return };
    let list = world.path("pending.csv");
    let moved = "2026-08-01T00:00:00Z".parse().unwrap();
    let before = "2024-03-01T00:00:00Z".parse().unwrap();
    world.sim.move_to(before);
    let files = world.sim.cases(Site::DistrictCourts, &["8"]);
    let differs = |file: &&CaseFile| {
        let at = |moment| {
            world
                .sim
                .case_at(&file.cnr, moment)
                .map(|file| file.hearings.len())
        };
        at(before) != at(moved)
    };
    let file = files.iter().find(differs).unwrap();
    std::fs::write(&list, format!("cnr\n{}\n", file.cnr)).unwrap();
    world.finish("lake", &["crawl", "list", list.to_str().unwrap()]);
    let same = world.finish("lake", &["refresh"]);
    assert_eq!(same["changed"].as_array().unwrap().len(), 0, "{same:#}");
    world.sim.move_to(moved);
    let report = world.finish("lake", &["refresh", "--changed-since", "2020-01-01"]);
    let changed = report["changed"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "{report:#}");
    assert!(changed[0]["fields"].to_string().contains("hearings"));
    assert!(rows(&world.lake("lake"), Layer::Revisions) > 0);
    world.sound("lake");
}

#[test]
fn what_cannot_be_is_refused_before_a_portal_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bad.csv");
    std::fs::write(&file, "cnr\nDLHC010001232024\nnonsense\n").unwrap();
    let run = |args: &[&Path]| {
        Command::new(env!("CARGO_BIN_EXE_nirnay"))
            .args(["case", "crawl", "list"])
            .args(args)
            .args(["--contact", "mailto:tests@example.org", "--lake"])
            .arg(dir.path().join("lake"))
            .output()
            .unwrap()
    };
    let output = run(&[&file]);
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&output.stderr).contains("row 3"));
    assert!(!dir.path().join("lake").exists());
}
