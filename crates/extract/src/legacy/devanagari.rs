//! Glyphs in the order of a Hindi typewriter to Unicode's order.
//!
//! A typewriter sets what the eye sees from left to right: the sign of a short I before its
//! consonants, repha after the vowel signs of its syllable, an upright after a half letter. Unicode
//! has the consonants, then the vowel sign, then the nasal. One pass over the glyphs keeps the
//! syllable that is open at the end of the text and puts each glyph where it belongs in it.

use super::glyphs::{DOTS, HOOK, PRE_I, RAKAR, REPH, STEM, is_mark};

const VIRAMA: char = '्';
const NUKTA: char = '़';
/// No syllable is longer; the limit keeps nonsense linear.
const MOST_OF_SYLLABLE: usize = 16;
/// Words and first parts of words that a visarga follows. Behind any other two dots are a colon.
const WITH_VISARGA: [&str; 32] = [
    "अत",
    "पुन",
    "प्राय",
    "प्रात",
    "स्वत",
    "पूर्णत",
    "विशेषत",
    "सामान्यत",
    "अंशत",
    "आंशिकत",
    "मुख्यत",
    "मूलत",
    "संभवत",
    "सम्भवत",
    "अंतत",
    "अन्तत",
    "प्रथमत",
    "वस्तुत",
    "स्पष्टत",
    "क्रमश",
    "अक्षरश",
    "शब्दश",
    "नि",
    "दु",
    "अन्त",
    "अंत",
    "शनै",
    "छ",
    "साधारणत",
    "स्वभावत",
    "मन",
    "अध",
];

/// Puts glyphs together.
#[derive(Default)]
pub(super) struct Composer {
    out: Vec<char>,
    /// Where the open syllable begins in `out`.
    start: Option<usize>,
    /// The sign of a short I waits for the consonants of its syllable.
    waiting_i: bool,
    /// Signs that came with the waiting I and belong behind it.
    behind_i: Vec<char>,
    /// Two dots were seen whose meaning depends on what follows.
    dots: bool,
}

