//! A picture while it is drawn: RGB pixels, laid over each other with a share of ink.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

/// A colour: red, green, blue.
pub(crate) type Colour = [u8; 3];

/// The pixels of a picture.
#[derive(Debug)]
pub(crate) struct Canvas {
    pub(crate) wide: u32,
    pub(crate) high: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    /// A canvas of one colour.
    pub(crate) fn new(wide: u32, high: u32, ground: Colour) -> Self {
        let pixels = ground
            .iter()
            .copied()
            .cycle()
            .take(wide as usize * high as usize * 3)
            .collect();
        Self { wide, high, pixels }
    }

    /// Lays a colour over a pixel; `ink` from 0 (nothing) to 255 (only the colour). Outside the
    /// picture nothing happens.
    pub(crate) fn dab(&mut self, x: i32, y: i32, colour: Colour, ink: u32) {
        if x < 0 || y < 0 || x >= self.wide as i32 || y >= self.high as i32 {
            return;
        }
        let at = (y as usize * self.wide as usize + x as usize) * 3;
        for (pixel, colour) in self.pixels.iter_mut().skip(at).take(3).zip(colour) {
            let mixed = u32::from(colour) * ink + u32::from(*pixel) * (255 - ink);
            *pixel = (mixed / 255) as u8;
        }
    }

    /// The picture as PNG.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut png = Vec::with_capacity(8192);
        // Encoding a buffer of the right size into memory does not fail.
        let written =
            PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Sub)
                .write_image(&self.pixels, self.wide, self.high, ExtendedColorType::Rgb8);
        if written.is_err() {
            png.clear();
        }
        png
    }
}
