//! Case numbers as printed and as read.

use serde::{Deserialize, Serialize};

use crate::CaseNumber;

/// A case number as printed, and its parts where they can be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedCaseNumber {
    /// As printed.
    pub printed: String,
    /// Type, number and year.
    pub parts: Option<CaseNumber>,
}

impl PrintedCaseNumber {
    /// Reads a text; `None` of an empty one.
    pub fn read(printed: &str) -> Option<Self> {
        let printed = printed.trim();
        (!printed.is_empty()).then(|| Self {
            printed: printed.to_owned(),
            parts: printed.parse().ok(),
        })
    }

    /// A number that the portal gives in parts: printed as `TYPE/NUMBER/YEAR`.
    pub fn of_parts(case_type: &str, number: u32, year: u16) -> Self {
        let parts = CaseNumber {
            case_type: case_type.to_owned(),
            number,
            year,
        };
        Self {
            printed: parts.to_string(),
            parts: Some(parts),
        }
    }
}
