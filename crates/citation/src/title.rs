//! Titles of statutes: where one begins, and how a key has it.

use crate::lex;
use crate::statute::{LEADS, TITLE};

/// A title as a key has it: one space between words, "Income Tax" for "Income-tax", "UP" for "U. P.", and no words in capitals.
pub(crate) fn in_one_spelling(words: &[&str]) -> String {
    let shouted = words
        .iter()
        .all(|word| !word.bytes().any(|c| c.is_ascii_lowercase()));
    let mut title = String::new();
    let mut initials = false;
    for word in words {
        let is_initials = word.contains('.')
            && word
                .split('.')
                .all(|part| part.len() <= 1 && part.bytes().all(|c| c.is_ascii_uppercase()));
        if !(title.is_empty() || initials && is_initials) {
            title.push(' ');
        }
        initials = is_initials;
        let lower = word.to_ascii_lowercase();
        if is_initials {
            title.extend(word.chars().filter(|c| *c != '.'));
        } else if lower == "tax" || lower.ends_with("-tax") && word.len() > 4 {
            let (head, _) = word.split_at(word.len() - 3);
            title.push_str(head.trim_end_matches('-'));
            if word.len() > 3 {
                title.push(' ');
            }
            title.push_str("Tax");
        } else if shouted && INNER.contains(&lower.as_str()) {
            title.push_str(&lower);
        } else if shouted && (word.len() > 3 || lower == "act") {
            let mut inside = false;
            for c in word.chars() {
                title.push(if inside { c.to_ascii_lowercase() } else { c });
                inside = c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
            }
        } else {
            title.push_str(word);
        }
    }
    title
}

/// Letters and digits without case: how names are compared.
pub(crate) fn letters(printed: &[u8]) -> String {
    printed
        .iter()
        .filter(|c| c.is_ascii_alphanumeric() || **c == b'&')
        .map(|c| char::from(c.to_ascii_lowercase()))
        .collect()
}

pub(crate) const INNER: &[&str] = &[
    "of", "and", "the", "for", "in", "to", "on", "from", "with", "or", "OF", "AND", "THE", "FOR",
    "IN", "TO", "ON", "tax", "duty", "cess",
];

/// Words that begin a sentence and no title.
const OPENERS: &[&str] = &[
    "An", "A", "These", "After", "Before", "Until", "However", "Where", "Thus", "Hence", "Such",
    "Any", "Each", "Every", "No", "Its", "Our", "Linder", "See", "Vide", "Is", "Are", "Was", "It",
    "Had", "Has", "Because", "Unlike", "Then", "So", "Also", "Those", "What", "Which", "Who",
    "From", "On", "To", "At", "With", "Into", "Once", "Does", "Did", "Can", "Could", "Not",
];

/// Abbreviations with a dot inside a title.
const DOTTED: &[&str] = &[
    "Misc", "Govt", "Amdt", "Prov", "Spl", "Regn", "Reg", "Dev", "Gen", "Prop", "Temp", "Prof",
    "Distt", "Corpn", "Amend",
];

/// Where a title of capitalised words begins.
pub(crate) fn title_start(b: &[u8], start: usize, floor: usize) -> usize {
    let floor = floor.max(start.saturating_sub(TITLE));
    let mut best = start;
    let mut cursor = start;
    for _ in 0..16 {
        let end = lex::skip_back(b, cursor, floor, b",-&'", 3);
        if end <= floor {
            break;
        }
        let gap = &b[end..cursor];
        let line_break = |c: &u8| *c == b'\n';
        if gap.iter().position(line_break) != gap.iter().rposition(line_break) {
            break;
        }
        if b[end - 1] == b')' {
            let low = end.saturating_sub(60).max(floor);
            let Some(open) = (low..end).rev().find(|i| b[*i] == b'(') else {
                break;
            };
            if !b.get(open + 1).is_some_and(u8::is_ascii_uppercase) {
                break;
            }
            cursor = open;
            continue;
        }
        let from = title_word(b, end, floor);
        if from == end {
            break;
        }
        let word = &b[from..end];
        let inner = INNER.iter().any(|w| w.as_bytes() == word);
        if inner {
            cursor = from;
            continue;
        }
        let year = word.len() == 4
            && cursor == end + 1
            && lex::number(word, 0, 4).is_some_and(|(value, _)| lex::is_year(value));
        let leads = |words: &[&str]| words.iter().any(|lead| lead.as_bytes() == word);
        let capital = word[0].is_ascii_uppercase()
            && (word == b"Central" || !(leads(LEADS) || leads(OPENERS)));
        if !(capital || year) {
            break;
        }
        best = from;
        cursor = from;
        if year {
            break;
        }
    }
    best
}

/// Where the word of a title that ends at `end` begins: "Co-operative", "Workmen's", "U.P.", "Misc."; `end` where none does.
pub(crate) fn title_word(b: &[u8], end: usize, floor: usize) -> usize {
    let low = floor.max(end.saturating_sub(28));
    let mut from = end;
    if from > low && b[from - 1] == b'.' {
        from -= 1;
    }
    let dotted = from < end;
    while from > low {
        let before = &b[low..from];
        // A mark inside a word, with a letter before it.
        let mark = match before {
            [.., c, b'-' | b'\''] if c.is_ascii_alphabetic() => 1,
            [.., c, 0xe2, 0x80, 0x99] if c.is_ascii_alphabetic() => 3,
            [.., c, b'.'] if c.is_ascii_uppercase() => 1,
            _ => 0,
        };
        if before.last().is_some_and(u8::is_ascii_alphanumeric) {
            from -= 1;
        } else if mark > 0 && b.get(from).is_some_and(u8::is_ascii_alphanumeric) {
            from -= mark;
        } else {
            break;
        }
    }
    if dotted {
        let word = &b[from..end - 1];
        let initials = word
            .split(|c| *c == b'.')
            .all(|part| part.len() == 1 && part[0].is_ascii_uppercase());
        if !initials && !DOTTED.iter().any(|known| known.as_bytes() == word) {
            return end;
        }
    }
    from
}
