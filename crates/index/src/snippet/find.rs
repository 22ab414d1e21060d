//! Finding the needles of a query in a text.

use std::collections::HashMap;
use std::ops::Range;

use super::{Match, cut, window};
use crate::Snippet;
use crate::query::{Needle, distance};
use crate::text::{Stems, groups, spell, words};

/// Only the beginning of a very long text is looked through.
const MAX_BYTES: usize = 8 << 20;
/// Enough to choose from, and few enough to sort.
const MAX_FINDS: usize = 10_000;
/// The words remembered from text to text.
const SEEN_WORDS: usize = 100_000;

/// A step of a phrase: `index`-th word of the `sequence`-th way to write needle `needle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    needle: usize,
    sequence: usize,
    index: usize,
}

/// A word of the text that is a step of some phrase.
struct Find {
    position: usize,
    range: Range<usize>,
    steps: Vec<Step>,
}

/// What a word of a text answers.
#[derive(Debug, Clone, Default)]
struct Answer {
    needle: Option<usize>,
    steps: Vec<Step>,
}

impl Answer {
    fn note(&self, range: Range<usize>, matches: &mut Vec<Match>, steps: &mut Vec<Step>) {
        matches.extend(self.needle.map(|needle| Match { range, needle }));
        steps.extend(&self.steps);
    }
}

/// Makes the snippets of the hits of one search.
pub(crate) struct Highlighter {
    stems: Stems,
    words: HashMap<String, usize>,
    prefixes: Vec<(String, usize)>,
    /// Words of which so many letters may be wrong.
    fuzzy: Vec<(String, usize, usize)>,
    steps: HashMap<String, Vec<Step>>,
    /// Length of each sequence and the words that may stand in between.
    phrases: HashMap<(usize, usize), (usize, usize)>,
    /// What the words of the texts so far answer: the same few words make up most of any text.
    seen: HashMap<String, Answer>,
    word: String,
}

impl Highlighter {
    pub(crate) fn new(needles: &[Needle], stems: Stems) -> Self {
        let mut this = Self {
            stems,
            words: HashMap::new(),
            prefixes: Vec::new(),
            fuzzy: Vec::new(),
            steps: HashMap::new(),
            phrases: HashMap::new(),
            seen: HashMap::new(),
            word: String::new(),
        };
        for (needle, form) in needles.iter().enumerate() {
            match form {
                Needle::Word(word) => {
                    this.words.insert(word.clone(), needle);
                }
                Needle::Prefix(prefix) => this.prefixes.push((prefix.clone(), needle)),
                Needle::Fuzzy(word, wrong) => this.fuzzy.push((word.clone(), *wrong, needle)),
                Needle::Phrase { sequences, slop } => {
                    for (sequence, words) in sequences.iter().enumerate() {
                        this.phrases
                            .insert((needle, sequence), (words.len(), *slop));
                        for (index, word) in words.iter().enumerate() {
                            let step = Step {
                                needle,
                                sequence,
                                index,
                            };
                            this.steps.entry(word.clone()).or_default().push(step);
                        }
                    }
                }
            }
        }
        this
    }

    /// Up to `wanted` snippets of `body`, in the order of the text. `pages` are page numbers with
    /// the byte at which each begins. Without any match: the opening of the text.
    pub(crate) fn snippets(
        &mut self,
        body: &str,
        pages: &[(u32, usize)],
        wanted: usize,
    ) -> Vec<Snippet> {
        if wanted == 0 || body.trim().is_empty() {
            return Vec::new();
        }
        let matches = self.matches(body);
        if matches.is_empty() {
            return cut::opening(body, pages).into_iter().collect();
        }
        window::best(body, pages, &matches, wanted)
            .into_iter()
            .map(|window| cut::snippet(body, &window))
            .collect()
    }

