//! What every solver does.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A guess at the text of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// The text.
    pub text: String,
    /// The probability that it is right as the solver sees it, 0 to 1. People and programs are
    /// taken at their word: 1.
    pub confidence: f32,
    /// The next best texts with their confidence, best first.
    pub alternatives: Vec<(String, f32)>,
}

impl Guess {
    /// A guess that its maker stands by.
    pub(crate) fn certain(text: String) -> Self {
        Self {
            text,
            confidence: 1.0,
            alternatives: Vec::new(),
        }
    }
}

/// Something that reads captcha pictures. Calls block.
pub trait Solver: Send + Sync {
    /// The kind of solver: `onnx`, `command`, `manual`.
    fn name(&self) -> &str;

    /// What does the reading: the model and its version, the program, `person`.
    fn model(&self) -> &str;

    /// The text of `image` (the bytes of a PNG, JPEG or GIF). `None` is no guess: ask for another
    /// picture.
    fn solve(&self, image: &[u8]) -> Result<Option<Guess>, SolverError>;
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
    /// ONNX Runtime is not there or cannot be used.
    #[error(
        "ONNX Runtime cannot be used: {why}; give the path of libonnxruntime or set ORT_DYLIB_PATH"
    )]
    Runtime {
        /// What failed.
        why: String,
    },
    /// Numbers that are no scores of a text.
    #[error("the model's scores cannot be read: {why}")]
    Scores {
        /// What is wrong with them.
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
