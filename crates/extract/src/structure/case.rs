//! Case numbers of a masthead: type, number, year, and how they stand to the matter decided.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::parts::{CaseEntry, Relation};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, fold};

/// More case numbers than this are a list of cases, not a masthead.
const MOST: usize = 400;

/// The most words of a case type.
const MOST_WORDS: usize = 8;

/// The case numbers of a text.
#[derive(Debug, Default)]
pub(crate) struct CasesRead {
    /// Each once.
    pub(crate) entries: Vec<CaseEntry>,
    /// The bytes that they and their repetitions take.
    pub(crate) spans: Vec<Range<usize>>,
}

/// Numbers as printed, and the year.
type Key = (Option<String>, u16);

/// The case numbers in the even text of `zone` within `range`.
pub(crate) fn read(zone: &Zone, range: Range<usize>) -> CasesRead {
    let from = range.start;
    let text = zone.get(range);
    let mut seen: HashMap<Key, Vec<(String, usize)>> = HashMap::new();
    let mut cases = CasesRead::default();
    let mut type_before = String::new();
    let mut last_end = 0;
    for found in words().number.captures_iter(text) {
        if cases.spans.len() >= MOST {
            break;
        }
        let Some(whole) = found.get(0) else { continue };
        let blank = found.name("year2").is_some();
        let number = found.name("number");
        let first = found
            .name("label")
            .or_else(|| found.name("label2"))
            .map_or_else(
                || number.map_or(whole.start(), |n| n.start()),
                |l| l.start(),
            );
        let year_group = found.name("year").or_else(|| found.name("year2"));
        let Some(year_text) = year_group else {
            continue;
        };
        let Some(year) = year_of(year_text.as_str(), found.name("label").is_some()) else {
            continue;
        };
        let end = year_text.end();
        let label = found.name("label").is_some() || blank;
        let kind =
            captioned(text, first, last_end).or_else(|| case_type(text, first, last_end, label));
        let (start, case_type) = match kind {
            Some(start) => (start, clean_type(text.get(start..first).unwrap_or(""))),
            // "W.P.Nos.966 of 2005 and 967 of 2005": the type is that of the number before.
            None if continues(text.get(last_end..first).unwrap_or("x"))
                && !type_before.is_empty()
                && last_end > 0 =>
            {
                (first, type_before.clone())
            }
            None => continue,
        };
        let numbers = number.map(|n| fold(n.as_str()).replace(' ', ""));
        let first_number = numbers.as_deref().and_then(first_number);
        let relation = match relation(text, start, last_end, cases.entries.last()) {
            Relation::Connected if is_leave_in_brackets(text, start, &case_type) => {
                Relation::ArisingFrom
            }
            relation => relation,
        };
        let span = from + start..from + end;
        type_before.clone_from(&case_type);
        last_end = end;
        cases.spans.push(span.clone());
        let letters = initials(&case_type);
        let before = seen.entry((numbers.clone(), year)).or_default();
        if let Some(&(_, at)) = before.iter().find(|(other, _)| same_type(other, &letters)) {
            // The caption writes out what the running head abbreviates.
            if let Some(entry) = cases
                .entries
                .get_mut(at)
                .filter(|entry| entry.case_type.len() < case_type.len())
            {
                entry.found = zone.found(span, value_of(&case_type, first_number, year), 0.95);
                entry.case_type = case_type;
            }
            continue;
        }
        before.push((letters, cases.entries.len()));
        let value = value_of(&case_type, first_number, year);
        let confidence = if blank {
            0.8
        } else if label {
            0.95
        } else {
            0.9
        };
        cases.entries.push(CaseEntry {
            found: zone.found(span, value, confidence),
            case_type,
            number: first_number,
            numbers: numbers.filter(|n| n.contains(|c: char| !c.is_ascii_digit())),
            year: Some(year),
            relation,
        });
    }
    cases
}

fn value_of(case_type: &str, number: Option<u32>, year: u16) -> String {
    match number {
        Some(number) => format!("{case_type}/{number}/{year}"),
        None => format!("{case_type}/-/{year}"),
    }
}

/// Whether two types of one number and year are one type: equal, or one with a letter of the
/// registry before it (`C/CRA`, `R/CIVIL REVISION APPLICATION`).
fn same_type(a: &str, b: &str) -> bool {
    let tail = |text: &str| text.get(1..).unwrap_or("").to_owned();
    a == b || a.ends_with(b) || b.ends_with(a) || (a.len() > 2 && tail(a) == tail(b))
}

fn first_number(numbers: &str) -> Option<u32> {
    numbers
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| !part.is_empty())
        .and_then(|part| part.parse().ok())
}

