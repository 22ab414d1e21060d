//! The one way to a host: pace, budgets, pauses, breaker, `robots.txt`.

mod pace;
mod permit;
mod robots;
mod settle;
mod verdict;

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use jiff::Timestamp;
use nirnay_model::CaptureKind;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use url::Url;

use crate::backoff::full_jitter;
use crate::instant::{later, until};
use crate::origin::Origin;
use crate::{
    Clock, ConfigError, Counts, EventSink, FetchError, FetchEvent, HostState, HostStateError,
    HostStateStore, Politeness, RobotsRecord, RunBudget, StopReason, StopSignal, WaitReason,
};
use pace::Latencies;
use robots::Rules;
use settle::{Ending, Pause};
use verdict::Verdict;

pub(crate) use permit::{Permit, Settled};
pub(crate) use robots::MOST_BYTES as MOST_ROBOTS_BYTES;

/// How often another process's slot is asked for, and a stop signal at the latest is read.
const SLOT_POLL: Duration = Duration::from_millis(250);
const LONGEST_NAP: Duration = Duration::from_secs(1);

/// What a gate needs from outside.
#[derive(Clone)]
pub struct GateDeps {
    /// Where the host's state outlives the process.
    pub store: Arc<dyn HostStateStore>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Read before every request and while waiting.
    pub stop: Arc<dyn StopSignal>,
    /// The run's own request budget.
    pub budget: Arc<dyn RunBudget>,
    /// Seed of the jitter.
    pub seed: u64,
}

/// The gate of one host. Every request to the host, from whichever client, goes through the one gate:
/// one in flight, at its pace, within its budgets. What it knows is kept in the [`HostStateStore`].
pub struct HostGate {
    origin: Origin,
    host: String,
    politeness: Politeness,
    deps: GateDeps,
    lane: Arc<tokio::sync::Mutex<()>>,
    limiter: Option<Limiter>,
    memory: Mutex<Memory>,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, PaceClock, NoOpMiddleware<Duration>>;

/// Our clock as the limiter reads it.
#[derive(Clone)]
struct PaceClock(Arc<dyn Clock>);

impl governor::clock::Clock for PaceClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

/// What this process knows besides the stored state; instants are on the monotonic clock, so that
/// setting the wall clock neither shortens nor lengthens a wait.
struct Memory {
    rng: ChaCha8Rng,
    latencies: Latencies,
    last_end: Option<Duration>,
    not_before: Option<Duration>,
    blocked: Option<Timestamp>,
    rules: Option<Rules>,
}

/// A host's figures, for `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostReport {
    /// `host:port`.
    pub host: String,
    /// Sums over the last hour.
    pub last_hour: Counts,
    /// Sums over the last day.
    pub last_day: Counts,
    /// The distance kept between requests.
    pub interval: Duration,
    /// When the next request may be sent; `None` = now.
    pub next_request: Option<Timestamp>,
    /// Why nothing may be sent at all for now.
    pub stopped: Option<StopReason>,
    /// The state as stored.
    pub state: HostState,
}

enum Entry {
    Go(Box<dyn Send>),
    Wait { by: Duration, why: WaitReason },
    Stop(FetchError),
}

impl HostGate {
    /// The gate of the host of `base_url`. Refuses settings that are not polite enough for it.
    pub fn new(
        base_url: &Url,
        politeness: Politeness,
        deps: GateDeps,
    ) -> Result<Self, ConfigError> {
        let origin = Origin::of(base_url)?;
        politeness.check(&origin)?;
        let limiter = Quota::with_period(politeness.min_interval)
            .map(|quota| quota.allow_burst(NonZeroU32::MIN))
            .map(|quota| RateLimiter::direct_with_clock(quota, PaceClock(Arc::clone(&deps.clock))));
        let memory = Memory {
            rng: ChaCha8Rng::seed_from_u64(deps.seed),
            latencies: Latencies::default(),
            last_end: None,
            not_before: None,
            blocked: None,
            rules: None,
        };
        Ok(Self {
            host: origin.key(),
            origin,
            politeness,
            deps,
            lane: Arc::default(),
            limiter,
            memory: Mutex::new(memory),
        })
    }

