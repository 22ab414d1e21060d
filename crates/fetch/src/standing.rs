//! A stop that outlives the process: nothing is sent to the host until it is over or a person has looked.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::instant::later;
use crate::{Politeness, StopReason};

/// The longest a host is left alone because it asked for it.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_hours(30 * 24);
/// How long a host whose `robots.txt` could not be read is left alone.
pub(crate) const ROBOTS_RETRY: Duration = Duration::from_hours(1);
/// How long nothing is sent after a state was lost: what is not known counts as spent, and a day is
/// the longest that any budget looks back.
pub(crate) const STATE_LOST: Duration = Duration::from_hours(24);
/// The longest explanation that is kept.
const MOST_WHY: usize = 200;

/// What a host is left alone for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopCause {
    /// 403, a firewall's page, or words of law.
    Refused,
    /// `robots.txt` forbids an address that the work needs.
    RobotsForbid,
    /// `robots.txt` could not be read.
    RobotsUnreachable,
    /// The server's certificate or handshake was not accepted.
    Tls,
    /// Replies of unknown form, twice in a row.
    Drift,
    /// The breaker opened too often within a day.
    Breakers,
    /// The host asked for a pause beyond the cap.
    LongPause,
    /// Too much went wrong for one day.
    Errors,
    /// Half an hour of work brought nothing.
    NoProgress,
    /// What was sent before is not known: the stored state was damaged.
    StateLost,
    /// A cause that this version does not know.
    #[serde(other)]
    Other,
}

/// A stop that outlives the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingStop {
    /// What for.
    pub cause: StopCause,
    /// In words, at most 200 characters.
    pub why: String,
    /// When it began.
    pub since: Timestamp,
    /// Nothing is sent before this instant.
    pub until: Timestamp,
    /// The look at the portal that was on record when it began; only a new one ends it.
    #[serde(default)]
    pub after_look: Option<Timestamp>,
}

impl StandingStop {
    /// A stop from `now` on, for `pause`.
    pub(crate) fn new(cause: StopCause, why: &str, now: Timestamp, pause: Duration) -> Self {
        Self {
            cause,
            why: why.chars().take(MOST_WHY).collect(),
            since: now,
            until: later(now, pause),
            after_look: None,
        }
    }

    /// The same stop, begun under `politeness`.
    pub(crate) fn under(self, politeness: &Politeness) -> Self {
        Self {
            after_look: politeness.looked_at,
            ..self
        }
    }

    /// Whether it holds at `now`. A look at the portal, later than its beginning, ends it early, except
    /// where the host itself has named the time.
    pub(crate) fn holds(&self, politeness: &Politeness, now: Timestamp) -> bool {
        let looked = politeness
            .looked_at
            .is_some_and(|at| at <= now && at > self.since && Some(at) != self.after_look)
            && !matches!(self.cause, StopCause::RobotsForbid | StopCause::LongPause);
        self.until > now && !looked
    }

    /// The longest that a stop of its cause can last.
    pub(crate) fn longest(&self, politeness: &Politeness) -> Duration {
        match self.cause {
            StopCause::LongPause => LONGEST_PAUSE,
            StopCause::RobotsUnreachable => ROBOTS_RETRY,
            _ => politeness.block_pause.max(STATE_LOST),
        }
    }

    /// As the reason of a run's end.
    pub fn reason(&self) -> StopReason {
        let (until, why) = (self.until, self.why.clone());
        match self.cause {
            StopCause::Refused => StopReason::Blocked { until, why },
            StopCause::RobotsForbid => StopReason::RobotsForbid { path: why },
            StopCause::RobotsUnreachable => StopReason::RobotsUnreachable { why },
            StopCause::Tls => StopReason::Tls { until, why },
            StopCause::Drift => StopReason::Drift { until, why },
            StopCause::LongPause => StopReason::LongPause { until },
            StopCause::Breakers => StopReason::BreakerOpen { until },
            StopCause::Errors | StopCause::NoProgress => StopReason::DayOver { until, why },
            StopCause::StateLost | StopCause::Other => StopReason::StateLost { until, why },
        }
    }
}
