//! The styles of captchas that Indian court portals show, and their figures.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::captcha::canvas::Colour;
use crate::captcha::word::Setting;
use crate::random::Draw;

/// A style of captcha.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum CaptchaStyle {
    /// The High Court portals: five or six dark lower-case letters and digits on grey dots, at times
    /// a wavy line, bent a little.
    EcourtsHc,
    /// The district and judgment portals: six grey letters and digits, a few black dots.
    #[default]
    EcourtsV6,
    /// The judgment portal of 2023: six digits on dotted noise.
    Digits,
    /// The library's version 3.6 as it comes: mixed case, five lines, much bent.
    Securimage36,
    /// Version 4: letters of many sizes that crowd each other, up and down.
    Securimage4,
    /// Version 4 in colours.
    Mixed4,
    /// The Supreme Court's search form: a sum such as `9 - 3`.
    Arithmetic,
}

/// The characters of the eCourts portals.
const PORTAL: &str = "abcdefghklmnprstuvwyz23456789";
const MIXED_36: &str = "ABCDEFGHKLMNPRSTUVWYZabcdefghklmnprstuvwyz23456789";
const MIXED_4: &str = "ABCDEFGHJKLMNOPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
const DIGITS: &str = "0123456789";

const WHITE: Colour = [255; 3];
const GREY: Colour = [112; 3];
const GROUNDS: [Colour; 5] = [
    WHITE,
    [0, 153, 204],
    [255, 255, 240],
    [227, 218, 237],
    [246, 246, 246],
];
const INKS: [Colour; 7] = [
    GREY,
    [0, 0, 204],
    [153, 153, 153],
    [51, 102, 0],
    [0, 0, 0],
    [139, 0, 0],
    [170, 51, 51],
];

/// The figures of one picture.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) size: (u32, u32),
    pub(crate) ground: Colour,
    pub(crate) text_colour: Colour,
    pub(crate) line_colour: Colour,
    pub(crate) dot_colour: Colour,
    /// How much a colour covers what is below it, up to 255.
    pub(crate) ink: u32,
    /// Dots in a block of 20 by 20.
    pub(crate) dots: f64,
    pub(crate) lines: u32,
    pub(crate) perturbation: f64,
    pub(crate) setting: Setting,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            size: (215, 80),
            ground: WHITE,
            text_colour: GREY,
            line_colour: GREY,
            dot_colour: GREY,
            ink: 205,
            dots: 3.0,
            lines: 5,
            perturbation: 0.85,
            setting: Setting::Even,
        }
    }
}

impl CaptchaStyle {
    /// All styles.
    pub const ALL: [Self; 7] = [
        Self::EcourtsHc,
        Self::EcourtsV6,
        Self::Digits,
        Self::Securimage36,
        Self::Securimage4,
        Self::Mixed4,
        Self::Arithmetic,
    ];

    /// The name in configurations: `ecourts-hc`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EcourtsHc => "ecourts-hc",
            Self::EcourtsV6 => "ecourts-v6",
            Self::Digits => "digits",
            Self::Securimage36 => "securimage36",
            Self::Securimage4 => "securimage4",
            Self::Mixed4 => "mixed4",
            Self::Arithmetic => "arithmetic",
        }
    }

    /// The characters a text of this style can have, the sums' signs among them.
    pub fn alphabet(self) -> &'static str {
        match self {
            Self::EcourtsHc | Self::EcourtsV6 => PORTAL,
            Self::Digits => DIGITS,
            Self::Securimage36 => MIXED_36,
            Self::Securimage4 | Self::Mixed4 => MIXED_4,
            Self::Arithmetic => "0123456789+-x ",
        }
    }

    /// How many characters an answer has.
    pub fn lengths(self) -> RangeInclusive<usize> {
        match self {
            Self::EcourtsHc => 5..=6,
            Self::Arithmetic => 1..=3,
            _ => 6..=6,
        }
    }

    /// A text, and its answer.
    pub(crate) fn text(
        self,
        length: Option<usize>,
        alphabet: Option<&str>,
        draw: &mut Draw,
    ) -> (String, String) {
        if self == Self::Arithmetic {
            return sum(draw);
        }
        let own = self.lengths();
        let length =
            length.unwrap_or_else(|| draw.between(*own.start() as u32, *own.end() as u32) as usize);
        let alphabet: Vec<char> = alphabet.unwrap_or(self.alphabet()).chars().collect();
        let text: String = (0..length).map(|_| draw.pick(&alphabet)).collect();
        let answer = text.to_lowercase();
        (text, answer)
    }

    /// The figures of one picture of this style.
    pub(crate) fn look(self, draw: &mut Draw) -> Look {
        let usual = Look::default();
        match self {
            Self::EcourtsHc => Look {
                text_colour: [0; 3],
                dots: 7.5,
                lines: draw.below(2),
                perturbation: 0.2 + 0.05 * draw.unit(),
                ..usual
            },
            Self::EcourtsV6 => Look {
                text_colour: [62; 3],
                dot_colour: [0; 3],
                dots: 0.06,
                lines: 0,
                perturbation: 0.2 + 0.05 * draw.unit(),
                ..usual
            },
            Self::Digits => Look {
                text_colour: [40; 3],
                dots: 9.0,
                lines: 0,
                perturbation: 0.2 + 0.2 * draw.unit(),
                ..usual
            },
            Self::Securimage36 => usual,
            Self::Securimage4 => Look {
                ink: 255,
                lines: draw.between(4, 6),
                setting: Setting::Loose,
                ..usual
            },
            Self::Mixed4 => mixed(draw),
            Self::Arithmetic => Look {
                size: (279, 88),
                lines: draw.between(0, 3),
                dots: draw.unit() * 4.0,
                perturbation: 0.3 + 0.5 * draw.unit(),
                ..usual
            },
        }
    }
}

/// Ground, text and lines in colours that can be told apart.
fn mixed(draw: &mut Draw) -> Look {
    let ground = draw.pick(&GROUNDS);
    let apart = |colour: Colour| {
        let sum: i32 = colour
            .iter()
            .zip(ground)
            .map(|(a, b)| (i32::from(*a) - i32::from(b)).abs())
            .sum();
        sum > 200
    };
    let inks: Vec<Colour> = INKS.into_iter().filter(|colour| apart(*colour)).collect();
    let line_colour = draw.pick(&inks);
    Look {
        ground,
        text_colour: draw.pick(&inks),
        line_colour,
        dot_colour: line_colour,
        ink: 255,
        dots: draw.unit() * 5.0,
        lines: draw.between(2, 6),
        perturbation: 0.4 + 0.5 * draw.unit(),
        setting: Setting::Loose,
        ..Look::default()
    }
}

/// A sum of two numbers up to ten whose result is positive.
fn sum(draw: &mut Draw) -> (String, String) {
    let (a, b) = (draw.between(1, 10), draw.between(1, 10));
    let (text, result) = match draw.below(3) {
        0 => (format!("{a} + {b}"), a + b),
        1 if a > b => (format!("{a} - {b}"), a - b),
        1 if a < b => (format!("{b} - {a}"), b - a),
        _ => (format!("{a} x {b}"), a * b),
    };
    (text, result.to_string())
}
