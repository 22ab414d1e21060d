//! A linear scan over the tags of HTML, for finding and counting before (or instead of) parsing.

/// A tag as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag<'a> {
    /// The name as written.
    pub(crate) name: &'a str,
    /// Whether it is an end tag.
    pub(crate) closing: bool,
    /// The whole tag, from `<` to `>`.
    pub(crate) text: &'a str,
    /// Where it begins.
    pub(crate) start: usize,
}

impl Tag<'_> {
    /// Where it ends: the offset after `>`.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it opens an element of this name.
    pub(crate) fn opens(&self, name: &str) -> bool {
        !self.closing && self.name.eq_ignore_ascii_case(name)
    }
}

/// The tags of `html` in order. Comments and declarations are skipped; a tag without its `>` ends
/// the scan, as it ends the page for a browser. Every byte is looked at once.
pub(crate) fn tags(html: &str) -> Tags<'_> {
    Tags { html, at: 0 }
}

/// Iterator over [`Tag`].
#[derive(Debug)]
pub(crate) struct Tags<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let bytes = self.html.as_bytes();
        loop {
            let start = self.at + self.html.get(self.at..)?.find('<')?;
            let closing = bytes.get(start + 1) == Some(&b'/');
            let name_start = start + 1 + usize::from(closing);
            match bytes.get(name_start)? {
                b if b.is_ascii_alphabetic() => {
                    let name_end = end_of_name(bytes, name_start);
                    let end = end_of_tag(bytes, name_end)?;
                    self.at = end;
                    return Some(Tag {
                        name: self.html.get(name_start..name_end)?,
                        closing,
                        text: self.html.get(start..end)?,
                        start,
                    });
                }
                b'!' if bytes.get(start..start + 4) == Some(b"<!--") => {
                    self.at = end_of_comment(bytes, start + 4)?;
                }
                b'!' | b'?' => self.at = position(bytes, start, b'>')? + 1,
                _ if closing => self.at = position(bytes, start, b'>')? + 1,
                _ => self.at = start + 1,
            }
        }
    }
}

/// The value of an attribute of one tag, entities decoded.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    crate::guard::check(tag).ok()?;
    let fragment = scraper::Html::parse_fragment(tag);
    fragment
        .tree
        .root()
        .descendants()
        .filter_map(scraper::ElementRef::wrap)
        .find_map(|element| element.attr(name).map(str::to_owned))
}

fn position(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes
        .get(from..)?
        .iter()
        .position(|b| *b == wanted)
        .map(|at| from + at)
}

fn end_of_name(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        .unwrap_or(rest.len());
    from + length
}

/// The offset after the `>` that ends a tag. A quote counts only where a value may begin.
fn end_of_tag(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    let mut value_may_begin = false;
    while let Some(b) = bytes.get(at) {
        match b {
            b'>' => return Some(at + 1),
            b'=' => value_may_begin = true,
            b'"' | b'\'' if value_may_begin => {
                at = position(bytes, at + 1, *b)?;
                value_may_begin = false;
            }
            b if b.is_ascii_whitespace() => {}
            _ => value_may_begin = false,
        }
        at += 1;
    }
    None
}

/// The offset after a comment whose content begins at `from`.
fn end_of_comment(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    if rest.starts_with(b">") {
        return Some(from + 1);
    }
    if rest.starts_with(b"->") {
        return Some(from + 2);
    }
    let mut at = from;
    loop {
        at = position(bytes, at, b'>')?;
        let before = bytes.get(from..at)?;
        if before.ends_with(b"--") || before.ends_with(b"--!") {
            return Some(at + 1);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        tags(html)
            .map(|tag| format!("{}{}", if tag.closing { "/" } else { "" }, tag.name))
            .collect()
    }

    #[test]
    fn tags_in_broken_pages() {
        assert_eq!(
            names("<A x='>'><b y=\"<c>\">t</b ></A>"),
            ["A", "b", "/b", "/A"]
        );
        assert_eq!(names("<!DOCTYPE html><!-- <x> --><y><!--><z>"), ["y", "z"]);
        assert_eq!(names("1 < 2 <3 </ b> <i/>"), ["i"]);
        assert_eq!(names("<i \"><b>"), ["i", "b"]);
        assert_eq!(names("<a onclick=f('1','2'); ><b"), ["a"]);
        assert_eq!(names("<a <b x=''>"), ["a"]);
    }

    #[test]
    fn offsets_give_the_text_back() {
        let html = "é<a href='x'>é</a>";
        for tag in tags(html) {
            assert_eq!(html.get(tag.start..tag.end()), Some(tag.text));
        }
    }
}
