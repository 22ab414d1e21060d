//! Secrets out of what is kept: each is replaced by as many `x`, so that lengths and places stay.

use std::ops::Range;

use crate::Secret;

/// Shorter known secrets are masked only where their place gives them away: eight digits or six
/// letters also occur in honest text.
const SHORTEST_KNOWN: usize = 16;
/// How far around `app_token` the tag that holds it can begin and end.
const TAG_REACH: usize = 1_024;
/// The shortest run after `/tmp/` that is a document's temporary name.
const SHORTEST_NAME: usize = 16;
/// Form fields whose value is a secret.
const SECRET_FIELDS: [&str; 4] = ["app_token", "captcha", "captcha1", "captchapdf"];

/// Headers with cookie values and credentials masked.
pub(crate) fn mask_headers(headers: &[(String, String)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let masked = match name.to_ascii_lowercase().as_str() {
                "cookie" => value
                    .split(';')
                    .map(mask_pair)
                    .collect::<Vec<_>>()
                    .join(";"),
                "set-cookie" => match value.split_once(';') {
                    Some((pair, attributes)) => format!("{};{attributes}", mask_pair(pair)),
                    None => mask_pair(value),
                },
                "authorization" | "proxy-authorization" => "x".repeat(value.len()),
                "location" | "referer" => mask_text(value),
                _ => value.clone(),
            };
            (name.clone(), masked)
        })
        .collect()
}

fn mask_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, value)) => format!("{name}={}", "x".repeat(value.len())),
        None => "x".repeat(pair.len()),
    }
}

/// An address or other short text with temporary names and tokens masked.
pub(crate) fn mask_text(text: &str) -> String {
    String::from_utf8_lossy(&mask_body(text.as_bytes(), &[])).into_owned()
}

/// A form body with its secret fields masked.
pub(crate) fn mask_form(body: &[u8]) -> Vec<u8> {
    let mut masked = body.to_vec();
    let mut start = 0;
    for pair in body.split(|b| *b == b'&') {
        let end = start + pair.len();
        if let Some(equals) = pair.iter().position(|b| *b == b'=') {
            let name = pair.get(..equals).unwrap_or_default();
            if SECRET_FIELDS.iter().any(|field| field.as_bytes() == name) {
                cover(&mut masked, start + equals + 1..end);
            }
        }
        start = end + 1;
    }
    masked
}

/// A reply's body with tokens, temporary names and the `known` secrets masked, whatever the form
/// around them: JSON, escaped JSON, HTML attributes, addresses, the `#####` text.
pub(crate) fn mask_body(body: &[u8], known: &[Secret]) -> Vec<u8> {
    let mut masked = body.to_vec();
    for at in places(body, b"app_token") {
        let after = at + b"app_token".len();
        cover(&mut masked, value_after(body, after));
        if let Some(value) = input_value(body, at) {
            cover(&mut masked, value);
        }
    }
    for at in places(body, b"#####") {
        cover(&mut masked, word(body, at + 5));
    }
    for at in places(body, b"/tmp/").chain(places(body, b"/tmp\\/")) {
        let name = word(
            body,
            at + body
                .get(at..)
                .map_or(5, |rest| 5 + usize::from(rest.get(4) == Some(&b'\\'))),
        );
        if name.len() >= SHORTEST_NAME {
            cover(&mut masked, name);
        }
    }
    for at in places(body, b"securimage_show.php?") {
        cover(&mut masked, word(body, at + b"securimage_show.php?".len()));
    }
    for secret in known.iter().filter(|secret| secret.len() >= SHORTEST_KNOWN) {
        let needle = secret.expose().as_bytes();
        for at in places(body, needle) {
            cover(&mut masked, at..at + needle.len());
        }
    }
    masked
}

fn cover(bytes: &mut [u8], range: Range<usize>) {
    if let Some(part) = bytes.get_mut(range) {
        part.fill(b'x');
    }
}

/// Where `needle` occurs.
fn places<'a>(body: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let first = needle.first().copied().unwrap_or(0);
    body.iter()
        .enumerate()
        .filter(move |(_, b)| **b == first)
        .map(|(at, _)| at)
        .filter(move |at| body.get(*at..).is_some_and(|rest| rest.starts_with(needle)))
}

/// The run of letters and digits at `at`.
fn word(body: &[u8], at: usize) -> Range<usize> {
    let rest = body.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    at..at + length
}

