//! Secrets out of what is kept: each is replaced by as many `x`, so that lengths and places stay.

mod ahead;
mod disguise;

use std::ops::Range;

use memchr::memmem;

use ahead::{Ahead, Behind};

use crate::Secret;

/// Shorter known secrets are masked only where their place gives them away: eight digits or six
/// letters also occur in honest text.
const SHORTEST_KNOWN: usize = 16;
/// Even there, fewer characters hide nothing.
const SHORTEST_NEAR: usize = 4;
/// The shortest beginning of a known secret that is masked where a text was cut.
const SHORTEST_CUT: usize = 6;
/// How far before a short secret the word stands that gives it away.
const NEAR: usize = 48;
const NEAR_WORDS: [&str; 4] = ["captcha", "sess", "cookie", "token"];
/// How far around `app_token` the tag that holds it can begin and end.
const TAG_REACH: usize = 1_024;
/// The shortest run after `/tmp/` that is a document's temporary name.
const SHORTEST_NAME: usize = 16;
/// Tokens and names found in a body that are looked for in the rest of it.
const MOST_FOUND: usize = 32;
/// Form fields whose value is a secret.
const SECRET_FIELDS: [&str; 2] = ["app_token", "_token"];

/// Headers with cookie values, credentials and the `known` secrets masked.
pub(crate) fn mask_headers(
    headers: &[(String, String)],
    known: &[Secret],
) -> Vec<(String, String)> {
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
                _ => text(&mask_body(value.as_bytes(), known)),
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

/// An address or other short text with temporary names, tokens and the `known` secrets masked. A secret
/// that the text's end cuts off is masked too.
pub(crate) fn mask_text(text: &str, known: &[Secret]) -> String {
    let mut masked = mask_body(text.as_bytes(), known);
    let end = text.trim_end_matches('…').len();
    for secret in known {
        let secret = secret.expose().as_bytes();
        let most = secret.len().min(end);
        let cut = (SHORTEST_CUT..=most)
            .rev()
            .find(|length| text.as_bytes().get(end - length..end) == secret.get(..*length));
        if let Some(length) = cut.filter(|_| secret.len() >= SHORTEST_KNOWN) {
            cover(&mut masked, end - length..end);
        }
    }
    self::text(&masked)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The values that a reply's `Set-Cookie` headers bring.
pub(crate) fn new_cookies(headers: &[(String, String)]) -> impl Iterator<Item = Secret> {
    headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|(_, value)| value.split(';').next()?.split_once('='))
        .map(|(_, value)| Secret::new(value.trim()))
        .take(MOST_FOUND)
}

/// The values that a request's `Cookie` header sends.
pub(crate) fn sent_cookies(headers: &[(String, String)]) -> impl Iterator<Item = Secret> {
    headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| value.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(_, value)| Secret::new(value.trim()))
        .take(MOST_FOUND)
}

/// Every portal has a name of its own for the field of the captcha's answer.
fn is_secret_field(name: &[u8]) -> bool {
    SECRET_FIELDS.iter().any(|field| field.as_bytes() == name)
        || memmem::find(name, b"captcha").is_some()
}

/// A form body with its secret fields masked.
pub(crate) fn mask_form(body: &[u8]) -> Vec<u8> {
    let mut masked = body.to_vec();
    let mut start = 0;
    for pair in body.split(|b| *b == b'&') {
        let end = start + pair.len();
        if let Some(equals) = pair.iter().position(|b| *b == b'=') {
            let name = pair.get(..equals).unwrap_or_default();
            if is_secret_field(name) {
                cover(&mut masked, start + equals + 1..end);
            }
        }
        start = end + 1;
    }
    masked
}

/// A reply's body with tokens, temporary names and the `known` secrets masked, whatever the form
/// around them: JSON, escaped JSON, HTML attributes, addresses, the `#####` text. What is found in its
/// place is masked wherever else it stands (the first 32 of them), also percent-encoded, escaped or broken
/// over lines. Each byte is looked at a bounded number of times, whatever the body; besides the copy it
/// takes some ten mebibytes.
pub(crate) fn mask_body(body: &[u8], known: &[Secret]) -> Vec<u8> {
    let mut masked = body.to_vec();
    let mut needles: Vec<&[u8]> = Vec::new();
    let mut most = known.len() + MOST_FOUND;
    each_place(body, |place| {
        let secret = body.get(place.clone()).unwrap_or_default();
        if secret.len() >= SHORTEST_KNOWN
            && needles.len() < MOST_FOUND
            && !needles.contains(&secret)
        {
            needles.push(secret);
        }
        cover(&mut masked, place);
    });
    for secret in known {
        let needle = secret.expose().as_bytes();
        if needle.len() >= SHORTEST_KNOWN && !needles.contains(&needle) && most > 0 {
            most -= 1;
            needles.push(needle);
        } else if needle.len() >= SHORTEST_NEAR {
            cover_near(&mut masked, body, needle);
        }
    }
    for needle in &needles {
        for at in memmem::find_iter(body, needle) {
            cover(&mut masked, at..at + needle.len());
        }
    }
    disguise::cover_all(&mut masked, body, &needles);
    masked
}

