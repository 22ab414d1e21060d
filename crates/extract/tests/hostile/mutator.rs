//! Damages files by rule and by seed.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Words of PDF that change meaning when they stand elsewhere.
const TOKENS: [&str; 32] = [
    "obj",
    "endobj",
    "stream",
    "endstream",
    "xref",
    "trailer",
    "startxref",
    "/Kids",
    "/Parent",
    "/Count",
    "/Length",
    "/Filter",
    "/FlateDecode",
    "/LZWDecode",
    "/ASCII85Decode",
    "/DecodeParms",
    "/Predictor",
    "/Contents",
    "/Resources",
    "/Font",
    "/ToUnicode",
    "/XObject",
    "/Type0",
    "/Encoding",
    "/W",
    "/FontMatrix",
    "BT",
    "ET",
    "Tj",
    "TJ",
    "Do",
    "cm",
];
/// Numbers at the edges of what parsers keep them in.
const NUMBERS: [&str; 14] = [
    "0",
    "-1",
    "1",
    "255",
    "65535",
    "65536",
    "2147483647",
    "-2147483648",
    "4294967296",
    "9223372036854775807",
    "1e38",
    "-1e38",
    "0.0000001",
    "99999999999999999999999",
];
/// No damaged file is larger.
const MOST: usize = 256 << 10;

/// `file` with one to six damages; some from `other`.
pub(crate) fn damage(file: &[u8], other: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..random.random_range(1..=6) {
        if bytes.is_empty() {
            break;
        }
        match random.random_range(0..10) {
            0 => flip(&mut bytes, random),
            1 => overwrite(&mut bytes, random),
            2 => cut(&mut bytes, random),
            3 => splice(&mut bytes, other, random),
            4 => lie_about_a_number(&mut bytes, random),
            5 => swap_tokens(&mut bytes, random),
            6 => repeat(&mut bytes, random),
            7 => remove(&mut bytes, random),
            8 => point_elsewhere(&mut bytes, random),
            _ => lie_about_a_length(&mut bytes, random),
        }
        bytes.truncate(MOST);
    }
    bytes
}

fn flip(bytes: &mut [u8], random: &mut ChaCha8Rng) {
    for _ in 0..random.random_range(1..=16) {
        let at = random.random_range(0..bytes.len());
        bytes[at] ^= 1 << random.random_range(0..8);
    }
}

fn overwrite(bytes: &mut [u8], random: &mut ChaCha8Rng) {
    let (from, to) = range(bytes.len(), 64, random);
    for byte in &mut bytes[from..to] {
        *byte = random.random();
    }
}

fn cut(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    // Cuts near the end are what downloads suffer; cuts anywhere try the recovery.
    let keep = if random.random_bool(0.5) {
        bytes.len() - random.random_range(0..bytes.len().min(1024))
    } else {
        random.random_range(0..bytes.len())
    };
    bytes.truncate(keep);
}

fn splice(bytes: &mut Vec<u8>, other: &[u8], random: &mut ChaCha8Rng) {
    if other.is_empty() {
        return;
    }
    let (from, to) = range(other.len(), 4096, random);
    let at = random.random_range(0..=bytes.len());
    let end = (at + random.random_range(0..=to - from)).min(bytes.len());
    bytes.splice(at..end, other[from..to].iter().copied());
}

fn remove(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    let (from, to) = range(bytes.len(), 512, random);
    bytes.drain(from..to);
}

fn repeat(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    let (from, to) = range(bytes.len(), 256, random);
    let piece = bytes[from..to].to_vec();
    let times = random.random_range(1..200);
    bytes.splice(to..to, piece.repeat(times));
}

fn lie_about_a_number(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    let start = random.random_range(0..bytes.len());
    let Some(from) = (start..bytes.len()).find(|at| bytes[*at].is_ascii_digit()) else {
        return;
    };
    let to = (from..bytes.len())
        .find(|at| !bytes[*at].is_ascii_digit())
        .unwrap_or(bytes.len());
    let number = NUMBERS[random.random_range(0..NUMBERS.len())];
    bytes.splice(from..to, number.bytes());
}

fn lie_about_a_length(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    let Some(at) = find(bytes, b"/Length ", random) else {
        return;
    };
    let from = at + b"/Length ".len();
    let to = (from..bytes.len())
        .find(|at| !bytes[*at].is_ascii_digit())
        .unwrap_or(bytes.len());
    let length: u64 = match random.random_range(0..4) {
        0 => 0,
        1 => random.random_range(0..64),
        2 => random.random_range(0..1 << 20),
        _ => u64::from(u32::MAX),
    };
    bytes.splice(from..to, length.to_string().bytes());
}

/// Lets a reference mean another object: cycles and wrong kinds.
fn point_elsewhere(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    let Some(at) = find(bytes, b" 0 R", random) else {
        return;
    };
    let from = (0..at)
        .rev()
        .find(|at| !bytes[*at].is_ascii_digit())
        .map_or(0, |before| before + 1);
    let number: u32 = random.random_range(0..20);
    bytes.splice(from..at, number.to_string().bytes());
}

fn swap_tokens(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    let mut any = || TOKENS[random.random_range(0..TOKENS.len())];
    let (from, to) = (any(), any());
    if let Some(at) = find(bytes, from.as_bytes(), random) {
        bytes.splice(at..at + from.len(), to.bytes());
    }
}

/// The first `needle` at or after a random place, or else the first of all.
fn find(bytes: &[u8], needle: &[u8], random: &mut ChaCha8Rng) -> Option<usize> {
    let start = random.random_range(0..bytes.len());
    let within = |from: usize| {
        bytes[from..]
            .windows(needle.len())
            .position(|window| window == needle)
            .map(|at| at + from)
    };
    within(start).or_else(|| within(0))
}

fn range(length: usize, most: usize, random: &mut ChaCha8Rng) -> (usize, usize) {
    let from = random.random_range(0..length);
    let to = from + random.random_range(1..=most);
    (from, to.min(length))
}
