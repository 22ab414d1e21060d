//! The graphics state, as far as text depends on it.

use hayro_font::kurbo::{Affine, Point};

use super::face::FaceId;

#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// User space to the upright page.
    pub(super) ctm: Affine,
    pub(super) face: Option<FaceId>,
    pub(super) size: f64,
    pub(super) char_space: f64,
    pub(super) word_space: f64,
    /// 1 where the operator says 100.
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    /// Modes 3 and 7 paint nothing.
    pub(super) invisible: bool,
    pub(super) text: Affine,
    pub(super) line: Affine,
}

impl State {
    pub(super) fn new(ctm: Affine) -> Self {
        Self {
            ctm,
            face: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            invisible: false,
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }

    pub(super) fn begin_text(&mut self) {
        self.set_matrix(Affine::IDENTITY);
    }

    pub(super) fn set_matrix(&mut self, matrix: Affine) {
        self.text = matrix;
        self.line = matrix;
    }

    pub(super) fn next_line(&mut self, tx: f64, ty: f64) {
        self.set_matrix(self.line * Affine::translate((tx, ty)));
    }

    /// Em of the font to the page.
    pub(super) fn glyph_matrix(&self) -> Affine {
        self.ctm
            * self.text
            * Affine::new([self.size * self.scale, 0.0, 0.0, self.size, 0.0, self.rise])
    }

    /// Moves the pen by so many units of text space along the line.
    pub(super) fn advance(&mut self, by: f64, horizontal: bool) {
        let step = if horizontal {
            (by * self.scale, 0.0)
        } else {
            (0.0, by)
        };
        self.text *= Affine::translate(step);
    }
}

/// The smallest upright box around the unit square as the matrix shows it: where an image lies.
pub(super) fn unit_box(matrix: Affine) -> [f64; 4] {
    let corners =
        [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| matrix * Point::new(x, y));
    corners.iter().fold(
        [f64::MAX, f64::MAX, f64::MIN, f64::MIN],
        |[x0, y0, x1, y1], corner| {
            [
                x0.min(corner.x),
                y0.min(corner.y),
                x1.max(corner.x),
                y1.max(corner.y),
            ]
        },
    )
}
