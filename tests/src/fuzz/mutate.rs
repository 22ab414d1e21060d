//! How a good input is damaged.

use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The largest input made.
const MOST_BYTES: usize = 300_000;

/// Pieces that mean something to one reader or another.
const WORDS: [&str; 64] = [
    "<",
    ">",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    ",",
    ";",
    "\\",
    "/",
    "&",
    "#",
    "=",
    "-",
    "_",
    ".",
    "~",
    "|",
    "*",
    "\n",
    "\r\n",
    "\t",
    "\0",
    " ",
    "\u{feff}",
    "\u{202e}",
    "\u{200d}",
    "\u{fffd}",
    "अ",
    "क्ष",
    "😀",
    "ﬁ",
    "İ",
    "ß",
    "-1",
    "0",
    "00",
    "1e999",
    "1e-999",
    "0.1",
    "NaN",
    "inf",
    "9999999999",
    "18446744073709551616",
    "-9223372036854775809",
    "2147483648",
    "null",
    "true",
    "false",
    "../",
    "%2e%2e%2f",
    "file:///",
    "&#x110000;",
    "&#0;",
    "\\u0000",
    "\\ud800",
    "0000-00-00",
    "31-02-2024",
    "9999-12-31",
];
/// Pairs that nest.
const PAIRS: [(&str, &str); 10] = [
    ("(", ")"),
    ("[", "]"),
    ("{\"a\":", "}"),
    ("<div>", "</div>"),
    ("<b>", ""),
    ("<p><font x>", "</p>"),
    ("<table><td>", ""),
    ("NOT ", ""),
    ("\"", "\""),
    ("[[", "]]"),
];

/// Makes inputs from a corpus.
pub(super) struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    words: Vec<&'a str>,
}

impl<'a> Mutator<'a> {
    pub(super) fn new(corpus: &'a [Vec<u8>], words: &[&'a str]) -> Self {
        let words = WORDS.iter().chain(words).copied().collect();
        Self { corpus, words }
    }

    /// Input `n` of a target: the same for the same three values.
    pub(super) fn input(&self, target: &str, seed: u64, n: u64) -> Vec<u8> {
        let name = target.bytes().fold(seed, |sum, b| {
            sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(b)
        });
        let mut rng = ChaCha8Rng::seed_from_u64(name);
        rng.set_stream(n);
        let mut input = self.corpus.choose(&mut rng).cloned().unwrap_or_default();
        // One input in fifty stays as it is but for its length: a good one, cut or whole.
        let changes = if rng.random_ratio(1, 50) {
            0
        } else {
            rng.random_range(1..=8)
        };
        for _ in 0..changes {
            self.change(&mut input, &mut rng);
            input.truncate(MOST_BYTES);
        }
        if changes == 0 {
            let length = rng.random_range(0..=input.len());
            input.truncate(length);
        }
        input
    }

    fn change(&self, input: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
        let at = rng.random_range(0..=input.len());
        let end = (at + rng.random_range(0..64)).min(input.len());
        match rng.random_range(0..12) {
            0 if at < input.len() => input[at] ^= 1 << rng.random_range(0..8),
            1 if at < input.len() => input[at] = rng.random(),
            2 => drop(input.drain(at..end)),
            3 => {
                let again = input[at..end].to_vec();
                let times = if rng.random_ratio(1, 20) {
                    1_000
                } else {
                    rng.random_range(1..8)
                };
                input.splice(at..at, again.repeat(times));
            }
            4 => {
                let moved: Vec<u8> = input.drain(at..end).collect();
                let to = rng.random_range(0..=input.len());
                input.splice(to..to, moved);
            }
            5 if rng.random_ratio(1, 4) => input.truncate(at),
            6 => {
                let empty = Vec::new();
                let other = self.corpus.choose(rng).unwrap_or(&empty);
                let from = rng.random_range(0..=other.len());
                let to = (from + rng.random_range(0..400)).min(other.len());
                input.splice(at..end, other[from..to].iter().copied());
            }
            7 => nest(input, at, rng),
            8 => digits(input, rng),
            _ => {
                let word = self.words.choose(rng).copied().unwrap_or_default();
                let end = if rng.random_bool(0.5) { at } else { end };
                input.splice(at..end, word.bytes());
            }
        }
    }
}

/// Puts what follows `at` into many pairs of brackets or tags.
fn nest(input: &mut Vec<u8>, at: usize, rng: &mut ChaCha8Rng) {
    let (open, close) = PAIRS.choose(rng).copied().unwrap_or_default();
    let times = match rng.random_range(0..20) {
        0 => 20_000,
        1..=3 => 500,
        _ => rng.random_range(1..20),
    };
    let end = (at + rng.random_range(0..200)).min(input.len());
    input.splice(end..end, close.repeat(times).bytes());
    input.splice(at..at, open.repeat(times).bytes());
}

/// Changes a run of digits: numbers and dates are where a value can be wrong and still well formed.
fn digits(input: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let places: Vec<usize> = (0..input.len())
        .filter(|at| input[*at].is_ascii_digit())
        .collect();
    let Some(&at) = places.choose(rng) else {
        return;
    };
    let length = input[at..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    let other = match rng.random_range(0..4) {
        0 => format!("{}", rng.random::<u64>()),
        1 => format!("{:0width$}", rng.random_range(0..100), width = length),
        2 => "9".repeat(rng.random_range(1..400)),
        _ => String::new(),
    };
    input.splice(at..at + length, other.bytes());
}
