//! From scores to a guess: what the picture may say weighs in with what the model saw.

use std::collections::BTreeMap;

use crate::decode::{
    Candidate, Scores, argmax_candidates, argmax_likelihood, ctc_candidates, ctc_likelihood,
};
use crate::manifest::{Decoding, Manifest};
use crate::question::{Question, TextHint};
use crate::sum::Sum;
use crate::{Guess, SolverError};

/// The best text and this many others make a guess.
const ALTERNATIVES: usize = 2;
/// How likely a length that is not usual is, next to one that is.
const UNUSUAL_LENGTH: f64 = 0.05;
/// How likely a character outside the hint's alphabet is, next to one inside.
const UNUSUAL_CHARACTER: f64 = 0.1;

/// The best guess at what the scores say, however unlikely; nothing when they fit no answer at all.
pub(crate) fn read(
    scores: Scores,
    manifest: &Manifest,
    question: &Question,
) -> Result<Option<Guess>, SolverError> {
    check(manifest, question)?;
    match question {
        Question::Text(hint) => Ok(text(scores, manifest, hint)),
        Question::Arithmetic => Ok(sum(scores, manifest)),
    }
}

/// Whether a model of this manifest can answer the question at all.
pub(crate) fn check(manifest: &Manifest, question: &Question) -> Result<(), SolverError> {
    let unfit = |why: String| {
        Err(SolverError::Unfit {
            model: manifest.shown(),
            why,
        })
    };
    match question {
        Question::Text(TextHint {
            alphabet: Some(alphabet),
            ..
        }) if !manifest
            .text_classes()
            .into_iter()
            .enumerate()
            .any(|(class, is_text)| is_text && is_among(manifest, class, alphabet)) =>
        {
            unfit(format!(
                "it knows none of the characters {alphabet:?} that texts are said to be made of"
            ))
        }
        Question::Arithmetic if signs(manifest).is_none() => {
            unfit("its alphabet has not all digits and signs, so it cannot read sums".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether the character of a class is one of `alphabet`, in either case.
fn is_among(manifest: &Manifest, class: usize, alphabet: &str) -> bool {
    manifest.character(class).is_some_and(|character| {
        alphabet
            .chars()
            .any(|known| known.to_lowercase().eq(character.to_lowercase()))
    })
}

/// The characters that sums are written with, as the model has them; none where it lacks one.
fn signs(manifest: &Manifest) -> Option<String> {
    Sum::all()
        .map(|sum| spelled(sum, manifest).map(|(text, _)| text))
        .collect::<Option<Vec<_>>>()
        .map(|texts| texts.concat())
}

/// A text with its weight.
struct Weighed {
    text: String,
    weight: f64,
}

fn text(scores: Scores, manifest: &Manifest, hint: &TextHint) -> Option<Guess> {
    let scores = scores.only(&manifest.text_classes());
    let candidates = match (manifest.output.decoding, manifest.output.special) {
        (Decoding::Ctc, Some(blank)) => ctc_candidates(&scores, blank, manifest.guess.max_length),
        (Decoding::Ctc, None) => Vec::new(),
        (Decoding::Argmax, end) => {
            let length = manifest.guess.min_length..=manifest.guess.max_length;
            argmax_candidates(&scores, end, length)
        }
    };
    // What no candidate accounts for stays in the balance as doubt.
    let seen: f64 = candidates.iter().map(|c| f64::from(c.probability)).sum();
    let mut total = (1.0 - seen).max(0.0);
    let mut texts = Vec::new();
    for candidate in candidates {
        let (weight, answers) = weight(&candidate, manifest, hint);
        let weight = weight * f64::from(candidate.probability);
        total += weight;
        if answers {
            let text = characters(&candidate, manifest);
            texts.push(Weighed { text, weight });
        }
    }
    guess(texts, total, None)
}

/// How likely a text is before the picture is seen, and whether it can be an answer at all.
fn weight(candidate: &Candidate, manifest: &Manifest, hint: &TextHint) -> (f64, bool) {
    let length = candidate.classes.len();
    let rule = &manifest.guess;
    let possible = length > 0 && (rule.min_length..=rule.max_length).contains(&length);
    let usual = match (&hint.lengths, &rule.usual_lengths) {
        (Some(lengths), _) => lengths.contains(&length),
        (None, Some(lengths)) => lengths.contains(&length),
        (None, None) => true,
    };
    let mut weight = if possible && usual {
        1.0
    } else {
        UNUSUAL_LENGTH
    };
    if let Some(alphabet) = &hint.alphabet {
        let outside = candidate
            .classes
            .iter()
            .filter(|class| !is_among(manifest, **class, alphabet));
        weight *= UNUSUAL_CHARACTER.powi(outside.count() as i32);
    }
    (weight, possible)
}

fn characters(candidate: &Candidate, manifest: &Manifest) -> String {
    candidate
        .classes
        .iter()
        .filter_map(|class| manifest.character(*class))
        .collect()
}

/// The results of all sums that the picture may show, each with the weight of its sums.
fn sum(scores: Scores, manifest: &Manifest) -> Option<Guess> {
    let allowed = signs(manifest).unwrap_or_default();
    let scores = scores.only(&manifest.classes_of(&allowed));
    let mut total = 1.0;
    let mut results: BTreeMap<u32, (f64, Sum, f64)> = BTreeMap::new();
    for sum in Sum::all() {
        let (Some((_, classes)), Some(result)) = (spelled(sum, manifest), sum.result()) else {
            continue;
        };
        let likelihood = match (manifest.output.decoding, manifest.output.special) {
            (Decoding::Ctc, Some(blank)) => ctc_likelihood(&scores, blank, &classes),
            (Decoding::Ctc, None) => 0.0,
            (Decoding::Argmax, end) => argmax_likelihood(&scores, end, &classes),
        };
        let entry = results.entry(result).or_insert((0.0, sum, 0.0));
        entry.0 += likelihood;
        if likelihood > entry.2 {
            (entry.1, entry.2) = (sum, likelihood);
        }
    }
    let seen: f64 = results.values().map(|(weight, ..)| weight).sum();
    total = f64::max(total, seen);
    let best = results
        .values()
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, sum, _)| sum.to_string());
    let texts = results
        .iter()
        .map(|(result, (weight, ..))| Weighed {
            text: result.to_string(),
            weight: *weight,
        })
        .collect();
    guess(texts, total, best)
}

/// The characters and classes of a sum as the model writes it.
fn spelled(sum: Sum, manifest: &Manifest) -> Option<(String, Vec<usize>)> {
    sum.sign().written().iter().find_map(|sign| {
        let text = sum.characters(*sign);
        let classes = text
            .chars()
            .map(|c| manifest.class(c))
            .collect::<Option<_>>()?;
        Some((text, classes))
    })
}

fn guess(mut texts: Vec<Weighed>, total: f64, expression: Option<String>) -> Option<Guess> {
    texts.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut texts = texts
        .into_iter()
        .filter(|text| text.weight > 0.0)
        .map(|text| (text.text, (text.weight / total).min(1.0) as f32));
    let (text, confidence) = texts.next()?;
    Some(Guess {
        text,
        confidence,
        alternatives: texts.take(ALTERNATIVES).collect(),
        expression,
    })
}

#[cfg(test)]
mod tests;
