//! The portal's per-reply token.

use serde_json::{Map, Value};

/// `text` if it has the form of a token: 32 to 128 hex digits.
pub(crate) fn well_formed(text: &str) -> Option<String> {
    let text = text.trim();
    let good = (32..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    good.then(|| text.to_owned())
}

/// The `app_token` of a JSON reply.
pub(crate) fn of(object: &Map<String, Value>) -> Option<String> {
    object
        .get("app_token")
        .and_then(Value::as_str)
        .and_then(well_formed)
}

/// Cuts `message<br/>#####token` into its two parts.
pub(crate) fn split_message(text: &str) -> Option<(&str, String)> {
    let text = text.trim();
    // Most replies are megabytes of JSON: their last character says enough.
    if !text.ends_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let (message, token) = text.rsplit_once("#####")?;
    Some((message.trim_end_matches('#'), well_formed(token)?))
}
