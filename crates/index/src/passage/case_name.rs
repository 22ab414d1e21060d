//! Case names in running text: `State of U.P. v. Mohd. Naim, (1964) …` names the judgment whose title is
//! *State of Uttar Pradesh v Mohammad Naim* of 1964.
//!
//! A judgment bears a few numbers, a text that names it has one of them among its own. Both are hashes of
//! the last two words before the "v" and the first two after it, in one spelling, with the year of
//! the report that follows. What the text prints around the name is not known to belong to it, so a text
//! has numbers for one word and for two on either side; a judgment has them for its whole name.

use std::collections::BTreeSet;

use super::links::short;

/// The most names of one text, each with a few numbers.
const MAX_NAMES: usize = 400;
/// How far from the "v" a name is looked for, in bytes.
const REACH: usize = 90;
/// How far behind the "v" a year is looked for, in bytes.
const YEAR_REACH: usize = 140;
/// A report may be printed so many years after the decision.
const REPORTED_WITHIN: u16 = 2;
/// How far into a text its own date is looked for, in bytes.
const HEADING: usize = 600;

/// Words that titles have or leave out.
const DROPPED: [&str; 38] = [
    "the",
    "of",
    "and",
    "others",
    "another",
    "ors",
    "anr",
    "or",
    "etc",
    "shri",
    "sri",
    "smt",
    "dr",
    "mr",
    "mrs",
    "km",
    "ms",
    "ltd",
    "limited",
    "pvt",
    "private",
    "co",
    "company",
    "in",
    "for",
    "versus",
    "other",
    "respondents",
    "appellants",
    "petitioner",
    "respondent",
    "appellant",
    "by",
    "its",
    "lrs",
    "dead",
    "through",
    "thr",
];

/// Short forms, without dots, and what they stand for.
const SHORT: [(&str, &str); 24] = [
    ("up", "uttar pradesh"),
    ("mp", "madhya pradesh"),
    ("ap", "andhra pradesh"),
    ("hp", "himachal pradesh"),
    ("tn", "tamil nadu"),
    ("wb", "west bengal"),
    ("jk", "jammu kashmir"),
    ("uoi", "union india"),
    ("cit", "commissioner income tax"),
    ("ito", "income tax officer"),
    ("mohd", "mohammad"),
    ("md", "mohammad"),
    ("mohammed", "mohammad"),
    ("muhammad", "mohammad"),
    ("mohamed", "mohammad"),
    ("govt", "government"),
    ("commr", "commissioner"),
    ("corpn", "corporation"),
    ("dy", "deputy"),
    ("asst", "assistant"),
    ("univ", "university"),
    ("bros", "brothers"),
    ("dist", "district"),
    ("maharastra", "maharashtra"),
];

/// The numbers of a judgment by its title and, if the title is no case name, by the first line of its text.
/// `decided` is its year; without it, the first year in the heading of the text counts.
pub(crate) fn own(title: &str, text: &str, decided: Option<u16>) -> Vec<u64> {
    let first_line = text.trim_start().lines().next().unwrap_or("");
    let Some((before, after)) = [title, first_line].into_iter().find_map(parties) else {
        return Vec::new();
    };
    let heading = head(text, HEADING);
    let below = heading.get(first_line.len()..).unwrap_or(heading);
    let year = decided.or_else(|| years(below).next());
    let before = names(first_party(before));
    let after = names(first_party(after));
    if before.is_empty() || after.is_empty() {
        return Vec::new();
    }
    let (before, after) = (last_two(&before), first_two(&after));
    let mut numbers = vec![number(before, after, None)];
    if let Some(year) = year {
        numbers.extend(
            (year..=year.saturating_add(REPORTED_WITHIN))
                .map(|year| number(before, after, Some(year))),
        );
    }
    numbers
}

/// The numbers of the cases that a text names, each once.
pub(crate) fn named(text: &str) -> BTreeSet<u64> {
    let mut numbers = BTreeSet::new();
    for (start, end) in versus(text).take(MAX_NAMES) {
        let before = names(tail(text.get(..start).unwrap_or(""), REACH));
        let following = text.get(end..).unwrap_or("");
        let after = names(head(following, REACH));
        let (Some(last), Some(first)) = (before.last(), after.first()) else {
            continue;
        };
        let year = years(head(following, YEAR_REACH)).next();
        for left in [std::slice::from_ref(last), last_two(&before)] {
            for right in [std::slice::from_ref(first), first_two(&after)] {
                numbers.insert(number(left, right, year));
            }
        }
    }
    numbers
}

/// Where a "v", "v.", "vs" or "versus" stands between a word and a name, in bytes.
fn versus(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    memchr::memchr2_iter(b'v', b'V', text.as_bytes()).filter_map(|start| {
        let before = text.as_bytes().get(..start)?;
        let gaps: [&[u8]; 4] = [b" ", b"\n", b"\t", "\u{a0}".as_bytes()];
        let gap = gaps.iter().find(|gap| before.ends_with(gap))?;
        let at = start - gap.len();
        let rest = text.get(start..)?;
        let word = rest
            .get(..rest.find(char::is_whitespace)?)
            .filter(|word| word.len() <= 7)?;
        let bare = word.strip_suffix('.').unwrap_or(word);
        let is_versus = ["v", "vs", "versus"]
            .iter()
            .any(|form| bare.eq_ignore_ascii_case(form));
        let end = start + word.len();
        let follows = text.get(end..)?.trim_start().chars().next()?;
        (is_versus && (follows.is_uppercase() || matches!(follows, '"' | '\'' | '(')))
            .then_some((at, end))
    })
}

