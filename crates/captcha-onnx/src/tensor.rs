//! Pixels to the numbers that a model takes.

use std::collections::HashMap;

use image::imageops::{FilterType, overlay, resize};
use image::{Rgb, RgbImage};

use crate::manifest::{Channels, Fit, Input, InputLayout, Resample, Width};

/// The widest picture that a model of any width is given.
const MOST_WIDTH: u32 = 1000;

/// What the model takes: the numbers in its layout and their shape.
pub(crate) struct Taken {
    pub(crate) shape: [usize; 4],
    pub(crate) numbers: Vec<f32>,
}

/// The numbers of a picture for the model that takes `input`.
pub(crate) fn tensor(picture: &RgbImage, input: &Input) -> Taken {
    let fitted = fit(picture, input);
    let picture = fitted.as_ref().unwrap_or(picture);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let channels = input.channels.count();
    let plane = width * height;
    let normal = |value: f32, (mean, std): (f32, f32)| (value / 255.0 - mean) / std;
    let scales: Vec<(f32, f32)> = input
        .mean
        .iter()
        .copied()
        .zip(input.std.iter().copied())
        .collect();
    let mut numbers = vec![0.0; plane * channels];
    for (channel, scale) in scales.into_iter().enumerate().take(channels) {
        // Each value once, not each pixel.
        let known: [f32; 256] = std::array::from_fn(|value| normal(value as f32, scale));
        let (first, stride) = match input.layout {
            InputLayout::Nchw => (channel * plane, 1),
            InputLayout::Nhwc => (channel, channels),
        };
        let places = numbers.iter_mut().skip(first).step_by(stride);
        for (number, pixel) in places.zip(picture.as_raw().chunks_exact(3)) {
            *number = match (input.channels, pixel) {
                (Channels::Rgb, pixel) => pixel
                    .get(channel)
                    .map_or(0.0, |value| known[usize::from(*value)]),
                (Channels::Grey, &[r, g, b]) => {
                    let [r, g, b] = [r, g, b].map(f32::from);
                    // The weights of ITU-R BT.601, which Pillow's mode "L" uses too.
                    normal(0.299 * r + 0.587 * g + 0.114 * b, scale)
                }
                (Channels::Grey, _) => 0.0,
            };
        }
    }
    let shape = match input.layout {
        InputLayout::Nchw => [1, channels, height, width],
        InputLayout::Nhwc => [1, height, width, channels],
    };
    Taken { shape, numbers }
}

/// The picture in the model's size; nothing when it has that size already.
fn fit(picture: &RgbImage, input: &Input) -> Option<RgbImage> {
    let (width, height) = picture.dimensions();
    let wanted = match input.width {
        Width::Pixels(wanted) => wanted,
        Width::Kept(_) => scaled(width, height, input.height).min(MOST_WIDTH),
    };
    if (width, height) == (wanted, input.height) {
        return None;
    }
    let filter = match input.resample {
        Resample::Bilinear => FilterType::Triangle,
        Resample::Bicubic => FilterType::CatmullRom,
        Resample::Lanczos => FilterType::Lanczos3,
    };
    if input.fit == Fit::Stretch || matches!(input.width, Width::Kept(_)) {
        return Some(resize(picture, wanted, input.height, filter));
    }
    // The largest size of the same proportions that fits.
    let by_height = scaled(width, height, input.height);
    let (inner_width, inner_height) = if by_height <= wanted {
        (by_height, input.height)
    } else {
        (wanted, scaled(height, width, wanted).min(input.height))
    };
    let inner = resize(picture, inner_width, inner_height, filter);
    let mut page = RgbImage::from_pixel(wanted, input.height, background(picture));
    let left = (wanted - inner_width) / 2;
    let top = (input.height - inner_height) / 2;
    overlay(&mut page, &inner, left.into(), top.into());
    Some(page)
}

/// `side` times `to / from`, rounded, at least 1.
fn scaled(side: u32, from: u32, to: u32) -> u32 {
    let (side, from, to) = (u64::from(side), u64::from(from.max(1)), u64::from(to));
    ((side * to * 2 + from) / (from * 2)).max(1) as u32
}

