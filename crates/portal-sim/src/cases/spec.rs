//! What the case portals are to hold.

use serde::{Deserialize, Serialize};

/// A party with very many cases of one year at one bench: what a search for it answers with is large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crowd {
    /// The High Court, by slug or code; its first bench.
    pub court: String,
    /// The respondent's name in every one of these cases.
    pub party: String,
    /// The year in which they were registered.
    pub year: u16,
    /// How many; at most 99,999.
    pub cases: u32,
}

/// Shares (0 to 1) of cases and orders with an oddity, and the courts whose pages are odd.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaseQuirks {
    /// Orders of High Courts whose file begins with a byte order mark.
    pub bom_files: f64,
    /// Orders that a case page lists and whose file was never put there.
    pub missing_files: f64,
    /// Rows of a search one of whose texts holds a raw control character.
    pub control_characters: f64,
    /// High Courts whose benches are two establishments each: their searches answer with two parts.
    pub two_establishments: Vec<String>,
    /// High Courts whose case pages are of the older kind, without tables for the details.
    pub span_pages: Vec<String>,
    /// High Courts whose case pages have the orders inside the table of hearings.
    pub nested_orders: Vec<String>,
}

impl Default for CaseQuirks {
    fn default() -> Self {
        let courts = |slugs: &[&str]| slugs.iter().map(|slug| (*slug).to_owned()).collect();
        Self {
            bom_files: 0.15,
            missing_files: 0.02,
            control_characters: 0.01,
            two_establishments: courts(&["bombay"]),
            span_pages: courts(&["bombay", "gauhati", "jammu"]),
            nested_orders: courts(&["gujarat"]),
        }
    }
}

/// What the case portals are to hold beside the cases whose judgments the docket lists. The same
/// specification and docket give the same cases on every machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaseSpec {
    /// Pending cases of each High Court bench.
    pub pending: u32,
    /// Cases of each establishment of the district courts.
    pub district: u32,
    /// A party with very many cases.
    pub crowd: Option<Crowd>,
    /// Oddities.
    pub quirks: CaseQuirks,
}

impl Default for CaseSpec {
    fn default() -> Self {
        Self {
            pending: 30,
            district: 24,
            crowd: None,
            quirks: CaseQuirks::default(),
        }
    }
}
