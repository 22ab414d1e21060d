//! From the bytes of a captcha picture to a guess of its text.
//!
//! Three solvers behind one trait, [`Solver`]: [`OnnxSolver`] runs a model on ONNX Runtime,
//! [`CommandSolver`] asks a program of the user's choice, [`ManualSolver`] asks a person. All of
//! them work on this machine; none knows what portal a picture comes from.
//!
//! No model is embedded: `OnnxSolver` takes the bytes of one together with its [`Manifest`]
//! (`models/securimage.onnx` and `securimage.toml` are ours, made by `training/`), and finds the
//! native ONNX Runtime library at a given path or at `ORT_DYLIB_PATH`.
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
mod inline;
mod manifest;
mod manual;
mod onnx;
mod picture;
mod runtime;
mod solver;

pub use command::CommandSolver;
pub use inline::InlinePictures;
pub use manifest::{
    Channels, Decoding, GuessRule, Input, InputLayout, Manifest, Output, OutputLayout, ScoreKind,
};
pub use manual::ManualSolver;
pub use onnx::OnnxSolver;
pub use solver::{Guess, Solver, SolverError};
