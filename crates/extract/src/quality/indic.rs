//! Whether a text in an Indic script is spelt as that script can be spelt.
//!
//! A font whose table of Unicode values is wrong gives the right script and wrong letters, each wrong
//! in its own way: signs before the letters they belong to, Latin letters for ligatures (system fonts
//! of macOS), letters for vowel signs (Mukti, Meera), doubled letters for the sign of the short I
//! (Word's Mangal). Four shares tell. Measured on the Universal Declaration of Human Rights in
//! eleven languages, pages of legacy fonts converted, and the broken pages among 167 court PDFs:
//!
//! | share | clean | broken |
//! |---|---|---|
//! | words that cannot be spelt so | at most 0.014 | 0.18 to 0.68 |
//! | vowel signs to letters | 0.27 to 0.55 | 0.00 (Mukti) |
//! | short I to letters, Devanagari | 0.038 to 0.115 | 0.000 to 0.013 (Mangal) |
//! | doubled consonants, Devanagari | at most 0.012 | 0.041 to 0.065 (Mangal) |

use crate::letters::is_letter;

/// Words needed before the share of impossible ones says anything.
const ENOUGH_WORDS: usize = 15;
/// Letters needed before the share of vowel signs says anything.
const ENOUGH_LETTERS: usize = 100;
/// Letters of Devanagari needed before the share of the short I says anything.
const ENOUGH_DEVANAGARI: usize = 150;
const MOST_IMPOSSIBLE: f32 = 0.10;
const LEAST_VOWEL_SIGNS: f32 = 0.20;
const LEAST_SHORT_I: f32 = 0.02;
const MOST_DOUBLED: f32 = 0.015;

/// What a character is in the spelling of its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Consonant,
    Vowel,
    VowelSign,
    Virama,
    Nukta,
    /// Nasals, visarga and the like, which end a syllable.
    Ending,
    /// Letters that stand alone: avagraha, om.
    Alone,
    Digit,
    Joiner,
    /// Of no Indic script.
    Foreign,
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Words of Indic letters.
    words: usize,
    /// Of those, spelt as nothing can be.
    impossible: usize,
    letters: usize,
    vowel_signs: usize,
    devanagari: usize,
    short_i: usize,
    consonants: usize,
    doubled: usize,
}

impl Counts {
    /// Counts the words of Indic letters in `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut counts = Self::default();
        // All of the blocks, and little else, begin with this byte in UTF-8.
        if !text.bytes().any(|byte| byte == 0xe0) {
            return counts;
        }
        for word in text.split(ends_word) {
            counts.add(word);
        }
        counts
    }

    /// Words of Indic letters.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// Of those, the ones that can be spelt so.
    pub(crate) fn possible(&self) -> usize {
        self.words - self.impossible
    }

    /// Whether the letters are the right script's and the wrong ones.
    pub(crate) fn is_broken(&self) -> bool {
        let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
        (self.words >= ENOUGH_WORDS && share(self.impossible, self.words) > MOST_IMPOSSIBLE)
            || (self.letters >= ENOUGH_LETTERS
                && share(self.vowel_signs, self.letters) < LEAST_VOWEL_SIGNS)
            || (self.devanagari >= ENOUGH_DEVANAGARI
                && share(self.short_i, self.devanagari) < LEAST_SHORT_I
                && share(self.doubled, self.consonants) > MOST_DOUBLED)
    }

    fn add(&mut self, word: &str) {
        if !word.chars().any(is_indic_letter) {
            return;
        }
        self.words += 1;
        let mut impossible = false;
        let mut before: Option<(Class, char)> = None;
        for c in word.chars() {
            let class = class(c);
            if class == Class::Joiner {
                continue;
            }
            impossible |= !may_follow(before.map(|(class, _)| class), class, c);
            self.count(class, c, before);
            before = Some((class, c));
        }
        self.impossible += usize::from(impossible);
    }

    fn count(&mut self, class: Class, c: char, before: Option<(Class, char)>) {
        let devanagari = ('\u{900}'..='\u{97f}').contains(&c);
        match class {
            Class::Consonant => {
                self.letters += 1;
                self.consonants += 1;
                self.devanagari += usize::from(devanagari);
                self.doubled += usize::from(before == Some((class, c)));
            }
            Class::Vowel => {
                self.letters += 1;
                self.devanagari += usize::from(devanagari);
            }
            Class::VowelSign => {
                self.vowel_signs += 1;
                self.short_i += usize::from(c == 'ि');
            }
            _ => {}
        }
    }
}

/// Whether a character of class `now` may follow one of class `before`, or begin a word.
fn may_follow(before: Option<Class>, now: Class, c: char) -> bool {
    use Class::{Alone, Consonant, Digit, Ending, Foreign, Nukta, Virama, Vowel, VowelSign};
    match now {
        VowelSign => matches!(before, Some(Consonant | Nukta | Virama)) || is_second_half(c),
        // Malayalam writes its half U with a virama after the sign of U, Sinhala and Tamil names alike.
        Virama => matches!(before, Some(Consonant | Nukta | VowelSign)),
        Nukta => matches!(before, Some(Consonant | Vowel | VowelSign)),
        Ending => !matches!(before, None | Some(Digit | Foreign)),
        Foreign => matches!(before, None | Some(Digit | Foreign)),
        Consonant | Vowel | Alone => before != Some(Foreign),
        Digit | Class::Joiner => true,
    }
}

