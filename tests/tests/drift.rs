//! Portals that change their pages, lose a court, or show fewer rows: noticed, told, and nothing wrong
//! published. And what is no news: weekends, holidays, vacations.
//!
//! `NIRNAY_DAYS=300` plays more days of the real list.

#![expect(clippy::print_stdout, reason = "a test that is left out says so")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nirnay_fetch::Clock as _;
use nirnay_model::SourceId;
use nirnay_pipeline::{CrawlReport, Stages, india_date};
use nirnay_portal_sim::{
    ChangeSpec, CourtShare, DirOptions, Docket, DocketSpec, FaultKind, FaultRule, FaultScript,
    Quirks, Schedule,
};
use nirnay_store::{AlarmKind, JudgmentFilter, Lake, NewAlarm, OpenMode};
use nirnay_tests::{Pace, Rig, RigOptions, scratch};

const LISTS: Stages = Stages {
    documents: false,
    text: false,
};
const DAY: Duration = Duration::from_hours(24);

fn pipeline(source: &str, from: &str) -> String {
    format!(
        "name = \"drift\"\nabout = \"A portal that changes.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = {source}\nfrom = \"{from}\"\n"
    )
}

const HIGH_COURTS: &str = "\"ecourts-hc\"\ncourts = [\"madras\", \"sikkim\"]\npage_size = 100";

fn docket(from: &str, to: &str, rows: u32) -> Docket {
    Docket::generate(&DocketSpec {
        seed: 31,
        courts: vec![
            CourtShare::new("sikkim", rows / 5),
            CourtShare::new("madras", rows),
        ],
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks::default(),
    })
    .unwrap()
}

