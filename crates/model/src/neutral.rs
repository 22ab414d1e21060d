//! Neutral citations: `2025 INSC 555`, `2023:DHC:2073-DB`, `2023/MHC/4812`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A neutral citation in canonical form. The printed form is kept elsewhere.
///
/// `YEAR INSC N` for the Supreme Court; `YEAR:TOKEN:N[-DB|-FB]` for High Courts. Zero padding and
/// the separator (`:` or `/`) are not part of the identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NeutralCitation {
    /// The year of decision.
    pub year: u16,
    /// The court token with its bench token, e.g. `INSC`, `DHC`, `BHC-AS`.
    pub court: String,
    /// The running number.
    pub number: u32,
    /// The bench-strength tag (`DB`, `FB`, `SB`), if printed.
    pub strength: Option<String>,
}

impl FromStr for NeutralCitation {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bad = |why| ParseError::new("neutral citation", text, why);
        let compact: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '.')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if !compact.is_ascii() {
            return Err(bad("holds a character outside ASCII"));
        }
        let (year, rest) = compact
            .split_at_checked(4)
            .ok_or_else(|| bad("too short"))?;
        let year: u16 = year
            .parse()
            .map_err(|_| bad("must begin with a four-digit year"))?;
        if !(1900..=2100).contains(&year) {
            return Err(bad("the year must lie between 1900 and 2100"));
        }
        let rest = rest.trim_start_matches([':', '/']);
        let (court, number) = match rest.strip_prefix("INSC") {
            Some(number) => ("INSC", number.trim_start_matches([':', '/'])),
            None => rest
                .split_once([':', '/'])
                .ok_or_else(|| bad("needs YEAR:COURT:NUMBER"))?,
        };
        let well_formed = court.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_uppercase())
        });
        if !well_formed || court.split('-').count() > 2 {
            return Err(bad(
                "the court token must be capitals, with one optional hyphen",
            ));
        }
        let (number, strength) = match number.split_once('-') {
            Some((number, tag)) if ["DB", "FB", "SB"].contains(&tag) => {
                (number, Some(tag.to_owned()))
            }
            Some(_) => return Err(bad("unknown bench-strength tag")),
            None => (number, None),
        };
        if number.is_empty() || number.len() > 7 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad("the number must have 1 to 7 digits"));
        }
        Ok(Self {
            year,
            court: court.to_owned(),
            number: number.parse().map_err(|_| bad("the number is too large"))?,
            strength,
        })
    }
}

impl fmt::Display for NeutralCitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.court == "INSC" {
            write!(f, "{} INSC {}", self.year, self.number)?;
        } else {
            write!(f, "{}:{}:{}", self.year, self.court, self.number)?;
        }
        match &self.strength {
            Some(tag) => write!(f, "-{tag}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_seen_in_print() {
        for (text, canonical) in [
            ("2025INSC555", "2025 INSC 555"),
            ("2025 INSC 555", "2025 INSC 555"),
            ("2023:DHC:2073-DB", "2023:DHC:2073-DB"),
            ("2025:PHHC:037643-DB", "2025:PHHC:37643-DB"),
            ("2023/MHC/4812", "2023:MHC:4812"),
            ("2025:BHC-AUG:15099", "2025:BHC-AUG:15099"),
            // Not seen; a tag that is read is not lost.
            ("2025 INSC 5073-DB", "2025 INSC 5073-DB"),
        ] {
            let parsed: NeutralCitation = text.parse().unwrap();
            assert_eq!(parsed.to_string(), canonical);
            assert_eq!(
                parsed.to_string().parse::<NeutralCitation>().unwrap(),
                parsed
            );
        }
    }

    #[test]
    fn what_is_not_one() {
        for bad in [
            "",
            "2025",
            "2025INSC",
            "1825INSC1",
            "2025:dhc",
            "2025:D1C:1",
            "2025:DHC:1-XX",
            "2025:DHC:12345678",
            "२०२५INSC1",
        ] {
            assert!(bad.parse::<NeutralCitation>().is_err(), "{bad}");
        }
    }
}
