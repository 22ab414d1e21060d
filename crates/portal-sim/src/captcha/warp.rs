//! The bend of a captcha's text: space drawn together around three poles.

use crate::random::Draw;

/// A pole: where it stands, how far it reaches and how strong it draws.
#[derive(Debug, Clone, Copy)]
struct Pole {
    x: f64,
    y: f64,
    reach: f64,
    strength: f64,
}

/// A bend.
#[derive(Debug)]
pub(crate) struct Warp(Vec<Pole>);

impl Warp {
    /// A bend of a picture of this size, `perturbation` strong.
    pub(crate) fn new(wide: f64, high: f64, perturbation: f64, draw: &mut Draw) -> Self {
        let mut within = |size: f64| size * (0.2 + 0.6 * draw.unit());
        let places = [0; 3].map(|_| (within(wide), within(high), within(high)));
        Self(
            places
                .into_iter()
                .map(|(x, y, reach)| Pole {
                    x,
                    y,
                    reach,
                    strength: -perturbation * (0.15 * draw.unit() + 0.15),
                })
                .collect(),
        )
    }

    /// The place in the straight picture that is shown at a place of the bent one.
    pub(crate) fn source(&self, x: f64, y: f64) -> (f64, f64) {
        self.0.iter().fold((x, y), |(to_x, to_y), pole| {
            let (dx, dy) = (x - pole.x, y - pole.y);
            let square = dx * dx + dy * dy;
            if square == 0.0 || square > pole.reach * pole.reach {
                return (to_x, to_y);
            }
            let scale = pole.strength * (std::f64::consts::PI * square.sqrt() / pole.reach).sin();
            (to_x + dx * scale, to_y + dy * scale)
        })
    }
}
