//! Pixels to a grey PNG.

use std::io;

use ::image::codecs::png::{CompressionType, FilterType, PngEncoder};
use ::image::{ExtendedColorType, ImageEncoder};

/// The brightness of each opaque RGBA pixel, in the weights of the eye (ITU-R BT.601).
pub(super) fn grey(rgba: &[u8]) -> Vec<u8> {
    rgba.as_chunks::<4>()
        .0
        .iter()
        .map(|[red, green, blue, _]| {
            ((u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114 + 500)
                / 1000) as u8
        })
        .collect()
}

/// The file. It lives for a second or two between two programs: packed fast, not small.
pub(super) fn encode(grey: &[u8], width: u32, height: u32) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up)
        .write_image(grey, width, height, ExtendedColorType::L8)
        .map_err(io::Error::other)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness() {
        let pixels = [
            255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255,
        ];
        assert_eq!(grey(&pixels), [255, 0, 76, 150, 29]);
    }

    #[test]
    fn the_file_holds_the_pixels() {
        let pixels: Vec<u8> = (0..=255).collect();
        let file = encode(&pixels, 16, 16).unwrap();
        let read = ::image::load_from_memory(&file).unwrap().into_luma8();
        assert_eq!((read.width(), read.height()), (16, 16));
        assert_eq!(read.into_raw(), pixels);
    }
}
