//! Elements by their class.

use super::attribute::attribute;
use crate::tags::{Tag, tags};

/// No page has more elements of a class that is looked for.
const MOST: usize = 64;

/// Whether a tag has `class` among its classes.
fn has_class(tag: &Tag<'_>, class: &str) -> bool {
    // Cheap first: most tags have no class of interest.
    tag.text.contains(class)
        && attribute(tag.text, "class").is_some_and(|value| {
            value
                .split_ascii_whitespace()
                .any(|one| one.eq_ignore_ascii_case(class))
        })
}

/// The insides of the elements with `class`, at most 64. An element that is not closed ends at the next heading.
pub(crate) fn elements<'a>(html: &'a str, class: &str) -> Vec<&'a str> {
    let openings: Vec<Tag<'a>> = tags(html)
        .filter(|tag| !tag.closing && has_class(tag, class))
        .take(MOST)
        .collect();
    let mut covered = 0;
    let mut out = Vec::new();
    for opening in openings {
        // One inside another of the same class is part of it.
        if opening.start < covered {
            continue;
        }
        let end = end_of(html, &opening);
        covered = end;
        out.push(html.get(opening.end()..end).unwrap_or(""));
    }
    out
}

fn end_of(html: &str, opening: &Tag<'_>) -> usize {
    let from = opening.end();
    let rest = html.get(from..).unwrap_or("");
    let mut depth = 1_u32;
    for tag in tags(rest) {
        if is_heading(&tag) && !tag.closing {
            return from + tag.start;
        }
        if tag.name.eq_ignore_ascii_case(opening.name) {
            depth = if tag.closing { depth - 1 } else { depth + 1 };
            if depth == 0 {
                return from + tag.start;
            }
        }
    }
    html.len()
}

/// Whether a tag is `h1` to `h6`.
pub(super) fn is_heading(tag: &Tag<'_>) -> bool {
    matches!(tag.name.as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_they_are_closed_or_at_a_heading() {
        let html = "<p class='a b'>1<p>2</p></p>3<div class=b><i>4<h2>5</h2><i class=B>6";
        assert_eq!(elements(html, "b"), ["1<p>2</p>", "<i>4"]);
        assert_eq!(elements(html, "B"), ["6"]);
        assert!(elements(html, "c").is_empty());
    }
}
