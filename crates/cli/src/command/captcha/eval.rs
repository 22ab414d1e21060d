//! `nirnay captcha eval`: figures of a model on labelled pictures.

use std::path::Path;
use std::time::Instant;

use nirnay_captcha_onnx::{Evaluation, EvaluationError, Solver as _, evaluate};
use nirnay_pipeline::exit;
use serde_json::{Value, json};

use super::{draw, load, question};
use crate::args::{EvalArgs, Global};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output;

pub(super) fn run(global: &Global, args: &EvalArgs) -> Outcome {
    let began = Instant::now();
    let solver = load(&args.model)?;
    let load_ms = began.elapsed().as_secs_f64() * 1_000.0;
    let question = question(&args.model);
    let mut found = Vec::new();
    for dir in &args.dirs {
        let figures = evaluate(&solver, dir, &question).map_err(failed)?;
        if figures.pictures == 0 {
            return Err(Failure::usage(format!(
                "{} names no picture; a line has a file, a tab and its text",
                dir.join("labels.tsv").display()
            )));
        }
        if !global.json {
            if found.is_empty() {
                output::data(&format!(
                    "{:<28} {:>8} {:>8} {:>9} {:>18} {:>10} {:>6}",
                    "folder",
                    "pictures",
                    "exact",
                    "answered",
                    "exact of answered",
                    "characters",
                    "ms"
                ));
            }
            output::data(&line(dir, &figures));
        }
        found.push((dir.as_path(), figures));
    }
    if global.json {
        let dirs: Vec<Value> = found
            .iter()
            .map(|(dir, figures)| row(dir, figures))
            .collect();
        output::json(&json!({ "model": solver.model(), "load_ms": load_ms, "dirs": dirs }));
        return Ok(0);
    }
    print_calibration(&found);
    output::data(&format!(
        "model {}, loaded in {load_ms:.0} ms",
        solver.model()
    ));
    Ok(0)
}

fn line(dir: &Path, figures: &Evaluation) -> String {
    let percent = |share: f64| format!("{:.2} %", share * 100.0);
    format!(
        "{:<28} {:>8} {:>8} {:>9} {:>18} {:>10} {:>6.2}",
        dir.display(),
        figures.pictures,
        percent(figures.exact),
        percent(figures.answered),
        percent(figures.exact_of_answered),
        percent(figures.char_accuracy),
        figures.ms_per_image
    )
}

fn row(dir: &Path, figures: &Evaluation) -> Value {
    let mut row = json!({ "dir": dir });
    if let (Value::Object(row), Ok(Value::Object(figures))) =
        (&mut row, serde_json::to_value(figures))
    {
        row.extend(figures);
    }
    row
}

/// How often readings of a confidence are right, over all folders.
fn print_calibration(found: &[(&Path, Evaluation)]) {
    let Some((_, first)) = found.first() else {
        return;
    };
    output::data("");
    output::data(&format!(
        "{:<16} {:>8} {:>16} {:>8}",
        "confidence", "pictures", "mean confidence", "right"
    ));
    for (at, bin) in first.calibration.iter().enumerate() {
        let bins = || {
            found
                .iter()
                .filter_map(|(_, figures)| figures.calibration.get(at))
        };
        let pictures: usize = bins().map(|bin| bin.pictures).sum();
        let mean = |value: fn(&nirnay_captcha_onnx::Bin) -> f64| {
            let sum: f64 = bins().map(|bin| value(bin) * bin.pictures as f64).sum();
            sum * 100.0 / pictures.max(1) as f64
        };
        let (confidence, right) = (mean(|bin| bin.confidence), mean(|bin| bin.right));
        output::data(&if pictures == 0 {
            format!(
                "{:<16} {pictures:>8}",
                format!("{} to {}", bin.from, bin.to)
            )
        } else {
            format!(
                "{:<16} {pictures:>8} {confidence:>14.2} % {right:>6.2} %",
                format!("{} to {}", bin.from, bin.to)
            )
        });
    }
}

fn failed(error: EvaluationError) -> Failure {
    match error {
        EvaluationError::Labels(error) => draw::failed(error),
        EvaluationError::Solver(_) | EvaluationError::NoSum { .. } => {
            Failure::new(exit::USAGE, error.to_string())
        }
    }
}
