//! Whether a page's text can be read by people, as far as counting tells.
//!
//! Two diseases leave characters that are not the page's words: fonts without Unicode values
//! (replacement and private-use characters, accented soup), and eight-bit
//! fonts of the time before Unicode, whose Hindi comes out as ASCII. The last is caught by what
//! English has and soup lacks: about one word in three is one of a few small words. Lists of names
//! lack them too, but their words are capitalised, which soup's are not.

use unicode_normalization::char::is_combining_mark;

use crate::letters::{is_letter, is_letter_or_digit};

/// The small words of English prose.
const SMALL_WORDS: [&str; 22] = [
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "was", "by", "on", "as", "with",
    "it", "be", "this", "not", "or", "has", "from", "which",
];
/// The length of the longest of them.
const LONGEST_SMALL_WORD: usize = 5;
/// Words needed before the share of small words says anything.
const ENOUGH_WORDS: usize = 100;
/// The least share of small words among Latin words in anything but soup.
const LEAST_SMALL_WORDS: f32 = 0.04;
/// Beyond this share of capitalised words (names have 0.88 and more, soup 0.43 and less) it is a list.
const NAME_LIST: f32 = 0.65;
/// Accented Latin letters beyond this share are an eight-bit font.
const MOST_ACCENTED: f32 = 0.05;
/// Characters that are none, beyond this share, are an unreadable font.
const MOST_BROKEN: f32 = 0.01;

/// What was counted on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Legibility {
    /// Letters of any script.
    pub(crate) letters: usize,
    /// The share of characters that are letters, digits, marks, punctuation or spaces; 1 when
    /// there are none at all.
    pub(crate) quality: f32,
    /// All characters.
    pub(crate) chars: usize,
    broken: usize,
    accented: usize,
}

impl Legibility {
    /// Whether too many characters are none.
    pub(crate) fn is_broken(&self) -> bool {
        share(self.broken, self.chars) > MOST_BROKEN
    }

    /// Whether too many letters are accented, as an eight-bit font's are.
    pub(crate) fn is_accented(&self) -> bool {
        share(self.accented, self.chars) > MOST_ACCENTED
    }
}

/// Whether there are many Latin words and hardly a small one among them, and it is no list of names.
pub(crate) fn lacks_small_words(text: &str) -> bool {
    let (mut latin_words, mut small_words, mut long_words, mut capitalised) = (0, 0, 0, 0);
    for word in text
        .split(|c: char| !is_latin(c))
        .filter(|word| !word.is_empty())
    {
        latin_words += 1;
        small_words += usize::from(is_small_word(word));
        long_words += usize::from(word.chars().nth(1).is_some());
        capitalised += usize::from(is_capitalised(word));
    }
    latin_words >= ENOUGH_WORDS
        && share(small_words, latin_words) < LEAST_SMALL_WORDS
        && share(capitalised, long_words) < NAME_LIST
}

/// Counts `text`, which is free of control characters.
pub(crate) fn measure(text: &str) -> Legibility {
    let (mut chars, mut letters, mut good, mut broken, mut accented) = (0, 0, 0, 0, 0);
    let mut before = ' ';
    let mut coming = text.chars().peekable();
    while let Some(c) = coming.next() {
        chars += 1;
        // Nearly every character of nearly every page.
        if c.is_ascii() {
            letters += usize::from(c.is_ascii_alphabetic());
            good += usize::from(!c.is_ascii_control() || c.is_ascii_whitespace());
            before = c;
            continue;
        }
        letters += usize::from(is_letter(c));
        good += usize::from(is_good(c));
        // A bullet of a symbol font stands alone, and says nothing of the page's letters.
        let after = coming.peek().copied().unwrap_or(' ');
        let bullet = is_symbol_font(c) && before.is_whitespace() && after.is_whitespace();
        broken += usize::from(is_broken(c) && !bullet);
        before = c;
        accented += usize::from(('\u{a1}'..='\u{ff}').contains(&c) && !is_common_latin1(c));
    }
    let quality = if chars == 0 { 1.0 } else { share(good, chars) };
    Legibility {
        letters,
        quality,
        chars,
        broken,
        accented,
    }
}

/// Whether `word` is one of English's small words.
pub(crate) fn is_small_word(word: &str) -> bool {
    word.len() <= LONGEST_SMALL_WORD && PACKED.contains(&packed(word.as_bytes()))
}

