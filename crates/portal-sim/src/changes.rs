//! What faults added to the docket or took away while the simulator runs.

use std::collections::BTreeMap;

use crate::row::{Row, RowId};

/// The number of the first row added at run time.
const FIRST_ADDED: u32 = 1 << 31;

/// A row added at run time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Added {
    pub(crate) id: RowId,
    pub(crate) row: Row,
    /// Number of the request that added it.
    pub(crate) at: u64,
    /// Number of the request that took it away again.
    pub(crate) until: Option<u64>,
}

/// Differences between the docket and what is served.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    hidden: BTreeMap<u32, u64>,
    added: Vec<Added>,
    version: u64,
}

impl Changes {
    /// Counts up with every change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Takes a row away.
    pub(crate) fn hide(&mut self, id: RowId, at: u64) {
        self.version += 1;
        if let Some(added) = self.added.iter_mut().find(|added| added.id == id) {
            added.until.get_or_insert(at);
            return;
        }
        self.hidden.entry(id.0).or_insert(at);
    }

    /// Adds a row like `model`: in a High Court another order of the same day in the same case, which
    /// stands right behind `model`; in the reports another case, which stands last on that day.
    pub(crate) fn add_like(&mut self, model: &Row, at: u64) -> RowId {
        self.version += 1;
        let place = self.added.len() as u32;
        let id = RowId(FIRST_ADDED + place);
        let mut row = Row {
            loaded: u32::MAX,
            flaw: None,
            ..*model
        };
        if row.is_scr() {
            row.serial = 900_000 + place % 99_999;
        } else {
            row.order = 100 + (place % 60_000) as u16;
        }
        self.added.push(Added {
            id,
            row,
            at,
            until: None,
        });
        id
    }

    /// Whether a row of the docket has been taken away, and by which request.
    pub(crate) fn hidden_at(&self, id: RowId) -> Option<u64> {
        self.hidden.get(&id.0).copied()
    }

    /// The rows taken away.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = RowId> + '_ {
        self.hidden.keys().map(|id| RowId(*id))
    }

    /// All rows ever added.
    pub(crate) fn added(&self) -> &[Added] {
        &self.added
    }

    /// An added row.
    pub(crate) fn row(&self, id: RowId) -> Option<&Row> {
        let place = id.0.checked_sub(FIRST_ADDED)?;
        self.added.get(place as usize).map(|added| &added.row)
    }
}
