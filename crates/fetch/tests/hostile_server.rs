//! Servers that lie, drip, flood and swell: the transport ends each exchange within its limits.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

#[allow(dead_code, reason = "each test uses its part of it")]
mod wire;

use std::io::Write as _;
use std::time::Duration;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use nirnay_fetch::{HttpTransport, Transport as _, TransportOptions, TransportProblem};
use tokio::io::AsyncWriteExt;
use wire::{Server, answer, read_request, request};

use TransportProblem::{Broken, Encoding, Headers, Length, Timeout, TooLarge};

const JSON: u64 = 64 << 20;
const HTML: u64 = 8 << 20;
const PDF: u64 = 200 << 20;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A gzip head, and the compressed form of a mebibyte of zeros that may be repeated without end.
fn zeros() -> (Vec<u8>, Vec<u8>) {
    let mut compress = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(64 << 10);
    let zeros = vec![0; 1 << 20];
    let status = compress
        .compress_vec(&zeros, &mut block, FlushCompress::Full)
        .unwrap();
    assert!(status == Status::Ok && block.len() < 8_192);
    (vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], block)
}

async fn problem_of(answer: impl Into<Vec<u8>>, max_body: u64) -> TransportProblem {
    let server = Server::answering(answer).await;
    let result = server.ask(max_body, TransportOptions::default()).await;
    result.map(|reply| reply.body.len()).unwrap_err().problem
}

#[tokio::test]
async fn bombs_of_ten_megabytes_to_one_gigabyte_end_early() {
    let (head, block) = zeros();
    for megabytes in [10, 100, 1_024] {
        let bomb = [head.clone(), block.repeat(megabytes)].concat();
        for (headers, cap) in [
            (
                "Content-Encoding: gzip\r\nConnection: close".to_owned(),
                JSON,
            ),
            (
                format!("Content-Encoding: gzip\r\nContent-Length: {}", bomb.len()),
                HTML,
            ),
            (
                "Content-Encoding: x-gzip\r\nConnection: close".to_owned(),
                PDF,
            ),
        ] {
            let server = Server::answering(answer(&headers, &bomb)).await;
            let error = server
                .ask(cap, TransportOptions::default())
                .await
                .unwrap_err();
            assert_eq!(
                error.problem, TooLarge,
                "{megabytes} MB under {cap}: {error}"
            );
            assert!(
                error.wire_bytes < 1 << 20,
                "{megabytes} MB: {} bytes were taken",
                error.wire_bytes
            );
        }
    }
}

#[tokio::test]
async fn bodies_in_and_about_codings() {
    let inner = gzip(b"hello");
    let twice = gzip(&inner);
    let gzipped = |body: &[u8]| {
        let headers = format!("Content-Encoding: gzip\r\nContent-Length: {}", body.len());
        answer(&headers, body)
    };
    // Coded twice but said to be once: the inner coding is the caller's to refuse.
    let server = Server::answering(gzipped(&twice)).await;
    let reply = server.ask(HTML, TransportOptions::default()).await.unwrap();
    assert_eq!(reply.body, inner);
    // Members one after another are one body.
    let two = [gzip(b"hello "), gzip(b"world")].concat();
    let server = Server::answering(gzipped(&two)).await;
    let reply = server.ask(HTML, TransportOptions::default()).await.unwrap();
    assert_eq!(&reply.body[..], b"hello world");
    let long = gzip(&vec![b'x'; 1 << 20]);
    for (name, answer, expected) in [
        (
            "twice",
            answer("Content-Encoding: gzip, gzip", &twice),
            Encoding,
        ),
        (
            "twice in two lines",
            answer("Content-Encoding: gzip\r\nContent-Encoding: gzip", &twice),
            Encoding,
        ),
        ("brotli", answer("Content-Encoding: br", b"hello"), Encoding),
        (
            "zstd",
            answer("Content-Encoding: zstd", b"\x28\xb5\x2f\xfd"),
            Encoding,
        ),
        (
            "deflate",
            answer("Content-Encoding: deflate", b"x\x9c"),
            Encoding,
        ),
        (
            "unheard of",
            answer(&format!("Content-Encoding: {}", "q".repeat(9_000)), b"x"),
            Encoding,
        ),
        ("not gzip", gzipped(b"hello"), Encoding),
        ("cut", gzipped(&long[..long.len() - 9]), Encoding),
        (
            "with a wrong sum",
            gzipped(&[&long[..long.len() - 8], &[0; 8]].concat()),
            Encoding,
        ),
        (
            "garbage behind",
            gzipped(&[&long[..], b"garbage"].concat()),
            Encoding,
        ),
        (
            "a hundred thousand members",
            gzipped(&gzip(b"").repeat(100_000)),
            TooLarge,
        ),
    ] {
        let problem = problem_of(answer, HTML).await;
        assert_eq!(problem, expected, "{name}");
    }
}

