//! Whether a character is a letter, looked up once.
//!
//! The standard library packs its table so small that finding a letter outside ASCII is a search, which
//! pages of Indic text ask for several times a character.

use std::sync::LazyLock;

/// Beyond the scripts of Indian courts; what lies beyond is asked of the standard library.
const END: u32 = 0xe00;

/// A bit a character.
static LETTERS: LazyLock<[u64; END as usize / 64]> = LazyLock::new(|| {
    let mut letters = [0; END as usize / 64];
    for (word, first) in letters.iter_mut().zip((0..END).step_by(64)) {
        for at in 0..64 {
            let is_letter = char::from_u32(first + at).is_some_and(char::is_alphabetic);
            *word |= u64::from(is_letter) << at;
        }
    }
    letters
});

/// As [`char::is_alphabetic`].
pub(crate) fn is_letter(c: char) -> bool {
    let code = c as u32;
    match code {
        0..0x80 => c.is_ascii_alphabetic(),
        0x80..END => LETTERS
            .get(code as usize / 64)
            .is_some_and(|word| (word >> (code % 64)) & 1 == 1),
        // Dashes, quotation marks, bullets, dots.
        0x2000..0x2070 => false,
        _ => c.is_alphabetic(),
    }
}

/// As [`char::is_alphanumeric`].
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    is_letter(c) || c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_what_the_standard_library_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
        }
    }
}
