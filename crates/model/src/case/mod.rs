//! Cases as the case portals show them: one model over High Court Services, the District Courts, the Calcutta
//! High Court and the Supreme Court's own search.
//!
//! A value that a portal prints is kept as printed beside what was read from it; what a portal does not give
//! stays empty.

mod act;
mod advocate;
mod cause_list;
mod choice;
mod hearing;
mod key;
mod linked;
mod looks;
mod number;
mod order;
mod party;
mod portal;
mod printed;

use serde::{Deserialize, Serialize};

pub use act::Act;
pub use advocate::Advocate;
pub use cause_list::{CauseList, CauseListEntry};
pub use choice::{Choice, Complex};
pub use hearing::Hearing;
pub use key::{CaseKey, CasePlace, CaseView, order_slots};
pub use linked::{Application, LinkedCase};
pub use looks::{joined, joined_rows};
pub use number::PrintedCaseNumber;
pub use order::{Order, OrderLink};
pub use party::{Party, Side};
pub use portal::CasePortal;
pub use printed::{Field, PrintedDate};

use crate::Cnr;

/// A case: a row of a search has the head only, a case page nearly everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The portal that shows it.
    pub portal: CasePortal,
    /// Its CNR, where one is printed that can be one.
    pub cnr: Option<Cnr>,
    /// The CNR as printed.
    pub cnr_printed: Option<String>,
    /// The court or bench, as printed.
    pub court_name: Option<String>,
    /// The portal's code of the establishment or bench.
    pub court_code: Option<String>,
    /// The case number.
    pub number: Option<PrintedCaseNumber>,
    /// The case type as printed.
    pub case_type: Option<String>,
    /// The portal's code of the case type.
    pub case_type_code: Option<String>,
    /// The portal's own key, fifteen digits: one, type (3), number (7), year (4).
    pub portal_key: Option<String>,
    /// The diary number of the Supreme Court, `1234/2025`.
    pub diary_number: Option<String>,
    /// The filing number as printed.
    pub filing_number: Option<String>,
    /// The date of filing.
    pub filed: Option<PrintedDate>,
    /// The registration number as printed.
    pub registration_number: Option<String>,
    /// The date of registration.
    pub registered: Option<PrintedDate>,
    /// The first hearing.
    pub first_hearing: Option<PrintedDate>,
    /// The next hearing.
    pub next_hearing: Option<PrintedDate>,
    /// The decision.
    pub decided: Option<PrintedDate>,
    /// The status as printed, `Case disposed`.
    pub status: Option<String>,
    /// The stage as printed.
    pub stage: Option<String>,
    /// The nature of disposal as printed.
    pub disposal: Option<String>,
    /// The coram as printed, with the portal's judge code in front where there is one.
    pub coram: Option<String>,
    /// The judges of the coram.
    pub judges: Vec<String>,
    /// Single or division bench, as printed.
    pub bench_type: Option<String>,
    /// `1-MUNSIFF`: court number and judge, as printed.
    pub court_and_judge: Option<String>,
    /// The state as printed.
    pub state: Option<String>,
    /// The district as printed.
    pub district: Option<String>,
    /// The title as printed, where the sides stand in one text.
    pub title: Option<String>,
    /// The parties, petitioners first, in the order of the page.
    pub parties: Vec<Party>,
    /// The acts.
    pub acts: Vec<Act>,
    /// The hearings, in the order of the page.
    pub hearings: Vec<Hearing>,
    /// The orders and judgments, in the order of the page.
    pub orders: Vec<Order>,
    /// Interlocutory applications.
    pub applications: Vec<Application>,
    /// Main, connected and subordinate-court cases, transfers.
    pub linked: Vec<LinkedCase>,
    /// Every other label with its value.
    pub fields: Vec<Field>,
    /// What was strange about it.
    pub flags: Vec<String>,
}

impl Case {
    /// An empty case of `portal`.
    pub fn new(portal: CasePortal) -> Self {
        Self {
            portal,
            cnr: None,
            cnr_printed: None,
            court_name: None,
            court_code: None,
            number: None,
            case_type: None,
            case_type_code: None,
            portal_key: None,
            diary_number: None,
            filing_number: None,
            filed: None,
            registration_number: None,
            registered: None,
            first_hearing: None,
            next_hearing: None,
            decided: None,
            status: None,
            stage: None,
            disposal: None,
            coram: None,
            judges: Vec::new(),
            bench_type: None,
            court_and_judge: None,
            state: None,
            district: None,
            title: None,
            parties: Vec::new(),
            acts: Vec::new(),
            hearings: Vec::new(),
            orders: Vec::new(),
            applications: Vec::new(),
            linked: Vec::new(),
            fields: Vec::new(),
            flags: Vec::new(),
        }
    }

    /// Sets the CNR from what is printed; a text that is none is kept and flagged.
    pub fn set_cnr(&mut self, printed: &str) {
        let printed = printed.trim();
        if printed.is_empty() {
            return;
        }
        self.cnr = printed.parse().ok();
        if self.cnr.is_none() {
            self.flags.push("cnr_unread".to_owned());
        }
        self.cnr_printed = Some(printed.to_owned());
    }

    /// Sets the diary number from what is printed; one without a number or a year is none, and flagged.
    pub fn set_diary(&mut self, printed: &str) {
        self.diary_number = Some(printed.trim().to_owned()).filter(|text| key::is_diary(text));
        if self.diary_number.is_none() {
            self.flags.push("no_diary_number".to_owned());
        }
    }

    /// The names of one side.
    pub fn side(&self, side: Side) -> impl Iterator<Item = &str> {
        let on_side = move |party: &&Party| party.side == side;
        self.parties
            .iter()
            .filter(on_side)
            .map(|party| party.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_cnr_is_kept_and_flagged() {
        let mut case = Case::new(CasePortal::District);
        case.set_cnr(" BRPA01-021632-2024 ");
        assert_eq!(case.cnr.as_ref().map(Cnr::as_str), Some("BRPA010216322024"));
        assert_eq!(case.cnr_printed.as_deref(), Some("BRPA01-021632-2024"));
        assert!(case.flags.is_empty());
        case.set_cnr("unknown");
        assert_eq!((case.cnr, case.flags.len()), (None, 1));
    }
}
