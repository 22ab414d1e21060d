//! Lines that come again at the same height of page after page.

use std::collections::{HashMap, HashSet};

use crate::layout::{Line, Placement};

/// So many lines from the top and from the foot of a page are looked at.
const EDGE: usize = 3;
/// How far the heights of one line may differ, as a share of the page.
const BAND: f32 = 0.015;
/// The upper and the lower margin, where heads of left and right pages take turns.
const MARGIN: f32 = 0.1;
/// No line of a running head stands lower than this.
const LOWEST_HEAD: f32 = 0.25;
/// Lines of one head are no farther apart than this share of the page.
const LINE_APART: f32 = 0.035;
/// Longer lines are prose.
const LONGEST: usize = 160;

/// A line that comes again.
#[derive(Debug, Clone, Copy)]
struct Place {
    page: usize,
    line: usize,
    down: f32,
    /// On how many pages it stands at this height.
    alike: usize,
    /// Whether it has letters: a number alone may be that of a paragraph.
    lettered: bool,
}

/// The page and the number of each repeated line; `apart` are those that are known to be furniture.
pub(super) fn lines(
    pages: &[&[Line]],
    apart: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let places = places(pages);
    let (heads, others): (Vec<Place>, Vec<Place>) = places
        .into_iter()
        .partition(|place| is_enough(place.alike, pages.len(), place.down));
    let mut found: HashSet<(usize, usize)> =
        heads.iter().map(|place| (place.page, place.line)).collect();
    // The other lines of a head, each by the one above it, and the first ones of heads that take turns below the margin.
    let others: Vec<Place> = others
        .into_iter()
        .filter(|place| place.lettered && is_third(place.alike, pages.len()))
        .collect();
    for _ in 1..EDGE {
        let is_furniture = |page, line| found.contains(&(page, line)) || apart(page, line);
        let next: Vec<(usize, usize)> = others
            .iter()
            .filter(|place| goes_on(place, pages, &is_furniture))
            .map(|place| (place.page, place.line))
            .collect();
        found.extend(next);
    }
    let mut found: Vec<(usize, usize)> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// The lines at the edges of the pages, each with the number of pages on which it stands there.
fn places(pages: &[&[Line]]) -> Vec<Place> {
    let mut seen: HashMap<String, Vec<Place>> = HashMap::new();
    for (page, lines) in pages.iter().enumerate() {
        for at in edge_lines(lines) {
            if let Some(line) = lines.get(at)
                && let Some(key) = key(line)
            {
                let place = Place {
                    page,
                    line: at,
                    down: line.down,
                    alike: 0,
                    lettered: key.chars().any(char::is_alphabetic),
                };
                seen.entry(key).or_default().push(place);
            }
        }
    }
    let mut all = Vec::new();
    for mut places in seen.into_values() {
        places.sort_by(|a, b| a.down.total_cmp(&b.down).then(a.page.cmp(&b.page)));
        let downs: Vec<f32> = places.iter().map(|place| place.down).collect();
        for place in &mut places {
            // A page has hardly two such lines within a band, so places count for pages.
            place.alike = downs.partition_point(|other| *other <= place.down + BAND)
                - downs.partition_point(|other| *other < place.down - BAND);
        }
        all.extend(places);
    }
    all
}

/// Whether the line goes on a head: the one above it is furniture and close to it, or none stands above it. Feet are left
/// alone: what stands above one may be a note, and the notes of many pages cite the same report.
fn goes_on(place: &Place, pages: &[&[Line]], is_furniture: &impl Fn(usize, usize) -> bool) -> bool {
    if place.down > LOWEST_HEAD {
        return false;
    }
    let lines = pages.get(place.page).copied().unwrap_or_default();
    let above = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.placement == Placement::Upright && line.down < place.down)
        .max_by(|a, b| a.1.down.total_cmp(&b.1.down));
    above.is_none_or(|(at, line)| {
        place.down - line.down <= LINE_APART && is_furniture(place.page, at)
    })
}

/// On half of the pages; in a margin on a third, as heads of left and right pages are.
fn is_enough(pages: usize, of: usize, down: f32) -> bool {
    let in_margin = !(MARGIN..=1.0 - MARGIN).contains(&down);
    match of {
        0 | 1 => false,
        2 => pages == 2 && in_margin,
        _ => pages * 2 >= of.max(4) || (in_margin && is_third(pages, of)),
    }
}

/// On a third of the pages.
fn is_third(pages: usize, of: usize) -> bool {
    pages >= 3 && pages * 3 >= of
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

    fn at(text: impl Into<String>, down: f32) -> Line {
        Line {
            text: text.into(),
            down,
            ..Line::default()
        }
    }

    fn page(number: usize) -> Vec<Line> {
        vec![
            at(format!("W.P.(C) 1065/2021 Page {number} of 9"), 0.95),
            at("[2024] 6 S.C.R.", 0.04),
            at(
                format!(
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
        let found = lines(&slices, |_, _| false);
        let expected: Vec<(usize, usize)> =
            (0..6).flat_map(|page| [(page, 0), (page, 1)]).collect();
        assert_eq!(found, expected);
        assert!(lines(&slices[..1], |_, _| false).is_empty());
        assert_eq!(lines(&slices[..2], |_, _| false).len(), 4);
    }

    /// Heads of left and right pages, the right ones in two lines of which the second is below the margin.
    #[test]
    fn the_second_line_of_a_head_that_every_other_page_has() {
        let page = |number: usize| {
            let odd = number % 2 == 1 && number > 1;
            let mut lines = vec![at(format!("[2031] 9 L.R. {number}"), 0.07)];
            if odd {
                lines.push(at("Lotus Mills v. The Collector", 0.09));
                lines.push(at("of Stamps & Another", 0.11));
                // What comes again at one height, but not beside the head, is text.
                lines.push(at("Held:", 0.2));
            }
            lines.push(at(format!("words {}", "y".repeat(number)), 0.6));
            lines
        };
        let pages: Vec<Vec<Line>> = (1..=9).map(page).collect();
        let slices: Vec<&[Line]> = pages.iter().map(Vec::as_slice).collect();
        let found = lines(&slices, |_, _| false);
        for page in [2, 4, 6, 8] {
            assert!(found.contains(&(page, 2)), "{page}: {found:?}");
        }
        let is_text = |(page, line): &(usize, usize)| {
            let text = &pages[*page][*line].text;
            text == "Held:" || text.starts_with("words")
        };
        assert!(!found.iter().any(is_text), "{found:?}");
    }

    #[test]
    fn heads_that_take_turns_below_the_margin() {
        let page = |number: usize| {
            let head = match (number, number % 2) {
                (1, _) => "The First Sitting".to_owned(),
                (_, 0) => format!("{number} ASSEMBLY OF THE STATES"),
                _ => format!("DRAFT CHARTER {number}"),
            };
            vec![
                at(head, 0.12),
                at(format!("words {}", "y".repeat(number)), 0.15),
                at(format!("Page {number} of 9"), 0.88),
            ]
        };
        let pages: Vec<Vec<Line>> = (1..=9).map(page).collect();
        let slices: Vec<&[Line]> = pages.iter().map(Vec::as_slice).collect();
        let found = lines(&slices, |_, _| false);
        let heads: Vec<usize> = found
            .iter()
            .filter(|(_, line)| *line == 0)
            .map(|(page, _)| *page)
            .collect();
        assert_eq!(heads, [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(!found.iter().any(|(_, line)| *line == 1), "{found:?}");
    }
}