    /// The byte ranges of `text` that match, in order, joined where they overlap.
    pub(crate) fn ranges(&mut self, text: &str) -> Vec<(usize, usize)> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for found in self.matches(text) {
            match ranges.last_mut() {
                Some(last) if found.range.start <= last.1 => last.1 = last.1.max(found.range.end),
                _ => ranges.push((found.range.start, found.range.end)),
            }
        }
        ranges
    }

    /// All matches, in the order of their beginnings.
    fn matches(&mut self, body: &str) -> Vec<Match> {
        let mut matches = Vec::new();
        let mut finds: Vec<Find> = Vec::new();
        let nothing = self.words.is_empty() && self.prefixes.is_empty() && self.fuzzy.is_empty();
        if nothing && self.steps.is_empty() {
            return matches;
        }
        for (position, group) in groups(body).enumerate() {
            if group.first.start > MAX_BYTES || matches.len() + finds.len() > MAX_FINDS {
                break;
            }
            let mut steps: Vec<Step> = Vec::new();
            if group.rest.is_empty() {
                let mut word = std::mem::take(&mut self.word);
                spell(body, &group.first, &mut word);
                self.take(&word, group.first.clone(), &mut matches, &mut steps);
                self.word = word;
            } else {
                for (range, word) in words(body, &group) {
                    self.take(&word, range, &mut matches, &mut steps);
                }
            }
            if !steps.is_empty() {
                let range = group.range();
                finds.push(Find {
                    position,
                    range,
                    steps,
                });
            }
        }
        self.follow(&finds, &mut matches);
        matches.sort_by_key(|found| (found.range.start, found.range.end));
        matches
    }

    /// Notes what a word of the text answers.
    fn take(
        &mut self,
        word: &str,
        range: Range<usize>,
        matches: &mut Vec<Match>,
        steps: &mut Vec<Step>,
    ) {
        let Some(answer) = self.seen.get(word) else {
            if self.seen.len() >= SEEN_WORDS {
                self.seen.clear();
            }
            let answer = self.answer(word);
            answer.note(range, matches, steps);
            self.seen.insert(word.to_owned(), answer);
            return;
        };
        answer.note(range, matches, steps);
    }

    fn answer(&mut self, exact: &str) -> Answer {
        let prefix = self
            .prefixes
            .iter()
            .find(|(prefix, _)| exact.starts_with(prefix.as_str()));
        let needle = match prefix {
            Some((_, needle)) => Some(*needle),
            None => self.words.get(self.stems.loose(exact)).copied(),
        };
        let nearly = || {
            let mut fuzzy = self.fuzzy.iter();
            fuzzy.find(|(word, wrong, _)| distance(word, exact) <= *wrong)
        };
        let needle = needle.or_else(|| nearly().map(|(.., needle)| *needle));
        let steps = self.steps.get(exact).cloned().unwrap_or_default();
        Answer { needle, steps }
    }

    /// Finds whole phrases among their words.
    fn follow(&self, finds: &[Find], matches: &mut Vec<Match>) {
        for (at, find) in finds.iter().enumerate() {
            let rest = finds.get(at..).unwrap_or(&[]);
            for step in &find.steps {
                let Some(&(length, slop)) = self.phrases.get(&(step.needle, step.sequence)) else {
                    continue;
                };
                let end = match (slop, step.index) {
                    (0, 0) => adjacent(rest, *step, length),
                    (0, _) => None,
                    _ => within(rest, *step, length, slop),
                };
                if let Some(end) = end {
                    matches.push(Match {
                        range: find.range.start..end,
                        needle: step.needle,
                    });
                }
            }
        }
    }
}

/// The end of the phrase whose first word is the first of `finds`.
fn adjacent(finds: &[Find], first: Step, length: usize) -> Option<usize> {
    let position = finds.first()?.position;
    (0..length).try_fold(0, |_, index| {
        // Finds are in the order of their positions, one a position: the word is there or nowhere.
        let find = finds
            .get(index)
            .filter(|find| find.position == position + index)?;
        find.steps
            .contains(&Step { index, ..first })
            .then_some(find.range.end)
    })
}

/// The end of the shortest stretch that begins with the first of `finds` and holds all words of its
/// phrase in any order, with at most `slop` others.
fn within(finds: &[Find], first: Step, length: usize, slop: usize) -> Option<usize> {
    let last_position = finds.first()?.position + length - 1 + slop;
    let mut missing: Vec<usize> = (0..length).collect();
    for find in finds
        .iter()
        .take_while(|find| find.position <= last_position)
    {
        missing.retain(|index| {
            !find.steps.contains(&Step {
                index: *index,
                ..first
            })
        });
        if missing.is_empty() {
            return Some(find.range.end);
        }
    }
    None
}
