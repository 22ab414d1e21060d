//! Numbers for the values of facets that are the same in all segments.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::{Searcher, TantivyError};

use crate::FacetName;

/// The values of a facet in one state of the index.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// The values by number.
    pub(crate) names: Vec<String>,
    /// The number of each value.
    numbers: HashMap<String, u32>,
    /// For each segment, from its own number of a value to ours.
    segments: Vec<Arc<Vec<u32>>>,
}

impl Values {
    /// The number of a value; `None` if no judgment has it.
    pub(crate) fn number(&self, value: &str) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    pub(crate) fn of_segment(&self, segment: u32) -> Arc<Vec<u32>> {
        self.segments
            .get(segment as usize)
            .cloned()
            .unwrap_or_default()
    }

    fn of(searcher: &Searcher, column: &str) -> Result<Self, TantivyError> {
        let mut values = Self::default();
        for segment in searcher.segment_readers() {
            let mut map = Vec::new();
            if let Some(column) = segment.fast_fields().str(column)? {
                let mut stream = column.dictionary().stream()?;
                while stream.advance() {
                    map.push(values.add(&String::from_utf8_lossy(stream.key())));
                }
            }
            values.segments.push(Arc::new(map));
        }
        Ok(values)
    }

    fn add(&mut self, value: &str) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(value.to_owned());
        self.numbers.insert(value.to_owned(), number);
        number
    }
}

/// The values of all facets, read when first needed and kept until the index moves on.
#[derive(Debug, Default)]
pub(crate) struct Ordinals {
    held: Mutex<Option<Held>>,
}

#[derive(Debug)]
struct Held {
    generation: u64,
    values: HashMap<FacetName, Arc<Values>>,
}

impl Ordinals {
    /// The values of a facet in the state that `searcher` sees. Years have none: they are numbers.
    pub(crate) fn values(
        &self,
        searcher: &Searcher,
        facet: FacetName,
    ) -> Result<Arc<Values>, TantivyError> {
        if facet == FacetName::Year {
            return Ok(Arc::default());
        }
        let generation = searcher.generation().generation_id();
        // What is guarded is a cache: a panic elsewhere leaves nothing half done in it.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|held| held.generation != generation);
        let held = held.get_or_insert_with(|| Held {
            generation,
            values: HashMap::new(),
        });
        if let Some(values) = held.values.get(&facet) {
            return Ok(Arc::clone(values));
        }
        let values = Arc::new(Values::of(searcher, facet.column())?);
        held.values.insert(facet, Arc::clone(&values));
        Ok(values)
    }
}
