//! Requests, replies and the trait that carries them.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use nirnay_model::CaptureKind;
use url::Url;

/// The two methods the portals know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
}

impl Method {
    /// The method on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// One request, ready to be sent. Its `Debug` form shows neither header values nor the body.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// What it is for.
    pub kind: CaptureKind,
    /// What it asks, without anything secret: part of the capture's identity.
    pub subject: String,
    /// The method.
    pub method: Method,
    /// The absolute address.
    pub url: Url,
    /// Headers in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body; empty for `GET`.
    pub body: Bytes,
    /// The most decoded bytes that the reply's body may have.
    pub max_body: u64,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HttpRequest")
            .field("kind", &self.kind)
            .field("subject", &self.subject)
            .field("method", &self.method)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// One reply, its body whole and decoded. Its `Debug` form shows neither header values nor the body.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// The HTTP status.
    pub status: u16,
    /// Headers in the order received.
    pub headers: Vec<(String, String)>,
    /// The body, decoded.
    pub body: Bytes,
    /// Bytes of the body on the wire, before decoding.
    pub wire_bytes: u64,
    /// From sending the request to the end of the body.
    pub elapsed: Duration,
}

impl HttpReply {
    /// The first header of that name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The length the server announced for the bytes in `body`: `None` where it gave none, or where
    /// the number counts encoded bytes.
    pub fn content_length(&self) -> Option<u64> {
        let encoded = self
            .header("content-encoding")
            .is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity"));
        if encoded {
            return None;
        }
        self.header("content-length")?.trim().parse().ok()
    }
}

impl fmt::Debug for HttpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HttpReply")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How an exchange failed below HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportProblem {
    /// The address is not on the configured origin.
    ForeignOrigin,
    /// The host name has no usable (public) address.
    Resolve,
    /// No connection.
    Connect,
    /// The server's certificate or handshake was not accepted.
    Tls,
    /// Nothing, or too little, came in time.
    Timeout,
    /// The connection broke, or what came is not HTTP.
    Broken,
    /// The body is shorter or longer than announced.
    Length,
    /// The body is larger than its cap, or swells too much when decoded.
    TooLarge,
    /// The body's encoding is unknown or damaged.
    Encoding,
    /// The header block is too large.
    Headers,
}

/// An exchange that gave no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem:?}: {detail}")]
pub struct TransportError {
    /// What kind of failure.
    pub problem: TransportProblem,
    /// For people; never holds header values or bodies.
    pub detail: String,
    /// Bytes of the body that had come: they count against the host's budget.
    pub wire_bytes: u64,
}

impl TransportError {
    /// An error of that kind.
    pub fn new(problem: TransportProblem, detail: impl Into<String>) -> Self {
        Self {
            problem,
            detail: detail.into(),
            wire_bytes: 0,
        }
    }

    /// The same error after that many bytes of the body.
    #[must_use]
    pub fn after(self, wire_bytes: u64) -> Self {
        Self { wire_bytes, ..self }
    }
}

/// Carries one request and brings back one reply: no redirect followed, no retry, the body whole and
/// within `max_body`.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` and reads the whole reply.
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError>;
}
