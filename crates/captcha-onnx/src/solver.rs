//! What every solver does.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::Question;

/// A guess at the text of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// The answer: the text, or the result of the sum.
    pub text: String,
    /// The probability that it is right as the solver sees it, 0 to 1. People and programs are
    /// taken at their word: 1.
    pub confidence: f32,
    /// The next best answers with their confidence, best first.
    pub alternatives: Vec<(String, f32)>,
    /// The sum that the picture shows, as far as the solver tells.
    pub expression: Option<String>,
}

impl Guess {
    /// A guess that its maker stands by.
    pub(crate) fn certain(text: String) -> Self {
        Self {
            text,
            confidence: 1.0,
            alternatives: Vec::new(),
            expression: None,
        }
    }
}

/// Something that reads captcha pictures. Calls block.
pub trait Solver: Send + Sync {
    /// The kind of solver: `onnx`, `command`, `manual`.
    fn name(&self) -> &str;

    /// What does the reading: the model and its version, the program, `person`.
    fn model(&self) -> &str;

    /// The answer to `question` that `image` (the bytes of a PNG, JPEG or GIF) asks. `None` is no
    /// guess: ask for another picture.
    fn answer(&self, image: &[u8], question: &Question) -> Result<Option<Guess>, SolverError>;

    /// Whether it could answer `question` at all, as far as can be told without a picture: to be asked
    /// before a portal is.
    fn check(&self, question: &Question) -> Result<(), SolverError> {
        let _ = question;
        Ok(())
    }

    /// Nobody waits for the answer any more: what is asked for one may end. Called from another thread.
    fn cancel(&self) {}

    /// The text of `image`, when nothing is known about it.
    fn solve(&self, image: &[u8]) -> Result<Option<Guess>, SolverError> {
        self.answer(image, &Question::default())
    }
}

/// Why a solver could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum SolverError {
    /// The bytes are no picture, or one over the limits.
    #[error("the captcha picture cannot be used: {why}")]
    Picture {
        /// What is wrong with it.
        why: String,
    },
    /// The program could not be run, failed, or wrote something that is no answer.
    #[error("the captcha program {program} failed: {why}")]
    Program {
        /// The program.
        program: String,
        /// What happened.
        why: String,
    },
    /// The program did not answer in time and was ended.
    #[error("the captcha program {program} did not answer within {limit:?}")]
    TimedOut {
        /// The program.
        program: String,
        /// The time it had.
        limit: Duration,
    },
    /// There is nobody to ask: the input ended, or the terminal failed.
    #[error("nobody answered the captcha question: {0}")]
    Unanswered(io::Error),
    /// The picture could not be put where a person can see it.
    #[error("the captcha picture could not be written to {path}: {source}")]
    Show {
        /// Where it was to go.
        path: PathBuf,
        /// Why it did not.
        source: io::Error,
    },
    /// The manifest is not one, or contradicts itself.
    #[error("the model manifest is wrong: {why}")]
    Manifest {
        /// What is wrong.
        why: String,
    },
    /// The native ONNX Runtime is not there or cannot be used.
    #[error(
        "ONNX Runtime cannot be used: {why}; give the path of libonnxruntime, or none for the embedded runtime"
    )]
    Runtime {
        /// What failed.
        why: String,
    },
    /// This process uses another runtime already; it cannot have two.
    #[error(
        "this process reads captchas with {loaded} and cannot load {asked} too; use one runtime for all models"
    )]
    SecondRuntime {
        /// What it uses.
        loaded: String,
        /// What was asked for.
        asked: String,
    },
    /// Numbers that are no scores of a text.
    #[error("the model's scores cannot be read: {why}")]
    Scores {
        /// What is wrong with them.
        why: String,
    },
    /// The model cannot answer this sort of question.
    #[error("the captcha model {model} is of no use here: {why}")]
    Unfit {
        /// The model's name.
        model: String,
        /// What it lacks.
        why: String,
    },
    /// The model cannot be loaded, or does not do what its manifest says.
    #[error("the captcha model {model} does not work: {why}")]
    Model {
        /// The model's name.
        model: String,
        /// What failed.
        why: String,
    },
}
