//! Days and months of a portal that publishes late, edits and withdraws: what the lake says on each day is
//! what the portal showed, and what looking again costs.
//!
//! `NIRNAY_DAYS=200` plays more days.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_fetch::Clock as _;
use nirnay_model::SourceId;
use nirnay_pipeline::{CrawlReport, Stages, india_date, plan};
use nirnay_portal_sim::{
    ChangeKind, ChangeSpec, CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On,
    Quirks, Route, Schedule, TruthRow,
};
use nirnay_store::{AlarmKind, JudgmentFilter, Lake, OpenMode};
use nirnay_tests::{Pace, Rig, RigOptions, scratch};

const LISTS: Stages = Stages {
    documents: false,
    text: false,
};
const DAY: Duration = Duration::from_hours(24);

fn pipeline(from: &str, more: &str) -> String {
    format!(
        "name = \"rescan\"\nabout = \"Looking again.\"\nbasis = \"Simulated portals.\"\n{more}\n[[source]]\nsource = \"ecourts-hc\"\ncourts = [\"madras\", \"sikkim\"]\nfrom = \"{from}\"\npage_size = 100\n"
    )
}

fn docket(from: &str, to: &str, rows: u32) -> Docket {
    Docket::generate(&DocketSpec {
        seed: 21,
        courts: vec![
            CourtShare::new("sikkim", rows / 5),
            CourtShare::new("madras", rows),
        ],
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks::none(),
    })
    .unwrap()
}

async fn rig(docket: Docket, schedule: Schedule, faults: Option<FaultScript>, text: String) -> Rig {
    let options = RigOptions {
        docket: Arc::new(docket),
        faults,
        seed: 5,
        accuracy: 1.0,
        pipeline: text,
    };
    Rig::start_with(options, Pace::Free, |config| {
        config.schedule = Arc::new(schedule);
    })
    .await
}

async fn crawl(rig: &Rig, dir: &Path) -> CrawlReport {
    rig.crawl(dir, LISTS).await.unwrap()
}

fn today(rig: &Rig) -> Date {
    india_date(rig.clock.now())
}

/// What the lake holds of a row: judges, disposal, and since when it is not listed.
type Held = (Vec<String>, Option<String>, Option<Timestamp>);

fn held(dir: &Path) -> BTreeMap<String, (Date, Held)> {
    let lake = Lake::open(dir, OpenMode::ReadOnly).unwrap();
    lake.published_judgments(JudgmentFilter::default())
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            let judgment = row.judgment;
            (
                judgment.document_path.unwrap(),
                (
                    judgment.decision_date.unwrap(),
                    (judgment.judges, judgment.disposal_raw, row.not_listed_since),
                ),
            )
        })
        .collect()
}

fn listed(rig: &Rig, at: Timestamp) -> BTreeMap<String, TruthRow> {
    rig.sim
        .truth_at(SourceId::EcourtsHc, at)
        .into_iter()
        .filter(|row| row.listed)
        .map(|row| (row.path.clone(), row))
        .collect()
}

fn age(day: Date, today: Date) -> i32 {
    (today - day).get_days()
}

/// What is wrong with the lake for rows that the portal showed alike at both moments, or at neither:
/// whatever happened in between may be known or not.
fn differences(
    lake: &BTreeMap<String, (Date, Held)>,
    then: &BTreeMap<String, TruthRow>,
    now: &BTreeMap<String, TruthRow>,
    ages: std::ops::RangeInclusive<i32>,
    today: Date,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, truth) in now {
        let Some(day) = truth
            .listed_on
            .filter(|day| ages.contains(&age(*day, today)))
        else {
            continue;
        };
        let same = then
            .get(path)
            .is_some_and(|old| old.judges == truth.judges && old.disposal == truth.disposal);
        if !same {
            continue;
        }
        match lake.get(path) {
            None => wrong.push(format!("{day} {path} is not known")),
            Some((_, (judges, disposal, since))) => {
                if since.is_some() {
                    wrong.push(format!("{day} {path} is listed, the lake says not"));
                }
                if *judges != truth.judges || *disposal != truth.disposal {
                    wrong.push(format!("{day} {path} has old values"));
                }
            }
        }
    }
    for (path, (day, (_, _, since))) in lake {
        let gone = !now.contains_key(path) && !then.contains_key(path);
        if gone && since.is_none() && ages.contains(&age(*day, today)) {
            wrong.push(format!("{day} {path} is not listed, the lake says it is"));
        }
    }
    wrong
}