async fn rig(docket: Docket, schedule: Schedule, text: String) -> Rig {
    let options = RigOptions {
        docket: Arc::new(docket),
        faults: None,
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

/// Path, decision date and CNR of every published row.
fn rows(dir: &Path) -> BTreeMap<String, (String, String)> {
    let lake = Lake::open(dir, OpenMode::ReadOnly).unwrap();
    lake.published_judgments(JudgmentFilter::default())
        .unwrap()
        .map(|row| {
            let judgment = row.unwrap().judgment;
            (
                judgment.document_path.unwrap_or_default(),
                (
                    judgment
                        .decision_date
                        .map(|day| day.to_string())
                        .unwrap_or_default(),
                    judgment.cnr.map(|cnr| cnr.to_string()).unwrap_or_default(),
                ),
            )
        })
        .collect()
}

/// Values in the lake that the simulator knows to be others.
fn wrong_values(rig: &Rig, dir: &Path) -> Vec<String> {
    let truth: BTreeMap<String, (String, String)> = rig
        .sim
        .truth(SourceId::EcourtsHc)
        .into_iter()
        .map(|row| {
            let day = row.decision_date.map(|day| day.to_string());
            (
                row.path,
                (day.unwrap_or_default(), row.cnr.unwrap_or_default()),
            )
        })
        .collect();
    rows(dir)
        .into_iter()
        .filter(|(path, (day, cnr))| {
            truth.get(path).is_none_or(|(true_day, true_cnr)| {
                true_day != day || !cnr.is_empty() && true_cnr != cnr
            })
        })
        .map(|(path, values)| format!("{path}: {values:?}"))
        .collect()
}

fn drift(form: &str, share: i64) -> FaultScript {
    FaultScript::of([FaultRule::new(FaultKind::Drift).form(form).n(share).at([1])])
}

#[tokio::test]
async fn a_page_that_changes_its_key_fields_stops_the_source_and_publishes_nothing_wrong() {
    for form in [
        "label",
        "decision_label",
        "hindi",
        "class",
        "swap",
        "date_order",
        "iso_date",
        "call",
        "columns",
        "envelope",
        "span",
        "font",
        "arguments",
    ] {
        for share in [100, 40] {
            let rig = rig(
                docket("2025-12-01", "2026-02-15", 900),
                Schedule::default(),
                pipeline(HIGH_COURTS, "2025-12-01"),
            )
            .await;
            let dir = scratch();
            assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0, "{form}");
            let before = rows(dir.path());
            rig.sim.set_faults(drift(form, share)).unwrap();
            rig.clock.advance(DAY);
            let report = crawl(&rig, dir.path()).await;
            let wrong = wrong_values(&rig, dir.path());
            assert!(wrong.is_empty(), "{form} {share} %: {wrong:#?}");
            let after = rows(dir.path());
            for path in before.keys() {
                assert!(after.contains_key(path), "{form}: {path} is gone");
            }
            let (code, stopped) = (report.exit_code(), &report.stopped);
            assert_eq!(code, 65, "{form} {share} %: {stopped:?}");
            assert!(!report.alarms.is_empty(), "{form} {share} %");
            let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
            assert!(
                lake.ledger()
                    .windows(None)
                    .unwrap()
                    .iter()
                    .all(|row| row.verified_at.is_some()),
                "{form}: a proof was taken away"
            );
        }
    }
}

#[tokio::test]
async fn the_alarm_of_a_drift_is_closed_when_the_portal_is_itself_again() {
    let rig = rig(
        docket("2025-12-01", "2026-02-15", 600),
        Schedule::default(),
        pipeline(HIGH_COURTS, "2025-12-01"),
    )
    .await;
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    rig.sim.set_faults(drift("decision_label", 100)).unwrap();
    rig.clock.advance(DAY);
    let bad = crawl(&rig, dir.path()).await;
    assert_eq!(bad.exit_code(), 65);
    let alarm = &bad.alarms[0];
    assert!(
        alarm.what.contains("rows") || alarm.what.contains("seen"),
        "{alarm}"
    );
    rig.sim.set_faults(FaultScript::of([])).unwrap();
    rig.clock.advance(DAY);
    let good = crawl(&rig, dir.path()).await;
    assert_eq!(good.exit_code(), 0, "{:?}", good.alarms);
}

#[tokio::test]
async fn a_new_layout_that_reads_well_waits_a_day_with_its_tables() {
    let rig = rig(
        docket("2025-12-01", "2026-02-15", 600),
        Schedule::default(),
        pipeline(HIGH_COURTS, "2025-12-01"),
    )
    .await;
    let dir = scratch();
    let first = crawl(&rig, dir.path()).await;
    assert_eq!(first.exit_code(), 0);
    let rows_before = first.published.unwrap().rows;
    // A tag that the reader of rows does not mind.
    rig.sim.set_faults(drift("ornament", 100)).unwrap();
    rig.clock.advance(DAY * 3);
    let held = crawl(&rig, dir.path()).await;
    assert!(held.stopped.is_empty(), "{:?}", held.stopped);
    assert_eq!(held.exit_code(), 65);
    let is_layout = |kind| kind == AlarmKind::Layout;
    assert!(held.alarms.iter().any(|alarm| is_layout(alarm.kind)));
    let published = held.published.unwrap();
    assert!(published.files_held > 0 && published.rows == rows_before);
    rig.clock.advance(DAY);
    let next = crawl(&rig, dir.path()).await;
    assert_eq!(next.exit_code(), 0, "{:?}", next.alarms);
    assert!(next.published.unwrap().rows > rows_before);
}

#[tokio::test]
async fn a_court_that_vanishes_from_the_search_is_noticed_in_the_next_run() {
    for (kind, n) in [(FaultKind::SilentCourt, 100), (FaultKind::FewerRows, 80)] {
        let rig = rig(
            docket("2025-10-01", "2026-02-15", 2_000),
            Schedule::default(),
            pipeline(HIGH_COURTS, "2025-10-01"),
        )
        .await;
        let dir = scratch();
        assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
        let before = rows(dir.path()).len();
        let fault = FaultRule::new(kind).court("madras").n(n).at([1]);
        rig.sim.set_faults(FaultScript::of([fault])).unwrap();
        rig.clock.advance(DAY);
        let report = crawl(&rig, dir.path()).await;
        assert_eq!(report.exit_code(), 65, "{kind:?}: {:?}", report.open);
        assert!(
            report
                .alarms
                .iter()
                .all(|alarm| alarm.kind == AlarmKind::Shrunk)
        );
        assert_eq!(report.found.not_listed, 0, "{kind:?}");
        assert!(rows(dir.path()).len() >= before);
        rig.sim.set_faults(FaultScript::of([])).unwrap();
        rig.clock.advance(DAY);
        let well = crawl(&rig, dir.path()).await;
        assert_eq!(well.exit_code(), 0, "{kind:?}: {:?}", well.alarms);
        assert_eq!(well.found.not_listed, 0, "{kind:?}");
    }
}

#[tokio::test]
async fn a_court_that_goes_on_being_silent_is_an_alarm_until_somebody_knows() {
    // The docket ends in November: from then on nothing is listed.
    let rig = rig(
        docket("2025-01-01", "2026-01-14", 4_000),
        Schedule::default(),
        pipeline(HIGH_COURTS, "2025-01-01"),
    )
    .await;
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    let mut noticed = None;
    for day in 1..40 {
        rig.clock.advance(DAY);
        let report = crawl(&rig, dir.path()).await;
        if report.exit_code() == 65 {
            assert!(
                report
                    .alarms
                    .iter()
                    .all(|alarm| alarm.kind == AlarmKind::Silence)
            );
            noticed = Some((day, report.alarms));
            break;
        }
        assert_eq!(report.exit_code(), 0, "day {day}: {:?}", report.open);
    }
    let (day, alarms) = noticed.expect("silence is noticed");
    assert!((8..=30).contains(&day), "{day}");
    {
        let lake = Lake::open(dir.path(), OpenMode::ReadWrite).unwrap();
        for alarm in &alarms {
            lake.ledger()
                .acknowledge_alarm(alarm.id, rig.clock.now())
                .unwrap();
        }
    }
    rig.clock.advance(DAY);
    let known = crawl(&rig, dir.path()).await;
    let fresh: Vec<_> = known
        .alarms
        .iter()
        .filter(|alarm| alarms.iter().any(|old| old.id == alarm.id))
        .collect();
    assert!(fresh.is_empty(), "{fresh:?}");
}

#[tokio::test]
async fn two_months_of_an_ordinary_portal_raise_no_alarm() {
    // Longer than any number of days that is asked for: the end of a docket is a silence.
    let docket = docket("2025-01-01", "2026-12-31", 8_000);
    let spec = ChangeSpec {
        opens: "2026-01-15T00:00:00Z".parse().unwrap(),
        ..ChangeSpec::default()
    };
    let schedule = Schedule::generate(&docket, &spec);
    let rig = rig(docket, schedule, pipeline(HIGH_COURTS, "2025-01-01")).await;
    let dir = scratch();
    let days = std::env::var("NIRNAY_DAYS").map_or(30, |days| days.parse().unwrap());
    for day in 0..days {
        let report = crawl(&rig, dir.path()).await;
        assert!(report.alarms.is_empty(), "day {day}: {:?}", report.alarms);
        assert_eq!(report.exit_code(), 0, "day {day}: {:?}", report.open);
        rig.clock.advance(DAY);
    }
}

/// Raises an alarm about a layout as the first run would have.
fn doubt_layout(rig: &Rig, dir: &Path) {
    let alarm = NewAlarm {
        kind: AlarmKind::Layout,
        source: SourceId::EcourtsHc,
        court: None,
        subject: "label Bench".to_owned(),
        what: "never seen before".to_owned(),
        since: "2026-01-15".parse().unwrap(),
        advice: "look".to_owned(),
    };
    let lake = Lake::open(dir, OpenMode::ReadWrite).unwrap();
    lake.ledger()
        .raise_alarm(&alarm, 1, rig.clock.now())
        .unwrap();
}

#[tokio::test]
async fn a_layout_is_believed_by_a_run_that_its_budget_ends() {
    let mut rig = rig(
        docket("2025-12-01", "2026-01-10", 3_000),
        Schedule::default(),
        pipeline(HIGH_COURTS, "2025-12-01"),
    )
    .await;
    rig.config.budget.requests = 12;
    let dir = scratch();
    let first = crawl(&rig, dir.path()).await;
    assert!(!first.stopped.is_empty() && first.alarms.is_empty());
    doubt_layout(&rig, dir.path());
    rig.clock.advance(DAY);
    let second = crawl(&rig, dir.path()).await;
    assert!(!second.stopped.is_empty(), "it ends early too");
    assert!(second.alarms.is_empty(), "{:?}", second.alarms);
    assert_eq!(second.published.unwrap().files_held, 0);
}

#[tokio::test]
async fn what_is_new_about_a_court_that_was_never_read_is_no_change() {
    let mut rig = rig(
        docket("2025-12-01", "2026-02-15", 900),
        Schedule::default(),
        pipeline(HIGH_COURTS, "2025-12-01"),
    )
    .await;
    rig.config.sources[0]
        .courts
        .retain(|court| court == "madras");
    let dir = scratch();
    assert_eq!(crawl(&rig, dir.path()).await.exit_code(), 0);
    rig.sim.set_faults(drift("font", 100)).unwrap();
    rig.config.sources[0].courts = vec!["sikkim".to_owned()];
    rig.clock.advance(DAY);
    let report = crawl(&rig, dir.path()).await;
    assert_eq!(report.exit_code(), 0, "{:?}", report.alarms);
}

#[tokio::test]
async fn an_odd_page_of_old_dates_fails_its_window_and_is_taken_once_somebody_knows() {
    let text = pipeline(HIGH_COURTS, "2024-01-01") + "to = \"2024-02-15\"\n";
    let rig = rig(
        docket("2024-01-01", "2024-02-15", 600),
        Schedule::default(),
        text,
    )
    .await;
    rig.sim.set_faults(drift("date_order", 60)).unwrap();
    let dir = scratch();
    let report = crawl(&rig, dir.path()).await;
    assert!(report.stopped.is_empty(), "{:?}", report.stopped);
    assert_eq!(report.exit_code(), 65);
    let courts: Vec<_> = report.alarms.iter().map(|alarm| &alarm.court).collect();
    assert_eq!(courts.len(), 2, "each court was asked: {:?}", report.alarms);
    assert!(rows(dir.path()).is_empty());
    {
        let lake = Lake::open(dir.path(), OpenMode::ReadWrite).unwrap();
        for alarm in &report.alarms {
            lake.ledger()
                .acknowledge_alarm(alarm.id, rig.clock.now())
                .unwrap();
        }
    }
    rig.clock.advance(DAY);
    let report = crawl(&rig, dir.path()).await;
    assert!(
        report.open.is_empty(),
        "{:?} {:?}",
        report.open,
        report.alarms
    );
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).unwrap();
    let windows = lake.ledger().windows(None).unwrap();
    assert!(windows.iter().any(|window| window.quarantined > 0));
    assert!(windows.iter().all(|window| window.state.is_complete()));
}

