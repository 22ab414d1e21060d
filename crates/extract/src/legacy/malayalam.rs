//! Glyphs of a Malayalam font in the order of the eye to Unicode's order.
//!
//! E, EE, AI and the R of a cluster are coded before their consonants, O and OO around them. A hyphen
//! between two letters is where a typesetting program may break the word; the page does not show it.

use super::glyphs::{BELOW, PRE_E, PRE_EE, PRE_RA, is_mark};

const VIRAMA: char = '്';
/// No syllable is longer; the limit keeps nonsense linear.
const MOST_OF_SYLLABLE: usize = 16;

/// Puts glyphs together.
#[derive(Default)]
pub(super) struct Composer {
    out: String,
    /// The consonants of the open syllable, with viramas between them.
    letters: Vec<char>,
    vowel: Option<char>,
    /// A vowel sign and an R that wait for their consonant.
    waiting: Option<char>,
    waiting_ra: bool,
    /// The open syllable's R, which comes behind its other consonants.
    ra: bool,
    before: Before,
}

/// What the last glyph was, where what follows depends on it.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    #[default]
    Anything,
    /// The next letter is joined to the open syllable.
    Join,
    /// A hyphen within a word, as it seems.
    Hyphen,
}

impl Composer {
    /// Adds a character or mark.
    pub(super) fn push(&mut self, c: char) {
        let before = std::mem::take(&mut self.before);
        if before == Before::Hyphen && !is_mark(c) && !is_malayalam(c) {
            self.end_of_letters('-');
        }
        match c {
            '-' | '\u{ad}' if self.is_in_word() => self.before = Before::Hyphen,
            PRE_E if self.waiting == Some('െ') && self.letters.is_empty() => {
                self.waiting = Some('ൈ');
            }
            PRE_E => self.wait('െ'),
            PRE_EE => self.wait('േ'),
            PRE_RA => {
                self.close();
                self.waiting_ra = true;
            }
            BELOW => self.before = Before::Join,
            c if is_consonant(c) => self.consonant(c, before == Before::Join),
            'എ' if self.waiting == Some('െ') && self.letters.is_empty() => {
                self.waiting = None;
                self.letters.push('ഐ');
            }
            c if is_vowel(c) => {
                self.close();
                self.letters.push(c);
            }
            c if is_vowel_sign(c) || c == VIRAMA => self.sign(c),
            c if is_mark(c) => {}
            c => self.end_of_letters(c),
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if self.before == Before::Hyphen {
            self.end_of_letters('-');
        }
        self.close();
        self.flush_waiting();
        self.out
    }

    fn is_in_word(&self) -> bool {
        !self.letters.is_empty() || self.out.chars().next_back().is_some_and(is_malayalam)
    }

    fn end_of_letters(&mut self, c: char) {
        self.close();
        self.flush_waiting();
        self.out.push(c);
    }

    fn wait(&mut self, sign: char) {
        self.close();
        self.out.extend(self.waiting.replace(sign));
    }

    fn flush_waiting(&mut self) {
        if std::mem::take(&mut self.waiting_ra) {
            self.out.extend([VIRAMA, 'ര']);
        }
        self.out.extend(self.waiting.take());
    }

    fn consonant(&mut self, c: char, joined: bool) {
        if joined && !self.letters.is_empty() && self.letters.len() < MOST_OF_SYLLABLE {
            self.letters.extend([VIRAMA, c]);
            return;
        }
        self.close();
        self.letters.push(c);
        self.vowel = self.waiting.take();
        self.ra = std::mem::take(&mut self.waiting_ra);
    }

    fn sign(&mut self, c: char) {
        let alone = match (self.letters.as_slice(), c) {
            (['ഒ'], 'ാ') => Some('ഓ'),
            (['ഒ'], 'ൗ') => Some('ഔ'),
            (['ഉ'], 'ൗ') => Some('ഊ'),
            (['ഇ'], 'ൗ') => Some('ഈ'),
            _ => None,
        };
        if let Some(vowel) = alone {
            self.letters = vec![vowel];
            return;
        }
        self.vowel = match (self.vowel, c) {
            (Some('െ'), 'ാ') => Some('ൊ'),
            (Some('േ'), 'ാ') => Some('ോ'),
            (Some('െ'), 'ൗ') => Some('ൌ'),
            (None, c) => Some(c),
            (Some(first), second) if first == second => Some(first),
            (Some(first), second) => {
                self.close_with(Some(first));
                Some(second)
            }
        };
    }

    fn close(&mut self) {
        let vowel = self.vowel.take();
        self.close_with(vowel);
    }

    fn close_with(&mut self, vowel: Option<char>) {
        self.out.extend(self.letters.drain(..));
        if std::mem::take(&mut self.ra) {
            self.out.extend([VIRAMA, 'ര']);
        }
        self.out.extend(vowel);
    }
}

fn is_malayalam(c: char) -> bool {
    ('\u{d00}'..='\u{d7f}').contains(&c)
}

fn is_consonant(c: char) -> bool {
    ('ക'..='ഹ').contains(&c)
}

fn is_vowel(c: char) -> bool {
    ('അ'..='ഔ').contains(&c)
}

fn is_vowel_sign(c: char) -> bool {
    ('ാ'..='ൌ').contains(&c) || c == 'ൗ'
}
