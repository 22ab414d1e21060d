//! High Court rows exactly as the portal prints them, taken apart in one pass over the text.
//!
//! The HTML parser builds a tree of some sixty nodes for a row, which takes twenty times as long as
//! everything else. Nearly every row has one shape:
//!
//! ```html
//! <button … onclick=javascript:open_pdf('0','','court/….pdf#…'); ><font size='3'>TITLE</button></font><br>
//! <strong>Judge : A,B</strong><br> EXCERPT<br>
//! <strong class='caseDetailsTD' ><span …> LABEL :</span><font …> VALUE</font>…<br><span …>Court : NAME</span></strong>
//! ```
//!
//! Whatever is not exactly this — another tag or attribute, an entity beyond the usual, a control
//! character — is declined and goes to the HTML parser. Where a row is not declined, both read the same:
//! the suite compares them over all fixtures and over rows damaged at random.

use std::borrow::Cow;

use super::details::{self, Run};
use super::sheet::{self, Sheet};
use crate::{call, text};

/// Longer rows are declined; real ones have 1 to 8 KiB.
const MOST_BYTES: usize = 16 * 1024;
/// Rows with more tags are declined; real ones have 20 to 30.
const MOST_TAGS: usize = 256;
/// Classes that mean something to the reader of trees.
const CLASSES: [&str; 4] = [details::CLASS, "escrText", "ncDisplay", "modal"];

/// The pieces of a row of the usual shape; `None` for any other.
pub(super) fn gather(html: &str) -> Option<Sheet> {
    // The HTML parser drops or changes these two.
    if html.len() > MOST_BYTES || html.bytes().any(|b| matches!(b, b'\0' | b'\r')) {
        return None;
    }
    let mut scan = Scan {
        rest: html,
        tags: 0,
    };
    let arguments = scan.button()?;
    scan.styled("<font")?;
    let title = text::fold(&scan.words()?);
    if title.is_empty() {
        return None;
    }
    scan.exact("</button>")?;
    scan.exact("</font>")?;
    let (judges, excerpt) = scan.judges_and_excerpt()?;
    let runs = scan.details()?;
    if !scan.rest.bytes().all(|b| b.is_ascii_whitespace()) {
        return None;
    }
    Some(Sheet {
        arguments,
        title,
        judges,
        description: Some(excerpt).filter(|words| !words.is_empty()),
        languages: None,
        cnr: None,
        citation: None,
        neutral: None,
        details: details::of_runs(runs),
        flags: Vec::new(),
    })
}

/// What is left of the row.
struct Scan<'a> {
    rest: &'a str,
    tags: usize,
}

/// An attribute, its value not decoded.
struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
}

/// What stands next inside an open tag.
enum Inside<'a> {
    One(Attribute<'a>),
    End,
}

impl<'a> Scan<'a> {
    /// Steps over `words` if they stand here.
    fn exact(&mut self, words: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(words)?;
        self.tags += 1;
        (self.tags <= MOST_TAGS).then_some(())
    }

