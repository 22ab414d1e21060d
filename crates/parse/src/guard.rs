//! What may be given to the HTML parser: its cost grows with the square of the nesting.

use crate::tags::{Tag, tags};

/// The largest piece of HTML that is parsed, in bytes. Rows have 1 to 8 KiB.
pub(crate) const MOST_BYTES: usize = 256 * 1024;
/// The deepest nesting.
pub(crate) const MOST_DEPTH: usize = 256;
/// The largest number of tags. Rows have 20 to 100; the bound holds even where the nesting cannot
/// be told from the tags alone.
const MOST_TAGS: usize = 4096;
/// The longest tag, in bytes: tags that are not closed are repeated with all their attributes.
const MOST_TAG_BYTES: usize = 16 * 1024;
/// The most attributes of a tag: they are compared pairwise.
const MOST_ATTRIBUTES: usize = 64;
/// The most kinds of tags. HTML has some hundred, rows have ten.
const MOST_KINDS: usize = 128;

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
    let mut open = Open::default();
    for tag in tags(html) {
        if tag.text.len() > MOST_TAG_BYTES {
            return Err(format!(
                "a tag of {} bytes; at most {MOST_TAG_BYTES}",
                tag.text.len()
            ));
        }
        if tag.attributes > MOST_ATTRIBUTES {
            return Err(format!(
                "a tag with {} attributes; at most {MOST_ATTRIBUTES}",
                tag.attributes
            ));
        }
        open.take(&tag)?;
    }
    Ok(())
}

/// The elements that are open, by name: an end tag that closes nothing must not hide an element that
/// stays open.
#[derive(Default)]
struct Open<'a> {
    kinds: Vec<(&'a str, usize)>,
    depth: usize,
}

impl<'a> Open<'a> {
    fn take(&mut self, tag: &Tag<'a>) -> Result<(), String> {
        let is_same = |name: &str| name.eq_ignore_ascii_case(tag.name);
        if VOID.iter().any(|name| is_same(name)) {
            return Ok(());
        }
        let place = self.kinds.iter().position(|(name, _)| is_same(name));
        let place = match place {
            Some(place) => place,
            None if tag.closing => return Ok(()),
            None if self.kinds.len() == MOST_KINDS => {
                return Err(format!("more than {MOST_KINDS} kinds of tags"));
            }
            None => {
                self.kinds.push((tag.name, 0));
                self.kinds.len() - 1
            }
        };
        let Some((_, count)) = self.kinds.get_mut(place) else {
            return Ok(());
        };
        if !tag.closing {
            *count += 1;
            self.depth += 1;
        } else if *count > 0 {
            *count -= 1;
            self.depth -= 1;
        }
        if self.depth > MOST_DEPTH {
            return Err(format!("nested deeper than {MOST_DEPTH} elements"));
        }
        Ok(())
    }
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
            format!("<i {}>", "a ".repeat(65)),
            format!("<i {}>", "a='1'".repeat(65)),
            (0..200).fold(String::new(), |html, n| html + &format!("<x{n}></x{n}>")),
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
        assert_eq!(check(&format!("<p title='{}'>", "x ".repeat(4500))), Ok(()));
    }
}
