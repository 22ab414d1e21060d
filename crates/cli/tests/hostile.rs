//! A hostile portal, end to end: names that climb out of the lake, links to other hosts, bombs, floods. The
//! command is watched at the level of system calls: where it writes, whom it connects to, how much memory
//! it holds. It must end by itself with an exit code that says what happened.

#![expect(clippy::print_stdout, reason = "a figure for the report")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use nirnay_model::Portal;
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks, hostile_links,
    hostile_texts,
};
use nirnay_tests::tracer::{Ended, Fate, can_trace, trace_all};
use nirnay_tests::{Canary, Fence, Subject, number, report};

/// The most memory the command may hold, whatever the portal sends.
const MOST_KIB: u64 = 200 << 10;

const SOURCES: &str = r#"
[[source]]
source = "ecourts-hc"
courts = ["sikkim"]
from = "2023-11-01"
to = "2024-02-29"
page_size = 10
[[source]]
source = "scr"
from = "2023-11-01"
to = "2024-02-29"
page_size = 10
[[source]]
source = "sci-feed"
"#;

fn docket(rows: u32) -> Docket {
    Docket::generate(&DocketSpec {
        seed: 22,
        courts: vec![CourtShare::new("sikkim", rows)],
        from: "2023-11-01".parse().unwrap(),
        to: "2024-02-29".parse().unwrap(),
        scr_rows: 3,
        feed_rows: 4,
        quirks: Quirks::none(),
    })
    .unwrap()
}

/// What a hostile crawl came to.
struct Outcome {
    code: i32,
    lake: PathBuf,
    subject: Subject,
}

/// Crawls a portal that does this, and checks what must hold whatever it does.
fn crawl(what: &str, rows: u32, rules: Vec<FaultRule>) -> Outcome {
    let began = Instant::now();
    let subject = Subject::start(
        Path::new(env!("CARGO_BIN_EXE_nirnay")),
        docket(rows),
        SOURCES,
        |config| config.faults = Some(FaultScript::of(rules)),
    );
    let lake = subject.dir().join("lake");
    let fence = Fence::new(subject.dir(), &lake).unwrap();
    let mut outside = Vec::new();
    let mut command = subject.command(&lake);
    // What the command starts in turn puts nothing aside either.
    command.env("TMPDIR", subject.dir());
    let trace = trace_all(&command, Path::new("/"), &mut |call| {
        let path = Path::new("/").join(&call.path);
        // The lake's name is made durable in the folders above it.
        let above = call.name == "fsync" && lake.starts_with(&path);
        if !path.starts_with(&lake) && !above && !is_harmless(&path) {
            outside.push(format!("{} {}", call.name, path.display()));
        }
        Fate::Pass
    })
    .unwrap();
    let Ended::Exit(code) = trace.ended else {
        panic!("{what}: {trace:?}");
    };
    assert!(
        [0, 2, 65, 69, 77, 79, 80].contains(&code),
        "{what}: exit {code}: {}",
        trace.said
    );
    assert!(!trace.said.contains("panicked"), "{what}: {}", trace.said);
    assert_eq!(
        outside,
        Vec::<String>::new(),
        "{what}: written outside the lake"
    );
    assert_eq!(fence.breaches(), Vec::<String>::new(), "{what}");
    let ours: Vec<String> = Portal::ALL
        .map(|portal| subject.sim.base_url(portal))
        .into_iter()
        .chain([subject.sim.control_url().to_owned()])
        .map(|url| url.trim_start_matches("http://").to_owned())
        .collect();
    let foreign: Vec<&String> = trace
        .connects
        .iter()
        .filter(|address| !ours.contains(address))
        .collect();
    assert!(foreign.is_empty(), "{what}: connected to {foreign:?}");
    let peak = trace.peak_kib.unwrap();
    assert!(peak < MOST_KIB, "{what}: {peak} KiB");
    report(
        &format!("hostile: {what}"),
        &format!(
            "exit {code}, {} MiB at most, 0 outside, 0 foreign",
            peak >> 10
        ),
        began,
    );
    Outcome {
        code,
        lake,
        subject,
    }
}

/// Devices that hold nothing.
fn is_harmless(path: &Path) -> bool {
    ["/dev/null", "/dev/tty"]
        .iter()
        .any(|device| path == Path::new(device))
}

fn traced() -> bool {
    match can_trace() {
        Ok(()) => true,
        Err(why) => {
            println!("figure: hostile portals | not run: {why} | 0 s");
            assert!(std::env::var_os("CI").is_none(), "{why}");
            false
        }
    }
}

/// How many of the hostile texts and links are tried: all, or every n-th.
fn step() -> usize {
    number("NIRNAY_HOSTILE", 8)
}

#[test]
fn no_name_leaves_the_lake() {
    if !traced() {
        return;
    }
    let forms = [
        "petitioner",
        "respondent",
        "judge",
        "number",
        "disposal",
        "cnr",
        "path",
        "court",
    ];
    let texts = hostile_texts().len();
    for (place, form) in forms.iter().enumerate() {
        // Each text stands in one row of a page of ten.
        let rules: Vec<FaultRule> = (place % step()..texts)
            .step_by(step())
            .map(|text| {
                FaultRule::new(FaultKind::HostileText)
                    .form(*form)
                    .n(text as i64)
                    .at([text as u64 + 1])
            })
            .collect();
        let outcome = crawl(&format!("{} texts as {form}", rules.len()), 30, rules);
        drop(std::fs::remove_dir_all(&outcome.lake));
    }
}

