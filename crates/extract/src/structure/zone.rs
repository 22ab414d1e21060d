//! A stretch of pages as one text to read in, every byte of which knows its place on its page.

use std::ops::Range;

use nirnay_model::PageText;

use super::found::Found;
use super::parts::Span;

/// A run of letters set apart (`J U D G M E N T`) is at least this long; shorter ones are initials.
const LETTERS_SET_APART: usize = 4;

/// The text of some pages, spelled evenly: digits in ASCII, quotes straight, dashes hyphens, letters
/// that were set apart joined. What is found in it is reported as printed.
#[derive(Debug, Default)]
pub(crate) struct Zone {
    /// The even text.
    text: String,
    /// For every byte of `text`, and one behind it, the character of `raw` it comes from.
    origin: Vec<u32>,
    raw: Vec<char>,
    parts: Vec<Part>,
    /// What the confidence of everything found here is multiplied with.
    trust: f32,
}

/// A page's share of `raw`.
#[derive(Debug)]
struct Part {
    /// Where it begins in `raw`.
    first: u32,
    page: u32,
    /// The character of the page's text that it begins with.
    offset: u32,
    furniture: bool,
}

impl Zone {
    /// The bodies of the first pages, `limit` characters at most.
    pub(crate) fn head<'a>(
        pages: impl Iterator<Item = &'a PageText>,
        limit: usize,
        trust: f32,
    ) -> Self {
        let mut zone = Self {
            trust,
            ..Self::default()
        };
        for page in pages {
            let room = limit.saturating_sub(zone.raw.len());
            if room == 0 {
                break;
            }
            zone.add(page.page, 0, page.text.chars().take(room), false);
        }
        zone.spell();
        zone
    }

    /// The ends of the bodies of the last pages, `limit` characters at most.
    pub(crate) fn tail(pages: &[&PageText], limit: usize, trust: f32) -> Self {
        let mut zone = Self {
            trust,
            ..Self::default()
        };
        let mut shares = Vec::new();
        let mut room = limit;
        for page in pages.iter().rev() {
            if room == 0 {
                break;
            }
            let chars = page.text.chars().count();
            let skipped = chars.saturating_sub(room);
            room -= chars - skipped;
            shares.push((*page, skipped));
        }
        for (page, skipped) in shares.into_iter().rev() {
            zone.add(
                page.page,
                skipped as u32,
                page.text.chars().skip(skipped),
                false,
            );
        }
        zone.spell();
        zone
    }

    /// The bodies of pages between the ends of `span`, `limit` characters at most.
    pub(crate) fn within<'a>(
        pages: impl Iterator<Item = &'a PageText>,
        span: &Span,
        limit: usize,
        trust: f32,
    ) -> Self {
        let mut zone = Self {
            trust,
            ..Self::default()
        };
        for page in pages {
            let room = limit.saturating_sub(zone.raw.len());
            if room == 0 {
                break;
            }
            let from = if page.page == span.page {
                span.start
            } else {
                0
            };
            let to = if page.page == span.end_page {
                span.end
            } else {
                u32::MAX
            };
            let share = page
                .text
                .chars()
                .take(to as usize)
                .skip(from as usize)
                .take(room);
            zone.add(page.page, from, share, false);
        }
        zone.spell();
        zone
    }

    /// The furniture of the first pages, `limit` characters at most.
    pub(crate) fn furniture<'a>(
        pages: impl Iterator<Item = &'a PageText>,
        limit: usize,
        trust: f32,
    ) -> Self {
        let mut zone = Self {
            trust,
            ..Self::default()
        };
        for page in pages {
            let room = limit.saturating_sub(zone.raw.len());
            if room == 0 {
                break;
            }
            zone.add(page.page, 0, page.furniture.chars().take(room), true);
        }
        zone.spell();
        zone
    }

    fn add(&mut self, page: u32, offset: u32, chars: impl Iterator<Item = char>, furniture: bool) {
        self.parts.push(Part {
            first: self.raw.len() as u32,
            page,
            offset,
            furniture,
        });
        self.raw.extend(chars);
        self.raw.push('\n');
    }

    /// Makes `text` from `raw`.
    fn spell(&mut self) {
        self.text.reserve(self.raw.len());
        self.origin.reserve(self.raw.len() + 1);
        let mut at = 0;
        while at < self.raw.len() {
            let apart = letters_apart(&self.raw, at);
            if apart.len() >= LETTERS_SET_APART {
                for &place in &apart {
                    let c = self.raw.get(place).copied().unwrap_or(' ');
                    self.put(c, place);
                }
                at = apart.last().map_or(at + 1, |last| last + 1);
                continue;
            }
            self.put_evenly(at);
            at += 1;
        }
        self.origin.push(self.raw.len() as u32);
    }

    fn put(&mut self, c: char, place: usize) {
        self.text.push(c);
        for _ in 0..c.len_utf8() {
            self.origin.push(place as u32);
        }
    }

    fn put_evenly(&mut self, place: usize) {
        let Some(&c) = self.raw.get(place) else {
            return;
        };
        match c {
            '\n' => self.put('\n', place),
            '\r' => {}
            '\u{2019}' | '\u{2018}' | '\u{201b}' | '`' | '\u{b4}' => self.put('\'', place),
            '\u{201c}' | '\u{201d}' => self.put('"', place),
            '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => self.put('-', place),
            '\u{2026}' => {
                for _ in 0..3 {
                    self.put('.', place);
                }
            }
            c if c.is_whitespace() || c.is_control() => {
                if !self.text.ends_with([' ', '\n']) {
                    self.put(' ', place);
                }
            }
            c => self.put(digit(c).unwrap_or(c), place),
        }
    }

    /// The even text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A piece of the even text; empty where the range is not one.
    pub(crate) fn get(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }

    /// The even text from `at` on.
    pub(crate) fn from(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or("")
    }

    /// `value` as read from `range` of the even text, white space at its ends left out.
    pub(crate) fn found<T>(&self, range: Range<usize>, value: T, confidence: f32) -> Found<T> {
        let mut first = self.origin_of(range.start);
        let mut last = range
            .end
            .checked_sub(1)
            .map_or(0, |at| self.origin_of(at) + 1);
        let blank = |at: usize| self.raw.get(at).is_none_or(|c| c.is_whitespace());
        while first < last && blank(first) {
            first += 1;
        }
        while first < last && blank(last - 1) {
            last -= 1;
        }
        let printed: String = self
            .raw
            .get(first..last)
            .unwrap_or_default()
            .iter()
            .collect();
        let (page, start, furniture) = self.place(first);
        let (end_page, end, _) = self.place(last.saturating_sub(1).max(first));
        Found {
            text: fold(&printed),
            value,
            page,
            start,
            end: if last > first { end + 1 } else { end },
            end_page: (end_page != page).then_some(end_page),
            furniture,
            confidence: (confidence * self.trust * 100.0).round() / 100.0,
        }
    }

    fn origin_of(&self, byte: usize) -> usize {
        self.origin
            .get(byte)
            .map_or(self.raw.len(), |at| *at as usize)
    }

    fn place(&self, raw: usize) -> (u32, u32, bool) {
        let after = self
            .parts
            .partition_point(|part| part.first as usize <= raw);
        after
            .checked_sub(1)
            .and_then(|at| self.parts.get(at))
            .map_or((0, 0, false), |part| {
                (
                    part.page,
                    part.offset + (raw as u32 - part.first),
                    part.furniture,
                )
            })
    }
}

