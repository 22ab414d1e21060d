//! `nirnay captcha`: the solver by itself.

mod draw;
mod eval;
mod solve;

use nirnay_captcha_onnx::{OnnxSolver, Question, TextHint};

use super::Outcome;
use crate::adapters;
use crate::args::{CaptchaArgs, CaptchaCommand, Global, ModelArgs};
use crate::failure::Failure;

pub(crate) fn run(global: &Global, args: &CaptchaArgs) -> Outcome {
    match &args.command {
        CaptchaCommand::Solve(args) => solve::run(global, args),
        CaptchaCommand::Eval(args) => eval::run(global, args),
        CaptchaCommand::Draw(args) => draw::run(global, args),
    }
}

/// The model to read with.
fn load(args: &ModelArgs) -> Result<OnnxSolver, Failure> {
    let own = args.model.as_deref().zip(args.manifest.as_deref());
    adapters::onnx(own, args.runtime.as_deref())
}

/// What the pictures ask.
fn question(args: &ModelArgs) -> Question {
    if args.arithmetic {
        return Question::Arithmetic;
    }
    Question::Text(TextHint {
        alphabet: args.alphabet.clone(),
        lengths: None,
    })
}
