//! Case numbers as printed by the portals: `TYPE/NUMBER/YEAR`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A case number: the type as printed (`WP(C)`, `Crl.A.`), the number, the year of registration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseNumber {
    /// The type as printed, trimmed.
    pub case_type: String,
    /// The number within type and year.
    pub number: u32,
    /// The four-digit year.
    pub year: u16,
}

impl FromStr for CaseNumber {
    type Err = ParseError;

    /// Reads `TYPE/NO/YEAR` (High Courts) and `TYPE No. NO/YEAR` (Supreme Court). A range of
    /// numbers (`004292-004292`) gives its first.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bad = |why| ParseError::new("case number", text, why);
        let text_trimmed = text.trim();
        let (rest, year) = text_trimmed
            .rsplit_once(['/', '-'])
            .ok_or_else(|| bad("needs TYPE/NUMBER/YEAR"))?;
        let year: u16 = year
            .trim()
            .parse()
            .map_err(|_| bad("the year is not a number"))?;
        if !(1800..=2100).contains(&year) {
            return Err(bad("the year must lie between 1800 and 2100"));
        }
        let rest = rest.trim_end();
        let tail: String = rest
            .chars()
            .rev()
            .take_while(|c| c.is_ascii_digit() || *c == '-')
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let head = rest.strip_suffix(tail.as_str()).unwrap_or(rest);
        let number = tail
            .split('-')
            .find(|part| !part.is_empty())
            .and_then(|part| part.parse().ok())
            .ok_or_else(|| bad("the number is missing"))?;
        let case_type = head.trim_end_matches(['/', '-', ' ']).trim();
        let case_type = ["No.", "NO.", "no."]
            .iter()
            .find_map(|no| case_type.strip_suffix(no))
            .unwrap_or(case_type)
            .trim_end_matches(['/', '-', ' '])
            .trim();
        if case_type.is_empty() {
            return Err(bad("the case type is missing"));
        }
        Ok(Self {
            case_type: case_type.to_owned(),
            number,
            year,
        })
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.case_type, self.number, self.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_seen_on_the_portals() {
        for (text, case_type, number, year) in [
            ("WP/12923/2016", "WP", 12923, 2016),
            ("W.P.(C)/1/2024", "W.P.(C)", 1, 2024),
            ("CIVIL APPEAL No. 14724/2024", "CIVIL APPEAL", 14724, 2024),
            ("C.A. No. 6677/2026", "C.A.", 6677, 2026),
            ("C.A. No.-004292-004292 - 2002", "C.A.", 4292, 2002),
            ("Crl.A. No. 2143/2026", "Crl.A.", 2143, 2026),
        ] {
            let parsed: CaseNumber = text.parse().unwrap();
            assert_eq!(
                (parsed.case_type.as_str(), parsed.number, parsed.year),
                (case_type, number, year),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_a_case_number() {
        for bad in [
            "",
            "WP",
            "WP/12",
            "/1/2024",
            "WP/x/2024",
            "WP/1/20245",
            "/No. 4292 - 2002",
        ] {
            assert!(bad.parse::<CaseNumber>().is_err(), "{bad}");
        }
    }
}
