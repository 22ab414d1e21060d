use super::*;
use crate::InFlight;

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn reply(status: u16) -> Ending {
    Ending::Reply {
        status,
        wire_bytes: 10,
        sluggish: false,
        retry_after: None,
        robots: false,
    }
}

fn moment(now: Timestamp) -> Moment {
    Moment {
        now,
        worked: Duration::ZERO,
        stretch: 0.0,
    }
}

fn broken() -> Ending {
    Ending::Failed {
        problem: TransportProblem::Broken,
        wire_bytes: 0,
    }
}

fn apply(state: &mut HostState, ending: Ending) -> Option<Pause> {
    settle(state, &Politeness::default(), moment(now()), ending)
}

fn pause(retry_after: Option<u64>) -> (u64, bool) {
    let mut state = HostState::default();
    let retry_after = retry_after.map(Duration::from_secs);
    let ending = Ending::Reply {
        status: 429,
        wire_bytes: 0,
        sluggish: false,
        retry_after,
        robots: false,
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
    assert_eq!(pause(Some(21_601)), (21_601, true));
    assert_eq!(pause(Some(u64::MAX)), (30 * 86_400, true));
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
        robots: false,
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
            robots: false,
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
        apply(&mut state, broken());
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
fn a_lost_probe_keeps_the_breaker_open() {
    let mut state = HostState::default();
    for _ in 0..5 {
        apply(&mut state, broken());
    }
    for (seconds, killed) in [(60, false), (120, true), (240, false)] {
        if killed {
            state.in_flight = Some(InFlight {
                kind: CaptureKind::Search,
                by: 1,
            });
            recover(&mut state, &Politeness::default(), moment(now()));
        } else {
            apply(&mut state, Ending::Abandoned);
        }
        let until = later(now(), Duration::from_secs(seconds));
        assert_eq!(state.breaker.open_until, Some(until));
    }
    assert_eq!(state.breaker.opened.len(), 1);
}

#[test]
fn openings_count_for_a_day_whatever_stop_they_led_to() {
    let mut politeness = Politeness {
        breaker_after: 1,
        breakers_per_day: 3,
        ..Politeness::default()
    };
    let hour = |hours: u64| later(now(), Duration::from_hours(hours));
    let mut state = HostState::default();
    let mut open = |politeness: &Politeness, at: Timestamp| {
        crate::gate::verdict::heal(&mut state, politeness, at);
        settle(&mut state, politeness, moment(at), reply(502));
        settle(&mut state, politeness, moment(at), reply(200));
        state.stops.first().map(|stop| stop.until)
    };
    assert_eq!(open(&politeness, hour(0)), None);
    assert_eq!(open(&politeness, hour(1)), None);
    assert_eq!(open(&politeness, hour(2)), Some(hour(24)));
    assert_eq!(open(&politeness, hour(24)), Some(hour(25)));
    politeness.looked_at = Some(hour(24));
    assert_eq!(open(&politeness, hour(25)), None, "somebody has looked");
}

#[test]
fn a_request_that_nobody_saw_end_counts_for_what_it_may_have_been() {
    let mut state = HostState::default();
    let sent = |state: &mut HostState, kind| state.in_flight = Some(InFlight { kind, by: 1 });
    let came = |wire_bytes| Ending::Reply {
        status: 200,
        wire_bytes,
        sluggish: false,
        retry_after: None,
        robots: false,
    };
    for (kind, bytes) in [(CaptureKind::Document, 500), (CaptureKind::Search, 9_000)] {
        sent(&mut state, kind);
        apply(&mut state, came(bytes));
    }
    for (kind, expected) in [
        (CaptureKind::Search, 9_500),
        (CaptureKind::Document, 10_000),
    ] {
        sent(&mut state, kind);
        recover(&mut state, &Politeness::default(), moment(now()));
        assert_eq!(state.tally.last_day(now()).bytes, expected);
    }
    sent(&mut state, CaptureKind::Document);
    apply(&mut state, Ending::Abandoned);
    assert_eq!(state.tally.last_day(now()).bytes, 10_500);
}

#[test]
fn too_many_failures_end_the_day() {
    let strict = Politeness {
        failures_in_200: Some(30),
        failures_alike: Some(50),
        ..Politeness::default()
    };
    let stops = |bad: &dyn Fn(u32) -> Option<u16>| {
        let mut state = HostState::default();
        (1..=2_000_u32).find(|n| {
            let ending = reply(bad(*n).unwrap_or(200));
            settle(&mut state, &strict, moment(now()), ending);
            !state.stops.is_empty()
        })
    };
    assert_eq!(stops(&|n| (n % 7 == 0).then_some(404)), Some(51 * 7));
    let mixed = |n: u32| 400 + u16::try_from(n % 60).unwrap();
    assert_eq!(stops(&|n| (n % 6 == 0).then(|| mixed(n))), Some(200));
    assert_eq!(stops(&|n| (n % 10 == 0).then(|| mixed(n))), None);
    assert_eq!(stops(&|_| None), None);
}

#[test]
fn work_without_progress_ends_the_day() {
    let strict = Politeness {
        barren_after: Some(Duration::from_mins(30)),
        ..Politeness::default()
    };
    let mut state = HostState::default();
    let mut step = |worked: u64| {
        let moment = Moment {
            worked: Duration::from_secs(worked),
            ..moment(now())
        };
        settle(&mut state, &strict, moment, reply(200));
        state.stops.first().map(|stop| stop.cause)
    };
    for _ in 0..30 {
        assert_eq!(step(36_000), None, "a long pause is no work");
    }
    assert_eq!(step(1), Some(StopCause::NoProgress));
}

#[test]
fn bytes_of_a_broken_body_count() {
    let mut state = HostState::default();
    for problem in [TransportProblem::Length, TransportProblem::TooLarge] {
        let ending = Ending::Failed {
            problem,
            wire_bytes: 1_000,
        };
        apply(&mut state, ending);
    }
    assert_eq!(state.tally.last_day(now()).bytes, 2_000);
    assert_eq!(state.breaker.failures, 1, "a body too large is an answer");
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
