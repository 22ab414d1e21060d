//! An expression that is fast in every script.
//!
//! The fast engine of `regex` gives up at the first character outside ASCII where the expression
//! has a Unicode `\b`, and the slow one then reads the whole text. So such an expression has a scout:
//! the same with looser word ends, which the fast engine reads to its end. It tells where the
//! expression can begin to match at the earliest, and nearly always it does match there.
//!
//! All of them read the even text of a [`Zone`](super::zone::Zone), where white space is a space or a
//! line feed and a digit that counts is one of ASCII. `\s` and `\d` are compiled as these: the classes
//! of Unicode make expressions with counted repetitions many times as large.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

/// An expression, and the looser one that finds where it may match.
#[derive(Debug)]
pub(crate) struct Pattern {
    exact: Regex,
    scout: Option<LazyLock<Regex, Box<dyn FnOnce() -> Regex + Send>>>,
}

impl Pattern {
    /// An expression of this program's making, in which a letter of ASCII or a digit stands on the
    /// inner side of every `\b`: where that is a word's end by Unicode, it is one by ASCII.
    ///
    /// Tests compile every one of them; `$^`, which matches nothing, stands for one that does not
    /// compile.
    pub(crate) fn new(pattern: &str) -> Self {
        Self::with_scout(pattern, r"(?-u:\b)")
    }

    /// An expression in which letters of any script stand beside `\b`; its scout asks for no word's end.
    pub(crate) fn of_any_script(pattern: &str) -> Self {
        Self::with_scout(pattern, "")
    }

    fn with_scout(pattern: &str, word_end: &'static str) -> Self {
        let pattern = of_even_text(pattern);
        let scout = pattern.contains(r"\b").then(|| {
            let pattern = pattern.clone();
            let loosen: Box<dyn FnOnce() -> Regex + Send> = Box::new(move || {
                // An end that need not be one is no condition to loosen.
                regex(&pattern.replace(r"\b?", "").replace(r"\b", word_end))
            });
            LazyLock::new(loosen)
        });
        Self {
            exact: regex(&pattern),
            scout,
        }
    }

    /// The expression as written.
    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        self.exact.as_str()
    }

    /// The scout as written.
    #[cfg(test)]
    pub(crate) fn scout(&self) -> Option<&str> {
        self.scout.as_ref().map(|scout| scout.as_str())
    }

    fn scout_for(&self, text: &str) -> Option<&Regex> {
        self.scout
            .as_ref()
            .filter(|_| !text.is_ascii())
            .map(|scout| &**scout)
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self.scout_for(text) {
            Some(_) => self.find(text).is_some(),
            None => self.exact.is_match(text),
        }
    }

    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// The first match that begins at `at` or behind it, seen with what stands before.
    pub(crate) fn find_at<'t>(&self, text: &'t str, at: usize) -> Option<Match<'t>> {
        let from = start(self.scout_for(text), text, at)?;
        self.exact.find_at(text, from)
    }

    /// All matches that do not overlap.
    pub(crate) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        let scout = self.scout_for(text);
        let mut at = Some(0);
        std::iter::from_fn(move || {
            let found = self.exact.find_at(text, start(scout, text, at?)?);
            at = found.and_then(|found| behind(text, found));
            found
        })
    }

    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// The groups of the match that [`Self::find_at`] finds.
    pub(crate) fn captures_at<'t>(&self, text: &'t str, at: usize) -> Option<Captures<'t>> {
        let from = start(self.scout_for(text), text, at)?;
        self.exact.captures_at(text, from)
    }

    /// All matches that do not overlap, each of which holds one of `marks` and begins at most `before` bytes before it.
    /// Expressions with a long counted beginning are slow wherever they may begin, which is at every letter.
    pub(crate) fn find_near<'t>(
        &self,
        text: &'t str,
        marks: &Pattern,
        before: usize,
    ) -> impl Iterator<Item = Match<'t>> {
        let mut at = Some(0);
        std::iter::from_fn(move || {
            let from = at?;
            let mark = marks.find_at(text, from)?.start();
            let near = text.floor_char_boundary(mark.saturating_sub(before));
            let found = self.find_at(text, near.max(from));
            at = found.and_then(|found| behind(text, found));
            found
        })
    }

    /// The groups of all matches that do not overlap, each of which holds one of `marks`, begins at most `before`
    /// bytes before it and ends in the line that is `after` bytes after it, or sooner.
    pub(crate) fn captures_near<'t>(
        &self,
        text: &'t str,
        marks: &Pattern,
        (before, after): (usize, usize),
    ) -> impl Iterator<Item = Captures<'t>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for mark in marks.find_iter(text) {
            let from = text.floor_char_boundary(mark.start().saturating_sub(before));
            let to = text.floor_char_boundary(mark.end().saturating_add(after));
            // At the end of a line every word ends, and what is cut off there cannot tell.
            let rest = text.get(to..).unwrap_or("");
            let to = to + rest.find('\n').unwrap_or(rest.len());
            match places.last_mut().filter(|last| last.end >= from) {
                Some(last) => last.end = last.end.max(to),
                None => places.push(from..to),
            }
        }
        let mut at = 0;
        places.into_iter().flat_map(move |place| {
            let part = text.get(..place.end).unwrap_or("");
            let mut next = Some(place.start.max(at));
            let mut found = Vec::new();
            while let Some(from) = next
                && let Some(captures) = self.captures_at(part, from)
            {
                let whole = captures.get(0);
                next = whole.and_then(|whole| behind(part, whole));
                at = whole.map_or(at, |whole| whole.end());
                found.push(captures);
            }
            found
        })
    }

    /// The groups of all matches that do not overlap.
    pub(crate) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let scout = self.scout_for(text);
        let mut at = Some(0);
        std::iter::from_fn(move || {
            let found = self.exact.captures_at(text, start(scout, text, at?)?);
            at = found
                .as_ref()
                .and_then(|found| found.get(0))
                .and_then(|found| behind(text, found));
            found
        })
    }
}

