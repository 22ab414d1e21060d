//! Stops that outlive the process, and the one thing that keeps them away: progress.

use std::time::Duration;

use jiff::Timestamp;

use super::{HostGate, settle};
use crate::{HostStateError, StandingStop, StopCause};

/// Replies of unknown form in a row that stop.
const MOST_UNKNOWN: u32 = 2;

impl HostGate {
    /// A page or a document came and was understood: work is getting somewhere. Remembered with the
    /// next request.
    pub fn progress(&self) {
        self.memory().progressed = true;
    }

    /// A search was answered in a known form, whatever comes of the work: replies of unknown form are no
    /// longer in a row. Remembered with the next request.
    pub(crate) fn understood(&self) {
        self.memory().understood = true;
    }

    /// The caller cannot make sense of the portal's replies any more: the host is left alone until a
    /// person has looked, or for a day. On loopback only if `drift_pause` says so.
    pub fn report_drift(&self, why: &str) -> Result<(), HostStateError> {
        let pause = self.politeness.drift_pause.unwrap_or_default();
        if !pause.is_zero() {
            self.stop(StopCause::Drift, why, pause)?;
        }
        Ok(())
    }

    /// The host refuses the crawler: nothing more is sent by this process, nor by another before the
    /// pause is over or a person has looked.
    pub(crate) fn refused(&self, why: &str) -> Result<Timestamp, HostStateError> {
        self.stop(StopCause::Refused, why, self.politeness.block_pause)
    }

    /// The server's certificate or handshake is not accepted.
    pub(crate) fn bad_tls(&self, why: &str) -> Result<Timestamp, HostStateError> {
        self.stop(StopCause::Tls, why, self.politeness.block_pause)
    }

    /// A reply of unknown form; the end of the pause, if it was one too many.
    pub(crate) fn unknown_reply(&self, why: &str) -> Result<Option<Timestamp>, HostStateError> {
        let pause = self.politeness.drift_pause.unwrap_or_default();
        let until = self.change(|state, now| {
            let unknown = &mut state.health.unknown_in_a_row;
            *unknown = unknown.saturating_add(1);
            if *unknown < MOST_UNKNOWN || pause.is_zero() {
                return None;
            }
            *unknown = 0;
            let stop = StandingStop::new(StopCause::Drift, why, now, pause);
            Some(state.add_stop(stop.under(&self.politeness)))
        })?;
        Ok(until)
    }

    /// Records the portal's verdict on a captcha answer.
    pub(crate) fn captcha_judged(&self, accepted: bool) -> Result<(), HostStateError> {
        self.change(|state, now| settle::judge_captcha(state, &self.politeness, now, accepted))
    }

    /// Whether an answer to that picture was refused before, by this process or another.
    pub(crate) fn refused_before(&self, picture: &str) -> Result<bool, HostStateError> {
        self.change(|state, _| state.captchas.refused.iter().any(|known| known == picture))
    }

    pub(super) fn stop(
        &self,
        cause: StopCause,
        why: &str,
        pause: Duration,
    ) -> Result<Timestamp, HostStateError> {
        let stop = StandingStop::new(cause, why, self.deps.clock.now(), pause);
        self.memory().stopped = Some(stop.reason());
        self.change(|state, now| {
            state.add_stop(StandingStop::new(cause, why, now, pause).under(&self.politeness))
        })
    }
}
