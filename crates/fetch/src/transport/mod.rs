//! HTTP over the network: one origin, no redirects, bounded in size and time.

mod addresses;
mod body;

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::Url;

use crate::origin::Origin;
use crate::{
    ConfigError, HttpReply, HttpRequest, Method, Transport, TransportError, TransportProblem,
};
use addresses::FilteredResolver;
use body::BodyCollector;

pub(crate) use addresses::is_public;

/// The most bytes of a reply's header block.
const MOST_HEADER_BYTES: usize = 64 << 10;
/// After this long, a body must have come at [`SLOWEST`] bytes a second on average.
const SLOW_FROM: Duration = Duration::from_secs(30);
const SLOWEST: u64 = 1_024;

/// What the TLS library says when it does not accept the other side. A connection that merely ends
/// during the handshake is not among them: that can happen to any connection.
const TLS_REFUSALS: [&str; 6] = [
    "certificate",
    "fatal alert",
    "corrupt message",
    "received unexpected",
    "peer is incompatible",
    "peer misbehaved",
];

/// Time limits of an exchange, and whether a proxy may stand between.
#[derive(Debug, Clone)]
pub struct TransportOptions {
    /// To a connection with TLS: 10 s.
    pub connect: Duration,
    /// From sending the request to the end of the headers: 60 s.
    pub headers: Duration,
    /// Between two pieces of the body: 30 s.
    pub idle: Duration,
    /// For all of it: 10 min.
    pub total: Duration,
    /// Use the proxy named by the environment. Off unless asked for. A proxy resolves host names
    /// itself, so the check of addresses is then its own.
    pub proxy_from_env: bool,
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            headers: Duration::from_mins(1),
            idle: Duration::from_secs(30),
            total: Duration::from_mins(10),
            proxy_from_env: false,
        }
    }
}

/// A transport to one origin. Certificates are always verified; there is no switch for it. Plain
/// http is for loopback only.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    origin: Origin,
    client: Client,
    options: TransportOptions,
}

impl HttpTransport {
    /// A transport to the origin of `base_url`.
    pub fn new(base_url: &Url, options: TransportOptions) -> Result<Self, ConfigError> {
        let origin = Origin::of(base_url)?;
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .https_only(!origin.is_loopback())
            .connect_timeout(options.connect)
            .pool_max_idle_per_host(1);
        if !options.proxy_from_env {
            let resolver = FilteredResolver {
                loopback: origin.is_loopback(),
            };
            builder = builder.no_proxy().dns_resolver(Arc::new(resolver));
        }
        let client = builder
            .build()
            .map_err(|error| ConfigError::Transport { why: chain(&error) })?;
        Ok(Self {
            origin,
            client,
            options,
        })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let began = Instant::now();
        let cap = request.max_body;
        let built = self.build(request)?;
        let response = timeout(self.options.headers, self.client.execute(built))
            .await
            .map_err(|_| late("no headers came in time"))?
            .map_err(|error| classify(&error))?;
        let status = response.status().as_u16();
        let headers = received_headers(&response)?;
        let reply = HttpReply {
            status,
            headers,
            body: bytes::Bytes::new(),
            wire_bytes: 0,
            elapsed: Duration::ZERO,
        };
        self.read_body(response, reply, cap, began).await
    }

    fn build(&self, request: HttpRequest) -> Result<reqwest::Request, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut builder = self.client.request(method, request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if request.method == Method::Post {
            builder = builder.body(request.body);
        }
        builder.build().map_err(|error| classify(&error))
    }

    async fn read_body(
        &self,
        mut response: Response,
        mut reply: HttpReply,
        cap: u64,
        began: Instant,
    ) -> Result<HttpReply, TransportError> {
        let announced: Option<u64> = reply
            .header("content-length")
            .and_then(|length| length.trim().parse().ok());
        if announced.is_some_and(|length| length > cap) {
            let detail = format!("the body is announced with more than {cap} bytes");
            return Err(TransportError::new(TransportProblem::TooLarge, detail));
        }
        let mut body = BodyCollector::new(reply.header("content-encoding"), cap)?;
        let body_began = Instant::now();
        loop {
            let piece = timeout(self.options.idle, response.chunk())
                .await
                .map_err(|_| late("the body stopped coming"))?
                .map_err(|error| classify(&error))?;
            let Some(piece) = piece else { break };
            body.push(&piece)?;
            let spent = body_began.elapsed();
            if spent > SLOW_FROM && body.received() / spent.as_secs().max(1) < SLOWEST {
                return Err(late("the body comes too slowly"));
            }
        }
        reply.wire_bytes = body.received();
        if let Some(announced) = announced.filter(|length| *length != reply.wire_bytes) {
            let detail = format!(
                "{announced} bytes were announced and {} came",
                reply.wire_bytes
            );
            return Err(TransportError::new(TransportProblem::Length, detail));
        }
        reply.body = body.finish()?;
        reply.elapsed = began.elapsed();
        Ok(reply)
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        if !self.origin.holds(&request.url) {
            let detail = format!("only {} may be contacted", self.origin.key());
            return Err(TransportError::new(TransportProblem::ForeignOrigin, detail));
        }
        timeout(self.options.total, self.exchange(request))
            .await
            .unwrap_or_else(|_| Err(late("the exchange took too long")))
    }
}

fn received_headers(response: &Response) -> Result<Vec<(String, String)>, TransportError> {
    let mut bytes = 0;
    let mut headers = Vec::new();
    for (name, value) in response.headers() {
        bytes += name.as_str().len() + value.len();
        if bytes > MOST_HEADER_BYTES {
            let detail = format!("the headers are larger than {MOST_HEADER_BYTES} bytes");
            return Err(TransportError::new(TransportProblem::Headers, detail));
        }
        headers.push((
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        ));
    }
    Ok(headers)
}

fn late(detail: &str) -> TransportError {
    TransportError::new(TransportProblem::Timeout, detail)
}

fn classify(error: &reqwest::Error) -> TransportError {
    let detail = chain(error);
    let lower = detail.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // The library gives connection failures as one kind; what lies below is told apart by its text.
    let problem = if error.is_timeout() {
        TransportProblem::Timeout
    } else if error.is_connect() && says(&TLS_REFUSALS) {
        TransportProblem::Tls
    } else if says(&["no address", "dns", "lookup"]) {
        TransportProblem::Resolve
    } else if says(&["head is too large", "message head", "uri too long"]) {
        TransportProblem::Headers
    } else if error.is_connect() {
        TransportProblem::Connect
    } else {
        TransportProblem::Broken
    };
    TransportError::new(problem, detail)
}

/// An error and its causes, without the address it happened at (which can hold a temporary name).
fn chain(error: &reqwest::Error) -> String {
    let mut text = match error {
        error if error.is_timeout() => "timeout".to_owned(),
        error if error.is_connect() => "connecting failed".to_owned(),
        error if error.is_body() || error.is_decode() => "reading the body failed".to_owned(),
        _ => "the exchange failed".to_owned(),
    };
    let mut cause = error.source();
    for _ in 0..8 {
        let Some(inner) = cause else { break };
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests;
