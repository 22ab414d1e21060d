//! Lines that come again at the same height of page after page.

use std::collections::HashMap;

use crate::layout::{Line, Placement};

/// So many lines from the top and from the foot of a page are looked at.
const EDGE: usize = 3;
/// How far the heights of one line may differ, as a share of the page.
const BAND: f32 = 0.015;
/// The upper and the lower margin, where heads of left and right pages take turns.
const MARGIN: f32 = 0.1;
/// Longer lines are prose.
const LONGEST: usize = 160;

/// The page and the number of each repeated line.
pub(super) fn lines(pages: &[&[Line]]) -> Vec<(usize, usize)> {
    let mut seen: HashMap<String, Vec<(usize, usize, f32)>> = HashMap::new();
    for (page, lines) in pages.iter().enumerate() {
        for at in edge_lines(lines) {
            if let Some(line) = lines.get(at)
                && let Some(key) = key(line)
            {
                seen.entry(key).or_default().push((page, at, line.down));
            }
        }
    }
    let mut found = Vec::new();
    for mut places in seen.into_values() {
        places.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
        let downs: Vec<f32> = places.iter().map(|(_, _, down)| *down).collect();
        for (page, line, down) in places {
            // A page has hardly two such lines within a band, so places count for pages.
            let alike = downs.partition_point(|other| *other <= down + BAND)
                - downs.partition_point(|other| *other < down - BAND);
            if is_enough(alike, pages.len(), down) {
                found.push((page, line));
            }
        }
    }
    found.sort_unstable();
    found
}

/// On half of the pages; in a margin on a third, as heads of left and right pages are.
fn is_enough(pages: usize, of: usize, down: f32) -> bool {
    let in_margin = !(MARGIN..=1.0 - MARGIN).contains(&down);
    match of {
        0 | 1 => false,
        2 => pages == 2 && in_margin,
        _ => pages * 2 >= of.max(4) || (in_margin && pages >= 3 && pages * 3 >= of),
    }
}

/// The first and last lines of a page by height.
fn edge_lines(lines: &[Line]) -> Vec<usize> {
    let mut upright: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.placement == Placement::Upright)
        .map(|(at, _)| at)
        .collect();
    upright.sort_by(|a, b| {
        let down = |at: &usize| lines.get(*at).map_or(0.0, |line| line.down);
        down(a).total_cmp(&down(b))
    });
    let count = upright.len();
    upright
        .into_iter()
        .enumerate()
        .filter(|(rank, _)| *rank < EDGE || rank + EDGE >= count)
        .map(|(_, at)| at)
        .collect()
}

/// The line without spaces, in lower case, with numbers folded.
fn key(line: &Line) -> Option<String> {
    if line.text.len() > LONGEST {
        return None;
    }
    let mut key = String::new();
    for c in line.text.chars() {
        if c.is_numeric() {
            if !key.ends_with('#') {
                key.push('#');
            }
        } else if !c.is_whitespace() {
            key.extend(c.to_lowercase());
        }
    }
    // What is left of a row of dots or a rule says nothing.
    key.chars()
        .any(char::is_alphanumeric)
        .then_some(key)
        .or_else(|| {
            line.text
                .chars()
                .any(char::is_numeric)
                .then(|| "#".to_owned())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: usize) -> Vec<Line> {
        let at = |text: &str, down: f32| Line {
            text: text.to_owned(),
            down,
            ..Line::default()
        };
        vec![
            at(&format!("W.P.(C) 1065/2021 Page {number} of 9"), 0.95),
            at("[2024] 6 S.C.R.", 0.04),
            at(
                &format!(
                    "{number}{number}. Heard learned counsel, part {}",
                    "x".repeat(number)
                ),
                0.2,
            ),
            at("and it is so ordered.", 0.3 + number as f32 / 20.0),
        ]
    }

    #[test]
    fn lines_at_one_height_on_most_pages() {
        let pages: Vec<Vec<Line>> = (1..=6).map(page).collect();
        let slices: Vec<&[Line]> = pages.iter().map(Vec::as_slice).collect();
        let found = lines(&slices);
        let expected: Vec<(usize, usize)> =
            (0..6).flat_map(|page| [(page, 0), (page, 1)]).collect();
        assert_eq!(found, expected);
        assert!(lines(&slices[..1]).is_empty());
        assert_eq!(lines(&slices[..2]).len(), 4);
    }
}