#[tokio::test]
async fn lengths_that_lie() {
    let chunks = |body: &[u8]| answer("Transfer-Encoding: chunked", body);
    for (name, answer, expected) in [
        (
            "less than said",
            answer("Content-Length: 10", b"hello"),
            &[Broken, Length][..],
        ),
        (
            "two lengths",
            answer("Content-Length: 5\r\nContent-Length: 6", b"hello"),
            &[Broken],
        ),
        (
            "no number",
            answer("Content-Length: five", b"hello"),
            &[Broken],
        ),
        (
            "negative",
            answer("Content-Length: -5", b"hello"),
            &[Broken],
        ),
        (
            "beyond all",
            answer("Content-Length: 99999999999999999999999", b"hello"),
            &[Broken],
        ),
        (
            "beyond the cap",
            answer("Content-Length: 9999999999", b"hello"),
            &[TooLarge],
        ),
        ("cut within a chunk", chunks(b"ff\r\nhello"), &[Broken]),
        ("cut between chunks", chunks(b"5\r\nhello\r\n"), &[Broken]),
        (
            "no chunk size",
            chunks(b"\r\nhello\r\n0\r\n\r\n"),
            &[Broken],
        ),
        (
            "chunk size beyond all",
            chunks(b"fffffffffffffffff\r\nhello"),
            &[Broken],
        ),
        (
            "endless extension",
            chunks(&[b"5;", "x".repeat(1 << 20).as_bytes(), b"\r\nhello"].concat()),
            &[Broken],
        ),
        (
            "trailer flood",
            chunks(
                &[
                    b"5\r\nhello\r\n0\r\n",
                    "X-T: y\r\n".repeat(100_000).as_bytes(),
                ]
                .concat(),
            ),
            &[Broken, Headers],
        ),
    ] {
        let problem = problem_of(answer, HTML).await;
        assert!(expected.contains(&problem), "{name}: {problem:?}");
    }
    // More than said is another reply that nobody asked for.
    let server = Server::answering(answer("Content-Length: 5", b"hello world")).await;
    let reply = server.ask(HTML, TransportOptions::default()).await.unwrap();
    assert_eq!(&reply.body[..], b"hello");
}

#[tokio::test]
async fn heads_that_flood() {
    for (name, head, expected) in [
        (
            "101 headers",
            "X: y\r\n".repeat(101),
            &[Headers, Broken][..],
        ),
        (
            "100,000 headers",
            "X: y\r\n".repeat(100_000),
            &[Headers, Broken],
        ),
        (
            "one of 100 KB",
            format!("X: {}\r\n", "y".repeat(100_000)),
            &[Headers],
        ),
        (
            "one of 100 MB",
            format!("X: {}\r\n", "y".repeat(100_000_000)),
            &[Headers, Broken],
        ),
        (
            "a name of 1 MB",
            format!("{}: x\r\n", "n".repeat(1_000_000)),
            &[Headers, Broken],
        ),
        (
            "90 of 1 KB",
            format!("X: {}\r\n", "y".repeat(1_000)).repeat(90),
            &[Headers],
        ),
        ("no colon", "header\r\n".to_owned(), &[Broken]),
        ("a control character", "X: a\0b\r\n".to_owned(), &[Broken]),
        ("folded", "X: a\r\n b\r\n".to_owned(), &[Broken]),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\n{head}Content-Length: 5\r\n\r\nhello");
        let problem = problem_of(answer, HTML).await;
        assert!(expected.contains(&problem), "{name}: {problem:?}");
    }
    for (name, answer) in [
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n".to_owned()),
        ("HTTP of another age", "hello\r\n".to_owned()),
        ("HTTP/9", "HTTP/9.9 200 OK\r\n\r\n".to_owned()),
        ("an odd status", "HTTP/1.1 20x OK\r\n\r\n".to_owned()),
        ("nothing", String::new()),
        (
            "interim replies and no more",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000),
        ),
        (
            "a switch of protocols",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(),
        ),
    ] {
        let server = Server::answering(answer).await;
        let result = server.ask(HTML, TransportOptions::default()).await;
        let fine = match &result {
            Ok(reply) => reply.status == 101 && reply.body.is_empty(),
            Err(error) => matches!(error.problem, Broken | Headers),
        };
        assert!(fine, "{name}: {result:?}");
    }
}

