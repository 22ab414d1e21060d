//! Whether the next request may be sent: a pure reading of a host's state.

use std::time::Duration;

use jiff::Timestamp;
use nirnay_model::CaptureKind;

use crate::instant::{earlier, later, until};
use crate::robots::RobotLimits;
use crate::{HostState, Politeness, StopReason, WaitReason};

/// A day, over which breaker openings are counted.
pub(crate) const DAY: Duration = Duration::from_hours(24);

/// The answer to "may a request be sent now?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Go,
    Wait { by: Duration, why: WaitReason },
    Stop(StopReason),
}

/// After the clock was set back, what claims to lie further in the future than it can is pulled in,
/// so that a wrong clock costs one pause and never a year.
pub(crate) fn heal(state: &mut HostState, politeness: &Politeness, now: Timestamp) {
    let pull = |instant: &mut Option<Timestamp>, most: Duration| {
        *instant = instant.map(|at| at.min(later(now, most)));
    };
    let reopened = politeness.breaker_max.saturating_mul(2);
    pull(&mut state.last_request_end, Duration::ZERO);
    pull(&mut state.paused_until, politeness.pause_cap);
    pull(&mut state.breaker.open_until, reopened);
    pull(
        &mut state.captchas.paused_until,
        politeness.captcha_pause.saturating_mul(4),
    );
    for stop in &mut state.stops {
        stop.since = stop.since.min(now);
        stop.until = stop.until.min(later(now, stop.longest(politeness)));
    }
    state.stops.retain(|stop| stop.until > now);
    for opened in &mut state.breaker.opened {
        *opened = now.min(*opened);
    }
    for errors in state.health.errors.values_mut() {
        errors.first = errors.first.min(now);
    }
    state
        .breaker
        .opened
        .retain(|opened| later(*opened, DAY) > now);
    if let Some(robots) = state.robots.as_mut().filter(|robots| robots.fetched > now) {
        // Its age is not known, so it is fetched again; until then its request for patience is heeded.
        robots.fetched = earlier(now, 2 * DAY);
    }
    state.tally.heal(now);
}

/// The distance kept between two requests.
pub(crate) fn interval(
    state: &HostState,
    politeness: &Politeness,
    limits: &RobotLimits,
) -> Duration {
    let slowed = Duration::from_millis(state.delay_ms).min(politeness.max_interval);
    politeness.min_interval.max(slowed).max(limits.delay)
}

/// Whether a request of `kind` may be sent at `now`. A session's start page counts as a captcha to
/// come: no session is opened that could not answer one.
pub(crate) fn verdict(
    state: &HostState,
    politeness: &Politeness,
    limits: &RobotLimits,
    kind: CaptureKind,
    now: Timestamp,
) -> Verdict {
    let captcha_ahead = captcha_ahead(kind);
    if let Some(reason) = stop(state, politeness, captcha_ahead, now) {
        return Verdict::Stop(reason);
    }
    let gap = interval(state, politeness, limits);
    let pace = state.last_request_end.map(|end| later(end, gap));
    let mut waits = vec![
        (pace, WaitReason::Pace),
        (state.paused_until, WaitReason::Pause),
        (state.breaker.open_until, WaitReason::Breaker),
        (
            state
                .tally
                .hour_frees(now, politeness.per_hour.into(), |c| c.requests),
            WaitReason::HourBudget,
        ),
        (
            state
                .tally
                .day_frees(now, politeness.per_day.into(), |c| c.requests),
            WaitReason::DayBudget,
        ),
        (
            state
                .tally
                .day_frees(now, politeness.bytes_per_day, |c| c.bytes),
            WaitReason::DayBudget,
        ),
        (
            politeness
                .quiet_hours
                .filter(|_| !sleepless())
                .and_then(|hours| hours.opens_at(now)),
            WaitReason::QuietHours,
        ),
        (limits.opens_at(now), WaitReason::VisitHours),
    ];
    if captcha_ahead && !guesses_freely() {
        let (hour, day) = (
            politeness.captchas_per_hour.into(),
            politeness.captchas_per_day.into(),
        );
        waits.push((
            state.tally.hour_frees(now, hour, |c| c.captchas),
            WaitReason::CaptchaBudget,
        ));
        waits.push((
            state.tally.day_frees(now, day, |c| c.captchas),
            WaitReason::CaptchaBudget,
        ));
    }
    waits
        .into_iter()
        .filter_map(|(at, why)| Some((until(now, at?), why)))
        .filter(|(by, _)| !by.is_zero())
        .max_by_key(|(by, _)| *by)
        .map_or(Verdict::Go, |(by, why)| Verdict::Wait { by, why })
}

