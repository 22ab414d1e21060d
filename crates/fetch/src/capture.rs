//! Exchanges as they are kept.

use jiff::Timestamp;
use memchr::{memchr2, memmem};
use nirnay_model::{Capture, CaptureId, CaptureKind, CaptureSource, CapturedBody, Sha256};

use crate::mask::{mask_body, mask_form, mask_headers, mask_text, new_cookies, sent_cookies};
use crate::{HttpReply, HttpRequest, Secret};

/// Where an exchange belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) source: CaptureSource,
    pub(crate) epoch: u64,
    pub(crate) at: Timestamp,
}

/// The exchange with every secret masked, and an identity that is the same whenever the same thing
/// is asked and answered.
pub(crate) fn capture(
    place: Place,
    request: &HttpRequest,
    reply: &HttpReply,
    secrets: &[Secret],
) -> Capture {
    // A cookie is a secret from the reply on that sets it.
    let mut known = secrets.to_vec();
    known.extend(sent_cookies(&request.headers));
    known.extend(new_cookies(&reply.headers));
    let body = captured_body(request.kind, reply, &known);
    Capture {
        id: identity(place.source, request, reply, &body),
        kind: request.kind,
        source: place.source,
        at: place.at,
        epoch: place.epoch,
        method: request.method.name().to_owned(),
        url: mask_text(request.url.as_str(), &known),
        request_headers: mask_headers(&request.headers, &known),
        request_body: mask_form(&request.body),
        status: reply.status,
        response_headers: stored_headers(reply, &known),
        body,
    }
}

fn captured_body(kind: CaptureKind, reply: &HttpReply, secrets: &[Secret]) -> CapturedBody {
    match kind {
        // Masking bytes that are no text would only damage them; what stands in a picture's place is text.
        CaptureKind::Captcha if is_picture(&reply.body) => {
            CapturedBody::Inline(reply.body.to_vec())
        }
        CaptureKind::Document if looks_like_pdf(&reply.body) => CapturedBody::Document {
            sha256: Sha256::of(&reply.body),
            size: reply.body.len() as u64,
        },
        _ => CapturedBody::Inline(mask_body(&reply.body, secrets)),
    }
}

/// A reply that was asked for as a document but is none (an error page) is kept whole.
pub(crate) fn looks_like_pdf(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(1_024)).unwrap_or_default();
    head.windows(5).any(|window| window == b"%PDF-")
}

/// Whether the bytes begin as a PNG, JPEG or GIF does.
pub(crate) fn is_picture(body: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"];
    starts.iter().any(|start| body.starts_with(start))
}

/// Headers as received, but those that describe an encoding which the kept body no longer has are
/// renamed, as web archives do.
fn stored_headers(reply: &HttpReply, known: &[Secret]) -> Vec<(String, String)> {
    let encoded = reply.header("content-encoding").is_some();
    let mut headers = mask_headers(&reply.headers, known);
    for (name, _) in &mut headers {
        let lower = name.to_ascii_lowercase();
        if lower == "transfer-encoding"
            || encoded && matches!(lower.as_str(), "content-encoding" | "content-length")
        {
            *name = format!("X-Archive-Orig-{name}");
        }
    }
    headers
}

fn identity(
    source: CaptureSource,
    request: &HttpRequest,
    reply: &HttpReply,
    body: &CapturedBody,
) -> CaptureId {
    let status = reply.status.to_le_bytes();
    let mut parts: Vec<&[u8]> = vec![
        request.kind.name().as_bytes(),
        source.name().as_bytes(),
        request.subject.as_bytes(),
        &status,
    ];
    let page = match request.kind {
        CaptureKind::Search => page_parts(&reply.body),
        _ => None,
    };
    match (&page, body) {
        (Some(page), _) => parts.extend(page),
        (None, CapturedBody::Inline(bytes)) => parts.push(bytes),
        (None, CapturedBody::Document { sha256, .. }) => parts.push(sha256.as_bytes()),
    }
    CaptureId::of_parts(parts)
}

/// What a page of results says, as it says it: totals and rows, without the session's token, the echo and
/// the time it took. `None` for anything else. Nothing is copied.
fn page_parts(body: &[u8]) -> Option<[&[u8]; 3]> {
    let rows = value(body, b"\"aaData\"").filter(|rows| rows.starts_with(b"["))?;
    // A total comes as a number in one reply and as text in the next.
    let total = |key: &[u8]| {
        let text = value(body, key).unwrap_or_default();
        text.strip_prefix(b"\"")
            .and_then(|text| text.strip_suffix(b"\""))
            .unwrap_or(text)
    };
    Some([
        total(b"\"iTotalRecords\""),
        total(b"\"iTotalDisplayRecords\""),
        rows,
    ])
}

