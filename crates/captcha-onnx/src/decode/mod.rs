//! From the scores of a model to texts: pure functions, small enough to check by hand.

mod argmax;
mod ctc;

pub use argmax::argmax_beam;
pub(crate) use argmax::{argmax_candidates, argmax_likelihood};
pub use ctc::{ctc_beam, ctc_greedy};
pub(crate) use ctc::{ctc_candidates, ctc_likelihood};

use crate::SolverError;

/// Readings kept from step to step.
const BEAM: usize = 16;
/// Classes less likely than e to this power at a step are not followed.
const LEAST_LOG: f32 = -14.0;
/// A probability of less than e to this power counts as none where probabilities are added up.
const NO_CHANCE: f32 = -80.0;
/// The most numbers that are looked at: 250 steps of a model with 8,000 classes.
const MOST_SCORES: usize = 1 << 21;

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
        let (kept, ruled_out): (Vec<usize>, Vec<usize>) =
            (0..self.classes).partition(|class| *allowed.get(*class).unwrap_or(&true));
        for step in self.logs.chunks_exact_mut(self.classes) {
            let log = |class: &usize| step.get(*class).copied().unwrap_or(f32::NEG_INFINITY);
            if kept.iter().all(|class| log(class) == f32::NEG_INFINITY) {
                continue;
            }
            let gone: f32 = ruled_out.iter().map(|class| chance(log(class))).sum();
            for class in &ruled_out {
                if let Some(log) = step.get_mut(*class) {
                    *log = f32::NEG_INFINITY;
                }
            }
            if gone < 0.5 {
                // Cheaper than to add up all that are left; with more gone, one minus it says little.
                let left = (-gone).ln_1p();
                for log in step {
                    *log -= left;
                }
            } else {
                normalise(step);
            }
        }
        self
    }

    fn steps(&self) -> impl Iterator<Item = &[f32]> {
        self.logs.chunks_exact(self.classes)
    }

    fn normalise(&mut self) {
        self.logs.chunks_exact_mut(self.classes).for_each(normalise);
    }
}

/// The probability of a logarithm. What is too small to change a sum of others is none: processors take a
/// hundred times as long for numbers that small.
///
/// Not `f32::exp`: the system's differs from system to system in the last digit, and waits for the processor to
/// leave the state in which the model's kernels put it.
fn chance(log: f32) -> f32 {
    if log > NO_CHANCE {
        libm::expf(log)
    } else {
        0.0
    }
}

fn normalise(step: &mut [f32]) {
    // Counted from the highest, so that large numbers do not overflow.
    let high = step.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = step.iter().map(|log| chance(log - high)).sum();
    let total = high + total.ln();
    for log in step {
        *log -= total;
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

fn best_class(step: &[f32]) -> Option<(usize, f32)> {
    step.iter()
        .copied()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
}

#[cfg(test)]
mod tests;
