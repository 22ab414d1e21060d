//! The marked parts of the text, its numbered paragraphs and its long quotations.

use nirnay_model::PageText;

use super::parts::{Paragraph, Section, SectionKind, Span};
use super::words::words;
use super::zone::fold;
use crate::letters::is_letter;

/// No court has written more paragraphs, parts or quotations; more is something else.
const MOST: usize = 5_000;

/// A gap in the numbers that is passed over: numbers get lost at page ends.
const GAP: u32 = 2;

/// The shortest quotation that is told, in characters.
const QUOTE: usize = 160;

/// The longest quotation, in characters: a mark that nobody closed is no quotation.
const LONGEST_QUOTE: u32 = 12_000;

/// A line of the document.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    page: u32,
    /// Its first character within the page's text.
    start: u32,
    text: &'a str,
}

/// A place in the document: a page and a character of its text.
type Place = (u32, u32);

/// What the lines of the text say of its build.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) sections: Vec<Section>,
    pub(crate) paragraphs: Vec<Paragraph>,
    pub(crate) quotes: Vec<Span>,
}

/// Reads the parts of the pages.
pub(crate) fn read(pages: &[&PageText]) -> Body {
    let mut body = Body::default();
    let Some(last) = pages.last() else {
        return body;
    };
    let end = (last.page, last.text.chars().count() as u32);
    let mut headings: Vec<(SectionKind, String, Place)> = Vec::new();
    let mut numbers: Vec<(u32, Place, bool)> = Vec::new();
    let mut restart = true;
    let mut quote: Option<Open> = None;
    for page in pages {
        let mut start = 0;
        for text in page.text.split('\n') {
            let line = Line {
                page: page.page,
                start,
                text,
            };
            if let Some((kind, heading)) = heading(&line) {
                if headings.len() < MOST {
                    headings.push((kind, heading, (line.page, line.start)));
                }
                restart = true;
            } else if is_opinion(text) {
                restart = true;
            }
            if let Some((number, offset)) = number(text).filter(|_| quote.is_none()) {
                if numbers.len() < 8 * MOST {
                    numbers.push((number, (line.page, line.start + offset), restart));
                }
                if number == 1 {
                    restart = false;
                }
            }
            quotation(&line, &mut quote, &mut body.quotes);
            start += text.chars().count() as u32 + 1;
        }
    }
    body.sections = sections(headings, end);
    body.paragraphs = paragraphs(&numbers, end);
    body
}

fn heading(line: &Line<'_>) -> Option<(SectionKind, String)> {
    let text = line.text.trim();
    // A heading is set as one: capitals, a capital first, or a script without capitals.
    let first = text.chars().find(|c| is_letter(*c))?;
    if first.is_lowercase() {
        return None;
    }
    let kind = words().heading(text)?;
    Some((kind, fold(text)))
}

/// `ABHAY S. OKA, J.` alone on its line: another judge begins.
fn is_opinion(text: &str) -> bool {
    let text = text.trim().trim_end_matches([':', '.', ' ']);
    (4..60).contains(&text.len())
        && (text.ends_with(", J")
            || text.ends_with(",J")
            || text.ends_with(", CJI")
            || text.ends_with(", CJ"))
        && text.starts_with(|c: char| c.is_uppercase())
}

/// The paragraph number that a line begins with, and the character it stands at.
fn number(text: &str) -> Option<(u32, u32)> {
    let trimmed = text.trim_start();
    let digits = trimmed.len()
        - trimmed
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    if !(1..=3).contains(&digits) {
        return None;
    }
    let number: u32 = trimmed.get(..digits)?.parse().ok()?;
    let rest = trimmed.get(digits..)?;
    let offset = text.get(..text.len() - trimmed.len())?.chars().count();
    let marked = rest.starts_with(['.', ')']);
    let rest = rest.trim_start_matches(['.', ')']);
    // `1.2` and `12/2004` are no paragraphs, `5 years` is none without its stop.
    if rest.starts_with(|c: char| c.is_ascii_digit() || c == '/' || c == '-' || c == ',') {
        return None;
    }
    let alone = rest.trim().is_empty();
    let follows = rest.trim_start().chars().next().is_some_and(|c| {
        c.is_uppercase()
            || matches!(c, '"' | '“' | '(' | '[' | '‘')
            || (c.is_alphabetic() && !c.is_lowercase())
    });
    let spaced = rest.starts_with(char::is_whitespace) || marked;
    (number > 0 && ((marked && (alone || follows)) || (alone && digits < 4) || (spaced && follows)))
        .then_some((number, offset as u32))
}

fn sections(headings: Vec<(SectionKind, String, Place)>, end: Place) -> Vec<Section> {
    let ends: Vec<Place> = headings
        .iter()
        .skip(1)
        .map(|(.., place)| *place)
        .chain([end])
        .collect();
    headings
        .into_iter()
        .zip(ends)
        .map(|((kind, heading, begin), end)| Section {
            kind,
            heading,
            span: span(begin, end),
        })
        .collect()
}

