//! `nirnay captcha draw`: labelled pictures.

use nirnay_captcha_onnx::{LabelledError, NewSet};
use nirnay_portal_sim::draw_captcha;
use serde_json::json;

use crate::args::{DrawArgs, Global};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output;

pub(super) fn run(global: &Global, args: &DrawArgs) -> Outcome {
    let mut set = NewSet::create(&args.out).map_err(failed)?;
    let seeds = (0..u64::from(args.count)).map(|at| args.seed.wrapping_add(at));
    for (at, seed) in seeds.enumerate() {
        let drawn = draw_captcha(args.style.0, seed);
        set.add(&format!("{at:06}.png"), &drawn.png, &drawn.text)
            .map_err(failed)?;
    }
    set.finish().map_err(failed)?;
    if global.json {
        output::json(&json!({
            "out": args.out, "style": args.style.0.name(), "pictures": args.count, "seed": args.seed,
        }));
    } else {
        output::data(&format!(
            "{} pictures in {}",
            output::count(args.count.into()),
            args.out.display()
        ));
    }
    Ok(0)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
pub(super) fn failed(error: LabelledError) -> Failure {
    let code = match &error {
        LabelledError::Io { .. } => nirnay_pipeline::exit::IO,
        LabelledError::Line { .. } | LabelledError::Exists { .. } => nirnay_pipeline::exit::USAGE,
    };
    Failure::new(code, error.to_string())
}
