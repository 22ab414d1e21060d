//! Connectionist temporal classification: equal neighbours are one character, blanks are none.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::{BEAM, Candidate, LEAST_LOG, Scores, add_logs, best_class};

/// The most likely path of a CTC model: the best class of each step, equal neighbours as one,
/// without blanks. Its probability is that of the path, not of all paths to the same text.
pub fn ctc_greedy(scores: &Scores, blank: usize) -> Candidate {
    let mut classes = Vec::new();
    let mut log = 0.0;
    let mut before = blank;
    for (class, score) in scores.steps().filter_map(best_class) {
        log += score;
        if class != blank && class != before {
            classes.push(class);
        }
        before = class;
    }
    Candidate {
        classes,
        probability: log.exp(),
    }
}

/// The `top` most likely texts of a CTC model whose number of characters lies in `length`, best
/// first, each with the probability of all paths that lead to it (as far as the beam of sixteen
/// prefixes saw them).
pub fn ctc_beam(
    scores: &Scores,
    blank: usize,
    length: RangeInclusive<usize>,
    top: usize,
) -> Vec<Candidate> {
    let mut found = ctc_candidates(scores, blank, *length.end());
    found.retain(|candidate| length.contains(&candidate.classes.len()));
    found.truncate(top);
    found
}

/// The chance that a prefix was reached with a blank, and without one, at the end.
#[derive(Clone, Copy)]
struct Ending {
    blank: f32,
    other: f32,
}

impl Ending {
    const NEVER: Self = Self {
        blank: f32::NEG_INFINITY,
        other: f32::NEG_INFINITY,
    };

    fn total(self) -> f32 {
        add_logs(self.blank, self.other)
    }
}

/// A prefix: that of its parent and one class more. The root has neither.
#[derive(Clone, Copy)]
struct Node {
    parent: usize,
    class: Option<usize>,
    length: usize,
}

/// All prefixes that were ever followed, so that one is a number and not a list.
struct Prefixes {
    nodes: Vec<Node>,
    longer: HashMap<(usize, usize), usize>,
}

impl Prefixes {
    fn new() -> Self {
        let root = Node {
            parent: 0,
            class: None,
            length: 0,
        };
        Self {
            nodes: vec![root],
            longer: HashMap::new(),
        }
    }

    fn node(&self, at: usize) -> Node {
        self.nodes.get(at).copied().unwrap_or(Node {
            parent: 0,
            class: None,
            length: 0,
        })
    }

    /// The prefix of `parent` and `class`.
    fn grow(&mut self, parent: usize, class: usize) -> usize {
        let length = self.node(parent).length + 1;
        let nodes = &mut self.nodes;
        *self.longer.entry((parent, class)).or_insert_with(|| {
            nodes.push(Node {
                parent,
                class: Some(class),
                length,
            });
            nodes.len() - 1
        })
    }

    fn classes(&self, mut at: usize) -> Vec<usize> {
        let mut classes = Vec::new();
        while let Some(class) = self.node(at).class {
            classes.push(class);
            at = self.node(at).parent;
        }
        classes.reverse();
        classes
    }
}

/// The endings of the prefixes that one step leads to, in the order in which they were found.
#[derive(Default)]
struct Next {
    endings: Vec<(usize, Ending)>,
    places: HashMap<usize, usize>,
}

impl Next {
    fn ending(&mut self, prefix: usize) -> &mut Ending {
        let endings = &mut self.endings;
        let place = *self.places.entry(prefix).or_insert_with(|| {
            endings.push((prefix, Ending::NEVER));
            endings.len() - 1
        });
        &mut self.endings[place].1
    }

    /// The best, best first.
    fn best(self) -> Vec<(usize, Ending)> {
        // Each total once: it costs more than all comparisons.
        let mut ranked: Vec<_> = self
            .endings
            .into_iter()
            .map(|found| (found.1.total(), found))
            .collect();
        ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        ranked.truncate(BEAM);
        ranked.into_iter().map(|(_, found)| found).collect()
    }
}

/// The texts of up to `longest` characters that the beam ends with, best first.
pub(crate) fn ctc_candidates(scores: &Scores, blank: usize, longest: usize) -> Vec<Candidate> {
    let mut prefixes = Prefixes::new();
    let start = Ending {
        blank: 0.0,
        other: f32::NEG_INFINITY,
    };
    let mut beam = vec![(0, start)];
    for step in scores.steps() {
        let likely: Vec<(usize, f32)> = (0..)
            .zip(step.iter().copied())
            .filter(|(_, score)| *score >= LEAST_LOG)
            .collect();
        let mut next = Next::default();
        for (prefix, ending) in &beam {
            let node = prefixes.node(*prefix);
            let total = ending.total();
            for (class, score) in likely.iter().copied() {
                if class == blank {
                    let stay = next.ending(*prefix);
                    stay.blank = add_logs(stay.blank, total + score);
                    continue;
                }
                let mut grow_from = total;
                if node.class == Some(class) {
                    // The same class again is the same character, unless a blank lay between.
                    let stay = next.ending(*prefix);
                    stay.other = add_logs(stay.other, ending.other + score);
                    grow_from = ending.blank;
                }
                if node.length < longest && grow_from > f32::NEG_INFINITY {
                    let grown = next.ending(prefixes.grow(*prefix, class));
                    grown.other = add_logs(grown.other, grow_from + score);
                }
            }
        }
        beam = next.best();
    }
    beam.into_iter()
        .map(|(prefix, ending)| Candidate {
            classes: prefixes.classes(prefix),
            probability: ending.total().exp().min(1.0),
        })
        .filter(|candidate| candidate.probability > 0.0)
        .collect()
}

/// The probability of exactly this text: the sum over all paths that lead to it.
pub(crate) fn ctc_likelihood(scores: &Scores, blank: usize, text: &[usize]) -> f64 {
    // The states of a path: blank, first character, blank, second character, …, blank.
    let states = text.len() * 2 + 1;
    let class_of = |state: usize| match state % 2 {
        0 => blank,
        _ => text.get(state / 2).copied().unwrap_or(blank),
    };
    let mut reached = vec![0.0_f64; states];
    let mut first = true;
    for step in scores.steps() {
        let chance = |state: usize| {
            step.get(class_of(state))
                .map_or(0.0, |log| f64::from(*log).exp())
        };
        let before = |state: Option<usize>| {
            state
                .and_then(|state| reached.get(state))
                .copied()
                .unwrap_or(0.0)
        };
        let now = (0..states)
            .map(|state| {
                if first {
                    return if state < 2 { chance(state) } else { 0.0 };
                }
                let mut from = before(Some(state)) + before(state.checked_sub(1));
                // A blank may be left out between two different characters.
                if state % 2 == 1 && state >= 3 && class_of(state) != class_of(state - 2) {
                    from += before(state.checked_sub(2));
                }
                from * chance(state)
            })
            .collect();
        reached = now;
        first = false;
    }
    if first {
        return if text.is_empty() { 1.0 } else { 0.0 };
    }
    reached.iter().rev().take(2).sum::<f64>().min(1.0)
}
