//! The native ONNX Runtime, where `ORT_DYLIB_PATH` names its library, against the embedded runtime.
//! A process can have only one of them, so the embedded one reads in a child.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::{ImageFormat, Rgb, RgbImage};
use nirnay_captcha_onnx::{OnnxSolver, Question, Runtime};

/// Pictures to read: whatever lies beside the project, and patterns.
fn pictures() -> Vec<Vec<u8>> {
    let mut pictures: Vec<Vec<u8>> = (0..8).map(pattern).collect();
    let shared = std::env::var_os("NIRNAY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    for set in ["ecourts_v6", "mixed_v4", "recorded"] {
        let Ok(entries) = fs::read_dir(shared.join("captcha").join(set)) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let pngs = files
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "png"));
        pictures.extend(pngs.take(15).map(|path| fs::read(path).unwrap()));
    }
    pictures
}

fn pattern(number: u32) -> Vec<u8> {
    let size = if number.is_multiple_of(2) {
        (215, 80)
    } else {
        (279, 88)
    };
    let picture = RgbImage::from_fn(size.0, size.1, |x, y| {
        let dark = (x / (3 + number) + y / 7 * number).is_multiple_of(5);
        Rgb(if dark {
            [40, 40, 40 + number as u8]
        } else {
            [255; 3]
        })
    });
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes
}

/// A line for each picture: the text and its confidence.
fn readings(runtime: &Runtime) -> Vec<(String, f32)> {
    let solver = OnnxSolver::embedded(runtime).unwrap();
    pictures()
        .iter()
        .map(|picture| {
            let guess = solver.read(picture, &Question::default()).unwrap();
            guess.map_or_else(Default::default, |guess| (guess.text, guess.confidence))
        })
        .collect()
}

#[test]
#[ignore = "started by the other test"]
fn child_with_the_embedded_runtime() {
    for (text, confidence) in readings(&Runtime::Embedded) {
        println!("READ {text:?} {confidence}");
    }
}

#[test]
fn the_native_runtime_reads_the_same() {
    let runtime = Runtime::choose(None);
    if runtime == Runtime::Embedded {
        println!("skipped: ORT_DYLIB_PATH names no ONNX Runtime library");
        return;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "child_with_the_embedded_runtime",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8(child.stdout).unwrap();
    let embedded: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once("READ ").map(|(_, reading)| reading))
        .collect();
    let native = readings(&runtime);
    assert_eq!(embedded.len(), native.len(), "{said}");
    for ((text, confidence), embedded) in native.iter().zip(embedded) {
        let (read, sure) = embedded.rsplit_once(' ').unwrap();
        let sure: f32 = sure.parse().unwrap();
        assert!(
            (sure - confidence).abs() < 1e-3,
            "{text} {confidence} {embedded}"
        );
        // Two readings that are as likely may change places.
        assert!(
            read == format!("{text:?}") || *confidence < 0.5,
            "{text} {embedded}"
        );
    }
    println!("{} pictures read the same by {runtime}", native.len());

    // And no second runtime after it.
    assert!(OnnxSolver::embedded(&Runtime::Embedded).is_err());
}
