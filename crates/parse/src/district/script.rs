//! What the portal's own script sends along with every call: headers whose names and secret change.

use serde::Serialize;

use super::cascade::DistrictStart;
use crate::body::{self, Body, unknown};
use crate::flat::attribute;
use crate::tags::tags;
use crate::{Refusal, Reply, text, token};

/// Longer scripts are not read.
const MOST_BYTES: usize = 1 << 20;
/// The most objects that are tried.
const MOST_OBJECTS: usize = 16;
/// The most headers of a call.
const MOST_HEADERS: usize = 16;

/// Headers for every call, in the order of the script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuardHeaders(pub Vec<(String, String)>);

/// Reads the start page: the script to read, and a token where there is one.
pub fn start_page(body: &[u8]) -> Reply<DistrictStart> {
    start(body).into()
}

fn start(body: &[u8]) -> Result<DistrictStart, Refusal> {
    let html = match body::classify(body)? {
        Body::Page(html) | Body::StartPage(html) => html,
        other => return Err(other.unexpected("the start page")),
    };
    let mut script = None;
    let mut next = None;
    for tag in tags(&html) {
        if tag.opens("script") && script.is_none() {
            let source =
                attribute(tag.text, "src").filter(|source| source.contains("js/components.js"));
            script = source;
        }
        if tag.opens("input") && next.is_none() {
            let named = ["id", "name"]
                .iter()
                .any(|name| attribute(tag.text, name).as_deref() == Some("app_token"));
            next = named.then(|| attribute(tag.text, "value")).flatten();
        }
    }
    Ok(DistrictStart {
        script,
        token: next.and_then(|value| token::well_formed(&value)),
    })
}

/// Reads the headers from the script: of the first object behind `headers:` that has a variable in it (the secret),
/// else of the first with texts alone; other objects are those of other calls.
pub fn guard_headers(body: &[u8]) -> Reply<GuardHeaders> {
    guard(body).into()
}

fn guard(body: &[u8]) -> Result<GuardHeaders, Refusal> {
    if body.len() > MOST_BYTES {
        return Err(unknown(format!("a script of {} bytes", body.len())));
    }
    let script = String::from_utf8_lossy(body);
    let trimmed = script.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if trimmed.is_empty() {
        return Err(Refusal::Empty);
    }
    if trimmed.starts_with('<') {
        return Err(
            body::classify(body).map_or_else(|said| said, |body| body.unexpected("the script"))
        );
    }
    let mut rest = trimmed;
    let mut plain: Option<Vec<(String, String)>> = None;
    for _ in 0..MOST_OBJECTS {
        let Some((_, behind)) = rest.split_once("headers") else {
            break;
        };
        rest = behind;
        let object = behind
            .trim_start_matches(['"', '\''])
            .trim_start()
            .strip_prefix([':', '='])
            .and_then(|behind| behind.trim_start().strip_prefix('{'))
            .and_then(|behind| text::head(behind, 4096).split_once('}'));
        match object.and_then(|(inside, _)| headers(inside, trimmed)) {
            Some((headers, true)) => return Ok(GuardHeaders(headers)),
            Some((headers, false)) => plain = plain.or(Some(headers)),
            None => {}
        }
    }
    plain
        .map(GuardHeaders)
        .ok_or_else(|| unknown("the script names no headers"))
}

/// The pairs of an object, its variables resolved, and whether it has any; `None` where one cannot be resolved.
fn headers(inside: &str, script: &str) -> Option<(Vec<(String, String)>, bool)> {
    let mut out = Vec::new();
    let mut has_variable = false;
    for pair in inside.split(',') {
        if pair.trim().is_empty() {
            continue;
        }
        let (name, value) = pair.split_once(':')?;
        let name = literal(name).unwrap_or_else(|| name.trim().to_owned());
        let value = if let Some(text) = literal(value) {
            text
        } else {
            has_variable = true;
            variable(value.trim(), script)?
        };
        let good = |text: &str| {
            !text.is_empty()
                && text.len() <= 512
                && text.bytes().all(|b| (b' '..=b'~').contains(&b))
        };
        let is_name = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !good(&name) || !is_name || !good(&value) || out.len() == MOST_HEADERS {
            return None;
        }
        out.push((name, value));
    }
    (!out.is_empty()).then_some((out, has_variable))
}

/// A text in quotes.
fn literal(text: &str) -> Option<String> {
    let text = text.trim();
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).map(str::to_owned)
}

/// The text that the script last gives a variable of this name with `var`, `let` or `const`.
fn variable(name: &str, script: &str) -> Option<String> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'$';
    if name.is_empty() || name.len() > 64 || !name.bytes().all(is_name) {
        return None;
    }
    let mut found = None;
    let mut rest = script;
    while let Some((before, behind)) = rest.split_once(name) {
        let before = before.trim_end();
        let declared = ["var", "let", "const"]
            .iter()
            .any(|word| before.ends_with(word));
        if declared {
            let value = behind.trim_start().strip_prefix('=').map(str::trim_start);
            let quoted = value.and_then(|value| {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                value
                    .get(1..)?
                    .split_once(quote)
                    .map(|(text, _)| text.to_owned())
            });
            found = quoted.or(found);
        }
        rest = behind;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_script() {
        let script = r#"
            var delimeter = "s3cr3t==";
            $.ajax({ headers: { 'X-Other': unknown } });
            $.ajax({ headers: { "Accept": "text/html" } });
            function call(u){ return $.ajax({type:"POST",headers:{ "delimeter": delimeter, Xgy786:delimeter, 'abc':'xyz' }}); }
        "#;
        let GuardHeaders(headers) = guard_headers(script.as_bytes()).into_result().unwrap();
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            headers,
            [
                of("delimeter", "s3cr3t=="),
                of("Xgy786", "s3cr3t=="),
                of("abc", "xyz")
            ]
        );
        let plain = guard_headers(b"x({headers:{'abc':'xyz'}})")
            .into_result()
            .unwrap();
        assert_eq!(plain.0, [of("abc", "xyz")]);
        assert!(guard_headers(b"var x=1;").into_result().is_err());
        assert!(
            guard_headers(b"headers:{a:\"x\\r\\n\"")
                .into_result()
                .is_err()
        );
        assert_eq!(guard_headers(b"").into_result(), Err(Refusal::Empty));
    }

    #[test]
    fn the_script_of_the_start_page() {
        let page = b"<html><script src='js/jquery.js'></script><script src='js/components.js?v=1'></script><p>x";
        let start = start_page(page).into_result().unwrap();
        assert_eq!(start.script.as_deref(), Some("js/components.js?v=1"));
    }
}
