//! Case Number Records: the 16-character identity of a case in the eCourts system.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A CNR: 4 letters (state and court), 2 letters or digits (establishment), 6 digits (serial),
/// 4 digits (year of registration). Printed without separators.
///
/// Some pages print hyphens (`GJHC24-046431-2025`); those are accepted and dropped. The
/// establishment may hold letters (`WBCHCA…`, Calcutta), so "four letters and twelve digits" is not
/// the rule. There is no check digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cnr(String);

impl Cnr {
    /// The first four letters, which name the state and the court.
    pub fn prefix(&self) -> &str {
        self.part(0, 4)
    }

    /// The two characters of the establishment inside the court.
    pub fn establishment(&self) -> &str {
        self.part(4, 6)
    }

    /// The serial number within establishment and year.
    pub fn serial(&self) -> u32 {
        self.part(6, 12).parse().unwrap_or(0)
    }

    /// The year of registration (not of decision).
    pub fn year(&self) -> u16 {
        self.part(12, 16).parse().unwrap_or(0)
    }

    /// The 16 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, from: usize, to: usize) -> &str {
        self.0.get(from..to).unwrap_or("")
    }
}

impl FromStr for Cnr {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bad = |why| ParseError::new("CNR", text, why);
        let is_bare = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        let cleaned: String = if text.bytes().all(is_bare) {
            text.to_owned()
        } else {
            text.chars()
                .filter(|c| !c.is_whitespace() && *c != '-')
                .map(|c| c.to_ascii_uppercase())
                .collect()
        };
        let bytes = cleaned.as_bytes();
        if bytes.len() != 16 {
            return Err(bad("needs 16 characters"));
        }
        if !bytes[..4].iter().all(u8::is_ascii_uppercase) {
            return Err(bad("characters 1-4 must be letters"));
        }
        if !bytes[4..6].iter().all(u8::is_ascii_alphanumeric) {
            return Err(bad("characters 5-6 must be letters or digits"));
        }
        if !bytes[6..].iter().all(u8::is_ascii_digit) {
            return Err(bad("characters 7-16 must be digits"));
        }
        let cnr = Self(cleaned);
        if !(1850..=2100).contains(&cnr.year()) {
            return Err(bad("the year must lie between 1850 and 2100"));
        }
        Ok(cnr)
    }
}

impl fmt::Display for Cnr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cnr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cnr({})", self.0)
    }
}

impl From<Cnr> for String {
    fn from(cnr: Cnr) -> Self {
        cnr.0
    }
}

impl TryFrom<String> for Cnr {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_cnr() {
        let cnr: Cnr = "gjhc24-046431-2025".parse().unwrap();
        assert_eq!(cnr.as_str(), "GJHC240464312025");
        assert_eq!(
            (cnr.prefix(), cnr.establishment(), cnr.serial(), cnr.year()),
            ("GJHC", "24", 46431, 2025)
        );
        assert_eq!(cnr.to_string().parse::<Cnr>().unwrap(), cnr);
    }

    #[test]
    fn letters_in_the_establishment_are_good() {
        assert!("WBCHCA0000012024".parse::<Cnr>().is_ok());
    }

    #[test]
    fn what_is_not_a_cnr() {
        for bad in [
            "",
            "DLHC01000012024",
            "1LHC010000122024",
            "DLHC01000A122024",
            "DLHC010000120024",
        ] {
            assert!(bad.parse::<Cnr>().is_err(), "{bad}");
        }
    }
}