/// A title in its two sides.
fn parties(title: &str) -> Option<(&str, &str)> {
    let (start, end) = versus(title).next()?;
    Some((title.get(..start)?, title.get(end..)?))
}

/// A side without what follows its first name: others, an alias, a bracket.
fn first_party(side: &str) -> &str {
    let lower = side.to_ascii_lowercase();
    let marks = [
        "(",
        "@",
        " alias",
        " etc",
        " and others",
        " and another",
        " and ors",
        " and anr",
        "& ors",
        "& anr",
        "&ors",
        "&anr",
        "& others",
        "& another",
        " on ",
    ];
    let end = marks.iter().filter_map(|mark| lower.find(mark)).min();
    end.and_then(|end| side.get(..end)).unwrap_or(side)
}

/// The words of a name, in one spelling.
fn names(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut initials = String::new();
    for piece in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '\'' | '&'))) {
        let piece = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let mut letters = piece.chars();
        match (letters.next(), letters.next()) {
            (None, _) => {}
            // `U. P.` is `U.P.`
            (Some(letter), None) => initials.extend(letter.to_lowercase()),
            _ => {
                add_short(&std::mem::take(&mut initials), &mut words);
                add_words(piece, &mut words);
            }
        }
    }
    add_short(&initials, &mut words);
    words
}

/// Adds what a short form stands for. False if it is none.
fn add_short(form: &str, words: &mut Vec<String>) -> bool {
    let known = SHORT.iter().find(|(short, _)| *short == form);
    if let Some((_, long)) = known {
        words.extend(long.split(' ').map(str::to_owned));
    }
    known.is_some()
}

fn add_words(piece: &str, words: &mut Vec<String>) {
    let joined: String = piece
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if add_short(&joined, words) {
        return;
    }
    // Initials are printed or left out as it pleases; `A.K.Gopalan` is glued to them.
    for part in piece.split(['.', '&']) {
        let part = part.strip_suffix("'s").unwrap_or(part);
        let word: String = part
            .chars()
            .filter(|c| *c != '\'')
            .flat_map(char::to_lowercase)
            .collect();
        if word.chars().nth(1).is_some() && !DROPPED.contains(&word.as_str()) {
            words.push(word);
        }
    }
}

fn last_two(words: &[String]) -> &[String] {
    words.get(words.len().saturating_sub(2)..).unwrap_or(words)
}

fn first_two(words: &[String]) -> &[String] {
    words.get(..2).unwrap_or(words)
}

/// The years in a text, in order.
fn years(text: &str) -> impl Iterator<Item = u16> + '_ {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .filter(|year| (1850..2100).contains(year))
}

fn number(before: &[String], after: &[String], year: Option<u16>) -> u64 {
    let words = before.iter().map(String::as_str);
    let words = words
        .chain(["\u{1}"])
        .chain(after.iter().map(String::as_str));
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for word in words {
        add(word.as_bytes());
        add(&[0]);
    }
    add(&year.unwrap_or(0).to_le_bytes());
    short(hash)
}

/// At most so many bytes from the beginning, on a character boundary.
fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes.min(text.len())))
        .unwrap_or("")
}

/// At most so many bytes from the end, on a character boundary.
fn tail(text: &str, bytes: usize) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(bytes))..)
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_it(text: &str, title: &str, decided: u16) -> bool {
        let named = named(text);
        own(title, "", Some(decided))
            .iter()
            .any(|number| named.contains(number))
    }

    #[test]
    fn a_case_is_named_in_many_ways() {
        let title = "State Of Uttar Pradesh And Ors. v Mohammad Naim";
        for text in [
            "as held in State of U.P. v. Mohd. Naim [1964] 2 SCR 363, remarks",
            "In The State of Uttar Pradesh v. Mohammad Naim(1) this Court",
            "see State of U. P. vs. Mohammed Naim, AIR 1964 SC 703",
        ] {
            assert!(names_it(text, title, 1963), "{text}");
        }
        assert!(names_it(
            "in A.K. Gopalan v. State of Madras, 1950 SCR 88",
            "A. K. GOPALAN versus THE STATE OF MADRAS",
            1950
        ));
    }

    #[test]
    fn another_year_or_party_is_another_case() {
        let title = "State of U.P. v. Mohammad Naim";
        for text in [
            "State of U.P. v. Mohammad Naim (1999) 2 SCC 1",
            "State of U.P. v. Mohammad Salim (1964) 2 SCR 1",
            "State of M.P. v. Mohammad Naim (1964) 2 SCR 1",
            "the dispute of U.P. and Mohammad Naim (1964)",
        ] {
            assert!(!names_it(text, title, 1963), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_title_bears_the_name_of_its_first_line() {
        let text =
            "Asha Devi v State Of Bihar\nSupreme Court of India\n\n26 September 1973\nThe Judgment";
        let numbers = own("C17", text, None);
        let named = named("relied on Asha Devi v. State of Bihar (1974) 1 SCC 5");
        assert!(numbers.iter().any(|number| named.contains(number)));
        assert!(own("C17", "An order without parties.", None).is_empty());
    }

    proptest::proptest! {
        /// Any text: no panic, and a bounded number of names.
        #[test]
        fn any_text_is_read(text in "(\\PC|[\n]| v\\. | vs |[A-Z]){0,80}") {
            proptest::prop_assert!(named(&text).len() <= 4 * MAX_NAMES);
            own(&text, &text, None);
        }
    }
}