fn days() -> u32 {
    std::env::var("NIRNAY_DAYS")
        .ok()
        .and_then(|days| days.parse().ok())
        .unwrap_or(40)
}

#[tokio::test]
async fn every_day_the_lake_says_what_the_portal_showed() {
    let docket = docket("2025-06-01", "2026-12-31", 3_000);
    let spec = ChangeSpec {
        opens: "2025-12-01T00:00:00Z".parse().unwrap(),
        edited: 0.2,
        withdrawn: 0.08,
        ..ChangeSpec::default()
    };
    let schedule = Schedule::generate(&docket, &spec);
    let rig = rig(docket, schedule, None, pipeline("2025-06-01", "")).await;
    let dir = scratch();
    let mut costs = Vec::new();
    for day in 0..days() {
        let before = rig.sim.log_since(0).len();
        let report = crawl(&rig, dir.path()).await;
        assert_eq!(
            report.exit_code(),
            0,
            "day {day}: {:?} {:?}",
            report.open,
            report.alarms
        );
        costs.push(rig.sim.log_since(0).len() - before);
        let (lake, now) = (held(dir.path()), listed(&rig, rig.clock.now()));
        let wrong = differences(&lake, &now, &now, 0..=14, today(&rig));
        assert!(wrong.is_empty(), "day {day}: {wrong:#?}");
        rig.clock.advance(DAY);
    }
    rig.clock.advance(Duration::ZERO);
    let now = rig.clock.now();
    let then = now
        .checked_sub(jiff::SignedDuration::from_hours(24 * 9))
        .unwrap();
    let wrong = differences(
        &held(dir.path()),
        &listed(&rig, then),
        &listed(&rig, now),
        0..=90,
        today(&rig),
    );
    let wrong: Vec<&String> = wrong
        .iter()
        .filter(|line| {
            age(
                line.split(' ').next().unwrap().parse().unwrap(),
                today(&rig),
            ) > 1
        })
        .collect();
    assert!(wrong.is_empty(), "after {} days: {wrong:#?}", days());
    let daily = costs.iter().skip(1).sum::<usize>() as f64 / (costs.len() - 1) as f64;
    println!(
        "{} days, 2 courts: first crawl {} requests, then {daily:.1} a day",
        days(),
        costs[0]
    );
    assert!(daily < 40.0, "{costs:?}");
}

#[tokio::test]
async fn the_same_day_again_asks_for_nothing() {
    let rig = rig(
        docket("2025-10-01", "2026-01-15", 600),
        Schedule::default(),
        None,
        pipeline("2025-10-01", ""),
    )
    .await;
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    let searches = |rig: &Rig| -> u64 {
        rig.sim
            .counts()
            .into_iter()
            .filter(|((_, route), _)| *route == Route::Search)
            .map(|(_, count)| count)
            .sum()
    };
    let before = searches(&rig);
    let again = crawl(&rig, dir.path()).await;
    assert_eq!((again.exit_code(), searches(&rig)), (0, before));
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let idle = plan(&rig.config, Some(&lake), today(&rig)).unwrap();
    assert!(
        idle.lines
            .iter()
            .all(|line| line.again == 0 && line.counts == 0)
    );
    let tomorrow = today(&rig).tomorrow().unwrap();
    let due = plan(&rig.config, Some(&lake), tomorrow).unwrap();
    for line in &due.lines {
        assert_eq!((line.again, line.open), (3, 0), "{line:?}");
    }
}

#[tokio::test]
async fn the_window_of_this_week_grows_and_the_old_proof_stays_until_a_reply() {
    // Every search from the second day on answers an error, for a day.
    let rig = rig(
        docket("2026-01-01", "2026-01-31", 200),
        Schedule::default(),
        None,
        pipeline("2026-01-01", ""),
    )
    .await;
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    let rows = held(dir.path()).len();
    rig.clock.advance(DAY);
    let broken = FaultScript::of([FaultRule::new(FaultKind::Errormsg).on(On::Search).every(1)]);
    rig.sim.set_faults(broken).unwrap();
    let bad = crawl(&rig, dir.path()).await;
    assert_ne!(bad.exit_code(), 0);
    {
        let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
        let windows = lake.ledger().windows(None).unwrap();
        assert!(
            windows
                .iter()
                .all(|row| row.state.is_complete() && row.accepted > 0 || row.last_total == Some(0)),
            "{windows:#?}"
        );
        assert!(windows.iter().any(|row| row.grow_to.is_some()));
        assert_eq!(held(dir.path()).len(), rows);
        assert!(
            bad.open
                .iter()
                .any(|line| line.contains("not walked up to 2026-01-16")),
            "{:?}",
            bad.open
        );
    }
    rig.sim.set_faults(FaultScript::of([])).unwrap();
    let good = crawl(&rig, dir.path()).await;
    assert_eq!(good.exit_code(), 0, "{:?}", good.open);
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let ends: Vec<String> = lake
        .ledger()
        .windows(None)
        .unwrap()
        .iter()
        .filter_map(|row| row.spec.window)
        .map(|window| window.to_string())
        .collect();
    assert!(
        ends.contains(&"2026-01-12..2026-01-16".to_owned()),
        "one window a week, not one a day: {ends:?}"
    );
    assert!(held(dir.path()).len() >= rows);
}

