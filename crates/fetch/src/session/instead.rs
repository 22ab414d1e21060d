//! A page that stands where a picture or a document was expected.

use nirnay_parse::judgments::start_page;
use nirnay_parse::{Refusal, Reply};

/// Longer bodies are no message.
const LONGEST_PAGE: usize = 256 << 10;

/// What the portal says, if `body` is HTML or JSON rather than the bytes asked for.
pub(crate) fn instead(body: &[u8]) -> Option<Refusal> {
    let text = body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii_start();
    let speaks = text.starts_with(b"<") || text.starts_with(b"{");
    if !speaks || text.len() > LONGEST_PAGE {
        return None;
    }
    match start_page(body) {
        Reply::Good(_) => Some(Refusal::LoginPage),
        Reply::Refused(refusal) => Some(refusal),
    }
}