/// The places of the capitals of a word set apart that begins at `at`: `J U D G M E N T`, or a letter
/// a line.
fn letters_apart(raw: &[char], at: usize) -> Vec<usize> {
    let mut places = Vec::new();
    let begins = raw.get(at).is_some_and(char::is_ascii_uppercase)
        && matches!(raw.get(at + 1), Some(' ' | '\n' | '\u{a0}'));
    if !begins {
        return places;
    }
    if at
        .checked_sub(1)
        .and_then(|before| raw.get(before))
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '\''))
    {
        return places;
    }
    let mut next = at;
    let mut gap = None;
    while raw.get(next).is_some_and(char::is_ascii_uppercase) {
        places.push(next);
        let blank = raw.get(next + 1).copied();
        let mut after = next + 2;
        while blank == Some('\n') && raw.get(after) == Some(&'\n') && after < next + 4 {
            after += 1;
        }
        let follower = raw.get(after).copied();
        match (blank, follower) {
            (Some(blank @ (' ' | '\n' | '\u{a0}')), Some('A'..='Z'))
                if gap.is_none_or(|gap| gap == blank) =>
            {
                gap = Some(blank);
                next = after;
            }
            _ => break,
        }
    }
    // A capital that begins a longer word is no part of it: `A B Chandra`.
    while places.last().is_some_and(|last| {
        raw.get(last + 1)
            .is_some_and(|c| c.is_alphanumeric() || *c == '.')
    }) {
        places.pop();
    }
    places
}