    /// The text up to the next tag, entities decoded.
    fn words(&mut self) -> Option<Cow<'a, str>> {
        let bytes = self.rest.as_bytes();
        let end = bytes.iter().position(|b| *b == b'<')?;
        decode(self.take(end)?, "")
    }

    /// The next `length` bytes.
    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn skip_blanks(&mut self) {
        let is_blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n');
        let bytes = self.rest.as_bytes();
        let end = bytes.iter().position(|b| !is_blank(b));
        self.rest = self.rest.get(end.unwrap_or(bytes.len())..).unwrap_or("");
    }

    /// The button, and the arguments of the call that opens the document.
    fn button(&mut self) -> Option<Vec<String>> {
        self.exact("<button")?;
        let mut script = None;
        while let Inside::One(attribute) = self.inside()? {
            match attribute.name {
                "onclick" if script.is_none() => script = Some(attribute.value),
                "class" if !is_plain_class(attribute.value) => return None,
                _ => {}
            }
        }
        // The fragment of every path: no entity has a name that begins like this.
        let script = decode(script?, "search=")?;
        call::arguments(&script, "open_pdf")?.ok()
    }

    /// A tag with nothing but style about it.
    fn styled(&mut self, tag: &str) -> Option<()> {
        self.exact(tag)?;
        while let Inside::One(attribute) = self.inside()? {
            if !matches!(attribute.name, "style" | "color" | "size" | "face") {
                return None;
            }
        }
        Some(())
    }

    /// The next attribute of an open tag, or its end; `None` for what only the HTML parser understands.
    fn inside(&mut self) -> Option<Inside<'a>> {
        let before = self.rest.len();
        self.skip_blanks();
        let bytes = self.rest.as_bytes();
        if bytes.first() == Some(&b'>') {
            self.take(1)?;
            return Some(Inside::End);
        }
        let name_end = bytes
            .iter()
            .position(|b| !b.is_ascii_lowercase() && *b != b'-')?;
        if self.rest.len() == before || name_end == 0 || bytes.get(name_end) != Some(&b'=') {
            return None;
        }
        let name = self.take(name_end)?;
        self.take(1)?;
        let value = self.value()?;
        Some(Inside::One(Attribute { name, value }))
    }

    /// A value, quoted or bare, without anything that looks like a tag in it.
    fn value(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let quote = *bytes.first()?;
        let value = if matches!(quote, b'"' | b'\'') {
            self.take(1)?;
            let bytes = self.rest.as_bytes();
            let end = bytes.iter().position(|b| *b == quote)?;
            let value = self.take(end)?;
            self.take(1)?;
            value
        } else {
            let ends = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | 0xc | b'>');
            let end = bytes.iter().position(ends).filter(|end| *end > 0)?;
            self.take(end)?
        };
        (!value.as_bytes().contains(&b'<')).then_some(value)
    }

    /// The line of judges, and the text between it and the details; the same walk as over a tree.
    fn judges_and_excerpt(&mut self) -> Option<(String, String)> {
        let mut judges: Option<Cow<'a, str>> = None;
        let mut at_judges = false;
        let mut excerpt = String::new();
        // The line break behind the title.
        self.exact("<br>")?;
        loop {
            excerpt.push_str(&self.words()?);
            if self.exact("<br>").is_some() {
                if !at_judges {
                    excerpt.push(' ');
                }
                at_judges = false;
            } else if self.exact("<strong>").is_some() {
                let line = self.words()?;
                let is_line = judges.is_none() && sheet::begins_with_judges(&line);
                // The one place for a line break behind the judges is directly behind them.
                if !is_line || !self.rest.starts_with("</strong><br>") {
                    return None;
                }
                self.exact("</strong>")?;
                judges = Some(line);
                at_judges = true;
                // What stands before the judges is no excerpt.
                excerpt.clear();
            } else {
                break;
            }
        }
        let judges = judges.map(|line| text::fold(&line)).unwrap_or_default();
        Some((judges, text::fold(&excerpt)))
    }

    /// The labelled values: pairs, and behind a line break a label that holds its value itself.
    fn details(&mut self) -> Option<Vec<Run<'a>>> {
        self.exact("<strong")?;
        let mut is_block = false;
        while let Inside::One(attribute) = self.inside()? {
            match attribute.name {
                "class" if !is_block && attribute.value == details::CLASS => is_block = true,
                "style" => {}
                _ => return None,
            }
        }
        if !is_block {
            return None;
        }
        let mut runs = Vec::with_capacity(12);
        self.skip_blanks();
        while self.rest.starts_with("<span") {
            runs.push(self.run(true, "<span", "</span>")?);
            self.skip_blanks();
            runs.push(self.run(false, "<font", "</font>")?);
            self.skip_blanks();
        }
        if self.exact("<br>").is_some() {
            self.skip_blanks();
            if self.rest.starts_with("<span") {
                runs.push(self.run(true, "<span", "</span>")?);
                self.skip_blanks();
            }
        }
        self.exact("</strong>")?;
        Some(runs)
    }

    fn run(&mut self, is_label: bool, opening: &str, closing: &str) -> Option<Run<'a>> {
        self.styled(opening)?;
        let text = self.words()?;
        self.exact(closing)?;
        Some(Run { is_label, text })
    }
}

fn is_plain_class(value: &str) -> bool {
    !value.contains('&') && !CLASSES.iter().any(|class| value.contains(class))
}

/// Decodes the entities that portals write. Any other is declined; so is an ampersand that might begin
/// one, except before `known`.
pub(super) fn decode<'a>(raw: &'a str, known: &str) -> Option<Cow<'a, str>> {
    if !raw.as_bytes().contains(&b'&') {
        return Some(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        rest = after;
        if let Some((c, after)) = entity(after) {
            out.push(c);
            rest = after;
            continue;
        }
        let literal = match after.bytes().next() {
            None => true,
            Some(b) => !b.is_ascii_alphanumeric() && b != b'#',
        };
        if !literal && (known.is_empty() || !after.starts_with(known)) {
            return None;
        }
        out.push('&');
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

/// The character of the entity whose name begins `text`, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    const NAMED: [(&str, char); 6] = [
        ("amp;", '&'),
        ("quot;", '"'),
        ("apos;", '\''),
        ("lt;", '<'),
        ("gt;", '>'),
        ("nbsp;", '\u{a0}'),
    ];
    if let Some(number) = text.strip_prefix('#') {
        let (digits, rest) = number.split_once(';')?;
        if !(1..=5).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // Between these ranges lie numbers that stand for other characters than their own.
        let code: u32 = digits.parse().ok()?;
        let own = (0x20..0x7f).contains(&code) || (0xa0..0xd800).contains(&code);
        return own
            .then(|| char::from_u32(code))
            .flatten()
            .map(|c| (c, rest));
    }
    NAMED
        .iter()
        .find_map(|(name, c)| Some((*c, text.strip_prefix(name)?)))
}

#[cfg(test)]
mod tests;
