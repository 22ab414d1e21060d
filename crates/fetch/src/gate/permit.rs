//! The right to send one request.

use jiff::Timestamp;
use nirnay_model::CaptureKind;
use tokio::sync::OwnedMutexGuard;

use std::sync::Arc;

use super::HostGate;
use super::settle::{Ending, Pause};
use crate::retry_after::retry_after;
use crate::{HostStateError, HttpReply, TransportError};

/// The right to send one request, and the host's one slot while it is in flight.
pub(crate) struct Permit {
    pub(super) gate: Arc<HostGate>,
    pub(super) kind: CaptureKind,
    pub(super) open: bool,
    pub(super) _slot: Box<dyn Send>,
    pub(super) _lane: OwnedMutexGuard<()>,
}

/// What the end of a request means for the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing to wait for.
    Fine,
    /// The host is paused.
    Paused { until: Timestamp },
    /// The host asked for a pause beyond the cap.
    LongPause { until: Timestamp },
}

impl Permit {
    /// Records how the request ended and gives the slot back.
    pub(crate) fn settle(
        mut self,
        reply: Result<&HttpReply, &TransportError>,
    ) -> Result<Settled, HostStateError> {
        self.open = false;
        let ending = match reply {
            Ok(reply) => self.ending(reply),
            Err(error) => Ending::Failed {
                problem: error.problem,
                wire_bytes: error.wire_bytes,
            },
        };
        Ok(match self.gate.record(ending)? {
            None => Settled::Fine,
            Some(Pause {
                until,
                beyond_cap: false,
            }) => Settled::Paused { until },
            Some(Pause {
                until,
                beyond_cap: true,
            }) => Settled::LongPause { until },
        })
    }

    fn ending(&self, reply: &HttpReply) -> Ending {
        let late = self
            .gate
            .memory()
            .latencies
            .is_late(self.kind, reply.elapsed);
        Ending::Reply {
            status: reply.status,
            wire_bytes: reply.wire_bytes,
            sluggish: late || reply.status == 200 && reply.body.is_empty(),
            retry_after: retry_after(reply, self.gate.deps.clock.now()),
            robots: self.kind == CaptureKind::Robots,
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        if let Err(error) = self.gate.record(Ending::Abandoned) {
            tracing::warn!(host = %self.gate.host, %error, "an abandoned request could not be recorded");
        }
    }
}
