use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use nirnay_model::CaptureKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;

/// A server that answers one connection with `answer` and closes it; gives back what it was sent.
async fn server(answer: Vec<u8>) -> (u16, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 8_192];
        let length = stream.read(&mut request).await.unwrap();
        request.truncate(length);
        // The other side may have hung up already: that is what some tests are about.
        stream.write_all(&answer).await.ok();
        stream.shutdown().await.ok();
        request
    });
    (port, task)
}

fn request(url: &str) -> HttpRequest {
    HttpRequest {
        kind: CaptureKind::Search,
        subject: String::new(),
        method: Method::Post,
        url: url.parse().unwrap(),
        headers: vec![
            (
                "User-Agent".to_owned(),
                "nirnay/0 (+mailto:crawl@example.org)".to_owned(),
            ),
            ("Accept-Encoding".to_owned(), "gzip".to_owned()),
        ],
        body: Bytes::from_static(b"a=b"),
        max_body: 4 << 20,
    }
}

async fn fetch(answer: impl Into<Vec<u8>>) -> Result<HttpReply, TransportProblem> {
    let (port, served) = server(answer.into()).await;
    let base = format!("http://127.0.0.1:{port}");
    let transport =
        HttpTransport::new(&base.parse().unwrap(), TransportOptions::default()).unwrap();
    let result = transport.send(request(&format!("{base}/x"))).await;
    served.await.unwrap();
    result.map_err(|error| error.problem)
}

fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    [
        format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").as_bytes(),
        body,
    ]
    .concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn whole_bodies() {
    let plain = fetch(answer("Content-Length: 5\r\nX-A: b", b"hello"))
        .await
        .unwrap();
    assert_eq!(
        (plain.status, &plain.body[..], plain.content_length()),
        (200, &b"hello"[..], Some(5))
    );
    assert_eq!(plain.header("x-a"), Some("b"));
    let chunked = fetch(answer(
        "Transfer-Encoding: chunked",
        b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    ))
    .await
    .unwrap();
    assert_eq!(
        (&chunked.body[..], chunked.content_length()),
        (&b"hello"[..], None)
    );
    let zipped = gzip(b"hello");
    let headers = format!("Content-Encoding: gzip\r\nContent-Length: {}", zipped.len());
    let decoded = fetch(answer(&headers, &zipped)).await.unwrap();
    assert_eq!(
        (&decoded.body[..], decoded.content_length()),
        (&b"hello"[..], None)
    );
    assert_eq!(decoded.wire_bytes, zipped.len() as u64);
    let until_close = fetch(answer("Connection: close", b"hello")).await.unwrap();
    assert_eq!(&until_close.body[..], b"hello");
}

#[tokio::test]
async fn broken_bodies() {
    use TransportProblem::{Broken, Encoding, Length};
    let zipped = gzip(b"hello hello hello hello");
    let cut = &zipped[..zipped.len() - 4];
    for (answer, allowed) in [
        (
            answer("Content-Length: 10", b"hello"),
            &[Broken, Length][..],
        ),
        (
            answer("Transfer-Encoding: chunked", b"5\r\nhello\r\n"),
            &[Broken],
        ),
        (
            answer("Transfer-Encoding: chunked", b"zz\r\nhello\r\n0\r\n\r\n"),
            &[Broken],
        ),
        (
            answer("Content-Encoding: gzip\r\nConnection: close", cut),
            &[Encoding],
        ),
        (
            answer("Content-Encoding: br\r\nContent-Length: 5", b"hello"),
            &[Encoding],
        ),
        (b"HTTP/1.1 200 OK\r\nContent-".to_vec(), &[Broken]),
        (b"220 mail.example ESMTP\r\n".to_vec(), &[Broken]),
        (Vec::new(), &[Broken]),
    ] {
        let shown = String::from_utf8_lossy(&answer).into_owned();
        let problem = fetch(answer).await.unwrap_err();
        assert!(allowed.contains(&problem), "{problem:?} for {shown:?}");
    }
}

