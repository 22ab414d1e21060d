//! The languages of a page, from its scripts and its small words.
//!
//! Most scripts of India write one language of its courts. Where one writes several (Devanagari:
//! Hindi, Marathi, Nepali, Sanskrit; Bengali: Bengali, Assamese), the small words tell, which every
//! page has. A page in Latin letters is English unless they are an eight-bit font's.
//!
//! ```
//! use nirnay_extract::language;
//!
//! assert_eq!(language::detect("याचिका खारिज की जाती है और प्रकरण समाप्त किया जाता है।"), ["hin"]);
//! assert_eq!(language::detect("सदर अर्ज मंजूर करण्यात आला आहे आणि खर्चाबाबत आदेश नाही."), ["mar"]);
//! ```

pub(crate) mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::letters::is_letter_or_digit;
use crate::quality::english;
use crate::script::{self, SCRIPTS};
use words::{LANGUAGES, SmallWords};

/// A script with a smaller share of the page's letters is a quotation or a name.
const LEAST_SHARE: f32 = 0.05;
/// English beside another language has more words than names and case numbers give.
const LEAST_ENGLISH_SHARE: f32 = 0.10;
/// And so many of its small words.
const LEAST_SMALL_WORDS: usize = 3;

/// The languages that small words stand with, as bits over [`LANGUAGES`].
static BY_WORD: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut by_word = HashMap::new();
    for (at, language) in LANGUAGES.iter().enumerate() {
        for word in language.words.split_whitespace() {
            *by_word.entry(word).or_insert(0) |= 1 << at;
        }
    }
    by_word
});

/// The languages of `text` as ISO 639-3 codes, the main one first; none where nothing tells.
///
/// English is among them beside an Indian language where there is prose in it, not only names and
/// numbers of cases.
pub fn detect(text: &str) -> Vec<&'static str> {
    detect_counted(text, &script::counts(text), &english::Counts::of(text))
}

/// As [`detect`], of a text whose letters and English words have been counted.
pub(crate) fn detect_counted(
    text: &str,
    counts: &script::Counts,
    english: &english::Counts,
) -> Vec<&'static str> {
    let letters: usize = counts.iter().sum();
    let mut order: Vec<(usize, &'static str)> = counts
        .iter()
        .zip(SCRIPTS)
        .filter(|(count, _)| **count > 0)
        .map(|(count, (name, _))| (*count, name))
        .collect();
    order.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let mut found = Vec::new();
    for (at, (count, script)) in order.into_iter().enumerate() {
        let share = count as f32 / letters as f32;
        let main = at == 0;
        let language = if script == "Latn" {
            english_in(english, main, share)
        } else if main || share >= LEAST_SHARE {
            language_of(text, script)
        } else {
            None
        };
        found.extend(language);
    }
    found
}

fn english_in(english: &english::Counts, main: bool, share: f32) -> Option<&'static str> {
    let there = if main {
        !english.is_soup()
    } else {
        share >= LEAST_ENGLISH_SHARE
            && english.small_words() >= LEAST_SMALL_WORDS
            && !english.is_soup()
    };
    there.then_some("eng")
}

fn language_of(text: &str, script: &str) -> Option<&'static str> {
    if script == "Olck" {
        return Some("sat");
    }
    if script == "Mtei" {
        return Some("mni");
    }
    let candidates: Vec<(usize, &SmallWords)> = LANGUAGES
        .iter()
        .enumerate()
        .filter(|(_, language)| language.script == script)
        .collect();
    let (_, first) = candidates.first()?;
    if candidates.len() == 1 {
        return Some(first.language);
    }
    // Two letters of the Assamese alphabet are not in the Bengali one, and very common.
    if script == "Beng" {
        let count = |set: &[char]| text.chars().filter(|c| set.contains(c)).count();
        let assamese = count(&['ৰ', 'ৱ']) > count(&['র']);
        return Some(if assamese { "asm" } else { "ben" });
    }
    let mut scores = vec![0.0_f32; candidates.len()];
    for word in words_of(text) {
        let Some(bits) = BY_WORD.get(word) else {
            continue;
        };
        // A word of one language alone says more than one of three.
        let weight = 1.0 / (bits.count_ones() * bits.count_ones()) as f32;
        for (score, (at, _)) in scores.iter_mut().zip(&candidates) {
            if bits & (1 << at) != 0 {
                *score += weight;
            }
        }
    }
    let mut best = (0.0_f32, first.language);
    for (score, (_, language)) in scores.iter().zip(&candidates) {
        if *score > best.0 {
            best = (*score, language.language);
        }
    }
    Some(best.1)
}

