//! The smallest readers: gaps, numbers and brackets around a place in a text, forwards and backwards.
//!
//! All of them work on bytes, look a bounded way and return byte offsets that are character boundaries:
//! they stop at ASCII bytes or at whole characters.

/// The length of the white space at `at`, 0 if there is none.
pub(crate) fn space(b: &[u8], at: usize) -> usize {
    match b.get(at..) {
        Some([b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, ..]) => 1,
        Some([0xc2, 0xa0, ..]) => 2,
        Some([0xe2, 0x80, 0x80..=0x8b | 0xaf, ..]) => 3,
        _ => 0,
    }
}

/// The length of the dash or soft hyphen at `at`, 0 if there is none.
pub(crate) fn dash(b: &[u8], at: usize) -> usize {
    match b.get(at..) {
        Some([b'-', ..]) => 1,
        Some([0xc2, 0xad, ..]) => 2,
        Some([0xe2, 0x80, 0x90..=0x95, ..] | [0xe2, 0x88, 0x92, ..]) => 3,
        _ => 0,
    }
}

/// The length of the apostrophe or quotation mark at `at`, 0 if there is none.
pub(crate) fn quote(b: &[u8], at: usize) -> usize {
    match b.get(at..) {
        Some([b'\'' | b'"' | b'`', ..]) => 1,
        Some([0xe2, 0x80, 0x98..=0x9f, ..]) => 3,
        _ => 0,
    }
}

/// The start of the white space or dash that ends at `at`.
fn before(b: &[u8], at: usize, is: fn(&[u8], usize) -> usize) -> Option<usize> {
    (1..=3)
        .filter_map(|n| Some((at.checked_sub(n)?, n)))
        .find(|&(from, n)| is(b, from) == n)
        .map(|(from, _)| from)
}

/// Skips white space, dashes if `marks` holds `-`, and the bytes of `marks`; at most `most` steps.
pub(crate) fn skip(b: &[u8], mut at: usize, marks: &[u8], most: usize) -> usize {
    for _ in 0..most {
        let step = match b.get(at) {
            None => break,
            Some(c) if *c != b'-' && marks.contains(c) => 1,
            _ => match space(b, at) {
                0 if marks.contains(&b'-') => dash(b, at),
                n => n,
            },
        };
        if step == 0 {
            break;
        }
        at += step;
    }
    at
}

/// The same backwards, not past `floor`.
pub(crate) fn skip_back(b: &[u8], mut at: usize, floor: usize, marks: &[u8], most: usize) -> usize {
    for _ in 0..most {
        if at <= floor {
            break;
        }
        let from = match b.get(at - 1) {
            Some(c) if *c != b'-' && marks.contains(c) => Some(at - 1),
            _ => before(b, at, space)
                .or_else(|| marks.contains(&b'-').then(|| before(b, at, dash)).flatten()),
        };
        match from {
            Some(from) if from >= floor => at = from,
            _ => break,
        }
    }
    at
}

/// The number at `at`: its value and its end. None when it has more than `most` digits.
pub(crate) fn number(b: &[u8], at: usize, most: usize) -> Option<(u32, usize)> {
    let digits = b
        .get(at..)?
        .iter()
        .take(most + 1)
        .take_while(|c| c.is_ascii_digit())
        .count();
    if digits == 0 || digits > most {
        return None;
    }
    let value = b[at..at + digits].iter().fold(0u32, |sum, c| {
        sum.saturating_mul(10).saturating_add(u32::from(c - b'0'))
    });
    Some((value, at + digits))
}

/// The end of the ASCII letters at `at`, at most `most`.
pub(crate) fn letters(b: &[u8], at: usize, most: usize) -> usize {
    at + b
        .get(at..)
        .unwrap_or(&[])
        .iter()
        .take(most)
        .take_while(|c| c.is_ascii_alphabetic())
        .count()
}

/// Whether the ASCII letters and digits at `at` are this word, without regard to case.
pub(crate) fn is_word(b: &[u8], at: usize, word: &str) -> bool {
    let end = at + word.len();
    b.get(at..end)
        .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
        && !b.get(end).is_some_and(u8::is_ascii_alphabetic)
}

/// The bracket group at `at`: where its inside begins and ends, and the end of the group.
pub(crate) fn bracket(b: &[u8], at: usize, most: usize) -> Option<(usize, usize, usize)> {
    if !matches!(b.get(at), Some(b'(' | b'[' | b'{')) {
        return None;
    }
    let inside = b.get(at + 1..)?;
    let length = inside
        .iter()
        .take(most)
        .position(|c| matches!(c, b')' | b']' | b'}'))?;
    Some((at + 1, at + 1 + length, at + 2 + length))
}

/// A year of a report.
pub(crate) fn is_year(value: u32) -> bool {
    (1800..=2099).contains(&value)
}

/// The value of a roman numeral up to 89 in capitals.
pub(crate) fn roman(word: &[u8]) -> Option<u32> {
    if word.is_empty() || word.len() > 6 || word == b"L" {
        return None;
    }
    let digit = |c: u8| match c {
        b'I' => Some(1),
        b'V' => Some(5),
        b'X' => Some(10),
        b'L' => Some(50),
        _ => None,
    };
    let mut sum = 0i32;
    let mut last = 0;
    for &c in word.iter().rev() {
        let value = digit(c)?;
        if value < last {
            sum -= value;
        } else {
            sum += value;
            last = value;
        }
    }
    u32::try_from(sum).ok().filter(|n| (1..90).contains(n))
}