/// Tells where secrets stand that their place gives away; a place can be empty. A hostile body has millions
/// of them, so that none is remembered here.
fn each_place(body: &[u8], mut found: impl FnMut(Range<usize>)) {
    let mut tags = Tags::new(body);
    for at in places(body, b"app_token") {
        found(value_after(body, at + b"app_token".len()));
        if let Some(place) = tags.value_around(at) {
            found(place);
        }
    }
    for at in places(body, b"#####") {
        found(word(body, at + 5));
    }
    for root in [&b"/tmp/"[..], b"/tmp\\/"] {
        for at in places(body, root) {
            let name = word(body, at + root.len());
            if name.len() >= SHORTEST_NAME {
                found(name);
            }
        }
    }
    for at in places(body, b"securimage_show.php?") {
        found(word(body, at + b"securimage_show.php?".len()));
    }
}

/// A short secret, where it stands alone and a word before it says what it is.
fn cover_near(masked: &mut [u8], body: &[u8], needle: &[u8]) {
    let plain = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
    let mut words = NEAR_WORDS.map(|word| Behind::new(body, word.as_bytes()));
    for at in memmem::find_iter(body, needle) {
        let end = at + needle.len();
        if at > 0 && plain(body.get(at - 1)) || plain(body.get(end)) {
            continue;
        }
        let from = at.saturating_sub(NEAR);
        if words.iter_mut().any(|word| word.before(at) >= Some(from)) {
            cover(masked, at..end);
        }
    }
}

fn cover(bytes: &mut [u8], range: Range<usize>) {
    if let Some(part) = bytes.get_mut(range) {
        part.fill(b'x');
    }
}

/// Where `needle` occurs.
fn places<'a>(body: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memmem::find_iter(body, needle)
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

/// The tags around places that are asked for in ascending order.
struct Tags<'a> {
    body: &'a [u8],
    opens: Behind<'a>,
    closes: Ahead<'a>,
    values: Ahead<'a>,
    /// The value that was found last: the same tag may hold the next place too.
    told: Option<usize>,
}

impl<'a> Tags<'a> {
    fn new(body: &'a [u8]) -> Self {
        Self {
            body,
            opens: Behind::new(body, b"<"),
            closes: Ahead::new(body, b">"),
            values: Ahead::new(body, b"value"),
            told: None,
        }
    }

    /// The `value` attribute of the tag around `at`, on whichever side of the name it stands; `None` also if
    /// it is the one told last.
    fn value_around(&mut self, at: usize) -> Option<Range<usize>> {
        let open = self.opens.before(at)?;
        let close = self.closes.from(at)?;
        if at - open > TAG_REACH || close - at >= TAG_REACH {
            return None;
        }
        let value = self.values.from(open).filter(|value| *value < close)?;
        if self.told.replace(value) == Some(value) {
            return None;
        }
        Some(value_after(self.body.get(..close)?, value + b"value".len()))
    }
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
    fn what_was_found_in_its_place_is_masked_elsewhere_too() {
        let masked = body(&format!(
            r#"{{"app_token":"{TOKEN}","html":"<script>t='{TOKEN}'</script>"}}"#
        ));
        assert!(!masked.contains("0123456789abcdef"), "{masked}");
    }

