//! `services.ecourts.gov.in`: cases of the district courts.
//!
//! Every JSON reply carries the next `app_token`. What the portal's own script sends along, names and secret, is
//! read from the script ([`guard_headers`]), never known beforehand.

mod answer;
mod cascade;
mod cases;
mod cause_list;
mod orders;
mod script;

pub use answer::{Told, token};
pub use cascade::{
    Choices, Complexes, DistrictStart, captcha_form, case_types, complexes, courts, data_set,
    districts, establishments, states,
};
pub use cases::{case_page, cases};
pub use cause_list::cause_list;
pub use orders::{OrdersFound, document_path, orders};
pub use script::{GuardHeaders, guard_headers, start_page};
