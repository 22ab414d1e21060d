//! The compact form of a listed row: 32 bytes, everything else is computed when it is asked for.

use serde::{Deserialize, Serialize};

/// The number of a row in a docket: its place in the order decision date, CNR, with the Supreme
/// Court Reports behind the High Courts and the feed behind both. Rows that a fault adds while the
/// simulator runs have numbers from 2^31 up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub u32);

/// What is wrong with a row, for good, in the docket itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// No `CNR` label.
    MissingCnr,
    /// No `Date of registration` label.
    MissingRegistration,
    /// No `Decision Date` label.
    MissingDecision,
    /// No `Disposal Nature` label.
    MissingDisposal,
    /// No `Court` label.
    MissingCourt,
    /// `Decision Date : 01-12-5000`; listed under the date of the file name.
    ImpossibleDecision,
    /// The file name carries a date in 2047.
    ImpossiblePath,
    /// The decision date of a loaded row is no date.
    BrokenDate,
    /// The HTML is rubbish.
    Garbage,
    /// The row has text but no button.
    NoButton,
    /// The row holds thousands of elements within each other.
    Nested,
    /// One of its free texts is an attack or a nuisance; the row can be read all the same.
    HostileText,
    /// Its CNR, path or court is an attack or a nuisance.
    HostileKey,
}

impl Flaw {
    /// Whether a careful reader can publish the row all the same.
    pub fn readable(self) -> bool {
        !matches!(
            self,
            Self::MissingDecision
                | Self::ImpossibleDecision
                | Self::BrokenDate
                | Self::Garbage
                | Self::NoButton
                | Self::Nested
                | Self::HostileKey
        )
    }
}

/// No value in a numbered slot.
pub(crate) const NONE16: u16 = u16::MAX;

/// A row without a date: it is listed before all others and outside every window.
pub(crate) const UNDATED: i32 = i32::MIN;

/// A listed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The day under which it is listed, as days since 1970-01-01, or [`UNDATED`].
    pub(crate) day: i32,
    /// Serial number in its CNR.
    pub(crate) serial: u32,
    /// Place in the table of loaded rows, or `u32::MAX` for an invented one.
    pub(crate) loaded: u32,
    /// Bench number, or [`crate::bench::SCR`].
    pub(crate) bench: u16,
    /// Year in its CNR.
    pub(crate) year: u16,
    /// Order number in its path.
    pub(crate) order: u16,
    /// Judges, as places in the docket's table of names.
    pub(crate) judges: [u16; 3],
    /// What is wrong with it.
    pub(crate) flaw: Option<Flaw>,
}

impl Row {
    /// Sort key: High Courts before the reports, then day, then CNR.
    pub(crate) fn key(&self) -> (bool, i32, u16, u32, u16, u16) {
        let rank = crate::bench::bench(self.bench).map_or(NONE16, |bench| bench.rank);
        (
            self.is_scr(),
            self.day,
            rank,
            self.serial,
            self.year,
            self.order,
        )
    }

    /// Whether it belongs to the Supreme Court Reports.
    pub(crate) fn is_scr(&self) -> bool {
        self.bench == crate::bench::SCR
    }

    /// Whether it was read from a file.
    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded != u32::MAX
    }

    /// What names the case (not the single order): all orders of a case share it.
    pub(crate) fn case_seed(&self, docket: u64) -> u64 {
        crate::random::mix(&[
            docket,
            u64::from(self.bench),
            u64::from(self.year),
            u64::from(self.serial),
        ])
    }

    /// What names this order.
    pub(crate) fn order_seed(&self, docket: u64) -> u64 {
        crate::random::mix(&[
            self.case_seed(docket),
            u64::from(self.order),
            self.day as u64,
        ])
    }
}
