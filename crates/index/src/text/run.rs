//! Where a run of letters ends, eight bytes at a time.
//!
//! A loop over the bytes of a word ends at another byte of every word, which a processor cannot foresee.

/// The lowest bit of every byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The bit that parts small letters of ASCII from capital ones, in every byte.
const SMALL: u64 = 0x20 * ONES;
/// The highest bit of every byte.
const HIGH: u64 = 0x80 * ONES;

/// Where the run of ASCII letters that begins at `at` ends.
#[inline]
pub(super) fn letters_end(bytes: &[u8], at: usize) -> usize {
    end(bytes, at, letters, u8::is_ascii_alphabetic)
}

/// Where the run of ASCII letters and digits that begins at `at` ends.
#[inline]
pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    let is_in_word = |eight| letters(eight) | digits(eight);
    end(bytes, at, is_in_word, u8::is_ascii_alphanumeric)
}

/// `of_eight` sets the highest bit of every byte that is one of the run; `of_one` says the same of one byte.
#[inline]
fn end(
    bytes: &[u8],
    at: usize,
    of_eight: impl Fn(u64) -> u64,
    of_one: impl Fn(&u8) -> bool,
) -> usize {
    let mut at = at;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let others = !of_eight(u64::from_le_bytes(*eight)) & HIGH;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(&of_one) {
        at += 1;
    }
    at
}

#[inline]
fn letters(eight: u64) -> u64 {
    between(eight | SMALL, b'a', b'z')
}

#[inline]
fn digits(eight: u64) -> u64 {
    between(eight, b'0', b'9')
}

/// The highest bit of every byte from `first` to `last`, both of ASCII.
#[inline]
fn between(eight: u64, first: u8, last: u8) -> u64 {
    let low = eight & !HIGH;
    // Nothing is carried from one byte into the next: each sum is below 256.
    let reaches = low + u64::from(0x80 - first) * ONES;
    let exceeds = low + u64::from(0x7f - last) * ONES;
    reaches & !exceeds & !eight & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_what_it_is() {
        for byte in 0..=u8::MAX {
            for place in 0..10 {
                let mut bytes = [b'a'; 20];
                bytes[place] = byte;
                let expect = |is: bool| if is { 20 } else { place };
                let is_letter = expect(byte.is_ascii_alphabetic());
                assert_eq!(letters_end(&bytes, 0), is_letter, "{byte} at {place}");
                let is_in_word = expect(byte.is_ascii_alphanumeric());
                assert_eq!(word_end(&bytes, 0), is_in_word, "{byte} at {place}");
            }
        }
        assert_eq!((word_end(b"", 0), word_end(b"abc", 7)), (0, 7));
        assert_eq!((word_end(b"ab 498A.", 3), letters_end(b"ab1", 0)), (7, 2));
    }
}
