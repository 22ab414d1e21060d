//! Cutting a window out of a text: context around the matches, whole words, one line.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::SNIPPET_CHARS;
use super::window::Window;
use crate::Snippet;

/// How far a cut may move to fall between two words, in characters.
const SNAP: usize = 30;

/// The snippet that shows `window` of `body`.
pub(super) fn snippet(body: &str, window: &Window) -> Snippet {
    let range = widen(body, window);
    let matches: Vec<Range<usize>> = window
        .matches
        .iter()
        .map(|found| found.start.max(range.start)..found.end.min(range.end))
        .filter(|found| !found.is_empty())
        .collect();
    let (text, highlights) = fold(body.get(range.clone()).unwrap_or(""), range.start, &matches);
    Snippet {
        page: window.page,
        text,
        highlights,
    }
}

/// The first words of the first page that has any.
pub(super) fn opening(body: &str, pages: &[(u32, usize)]) -> Option<Snippet> {
    let first = body.find(|c: char| !c.is_whitespace())?;
    let page = pages
        .partition_point(|(_, start)| *start <= first)
        .saturating_sub(1);
    let number = pages.get(page).map_or(1, |(number, _)| *number);
    let bounds = first..pages.get(page + 1).map_or(body.len(), |(_, next)| *next);
    let end = cut_after(
        body,
        ahead(body, first, SNIPPET_CHARS, bounds.end),
        first,
        bounds.end,
    );
    let (text, highlights) = fold(body.get(first..end)?, first, &[]);
    Some(Snippet {
        page: number,
        text,
        highlights,
    })
}

/// The bytes around the matches of a window that make a snippet of the usual length.
fn widen(body: &str, window: &Window) -> Range<usize> {
    let first = window
        .matches
        .first()
        .map_or(window.bounds.start, |found| found.start);
    let last = window
        .matches
        .iter()
        .map(|found| found.end)
        .max()
        .unwrap_or(first);
    let last = last.min(ahead(body, first, SNIPPET_CHARS, window.bounds.end));
    let inner = body.get(first..last).map_or(0, |text| text.chars().count());
    let spare = SNIPPET_CHARS.saturating_sub(inner);
    let start = behind(body, first, spare / 2, window.bounds.start);
    let used = body.get(start..last).map_or(0, |text| text.chars().count());
    let end = ahead(
        body,
        last,
        SNIPPET_CHARS.saturating_sub(used),
        window.bounds.end,
    );
    cut_before(body, start, first, window.bounds.start)
        ..cut_after(body, end, last, window.bounds.end)
}

/// The byte `chars` characters after `from`, not beyond `limit`.
fn ahead(body: &str, from: usize, chars: usize, limit: usize) -> usize {
    let text = body.get(from..limit).unwrap_or("");
    text.char_indices()
        .nth(chars)
        .map_or(limit.max(from), |(offset, _)| from + offset)
}

/// The byte `chars` characters before `from`, not before `limit`.
fn behind(body: &str, from: usize, chars: usize, limit: usize) -> usize {
    if chars == 0 {
        return from;
    }
    let text = body.get(limit..from).unwrap_or("");
    text.char_indices()
        .rev()
        .nth(chars - 1)
        .map_or(limit.min(from), |(offset, _)| limit + offset)
}

/// Moves the beginning of a cut forward to the beginning of a word, but not past `first`.
fn cut_before(body: &str, start: usize, first: usize, limit: usize) -> usize {
    if start == limit {
        return start;
    }
    let text = body.get(start..first).unwrap_or("");
    let space = text
        .char_indices()
        .take(SNAP)
        .find(|(_, c)| c.is_whitespace());
    match space {
        Some((offset, c)) => start + offset + c.len_utf8(),
        None => text
            .grapheme_indices(true)
            .nth(1)
            .map_or(first, |(offset, _)| start + offset),
    }
}

/// Moves the end of a cut back to the end of a word, but not before `last`.
fn cut_after(body: &str, end: usize, last: usize, limit: usize) -> usize {
    if end == limit {
        return end;
    }
    let text = body.get(last..end).unwrap_or("");
    let space = text
        .char_indices()
        .rev()
        .take(SNAP)
        .find(|(_, c)| c.is_whitespace());
    match space {
        Some((offset, _)) => last + offset,
        // The last cluster may be cut in the middle of a syllable: leave it out.
        None => text
            .grapheme_indices(true)
            .next_back()
            .map_or(last, |(offset, _)| last + offset),
    }
}

/// One line: runs of white space and control characters become a space, none at the ends. Returns
/// the text and the ranges of `matches` in it, joined where they touch.
fn fold(text: &str, base: usize, matches: &[Range<usize>]) -> (String, Vec<(usize, usize)>) {
    let mut out = String::with_capacity(text.len());
    // The byte of `out` for every byte of `text` at which a character begins, and for its end.
    let mut places = Vec::with_capacity(text.len() + 1);
    for (offset, c) in text.char_indices() {
        places.resize(offset + 1, out.len());
        if !c.is_whitespace() && !c.is_control() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    places.resize(text.len() + 1, out.len());
    out.truncate(out.trim_end().len());
    let mut highlights: Vec<(usize, usize)> = Vec::new();
    let place = |byte: usize| {
        places
            .get(byte.saturating_sub(base))
            .copied()
            .unwrap_or(out.len())
            .min(out.len())
    };
    for found in matches {
        let (from, to) = (place(found.start), place(found.end));
        match highlights.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ if from < to => highlights.push((from, to)),
            _ => {}
        }
    }
    (out, highlights)
}
