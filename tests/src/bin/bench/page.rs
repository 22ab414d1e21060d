//! The web page over a lake: time and weight of the first page of results, as a browser on this machine meets them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use nirnay_serve::{ServeConfig, Server};

/// Searches of every kind; each is a first page with facets and snippets.
const SEARCHES: [&str; 12] = [
    "q=court",
    "q=",
    "q=appeal+dismissed",
    "q=%22high+court%22",
    "q=bail+OR+parole+OR+custody",
    "q=appeal+%2F10+allowed",
    "q=judge%3Akumar",
    "q=arbitrat*",
    "q=evidence&year=2024",
    "q=order&court=7_26&sort=newest",
    "q=section+NOT+appeal",
    "q=%22section+302%22+murder&sort=most_cited",
];
const ROUNDS: usize = 10;

/// What one request came to.
struct Asked {
    search: &'static str,
    time: Duration,
    bytes: usize,
}

/// Serves the lake in `dir`, asks every search in turn and prints time and bytes.
pub(crate) async fn first_pages(dir: &Path) {
    let mut config = ServeConfig::new(dir.to_owned());
    config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(config).await.expect("a lake with an index");
    let at = server.address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.run(async { drop(stopped.await) }));
    let asking = tokio::task::spawn_blocking(move || {
        let cold: Vec<Asked> = SEARCHES.iter().map(|search| ask(at, search)).collect();
        let warm: Vec<Asked> = (0..ROUNDS)
            .flat_map(|_| SEARCHES.iter().map(|search| ask(at, search)))
            .collect();
        (cold, warm)
    });
    let (cold, warm) = asking.await.expect("answers");
    drop(stop);
    serving.await.expect("an end");
    println!(
        "first page of results, {} searches, gzip, head included",
        SEARCHES.len()
    );
    line("asked the first time", cold);
    line(&format!("asked {ROUNDS} times more"), warm);
}

fn line(what: &str, mut asked: Vec<Asked>) {
    asked.sort_by_key(|one| one.time);
    let at = |share: f64| asked[((asked.len() - 1) as f64 * share) as usize].time;
    let heaviest = asked
        .iter()
        .max_by_key(|one| one.bytes)
        .expect("one at least");
    let slowest = asked.last().expect("one at least");
    println!(
        "  {what}: median {:.1} ms, p95 {:.1} ms, slowest {:.1} ms ({}); heaviest {} bytes ({})",
        milliseconds(at(0.5)),
        milliseconds(at(0.95)),
        milliseconds(slowest.time),
        slowest.search,
        heaviest.bytes,
        heaviest.search
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// From the first byte sent to the last received, on a connection of its own.
fn ask(at: SocketAddr, search: &'static str) -> Asked {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(at).expect("a connection");
    write!(
        stream,
        "GET /search?{search} HTTP/1.1\r\nhost: {at}\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{search}: {}",
        String::from_utf8_lossy(&answer)
    );
    Asked {
        search,
        time: begun.elapsed(),
        bytes: answer.len(),
    }
}
