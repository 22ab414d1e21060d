//! Weeks of crawling under a clock that only the simulation moves, judged by the portal's own log.
//!
//! A client walks a scripted portal that is slow, down, throttling, refusing and lying by turns. It is
//! dropped or killed at any point where it waits and built again from what it stored; the wall clock is
//! set by up to a year, the machine is restarted, a person looks after a refusal. What the portal wrote
//! down is then held against the limits: pace, one request in flight, budgets of requests, bytes and
//! captcha answers, quiet hours, `robots.txt`, `Retry-After`, the breaker's schedule, every standing stop,
//! and whose address was asked for.

#[path = "politeness/judge.rs"]
mod judge;
#[path = "politeness/portal.rs"]
mod portal;
#[path = "politeness/replies.rs"]
mod replies;
#[path = "politeness/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::Range;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use nirnay_fetch::{
    Deps, ErrorClass, FetchError, GateDeps, HostGate, JudgmentsClient, MemorySink, NeverStop,
    Politeness, PortalConfig, StopReason, UnlimitedRun,
};
use nirnay_model::{Capture, SourceId};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use judge::{Breach, judge};
use portal::Portal;
use world::{Clock, Reader, Store};

/// How long each seed crawls.
const WEEK: Duration = Duration::from_hours(7 * 24);
/// Events without which the weeks would have proven nothing about the rule that they are for.
const NEEDED: [&str; 22] = [
    "dropped",
    "killed",
    "clock set",
    "machine restarted",
    "throttled",
    "failed",
    "captcha wrong",
    "captcha right",
    "page",
    "document",
    "stop: WaitTooLong",
    "stop: Blocked",
    "stop: RobotsUnreachable",
    "stop: RobotsForbid",
    "stop: Captchas",
    "stop: BreakerOpen",
    "wait: HourBudget",
    "wait: DayBudget",
    "wait: CaptchaBudget",
    "wait: QuietHours",
    "captcha cap",
    "look",
];

/// What happened in the simulated weeks, for people and against tests that test nothing.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Seeds run.
    pub seeds: u64,
    /// Requests that the portal saw.
    pub requests: u64,
    /// Other events by name.
    pub events: BTreeMap<String, u64>,
}

impl Summary {
    /// Events that some rule needs and that no seed brought: empty where enough seeds were run.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut needed = NEEDED.to_vec();
        needed.retain(|name| !self.events.contains_key(*name));
        needed
    }

    fn count(&mut self, name: impl Into<String>) {
        *self.events.entry(name.into()).or_default() += 1;
    }
}

/// Crawls a week for each of `seeds`. The error names the first seeds that broke a limit, with what they
/// broke.
pub fn check(seeds: Range<u64>) -> Result<Summary, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    let mut summary = Summary::default();
    let mut broken = Vec::new();
    for seed in seeds {
        summary.seeds += 1;
        let breaches = runtime.block_on(week(seed, &mut summary));
        if !breaches.is_empty() {
            broken.push(said(seed, &breaches));
        }
        if broken.len() == 3 {
            break;
        }
    }
    if broken.is_empty() {
        return Ok(summary);
    }
    Err(broken.join("\n"))
}

fn said(seed: u64, breaches: &[Breach]) -> String {
    let mut sorts: BTreeMap<&str, usize> = BTreeMap::new();
    for breach in breaches {
        *sorts.entry(breach.rule).or_default() += 1;
    }
    let first: Vec<String> = breaches.iter().take(5).map(ToString::to_string).collect();
    format!(
        "seed {seed} broke {sorts:?}:\n  {}\n  repeat: NIRNAY_SEED={seed} cargo test --workspace --test politeness",
        first.join("\n  ")
    )
}

/// One week of one seed: the limits it lives under, and who lives in it.
struct Week {
    dice: ChaCha8Rng,
    clock: Arc<Clock>,
    store: Store,
    portal: Arc<Portal>,
    politeness: Politeness,
    accuracy: f64,
    restarts: f64,
}

async fn week(seed: u64, summary: &mut Summary) -> Vec<Breach> {
    let mut week = Week::new(seed);
    while week.clock.elapsed() < WEEK {
        week.shake_clock(summary);
        week.live(summary).await;
    }
    let log = week.portal.log();
    summary.requests += log.len() as u64;
    for entry in &log {
        for name in entry.names() {
            summary.count(name);
        }
    }
    judge(&log, &week.portal.looks(), &week.politeness)
}

impl Week {
    fn new(seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let clock = Arc::new(Clock::new(&mut dice));
        let politeness = limits(&mut dice);
        let portal = Arc::new(Portal::new(seed, Arc::clone(&clock)));
        let accuracy = [0.0, 0.3, 0.6, 0.9, 0.95, 1.0][dice.random_range(0..6)];
        let restarts = [0.0, 0.02, 0.2][dice.random_range(0..3)];
        Self {
            dice,
            clock,
            store: Store::default(),
            portal,
            politeness,
            accuracy,
            restarts,
        }
    }

