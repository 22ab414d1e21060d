//! What a finished request changes in a host's state: a pure step.

use std::time::Duration;

use jiff::Timestamp;
use nirnay_model::CaptureKind;

use crate::backoff::doubled;
use crate::host_state::ENDINGS;
use crate::instant::{later, until};
use crate::standing::LONGEST_PAUSE;
use crate::{Counts, ErrorCount, HostState, Politeness, StandingStop, StopCause, TransportProblem};

/// Good replies after which the pace recovers a step and the breaker forgets its doublings.
const GOOD_STREAK: u32 = 10;
/// The smallest step of the pace, so that a pace of zero can slow down at all.
const SMALLEST_STEP: Duration = Duration::from_millis(100);
/// Captcha verdicts over which the success rate is taken.
const CAPTCHAS_JUDGED: usize = 50;
/// Of those, the least that must be right (40 %).
const CAPTCHAS_RIGHT: usize = 20;
/// Wrong answers in a row that pause answering.
const CAPTCHAS_WRONG: u32 = 10;
/// Over which failures are counted, and for how long too many of them stop.
const DAY: Duration = Duration::from_hours(24);
/// As much of the time between two requests as counts as work: what is longer was a pause.
const LONGEST_STEP: Duration = Duration::from_mins(1);

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A whole reply came.
    Reply {
        status: u16,
        wire_bytes: u64,
        /// An empty body, or much later than this kind of reply usually comes.
        sluggish: bool,
        retry_after: Option<Duration>,
        /// Of `robots.txt`, "there is none" is an answer.
        robots: bool,
    },
    /// No usable reply came.
    Failed {
        problem: TransportProblem,
        wire_bytes: u64,
    },
    /// The caller gave up waiting for it.
    Abandoned,
}

/// A pause of the whole host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pause {
    pub(crate) until: Timestamp,
    /// The host asked for more than the cap.
    pub(crate) beyond_cap: bool,
}

/// Bodies up to this size need not be counted at once.
const SMALL: u64 = 1 << 20;

impl Ending {
    /// Whether it can be stored with the next look: forgetting it would slow the crawl down, never speed
    /// it up.
    pub(crate) fn is_plain(self) -> bool {
        match self {
            Self::Reply {
                status,
                wire_bytes,
                sluggish,
                retry_after,
                ..
            } => status < 400 && wire_bytes <= SMALL && !sluggish && retry_after.is_none(),
            Self::Failed { .. } | Self::Abandoned => false,
        }
    }

    /// The bytes that came, if that is known.
    fn wire_bytes(self) -> Option<u64> {
        match self {
            Self::Reply { wire_bytes, .. } | Self::Failed { wire_bytes, .. } => Some(wire_bytes),
            Self::Abandoned => None,
        }
    }

    /// What went wrong, if anything did.
    fn failure(self) -> Option<String> {
        match self {
            Self::Reply { status, robots, .. } => {
                let failed = status >= 500 || status == 429 || status >= 400 && !robots;
                failed.then(|| format!("HTTP {status}"))
            }
            Self::Failed { problem, .. } => Some(format!("{problem:?}")),
            Self::Abandoned => None,
        }
    }
}

/// Circumstances of a request's end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    /// Time since the request before it ended, or since this one began.
    pub(crate) worked: Duration,
    /// 0 to 1; lengthens breaker times by up to a tenth.
    pub(crate) stretch: f64,
}

/// Records the end of a request.
pub(crate) fn settle(
    state: &mut HostState,
    politeness: &Politeness,
    moment: Moment,
    ending: Ending,
) -> Option<Pause> {
    let now = moment.now;
    state.last_request_end = Some(now);
    let kind = state.in_flight.take().map(|request| request.kind);
    if let (Some(CaptureKind::Document), Some(bytes)) = (kind, ending.wire_bytes()) {
        state.largest_document = state.largest_document.max(bytes);
    }
    judge_health(state, politeness, moment, ending);
    match ending {
        Ending::Reply {
            status,
            wire_bytes,
            sluggish,
            retry_after,
            ..
        } => {
            state.tally.add(now, Counts::bytes(wire_bytes));
            if status >= 500 {
                failed(state, politeness, moment);
            }
            if matches!(status, 429 | 503) || status >= 500 && retry_after.is_some() {
                return Some(throttled(state, politeness, now, retry_after));
            }
            if status < 500 {
                served(state, politeness, sluggish);
            }
        }
        Ending::Failed {
            problem,
            wire_bytes,
        } => {
            state.tally.add(now, Counts::bytes(wire_bytes));
            // A body beyond its cap: the host did answer.
            if problem != TransportProblem::TooLarge {
                failed(state, politeness, moment);
            }
        }
        Ending::Abandoned => lost(state, politeness, moment, kind),
    }
    None
}

