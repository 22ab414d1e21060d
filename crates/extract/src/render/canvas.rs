//! How large the picture of a page may become.

/// Points to the inch.
const POINTS: f32 = 72.0;
/// The renderer counts pixels in sixteen bits.
const MOST_PIXELS_A_SIDE: f32 = 32_000.0;

/// The scale at which a page is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Canvas {
    pub(super) x_scale: f32,
    pub(super) y_scale: f32,
    pub(super) dpi: f32,
}

impl Canvas {
    /// The scale for a page of these dimensions in points: `dpi`, or less where the picture would
    /// have more than `max_pixels`. Boxes come from the file and may hold any number; each side
    /// has at least one pixel.
    pub(super) fn of((width, height): (f32, f32), dpi: f32, max_pixels: u32) -> Self {
        let side = |points: f32| {
            if points.is_finite() {
                points.clamp(1.0, 1e9)
            } else {
                1e9
            }
        };
        let (width, height) = (side(width), side(height));
        let wanted = dpi / POINTS;
        let by_area = (max_pixels.max(1) as f32 / width / height).sqrt();
        let by_side = MOST_PIXELS_A_SIDE / width.max(height);
        let scale = wanted.min(by_area).min(by_side);
        Self {
            x_scale: scale.max(1.0 / width),
            y_scale: scale.max(1.0 / height),
            dpi: scale * POINTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(dimensions: (f32, f32)) -> (f32, f32) {
        let canvas = Canvas::of(dimensions, 200.0, 1_000_000);
        (dimensions.0 * canvas.x_scale, dimensions.1 * canvas.y_scale)
    }

    #[test]
    fn a_small_page_is_drawn_as_asked() {
        let canvas = Canvas::of((144.0, 72.0), 200.0, 1_000_000);
        assert!((canvas.dpi - 200.0).abs() < 0.01);
        assert!((canvas.x_scale - canvas.y_scale).abs() < 1e-6);
        let (width, height) = pixels((144.0, 72.0));
        assert!((width - 400.0).abs() < 0.1 && (height - 200.0).abs() < 0.1);
    }

    #[test]
    fn no_page_has_more_pixels_than_the_limit() {
        for dimensions in [
            (595.0, 842.0),
            (14_400.0, 14_400.0),
            (1e7, 1.0),
            (1.0, 1e8),
            (1e8, 1e8),
        ] {
            let (width, height) = pixels(dimensions);
            assert!(width * height < 1_001_000.0, "{dimensions:?}");
            assert!(width < 32_001.0 && height < 32_001.0, "{dimensions:?}");
            assert!(width > 0.99 && height > 0.99, "{dimensions:?}");
        }
    }

    #[test]
    fn boxes_that_are_no_numbers_have_a_scale() {
        for dimensions in [
            (f32::NAN, 842.0),
            (f32::INFINITY, f32::NEG_INFINITY),
            (-5.0, 0.0),
        ] {
            let canvas = Canvas::of(dimensions, 200.0, 1_000_000);
            assert!(canvas.x_scale.is_finite() && canvas.y_scale.is_finite());
            assert!(canvas.x_scale > 0.0 && canvas.y_scale > 0.0);
        }
    }
}
