//! One exchange with a case portal: gate, robots, transport.

use std::sync::Arc;

use jiff::Timestamp;
use nirnay_model::{CaptureId, CaptureKind, CasePortal};
use url::Url;

use crate::capture::{Place, capture};
use crate::gate::Settled;
use crate::mask::sent_cookies;
use crate::origin::Origin;
use crate::{
    CaptureSink, Clock, ConfigError, ErrorClass, EventSink, FetchError, FetchEvent, HostGate,
    HttpReply, HttpRequest, Method, Secret, StopReason, Transport, TransportProblem,
};
use bytes::Bytes;

const MOST_HOPS: u32 = 5;
const MOST_ROBOTS_TRIES: u32 = 4;

/// A host, with what sends to it and what says when.
#[derive(Clone)]
pub struct CaseHost {
    /// Its address: scheme, host and port only.
    pub base: Url,
    /// Sends to it.
    pub transport: Arc<dyn Transport>,
    /// Its gate; shared by everything that talks to that host.
    pub gate: Arc<HostGate>,
}

impl CaseHost {
    /// Whether its gate is that of its address.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let origin = Origin::of(&self.base)?;
        if origin == *self.gate.origin() {
            return Ok(());
        }
        Err(ConfigError::Mismatch {
            what: "the gate",
            expected: self.base.to_string(),
            got: self.gate.host().to_owned(),
        })
    }

    fn holds(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }
}

/// The way to the hosts of a portal, and to no others.
pub(super) struct CaseLine {
    pub(super) host: CaseHost,
    /// Another host, for documents.
    pub(super) documents: Option<CaseHost>,
    /// Whether that other host was asked last: what is said of the exchange is said of its host.
    pub(super) elsewhere: bool,
    pub(super) events: EventSink,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) portal: CasePortal,
    pub(super) sink: Option<Arc<dyn CaptureSink>>,
}

/// What came of an exchange.
pub(super) enum Exchange {
    Served(HttpReply, Option<CaptureId>),
    /// The host asked for a pause.
    Throttled(Timestamp),
    Failed(String),
}

impl CaseLine {
    /// The host that is asked.
    fn asked(&self) -> &CaseHost {
        let other = self.documents.as_ref().filter(|_| self.elsewhere);
        other.unwrap_or(&self.host)
    }

    /// The gate of the host that is asked.
    pub(super) fn gate(&self) -> &Arc<HostGate> {
        &self.asked().gate
    }

    /// Sends a request when the gate lets it pass, and keeps the exchange without the session's secrets.
    pub(super) async fn send(
        &mut self,
        request: HttpRequest,
        picture: Option<&str>,
        secrets: &[Secret],
    ) -> Result<Exchange, NotSent> {
        self.elsewhere = self
            .documents
            .as_ref()
            .is_some_and(|host| host.holds(&request.url));
        let robots = self.ensure_robots().await;
        robots.map_err(NotSent::Before)?;
        let known: Vec<Secret> = sent_cookies(&request.headers).collect();
        if let Err(reason) = self.gate().check_robots(&request.url, &known) {
            if let StopReason::RobotsForbid { path } = &reason {
                self.gate()
                    .robots_forbid(path)
                    .map_err(|error| NotSent::Before(error.into()))?;
            }
            return Err(NotSent::Before(reason.into()));
        }
        self.exchange(request, picture, secrets).await
    }

    async fn exchange(
        &self,
        request: HttpRequest,
        picture: Option<&str>,
        secrets: &[Secret],
    ) -> Result<Exchange, NotSent> {
        let kind = request.kind;
        let permit = self.gate().enter(kind, picture, &self.events).await;
        let permit = permit.map_err(NotSent::Before)?;
        (self.events)(FetchEvent::RequestSent { kind, epoch: 0 });
        let at = self.clock.now();
        // Kept after the reply, so only where it is kept.
        let kept = self.sink.as_ref().map(|_| request.clone());
        let result = self.asked().transport.send(request).await;
        let settled = permit
            .settle(result.as_ref())
            .map_err(|error| NotSent::After(error.into()))?;
        let reply = match result {
            Ok(reply) => reply,
            Err(error) if error.problem == TransportProblem::Tls => {
                let why = error.detail.clone();
                let until = self
                    .gate()
                    .bad_tls(&why)
                    .map_err(|error| NotSent::After(error.into()))?;
                return Err(NotSent::After(StopReason::Tls { until, why }.into()));
            }
            Err(error) => return Ok(Exchange::Failed(error.to_string())),
        };
        (self.events)(FetchEvent::ReplyReceived {
            kind,
            status: reply.status,
            bytes: reply.body.len() as u64,
            elapsed: reply.elapsed,
        });
        let capture_id = match kept {
            Some(request) => self.keep(at, &request, &reply, secrets)?,
            None => None,
        };
        match settled {
            Settled::LongPause { until } => {
                (self.events)(FetchEvent::Throttled { until });
                return Err(NotSent::After(StopReason::LongPause { until }.into()));
            }
            Settled::Paused { until } => return Ok(Exchange::Throttled(until)),
            Settled::Fine => {}
        }
        match reply.status {
            403 if kind != CaptureKind::Robots => Err(NotSent::After(self.blocked("HTTP 403"))),
            500.. => Ok(Exchange::Failed(format!("HTTP {}", reply.status))),
            _ => Ok(Exchange::Served(reply, capture_id)),
        }
    }

