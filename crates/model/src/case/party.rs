//! Parties.

use serde::{Deserialize, Serialize};

use super::Advocate;

/// A side of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Petitioners, plaintiffs, appellants, complainants.
    Petitioner,
    /// Respondents, defendants, accused.
    Respondent,
}

/// A party to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its side.
    pub side: Side,
    /// Its number on its side, where the page counts.
    pub serial: Option<u32>,
    /// The name as printed, with whatever stands in it (`and 15 others`, an address).
    pub name: String,
    /// The name in the local language.
    pub local_name: Option<String>,
    /// The advocates as printed in one text.
    pub advocates_printed: Option<String>,
    /// The advocates.
    pub advocates: Vec<Advocate>,
}

impl Party {
    /// A party by name alone.
    pub fn new(side: Side, name: impl Into<String>) -> Self {
        Self {
            side,
            serial: None,
            name: name.into(),
            local_name: None,
            advocates_printed: None,
            advocates: Vec::new(),
        }
    }
}
