//! What is drawn around and across the letters of a captcha: dots and wavy lines.

use crate::captcha::canvas::{Canvas, Colour};
use crate::random::Draw;

/// Side of the blocks over which dots are spread.
const BLOCK: u32 = 20;

/// Dots of one to three pixels, `a_block` of them on average in each block of 20 by 20.
pub(crate) fn dots(canvas: &mut Canvas, a_block: f64, colour: Colour, ink: u32, draw: &mut Draw) {
    for left in (1..canvas.wide).step_by(BLOCK as usize) {
        for top in (1..canvas.high).step_by(BLOCK as usize) {
            let whole = a_block.floor();
            let count = whole as u32 + u32::from(draw.chance(a_block - whole));
            for _ in 0..count {
                let x = draw.between(left, left + BLOCK) as i32;
                let y = draw.between(top, top + BLOCK) as i32;
                let shape: &[(i32, i32)] = match draw.below(6) {
                    0 | 1 => &[(0, 0)],
                    2 | 3 => &[(0, 0), (-1, 0)],
                    4 => &[(0, 0), (-1, 0), (1, 0), (0, 1)],
                    _ => &[(0, 0), (-1, 0), (1, 0), (0, 1), (0, -1)],
                };
                for (dx, dy) in shape {
                    canvas.dab(x + dx, y + dy, colour, ink);
                }
            }
        }
    }
}

/// `count` wavy lines across the picture.
pub(crate) fn lines(canvas: &mut Canvas, count: u32, colour: Colour, ink: u32, draw: &mut Draw) {
    let (wide, high) = (f64::from(canvas.wide), f64::from(canvas.high));
    let all = f64::from(count.max(1));
    for line in 0..count {
        let middle = wide * f64::from(1 + line) / (all + 1.0) + (0.5 - draw.unit()) * wide / all;
        let level = high * (0.1 + 0.8 * draw.unit());
        let slope = (draw.unit() - 0.5) * std::f64::consts::PI * 0.33;
        let length = wide * (0.4 + 0.3 * draw.unit());
        let thick = draw.between(0, 2) as i32;
        let k = draw.unit() * 0.6 + 0.2;
        let k = k * k * 0.5;
        let phase = draw.unit() * std::f64::consts::TAU;
        let step = 0.5;
        let (dx, dy) = (step * slope.cos(), step * slope.sin());
        let steps = (length / step) as u32;
        let swing = 1.5 * draw.unit() / (k + 5.0 / length);
        let start = (
            middle - 0.5 * length * slope.cos(),
            level - 0.5 * length * slope.sin(),
        );
        for i in 0..steps {
            let along = f64::from(i);
            let wave = swing * (k * along * step + phase).sin();
            let x = (start.0 + along * dx + wave * dy).round() as i32;
            let y = (start.1 + along * dy - wave * dx).round() as i32;
            for (px, py) in (0..=thick).flat_map(|px| (0..=thick).map(move |py| (px, py))) {
                canvas.dab(x + px, y + py, colour, ink);
            }
        }
    }
}
