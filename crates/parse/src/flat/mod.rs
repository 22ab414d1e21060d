//! HTML read in one pass, without a tree: pages of tens of thousands of rows, and pages whose tags are closed
//! in the wrong order or not at all. Time and memory grow with the page and nothing else.

mod attribute;
mod element;
mod section;
mod table;
mod words;

pub(crate) use attribute::attribute;
pub(crate) use element::elements;
pub(crate) use section::{Section, sections};
pub(crate) use table::{Cell, Row, Table, tables};
pub(crate) use words::{decode, lines, pieces, words};

use std::borrow::Cow;

/// The page without its scripts and styles, whose text may look like tags.
pub(crate) fn without_scripts(html: &str) -> Cow<'_, str> {
    let lower = html.to_ascii_lowercase();
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some((start, name)) = next_block(&lower, at) {
        let close = format!("</{name}");
        let inside = start + 1 + name.len();
        let end = lower
            .get(inside..)
            .and_then(|rest| rest.find(&close))
            .map_or(html.len(), |found| {
                let close_at = inside + found;
                let tail = lower.get(close_at..).and_then(|rest| rest.find('>'));
                tail.map_or(html.len(), |tail| close_at + tail + 1)
            });
        out.push_str(html.get(kept..start).unwrap_or(""));
        (kept, at) = (end, end);
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(kept..).unwrap_or(""));
    Cow::Owned(out)
}

/// Where the next script or style begins.
fn next_block(lower: &str, from: usize) -> Option<(usize, &'static str)> {
    let mut at = from;
    loop {
        let start = at + lower.get(at..)?.find("<s")?;
        let rest = lower.get(start + 1..)?;
        for name in ["script", "style"] {
            let follows = rest.strip_prefix(name);
            let ends = |rest: &str| rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '>');
            if follows.is_some_and(ends) {
                return Some((start, name));
            }
        }
        at = start + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_are_no_page() {
        assert_eq!(
            without_scripts("a<script type=x>if (a<b) '<td>'</SCRIPT >b<STYLE>c</style>d"),
            "abd"
        );
        assert_eq!(without_scripts("a<script>never closed"), "a");
        assert_eq!(
            without_scripts("a<strong>b</strong>"),
            "a<strong>b</strong>"
        );
    }
}
