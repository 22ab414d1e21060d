//! What stands to the left of a reporter: year, volume, supplement, in any of the printed orders.

use crate::lex::{self, is_year};

/// Year and volume around a reporter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) start: usize,
    pub(crate) year: Option<u32>,
    pub(crate) volume: Option<u32>,
    pub(crate) supplement: bool,
    /// A number before a volume in brackets: a volume of which that is a part, if a year comes before it.
    pub(crate) whole: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Number {
        value: u32,
        bracketed: bool,
    },
    Roman(u32),
    Supplement,
    /// "Vol.", which says nothing.
    Filler,
}

/// How far to the left a citation may begin.
const WINDOW: usize = 64;
/// Between two pieces.
const MARKS: &[u8] = b".,:-/";

/// Reads the pieces left of `at`, nearest first. `volume_first`: a volume may stand before the year.
pub(crate) fn read(b: &[u8], at: usize, floor: usize, volume_first: bool) -> Numbers {
    let floor = floor.max(at.saturating_sub(WINDOW));
    let mut numbers = Numbers {
        start: at,
        ..Numbers::default()
    };
    let mut cursor = at;
    for step in 0..5 {
        let before_gap = cursor;
        let end = lex::skip_back(b, cursor, floor, MARKS, if step == 0 { 8 } else { 6 });
        let Some((piece, from)) = piece(b, end, floor) else {
            break;
        };
        if !numbers.take(piece, volume_first, gap_is_close(b, end, before_gap)) {
            break;
        }
        cursor = from;
        if piece != Piece::Filler && numbers.whole.is_none() {
            numbers.start = from;
        }
    }
    if numbers.year.is_none() && numbers.volume.is_none() {
        numbers.start = at;
    }
    numbers
}

/// Whether a gap has nothing but white space and hyphens, so that what it parts may belong together.
fn gap_is_close(b: &[u8], from: usize, to: usize) -> bool {
    b.get(from..to)
        .is_some_and(|gap| !gap.iter().any(|c| matches!(c, b',' | b'.' | b':')))
}

impl Numbers {
    /// Takes a piece, or says that it does not belong.
    fn take(&mut self, piece: Piece, volume_first: bool, close: bool) -> bool {
        match piece {
            Piece::Filler => self.volume.is_some() && self.year.is_none(),
            Piece::Supplement => {
                if self.supplement || (self.year.is_some() && !close) {
                    return false;
                }
                self.supplement = true;
                true
            }
            Piece::Roman(value) => self.take_volume(value, volume_first, close),
            Piece::Number { value, bracketed } => {
                if is_year(value) && self.year.is_none() {
                    self.year = Some(value);
                    self.volume = self.whole.take().or(self.volume);
                    return true;
                }
                // "(1980) 21 (2) Guj LR 167": the second part of volume 21.
                if self.volume.is_some()
                    && self.year.is_none()
                    && self.whole.is_none()
                    && !bracketed
                    && close
                {
                    self.whole = Some(value);
                    return value < 400;
                }
                if value > 1999 && !bracketed {
                    return false;
                }
                // "(1) [1956] A.C. 736": the mark of a footnote, not a volume before its year.
                let mark = bracketed && self.year.is_some();
                !mark && self.take_volume(value, volume_first, close)
            }
        }
    }

    fn take_volume(&mut self, value: u32, volume_first: bool, close: bool) -> bool {
        let fits = match (self.year, self.volume) {
            (_, Some(_)) => false,
            (Some(_), None) => volume_first && close,
            (None, None) => true,
        };
        if fits {
            self.volume = Some(value);
        }
        fits
    }
}

/// The piece that ends at `end`.
fn piece(b: &[u8], end: usize, floor: usize) -> Option<(Piece, usize)> {
    let last = *b.get(end.checked_sub(1)?)?;
    if end <= floor {
        return None;
    }
    match last {
        b')' | b']' | b'}' => {
            let low = floor.max(end.saturating_sub(18));
            let open = (low..end - 1)
                .rev()
                .find(|i| matches!(b[*i], b'(' | b'[' | b'{'))?;
            let piece = inside(b, open + 1, end - 1)?;
            Some((piece, open))
        }
        c if c.is_ascii_digit() => {
            let from = run_back(b, end, floor, u8::is_ascii_digit);
            if ends_date(b, from) {
                return None;
            }
            let (value, _) = lex::number(b, from, 4)?;
            let glued = from.checked_sub(1).and_then(|i| b.get(i));
            if glued.is_some_and(u8::is_ascii_alphabetic) && !is_year(value) {
                return None;
            }
            // "[1992 193 ITR 255": an opening bracket that closes after the page is not part of it.
            Some((
                Piece::Number {
                    value,
                    bracketed: false,
                },
                from,
            ))
        }
        c if c.is_ascii_alphabetic() => {
            let from = run_back(b, end, floor, u8::is_ascii_alphabetic);
            word(&b[from..end]).map(|piece| (piece, from))
        }
        _ => None,
    }
}

fn run_back(b: &[u8], end: usize, floor: usize, is: fn(&u8) -> bool) -> usize {
    let low = floor.max(end.saturating_sub(12));
    end - b[low..end].iter().rev().take_while(|c| is(c)).count()
}

/// Whether a number at `from` is the year of a date: "11.03.2005", "12-5-1982".
fn ends_date(b: &[u8], from: usize) -> bool {
    let before = b.get(from.saturating_sub(6)..from).unwrap_or(b"");
    let mut parts = before.rsplit(|c| matches!(c, b'.' | b'-' | b'/'));
    let digits = |part: Option<&[u8]>, most: usize| {
        part.is_some_and(|p| (1..=most).contains(&p.len()) && p.iter().all(u8::is_ascii_digit))
    };
    // The piece behind the last mark is empty; before it stand the month and the day.
    let glued = parts.next().is_some_and(<[u8]>::is_empty);
    let month = digits(parts.next(), 2);
    let day = parts
        .next()
        .is_some_and(|p| p.last().is_some_and(u8::is_ascii_digit));
    glued && month && day
}

/// A word between year and reporter.
fn word(word: &[u8]) -> Option<Piece> {
    let lower = word.to_ascii_lowercase();
    match lower.as_slice() {
        b"supp" | b"suppl" | b"supplement" | b"supplementary" | b"sup" | b"supple" => {
            Some(Piece::Supplement)
        }
        b"vol" | b"volume" => Some(Piece::Filler),
        // A figure one read as a letter.
        b"l" if word == b"l" => Some(Piece::Roman(1)),
        _ => lex::roman(word).map(Piece::Roman),
    }
}

/// What a bracket holds.
fn inside(b: &[u8], from: usize, to: usize) -> Option<Piece> {
    let from = lex::skip(b, from, b"", 3).min(to);
    if let Some((value, end)) = lex::number(b, from, 4) {
        let rest = lex::skip(b, end, b".,", 3);
        let bracketed = true;
        if rest >= to {
            return Some(Piece::Number { value, bracketed });
        }
        // Two years that share a volume: "(1994-95)".
        let after = lex::skip(b, end, b"-/", 3);
        let (_, range_end) = lex::number(b, after, 4)?;
        return (is_year(value) && lex::skip(b, range_end, b".", 2) >= to)
            .then_some(Piece::Number { value, bracketed });
    }
    let end = lex::letters(b, from, 16);
    if end == from || lex::skip(b, end, b".", 3) < to {
        return None;
    }
    word(&b[from..end.min(to)])
}
