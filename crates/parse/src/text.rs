//! Text as people read it: entities decoded, white space folded, invisible marks dropped.

use scraper::Node;

/// Folds white space and control characters to single blanks, trims, and drops what has no meaning
/// in running text: soft hyphens, byte-order marks, zero-width spaces, writing-direction marks.
/// Joiners (U+200C, U+200D) stay: Indic scripts need them.
pub(crate) fn fold(text: &str) -> String {
    let text = text.trim_matches(' ');
    if is_folded(text.as_bytes()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            blank = true;
        } else if !is_invisible(c) {
            if blank && !out.is_empty() {
                out.push(' ');
            }
            blank = false;
            out.push(c);
        }
    }
    out
}

/// Whether nothing would be folded: printable ASCII without two blanks side by side. Passes without a way out take
/// fewer instructions than one with it.
fn is_folded(text: &[u8]) -> bool {
    let (least, most) = text.iter().fold((b' ', b' '), |(least, most), b| {
        (least.min(*b), most.max(*b))
    });
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    // Of two blanks the greater is a blank.
    let closest = pairs.fold(u8::MAX, |closest, (a, b)| closest.min(*a.max(b)));
    (least, most <= b'~', closest > b' ') == (b' ', true, true)
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}'
    )
}

/// The first `limit` characters of `text`.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    head(text, limit).to_owned()
}

/// The first `limit` characters of `text`, borrowed.
pub(crate) fn head(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = text.char_indices().nth(limit).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The text of a short piece of HTML, folded; at most `limit` characters of input are read.
pub(crate) fn plain(html: &str, limit: usize) -> String {
    let html = head(html, limit);
    if !html.contains(['<', '&']) {
        return fold(html);
    }
    let Ok(fragment) = crate::tree::parse(html) else {
        return fold(html);
    };
    let mut out = String::new();
    for node in fragment.tree.root().descendants() {
        match node.value() {
            Node::Text(text) => out.push_str(text),
            Node::Element(_) => out.push(' '),
            _ => {}
        }
    }
    fold(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_and_what_stays() {
        assert_eq!(fold("\u{feff}  a\u{a0}\n\tb\u{ad}c \0 d "), "a bc d");
        assert_eq!(fold("क्\u{200d}ष \u{202e}x"), "क्\u{200d}ष x");
        assert_eq!(fold(" \n "), "");
        assert_eq!(fold(" a  b c "), "a b c");
        assert_eq!(fold("a b~"), "a b~");
    }

    #[test]
    fn plain_text_of_markup() {
        assert_eq!(
            plain("Invalid &amp; wrong..!<br/>again", 500),
            "Invalid & wrong..! again"
        );
        assert_eq!(plain("<b>x</b>", 2), "");
    }
}
