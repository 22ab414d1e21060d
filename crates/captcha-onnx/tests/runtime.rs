//! A real ONNX Runtime, where `ORT_DYLIB_PATH` names one.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use nirnay_captcha_onnx::{Manifest, OnnxSolver, Solver, SolverError};

/// A field of a protocol buffer that holds bytes.
fn field(number: u8, body: &[u8]) -> Vec<u8> {
    assert!(body.len() < 128, "longer bodies need a longer length");
    [&[number << 3 | 2, body.len() as u8], body].concat()
}

/// A field of a protocol buffer that holds a small number.
fn number(number: u8, value: u8) -> Vec<u8> {
    vec![number << 3, value]
}

fn value_info(name: &str, sizes: &[u8]) -> Vec<u8> {
    let dimensions: Vec<u8> = sizes
        .iter()
        .flat_map(|size| field(1, &number(1, *size)))
        .collect();
    let tensor = [number(1, 1), field(2, &dimensions)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

/// A model of one `Squeeze` node: a grey picture comes out as it went in, without its dimensions of
/// one. Its rows are the steps of a text and its columns the classes.
fn picture_is_scores(height: u8, width: u8) -> Vec<u8> {
    let node = [field(1, b"x"), field(2, b"y"), field(4, b"Squeeze")].concat();
    let graph = [
        field(1, &node),
        field(2, b"g"),
        field(11, &value_info("x", &[1, 1, height, width])),
        field(12, &value_info("y", &[height, width])),
    ]
    .concat();
    [number(1, 8), field(7, &graph), field(8, &number(2, 13))].concat()
}

fn manifest(alphabet: &str) -> Manifest {
    Manifest::from_toml(&format!(
        r#"
        name = "squeeze"
        version = "1"
        [input]
        width = 4
        height = 5
        channels = "grey"
        mean = [0.0]
        std = [0.1]
        [output]
        alphabet = "{alphabet}"
        decoding = "ctc"
        special = 0
        [guess]
        min_length = 3
        max_length = 3
        min_confidence = 0.5
        "#
    ))
    .unwrap()
}

/// A picture with one white pixel in each row, in the column of its class.
fn picture(classes: [u32; 5]) -> Vec<u8> {
    let mut picture = GrayImage::new(4, 5);
    for (row, column) in (0..).zip(classes) {
        picture.put_pixel(column, row, Luma([255]));
    }
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes
}

#[test]
fn a_model_reads_pictures() {
    if std::env::var_os("ORT_DYLIB_PATH").is_none() {
        eprintln!("ORT_DYLIB_PATH names no ONNX Runtime: OnnxSolver is not tried");
        return;
    }
    let model = picture_is_scores(5, 4);
    let solver = OnnxSolver::new(None, &model, manifest("abc")).unwrap();
    assert_eq!((solver.name(), solver.model()), ("onnx", "squeeze 1"));

    let guess = solver.solve(&picture([1, 1, 0, 1, 3])).unwrap().unwrap();
    assert_eq!(guess.text, "aac");
    assert!(guess.confidence > 0.9, "{guess:?}");
    assert_eq!(guess.alternatives.len(), 2);
    assert_eq!(
        solver.solve(&picture([1, 1, 1, 1, 3])).unwrap(),
        None,
        "two characters are no guess"
    );
    assert!(matches!(
        solver.solve(b"<html>"),
        Err(SolverError::Picture { .. })
    ));

    // What does not fit together is found before the first picture.
    for (model, manifest) in [
        (model, manifest("ab")),
        (b"no model".to_vec(), manifest("abc")),
    ] {
        assert!(matches!(
            OnnxSolver::new(None, &model, manifest),
            Err(SolverError::Model { .. })
        ));
    }
    let wrong_size = picture_is_scores(6, 4);
    let failure = OnnxSolver::new(None, &wrong_size, manifest("abc")).unwrap_err();
    assert!(matches!(failure, SolverError::Model { .. }), "{failure}");
}
