//! What of a row is found in a text.

use nirnay_model::{Judgment, NeutralCitation, PageText};

use super::party::{self, Found};
use super::words::{Word, Words};

/// Words between a case's number and its year: `of`, and other numbers of a range or a list.
const NUMBER_TO_YEAR: usize = 10;
/// Words before a number in which its case type stands.
const TYPE_TO_NUMBER: usize = 8;
/// Words of the first page that make up the caption.
const CAPTION: usize = 250;
/// Words at the head of the first page where a judgment prints its own citation; further down stand those it cites.
const MASTHEAD: usize = 60;

/// Characters of the first page in which a document prints its own CNR.
const HEAD: usize = 4_000;
/// Characters of a CNR, and letters that it begins with.
const CNR_LENGTH: usize = 16;
const CNR_LETTERS: usize = 4;

/// Numbered things that are not cases of the court.
const NOT_CASES: [&str; 13] = [
    "act",
    "crime",
    "dated",
    "fir",
    "letter",
    "memo",
    "notification",
    "ordinance",
    "page",
    "para",
    "rule",
    "rules",
    "section",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The pages that are looked at: the first three and the last.
#[derive(Debug)]
pub(super) struct Examined {
    all: Words,
    /// The first page that has text.
    first: Words,
    /// What is printed around the text of the pages: stamps, running heads.
    around: Words,
    /// All letters and digits of the pages, upper case, without anything between.
    compact: String,
    /// The CNR that the head of the first page prints.
    cnr_at_head: Option<String>,
    letters: usize,
}

impl Examined {
    pub(super) fn of(pages: &[PageText]) -> Self {
        let mut examined = Self {
            all: Words::default(),
            first: Words::default(),
            around: Words::default(),
            compact: String::new(),
            cnr_at_head: pages.first().and_then(|page| cnr_at_head(&page.text)),
            letters: 0,
        };
        let last = pages
            .len()
            .checked_sub(1)
            .filter(|last| *last >= 3)
            .and_then(|last| pages.get(last));
        for page in pages.iter().take(3).chain(last) {
            if examined.first.list.is_empty() {
                examined.first = Words::of(&page.text);
            }
            examined.all.add(&page.text);
            examined.around.add(&page.furniture);
            examined.letters += page.text.chars().filter(|c| c.is_alphabetic()).count();
            for text in [&page.text, &page.furniture] {
                let compact = text.chars().filter(char::is_ascii_alphanumeric);
                examined
                    .compact
                    .extend(compact.map(|c| c.to_ascii_uppercase()));
                // Two halves of a CNR on two pages are no CNR.
                examined.compact.push(' ');
            }
        }
        examined
    }

    pub(super) fn letters(&self) -> usize {
        self.letters
    }

    /// Whether the masthead names the Supreme Court.
    pub(super) fn is_of_supreme_court(&self) -> bool {
        let name = Words::of("Supreme Court of India");
        let places = self.first.sequence_places(&name);
        places.iter().any(|at| *at < MASTHEAD)
    }

    /// The CNR that the head of the first page prints.
    pub(super) fn cnr_at_head(&self) -> Option<&str> {
        self.cnr_at_head.as_deref()
    }
}

/// The first CNR in the head of a page, as printed but for hyphens.
fn cnr_at_head(text: &str) -> Option<String> {
    let plain: Vec<char> = text.chars().take(HEAD).filter(|c| *c != '-').collect();
    let is_cnr = |window: &&[char]| {
        let (letters, digits) = window.split_at(CNR_LETTERS);
        letters.iter().all(char::is_ascii_uppercase) && digits.iter().all(char::is_ascii_digit)
    };
    let found = plain.windows(CNR_LENGTH).find(is_cnr)?;
    Some(found.iter().collect())
}

/// Where a row's case number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CaseFound {
    Nowhere,
    /// Somewhere on the pages looked at.
    InText,
    /// In the caption, with its type.
    InCaption,
}

/// Where a row's neutral citation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CitationFound {
    Nowhere,
    /// On the first page, where a judgment may cite another.
    InText,
    /// In the masthead or a stamp, where a judgment prints its own.
    InMasthead,
}

/// What is found of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    cnr: bool,
    /// The text prints another CNR at its head, and the row's nowhere.
    foreign: bool,
    case: CaseFound,
    /// The masthead prints a case number, and the row's stands nowhere.
    other_case: bool,
    citation: CitationFound,
    petitioner: Found,
    respondent: Found,
}

