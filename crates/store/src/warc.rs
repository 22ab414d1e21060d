//! WARC 1.1 records: one gzip member each.

use std::io::{BufRead, BufReader, Read, Write as _};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use nirnay_model::{Capture, CapturedBody, Sha256};

/// The largest record read back: far above any reply limit.
const MAX_RECORD: u64 = 1 << 30;

/// The longest header line read back.
const MAX_LINE: u64 = 1 << 20;

/// The profile of `revisit` records whose payload lies elsewhere, under its own hash.
const REVISIT: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// A record as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) block: Vec<u8>,
}

impl Record {
    /// The value of a header, names compared without case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The block behind its HTTP head.
    pub(crate) fn payload(&self) -> &[u8] {
        let end = self.block.windows(4).position(|four| four == b"\r\n\r\n");
        end.and_then(|end| self.block.get(end + 4..)).unwrap_or(&[])
    }

    /// The hash of the payload as the record states it.
    pub(crate) fn payload_digest(&self) -> Option<Sha256> {
        digest(self.header("WARC-Payload-Digest")?)
    }

    /// Whether the block is what the record says it is.
    pub(crate) fn is_whole(&self) -> bool {
        self.header("WARC-Block-Digest").and_then(digest) == Some(Sha256::of(&self.block))
    }
}

fn digest(text: &str) -> Option<Sha256> {
    text.strip_prefix("sha256:")?.parse().ok()
}

fn digest_text(hash: &Sha256) -> String {
    format!("sha256:{hash}")
}

/// A record id that is the same whenever the same record is made.
fn record_id<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let hash = Sha256::of_parts(parts);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80; // version 8: made by a rule of our own
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let number = u128::from_be_bytes(bytes);
    let part = |shift: u32, digits: u32| (number >> shift) & ((1_u128 << (4 * digits)) - 1);
    format!(
        "<urn:uuid:{:08x}-{:04x}-{:04x}-{:04x}-{:012x}>",
        part(96, 8),
        part(80, 4),
        part(64, 4),
        part(48, 4),
        part(0, 12)
    )
}

/// Values must stay on their line.
fn one_line(value: &str) -> String {
    value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn member(record_type: &str, headers: &[(&str, String)], block: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(
        Vec::with_capacity(block.len() / 4 + 512),
        Compression::new(6),
    );
    write!(gzip, "WARC/1.1\r\nWARC-Type: {record_type}\r\n")?;
    for (name, value) in headers {
        write!(gzip, "{name}: {}\r\n", one_line(value))?;
    }
    write!(
        gzip,
        "WARC-Block-Digest: {}\r\n",
        digest_text(&Sha256::of(block))
    )?;
    write!(gzip, "Content-Length: {}\r\n\r\n", block.len())?;
    gzip.write_all(block)?;
    gzip.write_all(b"\r\n\r\n")?;
    gzip.finish()
}

/// The first record of a file.
pub(crate) fn warcinfo(file: &str, at: Timestamp) -> std::io::Result<Vec<u8>> {
    let block = format!(
        "software: nirnay/{}\r\nformat: WARC File Format 1.1\r\n\
         conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
         description: replies as served; cookies, tokens and captcha answers masked; PDF bodies under documents/\r\n",
        env!("CARGO_PKG_VERSION")
    );
    let headers = [
        (
            "WARC-Record-ID",
            record_id([file.as_bytes(), at.to_string().as_bytes(), b"warcinfo"]),
        ),
        ("WARC-Date", at.to_string()),
        ("WARC-Filename", file.to_owned()),
        ("Content-Type", "application/warc-fields".to_owned()),
    ];
    member("warcinfo", &headers, block.as_bytes())
}

/// The response (or revisit) and the request record of an exchange. `place` tells two captures of
/// the same reply apart.
pub(crate) fn exchange(capture: &Capture, place: &str) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let at = capture.at.to_string();
    let id = |part: &[u8]| {
        record_id([
            place.as_bytes(),
            capture.id.as_str().as_bytes(),
            at.as_bytes(),
            part,
        ])
    };
    let response_id = id(b"response");
    let mut common = vec![
        ("WARC-Record-ID", response_id.clone()),
        ("WARC-Date", at.clone()),
        (
            "WARC-Target-URI",
            capture.url.replace(|c: char| c.is_whitespace(), "%20"),
        ),
        ("Nirnay-Capture", capture.id.to_string()),
        ("Nirnay-Kind", capture.kind.name().to_owned()),
        ("Nirnay-Source", capture.source.name().to_owned()),
        ("Nirnay-Epoch", capture.epoch.to_string()),
        (
            "Content-Type",
            "application/http;msgtype=response".to_owned(),
        ),
    ];
    let mut block = response_head(capture);
    let response = match &capture.body {
        CapturedBody::Inline(body) => {
            common.push(("WARC-Payload-Digest", digest_text(&Sha256::of(body))));
            block.extend_from_slice(body);
            member("response", &common, &block)?
        }
        CapturedBody::Document { sha256, size } => {
            common.push(("WARC-Payload-Digest", digest_text(sha256)));
            common.push(("WARC-Profile", REVISIT.to_owned()));
            common.push(("Nirnay-Document-Size", size.to_string()));
            member("revisit", &common, &block)?
        }
    };
    common.truncate(7);
    common[0].1 = id(b"request");
    common.push(("WARC-Concurrent-To", response_id));
    common.push((
        "Content-Type",
        "application/http;msgtype=request".to_owned(),
    ));
    Ok((
        response,
        member("request", &common, &request_block(capture))?,
    ))
}