/// The small words, each packed in a number: all of them are compared at once.
const PACKED: [u64; SMALL_WORDS.len()] = {
    let mut all = [0; SMALL_WORDS.len()];
    let mut at = 0;
    while at < SMALL_WORDS.len() {
        all[at] = packed(SMALL_WORDS[at].as_bytes());
        at += 1;
    }
    all
};

/// The bytes of a short word in small letters, one after the other.
const fn packed(word: &[u8]) -> u64 {
    let mut number = 0;
    let mut rest = word;
    while let [first, after @ ..] = rest {
        number = number << 8 | first.to_ascii_lowercase() as u64;
        rest = after;
    }
    number
}

fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || (('\u{aa}'..='\u{24f}').contains(&c) && is_letter(c))
}

/// `Name` or `NAME`, of two letters or more.
fn is_capitalised(word: &str) -> bool {
    let mut chars = word.chars();
    if !chars.next().is_some_and(char::is_uppercase) {
        return false;
    }
    let rest = chars.as_str();
    !rest.is_empty()
        && (rest.chars().all(char::is_lowercase) || rest.chars().all(char::is_uppercase))
}

fn is_good(c: char) -> bool {
    !is_broken(c)
        && (is_letter_or_digit(c) || c.is_whitespace() || is_combining_mark(c) || is_punctuation(c))
}

/// Not a character: replacement, private use, non-characters.
fn is_broken(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
        || (c as u32 & 0xfffe) == 0xfffe
}

/// The block in which symbol fonts report their codes.
fn is_symbol_font(c: char) -> bool {
    ('\u{f020}'..='\u{f0ff}').contains(&c)
}

/// Punctuation, currency and the invisible joiners that Indic text needs.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c,
            '\u{a1}'..='\u{bf}' | '×' | '÷'
            | '\u{964}' | '\u{965}' | '\u{970}' | '\u{df4}' | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}'
            | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2060}'
            | '\u{20a0}'..='\u{20c0}' | '\u{2116}' | '\u{2122}' | '\u{2190}'..='\u{2193}' | '\u{2212}'
            | '\u{25a0}'..='\u{25cf}' | '\u{2610}'..='\u{2612}' | '\u{2713}' | '\u{2714}')
}

/// Signs of Latin-1 that English legal text holds.
fn is_common_latin1(c: char) -> bool {
    matches!(
        c,
        '§' | '¶'
            | '°'
            | '«'
            | '»'
            | '½'
            | '¼'
            | '¾'
            | '£'
            | '©'
            | '®'
            | '·'
            | '\u{ad}'
            | '±'
            | '×'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "The appeal is allowed in part and the order of the High Court is set aside. \
        The matter is remanded for a fresh hearing. ";

    fn is_doubtful(text: &str) -> bool {
        let found = measure(text);
        found.is_broken() || found.is_accented() || lacks_small_words(text)
    }

    #[test]
    fn prose_is_legible_in_any_script() {
        for text in [
            PROSE.repeat(12),
            PROSE.to_owned(),
            "याचिका खारिज की जाती है। पक्षकार अपना अपना व्यय वहन करेंगे।".repeat(10),
            "மனு தள்ளுபடி செய்யப்படுகிறது. செலவுத் தொகை இல்லை.".repeat(10),
            "Mr. Anil Verma, Advocate\nMs. R. Pillai, AOR\n".repeat(30),
            format!("{PROSE} § 12, “quoted” – ₹ 5,000/- {PROSE}"),
        ] {
            let found = measure(&text);
            assert!(!is_doubtful(&text), "{text}");
            assert!(found.quality > 0.99, "{} {text}", found.quality);
        }
    }

    #[test]
    fn broken_fonts_are_doubtful() {
        for text in [
            "izkFkhZ ds fo:) vkjksi gS fd mlus fnukad dks ".repeat(12),
            "¸ÀªÉÇÃðZÀÑ £ÁåAiÀiÁ®AiÀÄ ".repeat(8),
            format!("{PROSE}{}", "\u{fffd}".repeat(9)),
            format!("{PROSE}{}", "\u{f0a7}\u{e012}".repeat(9)),
        ] {
            assert!(is_doubtful(&text), "{text}");
        }
    }

    #[test]
    fn quality_is_the_share_of_readable_characters() {
        assert_eq!(measure("").quality.to_bits(), 1.0_f32.to_bits());
        assert!((measure("ab\u{fffd}\u{e000}").quality - 0.5).abs() < 1e-6);
        assert!((measure("abc☃").quality - 0.75).abs() < 1e-6);
    }
}