impl Composer {
    /// Adds a character or mark.
    pub(super) fn push(&mut self, c: char) {
        if std::mem::take(&mut self.dots) {
            self.settle_dots();
        }
        if self
            .start
            .is_some_and(|start| self.out.len() - start > MOST_OF_SYLLABLE)
        {
            self.close();
        }
        match c {
            PRE_I => {
                if self.out.last() != Some(&VIRAMA) {
                    self.close();
                }
                self.waiting_i = true;
            }
            REPH if self.waiting_i && self.start.is_none() => self.behind_i.push(REPH),
            REPH => self.reph(),
            RAKAR => self.rakar(),
            HOOK => self.hook(),
            STEM => self.stem(),
            DOTS => {
                self.flush_i();
                self.dots = true;
            }
            NUKTA => self.nukta(),
            VIRAMA => self.virama(),
            c if is_consonant(c) => self.consonant(c),
            c if is_bindu(c) && self.waiting_i && self.start.is_none() => self.behind_i.push(c),
            c if is_bindu(c) => self.bindu(c),
            c if is_vowel_sign(c) => self.vowel_sign(c),
            c if is_mark(c) => {}
            c => {
                self.close();
                if is_vowel(c) {
                    self.start = Some(self.out.len());
                }
                self.out.push(c);
            }
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> String {
        if std::mem::take(&mut self.dots) {
            self.settle_dots();
        }
        self.close();
        self.out.into_iter().collect()
    }

    fn close(&mut self) {
        self.flush_i();
        self.start = None;
    }

    /// Writes the waiting I behind the consonants that are there.
    fn flush_i(&mut self) {
        if std::mem::take(&mut self.waiting_i) {
            self.out.push('ि');
            for c in std::mem::take(&mut self.behind_i) {
                if c == REPH {
                    self.reph();
                } else {
                    self.out.push(c);
                }
            }
        }
    }

    fn consonant(&mut self, c: char) {
        let joined = self.start.is_some_and(|start| {
            self.out.last() == Some(&VIRAMA) && self.out.len() - start < MOST_OF_SYLLABLE
        });
        if !joined {
            // An I that waits with no consonant yet waits for this one.
            if self.start.is_some() {
                self.flush_i();
            }
            self.start = Some(self.out.len());
        }
        self.out.push(c);
    }

    fn reph(&mut self) {
        match self.start {
            // The long I is coded as a short one with a repha.
            Some(start) if self.out.get(start..) == Some(&['इ'][..]) => {
                self.out.truncate(start);
                self.out.push('ई');
            }
            Some(start) if self.out.get(start..start + 2) != Some(&['र', VIRAMA][..]) => {
                self.out.splice(start..start, ['र', VIRAMA]);
            }
            Some(_) => {}
            None => self.out.extend(['र', VIRAMA]),
        }
    }

    fn rakar(&mut self) {
        let at = self.after_consonants();
        let from = if at > 0 && self.out.get(at - 1) == Some(&VIRAMA) {
            at - 1
        } else {
            at
        };
        self.out.splice(from..at, [VIRAMA, 'र']);
    }

    /// Where the open syllable's consonants end and its signs begin.
    fn after_consonants(&self) -> usize {
        let start = self.start.unwrap_or(self.out.len());
        let signs = self
            .out
            .iter()
            .skip(start)
            .rev()
            .take_while(|c| is_vowel_sign(**c) || is_bindu(**c))
            .count();
        self.out.len() - signs
    }

    fn hook(&mut self) {
        let Some(start) = self.start else {
            return;
        };
        let syllable = self.out.get(start..).unwrap_or_default();
        let at = |letters: &[char]| syllable.iter().rposition(|c| letters.contains(c));
        if let Some(at) = at(&['व', 'प', 'उ']) {
            if let Some(letter) = self.out.get_mut(start + at) {
                *letter = match *letter {
                    'व' => 'क',
                    'प' => 'फ',
                    _ => 'ऊ',
                };
            }
        } else if at(&['र']).is_some() {
            self.vowel_sign('ु');
        }
    }

    fn stem(&mut self) {
        if self.start.is_some() && self.out.last() == Some(&VIRAMA) {
            self.out.pop();
        } else if !self.stem_on_next_line() {
            self.vowel_sign('ा');
        }
    }

    /// A program that knows nothing of Hindi breaks a line after the half letters that are coded as a
    /// question mark or a full stop, before their upright. The letter goes to the line of its upright.
    fn stem_on_next_line(&mut self) -> bool {
        let space = |c: &&char| c.is_whitespace();
        let spaces = self.out.iter().rev().take(4).take_while(space).count();
        let end = self.out.len() - spaces;
        let (Some(half), 1..) = (end.checked_sub(2), spaces) else {
            return false;
        };
        let [letter, VIRAMA] = self.out.get(half..end).unwrap_or_default() else {
            return false;
        };
        let letter = *letter;
        if !is_consonant(letter) || (half > 0 && self.out.get(half - 1) == Some(&VIRAMA)) {
            return false;
        }
        self.out.drain(half..end);
        self.start = Some(self.out.len());
        self.out.push(letter);
        true
    }

    fn nukta(&mut self) {
        let mut at = self.after_consonants();
        if at > 0 && self.out.get(at - 1) == Some(&VIRAMA) {
            at -= 1;
        }
        if at > 0 && self.out.get(at - 1) != Some(&NUKTA) {
            self.out.insert(at, NUKTA);
        }
    }

    fn virama(&mut self) {
        let at = self.after_consonants();
        if self.out.get(at.wrapping_sub(1)) != Some(&VIRAMA) {
            self.out.insert(at, VIRAMA);
        }
    }

    fn bindu(&mut self, c: char) {
        self.flush_i();
        if self.out.last() != Some(&c) {
            self.out.push(c);
        }
    }

    fn vowel_sign(&mut self, c: char) {
        self.flush_i();
        let nasal = self.out.pop_if(|last| is_bindu(*last));
        match self.out.last().and_then(|last| joined(*last, c)) {
            Some(whole) => {
                self.out.pop();
                self.out.push(whole);
            }
            None => self.out.push(c),
        }
        self.out.extend(nasal);
    }

    fn settle_dots(&mut self) {
        let letters = self.out.iter().rev().take(MOST_OF_SYLLABLE);
        let mut word: Vec<char> = letters.copied().take_while(|c| is_devanagari(*c)).collect();
        word.reverse();
        let word: String = word.into_iter().collect();
        if WITH_VISARGA.contains(&word.as_str()) {
            self.out.push('ः');
        } else {
            self.close();
            self.out.push(':');
        }
    }
}

/// One character for two that are drawn as one.
fn joined(first: char, second: char) -> Option<char> {
    Some(match (first, second) {
        ('अ', 'ा') => 'आ',
        ('अ' | 'आ', 'ॉ') | ('आ', 'ॅ') => 'ऑ',
        ('अ', 'ो') | ('आ', 'े') => 'ओ',
        ('अ', 'ौ') | ('आ', 'ै') => 'औ',
        ('ए', 'े') => 'ऐ',
        ('ए', 'ॅ') => 'ऍ',
        ('ा', 'े') | ('े', 'ा') => 'ो',
        ('ा', 'ै') | ('ै', 'ा') => 'ौ',
        ('ा', 'ॅ') => 'ॉ',
        // Struck twice.
        ('े' | 'ै' | 'ु' | 'ू' | 'ृ' | 'ि', same) if same == first => first,
        _ => return None,
    })
}

fn is_devanagari(c: char) -> bool {
    ('\u{900}'..='\u{963}').contains(&c)
}

fn is_consonant(c: char) -> bool {
    ('क'..='ह').contains(&c)
}

fn is_vowel(c: char) -> bool {
    ('ऄ'..='औ').contains(&c)
}

fn is_vowel_sign(c: char) -> bool {
    ('ा'..='ौ').contains(&c)
}

fn is_bindu(c: char) -> bool {
    matches!(c, 'ँ' | 'ं' | 'ः')
}
