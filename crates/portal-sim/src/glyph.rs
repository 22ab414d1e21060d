//! Lower-case letters and digits as strokes.
//!
//! A glyph stands on a grid 8 to 10 units wide; the ascenders begin at 0, small letters at 5, the base
//! line is 14, descenders end at 18. A stroke is a line through points (`x,y x,y`) or an arc
//! (`@centre x,centre y,radius x,radius y,from,to`), angles in degrees, clockwise from the right.

/// A point on the grid.
pub(crate) type Point = (f64, f64);

/// The strokes of a character and its width; nothing for a character without a glyph.
pub(crate) fn strokes(character: char) -> Option<(Vec<Vec<Point>>, f64)> {
    let text = outline(character)?;
    let lines: Vec<Vec<Point>> = text.split(';').map(stroke).collect();
    let width = lines
        .iter()
        .flatten()
        .fold(0.0_f64, |widest, point| widest.max(point.0));
    Some((lines, width))
}

fn stroke(text: &str) -> Vec<Point> {
    let number = |part: &str| part.parse().unwrap_or(0.0);
    if let Some(arc) = text.strip_prefix('@') {
        let parts: Vec<f64> = arc.split(',').map(number).collect();
        let [cx, cy, rx, ry, from, to] = parts[..] else {
            return Vec::new();
        };
        return (0..=20)
            .map(|step| (from + (to - from) * f64::from(step) / 20.0).to_radians())
            .map(|angle| (cx + rx * angle.cos(), cy + ry * angle.sin()))
            .collect();
    }
    text.split(' ')
        .filter_map(|pair| pair.split_once(','))
        .map(|(x, y)| (number(x), number(y)))
        .collect()
}

fn outline(character: char) -> Option<&'static str> {
    Some(match character {
        'a' => "@4,9.5,4,4.5,0,360;8,5 8,14",
        'b' => "0,0 0,14;@4,9.5,4,4.5,0,360",
        'c' => "@4.5,9.5,4.2,4.5,45,315",
        'd' => "8,0 8,14;@4,9.5,4,4.5,0,360",
        'e' => "0,9.5 8,9.5;@4,9.5,4,4.5,40,360",
        'f' => "@6,3,2.5,3,180,300;3.5,3 3.5,14;0.5,5.5 6.5,5.5",
        'g' => "@4,9.5,4,4.5,0,360;8,5 8,15;@4,15,4,3.2,0,150",
        'h' => "0,0 0,14;@4,9,4,4,180,360;8,9 8,14",
        'i' => "2,5 2,14;2,1.2 2,2",
        'j' => "5,5 5,15;@2.5,15,2.5,3,0,120;5,1.2 5,2",
        'k' => "0,0 0,14;7,5 0,10.5;2.5,9 7.5,14",
        'l' => "2,0 2,14",
        'm' => "0,5 0,14;@2.5,8,2.5,3,180,360;5,8 5,14;@7.5,8,2.5,3,180,360;10,8 10,14",
        'n' => "0,5 0,14;@4,9,4,4,180,360;8,9 8,14",
        'o' => "@4,9.5,4,4.5,0,360",
        'p' => "0,5 0,18;@4,9.5,4,4.5,0,360",
        'q' => "8,5 8,18;@4,9.5,4,4.5,0,360",
        'r' => "0,5 0,14;@4,9,4,4,180,315",
        's' => "@4,7.2,3.5,2.3,90,330;@4,11.7,3.7,2.4,270,510",
        't' => "3.5,1 3.5,11.5;@6,11.5,2.5,2.5,60,180;0.5,5.5 6.5,5.5",
        'u' => "0,5 0,10;@4,10,4,4,0,180;8,5 8,14",
        'v' => "0,5 4,14 8,5",
        'w' => "0,5 2.5,14 5,6 7.5,14 10,5",
        'x' => "0,5 8,14;8,5 0,14",
        'y' => "0,5 4,13;8,5 3,18",
        'z' => "0,5 8,5 0,14 8,14",
        '0' => "@4,7,4,7,0,360",
        '1' => "1,3 4,0 4,14",
        '2' => "@4,4,4,4,180,390;7.4,6 0,14 8,14",
        '3' => "@3.8,3.7,3.7,3.7,200,450;@3.8,10.3,4,3.7,270,520",
        '4' => "6,14 6,0 0,10 8,10",
        '5' => "7.5,0 1,0 0.5,6.5;@3.7,9.5,4.2,4.5,215,500",
        '6' => "@4,9.8,4,4.2,0,360;6.5,0 0.6,8",
        '7' => "0,0 8,0 3,14",
        '8' => "@4,3.6,3.3,3.6,0,360;@4,10.5,4,3.5,0,360",
        '9' => "@4,4.2,4,4.2,0,360;7.4,6 1.8,14",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_and_digit_has_ink_inside_the_grid() {
        for character in ('a'..='z').chain('0'..='9') {
            let (lines, width) = strokes(character).unwrap();
            assert!(width > 1.0 && width < 10.5, "{character}");
            assert!(lines.iter().all(|line| line.len() >= 2), "{character}");
            assert!(
                lines
                    .iter()
                    .flatten()
                    .all(|p| p.0 > -0.6 && p.1 > -0.6 && p.1 < 18.6),
                "{character}"
            );
        }
        assert!(strokes('A').is_none());
    }
}
