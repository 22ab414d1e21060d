//! Case portals that mean harm: names that climb out of a folder, links and redirects to hosts that nobody named. The
//! command is watched at the level of system calls.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use nirnay_portal_sim::{FaultKind, FaultRule, FaultScript, On, hostile_links, hostile_texts};
use nirnay_tests::tracer::{Ended, Fate, can_trace, trace_all};
use nirnay_tests::{Canary, number, report};

use crate::world::World;

/// Exit codes that a command may end with, whatever a portal sends.
const CODES: [i32; 7] = [0, 2, 65, 69, 77, 79, 80];

/// The folders that the commands below may write to.
const FOLDERS: [&str; 2] = ["lake", "orders"];

/// Every n-th text and link, as for the portals of judgments.
fn step() -> usize {
    number("NIRNAY_HOSTILE", 8)
}

/// A world, where system calls can be watched.
fn watched() -> Option<World> {
    if let Err(why) = can_trace() {
        eprintln!("figure: hostile case portals | not run: {why} | 0 s");
        assert!(std::env::var_os("CI").is_none(), "{why}");
        return None;
    }
    World::start()
}

/// Runs a command under these faults. It ends by itself, writes to its folders alone, and connects to the portals alone.
fn run(world: &World, what: &str, command: &Command, rules: Vec<FaultRule>) {
    world.sim.set_faults(FaultScript::of(rules)).unwrap();
    let before = world.sim.log().len();
    let mut outside = Vec::new();
    let traced = trace_all(command, Path::new("/"), &mut |call| {
        let path = Path::new("/").join(&call.path);
        let is_own = FOLDERS
            .iter()
            .any(|folder| path.starts_with(world.path(folder)));
        // The folders' own names are made durable above them.
        let above = call.name == "fsync" && world.folder().starts_with(&path);
        if !is_own && !above && !path.starts_with("/dev") {
            outside.push(format!("{} {}", call.name, path.display()));
        }
        Fate::Pass
    })
    .unwrap();
    let Ended::Exit(code) = traced.ended else {
        panic!("{what}: {traced:?}");
    };
    let said = &traced.said;
    assert!(CODES.contains(&code), "{what}: exit {code}: {said}");
    assert!(!said.contains("panicked"), "{what}: {said}");
    assert_eq!(outside, Vec::<String>::new(), "{what}");
    let ours = world.addresses();
    let foreign: Vec<&String> = traced
        .connects
        .iter()
        .filter(|address| !ours.contains(address))
        .collect();
    assert!(foreign.is_empty(), "{what}: connected to {foreign:?}");
    let log = world.sim.log();
    let own = log.get(before..).unwrap_or_default();
    assert!(
        own.iter().any(|entry| entry.fault.is_some()),
        "{what}: nothing was struck in {} requests: {said}",
        own.len()
    );
}

fn place(world: &World, name: &str) -> String {
    world.path(name).to_string_lossy().into_owned()
}

/// Nothing stays for the next command.
fn clear(world: &World) {
    for folder in FOLDERS {
        drop(std::fs::remove_dir_all(world.path(folder)));
    }
}

#[test]
fn no_name_of_a_case_leaves_its_folder() {
    let Some(world) = watched() else { return };
    let began = Instant::now();
    let (list, files) = world.list();
    let list = list.to_str().unwrap();
    let high = &files[0];
    let (kind, case, year) = (
        high.case_type.code.to_string(),
        high.number.to_string(),
        high.year.to_string(),
    );
    // The tracer starts a command where the test runs.
    let (lake, orders) = (place(&world, FOLDERS[0]), place(&world, FOLDERS[1]));
    let crawl = [
        "case",
        "crawl",
        "list",
        list,
        "--documents",
        "--lake",
        &lake,
    ];
    let get = [
        "case",
        "get",
        &high.cnr,
        "--download",
        &orders,
        "--lake",
        &lake,
    ];
    let search = [
        "hc",
        "search",
        "--court",
        "delhi",
        "--case-type",
        &kind,
        "--number",
        &case,
        "--year",
        &year,
        "--lake",
        &lake,
    ];
    let texts = hostile_texts().len();
    let mut tried = 0;
    for text in (0..texts).step_by(step()) {
        let strike = |kind| FaultRule::new(kind).n(text as i64).every(1);
        let of_page = |form| strike(FaultKind::HostileText).form(form);
        let of_file = || strike(FaultKind::HostileName);
        for (what, args, rules) in [
            (
                "names in a lake",
                &crawl[..],
                vec![of_page("name"), of_file()],
            ),
            (
                "names in a folder",
                &get[..],
                vec![of_page("name"), of_file()],
            ),
            ("CNRs of a page", &get[..], vec![of_page("cnr")]),
            ("CNRs of a list", &search[..], vec![of_page("cnr")]),
        ] {
            tried += 1;
            run(
                &world,
                &format!("text {text} as {what}"),
                &world.alone(args),
                rules,
            );
            clear(&world);
        }
    }
    report(
        "hostile: names on case portals",
        &format!("{tried} commands, 0 outside, 0 foreign"),
        began,
    );
}

#[test]
fn no_link_of_a_case_leads_to_another_host() {
    let Some(world) = watched() else { return };
    let began = Instant::now();
    let (list, _) = world.list();
    let mixed = world.mixed();
    let lake = place(&world, FOLDERS[0]);
    let canary = Canary::start().unwrap();
    let away = format!("http://{}/order.pdf", canary.address());
    let bank = hostile_links().len();
    // One link a request, each of them in turn.
    let each = |kind: FaultKind, on: On| -> Vec<FaultRule> {
        let rule = |(place, link): (usize, usize)| {
            let rule = FaultRule::new(kind).on(on).form("any").n(link as i64);
            rule.at([place as u64 + 1])
        };
        let mut rules: Vec<FaultRule> = (0..bank).step_by(step()).enumerate().map(rule).collect();
        // Between them a host of this machine, which counts its visitors.
        rules.push(
            FaultRule::new(kind)
                .on(on)
                .form("absolute")
                .to(&away)
                .every(2),
        );
        rules
    };
    let mut tried = 0;
    for (what, kind, on) in [
        ("links", FaultKind::BadOutputfile, On::Link),
        (
            "redirects of documents",
            FaultKind::RedirectOut,
            On::Document,
        ),
        ("redirects of pages", FaultKind::RedirectOut, On::Case),
        ("redirects of searches", FaultKind::RedirectOut, On::Search),
    ] {
        for list in [list.to_str().unwrap(), mixed.as_str()] {
            let is_of_numbers = list == mixed;
            // Numbers are searched for, CNRs are pages.
            if (on == On::Case && is_of_numbers) || (on == On::Search && !is_of_numbers) {
                continue;
            }
            tried += 1;
            let args = [
                "case",
                "crawl",
                "list",
                list,
                "--documents",
                "--lake",
                &lake,
            ];
            run(
                &world,
                &format!("{what} of {list}"),
                &world.alone(&args),
                each(kind, on),
            );
            clear(&world);
        }
    }
    assert_eq!(canary.visits(), 0, "somebody went to {away}");
    report(
        "hostile: links on case portals",
        &format!("{tried} commands, 0 outside, 0 foreign"),
        began,
    );
}