#[tokio::test]
async fn half_a_list_gone_in_a_day_is_believed_on_the_second() {
    let rig = rig(
        docket("2026-01-05", "2026-01-11", 100),
        Schedule::default(),
        None,
        pipeline("2026-01-05", ""),
    )
    .await;
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    let all = held(dir.path());
    let gone: Vec<TruthRow> = rig
        .sim
        .truth(SourceId::EcourtsHc)
        .into_iter()
        .filter(|row| row.court_code == "33_10" && row.row.0 % 5 < 3)
        .collect();
    assert!(gone.len() > 40, "{}", gone.len());
    for row in &gone {
        rig.sim.change(row.row, ChangeKind::Withdraw);
    }
    rig.clock.advance(DAY);
    let first = crawl(&rig, dir.path()).await;
    assert_eq!(first.exit_code(), 65, "{:?}", first.alarms);
    assert_eq!(first.alarms[0].kind, AlarmKind::Shrunk);
    assert_eq!(first.found.not_listed, 0);
    assert_eq!(
        held(dir.path())
            .values()
            .filter(|(_, (_, _, since))| since.is_some())
            .count(),
        0
    );
    rig.clock.advance(DAY);
    let second = crawl(&rig, dir.path()).await;
    assert_eq!(second.found.not_listed, gone.len() as u64);
    assert_eq!(second.exit_code(), 65, "it is believed, and still an alarm");
    // Listed again: the mark goes, and both changes stay on record.
    for row in &gone {
        rig.sim.change(row.row, ChangeKind::Publish);
    }
    rig.clock.advance(DAY);
    let third = crawl(&rig, dir.path()).await;
    assert_eq!(third.found.updated, gone.len() as u64);
    assert_eq!(third.exit_code(), 0, "{:?}", third.alarms);
    let now = held(dir.path());
    assert_eq!(now.len(), all.len(), "no row is ever deleted");
    assert!(now.values().all(|(_, (_, _, since))| since.is_none()));
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let revisions = lake.ledger().revisions_after(0, 10_000).unwrap();
    let marks = revisions
        .iter()
        .filter(|revision| revision.field == "not_listed_since")
        .count();
    assert_eq!(marks, gone.len() * 2);
}

#[tokio::test]
async fn old_windows_are_counted_and_walked_only_if_the_count_moved() {
    let docket = docket("2023-01-01", "2023-12-31", 300);
    let rig = rig(
        docket,
        Schedule::default(),
        None,
        pipeline("2023-01-01", "").replace("page_size", "to = \"2023-12-31\"\npage_size"),
    )
    .await;
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    let kept: Vec<TruthRow> = rig.sim.truth(SourceId::EcourtsHc);
    rig.clock.advance(DAY * 30);
    assert_eq!(
        crawl(&rig, dir.path()).await.found.counted,
        0,
        "nothing is due for most of a year"
    );
    rig.clock.advance(DAY * 340);
    let quiet = crawl(&rig, dir.path()).await;
    assert_eq!((quiet.found.counted, quiet.found.proven), (2, 0));
    let row = kept.iter().find(|row| row.court_code == "33_10").unwrap();
    rig.sim.change(row.row, ChangeKind::Withdraw);
    rig.clock.advance(DAY * 370);
    let moved = crawl(&rig, dir.path()).await;
    assert_eq!(
        (
            moved.found.counted,
            moved.found.proven,
            moved.found.not_listed
        ),
        (1, 1, 1)
    );
    assert!(held(dir.path())[&row.path].1.2.is_some());
}
