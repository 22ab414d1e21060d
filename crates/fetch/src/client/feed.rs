//! The client of the Supreme Court's feed on `www.sci.gov.in`.

use nirnay_model::{CaptureId, CaptureKind, DocumentHandle, MissingReason, Portal};
use nirnay_parse::sci::feed;
use nirnay_parse::{Refusal, Reply};

use super::attempts::Attempts;
use super::line::{Exchange, Line};
use super::{Deps, FetchedDocument, FetchedFeed};
use crate::capture::looks_like_pdf;
use crate::instant::indian_day;
use crate::mask::{mask_text, new_cookies};
use crate::session::{instead, legal_notice};
use crate::{
    ConfigError, CookieJar, ErrorClass, FetchError, HttpReply, HttpRequest, PortalConfig, Secret,
    TransportProblem, Trouble,
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
                    self.line.deps.gate.progress();
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
                Some(_) if legal_notice(&reply.body) => {
                    let why = Trouble::LegalNotice.to_string();
                    return Err(self.line.blocked(CaptureKind::Feed, &why));
                }
                Some(other) => words(&other, &reply),
            };
            self.line.unknown(&mut attempts, &why).await?;
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
        let (reply, capture_id) = loop {
            let (reply, capture_id) = self.fetch(request.clone(), &mut attempts).await?;
            if self.speaks(&reply, &mut attempts).await? {
                continue;
            }
            break (reply, capture_id);
        };
        if reply.status != 200 {
            return Err(refused(format!(
                "{} answers HTTP {}",
                handle.path, reply.status
            )));
        }
        if looks_like_pdf(&reply.body) {
            self.line.deps.gate.progress();
        }
        let content_length = reply.content_length();
        Ok(FetchedDocument {
            bytes: reply.body,
            epoch: 0,
            content_length,
            capture_id,
        })
    }

    /// Whether the reply to a document's request is about the portal, so that it is to be asked for again;
    /// any other page says something of the document.
    async fn speaks(&self, reply: &HttpReply, attempts: &mut Attempts) -> Result<bool, FetchError> {
        match instead(&reply.body) {
            Some(Refusal::BlockPage) => Err(self.line.blocked(CaptureKind::Document, BLOCK_PAGE)),
            Some(Refusal::Maintenance) => {
                let until = self.line.deps.gate.pause()?;
                self.line.throttled(attempts, until)?;
                Ok(true)
            }
            _ if !looks_like_pdf(&reply.body) && legal_notice(&reply.body) => {
                let why = Trouble::LegalNotice.to_string();
                Err(self.line.blocked(CaptureKind::Document, &why))
            }
            Some(refusal @ Refusal::PortalError { .. }) => {
                let (tried, why) = (attempts.failure(), words(&refusal, reply));
                self.line.retry(tried, ErrorClass::Transient, &why).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn fetch(
        &self,
        request: HttpRequest,
        attempts: &mut Attempts,
    ) -> Result<(HttpReply, CaptureId), FetchError> {
        let kind = request.kind;
        loop {
            let permit = self.line.admit(&request, None).await?;
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

/// A refusal in words; those of the portal go into logs and alarms, without what its cookies hold.
fn words(refusal: &Refusal, reply: &HttpReply) -> String {
    let known: Vec<Secret> = new_cookies(&reply.headers).collect();
    mask_text(&refusal.to_string(), &known)
}

impl std::fmt::Debug for FeedClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FeedClient")
    }
}
