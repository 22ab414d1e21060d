//! Captures: replies kept as served.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CasePortal, ParseError, Sha256, SourceId};

/// The identity of a capture: 32 hex digits of a SHA-256 over what was asked and what was answered,
/// with the parts that differ on every call (session, tokens, draw counters) left out. The same
/// page served twice therefore has the same id, on every machine.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CaptureId(String);

impl CaptureId {
    /// The id of an exchange, from its stable parts.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hex = Sha256::of_parts(parts).to_hex();
        hex.truncate(32);
        Self(hex)
    }

    /// The 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaptureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CaptureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaptureId({})", self.0)
    }
}

impl FromStr for CaptureId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let good = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError::new(
                "capture id",
                text,
                "needs 32 lower-case hex digits",
            ))
        }
    }
}

impl From<CaptureId> for String {
    fn from(id: CaptureId) -> Self {
        id.0
    }
}

impl TryFrom<String> for CaptureId {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

/// What a captured exchange was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaptureKind {
    /// The start page of a session.
    Start,
    /// A captcha picture.
    Captcha,
    /// The portal's verdict on a captcha answer.
    CaptchaCheck,
    /// A page of search results.
    Search,
    /// The reply that names the temporary address of a document.
    DocumentLink,
    /// A document (PDF).
    Document,
    /// The feed of latest judgments.
    Feed,
    /// `robots.txt`.
    Robots,
}

impl CaptureKind {
    /// The name in the WARC header `Nirnay-Kind` and in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Captcha => "captcha",
            Self::CaptchaCheck => "captcha-check",
            Self::Search => "search",
            Self::DocumentLink => "document-link",
            Self::Document => "document",
            Self::Feed => "feed",
            Self::Robots => "robots",
        }
    }
}

/// Where a captured exchange belongs: a source of judgments, or a portal of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaptureSource {
    /// A source of judgments.
    Judgments(SourceId),
    /// A portal of cases.
    Cases(CasePortal),
}

impl CaptureSource {
    /// The name in the WARC header `Nirnay-Source`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Judgments(source) => source.name(),
            Self::Cases(portal) => portal.name(),
        }
    }
}

impl From<SourceId> for CaptureSource {
    fn from(source: SourceId) -> Self {
        Self::Judgments(source)
    }
}

impl From<CasePortal> for CaptureSource {
    fn from(portal: CasePortal) -> Self {
        Self::Cases(portal)
    }
}

/// The body of a captured reply.
#[derive(Clone, PartialEq, Eq)]
pub enum CapturedBody {
    /// The bytes as served, secrets masked in place.
    Inline(Vec<u8>),
    /// A document: its bytes lie under `documents/`, named by their hash.
    Document {
        /// The hash of the bytes.
        sha256: Sha256,
        /// Their number.
        size: u64,
    },
}

impl fmt::Debug for CapturedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => write!(f, "Inline({} bytes)", bytes.len()),
            Self::Document { sha256, size } => write!(f, "Document({sha256}, {size} bytes)"),
        }
    }
}

/// One request and its reply, with every secret (cookies, tokens, captcha answers) already masked:
/// what goes into `captures/*.warc.gz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Its identity.
    pub id: CaptureId,
    /// What it was for.
    pub kind: CaptureKind,
    /// The source it belongs to.
    pub source: CaptureSource,
    /// When the request was sent.
    pub at: Timestamp,
    /// The session it belongs to, counted from 1 within the run; 0 outside a session.
    pub epoch: u64,
    /// `GET` or `POST`.
    pub method: String,
    /// The absolute address.
    pub url: String,
    /// Request headers in the order sent, secrets masked.
    pub request_headers: Vec<(String, String)>,
    /// Request body, secrets masked.
    pub request_body: Vec<u8>,
    /// The HTTP status.
    pub status: u16,
    /// Reply headers in the order received, secrets masked.
    pub response_headers: Vec<(String, String)>,
    /// The reply's body.
    pub body: CapturedBody,
}
