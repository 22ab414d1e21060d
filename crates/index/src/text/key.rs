//! What a word is found by in a table.

use std::ops::Range;

/// Of a word of so many bytes the key is all there is to compare: nine words of ten.
pub(super) const KEY_BYTES: usize = 2 * HALF;
/// The bytes in a half of a key.
const HALF: usize = 8;
/// The bit that parts small letters of ASCII from capital ones, in every byte. Digits have it.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// The beginning of a word, its length and its hash, which is the same everywhere and for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Key {
    pub(super) hash: u64,
    first: u64,
    second: u64,
    length: usize,
}

impl Key {
    pub(super) fn new(word: &[u8]) -> Self {
        let mut key = Self::of_halves(word, &(0..word.len()), 0);
        if word.len() > KEY_BYTES {
            let mut hash = seeded(key.first, word.len());
            for chunk in word.chunks(HALF).skip(1) {
                hash = folded(hash ^ beginning(chunk, 0, chunk.len()));
            }
            key.hash = folded(hash);
        }
        key
    }

    /// The key of a piece of `text` of at most [`KEY_BYTES`] ASCII letters and digits, in small letters.
    #[inline]
    pub(super) fn small_letters(text: &[u8], piece: &Range<usize>) -> Self {
        Self::of_halves(text, piece, SMALL)
    }

    /// The key of a piece of `text`.
    #[inline]
    pub(super) fn of_piece(text: &[u8], piece: &Range<usize>) -> Self {
        if piece.len() > KEY_BYTES {
            return Self::new(text.get(piece.clone()).unwrap_or(&[]));
        }
        Self::of_halves(text, piece, 0)
    }

    /// The key of a piece that has no more than two halves, with these bits set in every byte.
    #[inline]
    fn of_halves(text: &[u8], piece: &Range<usize>, bits: u64) -> Self {
        let length = piece.len();
        let half =
            |start: usize, length: usize| beginning(text, start, length) | bits & mask(length);
        let first = half(piece.start, length.min(HALF));
        let (mut second, mut hash) = (0, seeded(first, length));
        if length > HALF {
            second = half(piece.start + HALF, length - HALF);
            hash = folded(hash ^ second);
        }
        Self {
            hash: folded(hash),
            first,
            second,
            length,
        }
    }

    /// Whether equal keys are equal words.
    pub(super) fn is_all(self) -> bool {
        self.length <= KEY_BYTES
    }

    /// Whether it is the key of no word.
    pub(super) fn is_empty(self) -> bool {
        self.length == 0
    }

    /// `vs` or `versus`.
    pub(super) fn is_versus(self) -> bool {
        const VS: u64 = u64::from_le_bytes(*b"vs\0\0\0\0\0\0");
        const VERSUS: u64 = u64::from_le_bytes(*b"versus\0\0");
        matches!((self.length, self.first), (2, VS) | (6, VERSUS))
    }
}

/// The first `length` bytes from `start` on, at most eight, as a number.
#[inline]
fn beginning(bytes: &[u8], start: usize, length: usize) -> u64 {
    let rest = bytes.get(start..).unwrap_or(&[]);
    let first = match rest.first_chunk::<HALF>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => rest
            .iter()
            .rev()
            .fold(0, |first, byte| first << 8 | u64::from(*byte)),
    };
    first & mask(length)
}

#[inline]
fn mask(length: usize) -> u64 {
    match length {
        0..HALF => (1 << (8 * length)) - 1,
        _ => u64::MAX,
    }
}

#[inline]
fn seeded(first: u64, length: usize) -> u64 {
    folded(first ^ (length as u64).wrapping_mul(0xe703_7ed1_a0b4_28db))
}

/// Both halves of a product, one upon the other.
#[inline]
fn folded(value: u64) -> u64 {
    let product = u128::from(value ^ 0x9e37_79b9_7f4a_7c15) * 0xa076_1d64_78bd_642f;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_has_the_same_key_anywhere() {
        for (text, piece, word) in [
            ("The Court", 0..3, "the"),
            ("The Court", 4..9, "court"),
            ("section 498A of", 8..12, "498a"),
            ("PETITION", 0..8, "petition"),
            ("PETITIONS", 0..9, "petitions"),
            ("a Constitutional bench", 2..16, "constitutional"),
            ("Unconstitutional bench", 0..16, "unconstitutional"),
        ] {
            let key = Key::small_letters(text.as_bytes(), &piece);
            assert_eq!(key, Key::new(word.as_bytes()), "{word}");
            assert_eq!(key, Key::of_piece(word.as_bytes(), &(0..word.len())));
            assert!(key.is_all() && !key.is_empty());
        }
        let long = Key::new(b"constitutionality");
        assert_eq!(long, Key::of_piece(b"a constitutionality b", &(2..19)));
        assert!(!long.is_all());
        assert_ne!(long.hash, Key::new(b"constitutionalities").hash);
        assert_ne!(Key::new(b"petitioner"), Key::new(b"petitioned"));
        assert!(Key::new(b"vs").is_versus() && Key::new(b"versus").is_versus());
        assert!(!Key::new(b"v").is_versus());
        assert!(Key::new(b"").is_empty());
    }

    /// Fingerprints of lakes are made of them.
    #[test]
    fn hashes_stay_what_they_are() {
        let hash = |word: &str| Key::new(word.as_bytes()).hash;
        let of_word = [
            ("court", 0x5373_2798_1cec_580d),
            ("petitioner", 0x1bc1_bb6e_f99b_2043),
            ("constitutionality", 0x39ed_38bf_ce39_3e96),
        ];
        for (word, expected) in of_word {
            assert_eq!(hash(word), expected, "{word}");
        }
    }
}
