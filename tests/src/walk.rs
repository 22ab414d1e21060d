//! One walk under faults, from the first request to a proven lake, judged on the way and at the end.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::{CrawlReport, Stages, exit};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, Flaw, On, Quirks,
    RetryAfter, Stop, TokenMode,
};
use nirnay_store::{Lake, OpenMode};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Caps, Evidence, Judgement, Pace, Rig, RigOptions, examine, judge, scratch};

/// What is walked: a small docket, its portals' habits and what goes wrong, all drawn from the seed.
#[derive(Debug, Clone)]
pub struct WalkPlan {
    /// The seed of docket, portals, faults and solver.
    pub seed: u64,
    /// The faults.
    pub faults: FaultScript,
    /// The share of captchas answered right.
    pub accuracy: f64,
    /// Documents a session gets.
    pub allowance: u32,
    /// How strict the portals are.
    pub tokens: TokenMode,
    /// Rows of the two courts, of the reports and of the feed.
    pub rows: [u32; 4],
}

/// What a walk cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WalkCost {
    /// Requests to all portals.
    pub requests: u64,
    /// Rows listed by the portals throughout.
    pub rows: u64,
    /// Documents stored.
    pub documents: u64,
    /// Crawls until every sum agreed.
    pub runs: u64,
    /// Requests that a fault struck.
    pub struck: u64,
    /// The kinds of faults that struck a request or spoilt a row.
    pub kinds: BTreeSet<String>,
}

const SOURCES: [SourceId; 3] = [SourceId::EcourtsHc, SourceId::Scr, SourceId::SciFeed];

/// Runs after which a walk whose faults have ended must be over. Faults end, so every walk can.
const MOST_RUNS: u64 = 40;
/// Requests after which no fault strikes any more, at least and at most.
const QUIET_AFTER: std::ops::RangeInclusive<u64> = 60..=400;

impl WalkPlan {
    /// The plan of a seed: every sort of fault, in a mix and at rates of its own.
    pub fn torture(seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed ^ 0x6e69_726e_6179);
        let mut faults = FaultScript::torture(seed);
        // First in the list: a request that one of these is meant for is struck by no other.
        faults.fault.splice(0..0, rare(&mut dice));
        faults.stop = Some(Stop {
            after: dice.random_range(QUIET_AFTER),
        });
        Self {
            seed,
            faults,
            accuracy: [1.0, 0.9, 0.9, 0.9, 0.3][dice.random_range(0..5)],
            allowance: [25, 25, 5, 1][dice.random_range(0..4)],
            tokens: [
                TokenMode::Lenient,
                TokenMode::StrictTokens,
                TokenMode::StrictAll,
            ][dice.random_range(0..3)],
            rows: [
                dice.random_range(1..=6),
                dice.random_range(4..=16),
                dice.random_range(0..=5),
                // A feed without rows is no feed: the parser refuses it, and the portal never shows one.
                dice.random_range(1..=4),
            ],
        }
    }

    /// The names of the kinds of faults that its script may strike with.
    pub fn kinds(&self) -> BTreeSet<String> {
        let rules = self.faults.fault.iter();
        rules.map(|rule| rule.kind.name()).collect()
    }

    fn docket(&self) -> Docket {
        Docket::generate(&DocketSpec {
            seed: self.seed,
            courts: vec![
                CourtShare::new("sikkim", self.rows[0]),
                CourtShare::new("madras", self.rows[1]),
            ],
            from: "2024-01-01".parse().expect("a date"),
            to: "2024-03-31".parse().expect("a date"),
            scr_rows: self.rows[2],
            feed_rows: self.rows[3],
            quirks: Quirks {
                second_order: 0.15,
                garbage: 0.01,
                no_button: 0.01,
                ..Quirks::default()
            },
        })
        .expect("a docket")
    }

    async fn rig(&self) -> Rig {
        let options = RigOptions {
            docket: Arc::new(self.docket()),
            faults: Some(self.faults.clone()),
            seed: self.seed,
            accuracy: self.accuracy,
            pipeline: PIPELINE.to_owned(),
        };
        Rig::start_with(options, Pace::Polite, |config| {
            config.documents_per_session = self.allowance;
            config.tokens = self.tokens;
        })
        .await
    }

    /// Walks until the exit code says done and nothing is missing, and returns what it cost or what is wrong.
    pub async fn walk(&self) -> Result<WalkCost, String> {
        let rig = self.rig().await;
        let dir = scratch();
        let lake = dir.path().join("lake");
        let mut cost = WalkCost::default();
        let mut ends = Vec::new();
        loop {
            let report = rig
                .crawl(&lake, DOCUMENTS)
                .await
                .map_err(|error| format!("run {}: {error}", cost.runs + 1))?;
            cost.runs += 1;
            ends.push(report.exit_code());
            Self::check_run(&rig, &lake, &report)
                .map_err(|why| format!("after exit codes {ends:?}: {why}"))?;
            let given_up = missing(&report);
            if report.exit_code() == 0 && given_up == 0 {
                break;
            }
            if cost.runs >= MOST_RUNS {
                return Err(format!(
                    "not done after {MOST_RUNS} runs, exit codes {ends:?}: {:?} {:?} {:?}",
                    report.open, report.stopped, report.alarms
                ));
            }
            // A refusal lasts a day, a document given up is asked for again after a week.
            let pause = if report.exit_code() == 0 { 8 * 24 } else { 25 };
            rig.clock.advance(Duration::from_hours(pause));
        }
        let verdict = Self::verdict(&rig, &lake);
        if !verdict.is_clean() {
            return Err(format!("exit codes {ends:?}: {verdict:#?}"));
        }
        let log = rig.sim.log();
        cost.requests = log.len() as u64;
        cost.rows = verdict.compared;
        cost.struck = log.iter().filter(|entry| entry.fault.is_some()).count() as u64;
        cost.kinds = log.iter().filter_map(|entry| entry.fault.clone()).collect();
        cost.kinds.extend(spoilt(&rig));
        cost.documents =
            std::fs::read_dir(lake.join("documents")).map_or(0, |folders| folders.count() as u64);
        Ok(cost)
    }

    /// What must hold after every run, however it ended.
    fn check_run(rig: &Rig, lake: &Path, report: &CrawlReport) -> Result<(), String> {
        let code = report.exit_code();
        if [
            exit::BUG,
            exit::IO,
            exit::DISK_FULL,
            exit::USAGE,
            exit::LOCKED,
        ]
        .contains(&code)
            || !exit::TABLE.iter().any(|(known, _)| *known == code)
        {
            return Err(format!("exit code {code}: {:?}", report.stopped));
        }
        let examination = examine(&Evidence {
            lake,
            sim: &rig.sim,
            sources: &SOURCES,
            range: range(),
            caps: Some(&Caps::of(&rig.config.politeness)),
            before: None,
            fence: None,
            rebuild_index: false,
        });
        if !examination.is_clean() {
            return Err(format!("\n{examination}"));
        }
        let verdict = Self::verdict(rig, lake);
        let wrong = [
            &verdict.false_complete,
            &verdict.duplicates,
            &verdict.wrong_documents,
            &verdict.invented,
        ];
        if wrong.iter().any(|list| !list.is_empty()) {
            return Err(format!("{verdict:#?}"));
        }
        Ok(())
    }

    fn verdict(rig: &Rig, lake: &Path) -> Judgement {
        let lake = Lake::open(lake, OpenMode::ReadOnly).expect("a lake");
        judge(&lake, &rig.sim, &SOURCES, range())
    }
}

