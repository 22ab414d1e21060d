//! A text to its citations.

use crate::citation::Citation;
use crate::cluster::clusters;
use crate::found::Found;
use crate::link::link;
use crate::scan::scan;

/// The citations of a text, in its order; none overlaps another.
///
/// Remove repeated page furniture first: a running head inside a citation breaks it.
pub fn find(text: &str) -> Vec<Citation> {
    let mut found = link(text, scan(text));
    found.sort_by_key(|item| item.start);
    let mut end = 0;
    found.retain(|item| {
        let apart = item.start >= end && item.start < item.end;
        if apart {
            end = item.end;
        }
        apart
    });
    let clusters = clusters(text, &found);
    let mut counter = Counter {
        text,
        byte: 0,
        characters: 0,
    };
    found
        .into_iter()
        .zip(clusters)
        .filter_map(|(item, cluster)| counter.citation(item, cluster))
        .collect()
}

/// Byte offsets, in rising order, to characters.
struct Counter<'t> {
    text: &'t str,
    byte: usize,
    characters: usize,
}

impl Counter<'_> {
    fn at(&mut self, byte: usize) -> Option<usize> {
        self.characters += self.text.get(self.byte..byte)?.chars().count();
        self.byte = byte;
        Some(self.characters)
    }

    fn citation(&mut self, item: Found, cluster: Option<u32>) -> Option<Citation> {
        let text = self.text.get(item.start..item.end)?.to_owned();
        let start = self.at(item.start)?;
        let end = self.at(item.end)?;
        Some(Citation {
            text,
            key: item.key,
            kind: item.kind,
            start,
            end,
            pinpoint: item.pinpoint,
            statute: item.statute,
            cluster,
            resolved: item.resolved,
        })
    }
}
