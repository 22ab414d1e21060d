//! The JSON around every answer.

use serde::Serialize;
use serde_json::Value;

use crate::body::{self, Body, unknown};
use crate::{Refusal, json, text};

/// An answer with the token for the next request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told<T> {
    /// What was asked for.
    pub value: T,
    /// The next token.
    pub token: Option<String>,
}

/// The HTML under the first of `keys` that is there, and the next token.
pub(super) fn html(body: &[u8], keys: &[&str]) -> Result<Told<String>, Refusal> {
    let told = value(body, keys)?;
    let Value::String(html) = told.value else {
        return Err(unknown(format!(
            "`{}` is no text: {}",
            keys.join("` or `"),
            json::head(&told.value, 60)
        )));
    };
    Ok(Told {
        value: html,
        token: told.token,
    })
}

/// The value under the first of `keys` that is there, and the next token.
pub(super) fn value(body: &[u8], keys: &[&str]) -> Result<Told<Value>, Refusal> {
    let object = match body::classify(body)? {
        Body::Object(object) => object,
        other => {
            return Err(told(
                other.unexpected(&format!("`{}`", keys.join("` or `"))),
            ));
        }
    };
    let mut object = object;
    let token = object.token();
    let has = |key: &&&str| {
        object
            .map()
            .get(**key)
            .is_some_and(|value| !value.is_null())
    };
    let key = keys.iter().find(has).copied();
    let refused = key.is_none() && has(&&"div_captcha") && is_zero(object.map().get("status"));
    if refused && object.message().is_none() {
        // The form for another try, and not a word.
        return Err(Refusal::CaptchaWrong {
            message: String::new(),
        });
    }
    let value = object.answer(key.or(keys.first().copied()).unwrap_or("status"));
    Ok(Told {
        value: value.map_err(told)?,
        token,
    })
}

fn is_zero(status: Option<&Value>) -> bool {
    match status {
        Some(Value::Number(number)) => number.as_u64() == Some(0),
        Some(Value::String(text)) => text.trim() == "0",
        _ => false,
    }
}

/// The token for the next request, whatever the answer says: refusals carry one too.
pub fn token(body: &[u8]) -> Option<String> {
    match body::classify(body) {
        Ok(Body::Object(object)) => object.token(),
        Ok(Body::Notice { token, .. }) => Some(token),
        _ => None,
    }
}

/// What the portal means by its own errors.
fn told(refusal: Refusal) -> Refusal {
    let Refusal::PortalError { message } = refusal else {
        return refusal;
    };
    let lower = message.to_lowercase();
    if lower.contains("invalid request") || lower.contains("oops") {
        // The script's headers or the token are old.
        return Refusal::SessionExpired;
    }
    if says_none(&lower) {
        return Refusal::NotFound { message };
    }
    Refusal::PortalError { message }
}

fn says_none(lower: &str) -> bool {
    [
        "record not found",
        "records not found",
        "no record",
        "does not exist",
        "not available",
        "not uploaded",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

/// The refusal for HTML that should hold `wanted` and does not.
pub(super) fn none(html: &str, wanted: &str) -> Refusal {
    let words = text::clip(&crate::flat::words(text::head(html, 8192)), 200);
    if words.is_empty() {
        return unknown(format!("nothing in place of {wanted}"));
    }
    match crate::message::spoken(&words) {
        Refusal::PortalError { message } if says_none(&message.to_lowercase()) => {
            Refusal::NotFound { message }
        }
        Refusal::PortalError { message } => {
            unknown(format!("no {wanted} in the answer: {message:?}"))
        }
        refusal => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn refusals_in_all_their_forms() {
        let read = |body: &str| html(body.as_bytes(), &["case_data", "party_data"]);
        let good = format!(r#"{{"status":1,"app_token":"{TOKEN}","party_data":"<b>x</b>"}}"#);
        let told = read(&good).unwrap();
        assert_eq!(
            (told.value.as_str(), told.token.as_deref()),
            ("<b>x</b>", Some(TOKEN))
        );
        let wrong = |body: &str| read(body).unwrap_err();
        assert!(matches!(
            wrong(r#"{"status":0,"app_token":"x","div_captcha":"<img>"}"#),
            Refusal::CaptchaWrong { .. }
        ));
        assert!(matches!(
            wrong(r#"{"errormsg":"Invalid Captcha... ","div_captcha":"<img>"}"#),
            Refusal::CaptchaWrong { .. }
        ));
        assert_eq!(
            wrong(r#"{"errormsg":"Oops! Something, Invalid Request...!"}"#),
            Refusal::SessionExpired
        );
        assert!(matches!(
            wrong(r#"{"errormsg":"Case Number is required..!"}"#),
            Refusal::PortalError { .. }
        ));
        assert_eq!(wrong(""), Refusal::Empty);
        let missing = format!(r#"{{"errormsg":"Order is not uploaded..!","app_token":"{TOKEN}"}}"#);
        assert!(matches!(wrong(&missing), Refusal::NotFound { .. }));
        assert_eq!(token(missing.as_bytes()).as_deref(), Some(TOKEN));
        assert!(matches!(
            wrong(&format!("Invalid Captcha<br/>#####{TOKEN}")),
            Refusal::CaptchaWrong { .. }
        ));
        assert!(matches!(wrong(r#"{"status":1}"#), Refusal::Unknown { .. }));
        assert_eq!(wrong("<h1>405 Not Allowed</h1>"), Refusal::BlockPage);
        assert!(matches!(
            none("<p>Record not found</p>", "cases"),
            Refusal::NotFound { .. }
        ));
        assert!(matches!(
            none("<p>hello</p>", "cases"),
            Refusal::Unknown { .. }
        ));
    }
}