impl Evidence {
    pub(super) fn find(row: &Judgment, examined: &Examined) -> Self {
        let party = |name: &Option<String>| {
            name.as_deref()
                .map_or(Found::Nameless, |name| party::find(name, &examined.all))
        };
        let cnr = row
            .cnr
            .as_ref()
            .map(|cnr| examined.compact.contains(cnr.as_str()));
        let case = find_case(row, examined);
        let is_elsewhere = row.case_number.is_some() && case == CaseFound::Nowhere;
        Self {
            other_case: is_elsewhere && prints_a_case(&examined.first),
            cnr: cnr == Some(true),
            foreign: cnr == Some(false) && examined.cnr_at_head.is_some(),
            case,
            citation: row
                .neutral_citation
                .as_ref()
                .map_or(CitationFound::Nowhere, |citation| {
                    find_citation(citation, examined)
                }),
            petitioner: party(&row.petitioner),
            respondent: party(&row.respondent),
        }
    }

    /// Enough to say that the text is this row's. Small numbers and common names stand in many a text: where another
    /// CNR is printed, both must be there.
    pub(super) fn is_strong(self) -> bool {
        let (number, parties) = (self.case > CaseFound::Nowhere, self.names_the_parties());
        let named = if self.foreign {
            number && parties
        } else {
            number || parties
        };
        self.cnr || self.citation == CitationFound::InMasthead || named
    }

    /// Whether the text prints the CNR of another case.
    pub(super) fn is_foreign(self) -> bool {
        self.foreign
    }

    /// Anything at all of this row.
    pub(super) fn is_any(self) -> bool {
        self.is_strong()
            || self.case > CaseFound::Nowhere
            || self.citation > CitationFound::Nowhere
            || self.petitioner >= Found::Partly
            || self.respondent >= Found::Partly
    }

    /// Enough to say that the text is this row's although it was fetched for another. A case that
    /// is merely cited also has its number in the text, so the number must stand in the caption
    /// with its type, or come with a party.
    pub(super) fn is_decisive(self) -> bool {
        let a_party = self.petitioner >= Found::Partly || self.respondent >= Found::Partly;
        self.cnr
            || self.case == CaseFound::InCaption
            || (self.case == CaseFound::InText && a_party)
            || (self.petitioner == Found::Fully && self.respondent == Found::Fully)
    }

    /// For choosing between rows that are all decisive.
    pub(super) fn weight(self) -> u32 {
        let party = |found| match found {
            Found::Fully => 2,
            Found::Partly | Found::Alone => 1,
            Found::Absent | Found::Nameless => 0,
        };
        let case = match self.case {
            CaseFound::Nowhere => 0,
            CaseFound::InText => 2,
            CaseFound::InCaption => 6,
        };
        8 * u32::from(self.cnr) + case + party(self.petitioner) + party(self.respondent)
    }

    /// Both parties, or the one that has a name when the other is an office (`State of …`), unless the masthead has
    /// the number of another case: one person has many.
    fn names_the_parties(self) -> bool {
        let named =
            |found| found >= Found::Partly || (found == Found::Nameless && !self.other_case);
        (self.petitioner == Found::Fully && named(self.respondent))
            || (self.respondent == Found::Fully && named(self.petitioner))
            || (self.petitioner >= Found::Alone && self.respondent >= Found::Alone)
    }
}

fn find_case(row: &Judgment, examined: &Examined) -> CaseFound {
    if let Some(case) = &row.case_number {
        let in_caption = case_places(&examined.first, case.number, case.year)
            .into_iter()
            .any(|at| at < CAPTION && has_type(&examined.first, at, &case.case_type));
        if in_caption {
            return CaseFound::InCaption;
        }
        if !case_places(&examined.all, case.number, case.year).is_empty() {
            return CaseFound::InText;
        }
    }
    match row.diary_number.as_deref().and_then(diary_parts) {
        Some((number, year)) if !case_places(&examined.all, number, year).is_empty() => {
            CaseFound::InText
        }
        _ => CaseFound::Nowhere,
    }
}

fn diary_parts(diary: &str) -> Option<(u32, u16)> {
    let (number, year) = diary.split_once('/')?;
    Some((number.trim().parse().ok()?, year.trim().parse().ok()?))
}

fn find_citation(citation: &NeutralCitation, examined: &Examined) -> CitationFound {
    let text = format!("{} {} {}", citation.year, citation.court, citation.number);
    let wanted = Words::of(&text);
    let places = examined.first.sequence_places(&wanted);
    if places.iter().any(|at| *at < MASTHEAD)
        || !examined.around.sequence_places(&wanted).is_empty()
    {
        CitationFound::InMasthead
    } else if places.is_empty() {
        CitationFound::Nowhere
    } else {
        CitationFound::InText
    }
}

