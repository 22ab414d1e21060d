//! Hearings of a case.

use serde::{Deserialize, Serialize};

use super::PrintedDate;

/// One line of a case's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// The kind of cause list, as printed.
    pub list_type: Option<String>,
    /// The judge, as printed.
    pub judge: Option<String>,
    /// The day on which the business was done.
    pub business: Option<PrintedDate>,
    /// The day to which the case was put.
    pub hearing: Option<PrintedDate>,
    /// What for, as printed.
    pub purpose: Option<String>,
    /// The registration number that the line is about, where the page says so.
    pub registration_number: Option<String>,
    /// Whether it stands in the history on the filing number, before registration.
    pub on_filing: bool,
    /// The arguments of the page's call for the business of the day, in order.
    pub business_call: Vec<String>,
}
