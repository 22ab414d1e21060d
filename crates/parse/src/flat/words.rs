//! Text between tags.

use std::borrow::Cow;

use crate::tags::tags;
use crate::text;

/// Longer chunks with an entity that is not known here are cut before they go to the HTML parser.
const MOST_ODD: usize = 4096;

/// The text of a piece of HTML, folded; every tag parts words.
pub(crate) fn words(html: &str) -> String {
    if memchr::memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return text::fold(html);
    }
    let mut out = String::with_capacity(html.len());
    each_chunk(html, |chunk, _| {
        out.push_str(&decode(chunk));
        out.push(' ');
    });
    text::fold(&out)
}

/// The texts between the tags, folded, without the empty ones.
pub(crate) fn pieces(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    each_chunk(html, |chunk, _| {
        let piece = text::fold(&decode(chunk));
        if !piece.is_empty() {
            out.push(piece);
        }
    });
    out
}

/// The lines of a piece of HTML: cut at `<br>` (and `</br>`), list items and blocks; folded, without the empty ones.
pub(crate) fn lines(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = String::new();
    let mut end = |line: &mut String| {
        let folded = text::fold(line);
        if !folded.is_empty() {
            out.push(folded);
        }
        line.clear();
    };
    each_chunk(html, |chunk, tag| {
        line.push_str(&decode(chunk));
        if tag.is_some_and(parts_lines) {
            end(&mut line);
        }
    });
    end(&mut line);
    out
}

fn parts_lines(name: &str) -> bool {
    ["br", "li", "p", "div", "tr", "td", "th", "center"]
        .iter()
        .any(|block| name.eq_ignore_ascii_case(block))
}

/// Every text between tags, with the name of the tag behind it.
fn each_chunk(html: &str, mut take: impl FnMut(&str, Option<&str>)) {
    let mut at = 0;
    for tag in tags(html) {
        without_comments(html.get(at..tag.start).unwrap_or(""), |chunk| {
            take(chunk, None);
        });
        take("", Some(tag.name));
        at = tag.end();
    }
    without_comments(html.get(at..).unwrap_or(""), |chunk| take(chunk, None));
}

fn without_comments(chunk: &str, mut take: impl FnMut(&str)) {
    let mut rest = chunk;
    if memchr::memchr(b'<', chunk.as_bytes()).is_none() {
        return take(chunk);
    }
    while let Some((before, comment)) = rest.split_once("<!--") {
        take(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    take(rest);
}

/// Text with its entities decoded.
pub(crate) fn decode(chunk: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', chunk.as_bytes()).is_none() {
        return Cow::Borrowed(chunk);
    }
    let mut out = String::with_capacity(chunk.len());
    let mut rest = chunk;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(12).position(|b| b == b';');
        let entity = end.and_then(|end| after.get(..end).zip(after.get(end + 1..)));
        match entity.and_then(|(name, tail)| Some((character(name)?, tail))) {
            Some((character, tail)) => {
                out.push(character);
                rest = tail;
            }
            None if entity.is_some_and(|(name, _)| is_name(name)) && chunk.len() <= MOST_ODD => {
                // A named entity that is not of the usual ones: the parser knows all.
                return Cow::Owned(text::plain(chunk, MOST_ODD));
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_name(name: &str) -> bool {
    name.len() >= 2 && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn character(name: &str) -> Option<char> {
    let code = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "nbsp" => return Some('\u{a0}'),
        _ => name.strip_prefix('#')?,
    };
    let code = match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => code.parse().ok()?,
    };
    // What HTML makes of the codes of an old character set is the parser's knowledge; they are left as blanks.
    match code {
        0x80..=0x9f => Some(' '),
        _ => char::from_u32(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_markup() {
        assert_eq!(
            words("A<br>Vs</br>B &amp; C&nbsp;<!-- <b> -->D"),
            "A Vs B & C D"
        );
        assert_eq!(pieces("<b>a</b>: <i></i>b"), ["a", ":", "b"]);
        assert_eq!(
            lines("1) A<br />&nbsp;Advocate- B</br>2) C<!-- x --> D<p>E"),
            ["1) A", "Advocate- B", "2) C D", "E"]
        );
        assert_eq!(
            words("a < b & c &bogus d &#39;e&#x27; &ndash; &#99999999;"),
            "a < b & c &bogus d 'e' – \u{fffd}"
        );
        assert_eq!(words("a & b; c&#99999999;"), "a & b; c&#99999999;");
    }
}
