//! Which partitions changed since they were published, and which have to wait.

use std::collections::{BTreeSet, HashSet};

use nirnay_model::{BenchCode, CourtCode, SourceId};

use super::Shard;
use crate::{Derived, Ledger, PartitionVersion, StoreError};

/// What a publication has to look at.
pub(super) struct Changes {
    versions: Vec<PartitionVersion>,
    changed: HashSet<(i16, CourtCode, BenchCode)>,
    held: Vec<SourceId>,
    left: BTreeSet<(i16, CourtCode, BenchCode)>,
}

impl Changes {
    /// As the ledger stands. Take it before the snapshot that is published: a change in between is then
    /// looked at again by the next publication.
    pub(super) fn of(ledger: &Ledger) -> Result<Self, StoreError> {
        let versions = ledger.changed_partitions(Derived::Tables)?;
        let changed = versions
            .iter()
            .map(|v| (v.year, v.court.clone(), v.bench.clone()))
            .collect();
        Ok(Self {
            versions,
            changed,
            held: ledger.held_sources()?,
            left: BTreeSet::new(),
        })
    }

    /// Whether the shard waits: its source may be read wrongly at the moment.
    pub(super) fn is_held(&mut self, shard: &Shard) -> bool {
        let held = self.held.iter().any(|source| shard.may_hold(*source));
        if held {
            self.left.insert(place(shard));
        }
        held
    }

    /// Whether rows of the shard's partition changed.
    pub(super) fn touch(&self, shard: &Shard) -> bool {
        self.changed.contains(&place(shard))
    }

    /// Records what is published now.
    pub(super) fn made(self, ledger: &Ledger) -> Result<(), StoreError> {
        let made: Vec<PartitionVersion> = self
            .versions
            .into_iter()
            .filter(|v| {
                !self
                    .left
                    .contains(&(v.year, v.court.clone(), v.bench.clone()))
            })
            .collect();
        ledger.layer_made(Derived::Tables, &made)
    }
}

fn place(shard: &Shard) -> (i16, CourtCode, BenchCode) {
    (shard.year, shard.court.clone(), shard.bench.clone())
}
