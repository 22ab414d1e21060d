//! `calcuttahighcourt.gov.in`: orders and judgments of the Calcutta High Court.

mod page;
mod search;

pub use page::{CalcuttaStart, case_types, document_address, start_page};
pub use search::search;
