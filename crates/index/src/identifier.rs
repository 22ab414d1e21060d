//! Identifiers that name a judgment, in one spelling: CNR, neutral and reporter citation, case and
//! diary number.

use nirnay_citation::{Kind, find, parse_key};
use nirnay_model::{CaseNumber, Cnr, Judgment, NeutralCitation};

/// A longer text is a question, not an identifier.
const MAX_CHARS: usize = 60;

/// An identifier as a term of the index and as shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identifier {
    /// The term: a letter for the kind, a colon, the canonical spelling.
    pub(crate) term: String,
    /// The canonical spelling.
    pub(crate) shown: String,
}

impl Identifier {
    fn new(kind: char, canonical: String) -> Self {
        Self {
            term: format!("{kind}:{canonical}"),
            shown: canonical,
        }
    }
}

/// All identifiers that `judgment` bears.
pub(crate) fn of_judgment(judgment: &Judgment) -> Vec<Identifier> {
    let mut found = Vec::new();
    found.extend(judgment.cnr.as_ref().map(cnr));
    if let Some(citation) = &judgment.neutral_citation {
        found.extend(neutral(citation));
    }
    found.extend(judgment.reporter_citation.as_deref().and_then(reporter));
    let raw = judgment.case_number_raw.as_deref().and_then(read_case);
    found.extend(
        judgment
            .case_number
            .as_ref()
            .or(raw.as_ref())
            .and_then(case),
    );
    found.extend(judgment.diary_number.as_deref().and_then(diary));
    let printed = [&judgment.reporter_citation, &judgment.case_number_raw];
    found.extend(printed.into_iter().flatten().filter_map(|text| key(text)));
    found.dedup();
    found
}

/// The terms of all that a canonical key or a printed identifier may be.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let mut terms: Vec<String> = of_text(text).into_iter().map(|found| found.term).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The type in a case number as printed: `WP(C)` of `W.P.(C) No. 1 of 2024`.
pub(crate) fn case_type(printed: &str) -> Option<String> {
    let found = parse_key(printed).filter(|key| key.kind == Kind::CaseNumber);
    if let Some(key) = found {
        return key.text.rsplit_once(' ').map(|(name, _)| name.to_owned());
    }
    let number = read_case(printed)?;
    let words = number.case_type.split_whitespace();
    let name: Vec<String> = words
        .filter(|word| !is_number_word(word))
        .map(|word| word.replace('.', "").to_uppercase())
        .collect();
    Some(name.join(" ")).filter(|name| !name.is_empty())
}

/// A citation or case number in its canonical key, the spelling in which other judgments cite it.
fn key(text: &str) -> Option<Identifier> {
    let key = parse_key(text)?;
    let kind = match key.kind {
        Kind::Reporter | Kind::Foreign => 'y',
        Kind::CaseNumber => 'z',
        // These have one spelling in both places.
        Kind::Neutral | Kind::Cnr | Kind::Diary => return None,
        Kind::Statute | Kind::Provision => return None,
    };
    Some(Identifier::new(kind, key.text))
}

/// What `text` may be, the likeliest first. Empty if it has the form of no identifier; a form alone
/// does not mean that a judgment bears it.
pub(crate) fn of_text(text: &str) -> Vec<Identifier> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_CHARS {
        return Vec::new();
    }
    let mut found = Vec::new();
    found.extend(text.parse::<Cnr>().ok().as_ref().map(cnr));
    if let Ok(citation) = text.parse::<NeutralCitation>() {
        found.extend(neutral(&citation));
    }
    found.extend(key(text));
    found.extend(diary(text));
    found.extend(read_case(text).as_ref().and_then(case));
    found.extend(reporter(text));
    found
}

/// The canonical spelling of a text that is an identifier by its form alone: of a question these are not the words.
pub(crate) fn certain(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(cnr) = text.parse::<Cnr>() {
        return Some(cnr.to_string());
    }
    if let Ok(citation) = text.parse::<NeutralCitation>() {
        return Some(citation.to_string());
    }
    if text.chars().count() > MAX_CHARS {
        return None;
    }
    let found = find(text);
    let [only] = found.as_slice() else {
        return None;
    };
    let names_a_judgment = matches!(
        only.kind,
        Kind::Neutral | Kind::Cnr | Kind::Reporter | Kind::Foreign | Kind::CaseNumber | Kind::Diary
    );
    let around = [text.get(..only.start), text.get(only.end..)];
    let is_whole = around
        .iter()
        .all(|part| part.is_some_and(|part| !part.contains(char::is_alphanumeric)));
    (names_a_judgment && is_whole).then(|| only.key.clone())
}

fn cnr(cnr: &Cnr) -> Identifier {
    Identifier::new('c', cnr.to_string())
}

/// With the bench-strength tag and without it: printers leave it out.
fn neutral(citation: &NeutralCitation) -> Vec<Identifier> {
    let mut forms = vec![Identifier::new('n', citation.to_string())];
    if citation.strength.is_some() {
        let bare = NeutralCitation {
            strength: None,
            ..citation.clone()
        };
        forms.push(Identifier::new('n', bare.to_string()));
    }
    forms
}