/// Length marks, which some engines give apart from the sign that they lengthen.
fn is_second_half(c: char) -> bool {
    matches!(
        c,
        '\u{9d7}'
            | '\u{b56}'
            | '\u{b57}'
            | '\u{bd7}'
            | '\u{c55}'
            | '\u{c56}'
            | '\u{cd5}'
            | '\u{cd6}'
            | '\u{d57}'
    )
}

fn is_indic_letter(c: char) -> bool {
    matches!(class(c), Class::Consonant | Class::Vowel | Class::VowelSign)
}

/// The blocks of nine scripts have one order, that of ISCII, so that the place in the block tells.
fn class(c: char) -> Class {
    let code = c as u32;
    match code {
        0x200c | 0x200d => return Class::Joiner,
        0x900..=0xd7f => {}
        _ if c.is_ascii_digit() => return Class::Digit,
        _ => return Class::Foreign,
    }
    let gurmukhi = (0xa00..=0xa7f).contains(&code);
    let bengali = (0x980..=0x9ff).contains(&code);
    let malayalam = code >= 0xd00;
    match code & 0x7f {
        0x00..=0x03 if code == 0xb83 => Class::Alone,
        0x00..=0x03 => Class::Ending,
        0x04..=0x14 => Class::Vowel,
        0x15..=0x39 => Class::Consonant,
        0x3c => Class::Nukta,
        0x3a | 0x3b | 0x3e..=0x4c | 0x4e | 0x4f | 0x55..=0x57 | 0x62 | 0x63 => Class::VowelSign,
        0x4d => Class::Virama,
        0x58..=0x5f => Class::Consonant,
        0x60 | 0x61 => Class::Vowel,
        0x66..=0x6f => Class::Digit,
        0x70 | 0x71 if gurmukhi => Class::Ending,
        0x70 | 0x71 if bengali => Class::Consonant,
        // The Wa of Odia.
        0x71 if code == 0xb71 => Class::Consonant,
        0x72 | 0x73 if gurmukhi => Class::Vowel,
        0x7a..=0x7f if malayalam => Class::Consonant,
        _ => Class::Alone,
    }
}

/// What stands between words: all but letters, digits, and the marks and joiners of Indic words.
fn ends_word(c: char) -> bool {
    match class(c) {
        Class::Foreign => !is_letter(c),
        Class::Alone => matches!(c, '\u{964}' | '\u{965}' | '\u{970}'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_text_of_any_script_is_possible() {
        for text in [
            "न्यायालय ने आदेश दिया कि याचिका ख़ारिज की जाती है। अर्जुन ऋषि दुःख क्षेत्रफल २०१४ में",
            "अर्जदाराने सदर मिळकत त्यांच्या नावे करून दिली असे म्हणणे आहे",
            "প্রার্থীর আবেদন খারিজ করা হয় এবং সংখ্যাগুলি ২০১৪",
            "মৰমৰ আৰু ৱাৰ্ড",
            "ਪੰਜਾਬ ਅਤੇ ਹਰਿਆਣਾ ਹਾਈ ਕੋਰਟ ਨੂੰ ਇੱਕ ਉਸ",
            "અરજદારની અરજી નામંજૂર કરવામાં આવે છે",
            "ଆବେଦନ ଖାରଜ କରାଗଲା ହୈଛି ବିଦ୍ୱାନ ଦ୍ୱିତୀୟ",
            "மோட்டார் வாகன விபத்து கொடுங்காயம் பௌர்ணமி அஃது",
            "పిటిషన్ కొట్టివేయబడింది కై",
            "ಸರ್ವೋಚ್ಚ ನ್ಯಾಯಾಲಯ 59ರಲ್ಲಿ ಹೊರಡಿಸಿದ",
            "ഭാരതത്തിന്റെ പരമോന്നത നീതിപീഠം അത്‌ അതു് വിധിയിൽ",
        ] {
            let counts = Counts::of(text);
            assert_eq!(counts.words(), counts.possible(), "{text}");
            assert!(!Counts::of(&text.repeat(30)).is_broken(), "{text}");
        }
    }

    #[test]
    fn each_way_to_be_broken_is_seen() {
        for (way, text) in [
            ("signs before letters", "िदया गया िक अपील ूािधकार े संिवधान ि"),
            ("Latin for ligatures", "Pकया तार+ख 8विनमय बोड= अपीलाथB ूEयथB"),
            (
                "letters for signs",
                "ভযরবতর সববরযচ আদযলত যদওয়যতন আপপল অতধবকত",
            ),
            (
                "doubled for the short I",
                "ननणषय ननबंधन कायाषलय हदनांक अंककत ककया जजला रजजस्र्र यानन ननयमानुसार",
            ),
        ] {
            let page = format!("{text} ").repeat(12);
            assert!(Counts::of(&page).is_broken(), "{way}");
        }
    }

    #[test]
    fn words_of_other_scripts_do_not_count() {
        assert_eq!(
            Counts::of("The appeal is allowed. 12/2024 α+β"),
            Counts::default()
        );
    }
}
