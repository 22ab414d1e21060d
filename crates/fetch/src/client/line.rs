//! One exchange: gate, transport, capture, events.

use jiff::Timestamp;
use nirnay_model::{CaptureId, CaptureKind, SourceId};

use super::Deps;
use super::attempts::{Attempts, Tried};
use crate::capture::{Place, capture};
use crate::gate::{Permit, Settled};
use crate::instant::until;
use crate::session::Routes;
use crate::{
    ConfigError, ErrorClass, FetchError, FetchEvent, HttpReply, HttpRequest, PortalConfig, Secret,
    StopReason, TransportError, TransportProblem,
};

/// A client's connection to its host.
pub(super) struct Line {
    pub(super) deps: Deps,
    pub(super) source: SourceId,
    pub(super) routes: Routes,
}

/// What came of an exchange that may have to be tried again.
pub(super) enum Exchange {
    /// A reply to be read.
    Served {
        reply: HttpReply,
        capture_id: CaptureId,
    },
    /// The host asked for a pause.
    Throttled { until: Timestamp },
    /// No reply, or a failing server.
    Failed {
        why: String,
        problem: Option<TransportProblem>,
    },
    /// A body beyond its cap: trying again brings the same.
    TooLarge { why: String },
}

impl Line {
    pub(super) fn new(portal: &PortalConfig, deps: Deps) -> Result<Self, ConfigError> {
        let origin = crate::origin::Origin::of(&portal.base_url)?;
        if origin != *deps.gate.origin() {
            return Err(ConfigError::Mismatch {
                what: "the gate",
                expected: portal.base_url.to_string(),
                got: deps.gate.host().to_owned(),
            });
        }
        let routes = Routes::new(portal, deps.gate.politeness().user_agent());
        Ok(Self {
            deps,
            source: portal.source,
            routes,
        })
    }

    /// Waits until `request` may be sent. An error here means that it was not.
    pub(super) async fn admit(&self, request: &HttpRequest) -> Result<Permit, FetchError> {
        self.ensure_robots().await?;
        self.deps.gate.check_robots(&request.url)?;
        self.deps.gate.enter(request.kind, &self.deps.events).await
    }

    /// Sends `request`, settles its permit and keeps the exchange.
    pub(super) async fn send(
        &self,
        permit: Permit,
        request: HttpRequest,
        epoch: u64,
        secrets: &[Secret],
    ) -> Result<Exchange, FetchError> {
        let (deps, kind) = (&self.deps, request.kind);
        let place = Place {
            source: self.source,
            epoch,
            at: deps.clock.now(),
        };
        (deps.events)(FetchEvent::RequestSent { kind, epoch });
        tracing::debug!(source = %self.source, kind = kind.name(), epoch, "request");
        let result = deps.transport.send(request.clone()).await;
        let settled = permit.settle(result.as_ref())?;
        let reply = match result {
            Ok(reply) => reply,
            Err(error) => return failed(kind, &error),
        };
        (deps.events)(FetchEvent::ReplyReceived {
            kind,
            status: reply.status,
            bytes: reply.body.len() as u64,
            elapsed: reply.elapsed,
        });
        tracing::debug!(source = %self.source, kind = kind.name(), status = reply.status, bytes = reply.body.len(), "reply");
        let kept = capture(place, &request, &reply, secrets);
        let capture_id = kept.id.clone();
        deps.sink.record(kept)?;
        self.judge(kind, reply, capture_id, settled)
    }

    fn judge(
        &self,
        kind: CaptureKind,
        reply: HttpReply,
        capture_id: CaptureId,
        settled: Settled,
    ) -> Result<Exchange, FetchError> {
        match settled {
            Settled::LongPause { until } => {
                (self.deps.events)(FetchEvent::Throttled { until });
                return Err(FetchError::stopped(
                    doing(kind),
                    StopReason::LongPause { until },
                ));
            }
            Settled::Paused { until } => return Ok(Exchange::Throttled { until }),
            Settled::Fine => {}
        }
        match reply.status {
            // Of robots.txt, 403 says that there is none.
            403 if kind != CaptureKind::Robots => Err(self.blocked(kind, "HTTP 403")),
            500.. => Ok(Exchange::Failed {
                why: format!("HTTP {}", reply.status),
                problem: None,
            }),
            _ => Ok(Exchange::Served { reply, capture_id }),
        }
    }

    /// The host refuses the crawler: closes the gate.
    pub(super) fn blocked(&self, kind: CaptureKind, why: &str) -> FetchError {
        match self.deps.gate.block() {
            Ok(until) => {
                (self.deps.events)(FetchEvent::Throttled { until });
                let why =
                    format!("{why}: the host refuses this crawler; nothing is sent before {until}");
                FetchError::new(doing(kind), ErrorClass::Blocked, why)
            }
            Err(error) => error.into(),
        }
    }

    /// The host is paused; obeyed a few times within a call.
    pub(super) fn throttled(
        &self,
        attempts: &mut Attempts,
        until_then: Timestamp,
    ) -> Result<(), FetchError> {
        (self.deps.events)(FetchEvent::Throttled { until: until_then });
        if attempts.throttle().allowed {
            return Ok(());
        }
        let class = ErrorClass::Throttled {
            retry_after: until(self.deps.clock.now(), until_then),
        };
        Err(FetchError::new(
            "fetching",
            class,
            format!("the host asks for a pause until {until_then}"),
        ))
    }

    /// Tries again after a wait, or gives up with `class`.
    pub(super) async fn retry(
        &self,
        tried: Tried,
        class: ErrorClass,
        why: &str,
    ) -> Result<(), FetchError> {
        let Tried { attempt, allowed } = tried;
        if !allowed {
            return Err(FetchError::new(
                "fetching",
                class,
                format!("{why} (after {attempt} tries)"),
            ));
        }
        let delay = self.deps.gate.back_off_time(attempt.saturating_sub(1));
        (self.deps.events)(FetchEvent::Retry {
            attempt,
            why: why.to_owned(),
            delay,
        });
        self.deps.gate.back_off(delay, &self.deps.events).await
    }
}

fn failed(kind: CaptureKind, error: &TransportError) -> Result<Exchange, FetchError> {
    match error.problem {
        TransportProblem::ForeignOrigin => Err(FetchError::new(
            doing(kind),
            ErrorClass::Bug,
            error.to_string(),
        )),
        TransportProblem::Tls => {
            let why = error.detail.clone();
            Err(FetchError::stopped(doing(kind), StopReason::Tls { why }))
        }
        TransportProblem::TooLarge => Ok(Exchange::TooLarge {
            why: error.to_string(),
        }),
        problem => Ok(Exchange::Failed {
            why: error.to_string(),
            problem: Some(problem),
        }),
    }
}

fn doing(kind: CaptureKind) -> String {
    format!("fetching {}", kind.name())
}