    /// `host:port`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// How the host is treated.
    pub fn politeness(&self) -> &Politeness {
        &self.politeness
    }

    /// The host's figures as they stand.
    pub fn report(&self) -> Result<HostReport, HostStateError> {
        let now = self.deps.clock.now();
        let mut state = HostState::default();
        self.deps.store.update(&self.host, &mut |stored| {
            verdict::heal(stored, &self.politeness, now);
            state = stored.clone();
        })?;
        let crawl_delay = state.robots.as_ref().map_or(Duration::ZERO, |record| {
            Rules::of(record, &self.politeness.product).crawl_delay()
        });
        let (next_request, stopped) = match verdict::verdict(
            &state,
            &self.politeness,
            crawl_delay,
            CaptureKind::Search,
            now,
        ) {
            Verdict::Go => (None, None),
            Verdict::Wait { by, .. } => (Some(later(now, by)), None),
            Verdict::Stop(reason) => (None, Some(reason)),
        };
        Ok(HostReport {
            host: self.host.clone(),
            last_hour: state.tally.last_hour(now),
            last_day: state.tally.last_day(now),
            interval: verdict::interval(&state, &self.politeness, crawl_delay),
            next_request,
            stopped,
            state,
        })
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Waits until a request of `kind` may be sent, counts it, and takes the host's one slot.
    pub(crate) async fn enter(
        self: &Arc<Self>,
        kind: CaptureKind,
        events: &EventSink,
    ) -> Result<Permit, FetchError> {
        let lane = Arc::clone(&self.lane).lock_owned().await;
        let mut slot_wait = Duration::ZERO;
        loop {
            self.check_stop()?;
            match self.try_enter(kind)? {
                Entry::Go(slot) => {
                    return Ok(Permit {
                        gate: Arc::clone(self),
                        kind,
                        open: true,
                        _slot: slot,
                        _lane: lane,
                    });
                }
                Entry::Stop(error) => return Err(error),
                Entry::Wait { by, why } => {
                    let shown = if why == WaitReason::OtherProcess {
                        slot_wait
                    } else {
                        by
                    };
                    slot_wait = if why == WaitReason::OtherProcess {
                        slot_wait + by
                    } else {
                        Duration::ZERO
                    };
                    self.refuse_long(shown.max(by), why)?;
                    if why != WaitReason::Pace
                        && (why != WaitReason::OtherProcess || shown.is_zero())
                    {
                        events(FetchEvent::Waiting {
                            until: later(self.deps.clock.now(), by),
                            why,
                        });
                    }
                    self.nap(by).await?;
                }
            }
        }
    }

    /// Waits between two tries, besides the host's pace.
    pub(crate) async fn back_off(
        &self,
        by: Duration,
        events: &EventSink,
    ) -> Result<(), FetchError> {
        if by.is_zero() {
            return Ok(());
        }
        self.refuse_long(by, WaitReason::BackOff)?;
        events(FetchEvent::Waiting {
            until: later(self.deps.clock.now(), by),
            why: WaitReason::BackOff,
        });
        self.nap(by).await
    }

    /// The wait before try number `tries` (from 0) of a step.
    pub(crate) fn back_off_time(&self, tries: u32) -> Duration {
        let (first, max) = (self.politeness.backoff_first, self.politeness.backoff_max);
        full_jitter(&mut self.memory().rng, first, max, tries)
    }

    /// The host refuses the crawler: nothing more is sent until a person has looked, or the pause is
    /// over.
    pub(crate) fn block(&self) -> Result<Timestamp, HostStateError> {
        let until = later(self.deps.clock.now(), self.politeness.block_pause);
        self.memory().blocked = Some(until);
        self.deps
            .store
            .update(&self.host, &mut |state| state.blocked_until = Some(until))?;
        Ok(until)
    }

    /// The host says that it is down: a pause like after 503.
    pub(crate) fn pause(&self) -> Result<Timestamp, HostStateError> {
        let ending = Ending::Reply {
            status: 503,
            wire_bytes: 0,
            sluggish: false,
            retry_after: None,
        };
        let pause = self.record(ending)?;
        Ok(pause.map_or_else(|| self.deps.clock.now(), |pause| pause.until))
    }

    /// Records the portal's verdict on a captcha answer.
    pub(crate) fn captcha_judged(&self, accepted: bool) -> Result<(), HostStateError> {
        let now = self.deps.clock.now();
        self.deps.store.update(&self.host, &mut |state| {
            settle::judge_captcha(state, &self.politeness, now, accepted);
        })
    }

    /// Whether `robots.txt` has to be fetched before anything else: none is known, or it is a day old.
    pub(crate) fn robots_due(&self) -> Result<bool, HostStateError> {
        let now = self.deps.clock.now();
        let fresh = |fetched: Timestamp| fetched <= now && until(fetched, now) < robots::GOOD_FOR;
        if self
            .memory()
            .rules
            .as_ref()
            .is_some_and(|rules| fresh(rules.fetched))
        {
            return Ok(false);
        }
        let mut known = None;
        self.deps
            .store
            .update(&self.host, &mut |state| known.clone_from(&state.robots))?;
        let known = known.filter(|record| fresh(record.fetched));
        let due = known.is_none();
        self.memory().rules = known.map(|record| Rules::of(&record, &self.politeness.product));
        Ok(due)
    }

    /// Keeps a fetched `robots.txt`; `None` = the host has none.
    pub(crate) fn keep_robots(&self, rules: Option<String>) -> Result<(), HostStateError> {
        let record = RobotsRecord {
            fetched: self.deps.clock.now(),
            rules,
        };
        self.memory().rules = Some(Rules::of(&record, &self.politeness.product));
        self.deps
            .store
            .update(&self.host, &mut |state| state.robots = Some(record.clone()))
    }

    /// Refuses an address that `robots.txt` forbids.
    pub(crate) fn check_robots(&self, url: &Url) -> Result<(), StopReason> {
        let allowed = self
            .memory()
            .rules
            .as_ref()
            .is_some_and(|rules| rules.allow(url));
        if allowed {
            return Ok(());
        }
        let query = url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        // The path of a document is a temporary name.
        let path = crate::mask::mask_text(&format!("{}{query}", url.path()));
        Err(StopReason::RobotsForbid { path })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn check_stop(&self) -> Result<(), FetchError> {
        if let Some(reason) = self.deps.stop.stop() {
            return Err(reason.into());
        }
        match self.memory().blocked {
            Some(until) => Err(StopReason::Blocked { until }.into()),
            None => Ok(()),
        }
    }

    fn refuse_long(&self, by: Duration, why: WaitReason) -> Result<(), FetchError> {
        if by <= self.politeness.max_wait {
            return Ok(());
        }
        let until = later(self.deps.clock.now(), by);
        Err(StopReason::WaitTooLong { until, why }.into())
    }

    async fn nap(&self, by: Duration) -> Result<(), FetchError> {
        let clock = &self.deps.clock;
        let end = clock.monotonic().saturating_add(by);
        loop {
            self.check_stop()?;
            let left = end.saturating_sub(clock.monotonic());
            if left.is_zero() {
                return Ok(());
            }
            clock.sleep(left.min(LONGEST_NAP)).await;
        }
    }

    /// One look, without waiting. The slot is given back unless the answer is "go", so that a wait
    /// never keeps another process from the host.
    fn try_enter(&self, kind: CaptureKind) -> Result<Entry, FetchError> {
        let Some(slot) = self.deps.store.hold(&self.host)? else {
            return Ok(Entry::Wait {
                by: SLOT_POLL,
                why: WaitReason::OtherProcess,
            });
        };
        let now = self.deps.clock.now();
        let crawl_delay = self
            .memory()
            .rules
            .as_ref()
            .map_or(Duration::ZERO, Rules::crawl_delay);
        let mut entry = None;
        self.deps.store.update(&self.host, &mut |state| {
            verdict::heal(state, &self.politeness, now);
            let verdict = verdict::verdict(state, &self.politeness, crawl_delay, kind, now);
            let interval = verdict::interval(state, &self.politeness, crawl_delay);
            entry = self.own_verdict(verdict, interval);
            if entry.is_none() {
                // Counted before it is sent: a process that dies with a request in flight has
                // still spent it.
                state.last_request_end = Some(now);
                state.tally.add(now, spent(kind));
            }
        })?;
        match entry {
            Some(entry) => Ok(entry),
            None => self.take_from_run(kind, now).map(|()| Entry::Go(slot)),
        }
    }

    /// What the stored state says, and then what this process adds: its own memory of the last
    /// request and the limiter. `None` = go.
    fn own_verdict(&self, verdict: Verdict, interval: Duration) -> Option<Entry> {
        let (stored, why) = match verdict {
            Verdict::Stop(reason) => return Some(Entry::Stop(reason.into())),
            Verdict::Wait { by, why } => (by, why),
            Verdict::Go => (Duration::ZERO, WaitReason::Pace),
        };
        let now = self.deps.clock.monotonic();
        let (last_end, not_before) = {
            let memory = self.memory();
            (memory.last_end, memory.not_before)
        };
        let pace = last_end.map_or(Duration::ZERO, |end| (end + interval).saturating_sub(now));
        let pause = not_before.map_or(Duration::ZERO, |end| end.saturating_sub(now));
        let own = pace.max(pause);
        if own > stored {
            let why = if pause > pace {
                WaitReason::Pause
            } else {
                WaitReason::Pace
            };
            return Some(Entry::Wait { by: own, why });
        }
        if !stored.is_zero() {
            return Some(Entry::Wait { by: stored, why });
        }
        if let Some(Err(not_until)) = self.limiter.as_ref().map(RateLimiter::check) {
            let by = not_until.wait_time_from(now);
            // Rounding may leave nothing of the wait; a nanosecond still lets time pass.
            return Some(Entry::Wait {
                by: by.max(Duration::from_nanos(1)),
                why: WaitReason::Pace,
            });
        }
        None
    }

    /// Takes the request from the run's budget. Not under the state's lock: both may be kept in the
    /// same place.
    fn take_from_run(&self, kind: CaptureKind, now: Timestamp) -> Result<(), FetchError> {
        if self.deps.budget.take()? {
            return Ok(());
        }
        self.deps.store.update(&self.host, &mut |state| {
            state.tally.take_back(now, spent(kind));
        })?;
        Err(StopReason::RunBudget.into())
    }

    fn record(&self, ending: Ending) -> Result<Option<Pause>, HostStateError> {
        let now = self.deps.clock.now();
        let stretch: f64 = self.memory().rng.random();
        let mut pause = None;
        let mut closed = Duration::ZERO;
        self.deps.store.update(&self.host, &mut |state| {
            pause = settle::settle(state, &self.politeness, now, ending, stretch);
            closed = [state.paused_until, state.breaker.open_until]
                .into_iter()
                .flatten()
                .map(|end| until(now, end))
                .max()
                .unwrap_or(Duration::ZERO);
        })?;
        let mut memory = self.memory();
        let monotonic = self.deps.clock.monotonic();
        memory.last_end = Some(monotonic);
        memory.not_before = (!closed.is_zero()).then(|| monotonic.saturating_add(closed));
        Ok(pause)
    }
}

/// What a request of `kind` takes from the budgets.
fn spent(kind: CaptureKind) -> Counts {
    let captchas = u64::from(kind == CaptureKind::CaptchaCheck);
    Counts {
        requests: 1,
        bytes: 0,
        captchas,
    }
}

impl std::fmt::Debug for HostGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostGate({})", self.host)
    }
}

#[cfg(test)]
mod tests;
