//! The words of `data/reference/structure-words.toml`, ready for use.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::parts::{CourtLevel, DateKind, Role, SectionKind, Side};
use super::pattern::Pattern;
use super::patterns;

#[derive(Default, Deserialize)]
struct File {
    versus: Vec<String>,
    case_types: Vec<String>,
    not_case_types: Vec<String>,
    number_words: Vec<String>,
    of_words: Vec<String>,
    justice: Vec<String>,
    no_party: Vec<String>,
    role: Vec<RoleWords>,
    heading: Vec<HeadingWords>,
    date: Vec<DateWords>,
    month: Vec<MonthWords>,
    court: Vec<Named>,
    native_court: Vec<NativeCourt>,
    place: Vec<Named>,
    seat: Vec<Seat>,
}

#[derive(Deserialize)]
struct RoleWords {
    value: Role,
    side: Side,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct HeadingWords {
    value: SectionKind,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct DateWords {
    value: DateKind,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct MonthWords {
    number: i8,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Named {
    slug: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct NativeCourt {
    level: CourtLevel,
    words: Vec<String>,
}

/// A seat of a court.
#[derive(Deserialize)]
pub(crate) struct Seat {
    /// The court's name in the registry.
    pub(crate) slug: String,
    /// The seat's name there.
    pub(crate) name: String,
    words: Vec<String>,
}

/// Everything that is known by its words.
pub(crate) struct Words {
    /// The word between the sides; group 1 is the word.
    pub(crate) versus: Pattern,
    /// A role; group 1 is the word with its plural mark.
    pub(crate) role: Pattern,
    roles: HashMap<String, (Role, Side)>,
    headings: HashMap<String, SectionKind>,
    /// The longest heading, in bytes of letters.
    pub(crate) longest_heading: usize,
    case_types: HashSet<String>,
    not_case_types: HashSet<String>,
    /// A number and a year with what stands between: groups `label`, `number`, `year`.
    pub(crate) number: Pattern,
    /// "Justice", in any language, and what parts it from the name behind.
    pub(crate) justice: Pattern,
    /// The letters or the word of a judge's office, behind the name.
    pub(crate) office: Pattern,
    /// Dots under which a judge's name stands, with the letters or the word of the office.
    pub(crate) dots: Pattern,
    no_party: Vec<String>,
    /// A date in words or figures.
    pub(crate) date: Pattern,
    /// The label at the end of what stands before a date; group 1 is the label.
    pub(crate) date_label: Pattern,
    date_labels: HashMap<String, DateKind>,
    months: HashMap<String, i8>,
    /// Names of the Supreme Court outside English.
    pub(crate) native_supreme: Vec<String>,
    /// Words for courts outside English, highest first.
    pub(crate) native_courts: Vec<(CourtLevel, Vec<String>)>,
    places: Vec<(String, Vec<String>)>,
    /// Seats of courts.
    pub(crate) seats: Vec<Seat>,
    spelled_places: HashSet<String>,
}

/// What each word of some lists stands for, the words in lower case.
fn by_word<'a, T: Copy + 'a>(
    lists: impl Iterator<Item = (&'a Vec<String>, T)>,
) -> HashMap<String, T> {
    lists
        .flat_map(|(words, value)| words.iter().map(move |word| (word.to_lowercase(), value)))
        .collect()
}

fn lower(words: &[String]) -> HashSet<String> {
    words.iter().map(|word| word.to_lowercase()).collect()
}

/// The words of the file.
pub(crate) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        let text = include_str!("../../../../data/reference/structure-words.toml");
        // The file is part of the build; the test below is the proof that it parses.
        Words::of(toml::from_str(text).unwrap_or_default())
    });
    &WORDS
}

impl Words {
    fn of(file: File) -> Self {
        let headings = by_word(
            file.heading
                .iter()
                .map(|heading| (&heading.words, heading.value)),
        );
        let spellings = file
            .place
            .iter()
            .map(|place| &place.words)
            .chain(file.seat.iter().map(|seat| &seat.words));
        Self {
            versus: patterns::versus(&file.versus),
            role: patterns::role(file.role.iter().flat_map(|role| &role.words)),
            roles: by_word(
                file.role
                    .iter()
                    .map(|role| (&role.words, (role.value, role.side))),
            ),
            longest_heading: headings.keys().map(String::len).max().unwrap_or(0),
            headings,
            case_types: lower(&file.case_types),
            not_case_types: lower(&file.not_case_types),
            justice: patterns::justice(&file.justice),
            office: patterns::office(&file.justice),
            dots: patterns::dots(&file.justice),
            no_party: lower(&file.no_party).into_iter().collect(),
            number: patterns::number(&file.number_words, &file.of_words),
            date: patterns::date(file.month.iter().flat_map(|month| &month.words)),
            date_label: patterns::date_label(file.date.iter().flat_map(|date| &date.words)),
            date_labels: by_word(file.date.iter().map(|date| (&date.words, date.value))),
            months: by_word(file.month.iter().map(|month| (&month.words, month.number))),
            spelled_places: spellings
                .flatten()
                .flat_map(|words| words.split_whitespace())
                .map(str::to_owned)
                .collect(),
            native_supreme: file
                .court
                .into_iter()
                .flat_map(|court| court.words)
                .collect(),
            native_courts: file
                .native_court
                .into_iter()
                .map(|court| (court.level, court.words))
                .collect(),
            places: file
                .place
                .into_iter()
                .map(|place| (place.slug, place.words))
                .collect(),
            seats: file.seat,
        }
    }

    /// The role that a word stands for, its plural mark left out.
    pub(crate) fn role(&self, printed: &str) -> Option<(Role, Side)> {
        let lower = super::zone::fold(printed).to_lowercase();
        let bare = ["(s)", " (s)", "/s", ".s", "'s"]
            .iter()
            .find_map(|mark| lower.strip_suffix(mark))
            .unwrap_or(&lower)
            .trim();
        self.roles.get(bare).copied()
    }

    /// What a line is the heading of.
    pub(crate) fn heading(&self, line: &str) -> Option<SectionKind> {
        // Room for numbering, stars and letters set apart.
        if line.len() > 3 * self.longest_heading + 16 {
            return None;
        }
        let line = without_number(line.trim());
        let mut letters = String::with_capacity(self.longest_heading + 4);
        for c in line.chars() {
            if letters.len() > self.longest_heading {
                return None;
            }
            if c.is_ascii() {
                if !c.is_ascii_punctuation() && !c.is_whitespace() {
                    letters.push(c.to_ascii_lowercase());
                }
            } else if !c.is_whitespace() && !"‘’“”–—…†।॥".contains(c) {
                letters.extend(c.to_lowercase());
            }
        }
        self.headings.get(&letters).copied()
    }

    /// Whether a word is one of those that names of case types are made of.
    pub(crate) fn is_case_type(&self, lower: &str) -> bool {
        self.case_types.contains(lower)
    }

    /// Whether a word is known to be no part of a case type.
    pub(crate) fn is_no_case_type(&self, lower: &str) -> bool {
        self.not_case_types.contains(lower)
    }

    /// Whether `lower` holds a word that stands in no party's name.
    pub(crate) fn is_no_party(&self, lower: &str) -> bool {
        self.no_party.iter().any(|word| lower.contains(word))
    }

    /// Which date a label announces.
    pub(crate) fn date_kind(&self, label: &str) -> Option<DateKind> {
        self.date_labels
            .get(&super::zone::fold(label).to_lowercase())
            .copied()
    }

    /// The month of this name.
    pub(crate) fn month(&self, name: &str) -> Option<i8> {
        self.months.get(&name.to_lowercase()).copied()
    }

    /// Whether a word is part of the name of a state or a seat.
    pub(crate) fn is_place(&self, lower: &str) -> bool {
        self.spelled_places.contains(lower)
    }

    /// The High Court of the place that is named in `lower`, the one named first.
    pub(crate) fn court_of_place(&self, lower: &str) -> Option<&str> {
        self.places
            .iter()
            .flat_map(|(slug, words)| words.iter().map(move |word| (slug, word)))
            .filter_map(|(slug, word)| lower.find(word.as_str()).map(|at| (at, word.len(), slug)))
            .min_by_key(|(at, len, _)| (*at, std::cmp::Reverse(*len)))
            .map(|(.., slug)| slug.as_str())
    }

    /// The seat of the court that is named in `lower`, the one named last.
    pub(crate) fn seat(&self, slug: &str, lower: &str) -> Option<&Seat> {
        self.seats
            .iter()
            .filter(|seat| seat.slug == slug)
            .filter_map(|seat| {
                seat.words
                    .iter()
                    .filter_map(|word| lower.rfind(word.as_str()))
                    .max()
                    .map(|at| (at, seat))
            })
            .max_by_key(|(at, _)| *at)
            .map(|(_, seat)| seat)
    }
}

/// A heading without its number or letter: `IV. ANALYSIS`, `(b) Facts`.
fn without_number(line: &str) -> &str {
    let Some((number, rest)) = line.split_once(['.', ')', ':']) else {
        return line;
    };
    let number = number.trim_start_matches('(');
    let is_number = (1..=4).contains(&number.len())
        && !rest.trim().is_empty()
        && (number.bytes().all(|b| b.is_ascii_digit())
            || number
                .bytes()
                .all(|b| matches!(b, b'I' | b'V' | b'X' | b'i' | b'v' | b'x'))
            || (number.len() == 1 && number.bytes().all(|b| b.is_ascii_alphabetic())));
    if is_number && !rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        rest.trim()
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        let text = include_str!("../../../../data/reference/structure-words.toml");
        let file: File = toml::from_str(text).unwrap();
        let slugs: HashSet<&str> = nirnay_model::courts()
            .iter()
            .map(|c| c.slug.as_str())
            .collect();
        for place in &file.place {
            assert!(slugs.contains(place.slug.as_str()), "{}", place.slug);
        }
        for seat in &file.seat {
            let court = nirnay_model::courts().find(&seat.slug).unwrap();
            assert!(
                court.benches.iter().any(|bench| bench.name == seat.name)
                    || ["Nagpur"].contains(&seat.name.as_str()),
                "{} has no bench {}",
                seat.slug,
                seat.name
            );
        }
        for expression in [
            &words().versus,
            &words().role,
            &words().justice,
            &words().office,
            &words().dots,
            &words().number,
            &words().date,
            &words().date_label,
        ] {
            assert_ne!(expression.as_str(), "$^");
        }
    }

    #[test]
    fn headings() {
        for (line, kind) in [
            ("J U D G M E N T", Some(SectionKind::Judgment)),
            ("ORAL ORDER :-", Some(SectionKind::Order)),
            ("IV. ANALYSIS", Some(SectionKind::Reasoning)),
            ("Headnotes†", Some(SectionKind::Headnote)),
            ("B. Factual Matrix", Some(SectionKind::Facts)),
            ("निर्णय", Some(SectionKind::Judgment)),
            ("The order was passed", None),
            ("", None),
        ] {
            assert_eq!(words().heading(line), kind, "{line}");
        }
    }
}
