//! HTTP by hand: the tests send what no client library would.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes on the wire, head included.
    pub(crate) wire: usize,
    /// Whether the body ended as its head said it would.
    pub(crate) whole: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// `GET target` as a browser on this machine sends it.
pub(crate) fn get(at: SocketAddr, target: &str) -> Answer {
    send(at, "GET", target, &[("host", &at.to_string())])
}

/// As [`get`], by a client that reads gzip; the body is left packed.
pub(crate) fn get_packed(at: SocketAddr, target: &str) -> Answer {
    let host = at.to_string();
    send(
        at,
        "GET",
        target,
        &[("host", &host), ("accept-encoding", "gzip")],
    )
}

/// Any request.
pub(crate) fn send(at: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request.push_str("\r\n");
    raw(at, request.as_bytes())
}

/// Any bytes.
pub(crate) fn raw(at: SocketAddr, request: &[u8]) -> Answer {
    answered(at, request).unwrap_or_else(|| panic!("no answer"))
}

/// Any bytes; `None` if the server hung up without an answer, as it may on more than it reads.
pub(crate) fn answered(at: SocketAddr, request: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(at).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    drop(stream.write_all(request));
    let mut bytes = Vec::new();
    // A server that refuses early may reset what was not read yet; what came before counts.
    drop(stream.read_to_end(&mut bytes));
    let head_only = request.starts_with(b"HEAD");
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some(parse(&bytes, end, head_only))
}

fn parse(bytes: &[u8], end: usize, head_only: bool) -> Answer {
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[end + 4..];
    let says = |name: &str| {
        headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    let (body, whole) = if says("transfer-encoding").is_some_and(|value| value.contains("chunked"))
    {
        unchunk(rest)
    } else {
        let length = says("content-length").map(|length| length.parse::<usize>().unwrap());
        (
            rest.to_vec(),
            head_only || length.is_none_or(|length| length == rest.len()),
        )
    };
    Answer {
        status,
        headers,
        body,
        wire: bytes.len(),
        whole,
    }
}

fn unchunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(line) = rest.windows(2).position(|part| part == b"\r\n") else {
            return (body, false);
        };
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        rest = &rest[line + 2..];
        if size == 0 {
            return (body, true);
        }
        if rest.len() < size + 2 {
            return (body, false);
        }
        body.extend_from_slice(&rest[..size]);
        rest = &rest[size + 2..];
    }
}
