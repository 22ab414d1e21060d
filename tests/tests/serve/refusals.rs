//! Who is refused, on every route.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{answered, get, raw, send};
use crate::lake::{Served, crawled};

const ROUTES: [&str; 19] = [
    "/",
    "/search?q=court",
    "/judgments/a/b",
    "/documents/00.pdf",
    "/cite?q=a",
    "/coverage",
    "/dictionary",
    "/help",
    "/api",
    "/assets/style.css",
    "/assets/script.js",
    "/api/v1/search?q=a",
    "/api/v1/export?q=a",
    "/api/v1/judgments/a/b",
    "/api/v1/cite?q=a",
    "/api/v1/coverage",
    "/api/v1/dictionary",
    "/api/v1/openapi.json",
    "/nowhere",
];

#[test]
fn other_names_are_refused_on_every_route_and_every_answer_is_hardened() {
    let served = Served::of(crawled());
    let at = served.at;
    let port = at.port();
    let good = format!("localhost:{port}");
    for route in ROUTES {
        let other = format!("evil.example:{port}");
        let bare = "localhost".to_owned();
        let wrong_port = format!("localhost:{}", port.wrapping_add(1));
        let suffix = format!("127.0.0.1.evil.example:{port}");
        for name in [other, bare, wrong_port, suffix] {
            let refused = send(at, "GET", route, &[("host", &name)]);
            assert_eq!(refused.status, 421, "{route} as {name}");
            assert!(!refused.text().contains("<html"), "{route}");
        }
        assert_eq!(
            send(at, "GET", route, &[]).status,
            400,
            "{route} without a name"
        );
        let answer = send(
            at,
            "GET",
            route,
            &[("host", &good), ("origin", "http://evil.example")],
        );
        assert!(
            answer.status != 421 && answer.status < 500,
            "{route}: {}",
            answer.status
        );
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors"),
            "{route}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{route}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{route}");
        }
        assert!(
            answer
                .headers
                .iter()
                .all(|(name, _)| !name.starts_with("access-control")),
            "{route}"
        );
        let head = send(at, "HEAD", route, &[("host", &good)]);
        assert_eq!(
            (head.status, head.body.len()),
            (answer.status, 0),
            "{route}"
        );
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let refused = send(
                at,
                method,
                route,
                &[("host", &good), ("content-length", "0")],
            );
            assert_eq!(
                (refused.status, refused.header("allow")),
                (405, Some("GET, HEAD")),
                "{method} {route}"
            );
        }
        let embedded = [
            ("host", good.as_str()),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "no-cors"),
        ];
        assert_eq!(send(at, "GET", route, &embedded).status, 403, "{route}");
    }
}

#[test]
fn nothing_outside_of_the_lake_is_reached() {
    let served = Served::of(crawled());
    let secret = crawled().join("secret.pdf");
    std::fs::write(&secret, b"%PDF-secret").unwrap();
    let digest = "0".repeat(64);
    for target in [
        "/documents/../secret.pdf",
        "/documents/..%2Fsecret.pdf",
        "/documents/%2e%2e%2fsecret.pdf",
        "/documents/secret.pdf",
        "/documents/....//secret.pdf",
        "/documents/..%5Csecret.pdf",
        "/documents/%00.pdf",
        "/documents//etc/passwd",
        "/documents/secret.pdf%00.pdf",
        "/assets/../secret.pdf",
        "/assets/..%2f..%2fledger.sqlite",
        "/assets/%2e%2e/ledger.sqlite",
        "/judgments/../../secret.pdf",
        "/judgments/..%2F..%2Fsecret.pdf",
        "/judgments/%00",
        "/api/v1/judgments/../../ledger.sqlite",
        "/../secret.pdf",
        "/ledger.sqlite",
        "/%2e%2e/ledger.sqlite",
        "//etc/passwd",
    ] {
        let answer = get(served.at, target);
        assert!(
            (400..500).contains(&answer.status),
            "{target}: {}",
            answer.status
        );
        assert!(
            !answer.text().contains("%PDF-secret") && !answer.text().contains("SQLite format"),
            "{target}"
        );
    }
    assert_eq!(
        get(served.at, &format!("/documents/{digest}.pdf")).status,
        404
    );
    std::fs::remove_file(secret).unwrap();
}

#[test]
fn what_is_too_large_or_no_http_is_refused() {
    let served = Served::of(crawled());
    let host = served.at.to_string();
    let long = format!("/search?q={}", "a".repeat(9_000));
    assert_eq!(get(served.at, &long).status, 414);
    assert_eq!(
        get(
            served.at,
            &format!("/api/v1/search?q={}", "a".repeat(1_500))
        )
        .status,
        400
    );
    let deep = format!("/api/v1/search?q={}", "(".repeat(900));
    assert_eq!(get(served.at, &deep).status, 400);
    let many = "x:%20".repeat(200);
    assert_eq!(
        get(served.at, &format!("/api/v1/search?q={many}")).status,
        400
    );
    let huge = "h".repeat(40_000);
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nx-huge: {huge}\r\n\r\n");
    let refused = answered(served.at, request.as_bytes());
    assert!(refused.is_none_or(|answer| answer.status == 431));
    assert_eq!(raw(served.at, b"no http at all\r\n\r\n").status, 400);
}

#[test]
fn a_client_that_says_nothing_is_let_go_and_others_are_served() {
    let served = Served::with(crawled(), |config| config.connections = 8);
    let begun = Instant::now();
    let mut silent: Vec<TcpStream> = (0..7)
        .map(|_| {
            let mut stream = TcpStream::connect(served.at).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nhost:").unwrap();
            stream
        })
        .collect();
    assert_eq!(get(served.at, "/help").status, 200);
    for stream in &mut silent {
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest));
    }
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(15), "let go after {waited:?}");
}

#[test]
fn a_token_is_asked_for_on_every_route() {
    let served = Served::with(crawled(), |config| {
        config.token = Some("correct horse battery".to_owned());
    });
    let host = served.at.to_string();
    for route in ROUTES {
        let refused = get(served.at, route);
        assert_eq!(refused.status, 401, "{route}");
        assert!(
            refused
                .header("www-authenticate")
                .unwrap()
                .starts_with("Basic")
        );
    }
    let known = [
        ("host", host.as_str()),
        ("authorization", "Bearer correct horse battery"),
    ];
    assert_eq!(send(served.at, "GET", "/help", &known).status, 200);
}

#[test]
fn it_ends_when_it_is_told_to() {
    let served = Served::of(crawled());
    let at = served.at;
    assert_eq!(get(at, "/help").status, 200);
    let idle = TcpStream::connect(at).unwrap();
    let begun = Instant::now();
    drop(served);
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "{:?}",
        begun.elapsed()
    );
    assert!(TcpStream::connect(at).is_err());
    drop(idle);
}
