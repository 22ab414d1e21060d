//! The captcha model: how fast it loads and reads, beside ddddocr on the same pictures in the same
//! run, and what its answers are worth on a walk.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use nirnay_portal_sim::{CaptchaStyle, draw_captcha};
use serde_json::Value;

use crate::portals::nirnay;

/// Pictures to read.
const PICTURES: u64 = 400;

/// Reads drawn pictures with the embedded runtime, with a native one where `ORT_DYLIB_PATH` names it,
/// and with ddddocr where it is installed; then walks the demonstration.
pub(crate) fn table() {
    let dir = tempfile::tempdir().expect("a folder");
    let pictures = dir.path().join("pictures");
    draw(&pictures);
    println!(
        "{:<34} {:>8} {:>10} {:>9} {:>9}",
        "reader", "load ms", "ms/picture", "exact", "answered"
    );
    ours("nirnay, embedded runtime", &pictures, None);
    if let Some(library) = std::env::var_os("ORT_DYLIB_PATH") {
        ours(
            "nirnay, native runtime",
            &pictures,
            Some(Path::new(&library)),
        );
    }
    ddddocr(&pictures);
    walk(dir.path());
}

fn draw(dir: &Path) {
    std::fs::create_dir_all(dir).expect("a folder");
    let mut labels = String::new();
    for seed in 0..PICTURES {
        let style = if seed % 2 == 0 {
            CaptchaStyle::EcourtsHc
        } else {
            CaptchaStyle::EcourtsV6
        };
        let drawn = draw_captcha(style, 40_000 + seed);
        std::fs::write(dir.join(format!("{seed}.png")), &drawn.png).expect("a picture");
        writeln!(labels, "{seed}.png\t{}", drawn.text).ok();
    }
    std::fs::write(dir.join("labels.tsv"), labels).expect("labels");
}

fn json(args: &[&str], library: Option<&Path>) -> Value {
    let mut command = Command::new(nirnay());
    command.args(args).env_remove("ORT_DYLIB_PATH");
    if let Some(library) = library {
        command.env("ORT_DYLIB_PATH", library);
    }
    let output = command.output().expect("nirnay");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "nirnay {args:?}: {errors}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn ours(name: &str, pictures: &Path, library: Option<&Path>) {
    let pictures = pictures.to_string_lossy();
    let said = json(&["captcha", "eval", "--json", &pictures], library);
    let figures = &said["dirs"][0];
    row(name, &said["load_ms"], figures);
}

fn row(name: &str, load: &Value, figures: &Value) {
    let number = |value: &Value| value.as_f64().expect("a number");
    println!(
        "{name:<34} {:>8.0} {:>10.2} {:>7.2} % {:>7.2} %",
        number(load),
        number(&figures["ms_per_image"]),
        number(&figures["exact"]) * 100.0,
        number(&figures["answered"]) * 100.0
    );
}

/// The Python package's own model and preparation, on one thread.
fn ddddocr(pictures: &Path) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let python = std::env::var_os("NIRNAY_DDDDOCR_PYTHON").map_or_else(
        || folder.join("../../.venv/ddddocr/bin/python"),
        PathBuf::from,
    );
    if !python.exists() {
        println!(
            "ddddocr is not installed (NIRNAY_DDDDOCR_PYTHON names an interpreter that has it)"
        );
        return;
    }
    let output = Command::new(python)
        .arg(folder.join("captcha/ddddocr_speed.py"))
        .arg(pictures)
        .output()
        .expect("python");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ddddocr: {errors}");
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    row("ddddocr, native runtime", &said["load_ms"], &said);
}

/// Walks the demonstration and says what the portals made of the answers.
fn walk(dir: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let demo = root.join("pipelines/demo.toml");
    let (demo, lake) = (demo.to_string_lossy(), dir.join("lake"));
    let lake = lake.to_string_lossy();
    json(
        &[
            "crawl",
            &demo,
            "--lake",
            &lake,
            "--no-text",
            "--quiet",
            "--json",
        ],
        None,
    );
    let status = json(&["status", "--lake", &lake, "--json"], None);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let sum = |entries: &[Value], key: &str| -> u64 {
        entries.iter().filter_map(|entry| entry[key].as_u64()).sum()
    };
    let answers = list(&status["captcha_acceptance"]);
    let judgments = sum(&list(&status["audit"]["entries"]), "accepted");
    let (answered, accepted) = (sum(&answers, "answered"), sum(&answers, "accepted"));
    println!(
        "walk: {judgments} judgments with PDFs, {answered} captcha answers ({:.1} for 1,000 judgments), {accepted} accepted ({:.2} %), {} pictures without a guess",
        answered as f64 * 1_000.0 / judgments.max(1) as f64,
        accepted as f64 * 100.0 / answered.max(1) as f64,
        sum(&answers, "without_guess")
    );
}
