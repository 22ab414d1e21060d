//! What the document says beside what the portal says: evidence for and against the right file.

use std::collections::HashSet;

use nirnay_model::Judgment;
use serde::{Deserialize, Serialize};

use super::case;
use super::name;
use super::parts::{Side, Structure};

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// They say the same.
    Agree,
    /// They contradict each other.
    Conflict,
    /// One of them says nothing, or too little to tell.
    Absent,
}

impl Agreement {
    /// The word in columns and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Conflict => "conflict",
            Self::Absent => "absent",
        }
    }
}

/// A field of the document beside the portal's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// `court`, `case_number`, `petitioner`, `respondent`, `judges`, `decision_date` or `result`.
    pub field: String,
    /// How they stand.
    pub agreement: Agreement,
    /// What the document says.
    pub document: Option<String>,
    /// What the portal says.
    pub portal: Option<String>,
}

/// Compares field by field. A conflict is told only where both values are whole: case numbers with
/// number and year, names without a word in common.
pub(crate) fn compare(structure: &Structure, portal: &Judgment) -> Vec<Comparison> {
    vec![
        court(structure, portal),
        case_number(structure, portal),
        party(
            structure,
            Side::First,
            portal.petitioner.as_deref(),
            "petitioner",
        ),
        party(
            structure,
            Side::Second,
            portal.respondent.as_deref(),
            "respondent",
        ),
        judges(structure, portal),
        decision_date(structure, portal),
        result(structure, portal),
    ]
}

fn comparison(
    field: &str,
    agrees: Option<bool>,
    document: Option<String>,
    portal: Option<String>,
) -> Comparison {
    Comparison {
        field: field.to_owned(),
        agreement: match agrees {
            Some(true) => Agreement::Agree,
            Some(false) => Agreement::Conflict,
            None => Agreement::Absent,
        },
        document,
        portal,
    }
}

fn court(structure: &Structure, portal: &Judgment) -> Comparison {
    let agrees = structure
        .court_code
        .as_ref()
        .map(|code| code == portal.court_code.as_str());
    comparison(
        "court",
        agrees,
        structure.court.as_ref().map(|court| court.value.clone()),
        Some(portal.court_name.clone()),
    )
}

fn case_number(structure: &Structure, portal: &Judgment) -> Comparison {
    let printed = portal
        .case_number_raw
        .clone()
        .or_else(|| portal.case_number.as_ref().map(ToString::to_string));
    let document = structure.cases.first().map(|case| case.found.value.clone());
    let Some(listed) = &portal.case_number else {
        return comparison("case_number", None, document, printed);
    };
    let whole: Vec<_> = structure
        .cases
        .iter()
        .filter(|case| case.number.is_some() && case.year.is_some())
        .collect();
    let same = whole.iter().any(|case| {
        case.year == Some(listed.year)
            && (case.number == Some(listed.number)
                || case
                    .numbers
                    .as_deref()
                    .is_some_and(|numbers| in_range(numbers, listed.number)))
    });
    // The portal may know a number that a blank of the masthead waits for.
    let blank = structure.cases.iter().any(|case| case.number.is_none());
    let own = whole.first().is_some_and(|case| {
        case::initials(&case.case_type) == case::initials(&listed.case_type)
            || case.found.confidence >= 0.9
    });
    let agrees = if same {
        Some(true)
    } else if own && !blank {
        Some(false)
    } else {
        None
    };
    comparison("case_number", agrees, document, printed)
}

/// Whether a printed list or range of numbers (`1583-84`, `966,967`) holds `number`.
fn in_range(numbers: &str, number: u32) -> bool {
    let parsed: Vec<(u32, char)> = numbers
        .split_inclusive(|c: char| !c.is_ascii_digit())
        .filter_map(|part| {
            let digits: String = part.chars().filter(char::is_ascii_digit).collect();
            let joint = part.chars().last().unwrap_or(' ');
            digits.parse().ok().map(|n| (n, joint))
        })
        .collect();
    parsed.iter().any(|(n, _)| *n == number)
        || parsed.windows(2).any(|pair| {
            let [(from, joint), (to, _)] = pair else {
                return false;
            };
            let to = if to < from {
                completed(*from, *to)
            } else {
                *to
            };
            matches!(joint, '-' | 't') && (*from..=to).contains(&number) && to - from < 10_000
        })
}

/// `1583-84` ends in 1584.
fn completed(from: u32, short: u32) -> u32 {
    let mut scale = 10;
    while scale <= short {
        scale *= 10;
    }
    from / scale * scale + short
}

