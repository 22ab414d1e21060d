//! JSON texts as PHP writes them: slashes escaped, everything beyond ASCII as `\u`.

use std::fmt::Write as _;

/// `text` as a JSON string, quotes included.
pub(crate) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    write!(out, "\\u{unit:04x}").ok();
                }
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_reader_gets_the_text_back() {
        let text = "a/b \"c\" \\ \n\t हिन्दी 𝄞 \u{1}";
        let written = super::string(text);
        assert!(written.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