#[test]
fn no_name_of_a_file_or_of_the_feed_leaves_the_lake() {
    if !traced() {
        return;
    }
    for text in (0..hostile_texts().len()).step_by(step()) {
        let rules = vec![
            FaultRule::new(FaultKind::HostileName)
                .n(text as i64)
                .every(1),
            FaultRule::new(FaultKind::HostileText)
                .portal(Portal::SciFeed)
                .n(text as i64)
                .probability(1.0),
        ];
        let outcome = crawl(&format!("file names and feed, text {text}"), 12, rules);
        let log = outcome.subject.sim.log();
        let renamed = log.iter().filter(|entry| entry.fault.is_some()).count();
        assert!(renamed > 0, "text {text}");
        assert_ne!(outcome.code, 69, "text {text}: names alone stop nothing");
    }
}

#[test]
fn no_link_leads_to_another_host() {
    if !traced() {
        return;
    }
    let canary = Canary::start().unwrap();
    let away = format!("http://{}/judgment.pdf", canary.address());
    let links = hostile_links().len();
    let rules = |kind: FaultKind, on: On| -> Vec<FaultRule> {
        (0..links)
            .step_by(step())
            .enumerate()
            .map(|(place, link)| {
                FaultRule::new(kind)
                    .on(on)
                    .form("any")
                    .n(link as i64)
                    .at([place as u64 + 1])
            })
            // Between them a host of this machine, which counts its visitors.
            .chain([FaultRule::new(kind).on(on).to(&away).every(2)])
            .collect()
    };
    for (what, rules) in [
        (
            "links to other hosts",
            rules(FaultKind::BadOutputfile, On::Link),
        ),
        (
            "redirects of documents to other hosts",
            rules(FaultKind::RedirectOut, On::Document),
        ),
        (
            "redirects of searches to other hosts",
            rules(FaultKind::RedirectOut, On::Search),
        ),
    ] {
        let many = format!("{} {what}", rules.len());
        let outcome = crawl(&many, 20, rules);
        assert!(
            outcome
                .subject
                .sim
                .log()
                .iter()
                .any(|entry| entry.fault.is_some()),
            "{what}"
        );
    }
    assert_eq!(canary.visits(), 0, "somebody went to {away}");
}

#[test]
fn bombs_and_floods_are_cut_short() {
    if !traced() {
        return;
    }
    let rule = FaultRule::new;
    let cases = [
        (
            "packed bombs of 2 GiB as documents",
            rule(FaultKind::GzipBomb)
                .on(On::Document)
                .mib(2048)
                .every(2),
        ),
        (
            "packed bombs of 2 GiB as pages",
            rule(FaultKind::GzipBomb).on(On::Search).mib(2048).every(2),
        ),
        (
            "packed bombs of 1 GiB everywhere",
            rule(FaultKind::GzipBomb).mib(1024).every(3),
        ),
        (
            "bodies of 300 MiB as documents",
            rule(FaultKind::HugeBody)
                .on(On::Document)
                .mib(300)
                .every(2)
                .times(3),
        ),
        (
            "bodies of 300 MiB as pages",
            rule(FaultKind::HugeBody)
                .on(On::Search)
                .mib(300)
                .every(2)
                .times(3),
        ),
        (
            "pages of 50,000 rows",
            rule(FaultKind::RowFlood)
                .form("repeat")
                .n(50_000)
                .every(2)
                .times(3),
        ),
        (
            "rows of 20,000 nested elements",
            rule(FaultKind::NestedRow).form("list").n(20_000).every(2),
        ),
        (
            "floods of 20,000 headers",
            rule(FaultKind::HeaderFlood).n(20_000).size(64).every(3),
        ),
        (
            "pictures that are none",
            rule(FaultKind::BadPicture).every(2),
        ),
    ];
    for (what, rule) in cases {
        let outcome = crawl(what, 12, vec![rule]);
        assert!(
            outcome
                .subject
                .sim
                .log()
                .iter()
                .any(|entry| entry.fault.is_some()),
            "{what}"
        );
    }
}

#[test]
fn a_portal_that_answers_nothing_but_nonsense_is_left_alone() {
    if !traced() {
        return;
    }
    for kind in [
        FaultKind::NotJson,
        FaultKind::UnknownJson,
        FaultKind::LoginPage,
        FaultKind::EmptyBody,
        FaultKind::BlockPage,
        FaultKind::Errormsg,
        FaultKind::CutBody,
        FaultKind::Drop,
    ] {
        let outcome = crawl(
            &format!("nothing but {}", kind.name()),
            12,
            vec![FaultRule::new(kind).on(On::Search)],
        );
        assert_ne!(outcome.code, 0, "{}", kind.name());
        let asked = outcome.subject.sim.log().len();
        assert!(asked < 200, "{}: {asked} requests", kind.name());
    }
}