/// Status line and headers. Headers that describe a coding or length which the kept body no longer
/// has are kept under another name, so that readers do not decode twice.
fn response_head(capture: &Capture) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", capture.status, reason(capture.status));
    for (name, value) in &capture.response_headers {
        let moved = match (name.to_ascii_lowercase().as_str(), &capture.body) {
            ("transfer-encoding", _) => true,
            ("content-encoding", CapturedBody::Inline(body)) => {
                !(value.eq_ignore_ascii_case("gzip") && body.starts_with(&[0x1f, 0x8b]))
            }
            ("content-encoding", CapturedBody::Document { .. }) => true,
            ("content-length", CapturedBody::Inline(body)) => {
                value.trim().parse() != Ok(body.len())
            }
            _ => false,
        };
        header_line(
            &mut head,
            if moved { "X-Archive-Orig-" } else { "" },
            name,
            value,
        );
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn request_block(capture: &Capture) -> Vec<u8> {
    let rest = capture
        .url
        .split_once("://")
        .map_or(capture.url.as_str(), |(_, rest)| rest);
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, target) = rest.split_at(host_end);
    let slash = if target.starts_with('/') { "" } else { "/" };
    let mut head = format!(
        "{} {slash}{} HTTP/1.1\r\n",
        one_line(&capture.method),
        one_line(target).replace(' ', "%20")
    );
    if !capture
        .request_headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"))
    {
        header_line(&mut head, "", "Host", host);
    }
    for (name, value) in &capture.request_headers {
        header_line(&mut head, "", name, value);
    }
    head.push_str("\r\n");
    let mut block = head.into_bytes();
    block.extend_from_slice(&capture.request_body);
    block
}

fn header_line(head: &mut String, prefix: &str, name: &str, value: &str) {
    head.push_str(prefix);
    head.extend(name.chars().filter(|c| c.is_ascii_graphic() && *c != ':'));
    head.push_str(": ");
    head.push_str(&one_line(value));
    head.push_str("\r\n");
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

fn bad(why: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, why)
}

/// The length that a record states for its block is not believed before the bytes are there.
fn read_block(reader: &mut impl Read, length: u64) -> std::io::Result<Vec<u8>> {
    if length > MAX_RECORD {
        return Err(bad("the record is larger than any that is written here"));
    }
    let mut block = Vec::new();
    reader.take(length).read_to_end(&mut block)?;
    if block.len() as u64 != length {
        return Err(bad("the record ends before its block does"));
    }
    Ok(block)
}

/// Counts what is taken from it, which is the offset of the next record.
pub(crate) struct Counting<R> {
    inner: R,
    position: u64,
}

impl<R> Counting<R> {
    pub(crate) fn new(inner: R, position: u64) -> Self {
        Self { inner, position }
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }
}

impl<R: BufRead> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.position += count as u64;
        self.inner.consume(count);
    }
}

