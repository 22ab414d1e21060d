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
