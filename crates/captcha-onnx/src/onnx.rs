//! A model on ONNX Runtime.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use image::RgbImage;
use ort::session::Session;
use ort::value::Tensor;

use crate::decode::{Candidate, Scores, argmax_beam, ctc_beam};
use crate::manifest::{Decoding, InputLayout, Manifest, OutputLayout, ScoreKind};
use crate::{Guess, Solver, SolverError, picture, runtime};

/// The best text and this many others make a guess.
const CANDIDATES: usize = 3;

/// Reads pictures with a model on the native ONNX Runtime.
///
/// The model comes from whoever configures the solver and is trusted; the pictures are not. One
/// picture is read at a time, on one thread.
#[derive(Debug)]
pub struct OnnxSolver {
    manifest: Manifest,
    shown: String,
    session: Mutex<Session>,
}

impl OnnxSolver {
    /// Loads the model and reads an empty picture with it, so that a manifest that does not fit is
    /// found now. The runtime library is `library`, or what `ORT_DYLIB_PATH` names; all solvers of
    /// a process share the library of the first.
    pub fn new(
        library: Option<&Path>,
        model: &[u8],
        manifest: Manifest,
    ) -> Result<Self, SolverError> {
        let shown = format!("{} {}", manifest.name, manifest.version);
        let failed = |why: String| SolverError::Model {
            model: shown.clone(),
            why,
        };
        let environment = runtime::environment(library)?;
        let session = Session::builder(&environment)
            .and_then(|builder| builder.with_intra_threads(1)?.commit_from_memory(model))
            .map_err(|error| failed(error.to_string()))?;
        if session.inputs().len() != 1 {
            return Err(failed(format!(
                "it has {} inputs, not one",
                session.inputs().len()
            )));
        }
        let solver = Self {
            manifest,
            shown: shown.clone(),
            session: Mutex::new(session),
        };
        solver.scores(&RgbImage::new(1, 1))?;
        Ok(solver)
    }

    fn failed(&self, why: impl Into<String>) -> SolverError {
        SolverError::Model {
            model: self.shown.clone(),
            why: why.into(),
        }
    }

    fn scores(&self, picture: &RgbImage) -> Result<Scores, SolverError> {
        let input = &self.manifest.input;
        let (width, height) = (input.width as usize, input.height as usize);
        let channels = input.channels.count();
        let shape = match input.layout {
            InputLayout::Nchw => [1, channels, height, width],
            InputLayout::Nhwc => [1, height, width, channels],
        };
        let numbers = picture::tensor(picture, &self.manifest);
        let tensor =
            Tensor::from_array((shape, numbers)).map_err(|error| self.failed(error.to_string()))?;
        // A panic while the lock was held leaves the session as usable as before.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session
            .run(ort::inputs![tensor])
            .map_err(|error| self.failed(error.to_string()))?;
        let output = outputs
            .values()
            .next()
            .ok_or_else(|| self.failed("it has no output"))?;
        let (shape, values) = output
            .try_extract_tensor::<f32>()
            .map_err(|error| self.failed(error.to_string()))?;
        let (steps, ordered) = by_step(
            shape,
            values,
            self.manifest.classes(),
            self.manifest.output.layout,
        )
        .ok_or_else(|| {
            let classes = self.manifest.classes();
            self.failed(format!(
                "its output has the shape {shape:?}, not that of {classes} classes"
            ))
        })?;
        let classes = self.manifest.classes();
        let scores = match self.manifest.output.scores {
            ScoreKind::Logits => Scores::from_logits(steps, classes, &ordered),
            ScoreKind::Probabilities => Scores::from_probabilities(steps, classes, &ordered),
        }?;
        Ok(match self.manifest.allowed_classes() {
            Some(allowed) => scores.only(&allowed),
            None => scores,
        })
    }
}

impl Solver for OnnxSolver {
    fn name(&self) -> &'static str {
        "onnx"
    }

    fn model(&self) -> &str {
        &self.shown
    }

    fn solve(&self, image: &[u8]) -> Result<Option<Guess>, SolverError> {
        let scores = self.scores(&picture::decode(image)?)?;
        Ok(guess(&scores, &self.manifest))
    }
}

