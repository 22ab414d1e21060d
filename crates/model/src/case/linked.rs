//! What hangs on a case: applications in it, other cases beside it.

use serde::{Deserialize, Serialize};

use super::{Field, PrintedDate};

/// An interlocutory application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its number, as printed.
    pub number: String,
    /// The parties named, in order.
    pub parties: Vec<String>,
    /// The day of filing.
    pub filed: Option<PrintedDate>,
    /// The next date.
    pub next: Option<PrintedDate>,
    /// What the next date is for.
    pub purpose: Option<String>,
    /// Its status, as printed.
    pub status: Option<String>,
}

/// A case beside this one, or a paper filed in it: a row of one of the page's other tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedCase {
    /// The heading of the page under which it stands: `Main Matters`, `Subordinate Court Information`, ….
    pub relation: String,
    /// Its columns or labels with their values.
    pub fields: Vec<Field>,
}