/// The kinds of faults that lie in rows and not in requests.
pub const KINDS_OF_ROWS: [FaultKind; 4] = [
    FaultKind::MalformedRow,
    FaultKind::NoButtonRow,
    FaultKind::HostileText,
    FaultKind::NestedRow,
];

/// The kinds that spoilt rows of this walk.
fn spoilt(rig: &Rig) -> impl Iterator<Item = String> {
    let rows = SOURCES.into_iter().flat_map(|source| rig.sim.truth(source));
    rows.filter_map(|row| match row.flaw? {
        Flaw::Garbage => Some(FaultKind::MalformedRow.name()),
        Flaw::NoButton => Some(FaultKind::NoButtonRow.name()),
        Flaw::HostileText | Flaw::HostileKey => Some(FaultKind::HostileText.name()),
        Flaw::Nested => Some(FaultKind::NestedRow.name()),
        _ => None,
    })
}

/// Faults that end a run or cost a reply: each comes once, in about one walk of six. The lasting ones (a
/// court that falls silent, another layout) are for the tests of drift: they lie in every session alike.
fn rare(dice: &mut ChaCha8Rng) -> Vec<FaultRule> {
    let retry = |text: &str| RetryAfter::Text(text.to_owned());
    let rule = FaultRule::new;
    [
        rule(FaultKind::BlockPage).on(On::Search),
        rule(FaultKind::BlockPage).on(On::Document),
        rule(FaultKind::Maintenance),
        rule(FaultKind::RetryAfter)
            .on(On::Search)
            .retry_after(retry("120")),
        rule(FaultKind::RetryAfter)
            .on(On::Link)
            .status(503)
            .retry_after(retry("date:+600")),
        rule(FaultKind::RetryAfter)
            .status(503)
            .retry_after(retry("1000000000")),
        rule(FaultKind::RedirectOut).on(On::Search).form("any"),
        rule(FaultKind::RedirectOut).on(On::Document).form("any"),
        rule(FaultKind::NotJson).on(On::Search),
        rule(FaultKind::UnknownJson).on(On::Search),
        rule(FaultKind::UnknownJson).on(On::Check),
        rule(FaultKind::GzipBomb).on(On::Document).mib(64),
        rule(FaultKind::GzipBomb).on(On::Search).mib(80),
        rule(FaultKind::HugeBody).on(On::Start).mib(9),
        rule(FaultKind::RowFlood).form("repeat").n(300),
        rule(FaultKind::HttpStatus).status(503),
        rule(FaultKind::HttpStatus).on(On::Document).status(404),
        rule(FaultKind::SessionLost),
    ]
    .into_iter()
    .filter_map(|rule| {
        let at = dice.random_range(1..=30);
        dice.random_bool(0.15).then(|| rule.at([at]).times(1))
    })
    .collect()
}

/// Rows and documents; text and index are pure functions of them and tested elsewhere.
const DOCUMENTS: Stages = Stages {
    documents: true,
    text: false,
};

fn range() -> DateWindow {
    "2024-01-01..2024-03-31".parse().expect("a range")
}

fn missing(report: &CrawlReport) -> u64 {
    report
        .audit
        .entries
        .iter()
        .flat_map(|entry| entry.documents.missing.values())
        .sum()
}

const PIPELINE: &str = r#"
name = "walk"
about = "A walk under faults."
basis = "Simulated portals."
[[source]]
source = "ecourts-hc"
courts = ["sikkim", "madras"]
from = "2024-01-01"
to = "2024-03-31"
page_size = 10
max_window_rows = 12
[[source]]
source = "scr"
from = "2024-01-01"
to = "2024-03-31"
page_size = 10
[[source]]
source = "sci-feed"
"#;
