//! The one way to a host: pace, budgets, pauses, breaker, `robots.txt`.

mod pace;
mod permit;
mod report;
mod robots;
mod settle;
mod stops;
mod verdict;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
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
use crate::boot::follow_clock;
use crate::instant::{earlier, later, until};
use crate::origin::Origin;
use crate::robots::RobotLimits;
use crate::{
    Clock, ConfigError, Counts, EventSink, FetchError, FetchEvent, HostState, HostStateError,
    HostStateStore, InFlight, MemoryHostStates, Politeness, RunBudget, StopReason, StopSignal,
    WaitReason,
};
use pace::Latencies;
use robots::Rules;
use settle::{Ending, Moment, Pause};
use verdict::Verdict;

pub(crate) use permit::{Permit, Settled};
pub use report::HostReport;

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
    /// Different for every gate on the machine.
    number: u64,
    origin: Origin,
    host: String,
    politeness: Politeness,
    deps: GateDeps,
    lane: Arc<tokio::sync::Mutex<()>>,
    limiter: Option<Limiter>,
    memory: Mutex<Memory>,
    /// What a planted bug keeps instead of the stored state.
    forgotten: MemoryHostStates,
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
    /// The distance kept at the latest look.
    interval: Duration,
    /// A good end that is not stored yet: the next look stores it. Should the process die before, the
    /// stored state still has the request in flight, which makes the next process wait, never hurry.
    unstored: Option<Unstored>,
    /// Since when the work now under way counts.
    working_since: Option<Duration>,
    not_before: Option<Duration>,
    /// Why this process sends nothing more.
    stopped: Option<StopReason>,
    /// A page or document came since the state was last written.
    progressed: bool,
    /// A search was understood since then.
    understood: bool,
    rules: Option<Rules>,
    limits: RobotLimits,
}