/// True when the bug "quiet hours are not kept" is switched on (test builds only).
fn sleepless() -> bool {
    fail::fail_point!("plant-quiet-hours-ignored", |_| true);
    false
}

/// True when the bug "the budgets of captcha answers are not kept" is switched on (test builds only).
fn guesses_freely() -> bool {
    fail::fail_point!("plant-captcha-budget-ignored", |_| true);
    false
}

/// Whether a request of `kind` is, or leads to, a captcha answer.
pub(crate) fn captcha_ahead(kind: CaptureKind) -> bool {
    matches!(kind, CaptureKind::Start | CaptureKind::CaptchaCheck)
}

fn stop(
    state: &HostState,
    politeness: &Politeness,
    captcha_ahead: bool,
    now: Timestamp,
) -> Option<StopReason> {
    let ahead = |at: Option<Timestamp>| at.filter(|at| *at > now);
    let standing = state.stops.iter().find(|stop| stop.holds(politeness, now));
    if let Some(stop) = standing {
        return Some(stop.reason());
    }
    if captcha_ahead {
        return ahead(state.captchas.paused_until).map(|until| StopReason::Captchas { until });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Counts, RobotsRecord, StandingStop, StopCause};

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn after(seconds: u64) -> Timestamp {
        later(now(), Duration::from_secs(seconds))
    }

    fn ask(state: &HostState, kind: CaptureKind) -> Verdict {
        let limits = RobotLimits::default();
        verdict(state, &Politeness::default(), &limits, kind, now())
    }

    fn wait(seconds: u64, why: WaitReason) -> Verdict {
        Verdict::Wait {
            by: Duration::from_secs(seconds),
            why,
        }
    }

    #[test]
    fn the_longest_wait_wins() {
        let mut state = HostState::default();
        assert_eq!(ask(&state, CaptureKind::Search), Verdict::Go);
        state.last_request_end = Some(now());
        assert_eq!(ask(&state, CaptureKind::Search), wait(1, WaitReason::Pace));
        state.breaker.open_until = Some(after(30));
        assert_eq!(
            ask(&state, CaptureKind::Search),
            wait(30, WaitReason::Breaker)
        );
        state.paused_until = Some(after(90));
        assert_eq!(
            ask(&state, CaptureKind::Search),
            wait(90, WaitReason::Pause)
        );
    }

    #[test]
    fn budgets_and_the_slowed_pace() {
        let mut state = HostState {
            delay_ms: 90_000,
            last_request_end: Some(now()),
            ..HostState::default()
        };
        assert_eq!(
            ask(&state, CaptureKind::Search),
            wait(60, WaitReason::Pace),
            "capped by max_interval"
        );
        let slow = verdict(
            &state,
            &Politeness::default(),
            &RobotLimits {
                delay: Duration::from_secs(70),
                visits: Vec::new(),
            },
            CaptureKind::Search,
            now(),
        );
        assert_eq!(slow, wait(70, WaitReason::Pace), "crawl delay is not");
        state.tally.add(
            now(),
            Counts {
                requests: 0,
                bytes: 6_000_000_000,
                captchas: 0,
            },
        );
        assert!(matches!(
            ask(&state, CaptureKind::Search),
            Verdict::Wait {
                why: WaitReason::DayBudget,
                ..
            }
        ));
    }

    #[test]
    fn captcha_limits_hold_for_what_leads_to_an_answer() {
        let mut state = HostState::default();
        state.tally.add(
            now(),
            Counts {
                requests: 0,
                bytes: 0,
                captchas: 30,
            },
        );
        for kind in [CaptureKind::Start, CaptureKind::CaptchaCheck] {
            assert!(matches!(
                ask(&state, kind),
                Verdict::Wait {
                    why: WaitReason::CaptchaBudget,
                    ..
                }
            ));
        }
        assert_eq!(ask(&state, CaptureKind::Search), Verdict::Go);
        state.captchas.paused_until = Some(after(10));
        assert!(matches!(
            ask(&state, CaptureKind::Start),
            Verdict::Stop(StopReason::Captchas { .. })
        ));
    }

    #[test]
    fn blocks_and_repeated_breakers_stop() {
        let mut state = HostState::default();
        let pause = Duration::from_secs(5);
        state.add_stop(StandingStop::new(StopCause::Refused, "403", now(), pause));
        assert!(matches!(
            ask(&state, CaptureKind::Feed),
            Verdict::Stop(StopReason::Blocked { .. })
        ));
        state.stops[0].until = now();
        assert_eq!(ask(&state, CaptureKind::Feed), Verdict::Go);
        state.add_stop(StandingStop::new(StopCause::Breakers, "", now(), DAY));
        assert!(matches!(
            ask(&state, CaptureKind::Feed),
            Verdict::Stop(StopReason::BreakerOpen { .. })
        ));
    }

    #[test]
    fn a_look_ends_what_began_before_it_but_not_what_the_host_named() {
        let stops = |cause| {
            let mut state = HostState::default();
            let before = Politeness {
                looked_at: Some(after(3_000)),
                ..Politeness::default()
            };
            state.add_stop(StandingStop::new(cause, "x", now(), DAY).under(&before));
            state
        };
        let ask = |cause, looked: u64, at: u64| {
            let politeness = Politeness {
                looked_at: Some(after(looked)),
                ..Politeness::default()
            };
            let limits = RobotLimits::default();
            verdict(
                &stops(cause),
                &politeness,
                &limits,
                CaptureKind::Search,
                after(at),
            ) == Verdict::Go
        };
        assert!(ask(StopCause::Refused, 60, 61));
        assert!(!ask(StopCause::Refused, 60, 59), "a look still to come");
        assert!(
            !ask(StopCause::Refused, 3_000, 3_001),
            "a look that was on record when the stop began, under a clock that was set since"
        );
        assert!(!ask(StopCause::Refused, 0, 61), "a look before the stop");
        assert!(!ask(StopCause::LongPause, 60, 61));
        assert!(!ask(StopCause::RobotsForbid, 60, 61));
        assert!(ask(StopCause::StateLost, 60, 61) && ask(StopCause::NoProgress, 60, 61));
    }

    #[test]
    fn a_clock_set_back_a_year_costs_one_pause() {
        let year = 31_536_000;
        let mut state = HostState {
            last_request_end: Some(after(year)),
            paused_until: Some(after(year)),
            robots: Some(RobotsRecord {
                fetched: later(now(), DAY),
                rules: None,
            }),
            ..HostState::default()
        };
        state.breaker.open_until = Some(after(year));
        state.breaker.opened = vec![later(now(), DAY); 2];
        state.add_stop(StandingStop::new(
            StopCause::Refused,
            "403",
            after(year),
            Duration::from_hours(24),
        ));
        heal(&mut state, &Politeness::default(), now());
        assert_eq!(state.last_request_end, Some(now()));
        assert_eq!(state.paused_until, Some(after(6 * 3_600)));
        assert_eq!(state.stops[0].until, after(24 * 3_600));
        assert_eq!(state.breaker.open_until, Some(after(2 * 3_600)));
        assert_eq!(state.breaker.opened, vec![now(); 2]);
        let robots = state
            .robots
            .expect("its request for patience is still heeded");
        assert!(later(robots.fetched, DAY) < now(), "{robots:?}");
    }
}
