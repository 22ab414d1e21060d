//! Whether a party's name stands in a text.

use super::words::Words;

/// Words of cause titles that name nobody.
const NOBODY: [&str; 62] = [
    "advocate",
    "another",
    "appellant",
    "applicant",
    "association",
    "authority",
    "bank",
    "bench",
    "board",
    "branch",
    "central",
    "chief",
    "collector",
    "commissioner",
    "company",
    "corporation",
    "council",
    "court",
    "department",
    "deputy",
    "director",
    "district",
    "division",
    "engineer",
    "executive",
    "general",
    "government",
    "govt",
    "high",
    "india",
    "indian",
    "insurance",
    "limited",
    "ltd",
    "manager",
    "managing",
    "ministry",
    "minor",
    "municipal",
    "national",
    "office",
    "officer",
    "others",
    "petitioner",
    "police",
    "president",
    "principal",
    "private",
    "public",
    "registrar",
    "represented",
    "respondent",
    "secretary",
    "smti",
    "society",
    "state",
    "station",
    "superintendent",
    "through",
    "union",
    "versus",
    "public",
];

/// States, whose names are the respondent's in half of all cases.
const STATES: [&str; 34] = [
    "andhra",
    "arunachal",
    "assam",
    "bihar",
    "bengal",
    "chandigarh",
    "chhattisgarh",
    "delhi",
    "gujarat",
    "haryana",
    "himachal",
    "jammu",
    "jharkhand",
    "karnataka",
    "kashmir",
    "kerala",
    "ladakh",
    "madhya",
    "maharashtra",
    "manipur",
    "meghalaya",
    "mizoram",
    "nadu",
    "nagaland",
    "odisha",
    "orissa",
    "pradesh",
    "puducherry",
    "punjab",
    "rajasthan",
    "sikkim",
    "tamil",
    "telangana",
    "uttarakhand",
];

/// Names so common that alone they tell nothing.
const COMMON: [&str; 30] = [
    "bano", "begum", "bhai", "chand", "chandra", "devi", "gupta", "jain", "khan", "khatoon",
    "kumar", "kumari", "lakshmi", "lal", "mohd", "mohammad", "mohammed", "nath", "patel", "prasad",
    "rajesh", "ramesh", "sharma", "shri", "shyam", "singh", "suresh", "verma", "west", "yadav",
];

/// Distinctive words taken of a name; longer names are lists.
const MOST_WORDS: usize = 8;

/// How well a party's name is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// The name has no distinctive word to look for.
    Nameless,
    /// Nothing of it.
    Absent,
    /// A part of it: surnames recur, so two such parts may be chance.
    Partly,
    /// All of a name of one word.
    Alone,
    /// At least two thirds of two or more words, close together.
    Fully,
}

/// Looks for `name` in `words`.
pub(super) fn find(name: &str, words: &Words) -> Found {
    let wanted = distinctive(name);
    if !wanted.iter().any(|word| word.rare) {
        return Found::Nameless;
    }
    let mut places: Vec<(usize, usize)> = wanted
        .iter()
        .enumerate()
        .flat_map(|(which, word)| words.places(&word.text).iter().map(move |at| (*at, which)))
        .collect();
    places.sort_unstable();
    let span = wanted.len() * 2 + 2;
    let best = (0..places.len())
        .map(|start| together(&places, start, span, &wanted))
        .max()
        .unwrap_or(0);
    let enough = (wanted.len() * 2).div_ceil(3);
    match best {
        0 => Found::Absent,
        _ if best >= 2 && best >= enough => Found::Fully,
        _ if wanted.len() == 1 => Found::Alone,
        // Half of a short name is some sign of it; one word of a long one is chance.
        _ if best * 2 >= wanted.len() => Found::Partly,
        _ => Found::Absent,
    }
}

struct Wanted {
    text: String,
    rare: bool,
}

fn distinctive(name: &str) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for word in Words::of(name).list {
        let text = word.text;
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let dull = NOBODY.contains(&text.as_str()) || STATES.contains(&text.as_str());
        if letters >= 4 && !dull && wanted.iter().all(|known| known.text != text) {
            let rare = !COMMON.contains(&text.as_str());
            wanted.push(Wanted { text, rare });
        }
        if wanted.len() == MOST_WORDS {
            break;
        }
    }
    wanted
}

/// How many of the wanted words stand within `span` words of the one at `start`; none if all of
/// them are common names.
fn together(places: &[(usize, usize)], start: usize, span: usize, wanted: &[Wanted]) -> usize {
    let Some((from, _)) = places.get(start) else {
        return 0;
    };
    let mut seen = [false; MOST_WORDS];
    let near = places
        .iter()
        .skip(start)
        .take_while(|(at, _)| at - from <= span);
    for (_, which) in near.take(MOST_WORDS * 4) {
        if let Some(seen) = seen.get_mut(*which) {
            *seen = true;
        }
    }
    let found = || {
        wanted
            .iter()
            .zip(seen)
            .filter(|(_, seen)| *seen)
            .map(|(word, _)| word)
    };
    if found().any(|word| word.rare) {
        found().count()
    } else {
        0
    }
}
