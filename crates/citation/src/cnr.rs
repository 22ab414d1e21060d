//! Case record numbers.

use nirnay_model::Cnr;

use crate::citation::Kind;
use crate::found::Found;
use crate::lex;

/// The CNR that begins at `at`: 16 characters, with hyphens or a space between its parts or without.
pub(crate) fn read(b: &[u8], at: usize) -> Option<Found> {
    let head = b.get(at..at + 6)?;
    if !head[..4].iter().all(u8::is_ascii_alphabetic)
        || !head[4..].iter().all(u8::is_ascii_alphanumeric)
    {
        return None;
    }
    let (_, end) = lex::number(b, at + 6, 10)
        .filter(|(_, end)| *end == at + 16)
        .or_else(|| {
            let serial = part(b, at + 6)?;
            let (_, end) = lex::number(b, serial, 6).filter(|(_, end)| *end == serial + 6)?;
            let year = part(b, end)?;
            lex::number(b, year, 4).filter(|(_, end)| *end == year + 4)
        })?;
    if b.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let printed: String = String::from_utf8_lossy(&b[at..end])
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let cnr: Cnr = printed.parse().ok()?;
    let plausible = (1900..=2099).contains(&cnr.year());
    plausible.then(|| Found::new(Kind::Cnr, at, end, cnr.to_string()))
}

/// Where the next part begins: behind a hyphen, or a space.
fn part(b: &[u8], at: usize) -> Option<usize> {
    let step = lex::dash(b, at).max(usize::from(b.get(at) == Some(&b' ')));
    (step > 0 || b.get(at)?.is_ascii_digit()).then_some(at + step)
}
