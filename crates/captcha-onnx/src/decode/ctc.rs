//! Connectionist temporal classification: equal neighbours are one character, blanks are none.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::{BEAM, Candidate, LEAST_LOG, Scores, best_class, chance};

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
#[derive(Clone, Copy, Default)]
struct Ending {
    blank: f64,
    other: f64,
}

impl Ending {
    fn total(self) -> f64 {
        self.blank + self.other
    }
}

/// A prefix: that of its parent and one class more. The root has neither.
#[derive(Clone, Copy, Default)]
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
    const ROOT: usize = 0;

    fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
            longer: HashMap::new(),
        }
    }

    fn node(&self, at: usize) -> Node {
        self.nodes.get(at).copied().unwrap_or_default()
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

/// What a step leads to: a prefix of the beam as it is, or with one class more.
#[derive(Clone, Copy)]
struct Reached {
    prefix: usize,
    grown: Option<usize>,
    ending: Ending,
}

/// The beam: the prefixes that are followed, best first. Chances are kept as multiples of the best
/// one's, so that long ones do not vanish, and so that adding two takes no logarithm.
struct Beam {
    prefixes: Prefixes,
    followed: Vec<(usize, Ending)>,
    /// The logarithm of what the chances are multiples of.
    scale: f64,
    reached: Vec<Reached>,
}

impl Beam {
    fn new() -> Self {
        let start = Ending {
            blank: 1.0,
            other: 0.0,
        };
        Self {
            prefixes: Prefixes::new(),
            followed: vec![(Prefixes::ROOT, start)],
            scale: 0.0,
            reached: Vec::new(),
        }
    }

    /// One step on: `blank` is the chance of the blank, `likely` those of the classes worth following.
    fn step(&mut self, blank: f64, likely: &[(usize, f64)], longest: usize) {
        self.reached.clear();
        let stay = |(prefix, ending): &(usize, Ending)| Reached {
            prefix: *prefix,
            grown: None,
            ending: Ending {
                blank: ending.total() * blank,
                other: 0.0,
            },
        };
        self.reached.extend(self.followed.iter().map(stay));
        for (place, (prefix, ending)) in self.followed.iter().enumerate() {
            let node = self.prefixes.node(*prefix);
            // Prefixes of the beam that are this one and a class more.
            let mut longer = [(usize::MAX, 0); BEAM];
            let mut count = 0;
            for (place, (other, _)) in self.followed.iter().enumerate() {
                let other = self.prefixes.node(*other);
                if let (true, Some(class)) = (other.parent == *prefix, other.class) {
                    longer[count] = (class, place);
                    count += 1;
                }
            }
            let longer = longer.get(..count).unwrap_or_default();
            for (class, chance) in likely.iter().copied() {
                let mut from = ending.total();
                if node.class == Some(class) {
                    // The same class again is the same character, unless a blank lay between.
                    self.reached[place].ending.other += ending.other * chance;
                    from = ending.blank;
                }
                if node.length >= longest || from <= 0.0 {
                    continue;
                }
                if let Some((_, known)) = longer.iter().find(|(known, _)| *known == class) {
                    self.reached[*known].ending.other += from * chance;
                } else {
                    self.reached.push(Reached {
                        prefix: *prefix,
                        grown: Some(class),
                        ending: Ending {
                            blank: 0.0,
                            other: from * chance,
                        },
                    });
                }
            }
        }
        self.follow_best();
    }

    /// Of what was reached, the best are followed.
    fn follow_best(&mut self) {
        let better = |a: &Reached, b: &Reached| {
            let by_chance = b.ending.total().total_cmp(&a.ending.total());
            by_chance.then((a.prefix, a.grown).cmp(&(b.prefix, b.grown)))
        };
        if self.reached.len() > BEAM {
            self.reached.select_nth_unstable_by(BEAM, better);
            self.reached.truncate(BEAM);
        }
        self.reached.sort_unstable_by(better);
        let best = self.reached.first().map_or(0.0, |r| r.ending.total());
        self.followed.clear();
        if best <= 0.0 {
            return;
        }
        self.scale += best.ln();
        for reached in &self.reached {
            let prefix = match reached.grown {
                Some(class) => self.prefixes.grow(reached.prefix, class),
                None => reached.prefix,
            };
            let ending = Ending {
                blank: reached.ending.blank / best,
                other: reached.ending.other / best,
            };
            self.followed.push((prefix, ending));
        }
    }
}

/// The texts of up to `longest` characters that the beam ends with, best first.
pub(crate) fn ctc_candidates(scores: &Scores, blank: usize, longest: usize) -> Vec<Candidate> {
    let mut beam = Beam::new();
    let mut likely = Vec::new();
    for step in scores.steps() {
        likely.clear();
        let mut chance_of_blank = 0.0;
        for (class, log) in step.iter().enumerate() {
            if *log < LEAST_LOG {
                continue;
            }
            let chance = f64::from(chance(*log));
            if class == blank {
                chance_of_blank = chance;
            } else {
                likely.push((class, chance));
            }
        }
        beam.step(chance_of_blank, &likely, longest);
    }
    let candidate = |(prefix, ending): &(usize, Ending)| Candidate {
        classes: beam.prefixes.classes(*prefix),
        probability: ((ending.total().ln() + beam.scale).exp() as f32).min(1.0),
    };
    let candidates = beam.followed.iter().map(candidate);
    candidates.filter(|found| found.probability > 0.0).collect()
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
