//! What the gate knows of the host's `robots.txt`.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::HostGate;
use crate::instant::until;
use crate::mask::mask_text;
use crate::robots::{RobotLimits, RobotsTxt};
use crate::standing::ROBOTS_RETRY;
use crate::{HostStateError, RobotsRecord, Secret, StopCause, StopReason};

/// How long a `robots.txt` is good for at most.
const DAY: Duration = Duration::from_hours(24);

/// The rules in force in this process.
pub(super) struct Rules {
    /// On the monotonic clock.
    good_until: Duration,
    /// `None` = the host has no file.
    file: Option<RobotsTxt>,
}

/// What a stored file says; `None` if there is none.
pub(super) fn read(record: &RobotsRecord, product: &str) -> Option<RobotsTxt> {
    let text = record.rules.as_deref()?;
    Some(RobotsTxt::read(text, product))
}

/// The limits in a stored file, however old it is: better an old request for patience than none.
pub(super) fn limits(record: Option<&RobotsRecord>, product: &str) -> RobotLimits {
    record
        .and_then(|record| read(record, product))
        .map(|file| file.limits().clone())
        .unwrap_or_default()
}

/// How long a file fetched then is still good for; `None` if it no longer is.
fn left(fetched: Timestamp, now: Timestamp, good_for: Duration) -> Option<Duration> {
    let age = (fetched <= now).then(|| until(fetched, now))?;
    good_for.checked_sub(age).filter(|left| !left.is_zero())
}

impl HostGate {
    /// A request is admitted by what the file says and may then have to wait: even so it is sent within a
    /// day of the file.
    fn good_for(&self) -> Duration {
        DAY.saturating_sub(self.politeness.max_wait).max(DAY / 2)
    }

    /// Whether `robots.txt` has to be fetched before anything else: none is known, or it is a day old.
    pub(crate) fn robots_due(&self) -> Result<bool, HostStateError> {
        let now = self.deps.clock.monotonic();
        if self
            .memory()
            .rules
            .as_ref()
            .is_some_and(|rules| now < rules.good_until)
        {
            return Ok(false);
        }
        let known = self.change(|state, now| {
            let record = state.robots.clone()?;
            let left = left(record.fetched, now, self.good_for());
            Some((record, left))
        })?;
        let mut memory = self.memory();
        memory.rules = None;
        let Some((record, left)) = known else {
            return Ok(true);
        };
        let file = read(&record, &self.politeness.product);
        memory.limits = file
            .as_ref()
            .map(|file| file.limits().clone())
            .unwrap_or_default();
        memory.rules = left.map(|left| Rules {
            good_until: now.saturating_add(left),
            file,
        });
        Ok(memory.rules.is_none())
    }

    /// Keeps a fetched `robots.txt`; `None` = the host has none. Only what concerns this crawler is
    /// stored: the state is written before every request. If even that is too long, the next process
    /// fetches the file again.
    pub(crate) fn keep_robots(&self, text: Option<&str>) -> Result<(), HostStateError> {
        let file = text.map(|text| RobotsTxt::read(text, &self.politeness.product));
        let stored = match &file {
            Some(file) => file.condensed().map(Some),
            None => Some(None),
        };
        {
            let mut memory = self.memory();
            memory.limits = file
                .as_ref()
                .map(|file| file.limits().clone())
                .unwrap_or_default();
            memory.rules = Some(Rules {
                good_until: self.deps.clock.monotonic().saturating_add(self.good_for()),
                file,
            });
        }
        self.change(|state, fetched| {
            state
                .stops
                .retain(|stop| stop.cause != StopCause::RobotsForbid);
            state.robots = stored.map(|rules| RobotsRecord { fetched, rules });
        })
    }

    /// Refuses an address that `robots.txt` forbids, shown without the `known` secrets; the host is then
    /// left alone until the file is read again.
    pub(crate) fn check_robots(&self, url: &Url, known: &[Secret]) -> Result<(), StopReason> {
        let allowed = self
            .memory()
            .rules
            .as_ref()
            .is_some_and(|rules| rules.file.as_ref().is_none_or(|file| file.allows(url)));
        if allowed || is_rude() {
            return Ok(());
        }
        let query = url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        // The path of a document is a temporary name; that of a redirect can hold a session's.
        let path = mask_text(&format!("{}{query}", url.path()), known);
        Err(StopReason::RobotsForbid { path })
    }

    /// Leaves the host alone for as long as its `robots.txt` is good for.
    pub(crate) fn robots_forbid(&self, path: &str) -> Result<(), HostStateError> {
        self.change(|state, now| {
            let fetched = state.robots.as_ref().map(|record| record.fetched);
            let pause = fetched
                .and_then(|fetched| left(fetched, now, self.good_for()))
                .unwrap_or(DAY);
            let stop = crate::StandingStop::new(StopCause::RobotsForbid, path, now, pause);
            state.add_stop(stop);
        })
    }

    /// Leaves the host alone because its `robots.txt` could not be read.
    pub(crate) fn robots_unreachable(&self, why: &str) -> Result<(), HostStateError> {
        self.stop(StopCause::RobotsUnreachable, why, ROBOTS_RETRY)?;
        Ok(())
    }
}

/// True when the bug "addresses that `robots.txt` forbids are asked for" is switched on (test builds only).
fn is_rude() -> bool {
    fail::fail_point!("plant-robots-ignored", |_| true);
    false
}
