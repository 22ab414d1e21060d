//! Pictures that somebody broke. `NIRNAY_CAPTCHA_MUTATIONS` says how many (100,000 for the long run).

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::Cursor;

use image::codecs::gif::{GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, RgbaImage};
use nirnay_captcha_onnx::{Guess, OnnxSolver, Question, Runtime, SolverError};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The most that reading any picture may add to the memory of the process, in KiB: twice a picture of
/// a million pixels in 16 bits, and the model's own needs.
const MOST_MEMORY: u64 = 64 << 10;

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .into()
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn striped(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(if (x / 9 + y / 5) % 3 == 0 {
            [60; 3]
        } else {
            [250, 250, 240]
        })
    })
}

fn animated() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for shade in 0..4 {
        let page = RgbaImage::from_pixel(60, 20, image::Rgba([shade * 60, 9, 9, 255]));
        encoder.encode_frame(Frame::new(page)).unwrap();
    }
    drop(encoder);
    bytes
}

/// Whole pictures of every sort.
fn seeds() -> Vec<Vec<u8>> {
    let rgb = striped(215, 80);
    let dynamic = DynamicImage::from(rgb.clone());
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 40)
        .encode_image(&rgb)
        .unwrap();
    vec![
        encoded(rgb.clone(), ImageFormat::Png),
        encoded(dynamic.to_rgba16(), ImageFormat::Png),
        encoded(dynamic.to_luma_alpha8(), ImageFormat::Png),
        encoded(dynamic.to_luma16(), ImageFormat::Png),
        encoded(rgb.clone(), ImageFormat::Gif),
        animated(),
        jpeg,
        encoded(dynamic.to_luma8(), ImageFormat::Jpeg),
        encoded(striped(1000, 1000), ImageFormat::Png),
        encoded(striped(1, 1), ImageFormat::Png),
        encoded(striped(279, 88), ImageFormat::Png),
        encoded(striped(1000, 2), ImageFormat::Gif),
    ]
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// Gives every chunk of a PNG its right sum again, so that changes get past the first check.
fn mend(png: &mut [u8]) {
    let mut at = 8;
    while let Some(head) = png.get(at..at + 4) {
        let length = head
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let end = at.saturating_add(8).saturating_add(length);
        let Some(body) = png.get(at + 4..end) else {
            return;
        };
        let sum = crc(body).to_be_bytes();
        if let Some(place) = png.get_mut(end..end + 4) {
            place.copy_from_slice(&sum);
        }
        at = end + 4;
    }
}

fn mutate(dice: &mut ChaCha8Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[dice.random_range(0..seeds.len())].clone();
    for _ in 0..dice.random_range(1..6) {
        let at = dice.random_range(0..bytes.len().max(1));
        match dice.random_range(0..8) {
            0 | 1 if at < bytes.len() => bytes[at] = dice.random(),
            2 if at < bytes.len() => bytes[at] ^= 1 << dice.random_range(0..8),
            // The headers, where sizes and types stand.
            3 if bytes.len() > 40 => bytes[dice.random_range(8..40)] = dice.random(),
            4 => bytes.truncate(at),
            5 => {
                let other = &seeds[dice.random_range(0..seeds.len())];
                let from = dice.random_range(0..other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            6 => {
                let end = (at + dice.random_range(0..200)).min(bytes.len());
                let piece = bytes.get(at..end).unwrap_or_default().to_vec();
                let into = dice.random_range(0..=bytes.len());
                bytes.splice(into..into, piece);
            }
            7 => bytes.extend(std::iter::repeat_n(
                dice.random::<u8>(),
                dice.random_range(0..5000),
            )),
            _ => {}
        }
    }
    if bytes.starts_with(b"\x89PNG") && dice.random_bool(0.7) {
        mend(&mut bytes);
    }
    bytes
}

/// The most memory that the process ever had, in KiB; nothing where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn check(outcome: Result<Option<Guess>, SolverError>, what: &str) {
    match outcome {
        Ok(guess) => {
            let confidence = guess.map_or(0.0, |guess| guess.confidence);
            assert!((0.0..=1.0).contains(&confidence), "{what}: {confidence}");
        }
        Err(SolverError::Picture { .. }) => {}
        Err(error) => panic!("{what}: {error}"),
    }
}

#[test]
fn mutated_pictures_never_panic_and_take_little_memory() {
    let solver = OnnxSolver::embedded(&Runtime::Embedded).unwrap();
    let seeds = seeds();
    for (at, seed) in seeds.iter().enumerate() {
        let read = solver.read(seed, &Question::default());
        assert!(read.is_ok(), "picture {at}: {read:?}");
    }
    let count: u64 = std::env::var("NIRNAY_CAPTCHA_MUTATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2_000);
    let first: u64 = std::env::var("NIRNAY_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    let before = peak();
    let mut whole = 0;
    for seed in first..first + count {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let bytes = mutate(&mut dice, &seeds);
        let question = if seed % 10 == 0 {
            Question::Arithmetic
        } else {
            Question::default()
        };
        let outcome = solver.read(&bytes, &question);
        whole += u64::from(outcome.is_ok());
        check(
            outcome,
            &format!(
                "NIRNAY_SEED={seed} NIRNAY_CAPTCHA_MUTATIONS=1 cargo test -p nirnay-captcha-onnx --test mutations"
            ),
        );
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        println!(
            "{count} pictures, {whole} could be read, {} KiB more",
            after - before
        );
        assert!(
            after - before < MOST_MEMORY,
            "{before} KiB grew to {after} KiB"
        );
    }
    // The mutations reach the model and the decoders' refusals alike.
    assert!(
        count < 500 || (whole > count / 20 && whole < count * 19 / 20),
        "{whole} of {count}"
    );
}

/// Pictures that say they are larger than they may be, or are.
#[test]
fn bombs_are_refused() {
    let solver = OnnxSolver::embedded(&Runtime::Embedded).unwrap();
    let before = peak();
    let flat = |width, height| RgbImage::from_pixel(width, height, Rgb([255; 3]));
    for bomb in [
        encoded(flat(1001, 10), ImageFormat::Png),
        encoded(flat(10, 1001), ImageFormat::Png),
        encoded(flat(3000, 3000), ImageFormat::Png),
        encoded(flat(1200, 1200), ImageFormat::Gif),
        encoded(flat(3000, 3000), ImageFormat::Jpeg),
        vec![0; 300 << 10],
    ] {
        let refused = solver.read(&bomb, &Question::default());
        assert!(
            matches!(refused, Err(SolverError::Picture { .. })),
            "{refused:?}"
        );
    }
    let mut lying = encoded(flat(10, 10), ImageFormat::Png);
    // Width and height of two thousand million.
    lying[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    mend(&mut lying);
    assert!(matches!(
        solver.read(&lying, &Question::default()),
        Err(SolverError::Picture { .. })
    ));
    if let (Some(before), Some(after)) = (before, peak()) {
        // The encoders above take some too.
        assert!(
            after - before < 2 * MOST_MEMORY,
            "{before} KiB grew to {after} KiB"
        );
    }
}
