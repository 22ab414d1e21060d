//! Names in Indic scripts, findable in Latin letters.
//!
//! Names are romanised in many ways (`Prasad`, `Prashad`; `Murugan`, `Murukan`). What is compared is their skeleton:
//! consonants without voice and breath, vowels without length, no inner `a`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The characters of a block.
const BLOCK: u32 = 0x80;
/// Shorter skeletons fit too many names.
const SHORTEST: usize = 2;

#[derive(Deserialize)]
struct Table {
    blocks: Vec<u32>,
    place: HashMap<String, String>,
    letter: HashMap<char, String>,
}

static LETTERS: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
    let text = include_str!("../../../../data/reference/romanisation.toml");
    // Part of the program, read by a test.
    let Ok(table) = toml::from_str::<Table>(text) else {
        return HashMap::new();
    };
    let mut letters = table.letter;
    for (place, latin) in &table.place {
        let Ok(place) = u32::from_str_radix(place, 16) else {
            continue;
        };
        for letter in table
            .blocks
            .iter()
            .filter_map(|block| char::from_u32(block + place % BLOCK))
        {
            letters.entry(letter).or_insert_with(|| latin.clone());
        }
    }
    letters
});

/// The skeletons of the words of `text` that are in an Indic script; `None` if none is.
pub(crate) fn romanised(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut words = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || c == '।') {
        let latin: String = word
            .chars()
            .filter_map(|c| LETTERS.get(&c))
            .map(String::as_str)
            .collect();
        words.extend(fold(&latin));
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// The skeleton of a word in Latin letters; `None` if it is no such word, or has too little of one.
pub(crate) fn skeleton(word: &str) -> Option<String> {
    let is_name = word.len() > SHORTEST && word.bytes().all(|b| b.is_ascii_alphabetic());
    is_name.then(|| fold(word)).flatten()
}

fn fold(latin: &str) -> Option<String> {
    let letters: Vec<char> = latin.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut out = String::new();
    for (at, c) in letters.iter().copied().enumerate() {
        let next = letters.get(at + 1).copied();
        let folded = match c {
            'a' if at > 0 => continue,
            // Breath: kh, gh, ch, th, … but a name may begin with h or have one between vowels.
            'h' if at > 0 && !letters.get(at - 1).is_some_and(|c| "aeioun".contains(*c)) => {
                continue;
            }
            'h' if next.is_none() && !out.ends_with('n') => continue,
            'h' if out.ends_with('n') => 'k',
            'm' if matches!(next, Some('b' | 'p')) => 'n',
            'g' | 'q' | 'x' => 'k',
            'd' => 't',
            'b' | 'f' => 'p',
            'c' if matches!(next, Some('k')) => continue,
            'c' if matches!(next, Some('h')) => 's',
            'c' => 'k',
            'z' => 'j',
            'w' => 'v',
            'e' | 'y' => 'i',
            'o' => 'u',
            other => other,
        };
        if !out.ends_with(folded) {
            out.push(folded);
        }
    }
    (out.len() >= SHORTEST).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_its_script_and_in_latin_letters_have_one_skeleton() {
        for (script, latin) in [
            ("राम", "Ram"),
            ("प्रसाद", "Prasad"),
            ("सिंह", "Singh"),
            ("अंबेडकर", "Ambedkar"),
            ("मेहता", "Mehta"),
            ("भट्टाचार्य", "Bhattacharya"),
            ("মুখার্জী", "Mukherjee"),
            ("পাল", "Paul"),
            ("முருகன்", "Murugan"),
            ("ரெட்டி", "Reddy"),
            ("రెడ్డి", "Reddy"),
            ("ಗೌಡ", "Gowda"),
            ("നായർ", "Nair"),
            ("પટેલ", "Patel"),
            ("ਕੌਰ", "Kaur"),
            ("ଦାସ", "Das"),
        ] {
            let found = romanised(script);
            let same = found == skeleton(latin);
            // Vowels that are written in several ways are the one thing that may differ.
            let plain = |text: Option<String>| text.map(|text| text.replace(['i', 'u', 'v'], ""));
            assert!(
                same || plain(found.clone()) == plain(skeleton(latin)),
                "{script} {latin}: {found:?} {:?}",
                skeleton(latin)
            );
        }
        assert_eq!(
            romanised("राम प्रसाद versus राज्य").as_deref(),
            Some("rm prst rji")
        );
        assert_eq!(skeleton("Prasad").as_deref(), Some("prst"));
        assert_eq!(
            (romanised("Ram"), skeleton("498A"), skeleton("of")),
            (None, None, None)
        );
    }

    #[test]
    fn the_table_is_read() {
        assert_eq!(LETTERS.get(&'क').map(String::as_str), Some("k"));
        assert_eq!(LETTERS.get(&'ம').map(String::as_str), Some("m"));
        assert_eq!(LETTERS.get(&'ش').map(String::as_str), Some("sh"));
        assert!(LETTERS.len() > 400);
    }
}
