//! Words that were read already, on their way to the engine.
//!
//! The engine asks a tokenizer for the words of a field's text, in any order so long as the places of each word
//! rise. The body is handed to it as a text of another kind: each different word with the number of times it
//! occurs and, in the exact spelling, the distances between its places. So the engine finds the same
//! entry of its table many times in a row, and the text is not split once for each spelling.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Bits of a number in a character; one more says that there are others. Such characters are ASCII.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

/// Adds a word that occurs `count` times.
pub(super) fn put_word(out: &mut String, word: &str, count: u32) {
    put_number(out, word.len() as u32);
    out.push_str(word);
    put_number(out, count);
}

pub(super) fn put_number(out: &mut String, mut number: u32) {
    while number >= u32::from(MORE) {
        out.push(char::from((number as u8 & (MORE - 1)) | MORE));
        number >>= BITS;
    }
    out.push(char::from(number as u8));
}

/// Takes a number from `packed`, at `at`.
fn number(packed: &[u8], at: &mut usize) -> Option<u32> {
    let (mut number, mut shift) = (0_u32, 0);
    loop {
        let byte = *packed.get(*at)?;
        *at += 1;
        number |= u32::from(byte & (MORE - 1)).checked_shl(shift)?;
        if byte & MORE == 0 {
            return Some(number);
        }
        shift += BITS;
    }
}

/// Unpacks words, with the distances between their places if there are any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unpacker {
    pub(super) has_places: bool,
}

impl Tokenizer for Unpacker {
    type TokenStream<'a> = Unpacked<'a>;

    fn token_stream<'a>(&'a mut self, packed: &'a str) -> Unpacked<'a> {
        Unpacked {
            packed,
            has_places: self.has_places,
            at: 0,
            left: 0,
            token: Token::default(),
        }
    }
}

/// The words of a packed text. Tokens have no offsets: the text that they come from is not here.
#[derive(Debug)]
pub(super) struct Unpacked<'a> {
    packed: &'a str,
    has_places: bool,
    at: usize,
    /// How many times more the present word occurs.
    left: u32,
    token: Token,
}

impl Unpacked<'_> {
    fn next_word(&mut self) -> Option<()> {
        let bytes = self.packed.as_bytes();
        let length = number(bytes, &mut self.at)? as usize;
        let word = self.packed.get(self.at..self.at + length)?;
        self.at += length;
        self.left = number(bytes, &mut self.at)?;
        self.token.text.clear();
        self.token.text.push_str(word);
        self.token.position = 0;
        Some(())
    }
}

impl TokenStream for Unpacked<'_> {
    fn advance(&mut self) -> bool {
        while self.left == 0 {
            if self.next_word().is_none() {
                return false;
            }
        }
        self.left -= 1;
        if self.has_places {
            let distance = number(self.packed.as_bytes(), &mut self.at);
            self.token.position += distance.unwrap_or(0) as usize;
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// A packed text as `word@position …`.
#[cfg(test)]
pub(super) fn unpacked(packed: &str, has_places: bool) -> String {
    let mut unpacker = Unpacker { has_places };
    let mut stream = unpacker.token_stream(packed);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        words.push(format!("{}@{}", token.text, token.position));
    }
    assert_eq!(stream.at, packed.len());
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec(0_u32.., 0..20)) {
            let mut packed = String::new();
            for number in &numbers {
                put_number(&mut packed, *number);
            }
            let mut at = 0;
            let back: Vec<u32> = std::iter::from_fn(|| number(packed.as_bytes(), &mut at)).collect();
            proptest::prop_assert_eq!(back, numbers);
        }

        /// Any text, packed or not: an end is reached.
        #[test]
        fn any_text_is_unpacked(text in "(\\PC|[\\x00-\\x7f]){0,30}") {
            for has_places in [true, false] {
                let mut unpacker = Unpacker { has_places };
                let mut stream = unpacker.token_stream(&text);
                for _ in 0..1_000 {
                    if !stream.advance() {
                        break;
                    }
                }
            }
        }
    }
}
