//! How well a model reads labelled pictures, and whether its confidence means anything.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::labelled::{LabelledError, read_labels};
use crate::sum::Sum;
use crate::{OnnxSolver, Question, SolverError};

/// Where the bins of confidence part.
const EDGES: [f32; 7] = [0.0, 0.5, 0.8, 0.9, 0.97, 0.99, 0.999];
/// The largest picture file that is read: one that is refused as too large.
const MOST_BYTES: u64 = 1 << 20;

/// A picture, what it says and what was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// Its file.
    pub file: String,
    /// What it says.
    pub text: String,
    /// What was read; nothing when it fits no answer or is no picture.
    pub read: Option<String>,
    /// The confidence of what was read, 0 to 1.
    pub confidence: f32,
}

impl Reading {
    /// Whether it was read right; letters count the same in either case.
    pub fn is_right(&self) -> bool {
        let read = self.read.as_deref();
        read.is_some_and(|read| read.to_lowercase() == self.text.to_lowercase())
    }
}

/// Pictures whose confidence lies in one range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// The least confidence.
    pub from: f32,
    /// The next bin's least confidence, or 1.
    pub to: f32,
    /// Pictures in it.
    pub pictures: usize,
    /// Their mean confidence: what share of them should be right.
    pub confidence: f64,
    /// The share of them that is right.
    pub right: f64,
}

/// The figures of a folder. Shares are from 0 to 1; those of nothing are 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Pictures.
    pub pictures: usize,
    /// The share that is read right, however unsure.
    pub exact: f64,
    /// The share that is answered: confidence at or above the threshold.
    pub answered: f64,
    /// The share of the answered that is right.
    pub exact_of_answered: f64,
    /// The share of characters that is right, by edit distance, over all pictures.
    pub char_accuracy: f64,
    /// Milliseconds a picture, from bytes to guess.
    pub ms_per_image: f64,
    /// The threshold.
    pub min_confidence: f32,
    /// How confidence and truth go together.
    pub calibration: Vec<Bin>,
    /// The pictures that are read wrong.
    pub wrong: Vec<Reading>,
}

/// Why a folder cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// Its labels or pictures cannot be read.
    #[error(transparent)]
    Labels(#[from] LabelledError),
    /// The model does not work.
    #[error(transparent)]
    Solver(#[from] SolverError),
    /// A label is no sum with a result above zero, and no result.
    #[error(
        "{file} is labelled {text:?}, which is neither a sum of two numbers from 1 to 10 nor a result"
    )]
    NoSum {
        /// The picture.
        file: String,
        /// Its label.
        text: String,
    },
}

/// Reads every picture of a folder and compares with its `labels.tsv`. A file that is no picture
/// counts as read wrong.
pub fn evaluate(
    solver: &OnnxSolver,
    dir: &Path,
    question: &Question,
) -> Result<Evaluation, EvaluationError> {
    let mut readings = Vec::new();
    let mut spent = Duration::ZERO;
    for labelled in read_labels(dir)? {
        let path = dir.join(&labelled.file);
        let bytes = fs::metadata(&path)
            .and_then(|data| {
                if data.len() > MOST_BYTES {
                    return Ok(Vec::new());
                }
                fs::read(&path)
            })
            .map_err(|source| LabelledError::Io { path, source })?;
        let began = Instant::now();
        let guess = match solver.read(&bytes, question) {
            Err(SolverError::Picture { .. }) => None,
            read => read?,
        };
        spent += began.elapsed();
        let confidence = guess.as_ref().map_or(0.0, |guess| guess.confidence);
        let text = match question {
            Question::Text(_) => labelled.text,
            Question::Arithmetic => result(&labelled.text).ok_or(EvaluationError::NoSum {
                file: labelled.file.clone(),
                text: labelled.text,
            })?,
        };
        readings.push(Reading {
            file: labelled.file,
            text,
            read: guess.map(|guess| guess.text),
            confidence,
        });
    }
    let ms_per_image = spent.as_secs_f64() * 1_000.0 / readings.len().max(1) as f64;
    let threshold = solver.manifest().guess.min_confidence;
    Ok(Evaluation::of(readings, threshold, ms_per_image))
}

/// The result that a label means: of the sum that it is, or itself.
fn result(label: &str) -> Option<String> {
    match label.parse::<Sum>() {
        Ok(sum) => sum.result().map(|result| result.to_string()),
        Err(()) => label.parse::<u32>().ok().map(|result| result.to_string()),
    }
}

