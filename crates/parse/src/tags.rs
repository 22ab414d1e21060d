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
    /// How many attributes it has, repeated ones included.
    pub(crate) attributes: usize,
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
            let start = self.at + memchr::memchr(b'<', bytes.get(self.at..)?)?;
            let closing = bytes.get(start + 1) == Some(&b'/');
            let name_start = start + 1 + usize::from(closing);
            match bytes.get(name_start)? {
                b if b.is_ascii_alphabetic() => {
                    let name_end = end_of_name(bytes, name_start);
                    let (end, attributes) = end_of_tag(bytes, name_end)?;
                    self.at = end;
                    return Some(Tag {
                        name: self.html.get(name_start..name_end)?,
                        closing,
                        text: self.html.get(start..end)?,
                        start,
                        attributes,
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
    let fragment = crate::tree::parse(tag).ok()?;
    fragment
        .tree
        .root()
        .descendants()
        .filter_map(scraper::ElementRef::wrap)
        .find_map(|element| element.attr(name).map(str::to_owned))
}

fn position(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    memchr::memchr(wanted, bytes.get(from..)?).map(|at| from + at)
}

fn end_of_name(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        .unwrap_or(rest.len());
    from + length
}

/// Where a scan stands inside a tag: the states of the HTML standard that decide what a quote means.
#[derive(Clone, Copy)]
enum In {
    /// Between attributes; whatever comes begins a name, `=` and quotes too.
    Between,
    /// In a name, quotes included.
    Name,
    /// Behind a name and a blank: a `=` still belongs to it.
    AfterName,
    /// Behind `=`: here, and only here, a quote begins a quoted value.
    BeforeValue,
    /// In a value without quotes, which blanks and `>` end.
    Bare,
}

/// The offset after the `>` that ends a tag, and the number of attributes before it.
fn end_of_tag(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    let mut attributes = 0;
    let mut state = In::Between;
    while let Some(b) = bytes.get(at) {
        let blank = b.is_ascii_whitespace();
        state = match (state, b) {
            (_, b'>') => return Some((at + 1, attributes)),
            (In::BeforeValue, b'"' | b'\'') => {
                at = position(bytes, at + 1, *b)?;
                In::Between
            }
            (In::BeforeValue, _) if blank => In::BeforeValue,
            (In::BeforeValue, _) => In::Bare,
            (In::Bare, _) if blank => In::Between,
            (In::Bare, _) => In::Bare,
            (In::Name | In::AfterName, _) if blank => In::AfterName,
            (_, b'/') => In::Between,
            (In::Name | In::AfterName, b'=') => In::BeforeValue,
            (In::Name, _) => In::Name,
            (In::Between, _) if blank => In::Between,
            (In::Between | In::AfterName, _) => {
                attributes += 1;
                In::Name
            }
        };
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
        assert_eq!(names("<a x=y='><b>'>"), ["a", "b"]);
        assert_eq!(names("<a ='><b>'>"), ["a", "b"]);
        assert_eq!(names("<a x = '><b>'>"), ["a"]);
        assert_eq!(names("<a x/='><b>'>"), ["a", "b"]);
    }

    #[test]
    fn attributes_are_counted() {
        let count = |html: &str| tags(html).next().unwrap().attributes;
        assert_eq!(count("<a>"), 0);
        assert_eq!(count("<a x y=1 z='1 2'w = \"3\" / >"), 4);
        assert_eq!(count("<a/x/y/=/x>"), 4);
        assert_eq!(count("</a x>"), 1);
    }

    #[test]
    fn offsets_give_the_text_back() {
        let html = "é<a href='x'>é</a>";
        for tag in tags(html) {
            assert_eq!(html.get(tag.start..tag.end()), Some(tag.text));
        }
    }
}