/// The process that sent the request in flight is dead: the request ends no earlier than now.
pub(crate) fn recover(state: &mut HostState, politeness: &Politeness, moment: Moment) {
    if let Some(request) = state.in_flight.take() {
        state.last_request_end = Some(moment.now);
        lost(state, politeness, moment, Some(request.kind));
    }
}

/// A request whose end nobody saw. The host may have sent all of a document. One that was to find out whether the
/// host is back told nothing: the breaker stays open as if it had failed.
fn lost(state: &mut HostState, politeness: &Politeness, moment: Moment, kind: Option<CaptureKind>) {
    if kind == Some(CaptureKind::Document) {
        let bytes = Counts::bytes(state.largest_document);
        state.tally.add(moment.now, bytes);
    }
    if state.breaker.open_until.is_some() {
        reopen(state, politeness, moment);
    }
}

/// Counts failures, and work that brings nothing; too much of either ends the day.
fn judge_health(state: &mut HostState, politeness: &Politeness, moment: Moment, ending: Ending) {
    let now = moment.now;
    let health = &mut state.health;
    let worked = u64::try_from(moment.worked.min(LONGEST_STEP).as_millis()).unwrap_or(u64::MAX);
    health.barren_ms = health.barren_ms.saturating_add(worked);
    let mut stops = Vec::new();
    if let Some(after) = politeness.barren_after
        && u128::from(health.barren_ms) > after.as_millis()
    {
        let minutes = after.as_secs() / 60;
        let why = format!("{minutes} minutes of work brought no page and no document");
        stops.push((StopCause::NoProgress, why));
        health.barren_ms = 0;
    }
    if ending != Ending::Abandoned {
        let failure = ending.failure();
        health
            .latest
            .push(if failure.is_some() { 'x' } else { '.' });
        let excess = health.latest.len().saturating_sub(ENDINGS);
        health.latest.drain(..excess);
        let bad = health.latest.bytes().filter(|b| *b == b'x').count();
        if health.latest.len() == ENDINGS
            && let Some(most) = politeness.failures_in_200
            && bad > most as usize
        {
            let why = format!("{bad} of the latest {ENDINGS} requests failed");
            stops.push((StopCause::Errors, why));
        }
        health
            .errors
            .retain(|_, errors| until(errors.first, now) < DAY);
        if let Some(sort) = failure {
            let errors = health.errors.entry(sort.clone()).or_insert(ErrorCount {
                first: now,
                count: 0,
            });
            errors.count = errors.count.saturating_add(1);
            let count = errors.count;
            if politeness.failures_alike.is_some_and(|most| count > most) {
                stops.push((
                    StopCause::Errors,
                    format!("{sort}, {count} times within a day"),
                ));
            }
        }
    }
    for (cause, why) in stops {
        if cause == StopCause::Errors {
            state.health.latest.clear();
            state.health.errors.clear();
        }
        state.add_stop(StandingStop::new(cause, &why, now, DAY).under(politeness));
    }
}

fn throttled(
    state: &mut HostState,
    politeness: &Politeness,
    now: Timestamp,
    asked: Option<Duration>,
) -> Pause {
    let (floor, cap) = (politeness.pause_floor, politeness.pause_cap);
    let asked = asked.unwrap_or_else(|| doubled(floor, cap, state.throttles_in_a_row));
    state.throttles_in_a_row = state.throttles_in_a_row.saturating_add(1);
    state.good_in_a_row = 0;
    slow_down(state, politeness, 2.0);
    let until = later(now, asked.clamp(floor, cap));
    let until = state
        .paused_until
        .map_or(until, |already| already.max(until));
    state.paused_until = Some(until);
    if asked <= cap {
        return Pause {
            until,
            beyond_cap: false,
        };
    }
    let why = format!("it asked for a pause of {} s", asked.as_secs());
    let asked = asked.min(LONGEST_PAUSE);
    let stop = StandingStop::new(StopCause::LongPause, &why, now, asked);
    let until = state.add_stop(stop.under(politeness));
    Pause {
        until,
        beyond_cap: true,
    }
}

