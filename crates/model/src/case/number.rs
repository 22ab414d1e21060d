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
        let mut printed = String::with_capacity(case_type.len() + 17);
        printed.push_str(case_type);
        for number in [number, u32::from(year)] {
            printed.push('/');
            push_digits(&mut printed, number);
        }
        Self {
            printed,
            parts: Some(parts),
        }
    }
}

/// Without the machinery of formatting: searches print tens of thousands of numbers.
fn push_digits(text: &mut String, number: u32) {
    let mut digits = ['0'; 10];
    let mut rest = number;
    let mut from = digits.len();
    for (at, place) in digits.iter_mut().enumerate().rev() {
        *place = char::from_digit(rest % 10, 10).unwrap_or('0');
        (rest, from) = (rest / 10, at);
        if rest == 0 {
            break;
        }
    }
    text.extend(digits.iter().skip(from));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_parts_are_printed_as_the_portals_do() {
        for (number, year) in [(0, 0), (7, 2024), (10, 1950), (u32::MAX, u16::MAX)] {
            let made = PrintedCaseNumber::of_parts("W.P.(C)", number, year);
            assert_eq!(made.printed, made.parts.unwrap().to_string());
        }
    }
}
