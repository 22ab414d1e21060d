//! A placed glyph, as engines hand it over.

use std::collections::HashMap;

use unicode_normalization::char::is_combining_mark;

/// The Unicode value of a glyph: a character, or the number of a string in [`Texts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Value(u32);

const FIRST_STRING: u32 = 0x0011_0000;
/// A font whose glyphs all stand for strings has a few thousand; a hostile one ends here.
const MOST_STRINGS: usize = 1 << 16;
const LONGEST_STRING: usize = 64;

impl Value {
    /// A glyph that no table gives a value for.
    pub(crate) const UNMAPPED: Self = Self('\u{fffd}' as u32);
    pub(crate) const SPACE: Self = Self(' ' as u32);

    /// The character, if it is one.
    pub(crate) fn char(self) -> Option<char> {
        char::from_u32(self.0)
    }

    pub(crate) fn is_space(self) -> bool {
        self == Self::SPACE
    }
}

/// The strings that glyphs stand for: ligatures, and spans with a text of their own.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    strings: Vec<Box<str>>,
    known: HashMap<Box<str>, Value>,
}

impl Texts {
    /// The value for a character: spaces of all kinds are one, control characters are none.
    pub(crate) fn char(&mut self, c: char) -> Value {
        match plain(c) {
            Plain::Char(c) => Value(c as u32),
            Plain::Ligature(letters) => self.string(letters).unwrap_or(Value::UNMAPPED),
        }
    }

    /// The value for a string, none for an empty one.
    pub(crate) fn string(&mut self, text: &str) -> Option<Value> {
        let mut plain_text = String::new();
        for c in text.chars().take(LONGEST_STRING) {
            match plain(c) {
                Plain::Char(c) => plain_text.push(c),
                Plain::Ligature(letters) => plain_text.push_str(letters),
            }
        }
        let mut chars = plain_text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => None,
            (Some(c), None) => Some(Value(c as u32)),
            _ => self.intern(&plain_text),
        }
    }

    fn intern(&mut self, text: &str) -> Option<Value> {
        if let Some(value) = self.known.get(text) {
            return Some(*value);
        }
        if self.strings.len() >= MOST_STRINGS {
            return None;
        }
        let value = Value(FIRST_STRING + self.strings.len() as u32);
        self.strings.push(text.into());
        self.known.insert(text.into(), value);
        Some(value)
    }

    /// Appends what the value stands for.
    pub(crate) fn write(&self, value: Value, out: &mut String) {
        match value.char() {
            Some(c) => out.push(c),
            None => out.push_str(self.of(value)),
        }
    }

    /// The first and the last character of a value.
    pub(crate) fn ends(&self, value: Value) -> (char, char) {
        let text = self.of(value);
        match value.char() {
            Some(c) => (c, c),
            None => (
                text.chars().next().unwrap_or('\u{fffd}'),
                text.chars().next_back().unwrap_or('\u{fffd}'),
            ),
        }
    }

    fn of(&self, value: Value) -> &str {
        value
            .0
            .checked_sub(FIRST_STRING)
            .and_then(|at| self.strings.get(at as usize))
            .map_or("", |text| text)
    }
}

