//! `nirnay captcha solve`: pictures in, texts out.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use nirnay_captcha_onnx::{Guess, SolverError};
use nirnay_pipeline::exit;
use serde_json::{Value, json};

use super::{load, question};
use crate::args::{Global, SolveArgs};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output::{self, talk};

/// One byte more than the largest picture.
const MOST_BYTES: u64 = (256 << 10) + 1;

pub(super) fn run(global: &Global, args: &SolveArgs) -> Outcome {
    let solver = load(&args.model)?;
    let question = question(&args.model);
    let least = solver.manifest().guess.min_confidence;
    let mut rows = Vec::new();
    let mut code = 0;
    for path in &args.files {
        let guess = match read(path) {
            Ok(image) => solver.read(&image, &question),
            Err(error) => Err(SolverError::Picture {
                why: error.to_string(),
            }),
        };
        let guess = match guess {
            Ok(guess) => guess,
            // One file without a picture keeps the others from no answer.
            Err(SolverError::Picture { why }) => {
                talk(&format!("nirnay: {}: {why}", path.display()));
                rows.push(json!({ "file": path.display().to_string(), "error": why }));
                code = exit::IO;
                continue;
            }
            Err(error) => return Err(Failure::usage(error.to_string())),
        };
        if global.json {
            rows.push(row(path, guess.as_ref(), least));
        } else {
            output::data(&line(path, guess.as_ref(), least));
        }
    }
    if global.json {
        output::json(&rows);
    }
    Ok(code)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// File, answer (or `-` for no guess), confidence, and the sum where there is one.
fn line(path: &Path, guess: Option<&Guess>, least: f32) -> String {
    let file = path.display();
    let Some(guess) = guess else {
        return format!("{file}\t-");
    };
    let confidence = guess.confidence;
    let answer = if confidence < least { "-" } else { &guess.text };
    let shown = guess
        .expression
        .as_ref()
        .map(|sum| format!("\t{sum}"))
        .unwrap_or_default();
    format!("{file}\t{answer}\t{confidence:.4}{shown}")
}

fn row(path: &Path, guess: Option<&Guess>, least: f32) -> Value {
    let file = path.display().to_string();
    let Some(guess) = guess else {
        return json!({ "file": file, "answer": null, "readings": [] });
    };
    let sure = guess.confidence >= least;
    let readings: Vec<Value> = std::iter::once((&guess.text, &guess.confidence))
        .chain(
            guess
                .alternatives
                .iter()
                .map(|(text, confidence)| (text, confidence)),
        )
        .map(|(text, confidence)| json!({ "text": text, "confidence": confidence }))
        .collect();
    json!({
        "file": file,
        "answer": sure.then_some(&guess.text),
        "expression": guess.expression,
        "readings": readings,
    })
}