/// Where a match may begin at the earliest, `at` where no scout is needed.
fn start(scout: Option<&Regex>, text: &str, at: usize) -> Option<usize> {
    match scout {
        Some(scout) => scout.find_at(text, at).map(|found| found.start()),
        None => Some(at),
    }
}

/// Where the next match may begin; beyond an empty one lies the next character.
fn behind(text: &str, found: Match<'_>) -> Option<usize> {
    if found.is_empty() {
        let next = text.get(found.end()..)?.chars().next()?;
        Some(found.end() + next.len_utf8())
    } else {
        Some(found.end())
    }
}

/// `\s` and `\d` as what they can match in even text.
fn of_even_text(pattern: &str) -> String {
    let mut out = String::with_capacity(2 * pattern.len());
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            in_class = (in_class && c != ']') || (!in_class && c == '[');
            out.push(c);
            continue;
        }
        let set = match chars.next() {
            Some('s') => r" \n",
            Some('d') => "0-9",
            escaped => {
                out.push(c);
                out.extend(escaped);
                continue;
            }
        };
        if in_class {
            out.push_str(set);
        } else {
            out.extend(["[", set, "]"]);
        }
    }
    out
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern)
        .or_else(|_| Regex::new("$^"))
        .expect("`$^` compiles")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The matches of an expression are those that `regex` finds by itself.
    fn same(pattern: &Pattern, text: &str) {
        let spans = |found: &Captures<'_>| -> Vec<_> {
            found
                .iter()
                .map(|group| group.map(|group| group.range()))
                .collect()
        };
        let expected: Vec<_> = pattern
            .exact
            .captures_iter(text)
            .map(|c| spans(&c))
            .collect();
        let got: Vec<_> = pattern.captures_iter(text).map(|c| spans(&c)).collect();
        assert_eq!(got, expected, "{} in {text}", pattern.as_str());
        let expected: Vec<_> = pattern.exact.find_iter(text).map(|m| m.range()).collect();
        let got: Vec<_> = pattern.find_iter(text).map(|m| m.range()).collect();
        assert_eq!(got, expected, "{} in {text}", pattern.as_str());
        assert_eq!(pattern.is_match(text), pattern.exact.is_match(text));
        assert_eq!(pattern.find(text), pattern.exact.find(text));
    }

    #[test]
    fn scouts_find_what_the_expression_finds() {
        let ascii = Pattern::new(r"(?i)\b(?:court|order)s?\b(?:\s+of)?|(?P<n>\d+)\s?no\b");
        let any = Pattern::of_any_script(r"(?i)(?:\b(?P<m>मई|may)\b?)?\s*(?P<y>\d{4})\b|\bआदेश\b");
        for text in [
            "",
            "The Court of orders, 12no",
            "“Courts” of – recourt courtक कcourt court",
            "12 no 13noक 14 no… ५ no",
            "मई 2020 मई2021 कमई 2022 may 2023क 2024 आदेश आदेशक",
            "dismay 2020 – may 2021",
        ] {
            same(&ascii, text);
            same(&any, text);
        }
    }

    #[test]
    fn places_near_marks_hold_all_there_is_to_find() {
        let pattern = Pattern::new(
            r"(?i)\b(?:appeal|case)s?\b[^.\n]{0,20}(?:\n[^.\n]{0,10})?\b(?:is|are)\s+(?P<what>allowed|closed)\b|(?m)^(?P<line>Case [^\n]{0,9}closed)$",
        );
        let marks = Pattern::new("(?i)allowed|closed");
        let words = [
            "appeal",
            "cases",
            "Case",
            "is",
            "are",
            "allowed",
            "closed",
            "CLOSED",
            "the",
            "\u{905}",
            ".",
            "\n",
            "\n\n",
            "long-winded",
        ];
        let mut state = 7_u64;
        for _ in 0..3_000 {
            let mut text = String::new();
            for _ in 0..40 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                text.push_str(words[(state >> 33) as usize % words.len()]);
                text.push_str(if state >> 62 == 0 { "" } else { " " });
            }
            let spans = |found: Captures<'_>| -> Vec<_> {
                let groups = found.iter();
                groups
                    .map(|group| group.map(|group| group.range()))
                    .collect()
            };
            let all: Vec<_> = pattern.captures_iter(&text).map(spans).collect();
            let near = pattern.captures_near(&text, &marks, (60, 20));
            assert_eq!(near.map(spans).collect::<Vec<_>>(), all, "{text}");
            let all: Vec<_> = pattern.find_iter(&text).collect();
            let near = pattern.find_near(&text, &marks, 60);
            assert_eq!(near.collect::<Vec<_>>(), all, "{text}");
        }
    }

    #[test]
    fn only_word_ends_need_a_scout() {
        assert!(Pattern::new(r"[,;]\s*and").scout().is_none());
        assert_eq!(Pattern::new(r"\ba\b").scout(), Some(r"(?-u:\b)a(?-u:\b)"));
    }

    #[test]
    fn classes_of_even_text() {
        assert_eq!(
            of_even_text(r"\s?[^\]\d\s]\d{2}\p{L}"),
            r"[ \n]?[^\]0-9 \n][0-9]{2}\p{L}"
        );
    }
}
