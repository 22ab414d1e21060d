//! The listening socket: so many connections, each with so much time.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::desk::Desk;
use super::guard::Guard;
use super::router::{App, router};
use crate::library::Library;
use crate::{ServeConfig, ServeError};

/// The time a client has to send the head of a request, and may stay silent between two.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// The largest head of a request, in bytes.
const HEAD_BYTES: usize = 16 << 10;
/// The time that answers under way have when the server is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// How often it is looked whether a crawl has made something new.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The pause after the system refused a connection: it is out of something.
const OUT_OF_HANDLES: Duration = Duration::from_millis(100);

/// A server that listens and answers nobody yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: Router,
    library: Arc<Library>,
    connections: usize,
}

impl Server {
    /// Opens the lake and the address.
    pub async fn bind(config: ServeConfig) -> Result<Self, ServeError> {
        config.check()?;
        let listen = config.listen;
        let refused = |source| ServeError::Listen { listen, source };
        let lake = config.lake.clone();
        let opened = tokio::task::spawn_blocking(move || Library::open(&lake)).await;
        let library = opened.map_err(|failed| refused(std::io::Error::other(failed)))??;
        let library = Arc::new(library);
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let guard = Guard::new(address, &config.names, config.token.as_deref());
        let desk = Desk::new(config.questions, config.question_time);
        let app = router(
            App {
                library: Arc::clone(&library),
                desk,
            },
            guard,
        );
        Ok(Self {
            listener,
            address,
            app,
            library,
            connections: config.connections,
        })
    }

    /// Where it listens, with the port that was free if none was named.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is ready; then takes nothing new and gives answers under way five seconds.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(self.connections));
        let (stopping, stopped) = watch::channel(false);
        let looking = tokio::spawn(look(Arc::clone(&self.library), stopped.clone()));
        tokio::pin!(stop);
        loop {
            let next = async {
                // A connection beyond the limit waits in the system's queue.
                let place = Arc::clone(&places).acquire_owned().await.ok();
                (place, self.listener.accept().await)
            };
            tokio::select! {
                () = &mut stop => break,
                (place, accepted) = next => match accepted {
                    Ok((stream, _)) => {
                        let (app, stopped) = (self.app.clone(), stopped.clone());
                        tokio::spawn(async move {
                            converse(stream, app, stopped).await;
                            drop(place);
                        });
                    }
                    Err(error) => {
                        tracing::warn!("a connection was not accepted: {error}");
                        tokio::time::sleep(OUT_OF_HANDLES).await;
                    }
                },
            }
        }
        stopping.send_replace(true);
        let all = u32::try_from(self.connections).unwrap_or(u32::MAX);
        if tokio::time::timeout(LAST_ANSWERS, places.acquire_many(all))
            .await
            .is_err()
        {
            tracing::warn!("answers that took too long were cut off");
        }
        looking.abort();
    }
}

/// Serves one connection.
async fn converse(stream: TcpStream, app: Router, mut stopped: watch::Receiver<bool>) {
    drop(stream.set_nodelay(true));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    tokio::pin!(connection);
    let mut told = *stopped.borrow();
    loop {
        if told {
            connection.as_mut().graceful_shutdown();
        }
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!("a connection ended early: {error}");
                }
                return;
            }
            _ = stopped.changed(), if !told => told = true,
        }
    }
}

/// Keeps up with what crawls and index runs do to the lake.
async fn look(library: Arc<Library>, stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        tokio::time::sleep(LOOK_EVERY).await;
        let library = Arc::clone(&library);
        match tokio::task::spawn_blocking(move || library.refresh()).await {
            Ok(Ok(true)) => tracing::info!("the lake has changed; answers come from its new state"),
            Ok(Ok(false)) => {}
            // The old state is still there to answer from.
            Ok(Err(error)) => tracing::warn!("the lake's new state cannot be read: {error}"),
            Err(failed) => tracing::error!("the look at the lake ended: {failed}"),
        }
    }
}
