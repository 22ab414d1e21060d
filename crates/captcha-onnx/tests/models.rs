//! Models of other makers, by manifests, on the embedded runtime.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod synthetic;

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use nirnay_captcha_onnx::{Manifest, OnnxSolver, Runtime, Solver, SolverError};
use synthetic::{columns_are_steps, rows_are_steps};

const ROWS: &str = r#"
    name = "rows"
    version = "1"
    [input]
    width = 4
    height = 5
    channels = "grey"
    mean = [0.0]
    std = [0.1]
    [output]
    alphabet = "abc"
    decoding = "ctc"
    special = 0
    [guess]
    min_length = 3
    max_length = 3
    min_confidence = 0.5
"#;

const COLUMNS: &str = r#"
    name = "columns"
    version = "1"
    [input]
    width = "keep-ratio"
    height = 6
    channels = "grey"
    mean = [0.0]
    std = [0.1]
    [output]
    classes = 6
    alphabet = "xyz"
    indices = [5, 2, 4]
    decoding = "ctc"
    special = 0
    layout = "tnc"
"#;

fn manifest(text: &str) -> Manifest {
    Manifest::from_toml(text).unwrap()
}

/// A picture of that size with a white pixel in each place.
fn picture(width: u32, height: u32, white: impl IntoIterator<Item = (u32, u32)>) -> Vec<u8> {
    let mut picture = GrayImage::new(width, height);
    for (x, y) in white {
        picture.put_pixel(x, y, Luma([255]));
    }
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes
}

/// A picture of five rows with one white pixel in each, in the column of its class.
fn rows(classes: [u32; 5]) -> Vec<u8> {
    picture(4, 5, classes.into_iter().zip(0..))
}

#[test]
fn a_model_with_a_text_down_its_rows() {
    let solver =
        OnnxSolver::new(&Runtime::Embedded, &rows_are_steps(5, 4), manifest(ROWS)).unwrap();
    assert_eq!((solver.name(), solver.model()), ("onnx", "rows 1"));

    let guess = solver.solve(&rows([1, 1, 0, 1, 3])).unwrap().unwrap();
    assert_eq!(guess.text, "aac");
    assert!(guess.confidence > 0.9, "{guess:?}");
    assert_eq!(guess.alternatives.len(), 2);
    let two = solver.solve(&rows([1, 1, 1, 1, 3])).unwrap();
    assert_eq!(two, None, "two characters are no guess");
    assert!(matches!(
        solver.solve(b"<html>"),
        Err(SolverError::Picture { .. })
    ));
}

#[test]
fn a_model_of_fixed_length_by_the_best_class_of_each_step() {
    let text = ROWS
        .replace("\"ctc\"", "\"argmax\"")
        .replace("max_length = 3", "max_length = 4");
    let solver =
        OnnxSolver::new(&Runtime::Embedded, &rows_are_steps(5, 4), manifest(&text)).unwrap();
    // Up to the end class, and equal neighbours are two characters.
    let guess = solver.solve(&rows([2, 2, 1, 0, 3])).unwrap().unwrap();
    assert_eq!(guess.text, "bba");
}

#[test]
fn a_model_of_any_width_with_more_classes_than_are_read() {
    let solver =
        OnnxSolver::new(&Runtime::Embedded, &columns_are_steps(6), manifest(COLUMNS)).unwrap();
    // Columns of classes 5, 0, 2, 2, 4: "x", "y", "z".
    let classes = [5, 0, 2, 2, 4];
    let found = solver
        .solve(&picture(5, 6, (0..).zip(classes)))
        .unwrap()
        .unwrap();
    assert_eq!(found.text, "xyz");
    // A class that is not in the alphabet is not read, however white.
    let classes = [5, 0, 3, 0, 4, 0, 4, 0, 5];
    let found = solver
        .solve(&picture(9, 6, (0..).zip(classes)))
        .unwrap()
        .unwrap();
    assert!(
        !found.text.is_empty() && found.text.chars().all(|c| "xyz".contains(c)),
        "{found:?}"
    );
    // Any picture will do.
    for (width, height) in [(1, 1), (1000, 1), (1, 1000), (300, 7)] {
        solver.solve(&picture(width, height, [])).unwrap();
    }
}

#[test]
fn what_does_not_fit_together_is_found_before_the_first_picture() {
    let good = rows_are_steps(5, 4);
    let cut = good.get(..good.len() / 2).unwrap().to_vec();
    for (model, text) in [
        (good.clone(), ROWS.replace("\"abc\"", "\"ab\"")),
        (good.clone(), ROWS.replace("height = 5", "height = 6")),
        (rows_are_steps(6, 4), ROWS.to_owned()),
        (cut, ROWS.to_owned()),
        (b"no model".to_vec(), ROWS.to_owned()),
        (Vec::new(), ROWS.to_owned()),
    ] {
        let failure = OnnxSolver::new(&Runtime::Embedded, &model, manifest(&text)).unwrap_err();
        assert!(matches!(failure, SolverError::Model { .. }), "{failure}");
        assert!(failure.to_string().contains("rows 1"), "{failure}");
    }
}

#[test]
fn a_process_has_one_runtime() {
    OnnxSolver::new(&Runtime::Embedded, &rows_are_steps(5, 4), manifest(ROWS)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libonnxruntime.so");
    std::fs::write(&library, "anything").unwrap();
    let failure = OnnxSolver::new(
        &Runtime::Native(library),
        &rows_are_steps(5, 4),
        manifest(ROWS),
    )
    .unwrap_err();
    assert!(
        matches!(failure, SolverError::SecondRuntime { .. }),
        "{failure}"
    );
    let said = failure.to_string();
    assert!(
        said.contains("the embedded runtime") && said.contains("libonnxruntime.so"),
        "{said}"
    );
}

#[test]
fn the_embedded_model_loads() {
    let solver = OnnxSolver::embedded(&Runtime::Embedded).unwrap();
    let input = &solver.manifest().input;
    assert_eq!(input.height, 80);
    let blank = picture(215, 80, []);
    assert!(solver.solve(&blank).unwrap().is_none(), "nothing to read");
}

#[test]
fn the_example_manifests_are_in_order() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(Manifest::from_toml(&text).is_ok(), "{}", path.display());
            read += 1;
        }
    }
    assert!(read >= 2);
}
