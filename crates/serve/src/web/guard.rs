//! Who may ask: callers that use one of the server's names, read only, and know the token if there is one.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, AUTHORIZATION, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use nirnay_model::Sha256;

use super::reply;
use crate::problem::Problem;

/// The longest path and query, in bytes.
const LONGEST_TARGET: usize = 8_192;

/// Scripts, styles and frames from here only, and nothing else from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What is asked of a caller before anything is routed.
#[derive(Debug)]
pub(crate) struct Guard {
    /// `name:port`, in lower case, and bare names where those were given.
    hosts: Vec<String>,
    /// Digest of the token.
    token: Option<Sha256>,
}

impl Guard {
    /// `at` is the address that is listened on; `names` are further ones.
    pub(crate) fn new(at: SocketAddr, names: &[String], token: Option<&str>) -> Self {
        let port = at.port();
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"]
            .map(|name| format!("{name}:{port}"))
            .into();
        if port == 80 {
            hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
        }
        for name in names {
            let name = name.trim().to_ascii_lowercase();
            if !name.contains(':') || name.ends_with(']') {
                hosts.push(format!("{name}:{port}"));
            }
            hosts.push(name);
        }
        Self {
            hosts,
            token: token.map(|token| Sha256::of(token.as_bytes())),
        }
    }

    fn objection(&self, request: &Request) -> Option<Problem> {
        let name = self.host(request.headers(), request.uri());
        name.filter(|_| !lets_in(request.uri()))
            .or_else(|| method(request.method()))
            .or_else(|| length(request.uri()))
            .or_else(|| cross_site(request.headers()))
            .or_else(|| self.stranger(request.headers()))
    }

    /// A page elsewhere can make a name of its own point at this machine; it cannot make the browser send
    /// another name than that one.
    fn host(&self, headers: &HeaderMap, uri: &Uri) -> Option<Problem> {
        let mut named = headers.get_all(HOST).iter();
        let (Some(host), None) = (named.next(), named.next()) else {
            return Some(Problem::new(
                StatusCode::BAD_REQUEST,
                "the request must name its host once",
                "send one Host header",
            ));
        };
        let known = |name: &str| {
            let name = name.to_ascii_lowercase();
            self.hosts.contains(&name)
        };
        let fits = host.to_str().is_ok_and(known)
            && uri
                .authority()
                .is_none_or(|authority| known(authority.as_str()));
        (!fits).then(|| {
            Problem::new(
                StatusCode::MISDIRECTED_REQUEST,
                "this server is not called by that name",
                "use http://127.0.0.1 with its port, or start the server with --name",
            )
        })
    }

    fn stranger(&self, headers: &HeaderMap) -> Option<Problem> {
        let token = self.token.as_ref()?;
        let said = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(secret);
        // Digests are compared: how long that takes tells nothing of the token.
        if said.is_some_and(|said| Sha256::of(&said) == *token) {
            return None;
        }
        Some(Problem::new(
            StatusCode::UNAUTHORIZED,
            "this lake is not open to everybody",
            "send the token: Authorization: Bearer TOKEN, or as the password that the browser asks for",
        ))
    }
}

/// True for one route when the bug "one route answers to any name" is switched on (test builds only).
fn lets_in(uri: &Uri) -> bool {
    fail::fail_point!("plant-one-route-unguarded", |_| uri.path()
        == "/api/v1/coverage");
    let _ = uri;
    false
}

fn method(method: &Method) -> Option<Problem> {
    (!matches!(*method, Method::GET | Method::HEAD)).then(|| {
        Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "nothing can be changed here",
            "use GET",
        )
    })
}

fn length(uri: &Uri) -> Option<Problem> {
    let target = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    (target > LONGEST_TARGET).then(|| {
        Problem::new(
            StatusCode::URI_TOO_LONG,
            format!("the address has more than {LONGEST_TARGET} bytes"),
            "ask for less at once",
        )
    })
}

/// Other sites may link here; they may not embed or read what is here.
fn cross_site(headers: &HeaderMap) -> Option<Problem> {
    let says = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok());
    let embedded = says("sec-fetch-site") == Some("cross-site")
        && says("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
    embedded.then(|| {
        Problem::new(
            StatusCode::FORBIDDEN,
            "another site asked for this",
            "open the address in a tab of its own",
        )
    })
}

/// The token in an `Authorization` header.
fn secret(header: &str) -> Option<Vec<u8>> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().as_bytes().to_vec());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD_PAD_INDIFFERENT.decode(rest.trim()).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    pair.get(colon + 1..).map(<[u8]>::to_vec)
}

