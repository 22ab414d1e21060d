//! Rows that are not found any more, for as long as a lasting fault is in force.

use crate::bench;
use crate::fault::FaultKind;
use crate::random::{Draw, mix};
use crate::row::RowId;
use crate::trouble::Fault;

/// Which rows a fault leaves out.
#[derive(Debug)]
pub(crate) struct Thinning {
    /// The benches it is about; all if none.
    benches: Vec<u16>,
    /// The share it leaves out.
    share: f64,
    seed: u64,
}

impl Thinning {
    /// What a fault leaves out, if it leaves out anything.
    pub(crate) fn of(fault: &Fault) -> Option<Self> {
        let share = match fault.rule.kind {
            FaultKind::SilentCourt => 1.0,
            FaultKind::FewerRows => fault.n(80).clamp(0, 100) as f64 / 100.0,
            _ => return None,
        };
        Some(Self {
            benches: fault
                .rule
                .court
                .as_deref()
                .map(bench::benches_of)
                .unwrap_or_default(),
            share,
            seed: fault.draw.clone().next(),
        })
    }

    /// Whether a row is still found.
    pub(crate) fn keeps(&self, id: RowId, bench: u16) -> bool {
        let meant = self.benches.is_empty() || self.benches.contains(&bench);
        !meant || !Draw::of(&[mix(&[self.seed, 92]), u64::from(id.0)]).chance(self.share)
    }
}