#[tokio::test]
async fn a_drift_leaves_the_host_alone_until_somebody_knows() {
    let mut rig = rig(
        docket("2025-12-01", "2026-02-15", 600),
        Schedule::default(),
        pipeline(HIGH_COURTS, "2025-12-01"),
    )
    .await;
    rig.config.politeness.drift_pause = Some(DAY);
    let dir = scratch();
    rig.sim.set_faults(drift("date_order", 100)).unwrap();
    let report = crawl(&rig, dir.path()).await;
    assert_eq!(report.exit_code(), 65, "{:?}", report.stopped);
    rig.clock.advance(DAY / 4);
    let paused = crawl(&rig, dir.path()).await;
    assert_eq!((paused.requests, paused.exit_code()), (0, 65));
    {
        let lake = Lake::open(dir.path(), OpenMode::ReadWrite).unwrap();
        for alarm in &report.alarms {
            lake.ledger()
                .acknowledge_alarm(alarm.id, rig.clock.now())
                .unwrap();
        }
    }
    rig.clock.advance(DAY / 4);
    assert!(crawl(&rig, dir.path()).await.requests > 0);
}

fn shared() -> Option<PathBuf> {
    let dir = std::env::var_os("NIRNAY_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let dir = dir.join("samples/sc-listing");
    if dir.join("change-feed-2024.jsonl").is_file() {
        return Some(dir);
    }
    println!(
        "the real list is not here ({}): nothing was tried",
        dir.display()
    );
    None
}

/// The Supreme Court's list from February 2024 on, as it grew: vacations, holidays, late publication and all.
#[tokio::test]
async fn the_real_list_raises_less_than_one_alarm_a_month() {
    let Some(dir) = shared() else { return };
    let (docket, schedule) = Docket::with_history(
        &dir,
        &dir.join("change-feed-2024.jsonl"),
        &DirOptions::default(),
    )
    .unwrap();
    let rig = rig(docket, schedule, pipeline("\"scr\"", "2019-01-01")).await;
    rig.clock.set_wall("2024-02-10T15:00:00Z".parse().unwrap());
    let scratch = scratch();
    let days = std::env::var("NIRNAY_DAYS").map_or(60, |days| days.parse().unwrap());
    let mut raised = BTreeMap::new();
    for _ in 0..days {
        let report = crawl(&rig, scratch.path()).await;
        for alarm in report.alarms {
            raised
                .entry(alarm.id)
                .or_insert_with(|| (india_date(rig.clock.now()), alarm.to_string()));
        }
        rig.clock.advance(DAY);
    }
    println!("{days} days: {} alarms: {raised:#?}", raised.len());
    assert!(raised.len() * 30 <= days, "{raised:#?}");
}