#[tokio::test]
async fn oversized_replies() {
    use TransportProblem::{Broken, Headers, TooLarge};
    let bomb = gzip(&vec![0; 16 << 20]);
    let big = vec![b'x'; (4 << 20) + 1];
    for (answer, allowed) in [
        (answer("Content-Length: 99999999999", b"x"), &[TooLarge][..]),
        (answer("Connection: close", &big), &[TooLarge]),
        (
            answer(
                &format!("Content-Encoding: gzip\r\nContent-Length: {}", bomb.len()),
                &bomb,
            ),
            &[TooLarge],
        ),
        (
            answer(&format!("X-Long: {}", "x".repeat(100_000)), b""),
            &[Headers],
        ),
        (
            answer(&format!("X-Long: {}", "x".repeat(1_000_000)), b""),
            &[Headers, Broken],
        ),
        (
            answer(&"X-Many: x\r\n".repeat(5_000), b""),
            &[Headers, Broken],
        ),
    ] {
        let problem = fetch(answer).await.unwrap_err();
        assert!(allowed.contains(&problem), "{problem:?} not in {allowed:?}");
    }
}

#[tokio::test]
async fn redirects_are_given_back_not_followed() {
    let moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n";
    let reply = fetch(moved.to_vec()).await.unwrap();
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some("http://127.0.0.1:1/elsewhere"))
    );
}

#[tokio::test]
async fn the_request_holds_what_it_was_given_and_no_more() {
    let (port, served) = server(answer("Content-Length: 0", b"")).await;
    let base = format!("http://localhost:{port}");
    let transport =
        HttpTransport::new(&base.parse().unwrap(), TransportOptions::default()).unwrap();
    transport
        .send(request(&format!("{base}/x?y=z")))
        .await
        .unwrap();
    let sent = String::from_utf8(served.await.unwrap())
        .unwrap()
        .to_ascii_lowercase();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let mut names: Vec<&str> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split(':').next())
        .collect();
    names.sort_unstable();
    assert!(head.starts_with("post /x?y=z http/1.1"), "{head}");
    assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
    let expected = [
        "accept",
        "accept-encoding",
        "content-length",
        "host",
        "user-agent",
    ];
    assert_eq!((names, body), (expected.to_vec(), "a=b"));
}

#[tokio::test]
async fn only_the_configured_origin_is_contacted() {
    let base = "http://127.0.0.1:1".parse().unwrap();
    let transport = HttpTransport::new(&base, TransportOptions::default()).unwrap();
    for foreign in [
        "http://127.0.0.1:2/",
        "https://127.0.0.1:1/",
        "http://localhost:1/",
        "http://169.254.169.254/",
    ] {
        let problem = transport.send(request(foreign)).await.unwrap_err().problem;
        assert_eq!(problem, TransportProblem::ForeignOrigin, "{foreign}");
    }
    let refused = transport
        .send(request("http://127.0.0.1:1/"))
        .await
        .unwrap_err()
        .problem;
    assert_eq!(refused, TransportProblem::Connect);
    assert!(
        HttpTransport::new(
            &"http://scr.sci.gov.in".parse().unwrap(),
            TransportOptions::default()
        )
        .is_err()
    );
}

#[tokio::test]
async fn what_is_no_tls_is_told_apart() {
    let (port, served) = server(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    let base = format!("https://127.0.0.1:{port}");
    let transport =
        HttpTransport::new(&base.parse().unwrap(), TransportOptions::default()).unwrap();
    let error = transport
        .send(request(&format!("{base}/")))
        .await
        .unwrap_err();
    assert_eq!(error.problem, TransportProblem::Tls, "{error}");
    served.await.unwrap();
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let options = TransportOptions {
        headers: Duration::from_millis(20),
        ..TransportOptions::default()
    };
    let transport = HttpTransport::new(&base.parse().unwrap(), options).unwrap();
    let problem = transport
        .send(request(&format!("{base}/")))
        .await
        .unwrap_err()
        .problem;
    assert_eq!(problem, TransportProblem::Timeout);
}