struct Unstored {
    ending: Ending,
    at: Duration,
    worked: Duration,
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
        /// Numbers the gates of this process.
        static GATES: AtomicU64 = AtomicU64::new(0);
        let origin = Origin::of(base_url)?;
        politeness.check(&origin)?;
        let politeness = politeness.for_origin(&origin);
        let limiter = Quota::with_period(politeness.min_interval)
            .map(|quota| quota.allow_burst(NonZeroU32::MIN))
            .map(|quota| RateLimiter::direct_with_clock(quota, PaceClock(Arc::clone(&deps.clock))));
        let memory = Memory {
            rng: ChaCha8Rng::seed_from_u64(deps.seed),
            latencies: Latencies::default(),
            last_end: None,
            interval: politeness.min_interval,
            unstored: None,
            working_since: None,
            not_before: None,
            stopped: None,
            progressed: false,
            understood: false,
            rules: None,
            limits: RobotLimits::default(),
        };
        let number = GATES.fetch_add(1, Ordering::Relaxed);
        Ok(Self {
            number: u64::from(std::process::id()) << 32 | number & 0xffff_ffff,
            host: origin.key(),
            origin,
            politeness,
            deps,
            lane: Arc::default(),
            limiter,
            memory: Mutex::new(memory),
            forgotten: MemoryHostStates::default(),
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

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Waits until a request of `kind` may be sent, counts it, and takes the host's one slot. `picture`
    /// is what a captcha answer is for.
    pub(crate) async fn enter(
        self: &Arc<Self>,
        kind: CaptureKind,
        picture: Option<&str>,
        events: &EventSink,
    ) -> Result<Permit, FetchError> {
        let lane = Arc::clone(&self.lane).lock_owned().await;
        self.keep_pace().await?;
        let mut slot_wait = Duration::ZERO;
        loop {
            self.check_stop()?;
            match self.try_enter(kind, picture)? {
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

    /// Waits out the pace since this process's own latest request, so that the look at the stored state
    /// which then comes is mostly the only one.
    async fn keep_pace(&self) -> Result<(), FetchError> {
        let now = self.deps.clock.monotonic();
        let by = {
            let memory = self.memory();
            memory.last_end.map_or(Duration::ZERO, |end| {
                end.saturating_add(memory.interval).saturating_sub(now)
            })
        };
        if !by.is_zero() && self.memory().limits.delay <= self.politeness.max_wait {
            self.refuse_long(by, WaitReason::Pace)?;
            self.nap(by).await?;
        }
        Ok(())
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

    /// The host says that it is down: a pause like after 503.
    pub(crate) fn pause(&self) -> Result<Timestamp, HostStateError> {
        let ending = Ending::Reply {
            status: 503,
            wire_bytes: 0,
            sluggish: false,
            retry_after: None,
            robots: false,
        };
        let pause = self.record(ending)?;
        Ok(pause.map_or_else(|| self.deps.clock.now(), |pause| pause.until))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn check_stop(&self) -> Result<(), FetchError> {
        if let Some(reason) = self.deps.stop.stop() {
            return Err(reason.into());
        }
        match self.memory().stopped.clone() {
            Some(reason) => Err(reason.into()),
            None => Ok(()),
        }
    }

    /// Changes the stored state, first brought up to the clock and to what this process noticed since.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut HostState, Timestamp) -> T,
    ) -> Result<T, HostStateError> {
        let now = self.deps.clock.now();
        let since_boot = self.deps.clock.since_boot();
        let (progressed, understood, unstored) = {
            let mut memory = self.memory();
            (
                std::mem::take(&mut memory.progressed),
                std::mem::take(&mut memory.understood),
                memory.unstored.take(),
            )
        };
        let age = |at: Duration| self.deps.clock.monotonic().saturating_sub(at);
        let mut change = Some(change);
        let mut result = None;
        self.store().update(&self.host, &mut |state| {
            let Some(change) = change.take() else { return };
            follow_clock(state, now, since_boot.as_ref());
            verdict::heal(state, &self.politeness, now);
            if let Some(end) = &unstored {
                self.store_end(state, end, earlier(now, age(end.at)));
            }
            if progressed {
                state.health.barren_ms = 0;
            }
            if progressed || understood {
                state.health.unknown_in_a_row = 0;
            }
            result = Some(change(state, now));
        })?;
        result.ok_or_else(|| HostStateError {
            host: self.host.clone(),
            why: "the store did not apply the change".to_owned(),
            source: None,
        })
    }

    /// Stores an end that was kept back. If another process has had the slot meanwhile, it has done so in
    /// its own way, and only the bytes are left to be counted.
    fn store_end(&self, state: &mut HostState, end: &Unstored, now: Timestamp) {
        if state
            .in_flight
            .is_none_or(|request| request.by != self.number)
        {
            if let Ending::Reply { wire_bytes, .. } = end.ending {
                state.tally.add(now, Counts::bytes(wire_bytes));
            }
            return;
        }
        let moment = Moment {
            now,
            worked: end.worked,
            stretch: 0.0,
        };
        // It asks for no pause: such an end is stored at once.
        settle::settle(state, &self.politeness, moment, end.ending);
    }

    fn store(&self) -> &dyn HostStateStore {
        if forgetful() {
            return &self.forgotten;
        }
        self.deps.store.as_ref()
    }

    fn moment(&self, now: Timestamp) -> Moment {
        let mut memory = self.memory();
        let monotonic = self.deps.clock.monotonic();
        let since = memory.working_since.unwrap_or(monotonic);
        Moment {
            now,
            worked: monotonic.saturating_sub(since),
            stretch: memory.rng.random(),
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
    fn try_enter(&self, kind: CaptureKind, picture: Option<&str>) -> Result<Entry, FetchError> {
        let Some(slot) = self.store().hold(&self.host)? else {
            return Ok(Entry::Wait {
                by: SLOT_POLL,
                why: WaitReason::OtherProcess,
            });
        };
        let limits = self.memory().limits.clone();
        if limits.delay > self.politeness.max_wait && kind != CaptureKind::Robots {
            // One request a run would never end a session.
            let asked = limits.delay;
            return Ok(Entry::Stop(StopReason::CrawlDelay { asked }.into()));
        }
        let moment = self.moment(self.deps.clock.now());
        let entry = self.change(|state, now| {
            settle::recover(state, &self.politeness, Moment { now, ..moment });
            if verdict::captcha_ahead(kind) && state.captchas.pending.is_some() {
                // Answered by a process that died before it knew.
                settle::judge_captcha(state, &self.politeness, now, false);
            }
            let verdict = verdict::verdict(state, &self.politeness, &limits, kind, now);
            let interval = verdict::interval(state, &self.politeness, &limits);
            self.memory().interval = interval;
            let entry = self.own_verdict(verdict, interval);
            if entry.is_none() {
                // Counted before it is sent: a process that dies with a request in flight has
                // still spent it.
                state.last_request_end = Some(now);
                let by = self.number;
                state.in_flight = Some(InFlight { kind, by });
                state.tally.add(now, spent(kind));
                if kind == CaptureKind::CaptchaCheck {
                    state.captchas.pending = picture.map(str::to_owned);
                }
            }
            entry
        })?;
        if let Some(entry) = entry {
            return Ok(entry);
        }
        self.take_from_run(kind)?;
        let monotonic = self.deps.clock.monotonic();
        self.memory().working_since.get_or_insert(monotonic);
        Ok(Entry::Go(slot))
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
    fn take_from_run(&self, kind: CaptureKind) -> Result<(), FetchError> {
        let taken = self.deps.budget.take();
        if matches!(taken, Ok(true)) {
            return Ok(());
        }
        self.change(|state, now| {
            state.tally.take_back(now, spent(kind));
            state.in_flight = None;
            if kind == CaptureKind::CaptchaCheck {
                state.captchas.pending = None;
            }
        })?;
        taken?;
        Err(StopReason::RunBudget.into())
    }

    fn record(&self, ending: Ending) -> Result<Option<Pause>, HostStateError> {
        let moment = self.moment(self.deps.clock.now());
        if ending.is_plain() {
            let mut memory = self.memory();
            let at = self.deps.clock.monotonic();
            let worked = moment.worked;
            memory.unstored = Some(Unstored { ending, at, worked });
            memory.last_end = Some(at);
            memory.working_since = Some(at);
            memory.not_before = None;
            return Ok(None);
        }
        let (pause, closed) = self.change(|state, now| {
            let pause = settle::settle(state, &self.politeness, Moment { now, ..moment }, ending);
            let closed = [state.paused_until, state.breaker.open_until]
                .into_iter()
                .flatten()
                .map(|end| until(now, end))
                .max()
                .unwrap_or(Duration::ZERO);
            (pause, closed)
        })?;
        let mut memory = self.memory();
        let monotonic = self.deps.clock.monotonic();
        memory.last_end = Some(monotonic);
        memory.working_since = Some(monotonic);
        memory.not_before = (!closed.is_zero()).then(|| monotonic.saturating_add(closed));
        Ok(pause)
    }
}

/// True when the bug "the limiter's state dies with its process" is switched on (test builds only).
fn forgetful() -> bool {
    fail::fail_point!("plant-limiter-in-memory", |_| true);
    false
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

impl Drop for HostGate {
    fn drop(&mut self) {
        let unstored = {
            let memory = self.memory();
            memory.unstored.is_some() || memory.progressed || memory.understood
        };
        if unstored && let Err(error) = self.change(|_, _| ()) {
            tracing::warn!(host = %self.host, %error, "what the last request brought could not be stored");
        }
    }
}

impl std::fmt::Debug for HostGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostGate({})", self.host)
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use verdict::heal;

/// What a state says without any `robots.txt`, for tests of states that nobody would write.
#[cfg(test)]
pub(crate) fn verdict_of(state: &HostState, politeness: &Politeness, now: Timestamp) {
    let kind = CaptureKind::CaptchaCheck;
    let verdict = verdict::verdict(state, politeness, &RobotLimits::default(), kind, now);
    assert_ne!(format!("{verdict:?}"), "");
}
