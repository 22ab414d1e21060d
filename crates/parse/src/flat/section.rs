//! A page cut at its headings.

use super::element::is_heading;
use super::words::words;
use crate::tags::tags;

/// A heading and what follows it up to the next.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    /// The heading's text; empty for what stands before the first.
    pub(crate) heading: String,
    /// What follows.
    pub(crate) body: &'a str,
}

/// The sections of a page, in order.
pub(crate) fn sections(html: &str) -> Vec<Section<'_>> {
    let mut out = Vec::new();
    let (mut heading, mut body_from) = (String::new(), 0);
    let mut open: Option<usize> = None;
    for tag in tags(html) {
        if !is_heading(&tag) {
            continue;
        }
        if let Some(from) = open.take() {
            // An end tag, or the next heading where none is.
            heading = words(html.get(from..tag.start).unwrap_or(""));
            body_from = if tag.closing { tag.end() } else { tag.start };
        }
        if !tag.closing {
            let body = html.get(body_from..tag.start).unwrap_or("");
            out.push(Section {
                heading: std::mem::take(&mut heading),
                body,
            });
            open = Some(tag.end());
            body_from = tag.end();
        }
    }
    if let Some(from) = open {
        heading = words(html.get(from..).unwrap_or(""));
        body_from = html.len();
    }
    out.push(Section {
        heading,
        body: html.get(body_from..).unwrap_or(""),
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_cut_at_headings() {
        let html = "0<h2 class='x'><span>A</span></h2>1<p>2<h3>B</h3>3<h2>C";
        let found: Vec<(String, &str)> = sections(html)
            .into_iter()
            .map(|section| (section.heading, section.body))
            .collect();
        let expected = [("", "0"), ("A", "1<p>2"), ("B", "3"), ("C", "")];
        assert_eq!(found, expected.map(|(h, b)| (h.to_owned(), b)));
    }
}
