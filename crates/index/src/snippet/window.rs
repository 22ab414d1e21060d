//! Choosing the windows of a text that show a query best.

use std::collections::HashMap;
use std::ops::Range;

use super::{Match, SNIPPET_CHARS};

/// How far apart, in characters, the first and last match of a window may be: the rest is context.
const SPREAD: usize = SNIPPET_CHARS - 40;
/// Matches beyond so many no longer make a window better.
const COUNTED: usize = 9;

/// A stretch of one page with its matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) page: u32,
    /// The bytes of the page in the text.
    pub(crate) bounds: Range<usize>,
    pub(crate) matches: Vec<Range<usize>>,
}

/// A match with its place in characters and its page.
struct Placed<'a> {
    found: &'a Match,
    from: usize,
    to: usize,
    page: usize,
}

/// Up to `wanted` windows, in the order of the text: those with the most needles not shown by a
/// better window, then with the most needles, then with the most matches, then the earliest.
pub(super) fn best(
    body: &str,
    pages: &[(u32, usize)],
    matches: &[Match],
    wanted: usize,
) -> Vec<Window> {
    let placed = place(body, pages, matches);
    let mut free = vec![true; placed.len()];
    let mut shown: Vec<usize> = Vec::new();
    let mut chosen: Vec<Range<usize>> = Vec::new();
    while chosen.len() < wanted {
        let Some(window) = best_of(&placed, &free, &shown) else {
            break;
        };
        shown.extend(
            placed
                .get(window.clone())
                .unwrap_or(&[])
                .iter()
                .map(|match_| match_.found.needle),
        );
        // Matches that would fall into the context of this window are shown by it.
        let reach = reach(&placed, &window);
        free.iter_mut()
            .skip(reach.start)
            .take(reach.len())
            .for_each(|free| *free = false);
        chosen.push(window);
    }
    chosen.sort_by_key(|window| window.start);
    chosen
        .into_iter()
        .filter_map(|window| into_window(&placed, &window, body, pages))
        .collect()
}

fn place<'a>(body: &str, pages: &[(u32, usize)], matches: &'a [Match]) -> Vec<Placed<'a>> {
    let (mut byte, mut chars) = (0, 0);
    let count = |from: usize, to: usize| body.get(from..to).map_or(0, |text| text.chars().count());
    matches
        .iter()
        .map(|found| {
            chars += count(byte, found.range.start);
            byte = found.range.start;
            Placed {
                found,
                from: chars,
                to: chars + count(found.range.start, found.range.end),
                page: pages
                    .partition_point(|(_, start)| *start <= found.range.start)
                    .saturating_sub(1),
            }
        })
        .collect()
}

/// The best run of free matches on one page and within [`SPREAD`].
fn best_of(placed: &[Placed<'_>], free: &[bool], shown: &[usize]) -> Option<Range<usize>> {
    let mut best: Option<((usize, usize, usize), Range<usize>)> = None;
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut end = 0;
    for start in 0..placed.len() {
        end = end.max(start);
        while let Some(next) = placed.get(end)
            && fits(placed.get(start), next)
            && free.get(end) == Some(&true)
        {
            *counts.entry(next.found.needle).or_default() += 1;
            end += 1;
        }
        if end > start {
            let fresh = counts
                .keys()
                .filter(|needle| !shown.contains(needle))
                .count();
            let score = (fresh, counts.len(), (end - start).min(COUNTED));
            if best.as_ref().is_none_or(|(held, _)| score > *held) {
                best = Some((score, start..end));
            }
            leave(&mut counts, placed.get(start));
        }
    }
    best.map(|(_, window)| window)
}

fn fits(first: Option<&Placed<'_>>, next: &Placed<'_>) -> bool {
    first.is_some_and(|first| {
        std::ptr::eq(first, next) || (first.page == next.page && next.to <= first.from + SPREAD)
    })
}

fn leave(counts: &mut HashMap<usize, usize>, first: Option<&Placed<'_>>) {
    if let Some(first) = first
        && let Some(count) = counts.get_mut(&first.found.needle)
    {
        *count -= 1;
        if *count == 0 {
            counts.remove(&first.found.needle);
        }
    }
}

/// The matches of the same page that lie within a snippet's length of a window.
fn reach(placed: &[Placed<'_>], window: &Range<usize>) -> Range<usize> {
    let (Some(first), Some(last)) = (placed.get(window.start), placed.get(window.end - 1)) else {
        return window.clone();
    };
    let from = placed.partition_point(|other| {
        other.page < first.page
            || (other.page == first.page && other.from + SNIPPET_CHARS < first.from)
    });
    let to = placed.partition_point(|other| {
        other.page < first.page
            || (other.page == first.page && other.from <= last.to + SNIPPET_CHARS)
    });
    from.min(window.start)..to.max(window.end)
}

fn into_window(
    placed: &[Placed<'_>],
    window: &Range<usize>,
    body: &str,
    pages: &[(u32, usize)],
) -> Option<Window> {
    let matches = placed.get(window.clone())?;
    let page = matches.first()?.page;
    let (number, start) = pages.get(page).copied().unwrap_or((1, 0));
    let end = pages.get(page + 1).map_or(body.len(), |(_, next)| *next);
    Some(Window {
        page: number,
        bounds: start..end,
        matches: matches
            .iter()
            .map(|match_| match_.found.range.clone())
            .collect(),
    })
}