/// Whether the masthead prints the number of some case.
fn prints_a_case(words: &Words) -> bool {
    let years = 1_850..=2_100;
    let follows = |at: usize| {
        let next = words.get(at + 1)?;
        let of = next.text == "of" || next.text == "no";
        let year = if of { words.get(at + 2)? } else { next };
        year.number.filter(|year| years.contains(year))
    };
    (0..MASTHEAD).any(|at| {
        let number = words.get(at).and_then(|word| word.number);
        number
            .zip(follows(at))
            .is_some_and(|(number, year)| case_places(words, number, year as u16).contains(&at))
    })
}

/// The places of `number` where it is followed by `year` as case numbers are: `12923/2016`,
/// `12923 of 2016`, `4292-4295 of 2002`, `12, 13 and 14 of 2020`.
fn case_places(words: &Words, number: u32, year: u16) -> Vec<usize> {
    let is_case = |at: usize| {
        let mut next = at + 1;
        while let Some(word) = words.get(next).filter(|_| next <= at + NUMBER_TO_YEAR) {
            if word.number == Some(u32::from(year)) {
                return !is_date(words, at, next) && !is_something_else(words, at);
            }
            if word.number.is_none()
                && !["of", "and", "to", "no", "nos"].contains(&word.text.as_str())
            {
                return false;
            }
            next += 1;
        }
        false
    };
    words
        .number_places(number)
        .iter()
        .copied()
        .filter(|at| is_case(*at))
        .collect()
}

/// `1.1.2024`, `01/02/2024`: day and month joined to the year by the same sign.
fn is_date(words: &Words, at: usize, year_at: usize) -> bool {
    let small = |at: usize| {
        words
            .get(at)
            .and_then(|word| word.number)
            .is_some_and(|value| value <= 31)
    };
    let joint = |at: usize| words.get(at).and_then(|word| word.joint);
    let joined = |first: usize| {
        let sign = joint(first + 1);
        sign.is_some_and(|sign| ".-/".contains(sign)) && sign == joint(first + 2)
    };
    let as_day = year_at == at + 2 && small(at) && small(at + 1) && joined(at);
    let as_month = year_at == at + 1
        && small(at)
        && at
            .checked_sub(1)
            .is_some_and(|day| small(day) && joined(day));
    as_day || as_month
}

/// `Act No. 12 of 2016`, `Crime No. 77 of 2019`, `March 1, 2024`.
fn is_something_else(words: &Words, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let after_month = before.is_some_and(|word| {
        word.text.len() >= 3
            && MONTHS
                .iter()
                .any(|month| month.starts_with(word.text.as_str()))
    });
    let small = words
        .get(at)
        .and_then(|word| word.number)
        .is_some_and(|number| number <= 31);
    if after_month && small {
        return true;
    }
    (1..=3)
        .filter_map(|back| words.get(at.checked_sub(back)?))
        .take_while(|word| word.number.is_none())
        .any(|word| NOT_CASES.contains(&word.text.as_str()))
}

/// Whether the words before the number at `at` are `case_type`, spelt so or spelt out: `W.P.(C)`
/// and `Writ Petition (Civil)` are both `wpc`.
fn has_type(words: &Words, at: usize, case_type: &str) -> bool {
    let squeeze = |list: &[Word]| -> String {
        list.iter()
            .filter(|word| !is_no(word))
            .map(|word| word.text.as_str())
            .collect()
    };
    let initials = |list: &[Word]| -> String {
        list.iter()
            .filter(|word| !is_no(word))
            .filter_map(|word| word.text.chars().next())
            .collect()
    };
    let wanted = Words::of(case_type);
    let (spelt, initial) = (squeeze(&wanted.list), initials(&wanted.list));
    if spelt.is_empty() {
        return false;
    }
    (1..=TYPE_TO_NUMBER).any(|length| {
        let Some(before) = at
            .checked_sub(length)
            .and_then(|from| words.list.get(from..at))
        else {
            return false;
        };
        let here = initials(before);
        squeeze(before) == spelt
            || here == spelt
            || (initial.chars().count() > 1 && here == initial)
    })
}

/// `No.` between a type and its number.
fn is_no(word: &Word) -> bool {
    matches!(word.text.as_str(), "no" | "nos" | "number")
}
