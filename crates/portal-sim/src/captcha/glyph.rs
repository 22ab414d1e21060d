//! The letters of captcha pictures: a bold grotesque alphabet of our own, as outlines.
//!
//! A glyph stands on a grid of 1,000 units to the em, y upwards from the base line: small letters end
//! at 550, capitals and ascenders at 740, descenders at -210. Its parts are parted by `;`:
//!
//! * `|x,bottom,top`: a stem from `x` to `x + 146`;
//! * `-left,right,bottom`: a bar, 118 high;
//! * `/x0,y0,x1,y1,width`: a slant with level ends, its left edge from (x0, y0) to (x1, y1);
//! * `#x,y x,y …`: a filled convex shape;
//! * `@cx,cy,rx,ry,from,to`: a stroke along part of an ellipse, angles in degrees against the clock
//!   from the right; further arcs and points are joined by `>`. A stroke is as wide as a stem where
//!   it goes up, as a bar where it goes across, and ends bluntly.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Units to the em.
const EM: f64 = 1000.0;
/// Half the width of an upright and of a level stroke.
const HALF: Point = (73.0, 59.0);
const STEM: f64 = 146.0;
const BAR: f64 = 118.0;
/// Pixels to the em of a mask: the size at which the portals draw before they bend.
pub(crate) const SIZE: f64 = 213.0;
/// Samples to a pixel, each way.
const FINE: usize = 2;
/// The part of the plane a mask shows, in units.
const TOP: f64 = 800.0;
const BOTTOM: f64 = -240.0;
const LEFT: f64 = -60.0;

type Point = (f64, f64);

/// A letter as ink on a raster: for each pixel a share from 0 to 255.
#[derive(Debug)]
pub(crate) struct Mask {
    wide: usize,
    high: usize,
    ink: Vec<u8>,
    /// How far the next letter stands behind this one, in pixels of the mask.
    pub(crate) advance: f64,
    /// The box of its ink in pixels from the pen: left, top, right, bottom; y downwards.
    pub(crate) bounds: (f64, f64, f64, f64),
}

impl Mask {
    /// The ink at a point relative to the pen, in pixels, y downwards from the base line.
    pub(crate) fn at(&self, x: f64, y: f64) -> u8 {
        let (column, row) = (x - LEFT * SIZE / EM, y + TOP * SIZE / EM);
        if column < 0.0 || row < 0.0 {
            return 0;
        }
        let (column, row) = (column as usize, row as usize);
        if column >= self.wide || row >= self.high {
            return 0;
        }
        self.ink.get(row * self.wide + column).copied().unwrap_or(0)
    }
}

/// The mask of a character; nothing for a character without a glyph. Masks are made once.
pub(crate) fn mask(character: char) -> Option<&'static Mask> {
    static MASKS: OnceLock<Mutex<HashMap<char, &'static Mask>>> = OnceLock::new();
    let (advance, parts) = outline(character)?;
    let mut masks = MASKS
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // Some sixty masks of fifty kilobytes live as long as the program.
    Some(
        masks
            .entry(character)
            .or_insert_with(|| Box::leak(Box::new(raster(advance, parts)))),
    )
}

/// A raster of samples that is inked quadrangle by quadrangle.
struct Raster {
    wide: usize,
    high: usize,
    set: Vec<bool>,
}

