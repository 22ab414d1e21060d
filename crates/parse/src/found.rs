//! What searches of the case portals bring.

use nirnay_model::{Advocate, Case, CauseListEntry};
use serde::Serialize;

/// What a search gave besides its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FoundTotals {
    /// Rows as the portal counts them; `None` where it does not say.
    pub total: Option<u64>,
    /// Rows read.
    pub rows: u64,
    /// The establishments that were searched, in order.
    pub establishments: Vec<EstablishmentCount>,
    /// The advocate that the portal found.
    pub advocate: Option<Advocate>,
    /// What does not fit: a total that differs from the rows, or none at all.
    pub warnings: Vec<String>,
}

impl FoundTotals {
    /// Why this is not all: fewer rows came than the portal counts.
    pub fn short(&self) -> Option<String> {
        let total = self.total.filter(|total| self.rows < *total)?;
        let rows = self.rows;
        Some(format!("the portal counts {total} rows and sent {rows}"))
    }

    /// A total above zero without any row is no empty list, and neither is a list without row and total; other
    /// differences are told.
    pub(crate) fn check(&mut self) -> Result<(), String> {
        let Some(total) = self.total else {
            if self.rows == 0 {
                return Err("no rows came, and the portal gives no total".to_owned());
            }
            self.warnings.push("the portal gives no total".to_owned());
            return Ok(());
        };
        if self.rows == 0 && total > 0 {
            return Err(format!("the total is {total}, yet no rows came"));
        }
        if self.rows != total {
            let rows = self.rows;
            self.warnings
                .push(format!("the total is {total}, {rows} rows came"));
        }
        Ok(())
    }
}

/// Rows of one establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EstablishmentCount {
    /// Its code.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its rows.
    pub rows: u64,
}

/// Cases that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CasesFound {
    /// The cases, establishment by establishment.
    pub cases: Vec<Case>,
    /// What else the reply says.
    pub totals: FoundTotals,
}

/// Cases listed for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CauseListFound {
    /// The entries. High Court Services gives one for each pair of parties and each judge.
    pub entries: Vec<CauseListEntry>,
    /// What else the reply says.
    pub totals: FoundTotals,
}