fn party(structure: &Structure, side: Side, listed: Option<&str>, field: &str) -> Comparison {
    let ours: Vec<&str> = structure
        .parties
        .iter()
        .filter(|party| party.side == side)
        .map(|party| party.found.value.as_str())
        .collect();
    let document = ours.first().map(|name| (*name).to_owned());
    let (Some(listed), false) = (
        listed.filter(|listed| !listed.trim().is_empty()),
        ours.is_empty(),
    ) else {
        return comparison(field, None, document, listed.map(str::to_owned));
    };
    let theirs = telling_words(listed);
    let mut mine: HashSet<String> = HashSet::new();
    for party in &structure.parties {
        mine.extend(telling_words(&party.found.value));
    }
    let agrees = if theirs.is_empty() || mine.is_empty() {
        None
    } else {
        // A portal's short name has at least one telling word of the document's parties, on either
        // side: portals have been seen to change them round.
        Some(
            theirs
                .iter()
                .any(|word| mine.iter().any(|own| alike(word, own))),
        )
    };
    comparison(field, agrees, document, Some(listed.to_owned()))
}

/// The words that tell one party from another.
fn telling_words(name: &str) -> HashSet<String> {
    const COMMON: &[&str] = &[
        "the",
        "and",
        "of",
        "ors",
        "anr",
        "others",
        "another",
        "state",
        "union",
        "india",
        "through",
        "thr",
        "mr",
        "mrs",
        "ms",
        "smt",
        "shri",
        "sri",
        "dr",
        "kumar",
        "singh",
        "devi",
        "limited",
        "ltd",
        "pvt",
        "private",
        "company",
        "co",
        "by",
        "lrs",
        "with",
        "for",
        "govt",
        "government",
        "bai",
        "ram",
        "lal",
    ];
    name.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 2 && !COMMON.contains(&word.as_str()))
        .collect()
}

/// Two spellings of one word: equal, or one begins the other with four letters and more.
fn alike(a: &str, b: &str) -> bool {
    a == b
        || (a.len() >= 5
            && b.len() >= 5
            && a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count() >= 5)
}

fn judges(structure: &Structure, portal: &Judgment) -> Comparison {
    let ours: Vec<&str> = structure
        .coram
        .iter()
        .chain(&structure.author)
        .map(|judge| judge.value.as_str())
        .collect();
    let document = (!ours.is_empty()).then(|| ours.join("; "));
    let listed = (!portal.judges.is_empty()).then(|| portal.judges.join("; "));
    if ours.is_empty() || portal.judges.is_empty() {
        return comparison("judges", None, document, listed);
    }
    let agrees = portal
        .judges
        .iter()
        .any(|judge| ours.iter().any(|own| same_person(own, judge)));
    comparison("judges", Some(agrees), document, listed)
}

/// Whether two printed names can be one judge's: their longest words are alike, whatever stands for
/// initials.
fn same_person(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        name::even(text)
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .filter(|word| word.chars().count() > 2)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    a.iter()
        .any(|word| b.iter().any(|other| alike(word, other)))
}

fn decision_date(structure: &Structure, portal: &Judgment) -> Comparison {
    let ours: Vec<_> = [&structure.dates.decision, &structure.dates.pronounced]
        .into_iter()
        .flatten()
        .collect();
    let document = ours.first().map(|date| date.value.to_string());
    let listed = portal.decision_date.map(|date| date.to_string());
    let agrees = match (portal.decision_date, ours.is_empty()) {
        (Some(listed), false) => Some(ours.iter().any(|date| date.value == listed)),
        _ => None,
    };
    comparison("decision_date", agrees, document, listed)
}

fn result(structure: &Structure, portal: &Judgment) -> Comparison {
    use nirnay_model::Disposal::{DisposedOf, Other};
    let document = structure.result.as_ref().map(|result| result.value);
    let agrees = match (document, portal.disposal) {
        (Some(ours), Some(theirs)) if ours == theirs => Some(true),
        // "Disposed of" and "other" contradict nothing, nor do classes of one outcome.
        (Some(DisposedOf | Other), _) | (_, Some(DisposedOf | Other)) => None,
        (Some(ours), Some(theirs)) => (outcome(ours) != outcome(theirs)).then_some(false),
        _ => None,
    };
    comparison(
        "result",
        agrees,
        document.map(|disposal| disposal.name().to_owned()),
        portal
            .disposal_raw
            .clone()
            .or_else(|| portal.disposal.map(|d| d.name().to_owned())),
    )
}

/// Whether the side that came to the court got something.
fn outcome(disposal: nirnay_model::Disposal) -> u8 {
    use nirnay_model::Disposal::{
        Allowed, Default, Dismissed, Infructuous, PartlyAllowed, Withdrawn,
    };
    match disposal {
        Allowed | PartlyAllowed => 1,
        Dismissed | Withdrawn | Default | Infructuous => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_numbers() {
        for (numbers, number, is) in [
            ("1583-84", 1584, true),
            ("32406-32407", 32407, true),
            ("966,967", 967, true),
            ("967to969", 968, true),
            ("966,970", 968, false),
            ("5", 6, false),
        ] {
            assert_eq!(in_range(numbers, number), is, "{numbers} {number}");
        }
    }

    #[test]
    fn one_judge_in_two_spellings() {
        assert!(same_person("A.S.OKA", "Hon'ble Mr. Justice ABHAY S. OKA"));
        assert!(!same_person(
            "A.S.OKA",
            "HONOURABLE MR. JUSTICE SACHIN DATTA"
        ));
    }
}