    #[test]
    fn disguises() {
        let secret = "q1w2e3r4t5y6u7i8o9p0zxcv";
        let known = [Secret::new(secret)];
        let encoded = |form: &dyn Fn(usize, u8) -> String| -> String {
            secret
                .bytes()
                .enumerate()
                .map(|(at, b)| form(at, b))
                .collect()
        };
        for hidden in [
            encoded(&|_, b| format!("%{b:02x}")),
            encoded(&|at, b| {
                if at % 3 == 0 {
                    format!("%{b:02X}")
                } else {
                    char::from(b).to_string()
                }
            }),
            encoded(&|_, b| format!("%25{b:02X}")),
            encoded(&|_, b| format!("\\u00{b:02x}")),
            encoded(&|_, b| format!("\\x{b:02x}")),
            encoded(&|at, b| {
                if at == 23 {
                    format!("&#{b};")
                } else {
                    char::from(b).to_string()
                }
            }),
            encoded(&|_, b| format!("&#x{b:X};")),
            encoded(&|_, b| format!("&#00{b};")),
            encoded(&|at, b| {
                format!(
                    "{}{}",
                    if at % 8 == 7 { "\r\n " } else { "" },
                    char::from(b)
                )
            }),
            encoded(&|at, b| format!("{}{}", if at == 1 { "\\n" } else { "" }, char::from(b))),
            encoded(&|_, b| format!("{}\u{200b}", char::from(b))),
            encoded(&|at, b| format!("{}{}", if at == 12 { "<wbr>" } else { "" }, char::from(b))),
            encoded(&|_, b| format!("<b>{}</b>", char::from(b))),
        ] {
            for (before, behind) in [("", ""), ("x=", "&y=1"), ("%", "%"), ("\\u", "\\")] {
                let text = format!("{before}{hidden}{behind}");
                let masked = mask_body(text.as_bytes(), &known);
                assert_eq!(masked.len(), text.len());
                let masked = String::from_utf8_lossy(&masked);
                assert!(
                    masked.bytes().filter(|b| *b == b'x').count() >= hidden.trim_end().len() - 8,
                    "{text} became {masked}"
                );
                assert!(
                    masked.starts_with(before) && masked.ends_with(behind),
                    "{masked}"
                );
            }
        }
    }

    #[test]
    fn short_secrets_are_masked_where_a_word_gives_them_away() {
        let known = [Secret::new("ab12cd"), Secret::new("12345678")];
        for (text, expected) in [
            (r#"{"captcha":"ab12cd"}"#, r#"{"captcha":"xxxxxx"}"#),
            (
                "<input name=captcha value='ab12cd'>",
                "<input name=captcha value='xxxxxx'>",
            ),
            ("JSESSION=12345678; path=/", "JSESSION=xxxxxxxx; path=/"),
            ("diary no. 12345678", "diary no. 12345678"),
            ("captcha 123456789", "captcha 123456789"),
        ] {
            let masked = mask_body(text.as_bytes(), &known);
            assert_eq!(String::from_utf8(masked).unwrap(), expected);
        }
    }

    #[test]
    fn a_disguise_across_any_boundary_is_seen() {
        let secret = "q1w2e3r4t5y6u7i8o9p0zxcv";
        let hidden: Vec<String> = secret.bytes().map(|b| format!("%{b:02x}")).collect();
        let hidden = hidden.concat();
        for lead in (0..2_000).step_by(37) {
            let lead = (1 << 20) - 1_000 + lead;
            let mut text = vec![b'.'; lead];
            text.extend(hidden.bytes());
            text.extend(vec![b'.'; 100]);
            let masked = mask_body(&text, &[Secret::new(secret)]);
            let xs = String::from_utf8(masked).unwrap().matches('x').count();
            assert_eq!(xs, hidden.len(), "behind {lead} bytes");
        }
    }

    #[test]
    fn hostile_bodies_take_no_longer_than_others() {
        let tag = format!("{}>", "<app_token".repeat(100));
        for piece in [
            "app_token",
            "#####a",
            "<app_token",
            &tag,
            "app_token value=1",
            " ab12",
            "captcha ab12 ",
        ] {
            let body = piece.repeat((16 << 20) / piece.len());
            let known = [Secret::new("ab12"), Secret::new("cd34")];
            let start = std::time::Instant::now();
            let masked = mask_body(body.as_bytes(), &known);
            let took = start.elapsed();
            assert_eq!(masked.len(), body.len());
            assert!(took.as_millis() < 2_500, "{piece:.20} took {took:?}");
        }
    }

    #[test]
    fn a_secret_cut_off_at_the_end_is_masked() {
        let known = [
            Secret::new("abcdefghijklmnopqrstuvwxyz"),
            Secret::new("short"),
        ];
        for (text, expected) in [
            ("your id is abcdefgh", "your id is xxxxxxxx"),
            ("your id is abcdefgh…", "your id is xxxxxxxx…"),
            ("an abcde", "an abcde"),
            (
                "your id is abcdefghijklmnopqrstuvwxyz",
                "your id is xxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ] {
            assert_eq!(mask_text(text, &known), expected);
        }
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
        let masked = mask_headers(&headers, &[]);
        assert_eq!(
            masked[0].1,
            "JUDGEMENTSSEARCH_SESSID=xxx; JSESSION=xxxxxxxx"
        );
        assert_eq!(masked[1].1, "JSESSION=xxxxxxxx; path=/");
        assert_eq!(masked[2].1, "*/*");
        let form = mask_form(
            b"captcha=ab12cd&search_text=&app_token=0123&caption=keep&siwp_captcha_value=7",
        );
        assert_eq!(
            form,
            b"captcha=xxxxxx&search_text=&app_token=xxxx&caption=keep&siwp_captcha_value=x"
        );
    }
}
