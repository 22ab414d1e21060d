//! The stored text in shorthand: a frequent word with the space before it is one or two bytes.
//!
//! The engine compresses what it stores a few documents at a time, and finds in each such block only what repeats
//! there. That `Government` is a word is known before: written so, texts take a quarter less when
//! compressed, in less time.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::key::Key;
use super::run::letters_end;

/// The first byte of a text as it is.
const PLAIN: u8 = 0;
/// The first byte of a text in shorthand.
const SHORT: u8 = 1;
/// Before a character that is not ASCII.
const ESCAPE: u8 = 0x80;
/// The first byte that is a word. Those from here to `TWO_BYTES` are the words that need no second one.
const ONE_BYTE: u8 = ESCAPE + 1;
const TWO_BYTES: u8 = 0xc0;
const SINGLE: usize = (TWO_BYTES - ONE_BYTE) as usize;
const MOST_WORDS: usize = SINGLE + 64 * 256;
/// A text with more than one byte of so many outside ASCII is kept as it is.
const FEW: usize = 8;
/// Twice as many as there can be words, at least.
const SLOTS: usize = 1 << 16;

#[derive(Deserialize)]
struct Table {
    words: String,
}

struct Frequent {
    /// In the order of their codes.
    words: Vec<&'static str>,
    keys: Vec<Key>,
    /// Places in `words` from 1, in the order of hashes.
    slots: Vec<u16>,
}

static FREQUENT: LazyLock<Frequent> = LazyLock::new(|| {
    let text = include_str!("../../../../data/reference/frequent-words.toml");
    // Part of the program, read by a test.
    let table = toml::from_str::<Table>(text).map_or_else(|_| String::new(), |table| table.words);
    let words: Vec<&str> = table.leak().split_whitespace().take(MOST_WORDS).collect();
    let keys: Vec<Key> = words.iter().map(|word| Key::new(word.as_bytes())).collect();
    let mut slots = vec![0; SLOTS];
    for (place, key) in (1..).zip(&keys) {
        let mut slot = key.hash as usize % SLOTS;
        while slots.get(slot).is_some_and(|taken| *taken > 0) {
            slot = (slot + 1) % SLOTS;
        }
        if let Some(slot) = slots.get_mut(slot) {
            *slot = place;
        }
    }
    Frequent { words, keys, slots }
});

impl Frequent {
    /// The place of a piece of `text`.
    fn place(&self, text: &[u8], piece: &Range<usize>) -> Option<usize> {
        let key = Key::of_piece(text, piece);
        let mut slot = key.hash as usize % SLOTS;
        loop {
            let place = usize::from(*self.slots.get(slot)?).checked_sub(1)?;
            let is_word =
                || self.words.get(place).map(|word| word.as_bytes()) == text.get(piece.clone());
            if self.keys.get(place) == Some(&key) && (key.is_all() || is_word()) {
                return Some(place);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// `text` in shorthand, or as it is if little of it is ASCII.
pub(crate) fn shortened(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let others = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if others > bytes.len() / FEW {
        return [&[PLAIN], bytes].concat();
    }
    let words = &*FREQUENT;
    let mut out = Vec::with_capacity(bytes.len() / 2 + 16);
    out.push(SHORT);
    // What is before `kept` is written.
    let (mut kept, mut at) = (0, 0);
    let as_it_is = |from: usize, to: usize| bytes.get(from..to).unwrap_or(&[]);
    while let Some(byte) = bytes.get(at) {
        if *byte == b' ' {
            let start = at + 1;
            let end = letters_end(bytes, start);
            if end - start > 1
                && let Some(place) = words.place(bytes, &(start..end))
            {
                out.extend_from_slice(as_it_is(kept, at));
                put_place(&mut out, place);
                kept = end;
            }
            at = end;
        } else {
            // The first byte of a character.
            if byte & 0xc0 == 0xc0 {
                out.extend_from_slice(as_it_is(kept, at));
                out.push(ESCAPE);
                kept = at;
            }
            at += 1;
        }
    }
    out.extend_from_slice(as_it_is(kept, bytes.len()));
    out
}

fn put_place(out: &mut Vec<u8>, place: usize) {
    match place.checked_sub(SINGLE) {
        None => out.push(ONE_BYTE + place as u8),
        Some(place) => out.extend([TWO_BYTES + (place >> 8) as u8, place as u8]),
    }
}

/// The text that [`shortened`] gave `stored` for; `None` if it is damaged.
pub(crate) fn lengthened(stored: &[u8]) -> Option<String> {
    let (kind, mut rest) = stored.split_first()?;
    match *kind {
        PLAIN => return std::str::from_utf8(rest).ok().map(str::to_owned),
        SHORT => {}
        _ => return None,
    }
    let words = &FREQUENT.words;
    let mut out = String::with_capacity(3 * rest.len());
    while let Some(first) = rest.first() {
        let place = match *first {
            0..ESCAPE => {
                let plain = rest.iter().position(|byte| !byte.is_ascii());
                let (plain, behind) = rest.split_at(plain.unwrap_or(rest.len()));
                out.push_str(std::str::from_utf8(plain).ok()?);
                rest = behind;
                continue;
            }
            ESCAPE => {
                let length = match rest.get(1)? {
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    _ => 4,
                };
                out.push_str(std::str::from_utf8(rest.get(1..=length)?).ok()?);
                rest = rest.get(1 + length..)?;
                continue;
            }
            ONE_BYTE..TWO_BYTES => {
                rest = rest.get(1..)?;
                usize::from(first - ONE_BYTE)
            }
            TWO_BYTES.. => {
                let second = *rest.get(1)?;
                rest = rest.get(2..)?;
                SINGLE + usize::from(first - TWO_BYTES) * 256 + usize::from(second)
            }
        };
        out.push(' ');
        out.push_str(words.get(place)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let words = &FREQUENT.words;
        assert_eq!(words.len(), 8_000);
        assert_eq!(words.first(), Some(&"the"));
        for (place, word) in words.iter().enumerate() {
            assert!(word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
            assert_eq!(
                FREQUENT.place(word.as_bytes(), &(0..word.len())),
                Some(place),
                "{word}"
            );
        }
    }

    #[test]
    fn frequent_words_are_short() {
        let text = "In the matter of the Government  the\ttheft which is not to be found \u{201c}the\u{201d}";
        let stored = shortened(text);
        assert!(stored.len() + 30 < text.len(), "{}", stored.len());
        assert_eq!(lengthened(&stored).as_deref(), Some(text));
        let hindi = "\u{928}\u{94d}\u{92f}\u{93e}\u{92f} the";
        assert_eq!(shortened(hindi), [&[PLAIN], hindi.as_bytes()].concat());
        for damaged in [
            &[][..],
            &[7],
            &[SHORT, ESCAPE],
            &[SHORT, 0xff],
            &[SHORT, 0xff, 0xff],
            &[PLAIN, 0xff],
        ] {
            assert_eq!(lengthened(damaged), None, "{damaged:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back(text in "(\\PC|[ ]?(the|court|Court|of|xyzzy)|[ \n\u{915}\u{1f600}]){0,60}") {
            proptest::prop_assert_eq!(lengthened(&shortened(&text)), Some(text));
        }

        #[test]
        fn any_bytes_are_read(mut bytes in proptest::collection::vec(0_u8.., 0..60)) {
            bytes.insert(0, SHORT);
            lengthened(&bytes);
        }
    }
}
