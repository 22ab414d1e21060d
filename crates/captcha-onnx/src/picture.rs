//! Picture bytes to pixels.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{ImageFormat, ImageReader, Limits, RgbImage};

use crate::SolverError;

/// The largest picture file: portal captchas have some ten thousand bytes.
pub(crate) const MOST_BYTES: usize = 256 << 10;
/// The largest width and height in pixels.
pub(crate) const MOST_PIXELS: u32 = 1000;
/// What a decoder may allocate: the picture in 16-bit RGBA, and as much again for its own needs.
const MOST_MEMORY: u64 = 16 << 20;

fn bad(why: impl Into<String>) -> SolverError {
    SolverError::Picture { why: why.into() }
}

/// The format of `bytes`, if it is one that captchas come in.
pub(crate) fn format_of(bytes: &[u8]) -> Result<ImageFormat, SolverError> {
    if bytes.len() > MOST_BYTES {
        return Err(bad(format!(
            "{} bytes are more than {MOST_BYTES}",
            bytes.len()
        )));
    }
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif)) => Ok(format),
        Ok(format) => Err(bad(format!("{format:?} is not PNG, JPEG or GIF"))),
        Err(_) => Err(bad("not a PNG, JPEG or GIF")),
    }
}

/// The pixels of `bytes`, transparent parts white. Never panics, whatever the bytes.
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbImage, SolverError> {
    let format = format_of(bytes)?;
    let decoded = catch_unwind(|| {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_PIXELS);
        limits.max_image_height = Some(MOST_PIXELS);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        reader.decode()
    })
    .map_err(|_| bad("the decoder panicked"))?
    .map_err(|error| bad(error.to_string()))?;
    let (width, height) = (decoded.width(), decoded.height());
    if width == 0 || height == 0 || width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(bad(format!("{width} x {height} pixels")));
    }
    if !decoded.color().has_alpha() {
        return Ok(decoded.into_rgb8());
    }
    let rgba = decoded.into_rgba8();
    Ok(RgbImage::from_fn(width, height, |x, y| {
        let image::Rgba([r, g, b, a]) = *rgba.get_pixel(x, y);
        let on_white = |value: u8| {
            let (value, alpha) = (u32::from(value), u32::from(a));
            ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        image::Rgb([on_white(r), on_white(g), on_white(b)])
    }))
}

/// The picture as PNG bytes.
pub(crate) fn to_png(bytes: &[u8]) -> Result<Vec<u8>, SolverError> {
    let mut png = Vec::new();
    decode(bytes)?
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .map_err(|error| bad(error.to_string()))?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgba, RgbaImage};

    fn bytes_of(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture
            .into()
            .write_to(&mut Cursor::new(&mut bytes), format)
            .unwrap();
        bytes
    }

    #[test]
    fn the_three_formats_are_read_and_transparency_is_white() {
        let picture = RgbaImage::from_fn(4, 2, |x, _| Rgba([0, 0, 0, if x < 2 { 255 } else { 0 }]));
        for format in [ImageFormat::Png, ImageFormat::Gif] {
            let read = decode(&bytes_of(picture.clone(), format)).unwrap();
            assert_eq!(
                (read.get_pixel(0, 0).0, read.get_pixel(3, 1).0),
                ([0; 3], [255; 3]),
                "{format:?}"
            );
        }
        let grey = RgbImage::from_pixel(8, 8, image::Rgb([128; 3]));
        let read = decode(&bytes_of(grey, ImageFormat::Jpeg)).unwrap();
        assert!(read.get_pixel(0, 0).0[0].abs_diff(128) < 3);
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_an_error() {
        let wide = bytes_of(RgbImage::new(MOST_PIXELS + 1, 1), ImageFormat::Png);
        let tall = bytes_of(RgbImage::new(1, MOST_PIXELS + 1), ImageFormat::Gif);
        let good = bytes_of(RgbImage::new(9, 9), ImageFormat::Png);
        let cut = good.get(..good.len() / 2).unwrap();
        let long = [good.as_slice(), &vec![0; MOST_BYTES]].concat();
        for bytes in [
            b"".as_slice(),
            b"<html>",
            b"\x89PNG\r\n\x1a\n",
            &wide,
            &tall,
            cut,
            &long,
        ] {
            assert!(decode(bytes).is_err(), "{:?}", bytes.get(..8));
        }
        assert!(decode(&good).is_ok());
    }

    #[test]
    fn damaged_pictures_never_panic() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif] {
            let picture =
                RgbImage::from_fn(16, 16, |x, y| image::Rgb([x as u8 * 16, y as u8 * 16, 7]));
            let good = bytes_of(picture, format);
            for at in 0..good.len() {
                let mut bad = good.clone();
                bad[at] = bad[at].wrapping_mul(31).wrapping_add(97);
                // The outcome may be either; coming back is the test.
                drop(decode(&bad));
                drop(decode(good.get(..at).unwrap()));
            }
        }
    }
}
