//! HTTP over the network: one origin, no redirects, bounded in size and time.

mod addresses;
mod body;

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use nirnay_model::CaptureKind;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Response};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::capture::looks_like_pdf;
use crate::origin::Origin;
use crate::{
    ConfigError, HttpReply, HttpRequest, Method, Transport, TransportError, TransportProblem,
};
use addresses::FilteredResolver;
use body::BodyCollector;

pub(crate) use addresses::is_public;
pub use addresses::{Resolver, SystemResolver};

/// The most bytes of a reply's header block.
const MOST_HEADER_BYTES: usize = 64 << 10;
/// The most headers of a reply.
const MOST_HEADERS: usize = 100;
/// After this long, a body must have come at [`SLOWEST`] bytes a second on average.
const SLOW_FROM: Duration = Duration::from_secs(30);
const SLOWEST: u64 = 1_024;

/// A larger body waits for the process's one place for such: however many hosts are asked at once, one body
/// near its cap is being received.
const LARGE: usize = 32 << 20;
static LARGE_BODY: Semaphore = Semaphore::const_new(1);
/// The most bytes of what was asked for as a document and is none: it is masked and kept like a page.
const MOST_OTHER: usize = 8 << 20;

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
    /// Certificates, in PEM, of authorities that this origin's server may be vouched for by, besides those
    /// the machine knows. They add to what is trusted; nothing turns the check off.
    pub extra_roots: Vec<u8>,
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            headers: Duration::from_mins(1),
            idle: Duration::from_secs(30),
            total: Duration::from_mins(10),
            proxy_from_env: false,
            extra_roots: Vec::new(),
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
        Self::with_resolver(base_url, options, Arc::new(SystemResolver))
    }

    /// The same with another source of addresses. Whatever it says, a public host is contacted at public
    /// addresses only, and a loopback host on loopback only.
    pub fn with_resolver(
        base_url: &Url,
        options: TransportOptions,
        resolver: Arc<dyn Resolver>,
    ) -> Result<Self, ConfigError> {
        let origin = Origin::of(base_url)?;
        // The first of the process stays; another's choice is as good.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .http1_max_headers(MOST_HEADERS)
            .https_only(!origin.is_loopback())
            .connect_timeout(options.connect)
            .pool_max_idle_per_host(1);
        if !options.proxy_from_env {
            let resolver = FilteredResolver {
                loopback: origin.is_loopback(),
                resolver,
            };
            builder = builder.no_proxy().dns_resolver(Arc::new(resolver));
        }
        if base_url.scheme() == "http" && options.extra_roots.is_empty() {
            // No certificate is looked at: the machine's are not read, which takes milliseconds.
            builder = builder.tls_certs_only([]);
        }
        let client = with_roots(builder, &options.extra_roots)?
            .build()
            .map_err(|error| ConfigError::Transport { why: chain(&error) })?;
        Ok(Self {
            origin,
            client,
            options,
        })
    }

    async fn exchange(
        &self,
        request: HttpRequest,
        received: &AtomicU64,
    ) -> Result<HttpReply, TransportError> {
        let began = Instant::now();
        let (kind, cap) = (request.kind, request.max_body);
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
        let mut reply = self
            .read_body(response, reply, (kind, cap), received)
            .await?;
        reply.elapsed = began.elapsed();
        Ok(reply)
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
        (kind, cap): (CaptureKind, u64),
        received: &AtomicU64,
    ) -> Result<HttpReply, TransportError> {
        let announced: Option<u64> = reply
            .header("content-length")
            .and_then(|length| length.trim().parse().ok());
        if announced.is_some_and(|length| length > cap) {
            let detail = format!("the body is announced with more than {cap} bytes");
            return Err(TransportError::new(TransportProblem::TooLarge, detail));
        }
        let mut body = BodyCollector::new(encoding(&reply).as_deref(), cap, announced)?;
        let body_began = Instant::now();
        let mut waited = Duration::ZERO;
        let mut place = None;
        loop {
            let piece = timeout(self.options.idle, response.chunk())
                .await
                .map_err(|_| late("the body stopped coming"))?
                .map_err(|error| classify(&error))?;
            let Some(piece) = piece else { break };
            received.fetch_add(piece.len() as u64, Ordering::Relaxed);
            body.push(&piece)?;
            drop(piece);
            let held = body.held();
            if kind == CaptureKind::Document && held.len() > MOST_OTHER && !looks_like_pdf(held) {
                let detail = format!("it is no PDF and larger than {MOST_OTHER} bytes");
                return Err(TransportError::new(TransportProblem::TooLarge, detail));
            }
            if held.len() > LARGE && place.is_none() {
                let began = Instant::now();
                place = LARGE_BODY.acquire().await.ok();
                waited = began.elapsed();
            }
            let spent = body_began.elapsed().saturating_sub(waited);
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
        let received = AtomicU64::new(0);
        timeout(self.options.total, self.exchange(request, &received))
            .await
            .unwrap_or_else(|_| Err(late("the exchange took too long")))
            .map_err(|error| error.after(received.load(Ordering::Relaxed)))
    }
}

fn with_roots(mut builder: ClientBuilder, pem: &[u8]) -> Result<ClientBuilder, ConfigError> {
    if pem.is_empty() {
        return Ok(builder);
    }
    let bad = |why: String| ConfigError::Transport {
        why: format!("extra_roots: {why}; give certificates in PEM"),
    };
    let roots = Certificate::from_pem_bundle(pem).map_err(|error| bad(chain(&error)))?;
    if roots.is_empty() {
        return Err(bad("there is no certificate in it".to_owned()));
    }
    builder = builder.tls_certs_merge(roots);
    Ok(builder)
}

/// All codings of a body, in the order applied.
fn encoding(reply: &HttpReply) -> Option<String> {
    let codings: Vec<&str> = reply
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
        .collect();
    (!codings.is_empty()).then(|| codings.join(", "))
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
