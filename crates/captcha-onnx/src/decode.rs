//! From the scores of a model to texts: pure functions, small enough to check by hand.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::SolverError;

/// Prefixes kept from step to step.
const BEAM: usize = 16;
/// Classes less likely than e to this power at a step are not followed.
const LEAST_LOG: f32 = -20.0;
/// The most numbers that are looked at.
const MOST_SCORES: usize = 1 << 20;

/// Logarithms of probabilities: for each step, one for each class.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    classes: usize,
    logs: Vec<f32>,
}

/// A sequence of classes with its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The classes of its characters, without blanks and ends.
    pub classes: Vec<usize>,
    /// Its probability, 0 to 1.
    pub probability: f32,
}

impl Scores {
    /// Scores from any numbers that a softmax makes probabilities of, step after step.
    pub fn from_logits(steps: usize, classes: usize, logits: &[f32]) -> Result<Self, SolverError> {
        check(steps, classes, logits)?;
        let mut scores = Self {
            classes,
            logs: logits.to_vec(),
        };
        scores.normalise();
        Ok(scores)
    }

    /// Scores from probabilities, step after step.
    pub fn from_probabilities(
        steps: usize,
        classes: usize,
        values: &[f32],
    ) -> Result<Self, SolverError> {
        check(steps, classes, values)?;
        if values.iter().any(|value| *value < 0.0) {
            return Err(wrong("a probability is negative"));
        }
        let mut scores = Self {
            classes,
            logs: values.iter().map(|value| value.ln()).collect(),
        };
        if scores
            .steps()
            .any(|step| step.iter().all(|log| *log == f32::NEG_INFINITY))
        {
            return Err(wrong("all probabilities of a step are 0"));
        }
        scores.normalise();
        Ok(scores)
    }

    /// Rules out the classes whose entry is `false`; the others share what those had. Entries that
    /// are missing rule nothing out. A step that has only ruled-out classes is left as it is.
    #[must_use]
    pub fn only(mut self, allowed: &[bool]) -> Self {
        for step in self.logs.chunks_exact_mut(self.classes) {
            let may = |class: usize| allowed.get(class).copied().unwrap_or(true);
            if !step
                .iter()
                .enumerate()
                .any(|(class, log)| may(class) && *log > f32::NEG_INFINITY)
            {
                continue;
            }
            for (class, log) in step.iter_mut().enumerate() {
                if !may(class) {
                    *log = f32::NEG_INFINITY;
                }
            }
        }
        self.normalise();
        self
    }

    fn steps(&self) -> impl Iterator<Item = &[f32]> {
        self.logs.chunks_exact(self.classes)
    }

    fn normalise(&mut self) {
        for step in self.logs.chunks_exact_mut(self.classes) {
            let total = step.iter().copied().fold(f32::NEG_INFINITY, add_logs);
            for log in step {
                *log -= total;
            }
        }
    }
}

fn wrong(why: &str) -> SolverError {
    SolverError::Scores {
        why: why.to_owned(),
    }
}

fn check(steps: usize, classes: usize, values: &[f32]) -> Result<(), SolverError> {
    if classes == 0
        || steps.checked_mul(classes) != Some(values.len())
        || values.len() > MOST_SCORES
    {
        return Err(wrong(&format!(
            "{} scores are not {steps} steps of {classes} classes",
            values.len()
        )));
    }
    if !values.iter().all(|value| value.is_finite()) {
        return Err(wrong("a score is not a finite number"));
    }
    Ok(())
}

/// The logarithm of the sum of two probabilities given by their logarithms.
fn add_logs(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY {
        high
    } else {
        high + (low - high).exp().ln_1p()
    }
}

fn best_class(step: &[f32]) -> Option<(usize, f32)> {
    step.iter()
        .copied()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
}

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

