//! What may be given to the HTML parser: its cost grows with the square of the nesting.

use std::collections::HashMap;

use crate::tags::tags;

/// The largest piece of HTML that is parsed, in bytes. Rows have 1 to 8 KiB.
pub(crate) const MOST_BYTES: usize = 256 * 1024;
/// The deepest nesting.
const MOST_DEPTH: usize = 256;
/// The largest number of tags. Rows have 20 to 100; the bound holds even where the nesting cannot
/// be told from the tags alone.
const MOST_TAGS: usize = 4096;
/// The longest tag, in bytes: attributes are compared pairwise.
const MOST_TAG_BYTES: usize = 16 * 1024;

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Says what is too much about `html`, if anything. One pass, linear.
pub(crate) fn check(html: &str) -> Result<(), String> {
    if html.len() > MOST_BYTES {
        return Err(format!(
            "{} bytes; at most {MOST_BYTES} are parsed",
            html.len()
        ));
    }
    // Counted without regard to quotes and comments, so that no disagreement about those hides a tag.
    let openings = html
        .as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [b'<', next] if next.is_ascii_alphabetic()))
        .count();
    if openings > MOST_TAGS {
        return Err(format!("{openings} tags; at most {MOST_TAGS} are parsed"));
    }
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut depth = 0_usize;
    for tag in tags(html) {
        if tag.text.len() > MOST_TAG_BYTES {
            return Err(format!(
                "a tag of {} bytes; at most {MOST_TAG_BYTES}",
                tag.text.len()
            ));
        }
        let name = tag.name.to_ascii_lowercase();
        if VOID.contains(&name.as_str()) {
            continue;
        }
        // By name: an end tag that closes nothing must not hide an element that stays open.
        let count = open.entry(name).or_default();
        if !tag.closing {
            *count += 1;
            depth += 1;
        } else if *count > 0 {
            *count -= 1;
            depth -= 1;
        }
        if depth > MOST_DEPTH {
            return Err(format!("nested deeper than {MOST_DEPTH} elements"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_are_refused() {
        for bomb in [
            "<div>".repeat(300),
            "<ul><li>".repeat(200),
            "<svg><g>".repeat(200),
            "<font a=1></x>".repeat(300),
            "<b></b>".repeat(5000),
            "<div><object></div></object>".repeat(3000),
            format!("<i {}>", "a b ".repeat(5000)),
            " ".repeat(MOST_BYTES + 1),
        ] {
            assert!(
                check(&bomb).is_err(),
                "{}",
                bomb.chars().take(30).collect::<String>()
            );
        }
    }

    #[test]
    fn ordinary_html_passes() {
        assert_eq!(check(""), Ok(()));
        assert_eq!(check(&"<br>".repeat(4000)), Ok(()));
        assert_eq!(check(&"<p>x</p><li>y</li>".repeat(500)), Ok(()));
        assert_eq!(check(&"<div>".repeat(256)), Ok(()));
        assert_eq!(check(&format!("<p title='{}'>", "x".repeat(9000))), Ok(()));
    }
}