impl Raster {
    /// Fills a convex shape given in units.
    fn fill(&mut self, shape: &[Point]) {
        let fine = SIZE / EM * FINE as f64;
        let shape: Vec<Point> = shape
            .iter()
            .map(|(x, y)| ((x - LEFT) * fine, (TOP - y) * fine))
            .collect();
        let low = shape.iter().fold(f64::MAX, |low, p| low.min(p.1));
        let high = shape.iter().fold(f64::MIN, |high, p| high.max(p.1));
        let first = low.floor().max(0.0) as usize;
        let last = (high.ceil().max(0.0) as usize).min(self.high);
        for row in first..last {
            let y = row as f64 + 0.5;
            let (mut from, mut to) = (f64::MAX, f64::MIN);
            for (place, a) in shape.iter().enumerate() {
                let b = shape[(place + 1) % shape.len()];
                if (a.1 <= y) != (b.1 <= y) {
                    let x = a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0);
                    from = from.min(x);
                    to = to.max(x);
                }
            }
            // Half a sample of slack, so that shapes that touch leave no seam.
            let from = (from - 0.5).floor().max(0.0) as usize;
            let to = ((to + 0.5).max(0.0) as usize).min(self.wide);
            if from < to {
                self.set[row * self.wide + from..row * self.wide + to].fill(true);
            }
        }
    }

    /// A stroke along points, wide as the pen is in its direction.
    fn stroke(&mut self, points: &[Point]) {
        let edges: Vec<(Point, Point)> = points
            .iter()
            .enumerate()
            .map(|(place, point)| {
                let before = points[place.saturating_sub(1)];
                let after = points[(place + 1).min(points.len() - 1)];
                let (dx, dy) = (after.0 - before.0, after.1 - before.1);
                let length = dx.hypot(dy).max(1e-9);
                let (nx, ny) = (-dy / length, dx / length);
                let half = (nx * HALF.0).hypot(ny * HALF.1);
                let (ox, oy) = (nx * half, ny * half);
                ((point.0 + ox, point.1 + oy), (point.0 - ox, point.1 - oy))
            })
            .collect();
        for pair in edges.windows(2) {
            self.fill(&[pair[0].0, pair[1].0, pair[1].1, pair[0].1]);
        }
    }
}

fn raster(advance: f64, parts: &str) -> Mask {
    let scale = SIZE / EM;
    let wide = ((advance + 160.0 - LEFT) * scale).ceil() as usize;
    let high = ((TOP - BOTTOM) * scale).ceil() as usize;
    let mut raster = Raster {
        wide: wide * FINE,
        high: high * FINE,
        set: vec![false; wide * high * FINE * FINE],
    };
    for part in parts.split(';') {
        draw(&mut raster, part);
    }
    let mut ink = vec![0; wide * high];
    let (mut low, mut top, mut right, mut bottom) = (wide, high, 0, 0);
    let full = (FINE * FINE) as u32;
    for row in 0..high {
        for column in 0..wide {
            let mut hits = 0;
            for y in row * FINE..(row + 1) * FINE {
                let from = y * raster.wide + column * FINE;
                hits += raster.set[from..from + FINE].iter().filter(|s| **s).count() as u32;
            }
            if hits > 0 {
                ink[row * wide + column] = (hits * 255 / full) as u8;
                (low, right) = (low.min(column), right.max(column + 1));
                (top, bottom) = (top.min(row), bottom.max(row + 1));
            }
        }
    }
    let (x, y) = (LEFT * scale, -TOP * scale);
    Mask {
        wide,
        high,
        ink,
        advance: advance * scale,
        bounds: (
            low as f64 + x,
            top as f64 + y,
            right as f64 + x,
            bottom as f64 + y,
        ),
    }
}

fn numbers(text: &str) -> Vec<f64> {
    text.split([',', ' '])
        .map(|part| part.parse().unwrap_or(0.0))
        .collect()
}

