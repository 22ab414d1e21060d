//! Orders and judgments in a case.

use serde::{Deserialize, Serialize};

use super::PrintedDate;
use crate::NeutralCitation;

/// An order or judgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number on the page, as printed.
    pub number: Option<String>,
    /// The case number it was made on, as printed.
    pub on: Option<String>,
    /// Its date.
    pub date: Option<PrintedDate>,
    /// The kind as printed: `Order`, `Judgment`, or the heading under which it stands.
    pub kind: Option<String>,
    /// The judge, as printed.
    pub judge: Option<String>,
    /// The neutral citation as printed.
    pub neutral_citation_printed: Option<String>,
    /// The neutral citation, where it can be read.
    pub neutral_citation: Option<NeutralCitation>,
    /// The language, as printed.
    pub language: Option<String>,
    /// How its document is asked for.
    pub link: Option<OrderLink>,
}

/// How a document is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderLink {
    /// An address, absolute or relative to the portal's base.
    Address(String),
    /// Fields of a form that the portal answers with an address.
    Form(Vec<(String, String)>),
    /// One value that the portal answers with an address.
    Token(String),
}