fn failed(state: &mut HostState, politeness: &Politeness, moment: Moment) {
    state.good_in_a_row = 0;
    let breaker = &mut state.breaker;
    breaker.failures = breaker.failures.saturating_add(1);
    let probe_failed = breaker.open_until.is_some();
    if (!probe_failed && breaker.failures < politeness.breaker_after) || has_no_breaker() {
        return;
    }
    if !probe_failed {
        let looked = politeness.looked_at.filter(|at| *at <= moment.now);
        if looked.is_some() && looked != breaker.after_look {
            breaker.after_look = looked;
            breaker.opened.clear();
        }
        breaker.opened.push(moment.now);
        let most = politeness.breakers_per_day.max(1) as usize;
        let before = breaker.opened.len().checked_sub(most);
        if let Some(first) = before.and_then(|place| breaker.opened.get(place)) {
            // Those that came after the first still count when its day is over.
            let left = until(moment.now, later(*first, DAY));
            let stop = StandingStop::new(StopCause::Breakers, "", moment.now, left);
            state.add_stop(stop.under(politeness));
        }
        // When the host is back, it is not asked at full pace at once.
        slow_down(state, politeness, 2.0);
    }
    reopen(state, politeness, moment);
}

/// True when the bug "failures in a row open no breaker" is switched on (test builds only).
fn has_no_breaker() -> bool {
    fail::fail_point!("plant-breaker-off", |_| true);
    false
}

fn reopen(state: &mut HostState, politeness: &Politeness, moment: Moment) {
    let breaker = &mut state.breaker;
    let open = doubled(
        politeness.breaker_first,
        politeness.breaker_max,
        breaker.doublings,
    );
    breaker.doublings = (breaker.doublings + 1).min(20);
    let stretched = open.mul_f64(1.0 + moment.stretch.clamp(0.0, 1.0) / 10.0);
    breaker.open_until = Some(later(moment.now, stretched));
}

fn served(state: &mut HostState, politeness: &Politeness, sluggish: bool) {
    state.throttles_in_a_row = 0;
    state.breaker.failures = 0;
    state.breaker.open_until = None;
    if sluggish {
        state.good_in_a_row = 0;
        slow_down(state, politeness, 1.5);
        return;
    }
    state.good_in_a_row += 1;
    if state.good_in_a_row >= GOOD_STREAK {
        state.good_in_a_row = 0;
        state.breaker.doublings = 0;
        speed_up(state, politeness);
    }
}

fn slow_down(state: &mut HostState, politeness: &Politeness, factor: f64) {
    let current = Duration::from_millis(state.delay_ms).max(politeness.min_interval);
    let slower = current
        .mul_f64(factor)
        .max(SMALLEST_STEP)
        .min(politeness.max_interval);
    state.delay_ms = u64::try_from(slower.as_millis()).unwrap_or(u64::MAX);
}

fn speed_up(state: &mut HostState, politeness: &Politeness) {
    let step = (politeness.min_interval / 2).max(SMALLEST_STEP);
    let faster = Duration::from_millis(state.delay_ms).saturating_sub(step);
    // At the least interval the field is zero: "not slowed down".
    let slowed = faster > politeness.min_interval;
    state.delay_ms = if slowed {
        u64::try_from(faster.as_millis()).unwrap_or(u64::MAX)
    } else {
        0
    };
}

/// Records the portal's verdict on a captcha answer; too many wrong ones pause answering.
pub(crate) fn judge_captcha(
    state: &mut HostState,
    politeness: &Politeness,
    now: Timestamp,
    accepted: bool,
) {
    let pending = state.captchas.pending.take();
    if let Some(digest) = pending.filter(|_| !accepted) {
        state.refuse_picture(digest);
    }
    let record = &mut state.captchas;
    record.recent.push(accepted);
    let excess = record.recent.len().saturating_sub(CAPTCHAS_JUDGED);
    record.recent.drain(..excess);
    record.failures_in_a_row = if accepted {
        0
    } else {
        record.failures_in_a_row.saturating_add(1)
    };
    let right = record.recent.iter().filter(|right| **right).count();
    let poor = record.recent.len() == CAPTCHAS_JUDGED && right < CAPTCHAS_RIGHT;
    if accepted && !poor {
        record.paused_before = false;
    }
    if !poor && record.failures_in_a_row < CAPTCHAS_WRONG {
        return;
    }
    let long = poor || record.paused_before;
    let pause = politeness
        .captcha_pause
        .saturating_mul(if long { 4 } else { 1 });
    record.paused_until = Some(later(now, pause));
    record.paused_before = true;
    record.failures_in_a_row = 0;
    record.recent.clear();
}

#[cfg(test)]
mod tests;