fn draw(raster: &mut Raster, part: &str) {
    let Some((kind, rest)) = part.split_at_checked(1) else {
        return;
    };
    let box_of = |x0, y0, x1, y1| [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    match (kind, &numbers(rest)[..]) {
        ("|", [x, bottom, top]) => raster.fill(&box_of(*x, *bottom, x + STEM, *top)),
        ("-", [left, right, bottom]) => {
            raster.fill(&box_of(*left, *bottom, *right, bottom + BAR));
        }
        ("/", [x0, y0, x1, y1, width]) => {
            raster.fill(&[(*x0, *y0), (x0 + width, *y0), (x1 + width, *y1), (*x1, *y1)]);
        }
        ("#", corners) => {
            let corners: Vec<Point> = corners.chunks_exact(2).map(|c| (c[0], c[1])).collect();
            raster.fill(&corners);
        }
        ("@", _) => {
            let points: Vec<Point> = rest
                .split('>')
                .flat_map(|piece| path(&numbers(piece.trim_start_matches('@'))))
                .collect();
            raster.stroke(&points);
        }
        _ => {}
    }
}

/// An arc as points, or the one point given.
fn path(piece: &[f64]) -> Vec<Point> {
    let [cx, cy, rx, ry, from, to] = piece[..] else {
        return piece.get(..2).map(|p| (p[0], p[1])).into_iter().collect();
    };
    let steps = ((to - from).abs() / 6.0).ceil().max(2.0) as u32;
    (0..=steps)
        .map(|step| (from + (to - from) * f64::from(step) / f64::from(steps)).to_radians())
        .map(|angle| (cx + rx * angle.cos(), cy + ry * angle.sin()))
        .collect()
}

/// Advance and parts of a glyph.
fn outline(character: char) -> Option<(f64, &'static str)> {
    small(character)
        .or_else(|| capital(character))
        .or_else(|| figure(character))
}

fn small(character: char) -> Option<(f64, &'static str)> {
    Some(match character {
        'a' => (
            560.0,
            "|362,0,385;@285,372,150,129,0,162;@232,162,121,113,86,274;-228,400,216;-228,380,-10",
        ),
        'b' => (605.0, "|60,0,740;@325,275,177,226,0,360"),
        'c' => (545.0, "@288,275,180,226,40,320"),
        'd' => (605.0, "|405,0,740;@286,275,177,226,0,360"),
        'e' => (
            565.0,
            "@285,275,172,226,-12,312;#100,228 500,228 500,322 100,322",
        ),
        'f' => (
            340.0,
            "|95,0,580;@273,580,105,116,180,93>272,696;-262,338,637;#15,442 325,442 325,550 15,550",
        ),
        'g' => (
            605.0,
            "|405,-35,550;@286,285,177,216,0,360;@300,-30,178,121,208,364",
        ),
        'h' => (600.0, "|60,0,740;|405,0,340;@305,335,172,166,-1,170"),
        'i' => (278.0, "|66,0,550;|66,622,740"),
        'j' => (
            278.0,
            "|66,-70,550;|66,622,740;@20,-70,119,81,270,362;-40,22,-210",
        ),
        'k' => (560.0, "|60,0,740;/175,205,372,550,172;/388,0,215,330,172"),
        'l' => (278.0, "|66,0,740"),
        'm' => (
            890.0,
            "|60,0,550;|372,0,350;|684,0,350;@289,345,156,156,-1,170;@601,345,156,156,-1,170",
        ),
        'n' => (600.0, "|60,0,550;|405,0,340;@305,335,172,166,-1,170"),
        'o' => (605.0, "@303,275,191,226,0,360"),
        'p' => (605.0, "|60,-200,550;@325,275,177,226,0,360"),
        'q' => (605.0, "|405,-200,550;@286,275,177,226,0,360"),
        'r' => (390.0, "|60,0,550;@350,330,217,167,88,182"),
        's' => (545.0, "@270,402,146,99,22,245>@272,156,158,107,66,-157"),
        't' => (
            345.0,
            "|100,135,700;@278,140,105,90,180,272;-275,332,-9;#15,442 325,442 325,550 15,550",
        ),
        'u' => (600.0, "|405,0,550;|50,210,550;@297,215,174,166,178,362"),
        'v' => (550.0, "/197,0,12,550,157;/197,0,381,550,157"),
        'w' => (
            775.0,
            "/150,0,10,550,140;/150,0,317,550,140;/484,0,317,550,140;/484,0,625,550,140",
        ),
        'x' => (555.0, "/12,0,368,550,174;/368,0,12,550,174"),
        'y' => (
            550.0,
            "/160,-112,381,550,157;/205,20,12,550,160;@128,-70,108,81,268,345;-45,132,-210",
        ),
        'z' => (500.0, "-30,465,432;-25,475,0;/27,100,287,450,180"),
        _ => return None,
    })
}

fn capital(character: char) -> Option<(f64, &'static str)> {
    Some(match character {
        'A' => (720.0, "/10,0,272,740,172;/538,0,276,740,172;-150,570,158"),
        'B' => (
            705.0,
            "|70,0,740;-75,395,622;-75,405,322;-75,405,0;@388,531,155,150,92,-92;@398,220,178,161,92,-92",
        ),
        'C' => (715.0, "@385,370,265,321,40,320"),
        'D' => (
            715.0,
            "|70,0,740;-75,335,622;-75,335,0;@328,370,265,311,92,-92",
        ),
        'E' => (660.0, "|70,0,740;-75,620,622;-75,585,318;-75,630,0"),
        'F' => (610.0, "|70,0,740;-75,590,622;-75,540,305"),
        'G' => (760.0, "@385,370,265,321,42,330;|562,20,395;-385,708,277"),
        'H' => (720.0, "|70,0,740;|505,0,740;-75,650,315"),
        'I' => (278.0, "#58,0 220,0 220,740 58,740"),
        'J' => (560.0, "|350,205,740;@248,215,175,166,2,-172"),
        'K' => (725.0, "|70,0,740;/165,240,455,740,200;/500,0,225,450,200"),
        'L' => (600.0, "|70,0,740;-75,570,0"),
        'M' => (
            835.0,
            "|65,0,740;|624,0,740;/342,0,65,740,150;/342,0,620,740,150",
        ),
        'N' => (720.0, "|70,0,740;|505,0,740;/478,0,70,740,173"),
        'O' => (770.0, "@385,370,268,321,0,360"),
        'P' => (
            665.0,
            "|70,0,740;-75,400,622;-75,400,268;@394,504,168,177,92,-92",
        ),
        'Q' => (770.0, "@385,370,268,321,0,360;/545,-40,405,190,150"),
        'R' => (
            720.0,
            "|70,0,740;-75,405,622;-75,405,290;@398,515,165,166,92,-92;/488,0,330,330,172",
        ),
        'S' => (665.0, "@328,540,193,151,24,246>@332,208,208,157,68,-158"),
        'T' => (610.0, "-20,590,622;|232,0,740"),
        'U' => (720.0, "|70,245,740;|505,245,740;@361,255,217,206,178,362"),
        'V' => (670.0, "/250,0,10,740,168;/250,0,492,740,168"),
        'W' => (
            945.0,
            "/185,0,10,740,150;/185,0,397,740,150;/610,0,397,740,150;/610,0,785,740,150",
        ),
        'X' => (670.0, "/10,0,465,740,195;/465,0,10,740,195"),
        'Y' => (670.0, "|262,0,340;/252,285,8,740,170;/248,285,492,740,170"),
        'Z' => (620.0, "-30,590,622;-20,600,0;/25,100,362,640,220"),
        _ => return None,
    })
}

fn figure(character: char) -> Option<(f64, &'static str)> {
    Some(match character {
        '0' => (556.0, "@278,360,165,311,0,360"),
        '1' => (
            556.0,
            "|225,0,720;#75,500 260,500 260,600 75,600;#200,600 300,600 330,720 285,720",
        ),
        '2' => (556.0, "@272,508,160,158,172,-38>118,88;-38,512,0"),
        '3' => (
            556.0,
            "@268,532,146,134,162,-92;@272,205,162,156,92,-164;#190,318 285,318 285,430 190,430",
        ),
        '4' => (556.0, "|318,0,720;-22,532,155;/22,245,302,720,152"),
        '5' => (
            556.0,
            "-100,492,602;/72,345,112,720,132;@268,230,168,178,138,-158",
        ),
        '6' => (556.0, "@286,232,163,183,0,360;@301,360,178,311,195,46"),
        '7' => (556.0, "-38,518,602;/138,0,356,660,162"),
        '8' => (556.0, "@278,537,135,129,0,360;@278,206,162,157,0,360"),
        '9' => (556.0, "@270,488,163,183,0,360;@255,360,178,311,15,-134"),
        '+' => (584.0, "-40,544,301;#219,108 365,108 365,612 219,612"),
        '-' => (400.0, "-50,350,250"),
        ' ' => (278.0, ""),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-";

    #[test]
    fn every_character_has_ink_inside_its_mask_and_a_shape_of_its_own() {
        let mut inks = std::collections::HashMap::new();
        for character in ALL.chars() {
            let mask = mask(character).unwrap();
            let share = mask.ink.iter().filter(|ink| **ink > 0).count() as f64 / (SIZE * SIZE);
            assert!((0.03..0.5).contains(&share), "{character}: {share}");
            let (left, top, right, bottom) = mask.bounds;
            assert!(
                left > -10.0 && right <= mask.advance + 6.0,
                "{character}: {left} {right} {}",
                mask.advance
            );
            assert!(
                top > -TOP * SIZE / EM && bottom < -BOTTOM * SIZE / EM,
                "{character}"
            );
            let twin = inks.insert(mask.ink.clone(), character);
            assert!(twin.is_none(), "{character} looks like {twin:?}");
        }
        assert!(mask('ß').is_none());
        assert_eq!(
            mask(' ')
                .unwrap()
                .ink
                .iter()
                .filter(|ink| **ink > 0)
                .count(),
            0
        );
    }
}
