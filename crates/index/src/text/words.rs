//! Words that are known by a table: titles of judges, names of languages.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    judge_titles: HashSet<String>,
    function_words: HashSet<String>,
    language: Vec<Language>,
}

#[derive(Deserialize)]
struct Language {
    code: String,
    name: String,
    #[serde(default)]
    other: Vec<String>,
}

#[derive(Default)]
struct Known {
    titles: HashSet<String>,
    function_words: HashSet<String, RandomState>,
    /// Names and codes, in small letters, to the place in `languages`.
    places: HashMap<String, usize>,
    /// Codes and names.
    languages: Vec<(String, String)>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let text = include_str!("../../../../data/reference/search-words.toml");
    // Part of the program, read by a test.
    let Ok(table) = toml::from_str::<Table>(text) else {
        return Known::default();
    };
    let mut known = Known {
        titles: table.judge_titles,
        function_words: table.function_words.into_iter().collect(),
        ..Known::default()
    };
    for (place, language) in table.language.into_iter().enumerate() {
        known.places.insert(language.name.to_lowercase(), place);
        known.places.insert(language.code.clone(), place);
        known
            .places
            .extend(language.other.into_iter().map(|code| (code, place)));
        known.languages.push((language.code, language.name));
    }
    known
});

/// A judge's name without titles and dots, in capitals: `A B KULKARNI` of `HON'BLE MS. JUSTICE A.B. KULKARNI`.
pub(crate) fn judge_name(printed: &str) -> String {
    let words = printed.split(|c: char| {
        !(c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c))
    });
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    // One letter is an initial, unless it ends the name.
    let is_title = |(at, word): (usize, &str)| {
        KNOWN.titles.contains(&word.to_lowercase())
            && (at + 1 == words.len() || word.chars().nth(1).is_some())
    };
    let name: Vec<String> = words
        .iter()
        .enumerate()
        .filter(|(at, word)| !is_title((*at, word)))
        .map(|(_, word)| word.to_uppercase())
        .collect();
    name.join(" ")
}

/// Whether a word in small letters is one like `the` and `of`, and no other word is a form of it.
pub(crate) fn is_function_word(word: &str) -> bool {
    KNOWN.function_words.contains(word)
}

/// The code of a language given by code or English name, in any case.
pub(crate) fn language_code(text: &str) -> Option<&'static str> {
    let place = *KNOWN.places.get(&text.trim().to_lowercase())?;
    KNOWN.languages.get(place).map(|(code, _)| code.as_str())
}

/// The English name of a language given by its code.
pub(crate) fn language_name(code: &str) -> Option<&'static str> {
    let place = *KNOWN.places.get(code)?;
    KNOWN.languages.get(place).map(|(_, name)| name.as_str())
}

/// The English names of the languages, for hints.
pub(crate) fn languages() -> String {
    let names: Vec<&str> = KNOWN
        .languages
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_titles() {
        for (printed, name) in [
            ("HON'BLE MS. JUSTICE A.B. KULKARNI", "A B KULKARNI"),
            ("A. B. Kulkarni, J.", "A B KULKARNI"),
            (
                "Hon\u{2019}ble The Chief Justice Mr. Justice K. D'Mello",
                "K D MELLO",
            ),
            ("माननीय न्यायमूर्ति श्री अ. ब. राव", "अ ब राव"),
            ("THE HON'BLE JUSTICE", ""),
        ] {
            assert_eq!(judge_name(printed), name, "{printed}");
        }
    }

    #[test]
    fn languages() {
        assert_eq!(language_code("Hindi"), Some("hin"));
        assert_eq!(language_code("PUN"), Some("pan"));
        assert_eq!(language_name("tam"), Some("Tamil"));
        assert_eq!((language_code("xx"), language_name("xx")), (None, None));
    }
}