/// Reads the record at the beginning of `reader`, and the rest of its gzip member, whose checksum is
/// thereby verified. `None` at the end of the file.
pub(crate) fn read(reader: &mut impl BufRead) -> std::io::Result<Option<Record>> {
    if reader.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut member = BufReader::new(GzDecoder::new(reader));
    let line = |member: &mut BufReader<_>| -> std::io::Result<String> {
        let mut line = String::new();
        Read::take(member, MAX_LINE).read_line(&mut line)?;
        if line.ends_with("\r\n") {
            Ok(line.trim_end().to_owned())
        } else {
            Err(bad("a header line has no end"))
        }
    };
    if line(&mut member)? != "WARC/1.1" {
        return Err(bad("not a WARC 1.1 record"));
    }
    let mut headers = Vec::new();
    loop {
        let text = line(&mut member)?;
        if text.is_empty() {
            break;
        }
        let (name, value) = text
            .split_once(':')
            .ok_or_else(|| bad("a header line has no colon"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
        if headers.len() > 1000 {
            return Err(bad("too many header lines"));
        }
    }
    let mut record = Record {
        headers,
        block: Vec::new(),
    };
    let length = record
        .header("Content-Length")
        .and_then(|text| text.parse().ok());
    record.block = read_block(&mut member, length.ok_or_else(|| bad("no Content-Length"))?)?;
    let mut rest = Vec::new();
    Read::take(&mut member, 5).read_to_end(&mut rest)?;
    if rest == b"\r\n\r\n" {
        Ok(Some(record))
    } else {
        Err(bad("the record does not end as it must"))
    }
}

#[cfg(test)]
mod tests {
    use nirnay_model::{CaptureId, CaptureKind, SourceId};

    use super::*;

    fn capture(body: CapturedBody) -> Capture {
        let headers = |list: &[(&str, &str)]| {
            list.iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect()
        };
        Capture {
            id: CaptureId::of_parts([b"one".as_slice()]),
            kind: CaptureKind::Search,
            source: SourceId::EcourtsHc.into(),
            at: "2026-11-21T10:00:00.5Z".parse().unwrap(),
            epoch: 3,
            method: "POST".to_owned(),
            url: "https://example.org/pdfsearch/?p=1 2".to_owned(),
            request_headers: headers(&[("Cookie", "***")]),
            request_body: b"a=1".to_vec(),
            status: 200,
            response_headers: headers(&[
                ("Content-Type", "text/html"),
                ("transfer-encoding", "chunked"),
                ("X-Odd", "a\r\nInjected: yes"),
            ]),
            body,
        }
    }

    #[test]
    fn a_record_is_read_back_as_written() {
        let body = b"line\r\n\r\nWARC/1.1\r\n\x00\xff".to_vec();
        let (response, request) =
            exchange(&capture(CapturedBody::Inline(body.clone())), "f:0").unwrap();
        let file = [
            warcinfo("f", Timestamp::UNIX_EPOCH).unwrap(),
            response,
            request,
        ]
        .concat();
        let mut reader = file.as_slice();
        let info = read(&mut reader).unwrap().unwrap();
        assert_eq!(info.header("warc-type"), Some("warcinfo"));
        let response = read(&mut reader).unwrap().unwrap();
        assert!(response.is_whole());
        assert_eq!(response.payload(), body);
        assert_eq!(response.payload_digest(), Some(Sha256::of(&body)));
        let head = String::from_utf8_lossy(&response.block).into_owned();
        assert!(head.contains("X-Archive-Orig-transfer-encoding: chunked\r\n"));
        assert!(
            !head.contains("\r\nInjected:"),
            "a header cannot break out of its line"
        );
        let request = read(&mut reader).unwrap().unwrap();
        assert_eq!(
            request.header("WARC-Concurrent-To"),
            response.header("WARC-Record-ID")
        );
        assert!(
            request
                .block
                .starts_with(b"POST /pdfsearch/?p=1%202 HTTP/1.1\r\nHost: example.org\r\n")
        );
        assert_eq!(request.payload(), b"a=1");
        assert_eq!(read(&mut reader).unwrap(), None);
    }

    #[test]
    fn documents_become_revisits_without_a_body() {
        let sha256 = Sha256::of(b"%PDF-");
        let (response, _) =
            exchange(&capture(CapturedBody::Document { sha256, size: 5 }), "f:0").unwrap();
        let record = read(&mut response.as_slice()).unwrap().unwrap();
        assert_eq!(record.header("WARC-Type"), Some("revisit"));
        assert_eq!(
            (record.payload_digest(), record.payload()),
            (Some(sha256), b"".as_slice())
        );
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let (response, _) =
            exchange(&capture(CapturedBody::Inline(b"body".repeat(50))), "f:0").unwrap();
        for length in 1..response.len() {
            assert!(read(&mut &response[..length]).is_err(), "cut at {length}");
        }
        let whole = read(&mut response.as_slice()).unwrap();
        for place in 10..response.len() {
            let mut broken = response.clone();
            broken[place] ^= 0x10;
            // The last byte of the compressed data may have bits that mean nothing.
            if let Ok(found) = read(&mut broken.as_slice()) {
                assert_eq!(found, whole, "bit flipped at {place}");
            }
        }
    }
}
