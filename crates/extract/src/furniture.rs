//! What stands on a page and is not part of its text: running heads, page numbers, stamps, boxes of
//! signatures, legends of QR codes, marks of downloads.
//!
//! Recognised by what the producer says of it, by form ([`known`]), by repetition at the edges of
//! pages ([`repeated`]), and as the box of a signature ([`signature`]).

mod known;
mod repeated;
pub(crate) mod signature;

use crate::layout::{Line, Placement};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Body,
    Furniture,
    /// A line of a signature's box.
    SignatureBox,
}

/// Text set sideways, beyond this share of a page, is a table rather than a stamp in the margin.
const SIDEWAYS_BODY: f32 = 0.15;

/// What each line of each page is.
pub(crate) fn parts(pages: &[&[Line]]) -> Vec<Vec<Part>> {
    let mut parts: Vec<Vec<Part>> = pages
        .iter()
        .enumerate()
        .map(|(page, lines)| of_page(lines, page == 0))
        .collect();
    let is_apart = |page: usize, line: usize| {
        let part = parts.get(page).and_then(|lines| lines.get(line));
        part.is_some_and(|part| *part != Part::Body)
    };
    for (page, line) in repeated::lines(pages, is_apart) {
        if let Some(part) = parts.get_mut(page).and_then(|lines| lines.get_mut(line))
            && *part == Part::Body
        {
            *part = Part::Furniture;
        }
    }
    parts
}

fn of_page(lines: &[Line], first: bool) -> Vec<Part> {
    let chars = |line: &Line| line.text.len() as f32;
    let all: f32 = lines.iter().map(chars).sum();
    let sideways: f32 = lines
        .iter()
        .filter(|line| line.placement == Placement::Sideways)
        .map(chars)
        .sum();
    let margin_only = sideways <= SIDEWAYS_BODY * all;
    let edges = Edges::of(lines);
    let mut parts: Vec<Part> = lines
        .iter()
        .map(|line| {
            let apart = match line.placement {
                Placement::Upright => {
                    // The first page's head is the masthead's beginning (`REPORTABLE`) unless it comes again.
                    known::is_furniture(&line.text, edges.place(line))
                        || (line.pagination && !first)
                }
                Placement::Sideways => margin_only,
                Placement::Askew => true,
            };
            if apart { Part::Furniture } else { Part::Body }
        })
        .collect();
    for at in signature::boxes(lines) {
        if let Some(part) = parts.get_mut(at) {
            *part = Part::SignatureBox;
        }
    }
    parts
}

/// Where on its page a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first line from above, or in the upper margin.
    Head,
    /// The last one, or in the lower margin.
    Foot,
    Middle,
}

/// The first and the last line of a page from above, wherever they stand in its stream.
struct Edges {
    first: f32,
    last: f32,
}

impl Edges {
    fn of(lines: &[Line]) -> Self {
        let upright = lines
            .iter()
            .filter(|line| line.placement == Placement::Upright);
        let (first, last) = upright.fold((f32::MAX, f32::MIN), |(first, last), line| {
            (first.min(line.down), last.max(line.down))
        });
        Self { first, last }
    }

    fn place(&self, line: &Line) -> Place {
        if line.down <= self.first.max(0.075) {
            Place::Head
        } else if line.down >= self.last.min(0.925) {
            Place::Foot
        } else {
            Place::Middle
        }
    }
}
