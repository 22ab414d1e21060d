//! A clock that nobody can set: the time since the machine was started.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::HostState;
use crate::instant::shifted;

/// A setting of the wall clock below this is drift, not a setting.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// How long the machine has been running, and which of its runs that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinceBoot {
    /// Different after each start of the machine.
    pub boot: String,
    /// Time since that start, sleep included.
    pub elapsed: Duration,
}

/// Wall clock and running time, read together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The start of the machine that `elapsed_ms` counts from.
    pub boot: String,
    /// Milliseconds since that start.
    pub elapsed_ms: u64,
    /// The wall clock then.
    pub wall: Timestamp,
}

impl Anchor {
    fn at(wall: Timestamp, since: &SinceBoot) -> Self {
        Self {
            boot: since.boot.clone(),
            // Rounded up: what is moved by less than a millisecond too much is moved away.
            elapsed_ms: u64::try_from(since.elapsed.as_nanos().div_ceil(1_000_000))
                .unwrap_or(u64::MAX),
            wall,
        }
    }

    /// How far the wall clock was set since; `None` if the machine was started anew.
    fn skew(&self, now: Timestamp, since: &SinceBoot) -> Option<SignedDuration> {
        let known = Duration::from_millis(self.elapsed_ms);
        let elapsed = (self.boot == since.boot).then(|| since.elapsed.saturating_sub(known))?;
        let elapsed = SignedDuration::try_from(elapsed).ok()?;
        now.duration_since(self.wall).checked_sub(elapsed)
    }
}

/// After the wall clock was set, moves every instant in `state` along with it, so that pauses last as
/// long and budgets hold as much as if it had not been. Across a restart of the machine there is no
/// telling a clock that was set from time that has passed.
pub(crate) fn follow_clock(state: &mut HostState, now: Timestamp, since: Option<&SinceBoot>) {
    let Some(since) = since else {
        state.anchor = None;
        return;
    };
    let skew = state
        .anchor
        .as_ref()
        .and_then(|anchor| anchor.skew(now, since));
    match skew {
        // Kept, so that many small settings add up to one that is seen.
        Some(skew) if skew.abs() <= TOLERANCE => return,
        Some(skew) => shift(state, skew),
        None => {}
    }
    state.anchor = Some(Anchor::at(now, since));
}

fn shift(state: &mut HostState, by: SignedDuration) {
    let move_one = |instant: &mut Timestamp| *instant = shifted(*instant, by);
    [
        &mut state.last_request_end,
        &mut state.paused_until,
        &mut state.breaker.open_until,
        &mut state.captchas.paused_until,
    ]
    .into_iter()
    .flatten()
    .for_each(move_one);
    state.breaker.opened.iter_mut().for_each(move_one);
    for stop in &mut state.stops {
        move_one(&mut stop.since);
        move_one(&mut stop.until);
    }
    if let Some(robots) = &mut state.robots {
        move_one(&mut robots.fetched);
    }
    state
        .health
        .errors
        .values_mut()
        .for_each(|errors| move_one(&mut errors.first));
    state.tally.shift(by);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Counts;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn since(boot: &str, seconds: u64) -> SinceBoot {
        SinceBoot {
            boot: boot.to_owned(),
            elapsed: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn a_clock_that_was_set_moves_every_instant_with_it() {
        let now = at("2026-03-01T12:00:00Z");
        let mut state = HostState {
            paused_until: Some(at("2026-03-01T12:10:00Z")),
            ..HostState::default()
        };
        let counts = Counts {
            requests: 7,
            ..Counts::default()
        };
        state.tally.add(now, counts);
        follow_clock(&mut state, now, Some(&since("a", 100)));
        for (wall, elapsed) in [
            ("2027-03-01T12:00:05Z", 105),
            ("2025-03-01T12:00:06Z", 106),
            ("1970-01-01T00:00:00Z", 107),
            ("2026-03-01T12:00:10Z", 110),
        ] {
            follow_clock(&mut state, at(wall), Some(&since("a", elapsed)));
            let left = state.paused_until.unwrap().duration_since(at(wall));
            assert_eq!(
                left.as_secs(),
                700 - i64::try_from(elapsed).unwrap(),
                "{wall}"
            );
            assert_eq!(state.tally.last_hour(at(wall)).requests, 7, "{wall}");
        }
    }

    #[test]
    fn time_that_passed_is_no_setting_and_a_new_start_is_none_either() {
        let mut state = HostState::default();
        follow_clock(
            &mut state,
            at("2026-03-01T12:00:00Z"),
            Some(&since("a", 100)),
        );
        state.paused_until = Some(at("2026-03-01T13:00:00Z"));
        let before = state.paused_until;
        for (wall, boot, elapsed) in [
            ("2026-03-01T12:30:01Z", "a", 1_900),
            ("2026-03-01T18:00:00Z", "b", 10),
            ("2026-03-01T18:00:00Z", "b", 5),
        ] {
            follow_clock(&mut state, at(wall), Some(&since(boot, elapsed)));
            assert_eq!(state.paused_until, before, "{wall}");
        }
        follow_clock(&mut state, at("2026-03-01T18:00:00Z"), None);
        assert_eq!((state.anchor, state.paused_until), (None, before));
    }

    #[test]
    fn small_settings_add_up() {
        let mut state = HostState::default();
        let start = at("2026-03-01T12:00:00Z");
        state.paused_until = Some(shifted(start, SignedDuration::from_secs(600)));
        for step in 0..100_u64 {
            let wall = shifted(start, SignedDuration::from_millis(2_000 * step as i64));
            follow_clock(&mut state, wall, Some(&since("a", step)));
        }
        // A clock at twice its speed for 99 seconds has not shortened the pause by more than the tolerance.
        let wall = shifted(start, SignedDuration::from_secs(198));
        let left = state.paused_until.unwrap().duration_since(wall).as_secs();
        assert!((498..=502).contains(&left), "{left}");
    }
}