/// What a slow server does after reading the request.
#[derive(Clone, Copy, Debug)]
enum Slow {
    /// Nothing at all.
    Silent,
    /// A byte of an endless header each 5 s.
    Head,
    /// Interim replies for ever.
    Interim,
    /// The head, and then nothing.
    NoBody,
    /// A byte of body each 10 s.
    Drip,
    /// 20 KB each 25 s: fast enough a second, but never done.
    Stream,
}

async fn drip(stream: &mut tokio::net::TcpStream, each: Duration, piece: &[u8]) {
    while stream.write_all(piece).await.is_ok() {
        tokio::time::sleep(each).await;
    }
}

/// Under a clock that runs ahead whenever all tasks wait. It only shows limits that are kept: a limit
/// that is not would run into the next one, or into the test runner's patience.
#[tokio::test(start_paused = true)]
async fn slow_servers_are_left() {
    for (slow, least, most) in [
        (Slow::Silent, 60, 61),
        (Slow::Head, 60, 61),
        (Slow::Interim, 60, 61),
        (Slow::NoBody, 30, 31),
        (Slow::Drip, 30, 45),
        (Slow::Stream, 540, 601),
    ] {
        let server = Server::start(move |mut stream| async move {
            read_request(&mut stream).await;
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n";
            let seconds = Duration::from_secs;
            match slow {
                Slow::Silent => tokio::time::sleep(seconds(10_000)).await,
                Slow::Head => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nX: ").await.ok();
                    drip(&mut stream, seconds(5), b"y").await;
                }
                Slow::Interim => {
                    drip(&mut stream, seconds(1), b"HTTP/1.1 100 Continue\r\n\r\n").await;
                }
                Slow::NoBody => {
                    stream.write_all(head).await.ok();
                    tokio::time::sleep(seconds(10_000)).await;
                }
                Slow::Drip => {
                    stream.write_all(head).await.ok();
                    drip(&mut stream, seconds(10), b"y").await;
                }
                Slow::Stream => {
                    stream.write_all(head).await.ok();
                    drip(&mut stream, seconds(15), &b"y".repeat(20_000)).await;
                }
            }
        })
        .await;
        let began = tokio::time::Instant::now();
        let error = server
            .ask(PDF, TransportOptions::default())
            .await
            .unwrap_err();
        let spent = began.elapsed().as_secs();
        assert_eq!(error.problem, Timeout, "{slow:?}: {error}");
        assert!((least..=most).contains(&spent), "{slow:?}: {spent} s");
    }
}

#[tokio::test]
async fn connections_that_break() {
    // Closed at once, and reset: unread data in a closed socket makes the kernel say so.
    let closed = Server::start(|stream| async move { drop(stream) }).await;
    let error = closed
        .ask(HTML, TransportOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.problem, Broken, "{error}");
    let reset = Server::start(|mut stream| async move {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
            .await
            .ok();
    })
    .await;
    let error = reset
        .ask(HTML, TransportOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error.problem, Broken | Length), "{error}");
    // A server that closes each connection after its reply, and says it would not.
    let forgetful =
        Server::answering(answer("Content-Length: 2\r\nConnection: keep-alive", b"ok")).await;
    let base = forgetful.base();
    let transport =
        HttpTransport::new(&base.parse().unwrap(), TransportOptions::default()).unwrap();
    let mut whole = 0;
    for _ in 0..20 {
        match transport.send(request(&format!("{base}/x"), HTML)).await {
            Ok(reply) => {
                assert_eq!(&reply.body[..], b"ok");
                whole += 1;
            }
            Err(error) => assert_eq!(error.problem, Broken, "{error}"),
        }
    }
    assert!(whole >= 10, "{whole} of 20");
    assert!(
        forgetful.seen() >= whole,
        "each reply had its own connection"
    );
}

#[tokio::test]
async fn redirects_lead_nowhere() {
    let elsewhere = Server::answering(answer("Content-Length: 2", b"no")).await;
    for status in [301, 302, 303, 307, 308] {
        let moved = format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {}/x\r\nContent-Length: 0\r\n\r\n",
            elsewhere.base()
        );
        let server = Server::answering(moved).await;
        let reply = server.ask(HTML, TransportOptions::default()).await.unwrap();
        assert_eq!(reply.status, status);
    }
    assert_eq!(elsewhere.seen(), 0);
}
