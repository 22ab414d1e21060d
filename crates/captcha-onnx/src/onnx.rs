//! A model on ONNX Runtime.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use image::RgbImage;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::Tensor;

use crate::decode::Scores;
use crate::manifest::{Manifest, OutputLayout, ScoreKind};
use crate::{Guess, Question, Runtime, Solver, SolverError, picture, reading, runtime, tensor};

/// The largest model file: general readers have a hundred megabytes.
const MOST_MODEL: usize = 512 << 20;

/// Reads pictures with a model, on the embedded runtime or a native ONNX Runtime.
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
    /// found now. All solvers of a process share the runtime of the first; asking for another one is
    /// an error.
    pub fn new(runtime: &Runtime, model: &[u8], manifest: Manifest) -> Result<Self, SolverError> {
        let shown = manifest.shown();
        let failed = |why: String| SolverError::Model {
            model: shown.clone(),
            why,
        };
        if model.len() > MOST_MODEL {
            return Err(failed(format!(
                "{} bytes are more than {MOST_MODEL}",
                model.len()
            )));
        }
        let environment = runtime::environment(runtime)?;
        let load = || {
            Session::builder(&environment)?
                .with_intra_threads(1)?
                // The embedded runtime leaves the model as it is unless it is told to.
                .with_optimization_level(GraphOptimizationLevel::All)?
                .commit_from_memory(model)
        };
        let session = catch_unwind(AssertUnwindSafe(load))
            .map_err(|_| failed("the runtime panicked while loading it".to_owned()))?
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

    /// What came with the model.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The best answer however unlikely, for those who measure; `None` when the picture fits no
    /// answer at all.
    pub fn read(&self, image: &[u8], question: &Question) -> Result<Option<Guess>, SolverError> {
        let scores = self.scores(&picture::decode(image)?)?;
        reading::read(scores, &self.manifest, question)
    }

    fn failed(&self, why: impl Into<String>) -> SolverError {
        SolverError::Model {
            model: self.shown.clone(),
            why: why.into(),
        }
    }

    fn scores(&self, picture: &RgbImage) -> Result<Scores, SolverError> {
        let taken = tensor::tensor(picture, &self.manifest.input);
        catch_unwind(AssertUnwindSafe(|| self.run(taken)))
            .unwrap_or_else(|_| Err(self.failed("the runtime panicked while reading a picture")))
    }

    fn run(&self, taken: tensor::Taken) -> Result<Scores, SolverError> {
        let failed = |error: ort::Error| self.failed(error.to_string());
        let tensor = Tensor::from_array((taken.shape, taken.numbers)).map_err(failed)?;
        // A panic while the lock was held leaves the session as usable as before.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
        let output = outputs
            .values()
            .next()
            .ok_or_else(|| self.failed("it has no output"))?;
        let (shape, values) = output.try_extract_tensor::<f32>().map_err(failed)?;
        let classes = self.manifest.classes();
        let (steps, ordered) = by_step(shape, values, classes, self.manifest.output.layout)
            .ok_or_else(|| {
                self.failed(format!(
                    "its output has the shape {shape:?}, not that of {classes} classes"
                ))
            })?;
        match self.manifest.output.scores {
            ScoreKind::Logits => Scores::from_logits(steps, classes, &ordered),
            ScoreKind::Probabilities => Scores::from_probabilities(steps, classes, &ordered),
        }
    }
}

impl Solver for OnnxSolver {
    fn name(&self) -> &'static str {
        "onnx"
    }

    fn model(&self) -> &str {
        &self.shown
    }

    fn check(&self, question: &Question) -> Result<(), SolverError> {
        reading::check(&self.manifest, question)
    }

    fn answer(&self, image: &[u8], question: &Question) -> Result<Option<Guess>, SolverError> {
        let guess = self.read(image, question)?;
        Ok(guess.filter(|guess| guess.confidence >= self.manifest.guess.min_confidence))
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

#[cfg(test)]
mod tests {
    use super::*;

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