    /// Keeps an exchange.
    fn keep(
        &self,
        at: Timestamp,
        request: &HttpRequest,
        reply: &HttpReply,
        secrets: &[Secret],
    ) -> Result<Option<CaptureId>, NotSent> {
        let Some(sink) = &self.sink else {
            return Ok(None);
        };
        let place = Place {
            source: self.portal.into(),
            epoch: 0,
            at,
        };
        let kept = capture(place, request, reply, secrets);
        let id = kept.id.clone();
        sink.record(kept)
            .map_err(|error| NotSent::After(error.into()))?;
        Ok(Some(id))
    }

    /// Stops the host's use, for a person to look.
    pub(super) fn blocked(&self, why: &str) -> FetchError {
        match self.gate().refused(why) {
            Ok(until) => {
                (self.events)(FetchEvent::Throttled { until });
                let why = why.to_owned();
                let why = StopReason::Blocked { until, why }.to_string();
                FetchError::new("asking a case portal", ErrorClass::Blocked, why)
            }
            Err(error) => error.into(),
        }
    }

    async fn ensure_robots(&self) -> Result<(), FetchError> {
        if !self.gate().robots_due()? {
            return Ok(());
        }
        let base = &self.asked().base;
        let mut url = base.join("/robots.txt").unwrap_or_else(|_| base.clone());
        let (mut tries, mut hops) = (0, 0);
        loop {
            let exchange = self.exchange(self.robots(&url), None, &[]).await;
            let why = match exchange.map_err(NotSent::into_error)? {
                Exchange::Served(reply, _) => match reply.status {
                    200..=299 => {
                        let text = String::from_utf8_lossy(&reply.body);
                        return Ok(self.gate().keep_robots(Some(&text))?);
                    }
                    400..=499 => return Ok(self.gate().keep_robots(None)?),
                    status => {
                        hops += 1;
                        let to = reply.header("location").and_then(|to| url.join(to).ok());
                        let own = to.filter(|to| to.origin() == base.origin() && hops <= MOST_HOPS);
                        match own {
                            Some(to) => {
                                url = to;
                                continue;
                            }
                            None => {
                                return Err(self.no_robots(format!("HTTP {status} to elsewhere")));
                            }
                        }
                    }
                },
                Exchange::Throttled(until) => format!("a pause until {until}"),
                Exchange::Failed(why) => why,
            };
            tries += 1;
            if tries >= MOST_ROBOTS_TRIES {
                return Err(self.no_robots(why));
            }
            let delay = self.gate().back_off_time(tries - 1);
            self.gate().back_off(delay, &self.events).await?;
        }
    }

    fn no_robots(&self, why: String) -> FetchError {
        match self.gate().robots_unreachable(&why) {
            Ok(()) => StopReason::RobotsUnreachable { why }.into(),
            Err(error) => error.into(),
        }
    }

    fn robots(&self, url: &Url) -> HttpRequest {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        HttpRequest {
            kind: CaptureKind::Robots,
            subject: "robots".to_owned(),
            method: Method::Get,
            url: url.clone(),
            headers: vec![
                header("User-Agent", &self.gate().politeness().user_agent()),
                header("Accept", "text/plain, */*; q=0.5"),
                header("Accept-Encoding", "gzip"),
            ],
            body: Bytes::new(),
            max_body: 8 << 20,
        }
    }
}

/// An exchange that gave no reply to go on with.
pub(super) enum NotSent {
    /// Nothing was sent.
    Before(FetchError),
    /// Something was.
    After(FetchError),
}

impl NotSent {
    pub(super) fn into_error(self) -> FetchError {
        let (Self::Before(error) | Self::After(error)) = self;
        error
    }
}