/// `[2025] 5 S.C.R. 275`, `(2025) 5 SCR 275` and `2025 (5) SCR275` are `2025 5 SCR 275`.
fn reporter(text: &str) -> Option<Identifier> {
    let mut parts: Vec<String> = Vec::new();
    let mut previous = None;
    for c in text.chars().filter(|c| *c != '.') {
        let class = match c {
            '0'..='9' => 'd',
            'a'..='z' | 'A'..='Z' | '&' => 'l',
            _ => ' ',
        };
        if class != ' ' {
            if previous != Some(class) {
                parts.push(String::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push(c.to_ascii_uppercase());
            }
        }
        previous = Some(class);
    }
    let is_number = |part: &String| part.bytes().all(|b| b.is_ascii_digit());
    let has_year = parts.iter().any(|part| part.len() == 4 && is_number(part));
    let ends_in_page = parts.last().is_some_and(is_number);
    let has_reporter = parts.iter().any(|part| !is_number(part));
    (parts.len() >= 3 && has_year && ends_in_page && has_reporter)
        .then(|| Identifier::new('r', parts.join(" ")))
}

/// `W.P.(C) No. 1 of 2024`, `WP(C)/1/2024` and `WP(C) 00001/2024` are `WPC/1/2024`.
fn case(number: &CaseNumber) -> Option<Identifier> {
    let words = number.case_type.split_whitespace();
    let name: String = words
        .filter(|word| !is_number_word(word))
        .flat_map(str::chars)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    (!name.is_empty())
        .then(|| Identifier::new('k', format!("{name}/{}/{}", number.number, number.year)))
}

fn is_number_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    ["no", "nos"].iter().any(|no| word.eq_ignore_ascii_case(no))
}

fn read_case(text: &str) -> Option<CaseNumber> {
    with_slash(text).parse().ok()
}

/// `1 of 2024` as `1/2024`.
fn with_slash(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        words.push(if word.eq_ignore_ascii_case("of") {
            "/"
        } else {
            word
        });
    }
    words.join(" ").replace(" / ", "/")
}

/// `1234/2025`, `Diary No. 1234 of 2025`, `D. No. 1234/2025`.
fn diary(text: &str) -> Option<Identifier> {
    let text = with_slash(text);
    let (head, year) = text.rsplit_once('/')?;
    let digits_from = head
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let (words, number) = head.split_at_checked(digits_from)?;
    let words: String = words.chars().filter(char::is_ascii_alphabetic).collect();
    let named = ["", "diary", "diaryno", "d", "dno"];
    let number: u64 = number.parse().ok()?;
    let year: u16 = year.trim().parse().ok()?;
    (named.iter().any(|name| words.eq_ignore_ascii_case(name)) && (1950..=2100).contains(&year))
        .then(|| Identifier::new('d', format!("{number}/{year}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        of_text(text).into_iter().map(|found| found.term).collect()
    }

    #[test]
    fn spellings_of_one_identifier_meet() {
        for (canonical, spellings) in [
            (
                "c:DLHC010000122024",
                &[
                    "DLHC010000122024",
                    "dlhc01-000012-2024",
                    " DLHC01 000012 2024 ",
                ][..],
            ),
            (
                "n:2025 INSC 555",
                &["2025 INSC 555", "2025INSC555", "2025 insc 555"],
            ),
            (
                "n:2023:DHC:2720",
                &["2023:DHC:2720", "2023/DHC/2720", "2023 : DHC : 02720"],
            ),
            ("n:2023:DHC:2073", &["2023:DHC:2073-DB"]),
            (
                "r:2025 5 SCR 275",
                &["[2025] 5 S.C.R. 275", "(2025) 5 SCR 275", "2025 (5) SCR275"],
            ),
            (
                "r:AIR 1973 SC 1461",
                &["AIR 1973 SC 1461", "A.I.R. 1973 S.C. 1461"],
            ),
            (
                "k:WPC/1/2024",
                &[
                    "WP(C)/1/2024",
                    "W.P.(C) No. 1 of 2024",
                    "WP(C) 0001/2024",
                    "W.P. (C) Nos. 1/2024",
                ],
            ),
            (
                "d:1234/2025",
                &["1234/2025", "Diary No. 1234 of 2025", "D.No. 1234/2025"],
            ),
        ] {
            for spelling in spellings {
                assert!(
                    terms(spelling).contains(&canonical.to_owned()),
                    "{spelling}: {:?}",
                    terms(spelling)
                );
            }
        }
    }

    #[test]
    fn a_form_is_certain_or_not() {
        for (text, canonical) in [
            ("DLHC010000122024", Some("DLHC010000122024")),
            ("1900 insc 4", Some("1900 INSC 4")),
            ("(1973) 4 SCC 225", Some("(1973) 4 SCC 225")),
            ("W.P.(C) No. 1 of 2024", Some("WP(C) 1/2024")),
            ("302/2013", None),
            ("bail 2024:DHC:2720", None),
            ("cnr:DLHC01-000012-2024", None),
            ("cites:\"(1973) 4 SCC 225\"", None),
            ("section 302", None),
            ("2020 bail 12", None),
            ("anticipatory bail", None),
        ] {
            assert_eq!(certain(text).as_deref(), canonical, "{text}");
        }
    }

    #[test]
    fn questions_are_not_identifiers() {
        for text in [
            "",
            "anticipatory bail",
            "section 302",
            "2025",
            "bail 2025",
            &"9".repeat(100),
        ] {
            assert_eq!(terms(text), Vec::<String>::new(), "{text}");
        }
    }
}