impl Evaluation {
    /// The figures of these readings at a threshold.
    pub fn of(readings: Vec<Reading>, min_confidence: f32, ms_per_image: f64) -> Self {
        let right = readings.iter().filter(|r| r.is_right()).count();
        let answered: Vec<&Reading> = readings
            .iter()
            .filter(|r| r.read.is_some() && r.confidence >= min_confidence)
            .collect();
        let answered_right = answered.iter().filter(|r| r.is_right()).count();
        let characters: usize = readings.iter().map(|r| r.text.chars().count()).sum();
        let errors: usize = readings.iter().map(errors).sum();
        Self {
            pictures: readings.len(),
            exact: share(right, readings.len()),
            answered: share(answered.len(), readings.len()),
            exact_of_answered: share(answered_right, answered.len()),
            char_accuracy: 1.0 - (errors as f64 / characters.max(1) as f64).min(1.0),
            ms_per_image,
            min_confidence,
            calibration: bins(&readings),
            wrong: readings.into_iter().filter(|r| !r.is_right()).collect(),
        }
    }
}

/// Of nothing, nothing is right.
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn bins(readings: &[Reading]) -> Vec<Bin> {
    let tops = EDGES.iter().copied().skip(1).chain([1.0]);
    EDGES
        .into_iter()
        .zip(tops)
        .map(|(from, to)| {
            let within: Vec<&Reading> = readings
                .iter()
                .filter(|r| r.confidence >= from && (r.confidence < to || to >= 1.0))
                .collect();
            let sum = within
                .iter()
                .fold(0.0, |sum, r| sum + f64::from(r.confidence));
            Bin {
                from,
                to,
                pictures: within.len(),
                confidence: sum / within.len().max(1) as f64,
                right: share(within.iter().filter(|r| r.is_right()).count(), within.len()),
            }
        })
        .collect()
}

/// The characters to insert, delete or replace until what was read is what the picture says.
fn errors(reading: &Reading) -> usize {
    let said: Vec<char> = reading.text.to_lowercase().chars().collect();
    let read = reading.read.as_deref().unwrap_or("").to_lowercase();
    let mut row: Vec<usize> = (0..=said.len()).collect();
    for (at, character) in read.chars().enumerate() {
        let mut corner = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (above, wanted) in row.iter().skip(1).zip(&said) {
            let replaced = corner + usize::from(*wanted != character);
            left = replaced.min(left + 1).min(above + 1);
            corner = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str, read: &str, confidence: f32) -> Reading {
        Reading {
            file: "x.png".to_owned(),
            text: text.to_owned(),
            read: (!read.is_empty()).then(|| read.to_owned()),
            confidence,
        }
    }

    #[test]
    fn errors_are_edits() {
        for (text, read, count) in [
            ("abc", "abc", 0),
            ("ABC", "abc", 0),
            ("abc", "", 3),
            ("abc", "bc", 1),
            ("abc", "axbc", 1),
            ("abc", "xyz", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(errors(&reading(text, read, 1.0)), count, "{text} {read}");
        }
    }

    #[test]
    fn the_figures_of_four_pictures() {
        let readings = vec![
            reading("Ab12", "aB12", 0.9995),
            reading("cd34", "cd34", 0.6),
            reading("ef56", "ef65", 0.95),
            reading("gh78", "", 0.0),
        ];
        let found = Evaluation::of(readings, 0.9, 2.5);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(found.exact, 0.5) && near(found.answered, 0.5));
        assert!(near(found.exact_of_answered, 0.5));
        assert!(
            near(found.char_accuracy, 1.0 - 6.0 / 16.0),
            "{}",
            found.char_accuracy
        );
        let counts: Vec<usize> = found.calibration.iter().map(|bin| bin.pictures).collect();
        assert_eq!(counts, [1, 1, 0, 1, 0, 0, 1]);
        assert!(near(found.calibration[1].right, 1.0) && near(found.calibration[3].right, 0.0));
        let wrong: Vec<_> = found.wrong.iter().map(|r| &*r.text).collect();
        assert_eq!(wrong, ["ef56", "gh78"]);
    }

    #[test]
    fn no_pictures_are_no_division_by_zero() {
        let found = Evaluation::of(Vec::new(), 0.5, 0.0);
        assert!(found.exact.is_finite() && found.char_accuracy.is_finite());
    }

    #[test]
    fn labels_of_sums() {
        let results = ["9 - 3", "6", "3 - 9", "abc", "2x5"].map(result);
        assert_eq!(
            results.map(std::option::Option::unwrap_or_default),
            ["6", "6", "", "", "10"]
        );
    }
}