/// The colour that most pixels of the rim have; of several, the darkest in the order of red, green,
/// blue.
fn background(picture: &RgbImage) -> Rgb<u8> {
    let (width, height) = picture.dimensions();
    let (right, bottom) = (width.saturating_sub(1), height.saturating_sub(1));
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    let across = (0..width).flat_map(|x| [(x, 0), (x, bottom)]);
    let down = (0..height).flat_map(|y| [(0, y), (right, y)]);
    for (x, y) in across.chain(down) {
        if let Some(pixel) = picture.get_pixel_checked(x, y) {
            *counts.entry(pixel.0).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(colour, count)| (*count, std::cmp::Reverse(*colour)))
        .map_or(Rgb([255; 3]), |(colour, _)| Rgb(colour))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Manifest;

    fn input(width: &str, rest: &str) -> Input {
        let mean = if rest.contains("rgb") {
            "[0.5, 0.5, 0.5]"
        } else {
            "[0.5]"
        };
        Manifest::from_toml(&format!(
            r#"
            name = "test"
            version = "1"
            [input]
            width = {width}
            {rest}
            mean = {mean}
            std = {mean}
            [output]
            alphabet = "ab"
            decoding = "ctc"
            special = 0
            "#
        ))
        .unwrap()
        .input
    }

    #[test]
    fn numbers_are_normalised_and_laid_out() {
        let nchw = input("2", "height = 1\nchannels = \"rgb\"");
        let nhwc = input("2", "height = 1\nchannels = \"rgb\"\nlayout = \"nhwc\"");
        let mut picture = RgbImage::new(2, 1);
        picture.put_pixel(0, 0, Rgb([255, 0, 0]));
        picture.put_pixel(1, 0, Rgb([0, 255, 255]));
        let taken = tensor(&picture, &nchw);
        assert_eq!(taken.shape, [1, 3, 1, 2]);
        assert_eq!(taken.numbers, [1.0, -1.0, -1.0, 1.0, -1.0, 1.0]);
        let taken = tensor(&picture, &nhwc);
        assert_eq!(taken.shape, [1, 1, 2, 3]);
        assert_eq!(taken.numbers, [1.0, -1.0, -1.0, -1.0, 1.0, 1.0]);
    }

    #[test]
    fn pictures_of_another_size_are_stretched_or_padded() {
        let mut picture = RgbImage::from_pixel(40, 10, Rgb([255; 3]));
        for x in 10..30 {
            for y in 2..8 {
                picture.put_pixel(x, y, Rgb([0; 3]));
            }
        }
        let stretched = input("20", "height = 20\nchannels = \"grey\"");
        let padded = input("20", "height = 20\nchannels = \"grey\"\nfit = \"pad\"");
        let kept = input("\"keep-ratio\"", "height = 20\nchannels = \"grey\"");
        let column = |taken: &Taken, x: usize| -> Vec<f32> {
            let width = taken.shape[3];
            taken.numbers.chunks(width).map(|row| row[x]).collect()
        };
        let stretched = column(&tensor(&picture, &stretched), 10);
        assert!(stretched[5] < -0.9 && stretched[14] < -0.9, "{stretched:?}");
        // 20 by 5, in the middle of white.
        let padded = column(&tensor(&picture, &padded), 10);
        assert!(
            padded[..7]
                .iter()
                .chain(&padded[13..])
                .all(|v| (*v - 1.0).abs() < 1e-6),
            "{padded:?}"
        );
        assert!(padded[9] < -0.9, "{padded:?}");
        assert_eq!(tensor(&picture, &kept).shape, [1, 1, 20, 80]);
        let thin = RgbImage::new(1, 1000);
        assert_eq!(tensor(&thin, &kept).shape, [1, 1, 20, 1]);
        let flat = RgbImage::new(1000, 1);
        assert_eq!(tensor(&flat, &kept).shape, [1, 1, 20, 1000]);
    }

    #[test]
    fn the_padding_has_the_colour_of_the_rim() {
        let mut picture = RgbImage::from_pixel(9, 9, Rgb([0, 153, 204]));
        picture.put_pixel(0, 0, Rgb([0; 3]));
        assert_eq!(background(&picture), Rgb([0, 153, 204]));
    }
}