/// The `top` most likely texts of a CTC model whose number of characters lies in `length`, best
/// first, each with the probability of all paths that lead to it (as far as the beam of sixteen
/// prefixes saw them).
pub fn ctc_beam(
    scores: &Scores,
    blank: usize,
    length: RangeInclusive<usize>,
    top: usize,
) -> Vec<Candidate> {
    let start = Ending {
        blank: 0.0,
        other: f32::NEG_INFINITY,
    };
    let mut beam: Vec<(Vec<usize>, Ending)> = vec![(Vec::new(), start)];
    for step in scores.steps() {
        let mut next: BTreeMap<Vec<usize>, Ending> = BTreeMap::new();
        for (prefix, ending) in &beam {
            let last = prefix.last().copied();
            for (class, score) in step.iter().copied().enumerate() {
                if score < LEAST_LOG {
                    continue;
                }
                if class == blank {
                    let stay = next.entry(prefix.clone()).or_insert(Ending::NEVER);
                    stay.blank = add_logs(stay.blank, ending.total() + score);
                    continue;
                }
                let mut grow_from = ending.total();
                if last == Some(class) {
                    // The same class again is the same character, unless a blank lay between.
                    let stay = next.entry(prefix.clone()).or_insert(Ending::NEVER);
                    stay.other = add_logs(stay.other, ending.other + score);
                    grow_from = ending.blank;
                }
                if prefix.len() < *length.end() && grow_from > f32::NEG_INFINITY {
                    let longer: Vec<usize> = prefix.iter().copied().chain([class]).collect();
                    let grown = next.entry(longer).or_insert(Ending::NEVER);
                    grown.other = add_logs(grown.other, grow_from + score);
                }
            }
        }
        beam = next.into_iter().collect();
        beam.sort_by(|(_, a), (_, b)| b.total().total_cmp(&a.total()));
        beam.truncate(BEAM);
    }
    beam.into_iter()
        .filter(|(prefix, _)| length.contains(&prefix.len()))
        .map(|(classes, ending)| Candidate {
            classes,
            probability: ending.total().exp(),
        })
        .filter(|candidate| candidate.probability > 0.0)
        .take(top)
        .collect()
}

/// A text of an `argmax` model on its way.
#[derive(Clone)]
struct Line {
    classes: Vec<usize>,
    log: f32,
    ended: bool,
}

/// The `top` most likely texts of a model that gives a character a step, up to the class `end` if
/// there is one, whose number of characters lies in `length`; best first.
pub fn argmax_beam(
    scores: &Scores,
    end: Option<usize>,
    length: RangeInclusive<usize>,
    top: usize,
) -> Vec<Candidate> {
    let mut beam = vec![Line {
        classes: Vec::new(),
        log: 0.0,
        ended: false,
    }];
    for step in scores.steps() {
        let mut next = Vec::new();
        for line in &beam {
            if line.ended {
                next.push(line.clone());
                continue;
            }
            let likely = step
                .iter()
                .copied()
                .enumerate()
                .filter(|(_, score)| *score >= LEAST_LOG);
            for (class, score) in likely {
                let mut grown = Line {
                    log: line.log + score,
                    ..line.clone()
                };
                grown.ended = end == Some(class);
                if !grown.ended {
                    grown.classes.push(class);
                }
                // A text that ends too short cannot become a guess and must not take a place.
                let fits = grown.classes.len() <= *length.end();
                if fits && (!grown.ended || grown.classes.len() >= *length.start()) {
                    next.push(grown);
                }
            }
        }
        next.sort_by(|a, b| b.log.total_cmp(&a.log));
        next.truncate(BEAM);
        beam = next;
    }
    beam.into_iter()
        .filter(|line| length.contains(&line.classes.len()))
        .map(|line| Candidate {
            classes: line.classes,
            probability: line.log.exp(),
        })
        .filter(|candidate| candidate.probability > 0.0)
        .take(top)
        .collect()
}

#[cfg(test)]
mod tests;
