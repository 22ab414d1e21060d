//! The classifier: every body passes here before any parser looks for what it wants.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::text;
use crate::{Refusal, captcha_form, json, message, page, token};

/// The largest body that is looked at; a page of 1,000 rows has 2 to 4 MiB.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A body that may be an answer.
#[derive(Debug)]
pub(crate) enum Body {
    /// A JSON object.
    Object(Object),
    /// The start page with its search form.
    StartPage(String),
    /// Another HTML page without the marks of an error page.
    Page(String),
    /// `message<br/>#####token`.
    Notice { message: String, token: String },
}

impl Body {
    /// The refusal for a body that is well-formed but not what was asked for.
    pub(crate) fn unexpected(self, wanted: &str) -> Refusal {
        match self {
            Self::Object(object) => object.refusal(wanted),
            Self::StartPage(_) => Refusal::LoginPage,
            Self::Page(html) => {
                let title = page::title(&html);
                unknown(format!("an HTML page titled {title:?} instead of {wanted}"))
            }
            Self::Notice { message, .. } => message::spoken(&message),
        }
    }
}

/// A JSON object; its values are given out only when it holds no word of refusal.
#[derive(Debug)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    /// Takes the value of `key`, the answer; or says why this is no answer.
    pub(crate) fn answer(&mut self, key: &str) -> Result<Value, Refusal> {
        if let Some(refusal) = self.notice(key) {
            return Err(refusal);
        }
        match self.0.remove(key) {
            Some(value) if !value.is_null() => Ok(value),
            _ => Err(self.refusal(&format!("`{key}`"))),
        }
    }

    /// All keys and values.
    pub(crate) fn map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A value beside the answer.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// The token for the next request.
    pub(crate) fn token(&self) -> Option<String> {
        token::of(&self.0)
    }

    /// The portal's words, if it says anything.
    pub(crate) fn message(&self) -> Option<String> {
        ["errormsg", "message"]
            .into_iter()
            .find_map(|key| said(self.0.get(key)?))
    }

    /// Whether the portal says that the session is over.
    pub(crate) fn session_is_over(&self) -> bool {
        self.0
            .get("session_expire")
            .and_then(said)
            .is_some_and(|word| !word.eq_ignore_ascii_case("n"))
    }

    /// A refusal that outweighs an answer under `wanted`.
    fn notice(&self, wanted: &str) -> Option<Refusal> {
        if self.session_is_over() {
            return Some(Refusal::SessionExpired);
        }
        let verdict = self.text("captcha_status").unwrap_or_default();
        if wanted != "captcha_status" && verdict.eq_ignore_ascii_case("n") {
            let message = self.message().unwrap_or_default();
            return Some(Refusal::CaptchaWrong { message });
        }
        if let Some(form) = self
            .text("filename")
            .filter(|form| captcha_form::is_one(form))
        {
            let image_path = captcha_form::picture(form);
            return Some(Refusal::CaptchaNeeded { image_path });
        }
        let error = self.0.get("errormsg").and_then(said);
        error.map(|message| message::spoken(&message))
    }

    /// The refusal for an object without `wanted`.
    fn refusal(&self, wanted: &str) -> Refusal {
        if let Some(refusal) = self.notice(wanted) {
            return refusal;
        }
        if let Some(message) = self.message() {
            return message::spoken(&message);
        }
        let keys: Vec<&str> = self.0.keys().map(String::as_str).take(12).collect();
        let keys = text::clip(&keys.join(", "), 200);
        unknown(format!(
            "a JSON object in place of {wanted}; its keys: {keys}"
        ))
    }
}

/// The words in a value: nothing for null, false, zero and blank text.
fn said(value: &Value) -> Option<String> {
    let words = match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Number(number) if number.as_f64() == Some(0.0) => String::new(),
        Value::String(words) => text::plain(words, 2000),
        other => json::head(other, 200),
    };
    let words = text::clip(&words, 200);
    (!words.is_empty()).then_some(words)
}

/// Says what a body is.
pub(crate) fn classify(body: &[u8]) -> Result<Body, Refusal> {
    if body.len() > MOST_BYTES {
        return Err(unknown(format!(
            "{} bytes; at most {MOST_BYTES} are read",
            body.len()
        )));
    }
    let strict = std::str::from_utf8(body);
    let decoded = strict.map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    let trimmed = decoded.trim_start_matches(is_leading).trim_end();
    if trimmed.is_empty() {
        return Err(Refusal::Empty);
    }
    if let Some((message, token)) = token::split_message(trimmed) {
        let message = text::clip(&text::plain(message, 2000), 200);
        return Ok(Body::Notice { message, token });
    }
    match trimmed.chars().next() {
        Some('{') => match strict {
            Ok(_) => object(trimmed),
            Err(error) => Err(unknown(format!(
                "JSON that is not UTF-8 after byte {}",
                error.valid_up_to()
            ))),
        },
        Some('<') => page::classify(trimmed),
        _ => Err(message::loose_text(trimmed)),
    }
}

/// A body as text; the check alone is several times faster than the walk that replaces what is no UTF-8.
pub(crate) fn decoded(body: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

/// Some replies begin with blank lines, some with one or more byte-order marks.
fn is_leading(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn object(trimmed: &str) -> Result<Body, Refusal> {
    match json::parse(trimmed) {
        Ok(Value::Object(map)) => Ok(Body::Object(Object(map))),
        Ok(_) => Err(unknown("JSON that is not an object")),
        Err(error) => Err(unknown(format!("JSON that cannot be read: {error}"))),
    }
}

/// [`Refusal::Unknown`] with its reason.
pub(crate) fn unknown(why: impl Into<String>) -> Refusal {
    Refusal::Unknown { why: why.into() }
}
