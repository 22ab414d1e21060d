//! Attributes of a tag as text.

use super::words::decode;
use crate::tags::tags;

/// The value of an attribute of one tag (`<a href='x'>`), entities decoded; of a repeated one, the first.
pub(crate) fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.strip_prefix('<')?.trim_end_matches('>');
    rest = rest.get(rest.find(|c: char| c.is_ascii_whitespace() || c == '/')?..)?;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        // A `=` in front belongs to the name.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest
            .get(first..)?
            .find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/')
            .map_or(rest.len(), |end| first + end);
        let (name, after) = rest.split_at_checked(end)?;
        let value = after.trim_start().strip_prefix('=');
        let Some(value) = value else {
            if name.eq_ignore_ascii_case(wanted) {
                return Some(String::new());
            }
            rest = after;
            continue;
        };
        let (value, after) = value_of(value.trim_start())?;
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decode(value).into_owned());
        }
        rest = after;
    }
}

/// A value, quoted or bare, and what follows it.
fn value_of(text: &str) -> Option<(&str, &str)> {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).or(Some((inside, "")));
        }
    }
    let end = text
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(text.len());
    text.split_at_checked(end)
}

/// The first value of an attribute in the tags of a piece of HTML.
pub(crate) fn first_attribute(html: &str, tag: &str, name: &str) -> Option<String> {
    tags(html)
        .filter(|found| found.opens(tag))
        .find_map(|found| attribute(found.text, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_however_they_are_quoted() {
        let tag = "<a target='_blank' href =\"x?a=1&amp;b=2\" onclick=f('1','2') data-x disabled>";
        assert_eq!(attribute(tag, "href").as_deref(), Some("x?a=1&b=2"));
        assert_eq!(attribute(tag, "ONCLICK").as_deref(), Some("f('1','2')"));
        assert_eq!(attribute(tag, "data-x").as_deref(), Some(""));
        assert_eq!(attribute(tag, "disabled").as_deref(), Some(""));
        assert_eq!(attribute(tag, "class"), None);
        assert_eq!(attribute("<a>", "href"), None);
        assert_eq!(attribute("<a href='x", "href").as_deref(), Some("x"));
        assert_eq!(
            first_attribute("<b><a x><a href=y>", "a", "href").as_deref(),
            Some("y")
        );
    }
}