enum Plain {
    Char(char),
    Ligature(&'static str),
}

/// One of several encodings of the same: any space is a space, a ligature is its letters, and the
/// private-use copies of ASCII that symbol fonts have are ASCII.
fn plain(c: char) -> Plain {
    Plain::Char(match c {
        '\u{fb00}' => return Plain::Ligature("ff"),
        '\u{fb01}' => return Plain::Ligature("fi"),
        '\u{fb02}' => return Plain::Ligature("fl"),
        '\u{fb03}' => return Plain::Ligature("ffi"),
        '\u{fb04}' => return Plain::Ligature("ffl"),
        '\u{fb05}' | '\u{fb06}' => return Plain::Ligature("st"),
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\t'
        | '\n'
        | '\r' => ' ',
        // The bullets of Symbol and Wingdings, which word processors begin list items with.
        '\u{f0b7}' | '\u{f0a8}' | '\u{f06c}' => '•',
        '\u{f0a7}' | '\u{f06e}' => '▪',
        '\u{f0d8}' => '➢',
        '\u{f0fc}' => '✓',
        '\u{f0e0}' => '→',
        '\u{f02d}' => '-',
        '\u{f020}' => ' ',
        // A value that says nothing counts as none.
        c if c.is_control() => '\u{fffd}',
        c => c,
    })
}

/// A glyph on its page: the page upright, the origin at the top left, units of a point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    /// The origin, on the baseline.
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// The advance along the baseline.
    pub(crate) width: f32,
    /// The font size on the page.
    pub(crate) size: f32,
    pub(crate) value: Value,
    /// The font's number in the document.
    pub(crate) face: u16,
    /// Which way the baseline runs.
    pub(crate) way: Way,
    /// Not painted: the text of somebody's character recognition.
    pub(crate) invisible: bool,
    /// Marked by the producer as a running head, a foot or a watermark.
    pub(crate) pagination: bool,
}

/// The direction of a baseline on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Way {
    /// From left to right.
    Right,
    /// Downwards: the text is turned clockwise.
    Down,
    /// Upside down.
    Left,
    /// Upwards: the text is turned anticlockwise.
    Up,
    /// Askew, as watermarks are.
    Askew,
}

impl Way {
    /// The way of a direction vector on a page whose y axis points down.
    pub(crate) fn of(dx: f32, dy: f32) -> Self {
        /// A tangent: scans are a little off.
        const SLACK: f32 = 0.12;
        if dy.abs() <= SLACK * dx.abs() {
            if dx >= 0.0 { Self::Right } else { Self::Left }
        } else if dx.abs() <= SLACK * dy.abs() {
            if dy >= 0.0 { Self::Down } else { Self::Up }
        } else {
            Self::Askew
        }
    }
}

impl Glyph {
    /// Whether it is set over, under or close to the letter before it and belongs to that letter.
    pub(crate) fn is_mark(&self, texts: &Texts) -> bool {
        let (first, _) = texts.ends(self.value);
        !first.is_ascii()
            && self.value != Value::UNMAPPED
            && (self.width <= 0.01 * self.size || is_combining_mark(first))
    }

    /// Turns the page so that this way becomes left to right; `width` and `height` are the page's.
    pub(crate) fn turned(self, way: Way, (width, height): (f32, f32)) -> Self {
        let (x, y) = match way {
            Way::Right | Way::Askew => (self.x, self.y),
            Way::Down => (self.y, width - self.x),
            Way::Left => (width - self.x, height - self.y),
            Way::Up => (height - self.y, self.x),
        };
        Self { x, y, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_for_what_is_one_character() {
        let mut texts = Texts::default();
        let mut shown = |text: &str| {
            let value = texts.string(text).unwrap();
            let mut out = String::new();
            texts.write(value, &mut out);
            out
        };
        assert_eq!(shown("\u{fb01}"), "fi");
        assert_eq!(shown("a\u{fb04}e"), "affle");
        assert_eq!(shown("\u{a0}"), " ");
        assert_eq!(shown("\u{f0b7}"), "•");
        assert_eq!(shown("\u{0}"), "\u{fffd}");
        assert_eq!(shown("क्ष"), "क्ष");
        assert!(texts.string("").is_none());
    }

    #[test]
    fn ways_of_baselines() {
        for (dx, dy, way) in [
            (1.0, 0.0, Way::Right),
            (1.0, 0.05, Way::Right),
            (0.0, 1.0, Way::Down),
            (-1.0, 0.0, Way::Left),
            (0.0, -1.0, Way::Up),
            (1.0, -1.0, Way::Askew),
        ] {
            assert_eq!(Way::of(dx, dy), way, "{dx} {dy}");
        }
    }
}
