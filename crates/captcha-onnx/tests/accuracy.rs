//! The embedded model on labelled pictures that lie beside the project, not in it; without them this
//! test says so and proves nothing. The figures are the ones the model is made for.

use std::path::{Path, PathBuf};

use nirnay_captcha_onnx::{Evaluation, OnnxSolver, Question, Runtime, evaluate};

/// Folder, least share read right, and whether it is a style of the portals, of which at most 5 % may
/// go without a guess and 99.9 % of the guesses must be right.
const SETS: [(&str, f64, bool); 6] = [
    ("ecourts_hc", 0.995, true),
    ("ecourts_v6", 0.995, true),
    ("recorded", 0.995, true),
    ("default_v36", 0.93, false),
    ("default_v4", 0.80, false),
    ("mixed_v4", 0.65, false),
];

#[test]
fn labelled_pictures_are_read() {
    let shared = std::env::var_os("NIRNAY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let captchas = shared.join("captcha");
    if !captchas.is_dir() {
        println!(
            "skipped: there are no labelled pictures in {}",
            captchas.display()
        );
        return;
    }
    let solver = OnnxSolver::embedded(&Runtime::Embedded).unwrap();
    let mut short = Vec::new();
    let mut answered = (0.0, 0.0, 0.0);
    for (set, least, of_portal) in SETS {
        let found: Evaluation =
            evaluate(&solver, &captchas.join(set), &Question::default()).unwrap();
        println!(
            "{set}: exact {:.4}, answered {:.4}, exact of answered {:.4}, characters {:.4}",
            found.exact, found.answered, found.exact_of_answered, found.char_accuracy
        );
        if found.exact < least {
            short.push(format!("{set}: {:.4} read right, not {least}", found.exact));
        }
        if of_portal {
            let given = found.answered * found.pictures as f64;
            answered.0 += found.pictures as f64;
            answered.1 += given;
            answered.2 += given * found.exact_of_answered;
        }
    }
    let (pictures, given, right) = answered;
    if given < pictures * 0.95 {
        short.push(format!("{given} of {pictures} portal pictures answered"));
    }
    if right < given * 0.999 {
        short.push(format!("{right} of {given} answers right"));
    }
    assert!(short.is_empty(), "{short:#?}");
}
