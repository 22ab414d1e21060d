//! Glyphs of a Tamil font in the order of the eye to Unicode's order.
//!
//! E, EE and AI are coded before their consonant, O and OO around it; one glyph serves as the sign
//! AA and, under a dot or a loop, as the letter RA.

use super::glyphs::{AA_OR_RA, LONG_TAIL, PRE_AI, PRE_E, PRE_EE, is_mark};

const PULLI: char = '்';

/// Puts glyphs together.
#[derive(Default)]
pub(super) struct Composer {
    out: Vec<char>,
    /// A vowel sign that waits for its consonant.
    waiting: Option<char>,
    /// The open syllable has its consonant at the end of `out`, before `vowel`.
    open: bool,
    vowel: Option<char>,
    /// A glyph was seen that is AA or RA, depending on what follows.
    upright: bool,
}

impl Composer {
    /// Adds a character or mark.
    pub(super) fn push(&mut self, c: char) {
        if std::mem::take(&mut self.upright) {
            self.settle_upright(matches!(c, PULLI | 'ி' | 'ீ'));
        }
        match c {
            PRE_E => self.wait('ெ'),
            PRE_EE => self.wait('ே'),
            PRE_AI => self.wait('ை'),
            AA_OR_RA => self.upright = true,
            LONG_TAIL => self.sign('ூ'),
            c if is_consonant(c) => {
                self.close();
                self.out.push(c);
                self.vowel = self.waiting.take();
                self.open = true;
            }
            PULLI => self.sign(c),
            c if is_vowel_sign(c) => self.sign(c),
            c if is_mark(c) => {}
            c => {
                self.close();
                self.out.extend(self.waiting.take());
                self.out.push(c);
            }
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if std::mem::take(&mut self.upright) {
            self.settle_upright(false);
        }
        self.close();
        self.out.extend(self.waiting.take());
        self.out.into_iter().collect()
    }

    fn wait(&mut self, sign: char) {
        self.close();
        self.out.extend(self.waiting.replace(sign));
    }

    fn settle_upright(&mut self, is_letter: bool) {
        if is_letter || !self.open {
            self.close();
            self.out.push('ர');
            self.vowel = self.waiting.take();
            self.open = true;
        } else {
            self.sign('ா');
        }
    }

    fn sign(&mut self, c: char) {
        self.vowel = Some(match (self.vowel, c) {
            (Some('ெ'), 'ா') => 'ொ',
            (Some('ே'), 'ா') => 'ோ',
            (Some('ு'), 'ா' | 'ூ') => 'ூ',
            (None, c) => c,
            (Some(first), second) if first == second => first,
            (Some(first), second) => {
                self.out.push(first);
                second
            }
        });
    }

    fn close(&mut self) {
        self.out.extend(self.vowel.take());
        self.open = false;
        self.join_au();
    }

    /// AU is drawn like an E and the letter LLA. Where LLA has no sign of its own and the consonant
    /// is one that AU is found with, it is AU.
    fn join_au(&mut self) {
        if let [.., 'க' | 'ச' | 'ப' | 'ம', 'ெ', 'ள'] = self.out.as_slice() {
            self.out.truncate(self.out.len() - 2);
            self.out.push('ௌ');
        }
    }
}

fn is_consonant(c: char) -> bool {
    ('க'..='ஹ').contains(&c)
}

fn is_vowel_sign(c: char) -> bool {
    ('ா'..='ௌ').contains(&c)
}
