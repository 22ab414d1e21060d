//! Captcha pictures: 215 by 80, letters bent and turned, with dots and lines across.

use bytes::Bytes;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use crate::glyph::{self, Point};
use crate::random::Draw;

/// Width of a picture in pixels.
pub(crate) const WIDTH: u32 = 215;
/// Height of a picture in pixels.
pub(crate) const HEIGHT: u32 = 80;

/// How captchas look.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptchaSpec {
    /// Number of characters.
    pub length: usize,
    /// The characters: lower-case letters and digits. The default leaves out the pairs that people
    /// mix up.
    pub alphabet: String,
    /// How much is drawn over the letters, from 0 (nothing) to 1 (as on the portals) and beyond.
    pub noise: f64,
}

impl Default for CaptchaSpec {
    fn default() -> Self {
        Self {
            length: 6,
            alphabet: "abcdefghkmnpqrstuvwxyz23456789".to_owned(),
            noise: 1.0,
        }
    }
}

/// A picture and what it says.
pub(crate) struct Challenge {
    pub(crate) png: Bytes,
    pub(crate) answer: String,
}

/// Ink from 0 (none) to 1 for every pixel.
struct Canvas(Vec<f64>);

impl Canvas {
    fn dab(&mut self, x: i64, y: i64, ink: f64) {
        if (0..i64::from(WIDTH)).contains(&x) && (0..i64::from(HEIGHT)).contains(&y) {
            let at = (y * i64::from(WIDTH) + x) as usize;
            if let Some(pixel) = self.0.get_mut(at) {
                *pixel = pixel.max(ink);
            }
        }
    }

    /// A line `thick` pixels wide, edges softened over one pixel.
    fn line(&mut self, from: Point, to: Point, thick: f64) {
        let reach = thick / 2.0 + 1.0;
        let (left, right) = (from.0.min(to.0) - reach, from.0.max(to.0) + reach);
        let (top, bottom) = (from.1.min(to.1) - reach, from.1.max(to.1) + reach);
        for y in top.floor() as i64..=bottom.ceil() as i64 {
            for x in left.floor() as i64..=right.ceil() as i64 {
                let away = distance((x as f64, y as f64), from, to);
                self.dab(x, y, (thick / 2.0 + 0.5 - away).clamp(0.0, 1.0));
            }
        }
    }
}

fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length == 0.0 {
        0.0
    } else {
        (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length).clamp(0.0, 1.0)
    };
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}

/// A new picture.
pub(crate) fn draw(spec: &CaptchaSpec, draw: &mut Draw) -> Challenge {
    let alphabet: Vec<char> = spec
        .alphabet
        .chars()
        .filter(|c| glyph::strokes(*c).is_some())
        .collect();
    let answer: String = (0..spec.length.clamp(1, 8))
        .map(|_| draw.pick(&alphabet))
        .collect();
    let mut canvas = Canvas(vec![0.0; (WIDTH * HEIGHT) as usize]);
    letters(&mut canvas, &answer, draw);
    noise(&mut canvas, spec.noise.clamp(0.0, 4.0), draw);
    Challenge {
        png: encode(&canvas, draw),
        answer,
    }
}

fn letters(canvas: &mut Canvas, answer: &str, draw: &mut Draw) {
    let cell = (f64::from(WIDTH) - 24.0) / answer.chars().count().max(1) as f64;
    let scale = (cell / 11.0).min(2.7);
    let (phase, bend) = (draw.unit() * 6.0, 1.5 + draw.unit() * 2.0);
    for (place, character) in answer.chars().enumerate() {
        let Some((lines, width)) = glyph::strokes(character) else {
            continue;
        };
        let centre = (
            12.0 + cell * (place as f64 + 0.5),
            40.0 + (draw.unit() - 0.5) * 8.0,
        );
        let turn = (draw.unit() - 0.5) * 0.45;
        let thick = 4.2 + draw.unit() * 1.2;
        let warped = |point: Point| {
            let (x, y) = ((point.0 - width / 2.0) * scale, (point.1 - 9.0) * scale);
            let (x, y) = (
                x * turn.cos() - y * turn.sin() + centre.0,
                x * turn.sin() + y * turn.cos() + centre.1,
            );
            (
                x + bend * (y / 11.0 + phase).sin(),
                y + bend * (x / 17.0 + phase).sin(),
            )
        };
        for line in lines {
            let line: Vec<Point> = line.into_iter().map(warped).collect();
            for pair in line.windows(2) {
                canvas.line(pair[0], pair[1], thick);
            }
        }
    }
}

fn noise(canvas: &mut Canvas, amount: f64, draw: &mut Draw) {
    for _ in 0..(320.0 * amount) as u32 {
        canvas.dab(
            i64::from(draw.below(WIDTH)),
            i64::from(draw.below(HEIGHT)),
            0.9,
        );
    }
    let lines = (2.0 * amount).round() as u32;
    for _ in 0..lines {
        let (start, rise) = (draw.unit() * f64::from(HEIGHT), (draw.unit() - 0.5) * 0.5);
        let (height, wave, phase) = (
            2.0 + draw.unit() * 6.0,
            12.0 + draw.unit() * 20.0,
            draw.unit() * 6.0,
        );
        let at = |x: f64| (x, start + rise * x + height * (x / wave + phase).sin());
        for x in (0..WIDTH).step_by(3) {
            canvas.line(at(f64::from(x)), at(f64::from(x + 3)), 1.6);
        }
    }
}

fn encode(canvas: &Canvas, draw: &mut Draw) -> Bytes {
    let ink = 90.0 + draw.unit() * 40.0;
    let pixels: Vec<u8> = canvas
        .0
        .iter()
        .flat_map(|cover| [(255.0 - cover * (255.0 - ink)) as u8; 3])
        .collect();
    let mut png = Vec::new();
    // Encoding a buffer of the right size into memory does not fail.
    if PngEncoder::new(&mut png)
        .write_image(&pixels, WIDTH, HEIGHT, ExtendedColorType::Rgb8)
        .is_err()
    {
        png.clear();
    }
    png.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_rgb_of_the_portals_size_and_all_different() {
        let mut stream = Draw::of(&[3]);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..20 {
            let challenge = draw(&CaptchaSpec::default(), &mut stream);
            let picture = image::load_from_memory(&challenge.png).unwrap();
            assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
            assert!(matches!(picture, image::DynamicImage::ImageRgb8(_)));
            let dark = picture.to_luma8().pixels().filter(|p| p.0[0] < 160).count();
            assert!(dark > 1_500, "{dark} dark pixels");
            assert_eq!(challenge.answer.len(), 6);
            assert!(seen.insert(challenge.png));
        }
    }
}
