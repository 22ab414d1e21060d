//! One exchange: gate, transport, capture, events.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use nirnay_model::{CaptureId, CaptureKind, SourceId};

use super::Deps;
use super::attempts::{Attempts, Tried};
use crate::capture::{Place, capture};
use crate::gate::{Permit, Settled};
use crate::instant::until;
use crate::mask::{new_cookies, sent_cookies};
use crate::session::Routes;
use crate::{
    ConfigError, CookieJar, ErrorClass, FetchError, FetchEvent, HttpReply, HttpRequest, Method,
    PortalConfig, Secret, StopReason, TransportError, TransportProblem,
};

/// Larger replies are kept one at a time, whatever their hosts.
const MOST_AT_ONCE: usize = 8 << 20;

/// The right to copy a reply, as keeping it does; a small one needs none.
fn alone(reply: &HttpReply) -> Option<MutexGuard<'static, ()>> {
    static LARGE: Mutex<()> = Mutex::new(());
    let large = reply.body.len() > MOST_AT_ONCE;
    large.then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner))
}

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

    /// Waits until `request` may be sent; `picture` is what a captcha answer is for. An error here means
    /// that nothing was sent.
    pub(super) async fn admit(
        &self,
        request: &HttpRequest,
        picture: Option<&str>,
    ) -> Result<Permit, FetchError> {
        let gate = &self.deps.gate;
        self.ensure_robots().await?;
        let known: Vec<Secret> = sent_cookies(&request.headers).collect();
        if let Err(reason) = gate.check_robots(&request.url, &known) {
            if let StopReason::RobotsForbid { path } = &reason {
                gate.robots_forbid(path)?;
            }
            return Err(reason.into());
        }
        gate.enter(request.kind, picture, &self.deps.events).await
    }

    /// Sends `request` and follows one redirect of a `GET` within the portal's own origin; any other is
    /// given back as served.
    pub(super) async fn send(
        &self,
        permit: Permit,
        request: HttpRequest,
        epoch: u64,
        secrets: &[Secret],
    ) -> Result<Exchange, FetchError> {
        let followed = request.method == Method::Get && request.kind != CaptureKind::Robots;
        let again = followed.then(|| request.clone());
        let exchange = self.send_once(permit, request, epoch, secrets).await?;
        let (Some(request), Exchange::Served { reply, .. }) = (again, &exchange) else {
            return Ok(exchange);
        };
        let Some(moved) = self.moved(&request, reply) else {
            return Ok(exchange);
        };
        let cookies = set_cookies(reply);
        let mut known = secrets.to_vec();
        known.extend(sent_cookies(&request.headers));
        known.extend(new_cookies(&cookies));
        tracing::debug!(source = %self.source, status = reply.status, "redirect followed");
        let permit = self.admit(&moved, None).await?;
        let exchange = self.send_once(permit, moved, epoch, &known).await?;
        Ok(match exchange {
            Exchange::Served {
                mut reply,
                capture_id,
            } => {
                // What the redirect set comes first, so that the page behind it has the last word.
                reply.headers.splice(0..0, cookies);
                Exchange::Served { reply, capture_id }
            }
            other => other,
        })
    }

    /// The request that a redirect asks for, with the cookies it brings. To the same address it leads only
    /// for their sake.
    pub(super) fn moved(&self, request: &HttpRequest, reply: &HttpReply) -> Option<HttpRequest> {
        if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let mut moved = self.routes.moved(request, reply.header("location")?)?;
        let sets = !set_cookies(reply).is_empty();
        if moved.url == request.url && !sets {
            return None;
        }
        if sets {
            let host = request.url.host_str().unwrap_or("");
            let mut jar = CookieJar::sent(&request.headers);
            jar.absorb(host, &reply.headers);
            moved
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("cookie"));
            let cookies = jar.header().map(|cookies| cookies.expose().to_owned());
            moved
                .headers
                .extend(cookies.map(|cookies| ("Cookie".to_owned(), cookies)));
        }
        Some(moved)
    }

    /// Sends `request`, settles its permit and keeps the exchange.
    pub(super) async fn send_once(
        &self,
        permit: Permit,
        request: HttpRequest,
        epoch: u64,
        secrets: &[Secret],
    ) -> Result<Exchange, FetchError> {
        let (deps, kind) = (&self.deps, request.kind);
        let place = Place {
            source: self.source.into(),
            epoch,
            at: deps.clock.now(),
        };
        (deps.events)(FetchEvent::RequestSent { kind, epoch });
        tracing::debug!(source = %self.source, kind = kind.name(), epoch, "request");
        let result = deps.transport.send(request.clone()).await;
        let settled = permit.settle(result.as_ref())?;
        let reply = match result {
            Ok(reply) => reply,
            Err(error) => return self.failed(kind, &error),
        };
        (deps.events)(FetchEvent::ReplyReceived {
            kind,
            status: reply.status,
            bytes: reply.body.len() as u64,
            elapsed: reply.elapsed,
        });
        tracing::debug!(source = %self.source, kind = kind.name(), status = reply.status, bytes = reply.body.len(), "reply");
        // Without a pause between the count of a reply and its verdict: a crash there would lose the verdict.
        let capture_id = self.keep(place, &request, &reply, secrets)?;
        self.judge(kind, reply, capture_id, settled)
    }

    /// Keeps the exchange.
    fn keep(
        &self,
        place: Place,
        request: &HttpRequest,
        reply: &HttpReply,
        secrets: &[Secret],
    ) -> Result<CaptureId, FetchError> {
        let _alone = alone(reply);
        let kept = capture(place, request, reply, secrets);
        let capture_id = kept.id.clone();
        self.deps.sink.record(kept)?;
        Ok(capture_id)
    }

    fn failed(&self, kind: CaptureKind, error: &TransportError) -> Result<Exchange, FetchError> {
        let why = error.to_string();
        match error.problem {
            TransportProblem::ForeignOrigin => {
                Err(FetchError::new(doing(kind), ErrorClass::Bug, why))
            }
            TransportProblem::Tls => {
                let why = error.detail.clone();
                let until = self.deps.gate.bad_tls(&why)?;
                Err(FetchError::stopped(
                    doing(kind),
                    StopReason::Tls { until, why },
                ))
            }
            TransportProblem::TooLarge => Ok(Exchange::TooLarge { why }),
            problem => Ok(Exchange::Failed {
                why,
                problem: Some(problem),
            }),
        }
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
        match self.deps.gate.refused(why) {
            Ok(until) => {
                (self.deps.events)(FetchEvent::Throttled { until });
                let why = why.to_owned();
                let why = StopReason::Blocked { until, why }.to_string();
                FetchError::new(doing(kind), ErrorClass::Blocked, why)
            }
            Err(error) => error.into(),
        }
    }

    /// A reply of unknown form: tried once more, unless it is the second in a row on this host.
    pub(super) async fn unknown(
        &self,
        attempts: &mut Attempts,
        why: &str,
    ) -> Result<(), FetchError> {
        if let Some(until) = self.deps.gate.unknown_reply(why)? {
            (self.deps.events)(FetchEvent::Throttled { until });
            let why = why.to_owned();
            let why = StopReason::Drift { until, why }.to_string();
            return Err(FetchError::new("fetching", ErrorClass::Drift, why));
        }
        self.retry(attempts.unknown(), ErrorClass::Drift, why).await
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

fn set_cookies(reply: &HttpReply) -> Vec<(String, String)> {
    let is_one = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("set-cookie");
    reply.headers.iter().filter(is_one).cloned().collect()
}

fn doing(kind: CaptureKind) -> String {
    format!("fetching {}", kind.name())
}
