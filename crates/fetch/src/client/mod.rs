//! Clients: sessions driven over the network, with the one retry loop.

mod attempts;
mod feed;
mod judgments;
mod line;
mod robots;

use std::sync::Arc;

use bytes::Bytes;
use nirnay_model::CaptureId;
use nirnay_parse::judgments::SearchPage;

use crate::{CaptchaSolver, CaptureSink, Clock, EventSink, HostGate, Transport};

pub use feed::FeedClient;
pub use judgments::JudgmentsClient;

/// What a client needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// Carries requests.
    pub transport: Arc<dyn Transport>,
    /// The host's gate, shared by every client of the host.
    pub gate: Arc<HostGate>,
    /// Reads captchas.
    pub solver: Arc<dyn CaptchaSolver>,
    /// Keeps every exchange.
    pub sink: Arc<dyn CaptureSink>,
    /// Is told what happens.
    pub events: EventSink,
    /// The clock; the same as the gate's.
    pub clock: Arc<dyn Clock>,
}

/// A page of results.
#[derive(Debug, Clone)]
pub struct FetchedPage {
    /// The page.
    pub page: SearchPage,
    /// Its capture.
    pub capture_id: CaptureId,
    /// The session it came from.
    pub epoch: u64,
}

/// A document's bytes, whatever they are: whether they are a PDF, and the right one, is for the
/// caller to find out.
#[derive(Debug, Clone)]
pub struct FetchedDocument {
    /// The bytes as served.
    pub bytes: Bytes,
    /// The session they came from; 0 outside a session.
    pub epoch: u64,
    /// The length that the server announced for them.
    pub content_length: Option<u64>,
    /// Their capture.
    pub capture_id: CaptureId,
}

/// The feed of latest judgments.
#[derive(Debug, Clone)]
pub struct FetchedFeed {
    /// The page, checked to hold rows.
    pub body: Bytes,
    /// Its capture.
    pub capture_id: CaptureId,
}

#[cfg(test)]
mod tests;
