//! Captcha pictures, drawn the way the portals' library draws them: the text in a large picture,
//! bent around three poles, with dots below and wavy lines above it.

mod canvas;
mod glyph;
mod scribble;
mod style;
mod warp;
mod word;

use std::collections::BTreeMap;

use crate::site::Site;

use crate::random::Draw;
use canvas::Canvas;
pub use style::CaptchaStyle;
use style::Look;
use warp::Warp;
use word::Word;

/// The text is drawn so many times larger than the picture before it is bent.
const SCALE: f64 = 5.0;

/// A picture and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnCaptcha {
    /// The picture, an RGB PNG.
    pub png: Vec<u8>,
    /// The text as drawn: `aB3dEf`, `9 - 3`.
    pub text: String,
    /// What the portal takes for an answer, in lower case: `ab3def`, `6`.
    pub answer: String,
}

/// Draws the picture number `seed` of a style: always the same one.
///
/// ```
/// use nirnay_portal_sim::{CaptchaStyle, draw_captcha};
///
/// let one = draw_captcha(CaptchaStyle::EcourtsV6, 7);
/// assert_eq!(one, draw_captcha(CaptchaStyle::EcourtsV6, 7));
/// assert_eq!(one.text.len(), 6);
/// ```
pub fn draw_captcha(style: CaptchaStyle, seed: u64) -> DrawnCaptcha {
    let mut draw = Draw::of(&[seed, style as u64, 70]);
    let (text, answer) = style.text(None, None, &mut draw);
    DrawnCaptcha {
        png: paint(&text, &style.look(&mut draw), &mut draw),
        text,
        answer,
    }
}

/// Which pictures a portal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptchaSpec {
    /// The styles of each portal; each picture takes one of them. A site that is not named shows
    /// `ecourts-v6` and `ecourts-hc`, the portals of cases one of them each, the Supreme Court's site sums.
    pub styles: BTreeMap<Site, Vec<CaptchaStyle>>,
    /// Number of characters; as the style has it if not given. Sums keep their own length.
    pub length: Option<usize>,
    /// The characters; the style's own if not given.
    pub alphabet: Option<String>,
}

impl Default for CaptchaSpec {
    fn default() -> Self {
        Self {
            styles: BTreeMap::new(),
            length: Some(6),
            alphabet: None,
        }
    }
}

impl CaptchaSpec {
    /// All portals show this style, with its own length.
    pub fn of(style: CaptchaStyle) -> Self {
        Self {
            styles: Site::ALL.iter().map(|p| (*p, vec![style])).collect(),
            length: None,
            alphabet: None,
        }
    }

    fn styles(&self, portal: Site) -> &[CaptchaStyle] {
        match self.styles.get(&portal) {
            Some(styles) if !styles.is_empty() => styles,
            _ => match portal {
                Site::SciFeed => &[CaptchaStyle::Arithmetic],
                Site::HcServices => &[CaptchaStyle::EcourtsHc],
                Site::DistrictCourts => &[CaptchaStyle::EcourtsV6],
                _ => &[CaptchaStyle::EcourtsV6, CaptchaStyle::EcourtsHc],
            },
        }
    }

    /// A new picture of a portal.
    pub(crate) fn draw(&self, portal: Site, draw: &mut Draw) -> DrawnCaptcha {
        let styles = self.styles(portal);
        let style = styles
            .get(draw.below(styles.len() as u32) as usize)
            .copied()
            .unwrap_or_default();
        let length = self.length.map(|length| length.clamp(1, 8));
        let (text, answer) = style.text(length, self.alphabet.as_deref(), draw);
        DrawnCaptcha {
            png: paint(&text, &style.look(draw), draw),
            text,
            answer,
        }
    }

    /// Whether an answer has a length that a picture of this portal can have.
    pub(crate) fn takes(&self, portal: Site, answer: &str) -> bool {
        let sent = answer.chars().count();
        self.styles(portal).iter().any(|style| {
            let own = style.lengths();
            match self.length {
                Some(length) if *style != CaptchaStyle::Arithmetic => sent == length.clamp(1, 8),
                _ => own.contains(&sent),
            }
        })
    }

    /// The most characters of an answer.
    pub(crate) fn longest(&self, portal: Site) -> usize {
        let own = self
            .styles(portal)
            .iter()
            .map(|style| *style.lengths().end());
        self.length.unwrap_or_else(|| own.max().unwrap_or(6))
    }
}

/// Ground, dots, bent text, lines.
fn paint(text: &str, look: &Look, draw: &mut Draw) -> Vec<u8> {
    let (wide, high) = look.size;
    let mut canvas = Canvas::new(wide, high, look.ground);
    let ink = look.ink;
    scribble::dots(&mut canvas, look.dots, look.dot_colour, ink, draw);
    let (width, height) = (f64::from(wide), f64::from(high));
    let large = (width * SCALE, height * SCALE);
    let word = Word::set(text, large, look.setting, draw);
    let warp = Warp::new(width, height, look.perturbation, draw);
    for y in 0..high as i32 {
        for x in 0..wide as i32 {
            let (from_x, from_y) = warp.source(f64::from(x), f64::from(y));
            let cover = u32::from(word.at(from_x * SCALE, from_y * SCALE));
            if cover > 0 {
                canvas.dab(x, y, look.text_colour, cover * ink / 255);
            }
        }
    }
    scribble::lines(&mut canvas, look.lines, look.line_colour, ink, draw);
    canvas.png()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_rgb_of_the_styles_size_and_the_same_by_seed() {
        for style in CaptchaStyle::ALL {
            let mut seen = std::collections::HashSet::new();
            for seed in 0..12 {
                let drawn = draw_captcha(style, seed);
                assert_eq!(drawn, draw_captcha(style, seed));
                let picture = image::load_from_memory(&drawn.png).unwrap();
                let size = if style == CaptchaStyle::Arithmetic {
                    (279, 88)
                } else {
                    (215, 80)
                };
                assert_eq!((picture.width(), picture.height()), size);
                assert!(matches!(picture, image::DynamicImage::ImageRgb8(_)));
                assert!(
                    style.lengths().contains(&drawn.answer.chars().count()),
                    "{style:?} {}",
                    drawn.answer
                );
                assert!(seen.insert(drawn.png));
            }
        }
    }

    #[test]
    fn sums_are_right_and_positive() {
        for seed in 0..200 {
            let drawn = draw_captcha(CaptchaStyle::Arithmetic, seed);
            let parts: Vec<&str> = drawn.text.split(' ').collect();
            let (a, b): (i32, i32) = (parts[0].parse().unwrap(), parts[2].parse().unwrap());
            let right = match parts[1] {
                "+" => a + b,
                "-" => a - b,
                _ => a * b,
            };
            assert!(right > 0, "{}", drawn.text);
            assert_eq!(drawn.answer, right.to_string());
        }
    }

    #[test]
    fn a_spec_sets_length_and_alphabet() {
        let spec = CaptchaSpec {
            length: Some(4),
            alphabet: Some("ab".to_owned()),
            ..CaptchaSpec::default()
        };
        let drawn = spec.draw(Site::Ecourts, &mut Draw::of(&[1]));
        assert_eq!(drawn.text.len(), 4);
        assert!(drawn.text.chars().all(|c| "ab".contains(c)));
        assert!(spec.takes(Site::Ecourts, "abab") && !spec.takes(Site::Ecourts, "ababa"));
        assert_eq!(
            CaptchaSpec::of(CaptchaStyle::EcourtsHc).longest(Site::Scr),
            6
        );
    }
}
