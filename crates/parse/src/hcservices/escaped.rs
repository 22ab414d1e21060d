//! The rows of an establishment straight from the JSON text that holds them as a JSON text: no copy is made of a list
//! with tens of thousands of rows, and values without escapes are borrowed.
//!
//! Only the form that the portal sends is read here: flat objects, quotes as `\"`. At anything else the reader stops
//! before the row, and the general parser goes on from there.

use std::cell::Cell;

use super::record::Record;
use super::value::Text;

/// What the reader made of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read<'a> {
    /// All of it.
    All,
    /// The rows before this one; it and what follows are left, as they stand in the text.
    Until(&'a str),
}

/// Hands on rows of `list`, a JSON text still in its escapes, its first character `[`; `count` says how many.
pub(super) fn each<'a>(
    list: &'a str,
    count: &Cell<u64>,
    most: u64,
    take: &mut dyn FnMut(Record<'_>),
) -> Read<'a> {
    let mut reader = Reader { text: list, at: 1 };
    loop {
        reader.blanks();
        let begin = reader.at;
        let Some(record) = reader.record().filter(|_| count.get() < most) else {
            return Read::Until(list.get(begin..).unwrap_or(""));
        };
        reader.blanks();
        let end = reader.next();
        // The list must go on or end behind a row that is handed on: what is left would lack its beginning.
        let is_done = match end {
            Some(b',') => false,
            Some(b']') if reader.at == list.len() => true,
            _ => return Read::Until(list.get(begin..).unwrap_or("")),
        };
        count.set(count.get() + 1);
        take(record);
        if is_done {
            return Read::All;
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn is_next(&mut self, wanted: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is = rest.starts_with(wanted.as_bytes());
        self.at += if is { wanted.len() } else { 0 };
        is
    }

    /// A whole object; `None` at anything out of the ordinary.
    fn record(&mut self) -> Option<Record<'a>> {
        let mut record = Record::default();
        let mut seen = 0_u32;
        if self.next()? != b'{' {
            return None;
        }
        loop {
            self.blanks();
            let name = self.name()?;
            self.blanks();
            if self.next()? != b':' {
                return None;
            }
            self.blanks();
            let value = self.value()?;
            if let Some((place, field)) = record.field(name) {
                // A repeated name is an error, which the general parser words.
                if seen & (1 << place) != 0 {
                    return None;
                }
                seen |= 1 << place;
                *field = value;
            }
            self.blanks();
            match self.next()? {
                b',' => {}
                b'}' => return Some(record),
                _ => return None,
            }
        }
    }

    /// A name in quotes, without escapes of its own.
    fn name(&mut self) -> Option<&'a str> {
        if !self.is_next("\\\"") {
            return None;
        }
        let (text, end) = self.plain()?;
        self.at = end?;
        Some(text)
    }

    /// The text from here to the next backslash or quote, and where what follows begins if that is the quote that
    /// ends a text of the list.
    fn plain(&self) -> Option<(&'a str, Option<usize>)> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = memchr::memchr2(b'\\', b'"', rest)?;
        let text = self.text.get(self.at..self.at + length)?;
        let ends = rest.get(length..length + 2) == Some(b"\\\"");
        Some((text, ends.then_some(self.at + length + 2)))
    }

    fn value(&mut self) -> Option<Text<'a>> {
        match self.peek()? {
            b'\\' => self.text(),
            b'n' => self.is_next("null").then(Text::default),
            b't' => self.is_next("true").then(Text::default),
            b'f' => self.is_next("false").then(Text::default),
            _ => self.number(),
        }
    }

    /// Digits alone; any other number goes to the general parser.
    fn number(&mut self) -> Option<Text<'a>> {
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = rest.get(..length)?;
        let follows = rest.as_bytes().get(length)?;
        let whole = matches!(follows, b',' | b'}' | b' ');
        let good = whole && (1..=19).contains(&length) && (length == 1 || !digits.starts_with('0'));
        self.at += length;
        good.then(|| Text::borrowed(digits))
    }

    fn text(&mut self) -> Option<Text<'a>> {
        if !self.is_next("\\\"") {
            return None;
        }
        if let (text, Some(end)) = self.plain()? {
            self.at = end;
            return Some(Text::borrowed(text));
        }
        self.with_escapes()
    }

    /// A text with escapes: those of the outer text are undone here, those of the inner by the JSON parser.
    fn with_escapes(&mut self) -> Option<Text<'a>> {
        let mut inner = String::from("\"");
        let mut escaped = false;
        loop {
            let (text, _) = self.plain()?;
            inner.push_str(text);
            escaped &= text.is_empty();
            self.at += text.len();
            if self.next()? != b'\\' {
                return None;
            }
            let c = match self.next()? {
                b @ (b'"' | b'\\' | b'/') => char::from(b),
                _ => return None,
            };
            inner.push(c);
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => break,
                _ => {}
            }
        }
        serde_json::from_str::<String>(&inner)
            .ok()
            .map(|text| Text::of(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows read here, and what is left.
    fn read(inner: &str) -> (Vec<String>, Option<String>) {
        let outer = serde_json::to_string(inner).unwrap();
        let list = outer.get(1..outer.len() - 1).unwrap();
        let mut names = Vec::new();
        let count = Cell::new(0);
        let left = each(list, &count, 100, &mut |record| {
            names.push(record.pet_name.as_deref().unwrap_or("").to_owned());
        });
        assert_eq!(count.get(), names.len() as u64);
        match left {
            Read::All => (names, None),
            Read::Until(rest) => (names, Some(rest.to_owned())),
        }
    }

    #[test]
    fn rows_in_the_portals_form() {
        let (names, left) = read(
            r#"[{"pet_name":"A B","case_no2":12,"x":null}, {"pet_name" : "C \"D\" \/ \u0915\\","y":true},{"pet_name":null}]"#,
        );
        assert_eq!(
            (names, left),
            (
                vec!["A B".to_owned(), "C \"D\" / क\\".to_owned(), String::new()],
                None
            )
        );
    }

    #[test]
    fn anything_else_is_left_from_the_row_on() {
        for odd in [
            r#"{"pet_name":"B","x":[1]}"#,
            r#"{"pet_name":"B","x":{}}"#,
            r#"{"pet_name":"B","case_no2":1.5}"#,
            r#"{"pet_name":"B","case_no2":007}"#,
            r#"{"pet_name":"B","pet_name":"C"}"#,
            r#"{"pet_name":"B",}"#,
            r#"{"pet_name":"B"} x"#,
            "{\"pet_name\":\"B\n\"}",
            "{}",
            "",
        ] {
            let (names, left) = read(&format!(r#"[{{"pet_name":"A"}},{odd}]"#));
            assert_eq!(names, ["A"], "{odd}");
            let outer = serde_json::to_string(&format!("{odd}]")).unwrap();
            let outer = outer.trim_matches('"').trim_start();
            assert_eq!(left.as_deref(), Some(outer), "{odd}");
        }
        assert_eq!(read("[]").1.as_deref(), Some("]"));
    }
}