/// The words of a text in any script, marks and joiners with their letters.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_word_char(c))
        .filter(|word| !word.is_empty())
}

fn is_word_char(c: char) -> bool {
    is_letter_or_digit(c)
        || matches!(c, '\u{200c}' | '\u{200d}')
        || unicode_normalization::char::is_combining_mark(c)
}

/// How many of the words of `text` in `language`'s script there are, and how many are small words.
pub(crate) fn small_words(text: &str, language: &str) -> Option<(usize, usize, f32)> {
    let (at, entry) = LANGUAGES
        .iter()
        .enumerate()
        .find(|(_, entry)| entry.language == language)?;
    let (mut all, mut small) = (0, 0);
    for word in words_of(text) {
        if word.chars().any(|c| script::of(c) == Some(entry.script)) {
            all += 1;
            small += usize::from(BY_WORD.get(word).is_some_and(|bits| bits & (1 << at) != 0));
        }
    }
    Some((all, small, entry.usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_one_script_are_told_apart() {
        for (text, expected) in [
            ("", vec![]),
            ("12/2024 — …", vec![]),
            ("The appeal is allowed with costs.", vec!["eng"]),
            ("ANIL KUMAR VERMA\nR. PILLAI\nSUNITA DEVI", vec!["eng"]),
            (
                "वादी ने अपने कथन में यह कहा है कि उसके पिता का देहान्त हो गया",
                vec!["hin"],
            ),
            (
                "अर्जदाराने सदर मिळकत त्यांच्या नावे करून दिली असे म्हणणे आहे",
                vec!["mar"],
            ),
            (
                "निवेदकले पेश गरेको निवेदन यस अदालतबाट खारेज गरिएको छ",
                vec!["nep"],
            ),
            ("धर्मः तस्य एव भवति यः सत्यं वदति इति", vec!["san"]),
            ("প্রার্থীর আবেদন খারিজ করা হয়", vec!["ben"]),
            ("আবেদনকাৰীৰ আবেদন খাৰিজ কৰা হ'ল আৰু", vec!["asm"]),
            ("અરજદારની અરજી નામંજૂર કરવામાં આવે છે", vec!["guj"]),
            ("ਅਰਜ਼ੀ ਖਾਰਜ ਕੀਤੀ ਜਾਂਦੀ ਹੈ", vec!["pan"]),
            ("ଆବେଦନ ଖାରଜ କରାଗଲା", vec!["ori"]),
            ("மனு தள்ளுபடி செய்யப்படுகிறது", vec!["tam"]),
            ("పిటిషన్ కొట్టివేయబడింది", vec!["tel"]),
            ("ಅರ್ಜಿಯನ್ನು ವಜಾಗೊಳಿಸಲಾಗಿದೆ", vec!["kan"]),
            ("ഹർജി തള്ളി", vec!["mal"]),
            ("درخواست خارج کی جاتی ہے", vec!["urd"]),
        ] {
            assert_eq!(detect(text), expected, "{text}");
        }
    }

    #[test]
    fn english_beside_another_language_is_prose_not_names() {
        let hindi = "याचिका खारिज की जाती है और प्रकरण समाप्त किया जाता है। ".repeat(4);
        assert_eq!(
            detect(&format!("{hindi} W.P.(C) No. 1065/2021 SHARMA")),
            ["hin"]
        );
        let english =
            "The order of the court below is set aside and the matter is remanded to it. ";
        assert_eq!(detect(&format!("{hindi}{english}")), ["hin", "eng"]);
        assert_eq!(
            detect(&format!("{}{hindi}", english.repeat(6))),
            ["eng", "hin"]
        );
    }

    #[test]
    fn letters_of_an_eight_bit_font_are_not_english() {
        let soup = "izkFkhZ ds fo:) vkjksi gS fd mlus fnukad dks ".repeat(12);
        assert_eq!(detect(&soup), Vec::<&str>::new());
    }
}
