//! Bodies of High Court Services before anything is read from them.

use std::borrow::Cow;

use crate::body::unknown;
use crate::{Refusal, message, text};

/// The largest body that is read: an advocate's cases of many years have tens of megabytes.
const MOST_BYTES: usize = 128 << 20;

/// The text of a body: marks and blanks around it dropped, control characters that may stand raw inside JSON
/// replaced by blanks.
pub(super) fn text_of(body: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if body.len() > MOST_BYTES {
        return Err(unknown(format!(
            "{} bytes; at most {MOST_BYTES} are read",
            body.len()
        )));
    }
    let decoded = crate::body::decoded(body);
    let is_mark = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0';
    let trimmed = decoded.trim_matches(is_mark);
    if trimmed.is_empty() {
        return Err(Refusal::Empty);
    }
    let raw = |b: u8| b < b' ' && !matches!(b, b'\n' | b'\r' | b'\t');
    let has_control = has_control(trimmed);
    if has_control && (trimmed.starts_with('{') || trimmed.bytes().any(raw)) {
        let clean = |c: char| if c.is_ascii_control() { ' ' } else { c };
        return Ok(Cow::Owned(trimmed.chars().map(clean).collect()));
    }
    Ok(match decoded {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_mark)),
        Cow::Owned(_) => Cow::Owned(trimmed.to_owned()),
    })
}

/// Whether a control character is in `text`; the least byte is found several times faster than the first such one.
fn has_control(text: &str) -> bool {
    text.bytes().min().is_some_and(|least| least < b' ')
}

/// What a plain text says instead of an answer.
pub(super) fn refusal(text: &str) -> Refusal {
    let head = text::clip(&text::fold(text::head(text, 2000)), 200);
    let lower = head.to_lowercase();
    let has = |words: &str| lower.contains(words);
    if has("record not found")
        || has("records not found")
        || has("no record")
        || has("orders is not uploaded")
    {
        return Refusal::NotFound { message: head };
    }
    if has("captcha") {
        return message::spoken(&head);
    }
    // Said to an expired session as well as by a back end that is down.
    if has("unable to connect") || has("connection failed") || has("invalid request") {
        return Refusal::SessionExpired;
    }
    if has("there is an error") || has("error") {
        return error(&head);
    }
    match message::loose_text(text) {
        Refusal::Unknown { .. } => unknown(format!(
            "plain text in place of an answer: {:?}",
            text::clip(&head, 80)
        )),
        said => said,
    }
}

/// An error by its code: `ERROR_VAL` is given at random under load as well as for refused fields.
pub(super) fn error(code: &str) -> Refusal {
    let message = text::clip(code, 200);
    let transient = ["ERROR_VAL", "THERE IS AN ERROR", "errordatalimit"];
    if transient
        .iter()
        .any(|known| message.eq_ignore_ascii_case(known))
    {
        return Refusal::TryAgain { message };
    }
    Refusal::PortalError { message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_raw_control_characters() {
        assert_eq!(text_of(b"\xef\xbb\xbf").unwrap_err(), Refusal::Empty);
        assert_eq!(text_of(b"\xef\xbb\xbf 0~x# ").unwrap(), "0~x#");
        assert_eq!(
            text_of(b"{\"a\":\"x\x01\ny\"}").unwrap(),
            "{\"a\":\"x  y\"}"
        );
    }

    #[test]
    fn plain_texts_are_refusals_of_their_own() {
        assert_eq!(refusal("Invalid Request..!!!"), Refusal::SessionExpired);
        assert_eq!(
            refusal("Unable to connect to server"),
            Refusal::SessionExpired
        );
        assert!(matches!(refusal("ERROR_VAL"), Refusal::TryAgain { .. }));
        assert!(matches!(
            refusal("THERE IS AN ERROR"),
            Refusal::TryAgain { .. }
        ));
        assert!(matches!(
            refusal("ERROR_caseStatusSearchTypeBlank"),
            Refusal::PortalError { .. }
        ));
        assert!(matches!(refusal("ERROR7"), Refusal::PortalError { .. }));
        assert!(matches!(
            refusal("Record Not Found"),
            Refusal::NotFound { .. }
        ));
        assert!(matches!(
            refusal("Invalid Captcha"),
            Refusal::CaptchaWrong { .. }
        ));
        assert!(matches!(refusal("hello"), Refusal::Unknown { .. }));
    }
}
