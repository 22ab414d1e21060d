//! Values as printed beside values as read.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A date as printed, and the day where it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedDate {
    /// As printed: `08th September 2026`, `Next Date is not given`.
    pub printed: String,
    /// The day; `None` where no day is printed or the calendar does not have it.
    pub date: Option<Date>,
}

/// A label of a page with its value, both as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}
