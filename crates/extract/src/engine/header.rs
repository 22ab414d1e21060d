//! What bytes are before a PDF library sees them.

use super::EngineError;

/// The header may begin anywhere in this many bytes: servers put byte order marks, blank lines or
/// the head of their reply before it.
const WITHIN: usize = 1024;
/// The end of a file is marked somewhere in this many bytes.
const END_WITHIN: usize = 4096;

/// Where the header begins, or why there is none.
pub(super) fn start(bytes: &[u8]) -> Result<usize, EngineError> {
    let head = bytes.get(..bytes.len().min(WITHIN)).unwrap_or_default();
    if let Some(at) = head.windows(5).position(|window| window == b"%PDF-") {
        return Ok(at);
    }
    Err(EngineError::Unreadable(kind(head).to_owned()))
}

/// What a body without a header is, as far as its first bytes tell.
fn kind(head: &[u8]) -> &'static str {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start();
    let lower: Vec<u8> = text.iter().take(256).map(u8::to_ascii_lowercase).collect();
    let begins = |with: &[u8]| lower.starts_with(with);
    if text.is_empty() {
        "it is empty"
    } else if begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<body")
    {
        "it is an HTML page"
    } else if begins(b"<") {
        "it is markup, not a PDF"
    } else if begins(b"{") || begins(b"[") {
        "it is JSON"
    } else if begins(b"%!ps") {
        "it is PostScript"
    } else if begins(b"pk\x03\x04") {
        "it is a ZIP archive or an Office document"
    } else if begins(b"{\\rtf") {
        "it is RTF"
    } else if begins(b"\xff\xd8\xff") || begins(b"\x89png") || begins(b"gif8") || begins(b"ii*\0") {
        "it is a picture"
    } else {
        "it has no PDF header"
    }
}

/// Whether the file ends before its end: without the mark that every writer puts there.
pub(super) fn is_truncated(bytes: &[u8]) -> bool {
    let filled = bytes
        .iter()
        .rposition(|byte| *byte != 0 && !byte.is_ascii_whitespace())
        .map_or(0, |at| at + 1);
    let tail = bytes
        .get(filled.saturating_sub(END_WITHIN)..filled)
        .unwrap_or_default();
    !tail.windows(5).any(|window| window == b"%%EOF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_behind_what_servers_prepend() {
        for (bytes, at) in [
            (b"%PDF-1.4".as_slice(), 0),
            (b"\xef\xbb\xbf%PDF-1.4", 3),
            (b"\r\n\r\n%PDF-1.4", 4),
            (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4", 19),
        ] {
            assert_eq!(start(bytes), Ok(at));
        }
    }

    #[test]
    fn other_bodies_are_named() {
        for (bytes, what) in [
            (b"".as_slice(), "empty"),
            (b" \r\n", "empty"),
            (b"<!DOCTYPE html><title>Captcha</title>", "HTML"),
            (b"\xef\xbb\xbf\n<HTML>", "HTML"),
            (b"<?xml version=\"1.0\"?>", "markup"),
            (b"{\"error\": \"File Not Found\"}", "JSON"),
            (b"PK\x03\x04", "ZIP"),
            (b"garbage", "no PDF header"),
        ] {
            let why = start(bytes).unwrap_err().to_string();
            assert!(why.contains(what), "{why}");
        }
    }

    #[test]
    fn a_file_without_its_end_is_truncated() {
        assert!(!is_truncated(b"%PDF-1.4\nstartxref\n9\n%%EOF\n"));
        assert!(!is_truncated(b"%PDF-1.4\n%%EOF\r\n\0\0"));
        assert!(is_truncated(b"%PDF-1.4\n1 0 obj\n<<"));
        let mut zeros = b"%PDF-1.4\n1 0 obj\n".to_vec();
        zeros.resize(9000, 0);
        assert!(is_truncated(&zeros));
    }
}
