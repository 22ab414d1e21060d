//! What a finished request changes in a host's state: a pure step.

use std::time::Duration;

use jiff::Timestamp;

use crate::backoff::doubled;
use crate::instant::later;
use crate::{Counts, HostState, Politeness};

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
    },
    /// No reply came.
    Failed,
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

/// Records the end of a request. `stretch` (0 to 1) lengthens breaker times by up to a tenth.
pub(crate) fn settle(
    state: &mut HostState,
    politeness: &Politeness,
    now: Timestamp,
    ending: Ending,
    stretch: f64,
) -> Option<Pause> {
    state.last_request_end = Some(now);
    match ending {
        Ending::Reply {
            status,
            wire_bytes,
            sluggish,
            retry_after,
        } => {
            state.tally.add(now, Counts::bytes(wire_bytes));
            if status >= 500 {
                failed(state, politeness, now, stretch);
            }
            if matches!(status, 429 | 503) {
                return Some(throttled(state, politeness, now, retry_after));
            }
            if status < 500 {
                served(state, politeness, sluggish);
            }
        }
        Ending::Failed => failed(state, politeness, now, stretch),
        Ending::Abandoned => {}
    }
    None
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
    Pause {
        until,
        beyond_cap: asked > cap,
    }
}

fn failed(state: &mut HostState, politeness: &Politeness, now: Timestamp, stretch: f64) {
    state.good_in_a_row = 0;
    let breaker = &mut state.breaker;
    breaker.failures = breaker.failures.saturating_add(1);
    let probe_failed = breaker.open_until.is_some();
    if !probe_failed && breaker.failures < politeness.breaker_after {
        return;
    }
    if !probe_failed {
        breaker.opened.push(now);
    }
    let open = doubled(
        politeness.breaker_first,
        politeness.breaker_max,
        breaker.doublings,
    );
    breaker.doublings = (breaker.doublings + 1).min(20);
    breaker.open_until = Some(later(
        now,
        open.mul_f64(1.0 + stretch.clamp(0.0, 1.0) / 10.0),
    ));
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
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn reply(status: u16) -> Ending {
        Ending::Reply {
            status,
            wire_bytes: 10,
            sluggish: false,
            retry_after: None,
        }
    }

    fn apply(state: &mut HostState, ending: Ending) -> Option<Pause> {
        settle(state, &Politeness::default(), now(), ending, 0.0)
    }

    fn pause(retry_after: Option<u64>) -> (u64, bool) {
        let mut state = HostState::default();
        let retry_after = retry_after.map(Duration::from_secs);
        let ending = Ending::Reply {
            status: 429,
            wire_bytes: 0,
            sluggish: false,
            retry_after,
        };
        let pause = apply(&mut state, ending).unwrap();
        (
            pause.until.duration_since(now()).as_secs().unsigned_abs(),
            pause.beyond_cap,
        )
    }

    #[test]
    fn pauses_have_a_floor_and_a_cap() {
        assert_eq!(pause(None), (60, false));
        assert_eq!(pause(Some(0)), (60, false));
        assert_eq!(pause(Some(90)), (90, false));
        assert_eq!(pause(Some(21_600)), (21_600, false));
        assert_eq!(pause(Some(21_601)), (21_600, true));
        assert_eq!(pause(Some(u64::MAX)), (21_600, true));
    }

    #[test]
    fn unexplained_throttles_double_and_are_never_shortened() {
        let mut state = HostState::default();
        for seconds in [60, 120, 240] {
            let until = apply(&mut state, reply(503)).unwrap().until;
            assert_eq!(until, later(now(), Duration::from_secs(seconds)));
        }
        let short = Ending::Reply {
            status: 429,
            wire_bytes: 0,
            sluggish: false,
            retry_after: Some(Duration::ZERO),
        };
        assert_eq!(
            apply(&mut state, short).unwrap().until,
            later(now(), Duration::from_mins(4))
        );
    }

    #[test]
    fn pace_halves_at_once_and_recovers_by_steps() {
        let mut state = HostState::default();
        apply(&mut state, reply(429));
        apply(&mut state, reply(429));
        assert_eq!(state.delay_ms, 4_000);
        for _ in 0..9 {
            apply(&mut state, reply(200));
        }
        assert_eq!(state.delay_ms, 4_000);
        apply(&mut state, reply(200));
        assert_eq!(state.delay_ms, 3_500);
        apply(
            &mut state,
            Ending::Reply {
                status: 200,
                wire_bytes: 0,
                sluggish: true,
                retry_after: None,
            },
        );
        assert_eq!(state.delay_ms, 5_250);
        for _ in 0..200 {
            apply(&mut state, reply(200));
        }
        assert_eq!(state.delay_ms, 0);
        for _ in 0..30 {
            apply(&mut state, reply(429));
        }
        assert_eq!(state.delay_ms, 60_000);
    }

    #[test]
    fn the_breaker_opens_doubles_and_closes() {
        let mut state = HostState::default();
        for _ in 0..4 {
            apply(&mut state, Ending::Failed);
        }
        assert_eq!(state.breaker.open_until, None);
        for seconds in [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600] {
            apply(&mut state, reply(502));
            assert_eq!(
                state.breaker.open_until,
                Some(later(now(), Duration::from_secs(seconds)))
            );
        }
        assert_eq!(
            state.breaker.opened.len(),
            1,
            "a failed probe is not another opening"
        );
        apply(&mut state, reply(200));
        assert_eq!(
            (state.breaker.open_until, state.breaker.failures),
            (None, 0)
        );
        assert_ne!(state.breaker.doublings, 0, "one good reply is not enough");
        for _ in 0..9 {
            apply(&mut state, reply(200));
        }
        assert_eq!(state.breaker.doublings, 0);
    }

    #[test]
    fn captcha_failures_pause_answers_longer_the_second_time() {
        let politeness = Politeness::default();
        let mut state = HostState::default();
        let judge = |state: &mut HostState, right: bool, times: u32| {
            for _ in 0..times {
                judge_captcha(state, &politeness, now(), right);
            }
            state
                .captchas
                .paused_until
                .take()
                .map(|at| at.duration_since(now()).as_hours())
        };
        assert_eq!(judge(&mut state, false, 9), None);
        assert_eq!(judge(&mut state, true, 1), None);
        assert_eq!(judge(&mut state, false, 10), Some(6));
        assert_eq!(judge(&mut state, false, 10), Some(24));
        for _ in 0..24 {
            assert_eq!(judge(&mut state, false, 1), None);
            assert_eq!(judge(&mut state, true, 1), None);
        }
        assert_eq!(
            judge(&mut state, false, 2),
            None,
            "half of them right is enough"
        );
        for _ in 0..9 {
            judge(&mut state, false, 1);
        }
        assert_eq!(judge(&mut state, true, 1), None);
    }

    #[test]
    fn a_success_rate_below_forty_percent_stops() {
        let politeness = Politeness::default();
        let mut state = HostState::default();
        for answer in 0..49 {
            judge_captcha(&mut state, &politeness, now(), answer % 3 == 0);
            assert_eq!(state.captchas.paused_until, None);
        }
        judge_captcha(&mut state, &politeness, now(), false);
        assert_eq!(
            state.captchas.paused_until,
            Some(later(now(), Duration::from_hours(24)))
        );
        assert!(
            state.captchas.recent.is_empty(),
            "the next run is judged afresh"
        );
    }
}
