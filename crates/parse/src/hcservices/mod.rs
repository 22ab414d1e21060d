//! `hcservices.ecourts.gov.in`: cases of the High Courts.
//!
//! Replies may begin with a byte-order mark; an answer that is nothing else is empty. Refusals come as plain
//! text with status 200: each is an error here, never an empty list.

mod cause_list;
mod choices;
mod document;
mod envelope;
mod escaped;
mod older;
mod orders;
mod page;
mod plain;
mod record;
mod records;
mod value;

pub use cause_list::cause_lists;
pub use choices::{benches, case_types};
pub use document::document;
pub use older::{DailyStatus, daily_status, older_cases, older_cause_lists, older_orders};
pub use orders::orders;
pub use page::case_page;
pub use records::{advocate_cause_list, cases, each_case};