/// The value of `app_token":"…"`, `app_token\":\"…\"`, `app_token=…`; empty if no separator follows.
fn value_after(body: &[u8], at: usize) -> Range<usize> {
    let rest = body.get(at..).unwrap_or_default();
    let filler = |b: &u8| {
        matches!(
            b,
            b'"' | b'\'' | b'\\' | b' ' | b':' | b'=' | b'\t' | b'\n' | b'\r'
        )
    };
    let gap = rest.iter().take(64).take_while(|b| filler(b)).count();
    let separated = rest
        .get(..gap)
        .is_some_and(|gap| gap.contains(&b':') || gap.contains(&b'='));
    if separated {
        word(body, at + gap)
    } else {
        at..at
    }
}

/// The `value` attribute of the tag around `at`, on whichever side of the name it stands.
fn input_value(body: &[u8], at: usize) -> Option<Range<usize>> {
    let from = at.saturating_sub(TAG_REACH);
    let open = from + body.get(from..at)?.iter().rposition(|b| *b == b'<')?;
    let close = at
        + body
            .get(at..)?
            .iter()
            .take(TAG_REACH)
            .position(|b| *b == b'>')?;
    let tag = body.get(open..close)?;
    let value = places(tag, b"value").next()? + b"value".len();
    Some(value_after(body.get(..close)?, open + value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn body(text: &str) -> String {
        let masked = mask_body(text.as_bytes(), &[]);
        assert_eq!(masked.len(), text.len(), "the length stays");
        String::from_utf8(masked).unwrap()
    }

    #[test]
    fn tokens_in_every_form() {
        for form in [
            r#"{"total":"2","app_token":"TOKEN"}"#,
            r#"{"app_token" : "TOKEN"}"#,
            r#"{"html":"<a href=\"?p=x&app_token=TOKEN\">"}"#,
            r#"{"x":"{\"app_token\":\"TOKEN\"}"}"#,
            "Captcha should be less than 6 characters..!<br/>#####TOKEN",
            r#"<input type="hidden" name="app_token" id="app_token" value="TOKEN">"#,
            r"<input value='TOKEN' type='hidden' id='app_token'>",
            "<input type=hidden id=app_token value=TOKEN >",
            r#"{"outputfile":"\/pdfsearch\/tmp\/TOKEN1767225600.pdf"}"#,
            r#"{"outputfile":"/pdfsearch/tmp/TOKEN1767225600.pdf"}"#,
            "https://judgments.ecourts.gov.in/scrsearch/tmp/TOKEN1767225600.pdf",
            "<img src=\"/pdfsearch/vendor/securimage/securimage_show.php?TOKEN\">",
        ] {
            let masked = body(&form.replace("TOKEN", TOKEN));
            assert!(!masked.contains("0123456789abcdef"), "{masked}");
            assert!(!masked.contains("1767225600"), "{masked}");
        }
    }

    #[test]
    fn honest_text_stays() {
        for text in [
            "{\"captcha_status\":\"N\",\"errormsg\":\"Invalid Captcha..!!! \"}",
            "the app_token is missing",
            "court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.pdf#page=&search=%20",
            "see /tmp/short and #### four",
            "app_token",
            "<input app_token",
        ] {
            assert_eq!(body(text), text);
        }
    }

    #[test]
    fn known_secrets_are_masked_wherever_they_are() {
        let known = [
            Secret::new("abcdefghijklmnopqrstuvwxyz"),
            Secret::new("ab12cd"),
        ];
        let masked = mask_body(b"sid abcdefghijklmnopqrstuvwxyz case ab12cd", &known);
        assert_eq!(masked, b"sid xxxxxxxxxxxxxxxxxxxxxxxxxx case ab12cd");
    }

    #[test]
    fn request_secrets() {
        let headers = [
            (
                "Cookie".to_owned(),
                "JUDGEMENTSSEARCH_SESSID=abc; JSESSION=12345678".to_owned(),
            ),
            (
                "set-cookie".to_owned(),
                "JSESSION=12345678; path=/".to_owned(),
            ),
            ("Accept".to_owned(), "*/*".to_owned()),
        ];
        let masked = mask_headers(&headers);
        assert_eq!(
            masked[0].1,
            "JUDGEMENTSSEARCH_SESSID=xxx; JSESSION=xxxxxxxx"
        );
        assert_eq!(masked[1].1, "JSESSION=xxxxxxxx; path=/");
        assert_eq!(masked[2].1, "*/*");
        let form =
            mask_form(b"captcha=ab12cd&search_text=&app_token=0123&not_captcha=keep&captcha1=q");
        assert_eq!(
            form,
            b"captcha=xxxxxx&search_text=&app_token=xxxx&not_captcha=keep&captcha1=x"
        );
    }
}
