//! Who cites whom, in memory: the `cites/` layer of a lake, from both ends.

use std::collections::HashMap;

use nirnay_store::{CiteRow, Lake, Layer, StoreError};

/// The most edges that are kept. A judgment has about two; a lake with more is asked through its tables.
const MOST_EDGES: u64 = 20_000_000;

/// The edges of a lake.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    keys: Vec<Box<str>>,
    places: HashMap<Box<str>, u32>,
    /// Citing, cited, citations; in this order.
    out: Vec<Edge>,
    /// The same, by the cited one.
    back: Vec<Edge>,
    /// Whether there are more edges than are kept, and none is.
    pub(crate) too_large: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    at: u32,
    other: u32,
    count: u32,
}

/// A judgment at the other end of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End<'a> {
    pub(crate) key: &'a str,
    /// Citations that lead from the one to the other.
    pub(crate) count: u32,
}

impl Graph {
    /// Reads the layer. Takes a second for a million edges.
    pub(crate) fn read(lake: &Lake) -> Result<Self, StoreError> {
        let edges: u64 = lake
            .ledger()
            .artifacts(Some(Layer::Cites))?
            .iter()
            .map(|artifact| artifact.rows)
            .sum();
        if edges > MOST_EDGES {
            return Ok(Self {
                too_large: true,
                ..Self::default()
            });
        }
        let mut graph = Self::default();
        for shard in lake.shards()? {
            for row in lake.read_part::<CiteRow>(&shard)? {
                graph.add(&row?);
            }
        }
        graph.settle();
        Ok(graph)
    }

    fn add(&mut self, row: &CiteRow) {
        let at = self.place(row.row_key.as_str());
        let other = self.place(row.target.as_str());
        let count = row.count;
        self.out.push(Edge { at, other, count });
    }

    fn settle(&mut self) {
        self.back = self
            .out
            .iter()
            .map(|edge| Edge {
                at: edge.other,
                other: edge.at,
                count: edge.count,
            })
            .collect();
        self.out.sort_unstable();
        self.back.sort_unstable();
    }

    fn place(&mut self, key: &str) -> u32 {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.keys.len() as u32;
        self.keys.push(key.into());
        self.places.insert(key.into(), place);
        place
    }

    /// The judgments that `key` cites, the most cited by it first.
    pub(crate) fn cites(&self, key: &str) -> Vec<End<'_>> {
        self.ends(&self.out, key)
    }

    /// The judgments that cite `key`, those that do so most often first.
    pub(crate) fn cited_by(&self, key: &str) -> Vec<End<'_>> {
        self.ends(&self.back, key)
    }

    fn ends<'a>(&'a self, edges: &'a [Edge], key: &str) -> Vec<End<'a>> {
        let Some(place) = self.places.get(key) else {
            return Vec::new();
        };
        let first = edges.partition_point(|edge| edge.at < *place);
        let mut ends: Vec<End<'a>> = edges
            .iter()
            .skip(first)
            .take_while(|edge| edge.at == *place)
            .filter_map(|edge| {
                Some(End {
                    key: self.keys.get(edge.other as usize)?,
                    count: edge.count,
                })
            })
            .collect();
        ends.sort_by(|left, right| right.count.cmp(&left.count).then(left.key.cmp(right.key)));
        ends
    }
}

#[cfg(test)]
mod tests {
    use nirnay_model::RowKey;

    use super::*;

    fn row(from: &str, to: &str, count: u32) -> CiteRow {
        CiteRow {
            row_key: RowKey::from_stored(from.to_owned()),
            target: RowKey::from_stored(to.to_owned()),
            key: String::new(),
            count,
            first_page: 1,
        }
    }

    #[test]
    fn edges_are_found_from_both_ends() {
        let mut graph = Graph::default();
        for row in [
            row("a", "b", 1),
            row("c", "b", 5),
            row("a", "d", 2),
            row("b", "a", 1),
        ] {
            graph.add(&row);
        }
        graph.settle();
        let keys = |ends: Vec<End<'_>>| {
            ends.iter()
                .map(|end| end.key.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(graph.cites("a")), ["d", "b"]);
        assert_eq!(keys(graph.cited_by("b")), ["c", "a"]);
        assert_eq!(keys(graph.cites("d")), Vec::<String>::new());
        assert_eq!(keys(graph.cited_by("nobody")), Vec::<String>::new());
    }
}