/// Lets a request through or refuses it, and puts on every answer what a browser must heed.
pub(crate) async fn watch(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let gzip = reply::takes_gzip(request.headers());
    let mut response = match guard.objection(&request) {
        Some(problem) => {
            let mut response = reply::problem(&problem, gzip);
            let headers = response.headers_mut();
            if problem.status == StatusCode::METHOD_NOT_ALLOWED {
                headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            if problem.status == StatusCode::UNAUTHORIZED {
                let ask = HeaderValue::from_static("Basic realm=\"nirnay\", charset=\"UTF-8\"");
                headers.insert(WWW_AUTHENTICATE, ask);
            }
            response
        }
        None => next.run(request).await,
    };
    harden(response.headers_mut());
    response
}

fn harden(headers: &mut HeaderMap) {
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A document brings a stricter one.
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn guard() -> Guard {
        let at = "127.0.0.1:7474".parse().unwrap();
        Guard::new(
            at,
            &["lake.example".to_owned(), "proxy.example:443".to_owned()],
            None,
        )
    }

    fn asked(guard: &Guard, uri: &str, headers: &[(&str, &str)]) -> StatusCode {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        guard
            .objection(&request)
            .map_or(StatusCode::OK, |problem| problem.status)
    }

    #[test]
    fn only_names_of_this_server_are_answered_to() {
        let guard = guard();
        for good in [
            "127.0.0.1:7474",
            "localhost:7474",
            "LocalHost:7474",
            "[::1]:7474",
            "lake.example",
            "lake.example:7474",
            "Lake.Example:7474",
            "proxy.example:443",
        ] {
            assert_eq!(
                asked(&guard, "/", &[("host", good)]),
                StatusCode::OK,
                "{good}"
            );
        }
        for bad in [
            "",
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost",
            "localhost:74740",
            "localhost:7474.evil.example",
            "evil.example",
            "evil.example:7474",
            "127.0.0.1.evil.example:7474",
            "localhost:7474@evil.example",
            "127.0.0.1:7474,evil.example",
            "[::1]",
            "::1:7474",
            "0.0.0.0:7474",
            "127.1:7474",
            "2130706433:7474",
            "localhost.:7474",
            "lake.example.:7474",
            "lake.example:80",
            "proxy.example",
            " localhost:7474",
            "localhost:7474 ",
            "http://localhost:7474",
            "localhost:07474",
        ] {
            let status = asked(&guard, "/", &[("host", bad)]);
            assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{bad:?}");
        }
        assert_eq!(asked(&guard, "/", &[]), StatusCode::BAD_REQUEST);
        let twice = [("host", "localhost:7474"), ("host", "localhost:7474")];
        assert_eq!(asked(&guard, "/", &twice), StatusCode::BAD_REQUEST);
        let absolute = asked(
            &guard,
            "http://evil.example/",
            &[("host", "localhost:7474")],
        );
        assert_eq!(absolute, StatusCode::MISDIRECTED_REQUEST);
    }

    #[test]
    fn other_sites_may_link_and_not_embed() {
        let guard = guard();
        let from = |site, mode| {
            let headers = [
                ("host", "localhost:7474"),
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
            ];
            asked(&guard, "/search?q=a", &headers)
        };
        assert_eq!(from("cross-site", "navigate"), StatusCode::OK);
        assert_eq!(from("same-origin", "cors"), StatusCode::OK);
        assert_eq!(from("cross-site", "no-cors"), StatusCode::FORBIDDEN);
        assert_eq!(from("cross-site", "cors"), StatusCode::FORBIDDEN);
        let long = format!("/search?q={}", "a".repeat(9_000));
        assert_eq!(
            asked(&guard, &long, &[("host", "localhost:7474")]),
            StatusCode::URI_TOO_LONG
        );
    }

    #[test]
    fn a_token_is_asked_for_where_there_is_one() {
        let at = "10.0.0.1:80".parse().unwrap();
        let guard = Guard::new(
            at,
            &["lake.example".to_owned()],
            Some("correct horse battery"),
        );
        let with = |value: &str| {
            asked(
                &guard,
                "/",
                &[("host", "lake.example"), ("authorization", value)],
            )
        };
        assert_eq!(with("Bearer correct horse battery"), StatusCode::OK);
        // anybody:correct horse battery
        // Clients differ in whether they pad.
        for pair in [
            "Basic YW55Ym9keTpjb3JyZWN0IGhvcnNlIGJhdHRlcnk=",
            "basic YW55Ym9keTpjb3JyZWN0IGhvcnNlIGJhdHRlcnk",
        ] {
            assert_eq!(with(pair), StatusCode::OK, "{pair}");
        }
        for wrong in [
            "Bearer wrong",
            "Basic YW55Ym9keTp3cm9uZw==",
            "Basic ???",
            "Bearer",
            "",
            "Digest x",
        ] {
            assert_eq!(with(wrong), StatusCode::UNAUTHORIZED, "{wrong}");
        }
        assert_eq!(
            asked(&guard, "/", &[("host", "lake.example")]),
            StatusCode::UNAUTHORIZED
        );
    }
}
