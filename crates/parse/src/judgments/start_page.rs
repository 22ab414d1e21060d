//! The start page of a session.

use serde::Serialize;

use crate::Reply;
use crate::body::{self, Body};
use crate::tags::{attribute, tags};
use crate::token;

/// The start page of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartPage {
    /// The first token (32 to 128 hex digits), if the page carries one.
    pub token: Option<String>,
}

/// Reads the start page: good only when the search form is on it.
pub fn start_page(body: &[u8]) -> Reply<StartPage> {
    let page = body::classify(body).and_then(|body| match body {
        Body::StartPage(html) => Ok(StartPage {
            token: find_token(&html),
        }),
        other => Err(other.unexpected("the start page")),
    });
    page.into()
}

/// The token stands in a hidden input and at the end of every link.
fn find_token(html: &str) -> Option<String> {
    let of_input = tags(html)
        .filter(|tag| tag.opens("input") && tag.text.contains("app_token"))
        .find_map(|tag| token::well_formed(&attribute(tag.text, "value")?));
    of_input.or_else(|| {
        tags(html)
            .filter(|tag| tag.opens("a"))
            .find_map(|tag| in_link(tag.text))
    })
}

fn in_link(tag: &str) -> Option<String> {
    let (_, after) = tag.split_once("app_token=")?;
    let digits: String = after
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .take(129)
        .collect();
    token::well_formed(&digits)
}
