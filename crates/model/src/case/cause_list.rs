//! Cause lists: which case is heard when, where and by whom.

use serde::{Deserialize, Serialize};

use super::{Advocate, CasePortal, Party, PrintedCaseNumber, PrintedDate};
use crate::Cnr;

/// A published list of a bench, as a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseList {
    /// Its number on the page.
    pub serial: Option<u32>,
    /// The bench, as printed.
    pub bench: String,
    /// What list it is, as printed.
    pub list_type: String,
    /// The day that its line prints; most pages name it in the question alone.
    #[serde(default)]
    pub listed: Option<PrintedDate>,
    /// Where the PDF lies, relative to the portal's base; decoded from HTML, not from percent-encoding.
    pub link: Option<String>,
}

/// One case on a cause list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseListEntry {
    /// The portal that lists it.
    pub portal: CasePortal,
    /// Its number on the list.
    pub serial: Option<u32>,
    /// The CNR.
    pub cnr: Option<Cnr>,
    /// The portal's own key of the case.
    pub portal_key: Option<String>,
    /// The case number.
    pub number: Option<PrintedCaseNumber>,
    /// The case type as printed.
    pub case_type: Option<String>,
    /// The parties.
    pub parties: Vec<Party>,
    /// Advocates that the list does not give to a side.
    pub advocates: Vec<Advocate>,
    /// The court's number or name, as printed; on High Court Services an internal code.
    pub court: Option<String>,
    /// The judge, as printed.
    pub judge: Option<String>,
    /// The judge's office, as printed.
    pub designation: Option<String>,
    /// What the case is listed for.
    pub purpose: Option<String>,
    /// The day of the list.
    pub listed: Option<PrintedDate>,
    /// The day of the business that led to the listing.
    pub business: Option<PrintedDate>,
    /// The heading of the list under which it stands.
    pub section: Option<String>,
}

impl CauseListEntry {
    /// An empty entry of `portal`.
    pub fn new(portal: CasePortal) -> Self {
        Self {
            portal,
            serial: None,
            cnr: None,
            portal_key: None,
            number: None,
            case_type: None,
            parties: Vec::new(),
            advocates: Vec::new(),
            court: None,
            judge: None,
            designation: None,
            purpose: None,
            listed: None,
            business: None,
            section: None,
        }
    }
}
