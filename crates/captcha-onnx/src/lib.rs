//! From the bytes of a captcha picture to a guess of its text.
//!
//! Three solvers behind one trait, [`Solver`]: [`OnnxSolver`] runs a model,
//! [`CommandSolver`] asks a program of the user's choice, [`ManualSolver`] asks a person. All of them
//! work on this machine; none knows what portal a picture comes from.
//!
//! A model that reads the captchas of the court portals is part of this crate
//! ([`OnnxSolver::embedded`]), and so is a runtime for it in Rust alone. A native ONNX Runtime
//! library can run it as well ([`Runtime`]), faster and with the same answers. Models of other
//! makers come as bytes with a [`Manifest`] that says what they take and give.
//!
//! Every [`Guess`] has a confidence; below the manifest's threshold there is none, because another
//! picture costs less than a wrong answer. A [`Question`] says what is known about the text
//! beforehand, or that the picture shows a sum whose result is wanted. [`evaluate()`] measures a model
//! on labelled pictures; [`KeptPictures`] collects some.
//!
//! What a model says is turned into text by pure functions over its scores, [`decode`]:
//!
//! ```
//! use nirnay_captcha_onnx::decode::{Scores, ctc_beam};
//!
//! // Three steps over the classes blank, `a`, `b`.
//! let probabilities = [0.1, 0.8, 0.1, 0.7, 0.2, 0.1, 0.1, 0.2, 0.7];
//! let scores = Scores::from_probabilities(3, 3, &probabilities)?;
//! let best = ctc_beam(&scores, 0, 1..=4, 3);
//! assert_eq!(best[0].classes, [1, 2]); // "ab"
//! # Ok::<(), nirnay_captcha_onnx::SolverError>(())
//! ```

mod command;
pub mod decode;
mod embedded;
mod evaluate;
mod inline;
mod kept;
mod labelled;
mod manifest;
mod manual;
mod onnx;
mod picture;
mod question;
mod reading;
mod runtime;
mod solver;
mod sum;
mod tensor;

pub use command::CommandSolver;
pub use embedded::{EMBEDDED_MANIFEST, EMBEDDED_MODEL};
pub use evaluate::{Bin, Evaluation, EvaluationError, Reading, evaluate};
pub use inline::InlinePictures;
pub use kept::KeptPictures;
pub use labelled::{LABELS, Labelled, LabelledError, NewSet, read_labels};
pub use manifest::{
    Channels, Decoding, Fit, GuessRule, Input, InputLayout, KeepRatio, Manifest, Output,
    OutputLayout, Resample, ScoreKind, Width,
};
pub use manual::ManualSolver;
pub use onnx::OnnxSolver;
pub use question::{Question, TextHint};
pub use runtime::Runtime;
pub use solver::{Guess, Solver, SolverError};
