//! Servers that answer what a test tells them to, over real connections on loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nirnay_fetch::{
    HttpReply, HttpRequest, HttpTransport, Method, Transport, TransportError, TransportOptions,
};
use nirnay_model::CaptureKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server on loopback, with what it has seen.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) port: u16,
    /// Connections accepted.
    pub(crate) connections: Arc<AtomicUsize>,
}

impl Server {
    /// A server that gives each connection to `talk`, one after another.
    pub(crate) async fn start<F, T>(talk: F) -> Self
    where
        F: Fn(TcpStream) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(talk(stream));
            }
        });
        Self { port, connections }
    }

    /// A server that reads a request, writes `answer` and closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        Self::start(move |mut stream| {
            let answer = Arc::clone(&answer);
            async move {
                read_request(&mut stream).await;
                // The other side may hang up at any moment: that is what the tests are about.
                stream.write_all(&answer).await.ok();
                stream.shutdown().await.ok();
            }
        })
        .await
    }

    /// Its base address.
    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections it has accepted.
    pub(crate) fn seen(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Sends one request to it.
    pub(crate) async fn ask(
        &self,
        max_body: u64,
        options: TransportOptions,
    ) -> Result<HttpReply, TransportError> {
        let base = self.base();
        let transport = HttpTransport::new(&base.parse().unwrap(), options).unwrap();
        transport
            .send(request(&format!("{base}/x"), max_body))
            .await
    }
}

/// Reads until the end of a request's headers.
pub(crate) async fn read_request(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    let mut piece = [0; 4_096];
    while !seen.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut piece).await {
            Ok(length @ 1..) => seen.extend_from_slice(&piece[..length]),
            _ => return,
        }
    }
}

/// A request as a client makes them.
pub(crate) fn request(url: &str, max_body: u64) -> HttpRequest {
    HttpRequest {
        kind: CaptureKind::Search,
        subject: String::new(),
        method: Method::Get,
        url: url.parse().unwrap(),
        headers: vec![("Accept-Encoding".to_owned(), "gzip".to_owned())],
        body: Vec::new().into(),
        max_body,
    }
}

/// A head and a body.
pub(crate) fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n");
    [head.as_bytes(), body].concat()
}
