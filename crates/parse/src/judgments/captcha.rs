//! The verdict on a captcha answer.

use serde::Serialize;
use serde_json::Value;

use crate::body::{self, Body};
use crate::{Refusal, Reply, message};

/// The portal's verdict on a captcha answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptchaVerdict {
    /// Right: the session may search.
    Accepted {
        /// The next token.
        token: Option<String>,
    },
    /// Wrong: open a new session and ask for a new picture.
    Wrong {
        /// The portal's words; may be empty.
        message: String,
        /// The next token.
        token: Option<String>,
    },
}

/// Reads the reply to `checkCaptcha`: JSON with `captcha_status`, or `message<br/>#####token`.
pub fn captcha_verdict(body: &[u8]) -> Reply<CaptchaVerdict> {
    body::classify(body)
        .and_then(verdict)
        .or_else(|refusal| wrong(refusal, None))
        .into()
}

fn verdict(body: Body) -> Result<CaptchaVerdict, Refusal> {
    let mut object = match body {
        Body::Object(object) => object,
        Body::Notice { message, token } => {
            return wrong(message::spoken(&message), Some(token));
        }
        other => return Err(other.unexpected("a captcha verdict")),
    };
    let token = object.token();
    let message = object.message();
    if object.session_is_over() {
        return Err(Refusal::SessionExpired);
    }
    if object
        .text("captcha_status")
        .is_some_and(|status| status.eq_ignore_ascii_case("n"))
    {
        let message = message.unwrap_or_default();
        return Ok(CaptchaVerdict::Wrong { message, token });
    }
    match object.answer("captcha_status") {
        Ok(Value::String(status)) if status.eq_ignore_ascii_case("y") => {
            Ok(CaptchaVerdict::Accepted { token })
        }
        Ok(other) => Err(body::unknown(format!(
            "`captcha_status` is neither Y nor N: {}",
            crate::json::head(&other, 40)
        ))),
        Err(refusal) => wrong(refusal, token),
    }
}

/// A message about the captcha is a verdict here; any other is a refusal.
fn wrong(refusal: Refusal, token: Option<String>) -> Result<CaptchaVerdict, Refusal> {
    match refusal {
        Refusal::CaptchaWrong { message } => Ok(CaptchaVerdict::Wrong { message, token }),
        other => Err(other),
    }
}
