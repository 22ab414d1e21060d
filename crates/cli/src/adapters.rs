//! Where captcha solvers, simulators and portals meet: the traits of one crate served by another.

use std::fs;
use std::io::{self, BufReader};
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use nirnay_captcha_onnx::{
    CommandSolver, InlinePictures, Manifest, ManualSolver, OnnxSolver, Solver,
};
use nirnay_fetch::{CaptchaSolver, Challenge, SolveError};
use nirnay_pipeline::{CaptchaConfig, SolverKind};
use nirnay_portal_sim::SimHandle;

use crate::failure::Failure;

/// A solver of the captcha crate behind the fetching side's trait.
struct Adapted {
    name: String,
    solver: Arc<dyn Solver>,
}

#[async_trait]
impl CaptchaSolver for Adapted {
    fn name(&self) -> &str {
        &self.name
    }

    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError> {
        let solver = Arc::clone(&self.solver);
        let image = challenge.image.clone();
        let failed = |why: String| SolveError {
            solver: self.name.clone(),
            why,
        };
        // A person or a program may take minutes: not on a runtime thread.
        tokio::task::spawn_blocking(move || solver.solve(&image))
            .await
            .map_err(|error| failed(error.to_string()))?
            .map(|guess| guess.map(|guess| guess.text))
            .map_err(|error| failed(error.to_string()))
    }
}

/// The simulator's own answer key: the demo's solver, never another portal's.
pub(crate) struct AnswerKey(pub(crate) Arc<SimHandle>);

#[async_trait]
impl CaptchaSolver for AnswerKey {
    fn name(&self) -> &'static str {
        "answer-key"
    }

    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError> {
        Ok(self.0.answer(&challenge.image))
    }
}

/// The solver that a pipeline file names.
pub(crate) fn solver(
    config: &CaptchaConfig,
    sim: Option<&Arc<SimHandle>>,
) -> Result<Arc<dyn CaptchaSolver>, Failure> {
    let solver: Arc<dyn Solver> = match config.solver {
        SolverKind::AnswerKey => {
            let sim = sim.ok_or_else(|| {
                Failure::usage("the answer key exists only for simulated portals")
            })?;
            return Ok(Arc::new(AnswerKey(Arc::clone(sim))));
        }
        SolverKind::Manual => Arc::new(ManualSolver::new(
            std::env::temp_dir().join("nirnay-captcha"),
            InlinePictures::from_environment(|name| std::env::var(name).ok()),
            BufReader::new(io::stdin()),
            io::stderr(),
        )),
        SolverKind::Command => {
            let (program, args) = config
                .command
                .split_first()
                .ok_or_else(|| Failure::usage("captcha.command is empty"))?;
            Arc::new(CommandSolver::new(PathBuf::from(program), args.to_vec()))
        }
        SolverKind::Onnx => Arc::new(onnx(config)?),
    };
    Ok(Arc::new(Adapted {
        name: solver.name().to_owned(),
        solver,
    }))
}

fn onnx(config: &CaptchaConfig) -> Result<OnnxSolver, Failure> {
    let (Some(model), Some(manifest)) = (&config.model, &config.manifest) else {
        return Err(Failure::usage(
            "captcha solver \"onnx\" needs captcha.model = \"FILE.onnx\" and captcha.manifest = \"FILE.toml\"",
        ));
    };
    let bytes = fs::read(model).map_err(|error| Failure::io(model, &error))?;
    let text = fs::read_to_string(manifest).map_err(|error| Failure::io(manifest, &error))?;
    let manifest = Manifest::from_toml(&text)
        .map_err(|error| Failure::usage(format!("{}: {error}", manifest.display())))?;
    OnnxSolver::new(config.runtime.as_deref(), &bytes, manifest)
        .map_err(|error| Failure::usage(error.to_string()))
}
