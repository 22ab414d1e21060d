//! The page of the search form, the case types, and where a document lies.

use nirnay_model::Choice;
use serde::Serialize;

use crate::body::{self, Body, unknown};
use crate::flat::{attribute, words};
use crate::tags::tags;
use crate::{Refusal, Reply, text};

/// The form for searches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalcuttaStart {
    /// The token that every form sends back.
    pub token: String,
    /// The path of the captcha's picture, where the page names it.
    pub picture: Option<String>,
}

/// Reads the page of the search form.
pub fn start_page(body: &[u8]) -> Reply<CalcuttaStart> {
    start(body).into()
}

fn start(body: &[u8]) -> Result<CalcuttaStart, Refusal> {
    let html = match body::classify(body)? {
        Body::Page(html) | Body::StartPage(html) => html,
        other => return Err(other.unexpected("the search form")),
    };
    let mut token = None;
    let mut picture = None;
    for tag in tags(&html) {
        let is = |name: &str, value: &str| attribute(tag.text, name).as_deref() == Some(value);
        if token.is_none() && tag.opens("input") && is("name", "_token") {
            token = attribute(tag.text, "value");
        } else if token.is_none() && tag.opens("meta") && is("name", "csrf-token") {
            token = attribute(tag.text, "content");
        } else if picture.is_none() && tag.opens("img") {
            picture = attribute(tag.text, "src").filter(|source| source.contains("/captcha/"));
        }
    }
    let token = token.filter(|token| {
        (8..=256).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
    });
    Ok(CalcuttaStart {
        token: token.ok_or_else(|| unknown("the search form has no token"))?,
        picture,
    })
}

/// Reads the case types of a side.
pub fn case_types(body: &[u8]) -> Reply<Vec<Choice>> {
    types(body).into()
}

fn types(body: &[u8]) -> Result<Vec<Choice>, Refusal> {
    let html = match body::classify(body)? {
        Body::Page(html) | Body::StartPage(html) => html,
        other => return Err(other.unexpected("the list of case types")),
    };
    let mut out = Vec::new();
    let mut listed = false;
    let mut open: Option<(String, usize)> = None;
    let mut end = |open: Option<(String, usize)>, at: usize| {
        let Some((code, from)) = open else { return };
        let name = words(html.get(from..at).unwrap_or(""));
        if !code.is_empty()
            && code != "0"
            && !name.to_lowercase().starts_with("select")
            && out.len() < 10_000
        {
            out.push(Choice { code, name });
        }
    };
    for tag in tags(&html) {
        if tag.name.eq_ignore_ascii_case("option") {
            listed = true;
            end(open.take(), tag.start);
            if !tag.closing {
                let code = attribute(tag.text, "value").unwrap_or_default();
                open = Some((code.trim().to_owned(), tag.end()));
            }
        }
    }
    end(open, html.len());
    if listed {
        Ok(out)
    } else {
        Err(unknown("a page without options in place of the case types"))
    }
}

/// Reads where a document lies: an absolute address, as plain text or in quotes.
pub fn document_address(body: &[u8]) -> Reply<String> {
    address(body).into()
}

fn address(body: &[u8]) -> Result<String, Refusal> {
    let decoded = String::from_utf8_lossy(body);
    let trimmed = decoded.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '"');
    let plain = trimmed.replace("\\/", "/");
    let is_address = ["https://", "http://", "/"]
        .iter()
        .any(|start| plain.starts_with(start))
        && plain.len() <= 2048
        && plain.bytes().all(|b| b.is_ascii_graphic());
    if is_address {
        return Ok(plain);
    }
    if trimmed.is_empty() {
        return Err(Refusal::Empty);
    }
    let short = trimmed.len() <= 200;
    if short && no_file(&trimmed.to_lowercase()) {
        let message = text::plain(trimmed, 200);
        return Err(Refusal::NotFound { message });
    }
    Err(match body::classify(body) {
        Err(refusal) => refusal,
        Ok(Body::Page(html)) => unknown(format!(
            "a page in place of an address: {:?}",
            text::clip(&words(text::head(&html, 4096)), 80)
        )),
        Ok(other) => other.unexpected("the address of a document"),
    })
}

/// How the portal says that an order has no file.
fn no_file(lower: &str) -> bool {
    let words = ["file not found", "not uploaded", "not available", "no file"];
    words.iter().any(|words| lower.contains(words)) && !lower.contains('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_addresses() {
        let page = b"<html><form><input type=\"hidden\" name=\"_token\" value=\"abcdefgh12\"><img src='https://x/captcha/default?y'>";
        let start = start_page(page).into_result().unwrap();
        assert_eq!(
            (start.token.as_str(), start.picture.is_some()),
            ("abcdefgh12", true)
        );
        assert!(start_page(b"<html><p>x").into_result().is_err());
        let read = |body: &[u8]| document_address(body).into_result();
        assert_eq!(read(b" https://x/y.pdf\n").unwrap(), "https://x/y.pdf");
        assert_eq!(read(br#""https:\/\/x\/y.pdf""#).unwrap(), "https://x/y.pdf");
        assert_eq!(read(b"").unwrap_err(), Refusal::Empty);
        assert!(matches!(
            read(b"File not found"),
            Err(Refusal::NotFound { .. })
        ));
        assert!(matches!(
            read(b"<html><title>404</title><p>File not found</p></html>"),
            Err(Refusal::Unknown { .. } | Refusal::PortalError { .. })
        ));
        let types = case_types(b"<option value=''>Select</option><option value='12'>WPA</option>");
        assert_eq!(types.into_result().unwrap()[0].code, "12");
    }
}
