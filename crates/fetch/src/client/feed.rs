//! The client of the Supreme Court's feed on `www.sci.gov.in`.

use nirnay_model::{CaptureId, CaptureKind, DocumentHandle, MissingReason, Portal};
use nirnay_parse::sci::feed;
use nirnay_parse::{Refusal, Reply};

use super::attempts::Attempts;
use super::line::{Exchange, Line};
use super::{Deps, FetchedDocument, FetchedFeed};
use crate::instant::indian_day;
use crate::session::instead;
use crate::{
    ConfigError, CookieJar, ErrorClass, FetchError, HttpReply, HttpRequest, PortalConfig,
    TransportProblem,
};

/// Where the feed's documents lie.
const DOCUMENTS: &str = "/sci-get-pdf/?";
const BLOCK_PAGE: &str = "a firewall's page stands in front of the portal";

/// Brings the feed and its documents. The portal needs no session and no captcha.
pub struct FeedClient {
    line: Line,
}

impl FeedClient {
    /// A client of `portal`, through the gate in `deps`. No request is sent yet.
    pub fn new(portal: &PortalConfig, deps: Deps) -> Result<Self, ConfigError> {
        if portal.source.portal() != Portal::SciFeed {
            return Err(ConfigError::Mismatch {
                what: "the source",
                expected: Portal::SciFeed.name().to_owned(),
                got: portal.source.to_string(),
            });
        }
        Ok(Self {
            line: Line::new(portal, deps)?,
        })
    }

    /// The feed as it is now. A page without rows is an error, never an empty feed.
    pub async fn feed(&mut self) -> Result<FetchedFeed, FetchError> {
        let mut attempts = Attempts::default();
        loop {
            let request = self.line.routes.start(CaptureKind::Feed);
            let (reply, capture_id) = self.fetch(request, &mut attempts).await?;
            let why = match self.refusal(&reply) {
                None => {
                    return Ok(FetchedFeed {
                        body: reply.body,
                        capture_id,
                    });
                }
                Some(Refusal::BlockPage) => {
                    return Err(self.line.blocked(CaptureKind::Feed, BLOCK_PAGE));
                }
                Some(Refusal::Maintenance) => {
                    let until = self.line.deps.gate.pause()?;
                    self.line.throttled(&mut attempts, until)?;
                    continue;
                }
                Some(Refusal::Empty) => {
                    let tried = attempts.failure();
                    self.line
                        .retry(tried, ErrorClass::Transient, "the feed is empty")
                        .await?;
                    continue;
                }
                Some(other) => other.to_string(),
            };
            self.line
                .retry(attempts.unknown(), ErrorClass::Drift, &why)
                .await?;
        }
    }

    /// The document of `handle`.
    pub async fn document(
        &mut self,
        handle: &DocumentHandle,
    ) -> Result<FetchedDocument, FetchError> {
        let refused = |why: String| {
            let class = ErrorClass::Permanent(MissingReason::LinkRefused);
            FetchError::new("fetching a document", class, why)
        };
        let subject = format!("document path={}", handle.path);
        let request = Some(&handle.path)
            .filter(|path| path.starts_with(DOCUMENTS))
            .and_then(|path| {
                self.line
                    .routes
                    .document(path, subject, &CookieJar::default())
            })
            .ok_or_else(|| {
                refused(format!(
                    "{:?} is no address of a feed document",
                    handle.path
                ))
            })?;
        let mut attempts = Attempts::default();
        let (reply, capture_id) = self.fetch(request, &mut attempts).await?;
        if instead(&reply.body) == Some(Refusal::BlockPage) {
            return Err(self.line.blocked(CaptureKind::Document, BLOCK_PAGE));
        }
        if reply.status != 200 {
            return Err(refused(format!(
                "{} answers HTTP {}",
                handle.path, reply.status
            )));
        }
        let content_length = reply.content_length();
        Ok(FetchedDocument {
            bytes: reply.body,
            epoch: 0,
            content_length,
            capture_id,
        })
    }

    async fn fetch(
        &self,
        request: HttpRequest,
        attempts: &mut Attempts,
    ) -> Result<(HttpReply, CaptureId), FetchError> {
        let kind = request.kind;
        loop {
            let permit = self.line.admit(&request).await?;
            match self.line.send(permit, request.clone(), 0, &[]).await? {
                Exchange::Served { reply, capture_id } => return Ok((reply, capture_id)),
                Exchange::Throttled { until } => self.line.throttled(attempts, until)?,
                Exchange::Failed { why, problem } => {
                    let cut =
                        kind == CaptureKind::Document && problem == Some(TransportProblem::Length);
                    let class = if cut {
                        ErrorClass::Permanent(MissingReason::Truncated)
                    } else {
                        ErrorClass::Transient
                    };
                    self.line.retry(attempts.failure(), class, &why).await?;
                }
                Exchange::TooLarge { why } => {
                    let class = match kind {
                        CaptureKind::Document => ErrorClass::Permanent(MissingReason::TooLarge),
                        _ => ErrorClass::Drift,
                    };
                    self.line.retry(attempts.unknown(), class, &why).await?;
                }
            }
        }
    }

    fn refusal(&self, reply: &HttpReply) -> Option<Refusal> {
        if reply.status != 200 {
            return Some(Refusal::Unknown {
                why: format!("HTTP {}", reply.status),
            });
        }
        match feed(&reply.body, indian_day(self.line.deps.clock.now())) {
            Reply::Good(_) => None,
            Reply::Refused(refusal) => Some(refusal),
        }
    }
}

impl std::fmt::Debug for FeedClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FeedClient")
    }
}
