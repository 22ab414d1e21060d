//! HTML entities, both ways.

/// `text` with the five special characters as entities, apostrophes left alone.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// The same with `&#39;` for apostrophes.
pub(crate) fn escape_all(text: &str) -> String {
    escape(text).replace('\'', "&#39;")
}

/// `text` with its entities read. What is no entity stays as it is.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let known = after
            .split_once(';')
            .and_then(|(name, tail)| entity(name).map(|c| (c, tail)));
        if let Some((c, tail)) = known {
            out.push(c);
            rest = tail;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some(' '),
        "shy" => Some('\u{ad}'),
        _ => name
            .strip_prefix('#')
            .and_then(|n| n.parse().ok())
            .and_then(char::from_u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_go_both_ways() {
        let text = "HON'BLE <A> & \"B\"";
        assert_eq!(unescape(&escape_all(text)), text);
        assert_eq!(unescape("HON&#39;BLE & SONS &x; &"), "HON'BLE & SONS &x; &");
    }
}
