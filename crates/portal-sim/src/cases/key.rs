//! What names a case.

use crate::row::{Row, RowId};

/// Seats from this number on are establishments of district courts; those below are High Court benches
/// by their number in the registry.
pub(crate) const DISTRICTS: u16 = 1_000;

/// A case: where it lies, and its year and serial number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) seat: u16,
    pub(crate) year: u16,
    pub(crate) serial: u32,
}

impl Key {
    /// The case of a row of the docket.
    pub(crate) fn of_row(row: &Row) -> Self {
        Self {
            seat: row.bench,
            year: row.year,
            serial: row.serial,
        }
    }

    /// The order of rows by case and, within a case, by time.
    pub(crate) fn with_order(row: &Row) -> (Self, i32, u16) {
        (Self::of_row(row), row.day, row.order)
    }

    /// A number by which the fault script picks cases as it picks rows.
    pub(crate) fn as_row(self) -> RowId {
        let parts = [self.seat.into(), self.year.into(), u64::from(self.serial)];
        RowId(crate::random::mix(&parts) as u32)
    }

    /// Whether a district court has it.
    pub(crate) fn is_district(self) -> bool {
        self.seat >= DISTRICTS
    }
}
