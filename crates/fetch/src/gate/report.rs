//! A host's figures, for people.

use std::time::Duration;

use jiff::Timestamp;
use nirnay_model::CaptureKind;

use super::verdict::{self, Verdict};
use super::{HostGate, robots};
use crate::boot::follow_clock;
use crate::instant::later;
use crate::{Clock, Counts, HostState, HostStateError, Politeness, StandingStop, StopReason};

/// A host's figures.
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
    /// When the next session may be opened; `None` = now.
    pub next_request: Option<Timestamp>,
    /// Why nothing may be sent at all for now, and how that ends.
    pub stopped: Option<StopReason>,
    /// The state as stored.
    pub state: HostState,
}

impl HostReport {
    /// The figures of a stored `state` of `host` (`host:port`), as a gate with this `politeness` would see it
    /// now. Nothing is stored.
    pub fn of(
        host: &str,
        mut state: HostState,
        politeness: &Politeness,
        clock: &dyn Clock,
    ) -> Self {
        let now = clock.now();
        follow_clock(&mut state, now, clock.since_boot().as_ref());
        verdict::heal(&mut state, politeness, now);
        let limits = robots::limits(state.robots.as_ref(), &politeness.product);
        let kind = CaptureKind::Start;
        let (next_request, stopped) = match verdict::verdict(&state, politeness, &limits, kind, now)
        {
            Verdict::Go => (None, None),
            Verdict::Wait { by, .. } => (Some(later(now, by)), None),
            Verdict::Stop(reason) => (None, Some(reason)),
        };
        Self {
            host: host.to_owned(),
            last_hour: state.tally.last_hour(now),
            last_day: state.tally.last_day(now),
            interval: verdict::interval(&state, politeness, &limits),
            next_request,
            stopped,
            state,
        }
    }

    /// The stops that hold at `now`, until their time or a person's look.
    pub fn standing(&self, politeness: &Politeness, now: Timestamp) -> Vec<&StandingStop> {
        let stops = self.state.stops.iter();
        stops.filter(|stop| stop.holds(politeness, now)).collect()
    }
}

impl HostGate {
    /// The host's figures as they stand.
    pub fn report(&self) -> Result<HostReport, HostStateError> {
        let state = self.change(|state, _| state.clone())?;
        let clock = self.deps.clock.as_ref();
        Ok(HostReport::of(&self.host, state, &self.politeness, clock))
    }
}
