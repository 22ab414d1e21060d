//! The values of facets that a search is narrowed to.

use std::collections::BTreeMap;

use crate::FacetName;

/// Chosen values, any number a facet. A judgment passes if it has one of the values of each facet that
/// has some.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    chosen: BTreeMap<FacetName, Vec<String>>,
}

impl Filters {
    /// Adds a value. One that no judgment has is kept: it then finds nothing.
    pub fn add(&mut self, name: FacetName, value: impl Into<String>) {
        let value = value.into();
        let values = self.chosen.entry(name).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// The chosen values of a facet, in the order in which they were added.
    pub fn values(&self, name: FacetName) -> &[String] {
        self.chosen.get(&name).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The facets with their chosen values.
    pub fn iter(&self) -> impl Iterator<Item = (FacetName, &[String])> {
        self.chosen
            .iter()
            .map(|(name, values)| (*name, values.as_slice()))
    }
}
