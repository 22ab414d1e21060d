//! Replies: what is said, and how it is brought over.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response};
use bytes::Bytes;
use futures::stream;

/// How a body is brought over.
#[derive(Debug, Clone)]
pub(crate) enum Delivery {
    /// In one piece.
    Whole,
    /// The connection is reset before the headers.
    Reset,
    /// The connection is closed after so many bytes.
    Cut(usize),
    /// In pieces of so many bytes, with a pause before each.
    Trickle(usize, Duration),
    /// The body, then `block` so many times, then `tail`; no length stated.
    Repeat {
        block: Bytes,
        times: u64,
        tail: Bytes,
    },
}

/// A reply.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) delivery: Delivery,
    /// A wait before anything is sent.
    pub(crate) delay: Duration,
}

impl Reply {
    /// A reply with this status, content type and body.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
            delivery: Delivery::Whole,
            delay: Duration::ZERO,
        }
    }

    /// A page.
    pub(crate) fn html(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "text/html; charset=UTF-8", body)
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The number of bytes the body is meant to have.
    pub(crate) fn size(&self) -> u64 {
        match &self.delivery {
            Delivery::Repeat { block, times, tail } => {
                self.body.len() as u64 + block.len() as u64 * times + tail.len() as u64
            }
            _ => self.body.len() as u64,
        }
    }

    /// The reply as the web server takes it.
    pub(crate) fn into_response(self) -> Response<Body> {
        let length = self.body.len();
        let stated = match &self.delivery {
            Delivery::Cut(_) | Delivery::Trickle(..) => Some(length),
            _ => None,
        };
        let body = match self.delivery {
            Delivery::Whole | Delivery::Reset => Body::from(self.body),
            Delivery::Cut(at) => cut(self.body.slice(..at.min(length))),
            Delivery::Trickle(size, pause) => trickle(self.body, size.max(1), pause),
            Delivery::Repeat { block, times, tail } => repeat(self.body, block, times, tail),
        };
        let mut response = Response::new(body);
        *response.status_mut() = axum::http::StatusCode::from_u16(self.status).unwrap_or_default();
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        if let Some(length) = stated {
            headers.insert("content-length", HeaderValue::from(length));
        }
        response
    }
}

/// The head of a body, then the end of the connection. The pause lets the head go out first.
fn cut(head: Bytes) -> Body {
    let steps = stream::unfold(Some(head), |head| async {
        if let Some(head) = head {
            return Some((Ok(head), None));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
        Some((
            Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted)),
            None,
        ))
    });
    Body::from_stream(steps)
}

fn trickle(body: Bytes, size: usize, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, std::io::Error>(piece), rest))
    }))
}

fn repeat(head: Bytes, block: Bytes, times: u64, tail: Bytes) -> Body {
    Body::from_stream(stream::unfold(0, move |step: u64| {
        let piece = match step {
            0 => Some(head.clone()),
            step if step <= times => Some(block.clone()),
            step if step == times + 1 => Some(tail.clone()),
            _ => None,
        };
        async move { piece.map(|piece| (Ok::<_, std::io::Error>(piece), step + 1)) }
    }))
}
