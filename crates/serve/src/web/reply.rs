//! Answers as they leave.

use std::io::Write as _;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::problem::Problem;

/// Bodies shorter than this are sent as they are.
const WORTH_PACKING: usize = 1_024;

pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json";
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Whether the caller reads gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            let refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
            });
            named && !refused
        })
}

/// A body that is wholly there.
pub(crate) fn reply(
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
    gzip: bool,
) -> Response {
    let (body, packed) = match gzip.then(|| pack(&body)).flatten() {
        Some(small) => (small, true),
        None => (body, false),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn pack(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < WORTH_PACKING {
        return None;
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(5));
    packer.write_all(body).ok()?;
    packer.finish().ok()
}

/// A page.
pub(crate) fn html(status: StatusCode, page: maud::Markup, gzip: bool) -> Response {
    reply(status, HTML, page.into_string().into_bytes(), gzip)
}

/// A value for programs.
pub(crate) fn json(value: &Value, gzip: bool) -> Response {
    reply(StatusCode::OK, JSON, bytes(value), gzip)
}

/// A problem for programs.
pub(crate) fn problem(problem: &Problem, gzip: bool) -> Response {
    reply(problem.status, PROBLEM, bytes(&problem.json()), gzip)
}

fn bytes(value: &Value) -> Vec<u8> {
    let mut bytes = value.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_only_for_those_who_read_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            takes_gzip(&headers)
        };
        assert!(takes("gzip, deflate, br") && takes("br, GZIP;q=0.5"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("") && !takes_gzip(&HeaderMap::new()));
    }
}
