//! Where captcha solvers and portals meet: the trait of one crate served by another.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use nirnay_captcha_onnx::{
    CommandSolver, InlinePictures, KeptPictures, Manifest, ManualSolver, OnnxSolver, Question,
    Runtime, Solver, SolverError, TextHint,
};
use nirnay_fetch::{CaptchaSolver, Challenge, ChallengeKind, SolveError};
use nirnay_model::Portal;
use nirnay_pipeline::{CaptchaConfig, SolverKind, exit};

use crate::failure::Failure;

/// Pictures of a portal that are kept with their answers.
const MOST_KEPT: usize = 10_000;

/// A solver of the captcha crate behind the fetching side's trait.
struct Adapted {
    name: String,
    solver: Arc<dyn Solver>,
    kept: BTreeMap<Portal, KeptPictures>,
}

#[async_trait]
impl CaptchaSolver for Adapted {
    fn name(&self) -> &str {
        &self.name
    }

    fn model(&self) -> &str {
        self.solver.model()
    }

    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError> {
        let solver = Arc::clone(&self.solver);
        let image = challenge.image.clone();
        let question = question(challenge.kind);
        let failed = |why: String| SolveError {
            solver: self.name.clone(),
            why,
        };
        let _cancel = Cancel(&self.solver);
        // A person or a program may take minutes: not on a runtime thread.
        let outcome = tokio::task::spawn_blocking(move || solver.answer(&image, &question))
            .await
            .map_err(|error| failed(error.to_string()))?;
        match outcome {
            Ok(guess) => Ok(guess.map(|guess| guess.text)),
            // What cannot be shown or decoded has no answer; the next picture may.
            Err(SolverError::Picture { .. }) => Ok(None),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    fn verdict(&self, challenge: &Challenge, answer: &str, accepted: bool) {
        // The answer to a sum is not what its picture shows.
        let shown = challenge.kind == ChallengeKind::Text;
        let Some(kept) = self
            .kept
            .get(&challenge.portal)
            .filter(|_| accepted && shown)
        else {
            return;
        };
        if let Err(error) = kept.keep(&challenge.image, answer) {
            tracing::warn!("a captcha picture was not kept: {error}");
        }
    }
}

/// Tells the solver that nobody waits any more, when the wait is over or given up.
struct Cancel<'a>(&'a Arc<dyn Solver>);

impl Drop for Cancel<'_> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// What is known about the answers of a portal.
fn question(kind: ChallengeKind) -> Question {
    match kind {
        ChallengeKind::Text => Question::Text(TextHint {
            alphabet: kind.alphabet().map(str::to_owned),
            lengths: Some(kind.lengths()),
        }),
        ChallengeKind::Arithmetic => Question::Arithmetic,
    }
}

/// The solver that a pipeline file names; pictures to be kept go to the lake in `lake`.
pub(crate) fn solver(
    config: &CaptchaConfig,
    lake: &Path,
) -> Result<Arc<dyn CaptchaSolver>, Failure> {
    let solver: Arc<dyn Solver> = match config.solver {
        SolverKind::Manual => Arc::new(ManualSolver::new(
            // Emptied when the lake is opened next, whatever happens to this process.
            lake.join(".tmp/captcha"),
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
        SolverKind::Onnx => {
            let own = config.model.as_deref().zip(config.manifest.as_deref());
            Arc::new(onnx(own, config.runtime.as_deref())?)
        }
    };
    // What the pipelines meet today are texts; a solver that cannot read them is found before a portal
    // is asked for a picture.
    solver
        .check(&question(ChallengeKind::Text))
        .map_err(|error| Failure::usage(error.to_string()))?;
    let mut kept = BTreeMap::new();
    if config.keep {
        for portal in Portal::ALL {
            let dir = lake.join("captchas").join(portal.name());
            kept.insert(portal, KeptPictures::new(dir, MOST_KEPT));
        }
    }
    Ok(Arc::new(Adapted {
        name: solver.name().to_owned(),
        solver,
        kept,
    }))
}

/// A model and its manifest, or the embedded one, on a native runtime library or the embedded one.
pub(crate) fn onnx(
    own: Option<(&Path, &Path)>,
    runtime: Option<&Path>,
) -> Result<OnnxSolver, Failure> {
    let runtime = Runtime::choose(runtime);
    let failed = |error: SolverError| {
        let code = match &error {
            SolverError::Runtime { .. } => exit::IO,
            _ => exit::USAGE,
        };
        Failure::new(code, error.to_string())
    };
    let Some((model, manifest)) = own else {
        return OnnxSolver::embedded(&runtime).map_err(failed);
    };
    let bytes = fs::read(model).map_err(|error| Failure::io(model, &error))?;
    let text = fs::read_to_string(manifest).map_err(|error| Failure::io(manifest, &error))?;
    let manifest = Manifest::from_toml(&text)
        .map_err(|error| Failure::usage(format!("{}: {error}", manifest.display())))?;
    OnnxSolver::new(&runtime, &bytes, manifest).map_err(failed)
}
