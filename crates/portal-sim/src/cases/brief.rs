//! What a row of a search prints of a case.

use jiff::civil::Date;

use crate::cases::{CaseBook, CaseType, Key, Party, invent, timeline};
use crate::day;

/// What a row of a search prints of a case.
#[derive(Debug)]
pub(crate) struct Brief {
    pub(crate) cnr: String,
    pub(crate) case_type: CaseType,
    pub(crate) number: u32,
    pub(crate) year: u16,
    pub(crate) establishment: u16,
    /// Number of the latest order.
    pub(crate) last_order: Option<u16>,
    pub(crate) decided: Option<Date>,
    pub(crate) petitioners: Vec<Party>,
    pub(crate) respondents: Vec<Party>,
}

impl CaseBook {
    /// What a row of a search prints of a case.
    pub(crate) fn brief(&self, key: Key, today: i32) -> Brief {
        let time = timeline::of(self, key);
        let (case_type, number) = self.number(key);
        let (petitioners, respondents) = self.parties(key);
        let made = time.orders.iter().rev().find(|(_, day, _)| *day <= today);
        Brief {
            cnr: self.cnr(key),
            case_type,
            number,
            year: key.year,
            establishment: invent::establishment(self, key),
            last_order: made.map(|(number, ..)| *number),
            decided: time
                .decided
                .filter(|day| *day <= today)
                .map(day::from_number),
            petitioners,
            respondents,
        }
    }
}
