//! HTML pages: the start page, the error pages of servers and firewalls, and all others.

use crate::body::Body;
use crate::message::MAINTENANCE;
use crate::tags::tags;
use crate::{Refusal, text};

/// Error pages are short; on longer pages only the headings are looked at, since a page full of
/// party names may hold any word.
const SHORT: usize = 16 * 1024;

const BLOCKED: [&str; 14] = [
    "access denied",
    "request rejected",
    "requested url was rejected",
    "request blocked",
    "has been blocked",
    "have been blocked",
    "403 forbidden",
    "405 not allowed",
    "method not allowed",
    "406 not acceptable",
    "not acceptable!",
    "too many requests",
    "web application firewall",
    "unusual traffic",
];
const SERVER_ERRORS: [&str; 16] = [
    "404 not found",
    "not found",
    "400 bad request",
    "bad request",
    "internal server error",
    "bad gateway",
    "service unavailable",
    "service temporarily unavailable",
    "gateway time-out",
    "gateway timeout",
    "<b>warning</b>",
    "<b>notice</b>",
    "<b>deprecated</b>",
    "<b>fatal error</b>",
    "<b>parse error</b>",
    "sqlstate[",
];
/// What stands in the tags of the search form.
const FORM: [&str; 6] = [
    "txt_base_url",
    "main_search",
    "captcha_image",
    "search_text",
    "fcourt_type",
    "app_token",
];

/// Says what an HTML page is.
pub(crate) fn classify(trimmed: &str) -> Result<Body, Refusal> {
    if has_form(trimmed) {
        return Ok(Body::StartPage(trimmed.to_owned()));
    }
    let short = trimmed.len() <= SHORT;
    let looked_at = if short {
        format!("{} {}", text::plain(trimmed, SHORT), trimmed)
    } else {
        headings(trimmed)
    };
    let lower = looked_at.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&MAINTENANCE) {
        return Err(Refusal::Maintenance);
    }
    if has(&BLOCKED) {
        return Err(Refusal::BlockPage);
    }
    if has(&SERVER_ERRORS) {
        let message = text::clip(&text::plain(trimmed, 4096), 200);
        return Err(Refusal::PortalError { message });
    }
    if short && is_way_back(&lower) {
        return Err(Refusal::LoginPage);
    }
    Ok(Body::Page(trimmed.to_owned()))
}

/// Whether the page holds the search form: at least two of its marks, inside tags (the same words
/// are keys in JSON, which may stand behind a warning).
fn has_form(html: &str) -> bool {
    let mut found = [false; FORM.len()];
    for tag in tags(html).filter(|tag| !tag.closing) {
        for (mark, found) in FORM.iter().zip(&mut found) {
            *found = *found || tag.text.contains(mark);
        }
    }
    found.iter().filter(|found| **found).count() >= 2
}

/// A page that only leads back to the search form, or asks for a password.
fn is_way_back(lower: &str) -> bool {
    let moves = [
        "window.location",
        "location.href",
        "http-equiv=\"refresh\"",
        "http-equiv='refresh'",
    ];
    let form = ["pdfsearch", "scrsearch"];
    let any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    (any(&moves) && any(&form)) || any(&["type=\"password\"", "type='password'", "type=password"])
}

/// The title and first-level headings of a long page.
fn headings(html: &str) -> String {
    let mut out = String::new();
    let mut tags = tags(html).take(20_000);
    while let Some(tag) = tags.next() {
        if tag.opens("title") || tag.opens("h1") {
            let end = tags.next().map_or(html.len(), |next| next.start);
            let heading = html.get(tag.end()..end).unwrap_or("");
            out.push_str(&text::plain(heading, 300));
            out.push('\n');
        }
    }
    out
}

/// The title of a page, for messages.
pub(crate) fn title(html: &str) -> String {
    text::clip(headings(html).lines().next().unwrap_or(""), 80)
}
