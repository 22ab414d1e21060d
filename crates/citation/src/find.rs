//! A text to its citations.

use crate::citation::{Citation, Kind};
use crate::cluster::clusters;
use crate::found::Found;
use crate::link::link;
use crate::scan::scan;

/// The most citations of one text. A judgment of a thousand pages has some ten thousand.
pub const MOST: usize = 250_000;

/// The citations of a text, in its order; none overlaps another, but the cases of a range ("Nos. 12-14 of 2004") and
/// its provisions ("sections 3 to 5") share its span.
///
/// Remove repeated page furniture first: a running head inside a citation breaks it. A text that is nothing but citations is
/// searched until there are [`MOST`]; [`find_until`] tells whether that happened.
pub fn find(text: &str) -> Vec<Citation> {
    find_until(text, MOST).0
}

/// The citations of a text until there are about `most`, and the character before which the search stopped, if it did not
/// reach the end.
pub fn find_until(text: &str, most: usize) -> (Vec<Citation>, Option<usize>) {
    let scan = scan(text, most);
    let stopped = scan.stopped;
    let citations = settled(text, link(text, scan));
    let stopped = stopped.map(|at| characters(text.get(..at).unwrap_or(text)));
    (citations, stopped)
}

fn settled(text: &str, mut found: Vec<Found>) -> Vec<Citation> {
    found.sort_by_key(|item| item.start);
    let mut last = (0, 0, None);
    found.retain(|item| {
        let apart = item.start >= last.1 && item.start < item.end;
        let of_range = matches!(item.kind, Kind::CaseNumber | Kind::Diary | Kind::Provision)
            && last == (item.start, item.end, Some(item.kind));
        if apart {
            last = (item.start, item.end, Some(item.kind));
        }
        apart || of_range
    });
    let clusters = clusters(text, &found);
    let mut counter = Counter {
        text,
        span: (0, 0),
        places: (0, 0),
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
    /// The latest span, in bytes and in characters.
    span: (usize, usize),
    places: (usize, usize),
}

impl Counter<'_> {
    fn places(&mut self, start: usize, end: usize) -> Option<(usize, usize)> {
        // What a range stands for has one span.
        if self.span != (start, end) {
            let from = self.places.1 + characters(self.text.get(self.span.1..start)?);
            self.places = (from, from + characters(self.text.get(start..end)?));
            self.span = (start, end);
        }
        Some(self.places)
    }

    fn citation(&mut self, item: Found, cluster: Option<u32>) -> Option<Citation> {
        let text = self.text.get(item.start..item.end)?.to_owned();
        let (start, end) = self.places(item.start, item.end)?;
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

fn characters(text: &str) -> usize {
    text.chars().count()
}
