//! Documents of High Court Services.

use super::plain;
use crate::body::unknown;
use crate::{Refusal, Reply, text};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The document in a reply: some begin with a byte-order mark, which is dropped. A text in its place is a refusal:
/// `Unable to connect to server` is also what an expired session and a missing `Referer` are told.
pub fn document(body: &[u8]) -> Reply<&[u8]> {
    let mut bytes = body;
    while let Some(rest) = bytes.strip_prefix(MARK) {
        bytes = rest;
    }
    if bytes.starts_with(b"%PDF") {
        return Reply::Good(bytes);
    }
    Reply::Refused(instead(bytes))
}

fn instead(bytes: &[u8]) -> Refusal {
    if bytes.len() > 65_536 {
        return unknown(format!("{} bytes that are no PDF", bytes.len()));
    }
    match plain::text_of(bytes) {
        Ok(words) => plain::refusal(&text::plain(&words, 4096)),
        Err(refusal) => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_words_in_their_place() {
        assert_eq!(
            document(b"\xef\xbb\xbf%PDF-1.4 x"),
            Reply::Good(&b"%PDF-1.4 x"[..])
        );
        let refused = |body: &[u8]| document(body).into_result().unwrap_err();
        assert_eq!(
            refused(b"\xef\xbb\xbfUnable to connect to server"),
            Refusal::SessionExpired
        );
        assert!(matches!(
            refused(b"Orders is not uploaded for case number WP/1/2024"),
            Refusal::NotFound { .. }
        ));
        assert_eq!(refused(b""), Refusal::Empty);
    }
}