    /// A process from its start to its end, and the time until the next.
    async fn live(&mut self, summary: &mut Summary) {
        let store = self.store.restart();
        let deps = self.deps(&store);
        let config = PortalConfig::public(SourceId::EcourtsHc).expect("the portal's address");
        let mut client = JudgmentsClient::new(config, deps).expect("a polite client");
        let mut calls = self.dice.random_range(1..200_u32);
        while self.clock.elapsed() < WEEK && calls > 0 {
            calls -= 1;
            self.portal.begin_call();
            let polls = self
                .dice
                .random_bool(self.restarts)
                .then(|| self.dice.random_range(0..60));
            let kill = self.dice.random_bool(0.5);
            let number = self.dice.random_range(0..3);
            let pages = self.dice.random_bool(0.1);
            let call = call(&mut client, pages, number);
            let Some(result) = cut(call, polls, || store.die(kill)).await else {
                summary.count(if kill { "killed" } else { "dropped" });
                // A call that was given up may be followed by another of the same client.
                if kill || self.dice.random_bool(0.5) {
                    break;
                }
                continue;
            };
            match result {
                Ok(what) => summary.count(what),
                Err(error) => {
                    if self.after(&error, summary) {
                        break;
                    }
                }
            }
        }
        drop(client);
        let pause = self.dice.random_range(0..120);
        self.clock.pass(Duration::from_secs(pause));
    }

    fn deps(&self, store: &Store) -> Deps {
        let politeness = self.politeness.clone();
        let base = PortalConfig::public(SourceId::EcourtsHc)
            .expect("the portal's address")
            .base_url;
        let gate_deps = GateDeps {
            store: Arc::new(store.clone()),
            clock: Arc::clone(&self.clock) as _,
            stop: Arc::new(NeverStop),
            budget: Arc::new(UnlimitedRun),
            seed: self.clock.elapsed().as_secs(),
        };
        Deps {
            transport: Arc::clone(&self.portal) as _,
            gate: Arc::new(HostGate::new(&base, politeness, gate_deps).expect("polite limits")),
            solver: Arc::new(Reader::new(self.accuracy, self.clock.elapsed().as_secs())),
            sink: Arc::new(Forgetful::default()),
            events: Arc::new(|_| {}),
            clock: Arc::clone(&self.clock) as _,
        }
    }

    /// What the operator does about an error; whether the process is over.
    fn after(&mut self, error: &FetchError, summary: &mut Summary) -> bool {
        let class = error.class();
        let wait = match &class {
            ErrorClass::Stopped(StopReason::WaitTooLong { .. }) => 600..7_200,
            ErrorClass::Stopped(_) | ErrorClass::Blocked | ErrorClass::Drift => 600..30_000,
            ErrorClass::CaptchaCap => 30..3_600,
            _ => 1..120,
        };
        let looks = match &class {
            ErrorClass::Stopped(reason) => {
                let name = format!("{reason:?}");
                let name = name.split([' ', '{']).next().unwrap_or_default();
                summary.count(format!("stop: {name}"));
                if let StopReason::WaitTooLong { why, .. } = reason {
                    summary.count(format!("wait: {why:?}"));
                }
                !matches!(reason, StopReason::WaitTooLong { .. })
            }
            ErrorClass::Blocked => {
                summary.count("stop: Blocked");
                true
            }
            ErrorClass::Drift => {
                summary.count("stop: Drift");
                true
            }
            ErrorClass::CaptchaCap => {
                summary.count("captcha cap");
                false
            }
            _ => false,
        };
        let wait = self.dice.random_range(wait);
        self.clock.pass(Duration::from_secs(wait));
        if looks && self.dice.random_bool(0.4) {
            summary.count("look");
            self.politeness.looked_at = Some(self.clock.wall());
            self.portal.look();
            return true;
        }
        !matches!(class, ErrorClass::Transient | ErrorClass::Expired)
    }

    /// Sets the wall clock, or restarts the machine, now and then.
    fn shake_clock(&mut self, summary: &mut Summary) {
        if self.dice.random_ratio(1, 60) {
            summary.count("clock set");
            self.clock.set_at_random(&mut self.dice);
        }
        if self.dice.random_ratio(1, 120) {
            summary.count("machine restarted");
            self.clock.reboot(&mut self.dice);
        }
    }
}

/// The limits of a week: never laxer than a foreign host allows.
fn limits(dice: &mut ChaCha8Rng) -> Politeness {
    let seconds = Duration::from_secs;
    let quiet = ["21:00-07:00", "02:30-20:15", "09:00-10:00"];
    Politeness {
        contact: "mailto:crawl@example.org".to_owned(),
        min_interval: Duration::from_millis(dice.random_range(1_000..5_000)),
        per_hour: dice.random_range(40..600),
        per_day: dice.random_range(200..2_500),
        bytes_per_day: dice.random_range(200_000_000..6_000_000_000),
        captchas_per_hour: dice.random_range(3..30),
        captchas_per_day: dice.random_range(10..300),
        quiet_hours: quiet
            .get(dice.random_range(0..6_usize))
            .and_then(|hours| hours.parse().ok()),
        max_wait: seconds(dice.random_range(300..5_000)),
        breaker_after: dice.random_range(2..8),
        ..Politeness::default()
    }
}

async fn call(
    client: &mut JudgmentsClient,
    page: bool,
    number: u32,
) -> Result<&'static str, FetchError> {
    let query = replies::query();
    if page {
        return client.page(&query).await.map(|_| "page");
    }
    let handle = replies::handle(number);
    client.document(&query, &handle).await.map(|_| "document")
}

/// Runs `future`, at most until it has waited `polls` times; then `end` is told and the future dropped.
async fn cut<F: Future>(future: F, polls: Option<u32>, end: impl FnOnce()) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    let result = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == Some(0) => Poll::Ready(None),
        Poll::Pending => {
            left = left.map(|left| left - 1);
            Poll::Pending
        }
    })
    .await;
    if result.is_none() {
        end();
    }
    drop(future);
    result
}

/// Captures are not what is looked at here.
#[derive(Default)]
struct Forgetful(MemorySink);

impl nirnay_fetch::CaptureSink for Forgetful {
    fn record(&self, _: Capture) -> Result<(), nirnay_fetch::SinkError> {
        debug_assert!(self.0.captures().is_empty());
        Ok(())
    }
}
