//! A path pattern: octets, `*` for any run of them, `$` at the end for the end.

use std::fmt;

/// A pattern, with what stands between its stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Never empty: a pattern without a star has one part.
    parts: Vec<String>,
    ends: bool,
    length: usize,
}

impl Pattern {
    /// Reads a pattern; `None` for an empty one, which is no rule.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let (text, ends) = match text.strip_suffix('$') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let mut parts: Vec<String> = Vec::new();
        for part in text.split('*') {
            // Two stars are one.
            if part.is_empty() && parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
                continue;
            }
            parts.push(normal(part));
        }
        let stars = parts.len().saturating_sub(1);
        let length = parts.iter().map(String::len).sum::<usize>() + stars + usize::from(ends);
        Some(Self {
            parts,
            ends,
            length,
        })
    }

    /// Its octets, by which rules are ranked.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Whether it matches the beginning of `path` (all of it, if it ends in `$`). `path` is normal.
    /// Time is linear in the pattern and at most quadratic in the path.
    pub(super) fn matches(&self, path: &str) -> bool {
        let literal = self.length - (self.parts.len() - 1) - usize::from(self.ends);
        if literal > path.len() {
            return false;
        }
        let mut parts = self.parts.iter();
        let first = parts.next().map_or("", String::as_str);
        let Some(mut rest) = path.strip_prefix(first) else {
            return false;
        };
        let mut left = parts.len();
        if left == 0 {
            return !self.ends || rest.is_empty();
        }
        for part in parts {
            left -= 1;
            if left == 0 && self.ends {
                return rest.ends_with(part.as_str());
            }
            match rest.find(part.as_str()) {
                Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        true
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join("*"))?;
        f.write_str(if self.ends { "$" } else { "" })
    }
}

/// The one spelling of a path: what need not be escaped is not, everything else is, in capitals. A `*`
/// or `$` that stands for itself stays escaped.
pub(super) fn normal(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escape = (*byte == b'%')
            .then(|| Some(digit(bytes.get(at + 1))? * 16 + digit(bytes.get(at + 2))?))
            .flatten()
            .and_then(|value| u8::try_from(value).ok());
        let (value, plain) = match escape {
            Some(value) => {
                let unreserved =
                    value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~');
                (value, unreserved)
            }
            None => (*byte, byte.is_ascii_graphic() && *byte != b'%'),
        };
        at += if escape.is_some() { 3 } else { 1 };
        if plain {
            out.push(char::from(value));
        } else {
            out.push('%');
            out.extend([value >> 4, value & 15].map(|n| char::from(HEX[usize::from(n)])));
        }
    }
    out
}