fn span(begin: Place, end: Place) -> Span {
    Span {
        page: begin.0,
        start: begin.1,
        end_page: end.0,
        end: end.1,
    }
}

/// The numbers that count: each run goes up by one, over small gaps where the run goes on behind
/// them; a number alone on its line is believed only within a run. A run begins with 1 (or 2, where
/// the first paragraph bears no number) behind a heading or an opinion's name.
fn paragraphs(numbers: &[(u32, Place, bool)], end: Place) -> Vec<Paragraph> {
    let mut chosen: Vec<(u32, u32, Place)> = Vec::new();
    let (mut current, mut opinion, mut started) = (0_u32, 0_u32, false);
    for (at, (number, place, restart)) in numbers.iter().enumerate() {
        let number = *number;
        let follows = |limit: usize| {
            numbers
                .iter()
                .skip(at + 1)
                .take(limit)
                .any(|(next, ..)| *next == number + 1)
        };
        if !started {
            if number <= 2 && follows(12) {
                started = true;
                current = number;
                chosen.push((number, opinion, *place));
            }
            continue;
        }
        if number == current + 1 || (number > current && number <= current + 1 + GAP && follows(6))
        {
            current = number;
            chosen.push((number, opinion, *place));
        } else if number == 1 && *restart && current > 2 && follows(6) {
            opinion += 1;
            current = 1;
            chosen.push((number, opinion, *place));
        }
        if chosen.len() >= MOST {
            break;
        }
    }
    let ends: Vec<Place> = chosen
        .iter()
        .skip(1)
        .map(|(.., place)| *place)
        .chain([end])
        .collect();
    chosen
        .into_iter()
        .zip(ends)
        .map(|((number, opinion, begin), end)| Paragraph {
            number,
            opinion,
            span: span(begin, end),
        })
        .collect()
}

/// A quotation that has begun.
#[derive(Debug)]
struct Open {
    begin: Place,
    chars: usize,
}

/// Follows quotation marks over the lines: one that opens a line opens a quotation, one that closes a
/// line closes it.
fn quotation(line: &Line<'_>, open: &mut Option<Open>, quotes: &mut Vec<Span>) {
    let trimmed = line.text.trim();
    if open.is_none() && trimmed.starts_with(['“', '"']) {
        let offset = line.text.chars().take_while(|c| c.is_whitespace()).count() as u32;
        *open = Some(Open {
            begin: (line.page, line.start + offset),
            chars: 0,
        });
    }
    let Some(current) = open.as_mut() else { return };
    current.chars += trimmed.chars().count() + 1;
    let bare = trimmed.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '.' | ',' | ';' | ':' | ' ' | '-' | '–')
    });
    let first_line = (line.page, line.start) <= current.begin;
    let closes_line = bare.ends_with(['”', '"']) && bare.chars().count() != 1;
    let closes_within = first_line && trimmed.chars().skip(1).any(|c| c == '”');
    let closes = closes_line || closes_within || trimmed.contains("emphasis supplied)");
    if closes {
        let end = line.start + line.text.trim_end().chars().count() as u32;
        if current.chars >= QUOTE && quotes.len() < MOST {
            quotes.push(span(current.begin, (line.page, end)));
        }
        *open = None;
    } else if current.chars as u32 > LONGEST_QUOTE {
        *open = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u32, text: &str) -> PageText {
        PageText {
            page: number,
            text: text.to_owned(),
            ..PageText::default()
        }
    }

    #[test]
    fn paragraphs_go_over_pages() {
        let first = page(
            1,
            "JUDGMENT\nX, J.\n1.\nLeave granted.\n2. The appeal arises\n2024 was",
        );
        let second = page(
            2,
            "5 of the accused\n3. Heard.\n\"1. Quoted\n2. Quoted\"\n4. Dismissed.",
        );
        let body = read(&[&first, &second]);
        let numbers: Vec<_> = body
            .paragraphs
            .iter()
            .map(|p| (p.number, p.span.page))
            .collect();
        assert_eq!(numbers, [(1, 1), (2, 1), (3, 2), (4, 2)]);
        assert_eq!(body.paragraphs[0].span.start, 15);
        assert_eq!(body.paragraphs[1].span.end_page, 2);
        assert_eq!(body.sections.len(), 1);
    }

    #[test]
    fn a_second_opinion_counts_anew() {
        let text = "JUDGMENT\n1. Aa\n2. Bb\n3. Cc\nB. NAME, J.\n1. Dd\n2. Ee";
        let body = read(&[&page(1, text)]);
        let numbers: Vec<_> = body
            .paragraphs
            .iter()
            .map(|p| (p.opinion, p.number))
            .collect();
        assert_eq!(numbers, [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2)]);
    }

    #[test]
    fn long_quotations() {
        let text = format!("He held:\n“12. {}\nand so on”\nThus.", "word ".repeat(40));
        let body = read(&[&page(1, &text)]);
        assert_eq!(body.quotes.len(), 1);
        assert_eq!(body.quotes[0].start, 9);
    }
}
