//! The letters of a captcha set in a line, before they are bent.

use crate::captcha::glyph::{self, Mask};
use crate::random::Draw;

/// How letters stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// One line of one size, in the middle.
    Even,
    /// Each letter in a size of its own, moved up or down, crowding its neighbour; the whole to the
    /// left, in the middle or to the right.
    Loose,
}

/// A letter in its place, in pixels of the large picture.
struct Placed {
    mask: &'static Mask,
    x: f64,
    y: f64,
    scale: f64,
}

impl Placed {
    fn bounds(&self) -> (f64, f64, f64, f64) {
        let (left, top, right, bottom) = self.mask.bounds;
        (
            self.x + left * self.scale,
            self.y + top * self.scale,
            self.x + right * self.scale,
            self.y + bottom * self.scale,
        )
    }
}

/// A set line.
pub(crate) struct Word {
    letters: Vec<(Placed, (f64, f64, f64, f64))>,
}

impl Word {
    /// Sets a text in a picture of this size; letters are `high * 0.4` points large.
    pub(crate) fn set(
        text: &str,
        (wide, high): (f64, f64),
        setting: Setting,
        draw: &mut Draw,
    ) -> Self {
        // A point is 1/72 of an inch, of which the portals' library counts 96 pixels.
        let size = high * 0.4 * 96.0 / 72.0 / glyph::SIZE;
        let mut letters = Vec::new();
        let mut x = 0.0;
        for mask in text.chars().filter_map(glyph::mask) {
            let (scale, y) = match setting {
                Setting::Even => (size, 0.0),
                Setting::Loose => (
                    size * (0.72 + 0.5 * draw.unit()),
                    (draw.unit() - 0.5) * high * 0.08,
                ),
            };
            letters.push(Placed { mask, x, y, scale });
            let crowd = match setting {
                Setting::Even => 1.0,
                Setting::Loose => 0.78 + 0.26 * draw.unit(),
            };
            x += mask.advance * scale * crowd;
        }
        let mut word = Self {
            letters: letters
                .into_iter()
                .map(|l| (l.bounds(), l))
                .map(|(b, l)| (l, b))
                .collect(),
        };
        word.centre(wide, high, setting, draw);
        word
    }

    /// Moves the line to its place and, where it is too wide, draws it together.
    fn centre(&mut self, wide: f64, high: f64, setting: Setting, draw: &mut Draw) {
        let (left, top, right, bottom) = self.bounds();
        let fit = (wide * 0.96 / (right - left).max(1.0)).min(1.0);
        let room = (wide - (right - left) * fit).max(0.0);
        let share = match setting {
            Setting::Even => 0.5,
            Setting::Loose => 0.1 + 0.8 * draw.unit(),
        };
        let move_x = room * share - left * fit;
        let move_y = (high - (bottom - top) * fit) / 2.0 - top * fit;
        for (letter, bounds) in &mut self.letters {
            letter.x = letter.x * fit + move_x;
            letter.y = letter.y * fit + move_y;
            letter.scale *= fit;
            *bounds = letter.bounds();
        }
    }

    /// The box of all ink: left, top, right, bottom.
    pub(crate) fn bounds(&self) -> (f64, f64, f64, f64) {
        let start = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        self.letters
            .iter()
            .filter(|(_, b)| b.0 < b.2)
            .fold(start, |all, (_, b)| {
                (
                    all.0.min(b.0),
                    all.1.min(b.1),
                    all.2.max(b.2),
                    all.3.max(b.3),
                )
            })
    }

    /// The ink at a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> u8 {
        let mut most = 0;
        for (letter, (left, top, right, bottom)) in &self.letters {
            if x >= *left && x < *right && y >= *top && y < *bottom {
                let ink = letter
                    .mask
                    .at((x - letter.x) / letter.scale, (y - letter.y) / letter.scale);
                most = most.max(ink);
            }
        }
        most
    }
}
