//! Glyphs of a Kannada font in the order of the eye to Unicode's order.
//!
//! A letter is coded as its body, then its headstroke or vowel sign, then what is written below it,
//! then an R that sounds before it. The composer keeps the open syllable in its parts.

use super::glyphs::{ASPIRATE, BELOW, INHERENT, LONGER, REPH, SILENT, TO_AI, is_mark};

const VIRAMA: char = '್';
/// No syllable is longer; the limit keeps nonsense linear.
const MOST_OF_SYLLABLE: usize = 16;

/// Puts glyphs together.
#[derive(Default)]
pub(super) struct Composer {
    out: String,
    /// The consonants of the open syllable, with viramas between them.
    letters: Vec<char>,
    vowel: Option<char>,
    /// An R sounds before the syllable.
    reph: bool,
    /// The next letter is written below the open syllable's.
    below: bool,
    signs: Vec<char>,
}

impl Composer {
    /// Adds a character or mark.
    pub(super) fn push(&mut self, c: char) {
        match c {
            BELOW => self.below = true,
            REPH => self.reph = !self.letters.is_empty(),
            INHERENT | SILENT => {}
            LONGER => self.vowel = lengthened(self.vowel),
            TO_AI if self.vowel == Some('ೆ') => self.vowel = Some('ೈ'),
            ASPIRATE => self.aspirate(),
            c if is_consonant(c) => self.consonant(c),
            c if is_vowel_sign(c) || c == VIRAMA => self.sign(c),
            'ಂ' | 'ಃ' => self.signs.push(c),
            c if is_mark(c) => {}
            c => {
                self.close();
                self.out.push(c);
            }
        }
        if self.signs.len() > MOST_OF_SYLLABLE {
            self.close();
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        self.close();
        self.out
    }

    fn consonant(&mut self, c: char) {
        if std::mem::take(&mut self.below)
            && !self.letters.is_empty()
            && self.letters.len() < MOST_OF_SYLLABLE
        {
            self.letters.extend([VIRAMA, c]);
        } else {
            self.close();
            self.letters.push(c);
        }
    }

    fn sign(&mut self, c: char) {
        self.vowel = match (self.vowel, c) {
            (Some('ೆ'), 'ೂ') => Some('ೊ'),
            (Some('ೆ'), 'ೕ') => Some('ೇ'),
            _ => Some(c),
        };
    }

    fn aspirate(&mut self) {
        if let Some(last) = self.letters.last_mut() {
            *last = match *last {
                'ಡ' => 'ಢ',
                'ದ' => 'ಧ',
                'ಪ' => 'ಫ',
                'ಬ' => 'ಭ',
                'ಚ' => 'ಛ',
                other => other,
            };
        }
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.reph) {
            self.out.extend(['ರ', VIRAMA]);
        }
        self.out.extend(self.letters.drain(..));
        self.out.extend(self.vowel.take());
        self.out.extend(self.signs.drain(..));
        self.below = false;
    }
}

fn lengthened(vowel: Option<char>) -> Option<char> {
    match vowel {
        Some('ಿ') => Some('ೀ'),
        Some('ೆ') => Some('ೇ'),
        Some('ೊ') => Some('ೋ'),
        other => other,
    }
}

fn is_consonant(c: char) -> bool {
    ('ಕ'..='ಹ').contains(&c)
}

fn is_vowel_sign(c: char) -> bool {
    ('ಾ'..='ೌ').contains(&c)
}