/// The ASCII digit of a decimal digit of an Indian script.
fn digit(c: char) -> Option<char> {
    let code = c as u32;
    let zero = match code {
        0x660..=0x669 => 0x660,
        0x6F0..=0x6F9 => 0x6F0,
        0x966..=0x96F => 0x966,
        0x9E6..=0x9EF => 0x9E6,
        0xA66..=0xA6F => 0xA66,
        0xAE6..=0xAEF => 0xAE6,
        0xB66..=0xB6F => 0xB66,
        0xBE6..=0xBEF => 0xBE6,
        0xC66..=0xC6F => 0xC66,
        0xCE6..=0xCEF => 0xCE6,
        0xD66..=0xD6F => 0xD66,
        _ => return None,
    };
    char::from_digit(code - zero, 10)
}

/// White space folded to single spaces.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// The last bytes of a text, at most so many.
pub(crate) fn end_of(text: &str, bytes: usize) -> &str {
    let from = text.ceil_char_boundary(text.len().saturating_sub(bytes));
    text.get(from..).unwrap_or("")
}

/// The lines of a text with the byte each begins at.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split('\n').map(move |line| {
        let begins = at;
        at += line.len() + 1;
        (begins, line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u32, text: &str) -> PageText {
        PageText {
            page: number,
            text: text.to_owned(),
            ..PageText::default()
        }
    }

    #[test]
    fn every_word_knows_its_page() {
        let pages = [
            page(1, "\u{a0}J U D G M E N T\nA B Chandra"),
            page(2, "वाद संख्या १२"),
        ];
        let zone = Zone::head(pages.iter(), 1000, 1.0);
        assert!(zone.text().contains("JUDGMENT\nA B Chandra\n"));
        let at = zone.text().find("JUDGMENT").unwrap();
        let found = zone.found(at..at + 8, (), 1.0);
        assert_eq!(
            (found.text.as_str(), found.page, found.start, found.end),
            ("J U D G M E N T", 1, 1, 16)
        );
        let at = zone.text().find("12").unwrap();
        let found = zone.found(at..at + 2, (), 1.0);
        assert_eq!(
            (found.text.as_str(), found.page, found.start, found.end),
            ("१२", 2, 11, 13)
        );
    }

    #[test]
    fn the_tail_counts_from_the_start_of_its_page() {
        let first = page(1, "long ago");
        let last = page(2, "xxxxx\nDismissed.");
        let zone = Zone::tail(&[&first, &last], 10, 1.0);
        assert_eq!(zone.text(), "Dismissed.\n");
        assert_eq!(zone.found(0..9, (), 1.0).start, 6);
    }

    #[test]
    fn a_letter_a_line() {
        let pages = [page(1, "O\nR\nD\nE\nR\n1.\nLeave")];
        assert_eq!(
            Zone::head(pages.iter(), 99, 1.0).text(),
            "ORDER\n1.\nLeave\n"
        );
    }
}