/// The JSON value behind the first `key`, with its brackets; `None` where it does not end.
fn value<'a>(body: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let after = memmem::find(body, key)? + key.len();
    let rest = body.get(after..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b":")?.trim_ascii_start();
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(byte) = rest.get(at) {
        match byte {
            b'"' => at += quoted(rest.get(at + 1..)?)?,
            b'[' | b'{' => depth += 1,
            b']' | b'}' | b',' if depth == 0 => return rest.get(..at),
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return rest.get(..=at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The length of a JSON text with the quotation mark that ends it; `None` where it does not end.
fn quoted(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use nirnay_model::SourceId;

    use super::*;
    use crate::Method;

    const PLACE: Place = Place {
        source: CaptureSource::Judgments(SourceId::EcourtsHc),
        epoch: 3,
        at: Timestamp::UNIX_EPOCH,
    };

    fn request(kind: CaptureKind, body: &'static str) -> HttpRequest {
        HttpRequest {
            kind,
            subject: "court=7~26".to_owned(),
            method: Method::Post,
            url: "https://judgments.ecourts.gov.in/pdfsearch/?p=pdf_search/home"
                .parse()
                .unwrap(),
            headers: vec![("Cookie".to_owned(), "S=secretsecret".to_owned())],
            body: Bytes::from_static(body.as_bytes()),
            max_body: 1 << 20,
        }
    }

    fn reply(body: impl Into<Vec<u8>>) -> HttpReply {
        HttpReply {
            status: 200,
            headers: vec![("Set-Cookie".to_owned(), "S=othersecret; path=/".to_owned())],
            body: Bytes::from(body.into()),
            wire_bytes: 0,
            elapsed: Duration::ZERO,
        }
    }

    fn page(token: char, echo: u64, seconds: &str, row: &str) -> Vec<u8> {
        let token = token.to_string().repeat(64);
        format!(
            r#" {{"reportrow":{{"sEcho":{echo},"iTotalRecords":1,"iTotalDisplayRecords":1,"aaData":[[1,"{row}"]]}},
            "total":"1","seconds":"{seconds}","app_token":"{token}"}}"#
        )
        .into_bytes()
    }

    fn of(kind: CaptureKind, body: impl Into<Vec<u8>>) -> Capture {
        capture(
            PLACE,
            &request(kind, "captcha=ab12cd&app_token=0123"),
            &reply(body),
            &[],
        )
    }

    #[test]
    fn the_same_page_has_the_same_id_in_another_session() {
        let first = of(CaptureKind::Search, page('a', 1, "0.041", "<b>row</b>"));
        assert_eq!(
            first.id,
            of(CaptureKind::Search, page('b', 7, "0.9", "<b>row</b>")).id
        );
        assert_ne!(
            first.id,
            of(CaptureKind::Search, page('a', 1, "0.041", "<b>other</b>")).id
        );
        assert_ne!(
            first.id,
            of(CaptureKind::Feed, page('a', 1, "0.041", "<b>row</b>")).id
        );
    }

    #[test]
    fn values_end_where_json_ends_them() {
        let of = |body: &'static str| value(body.as_bytes(), b"\"k\"").map(String::from_utf8_lossy);
        for (body, expected) in [
            (r#"{"k":"a\"],}","x":1}"#, Some(r#""a\"],}""#)),
            (
                r#"{"k":[["\\"],{"a":"]"}],"x":1}"#,
                Some(r#"[["\\"],{"a":"]"}]"#),
            ),
            (r#"{"k": 12}"#, Some("12")),
            (r#"{"k":"never ends\"#, None),
            (r#"{"k":["#, None),
            (r#"{"other":1}"#, None),
        ] {
            assert_eq!(of(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn nothing_secret_is_left() {
        let kept = format!("{:?}", {
            let capture = of(CaptureKind::Search, page('a', 1, "0", "row"));
            let CapturedBody::Inline(body) = &capture.body else {
                panic!("inline")
            };
            assert!(!String::from_utf8_lossy(body).contains("aaaaaaaa"));
            assert_eq!(capture.request_body, b"captcha=xxxxxx&app_token=xxxx");
            capture
        });
        assert!(
            !kept.contains("secretsecret") && !kept.contains("othersecret"),
            "{kept}"
        );
    }

    #[test]
    fn only_a_real_picture_is_kept_as_it_came() {
        let kept = |body: &[u8]| match of(CaptureKind::Captcha, body).body {
            CapturedBody::Inline(body) => body,
            CapturedBody::Document { .. } => panic!("inline"),
        };
        let picture = b"\x89PNG\r\n\x1a\n app_token=0123456789abcdef \xff";
        assert_eq!(kept(picture), picture);
        let page = kept(b"<html>app_token=0123456789abcdef</html>");
        assert_eq!(page, b"<html>app_token=xxxxxxxxxxxxxxxx</html>");
    }

    #[test]
    fn session_ids_in_addresses_are_masked() {
        let mut moved = request(CaptureKind::Start, "");
        moved.headers[0].1 = "S=0123456789abcdefgh".to_owned();
        moved.url = "https://judgments.ecourts.gov.in/pdfsearch/?id=0123456789abcdefgh"
            .parse()
            .unwrap();
        let kept = capture(PLACE, &moved, &reply(""), &[]);
        assert!(!kept.url.contains("0123456789"), "{}", kept.url);
    }

    #[test]
    fn documents_are_named_and_error_pages_are_kept() {
        let pdf = of(CaptureKind::Document, "\u{feff}%PDF-1.4 ...");
        assert!(matches!(pdf.body, CapturedBody::Document { size: 15, .. }));
        let page = of(CaptureKind::Document, "<html>404</html>");
        assert_eq!(
            page.body,
            CapturedBody::Inline(b"<html>404</html>".to_vec())
        );
    }

    #[test]
    fn headers_of_a_lost_encoding_are_renamed() {
        let mut gzipped = reply("x");
        for (name, value) in [
            ("content-encoding", "gzip"),
            ("Content-Length", "21"),
            ("Transfer-Encoding", "chunked"),
        ] {
            gzipped.headers.push((name.to_owned(), value.to_owned()));
        }
        let names: Vec<String> = stored_headers(&gzipped, &[])
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "Set-Cookie",
                "X-Archive-Orig-content-encoding",
                "X-Archive-Orig-Content-Length",
                "X-Archive-Orig-Transfer-Encoding"
            ]
        );
    }
}
