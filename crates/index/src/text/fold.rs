//! The exact spelling of a word.

use unicode_normalization::UnicodeNormalization;

use super::split::is_ignorable;

/// Longer words are cut. A word of the index is for finding; nobody types 80 characters.
const MAX_CHARS: usize = 80;

/// The zeros of the decimal digits that Indian texts use beside ASCII.
const ZEROS: [char; 13] = [
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{1c50}', '\u{abf0}',
];

/// Writes the exact spelling of a piece to `out`: NFC, lower case, ASCII digits, ligatures of Latin
/// letters taken apart, joiners and soft hyphens dropped, at most 80 characters.
pub(crate) fn exact(piece: &str, out: &mut String) {
    if piece.is_ascii() {
        let from = out.len();
        out.push_str(piece.get(..MAX_CHARS).unwrap_or(piece));
        if let Some(added) = out.get_mut(from..) {
            added.make_ascii_lowercase();
        }
        return;
    }
    let spelled = piece.chars().flat_map(plain).nfc();
    for c in spelled.take(MAX_CHARS) {
        if c == '\u{200d}' {
            join_chillu(out);
        }
        if !is_ignorable(c) {
            out.extend(ascii_digit(c).to_lowercase());
        }
    }
}

/// A character of presentation (`ﬁ`, full-width letters) as the characters it stands for.
fn plain(c: char) -> impl Iterator<Item = char> {
    let presentation = matches!(c, '\u{fb00}'..='\u{fb06}' | '\u{ff01}'..='\u{ff5e}');
    let parts: [Option<char>; 3] = if presentation {
        let mut parts = std::iter::once(c).nfkc();
        [parts.next(), parts.next(), parts.next()]
    } else {
        [Some(c), None, None]
    };
    parts.into_iter().flatten()
}

fn ascii_digit(c: char) -> char {
    if c.is_ascii() || !c.is_numeric() {
        return c;
    }
    ZEROS
        .iter()
        .filter_map(|zero| u32::from(c).checked_sub(u32::from(*zero)))
        .find(|digit| *digit < 10)
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

/// Malayalam writes a vowelless consonant as one character, or, in older text, as consonant, virama
/// and joiner. Called at the joiner: turns the latter into the former.
fn join_chillu(out: &mut String) {
    let mut back = out.chars().rev();
    if back.next() != Some('\u{d4d}') {
        return;
    }
    let chillu = match back.next() {
        Some('\u{d23}') => '\u{d7a}',
        Some('\u{d28}') => '\u{d7b}',
        Some('\u{d30}') => '\u{d7c}',
        Some('\u{d32}') => '\u{d7d}',
        Some('\u{d33}') => '\u{d7e}',
        Some('\u{d15}') => '\u{d7f}',
        _ => return,
    };
    out.pop();
    out.pop();
    out.push(chillu);
}