fn year_of(text: &str, labelled: bool) -> Option<u16> {
    let year: u16 = text.parse().ok()?;
    match text.len() {
        4 => (1850..=2100).contains(&year).then_some(year),
        // Two digits: courts below write `CS No. 12/06`.
        _ if labelled => Some(if year < 50 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn continues(between: &str) -> bool {
    let between = between.trim();
    between.len() <= 8
        && between
            .to_lowercase()
            .split(|c: char| !c.is_alphabetic())
            .all(|word| matches!(word, "" | "and" | "to"))
}

/// Where the type begins that Allahabad prints behind a caption: `Case :- APPLICATION U/S 482 No. - 57 of 2021`.
fn captioned(text: &str, end: usize, floor: usize) -> Option<usize> {
    static CAPTION: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?i)^\s*case\s?:\s?-\s*"));
    const LONGEST: usize = 80;
    let line = text.get(floor..end)?.rsplit('\n').next()?;
    let start = end - line.len() + CAPTION.find(line)?.end();
    let printed = text.get(start..end)?;
    let letters = printed.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2 && printed.len() <= LONGEST).then_some(start)
}

/// Where the type that ends at `end` begins, if there is one behind `floor`.
fn case_type(text: &str, end: usize, floor: usize, labelled: bool) -> Option<usize> {
    let mut start = end;
    let mut strong = false;
    let mut taken = 0;
    let mut rest = text.get(floor..end)?;
    while taken < MOST_WORDS {
        let trimmed = rest.trim_end();
        let gap = rest.get(trimmed.len()..).unwrap_or("");
        if gap.matches('\n').count() > 1 {
            break;
        }
        let word_at = trimmed.rfind(char::is_whitespace).map_or(0, |at| {
            at + trimmed
                .get(at..)
                .and_then(|r| r.chars().next())
                .map_or(1, char::len_utf8)
        });
        let word = trimmed.get(word_at..).unwrap_or("");
        if word.is_empty() {
            break;
        }
        // A line ends a type, but for its class in brackets: `SPECIAL LEAVE PETITION / (CIVIL) NO.`
        let goes_on = text
            .get(start..end)
            .is_some_and(|piece| piece.starts_with('('));
        if taken > 0 && gap.contains('\n') && !goes_on {
            break;
        }
        // So does a comma: "with these directions, WPA 12 of 2020".
        if taken > 0 && word.ends_with(',') {
            break;
        }
        let behind = text.get(start..end).unwrap_or("");
        match weigh(word) {
            Weight::Strong => strong = true,
            Weight::Joint => {}
            Weight::None if joins(word, behind) => {}
            Weight::None => break,
        }
        taken += 1;
        rest = trimmed.get(..word_at).unwrap_or("");
        start = floor + word_at;
        if word.starts_with(['(', '[']) && !word.contains([')', ']']) {
            break;
        }
        // The colon of a label is behind the type: `Criminal Revision Number : 57`.
        if taken > 1 && word.ends_with(':') {
            break;
        }
    }
    // Joints at the front are no part of the type.
    while start < end {
        let piece = text.get(start..end).unwrap_or("");
        let word = piece.split_whitespace().next().unwrap_or("");
        if matches!(weigh(word), Weight::Joint)
            || joins(word, piece.get(word.len()..).unwrap_or(""))
            || matches!(word, "+" | "*" | "#" | "$" | "%")
        {
            start += piece.len() - piece.trim_start().len() + word.len();
        } else {
            break;
        }
        if word.is_empty() {
            break;
        }
    }
    let piece = text.get(start..end).unwrap_or("");
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    let blank = piece.len() - piece.trim_start().len();
    (strong && letters >= 2 && (labelled || letters <= 60)).then_some(start + blank)
}

/// Whether a word that is no part of other types is one of these: `Petition(s) for Special Leave to Appeal`.
fn joins(word: &str, behind: &str) -> bool {
    let behind = fold(behind).trim_start().to_lowercase();
    match word.to_lowercase().as_str() {
        // "Special Leave to Petition" is a slip of the Supreme Court's own.
        "to" => behind.starts_with("appeal") || behind.starts_with("petition"),
        "for" => behind.starts_with("special leave"),
        // Patna's "Civil Writ Jurisdiction Case".
        "jurisdiction" => behind.starts_with("case"),
        _ => false,
    }
}

enum Weight {
    Strong,
    Joint,
    None,
}

fn weigh(word: &str) -> Weight {
    let bare = word.trim_matches(|c: char| {
        matches!(
            c,
            '(' | ')' | '[' | ']' | ',' | ':' | ';' | '-' | '@' | '+' | '.' | '*'
        )
    });
    let lower = bare.to_lowercase();
    if lower.is_empty() {
        return if word
            .chars()
            .all(|c| matches!(c, '(' | ')' | '[' | ']' | '-' | '&' | ':'))
        {
            Weight::Joint
        } else {
            Weight::None
        };
    }
    if words().is_no_case_type(&lower) {
        return match lower.as_str() {
            "of" => Weight::Joint,
            _ => Weight::None,
        };
    }
    if words().is_case_type(&lower)
        || lower
            .split(['/', '-', '.', '(', ')', '['])
            .filter(|part| !part.is_empty())
            .all(|part| words().is_case_type(part))
    {
        return if lower == "no" {
            Weight::Joint
        } else {
            Weight::Strong
        };
    }
    match lower.as_str() {
        "&" => Weight::Joint,
        "c" | "crl" | "civil)" | "l" | "md" | "lodg" | "pil" | "j" | "s" | "d.b" | "s.b" | "db"
        | "sb" => Weight::Strong,
        _ if is_abbreviation(bare) => Weight::Strong,
        _ => Weight::None,
    }
}

/// Whether a word looks like the abbreviation of a case type: `W.P.(C)`, `FAO(OS)`, `Crl.M.C.`,
/// `R/SCR.A`, `LPA`.
fn is_abbreviation(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if !(1..=14).contains(&letters)
        || !word
            .chars()
            .all(|c| c.is_ascii_alphabetic() || "./()[]&-".contains(c))
    {
        return false;
    }
    let lower = word.trim_matches('.').to_lowercase();
    if words().is_no_case_type(&lower) {
        return false;
    }
    let upper = word.chars().filter(char::is_ascii_uppercase).count();
    let marked = word.contains(['.', '(', '/', '[']);
    let parts_short = word
        .split(['.', '/', '(', ')', '[', ']', '-', '&'])
        .all(|part| {
            part.len() <= 3
                || (part.len() <= 6 && part.bytes().all(|b| b.is_ascii_uppercase()))
                || words().is_case_type(&part.to_lowercase())
        });
    if marked {
        upper >= 1
            && parts_short
            && word.starts_with(|c: char| c.is_ascii_uppercase() || c == '(' || c == '[')
    } else {
        (2..=6).contains(&letters) && upper == letters
    }
}

/// A type as printed without its brackets of reference and number word.
fn clean_type(text: &str) -> String {
    fold(text)
        .trim_start_matches(['(', '@', '[', '+', '*', ' ', '-'])
        .trim_end_matches([' ', ':', '-', '/', ','])
        .to_owned()
}

/// How the number that begins at `start` stands to the matter.
fn relation(text: &str, start: usize, floor: usize, before: Option<&CaseEntry>) -> Relation {
    let gap = text.get(floor..start).unwrap_or("");
    let tail: String = {
        let skip = gap.chars().count().saturating_sub(60);
        fold(&gap.chars().skip(skip).collect::<String>()).to_lowercase()
    };
    let tail = tail.trim_end_matches(['(', '[', ' ']);
    if tail.ends_with('@')
        || tail.contains("arising out of")
        || tail.contains("arising from")
        || tail.contains("arising of")
    {
        return Relation::ArisingFrom;
    }
    let Some(before) = before else {
        return Relation::Own;
    };
    if tail.ends_with(" in") || tail == "in" || tail.ends_with(" in the matter of") {
        return Relation::Within;
    }
    // "(Arising out of SLP(C) No. 1 of 2017 & SLP(C) No. 2 of 2017)"
    if before.relation == Relation::ArisingFrom && !gap.contains([')', '\n']) {
        return Relation::ArisingFrom;
    }
    Relation::Connected
}

/// "CIVIL APPEAL NO. 4 OF 2020 (Special Leave Petition (C) No. 7 of 2019)": what the appeal was granted leave in.
fn is_leave_in_brackets(text: &str, start: usize, case_type: &str) -> bool {
    let bracket = |c: char| matches!(c, '(' | '[');
    let opened = text
        .get(start..)
        .is_some_and(|rest| rest.starts_with(bracket))
        || text
            .get(..start)
            .is_some_and(|before| before.trim_end().ends_with(bracket));
    let lower = case_type.to_lowercase();
    opened && (lower.contains("special leave") || initials(case_type).starts_with("slp"))
}

/// The letters by which types are compared: `W.P.(C)`, `WP(C)` and `Writ Petition (Civil)` are one.
pub(crate) fn initials(case_type: &str) -> String {
    let lower = case_type.to_lowercase();
    let mut letters = String::new();
    for word in lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        match word {
            "no" | "nos" | "number" | "of" | "s" | "and" => {}
            "criminal" | "crl" | "cri" | "cr" => letters.push_str("cr"),
            _ if word.len() <= 4
                && !matches!(word, "writ" | "suit" | "case" | "rent" | "side" | "bail") =>
            {
                letters.push_str(word);
            }
            _ => letters.extend(word.chars().next()),
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use nirnay_model::PageText;

    fn cases(text: &str) -> Vec<(String, Relation)> {
        let page = PageText {
            page: 1,
            text: text.to_owned(),
            ..PageText::default()
        };
        let zone = Zone::head([&page].into_iter(), 10_000, 1.0);
        read(&zone, 0..zone.text().len())
            .entries
            .into_iter()
            .map(|case| (case.found.value, case.relation))
            .collect()
    }

    #[test]
    fn forms_of_the_courts() {
        use Relation::{ArisingFrom, Connected, Own, Within};
        for (text, expected) in [
            (
                "CIVIL APPEAL NO. 1480 OF 2012",
                vec![("CIVIL APPEAL/1480/2012", Own)],
            ),
            ("W.P.(C) 1065/2021", vec![("W.P.(C)/1065/2021", Own)]),
            (
                "R/CIVIL REVISION APPLICATION NO. 132 of 2020",
                vec![("R/CIVIL REVISION APPLICATION/132/2020", Own)],
            ),
            (
                "CRIMINAL APPEAL NO.3257 of 2024\n(@ SLP (CRIMINAL) NO. 13179 OF 2023)",
                vec![
                    ("CRIMINAL APPEAL/3257/2024", Own),
                    ("SLP (CRIMINAL)/13179/2023", ArisingFrom),
                ],
            ),
            (
                "Cont.P.(MD)No.123 of 2020\nin\nCrl.O.P.(MD)No.10790 of 2019",
                vec![
                    ("Cont.P.(MD)/123/2020", Own),
                    ("Crl.O.P.(MD)/10790/2019", Within),
                ],
            ),
            (
                "SPECIAL LEAVE PETITION (CIVIL) NOS. 32406-32407 OF 2017\nA\nVERSUS\nB\nWith\nSPECIAL LEAVE PETITION (CIVIL) NOS. 19478-19479 OF 2019",
                vec![
                    ("SPECIAL LEAVE PETITION (CIVIL)/32406/2017", Own),
                    ("SPECIAL LEAVE PETITION (CIVIL)/19478/2019", Connected),
                ],
            ),
            (
                "Special Leave to Appeal (Crl.) 7021/2013",
                vec![("Special Leave to Appeal (Crl.)/7021/2013", Own)],
            ),
            (
                "Petition(s) for Special Leave to Appeal (C) No(s). 7021/2013",
                vec![("Petition(s) for Special Leave to Appeal (C)/7021/2013", Own)],
            ),
            (
                "CIVIL APPEAL NO. 48 OF 2015\n(ARISING OUT OF SLP (C) NO. 7021 OF 2013)",
                vec![
                    ("CIVIL APPEAL/48/2015", Own),
                    ("SLP (C)/7021/2013", ArisingFrom),
                ],
            ),
            (
                "CRIMINAL APPEAL NO.      OF 2015\n(Special Leave to Petition (Crl.) No.7021 OF 2013)",
                vec![
                    ("CRIMINAL APPEAL/-/2015", Own),
                    ("Special Leave to Petition (Crl.)/7021/2013", ArisingFrom),
                ],
            ),
            (
                "In addition to Appeal No. 12 of 2012",
                vec![("Appeal/12/2012", Own)],
            ),
            (
                "CIVIL APPEAL NO.      OF 2024",
                vec![("CIVIL APPEAL/-/2024", Own)],
            ),
            ("FIR No. 45/2001; PS: Bara", vec![]),
            ("dated 12/2012", vec![]),
            ("Cs No. 07/13", vec![("Cs/7/2013", Own)]),
            ("वाद संख्या-1234/2024", vec![("वाद/1234/2024", Own)]),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(v, r)| (v.to_owned(), r))
                .collect();
            assert_eq!(cases(text), expected, "{text}");
        }
    }

    #[test]
    fn one_type_in_many_spellings() {
        for (a, b) in [
            ("W.P.(C)", "WRIT PETITION (CIVIL)"),
            ("Crl.A.", "CRIMINAL APPEAL"),
            ("C.A.", "CIVIL APPEAL"),
        ] {
            assert_eq!(initials(a), initials(b), "{a} {b}");
        }
    }
}
