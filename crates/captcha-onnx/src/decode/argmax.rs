//! A character a step, up to the end class if there is one.

use std::ops::RangeInclusive;

use super::{BEAM, Candidate, LEAST_LOG, Scores};

/// A text on its way.
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
    let mut found = argmax_candidates(scores, end, length);
    found.truncate(top);
    found
}

/// The texts that the beam ends with, best first.
pub(crate) fn argmax_candidates(
    scores: &Scores,
    end: Option<usize>,
    length: RangeInclusive<usize>,
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
            let likely = (0..)
                .zip(step.iter().copied())
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
        .collect()
}

/// The probability of exactly this text.
pub(crate) fn argmax_likelihood(scores: &Scores, end: Option<usize>, text: &[usize]) -> f64 {
    let steps = scores.steps().count();
    let needed = match end {
        // A text that fills all steps needs no end.
        Some(end) if text.len() < steps => text.iter().copied().chain([end]).collect(),
        _ => text.to_vec(),
    };
    if needed.len() > steps || (end.is_none() && needed.len() != steps) {
        return 0.0;
    }
    needed
        .iter()
        .zip(scores.steps())
        .map(|(class, step)| step.get(*class).map_or(0.0, |log| f64::from(*log).exp()))
        .product()
}
