//! How much a text in Latin letters looks like English.
//!
//! Two measures. One word in three of English prose is a small word; lists of names lack them. The
//! other holds for names too: nearly all words are made of letter triples that English text has,
//! while the letters of an eight-bit font (`vf/kdj.k`) make triples that no English word has.
//!
//! Measured on 167 court PDFs, pages with twenty words and more: soup has at most 0.19 of words
//! made of common triples, English at least 0.60, half of the pages 0.98.

use std::sync::LazyLock;

use crate::legibility::is_small_word;
use crate::letters::is_letter;

/// Triples of letters, `_` being a word's end: two letters, then all that follow them.
/// Source: counted over the words of 1,246 English judgments, those with a share of four millionths and
/// more. 2026-11-29.
const TRIPLES: &str = include_str!("english-triples.txt");

/// Letters and the end of a word.
const SYMBOLS: usize = 27;
/// Shorter words say nothing.
const LEAST_LETTERS: usize = 3;
/// Words needed before the shares say anything.
const ENOUGH_WORDS: usize = 20;
/// The least share of words made of common triples in anything but soup.
const LEAST_PLAUSIBLE: f32 = 0.40;
/// With this share and more it is English even without a small word: a list, a table.
const SURELY_PLAUSIBLE: f32 = 0.60;

static COMMON: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut common = vec![false; SYMBOLS * SYMBOLS * SYMBOLS];
    for line in TRIPLES.lines() {
        let Some((first, rest)) = line.split_once(' ') else {
            continue;
        };
        let first = first.bytes().fold(0, |at, b| at * SYMBOLS + symbol(b));
        for b in rest.bytes() {
            if let Some(place) = common.get_mut(first * SYMBOLS + symbol(b)) {
                *place = true;
            }
        }
    }
    common
});

fn symbol(b: u8) -> usize {
    match b.to_ascii_lowercase() {
        b @ b'a'..=b'z' => usize::from(b - b'a') + 1,
        _ => 0,
    }
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    words: usize,
    small: usize,
    /// Of three letters and more.
    long: usize,
    /// Of those, made of common triples.
    plausible: usize,
}

impl Counts {
    /// Counts the words of ASCII letters in `text`. A word that touches another letter or an accent is
    /// none of English's.
    pub(crate) fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for word in text.split(|c: char| !is_letter(c)) {
            if word.is_empty() || !(word.is_ascii() || word.chars().all(is_latin)) {
                continue;
            }
            counts.words += 1;
            counts.small += usize::from(is_small_word(word));
            if word.len() >= LEAST_LETTERS {
                counts.long += 1;
                counts.plausible += usize::from(is_plausible(word));
            }
        }
        counts
    }

    /// Words of three letters and more.
    pub(crate) fn long_words(&self) -> usize {
        self.long
    }

    /// How many of English's small words there are.
    pub(crate) fn small_words(&self) -> usize {
        self.small
    }

    /// Words of three letters and more that are made of common triples.
    pub(crate) fn plausible(&self) -> usize {
        self.plausible
    }

    /// Whether the letters are not those of English words.
    pub(crate) fn is_soup(&self) -> bool {
        self.long >= ENOUGH_WORDS && self.share() < LEAST_PLAUSIBLE
    }

    /// Whether the letters are those of English words and names.
    pub(crate) fn is_english(&self) -> bool {
        self.long >= ENOUGH_WORDS && self.share() >= SURELY_PLAUSIBLE
    }

    fn share(&self) -> f32 {
        self.plausible as f32 / self.long.max(1) as f32
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{aa}'..='\u{24f}').contains(&c)
}

fn is_plausible(word: &str) -> bool {
    let common = COMMON.as_slice();
    let mut symbols = word.bytes().map(symbol).chain(std::iter::once(0));
    // The end of the word before stands before the first letter.
    let mut pair = symbols.next().unwrap_or(0);
    symbols.all(|c| {
        let triple = pair * SYMBOLS + c;
        pair = triple % (SYMBOLS * SYMBOLS);
        common.get(triple).copied().unwrap_or(false)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_words_and_names_are_plausible() {
        for word in ["the", "Court", "APPELLANT", "Krishnamurthy", "Singh", "and"] {
            assert!(is_plausible(word), "{word}");
        }
        for word in ["izdj", "vkjksi", "Lokxr", "gksrk", "bjhif"] {
            assert!(!is_plausible(word), "{word}");
        }
    }

    #[test]
    fn soup_is_told_from_prose_and_from_lists() {
        let soup = "izkFkhZ ds fo:) vkjksi gS fd mlus fnukad dks Fkkuk izHkkjh us ".repeat(4);
        let list = "Mr. Anil Verma, Advocate\nMs. R. Pillai, AOR\n".repeat(8);
        let prose = "The appeal is allowed and the order is set aside with no costs. ".repeat(4);
        assert!(Counts::of(&soup).is_soup());
        assert!(!Counts::of(&list).is_soup());
        assert!(!Counts::of(&prose).is_soup());
        assert!(!Counts::of("Dyse izdj.k").is_soup(), "too few to tell");
    }
}
