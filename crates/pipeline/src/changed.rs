//! Partitions that a derived layer has to look at.

use std::collections::HashSet;

use nirnay_model::{BenchCode, CourtCode};
use nirnay_store::{Derived, Lake, PartitionVersion, Shard};

use crate::error::PipelineError;

/// The partitions whose rows changed since a layer was made from them. Those of a source whose layout is in
/// doubt wait.
pub(crate) struct Changed {
    pub(crate) versions: Vec<PartitionVersion>,
    places: HashSet<(i16, CourtCode, BenchCode)>,
}

impl Changed {
    pub(crate) fn of(lake: &Lake, layer: Derived) -> Result<Self, PipelineError> {
        let held = lake.ledger().held_sources()?;
        let mut versions = lake.ledger().changed_partitions(layer)?;
        versions.retain(|version| !held.iter().any(|source| version.may_hold(*source)));
        let places = versions
            .iter()
            .map(|v| (v.year, v.court.clone(), v.bench.clone()))
            .collect();
        Ok(Self { versions, places })
    }

    /// The partitions in which none of `shards` lies.
    pub(crate) fn without(self, shards: &[&Shard]) -> Vec<PartitionVersion> {
        let lies = |v: &PartitionVersion, shard: &Shard| {
            (v.year, &v.court, &v.bench) == (shard.year, &shard.court, &shard.bench)
        };
        self.versions
            .into_iter()
            .filter(|version| !shards.iter().any(|shard| lies(version, shard)))
            .collect()
    }

    /// Whether the shard lies in one of them.
    pub(crate) fn holds(&self, shard: &Shard) -> bool {
        self.places
            .contains(&(shard.year, shard.court.clone(), shard.bench.clone()))
    }
}