/// The number of steps and the scores step after step, whatever the layout; `None` when the shape
/// does not fit.
fn by_step(
    shape: &[i64],
    values: &[f32],
    classes: usize,
    layout: OutputLayout,
) -> Option<(usize, Vec<f32>)> {
    let sizes: Vec<usize> = shape
        .iter()
        .map(|size| usize::try_from(*size).ok())
        .collect::<Option<_>>()?;
    let (first, second) = match (layout, sizes.as_slice()) {
        (OutputLayout::Ntc | OutputLayout::Nct, [1, first, second]) => (*first, *second),
        (OutputLayout::Tnc, [first, 1, second]) => (*first, *second),
        (_, [first, second]) => (*first, *second),
        _ => return None,
    };
    let (steps, found) = match layout {
        OutputLayout::Ntc | OutputLayout::Tnc => (first, second),
        OutputLayout::Nct => (second, first),
    };
    if found != classes || steps.checked_mul(classes) != Some(values.len()) {
        return None;
    }
    let ordered = match layout {
        OutputLayout::Ntc | OutputLayout::Tnc => values.to_vec(),
        OutputLayout::Nct => (0..steps)
            .flat_map(|step| (0..classes).map(move |class| class * steps + step))
            .filter_map(|at| values.get(at).copied())
            .collect(),
    };
    Some((steps, ordered))
}

/// The best texts of `scores`, if the best is likely enough.
fn guess(scores: &Scores, manifest: &Manifest) -> Option<Guess> {
    let length = manifest.guess.min_length..=manifest.guess.max_length;
    let candidates = match (manifest.output.decoding, manifest.output.special) {
        (Decoding::Ctc, Some(blank)) => ctc_beam(scores, blank, length, CANDIDATES),
        (Decoding::Ctc, None) => Vec::new(),
        (Decoding::Argmax, end) => argmax_beam(scores, end, length, CANDIDATES),
    };
    let text = |candidate: &Candidate| -> String {
        candidate
            .classes
            .iter()
            .filter_map(|class| manifest.character(*class))
            .collect()
    };
    let mut texts = candidates
        .iter()
        .map(|candidate| (text(candidate), candidate.probability));
    let (best, confidence) = texts.next()?;
    if best.is_empty() || confidence < manifest.guess.min_confidence {
        return None;
    }
    Some(Guess {
        text: best,
        confidence,
        alternatives: texts.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(decoding: &str, min_confidence: f32) -> Manifest {
        Manifest::from_toml(&format!(
            r#"
            name = "test"
            version = "1"
            [input]
            width = 4
            height = 2
            channels = "grey"
            mean = [0.0]
            std = [1.0]
            [output]
            alphabet = "ab"
            decoding = "{decoding}"
            special = 0
            [guess]
            min_confidence = {min_confidence:.2}
            "#
        ))
        .unwrap()
    }

    #[test]
    fn scores_become_a_guess_with_alternatives() {
        let scores = Scores::from_probabilities(2, 3, &[0.1, 0.8, 0.1, 0.1, 0.2, 0.7]).unwrap();
        for decoding in ["ctc", "argmax"] {
            let found = guess(&scores, &manifest(decoding, 0.0)).unwrap();
            assert_eq!(found.text, "ab", "{decoding}");
            assert!(
                (found.confidence - 0.56).abs() < 1e-5,
                "{decoding} {found:?}"
            );
            assert_eq!(found.alternatives.len(), 2);
            assert!(
                found
                    .alternatives
                    .iter()
                    .all(|(_, confidence)| *confidence < 0.56)
            );
            assert_eq!(guess(&scores, &manifest(decoding, 0.6)), None);
        }
    }

    #[test]
    fn an_empty_text_is_no_guess() {
        let scores = Scores::from_probabilities(1, 3, &[0.9, 0.05, 0.05]).unwrap();
        let mut manifest = manifest("ctc", 0.0);
        manifest.guess.min_length = 0;
        assert_eq!(guess(&scores, &manifest), None);
    }

    #[test]
    fn outputs_of_every_layout_come_out_step_after_step() {
        let by_steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let by_class = [1.0, 3.0, 5.0, 2.0, 4.0, 6.0];
        for (shape, values, layout) in [
            (vec![1, 3, 2], by_steps, OutputLayout::Ntc),
            (vec![3, 2], by_steps, OutputLayout::Ntc),
            (vec![3, 1, 2], by_steps, OutputLayout::Tnc),
            (vec![1, 2, 3], by_class, OutputLayout::Nct),
            (vec![2, 3], by_class, OutputLayout::Nct),
        ] {
            assert_eq!(
                by_step(&shape, &values, 2, layout),
                Some((3, by_steps.to_vec())),
                "{shape:?}"
            );
        }
        for shape in [
            vec![6],
            vec![2, 3, 1],
            vec![1, 1, 3, 2],
            vec![-1, 3, 2],
            vec![1, 4, 2],
        ] {
            assert_eq!(
                by_step(&shape, &by_steps, 2, OutputLayout::Ntc),
                None,
                "{shape:?}"
            );
        }
    }
}
