//! Secrets that are written otherwise: percent-encoded, escaped, broken over lines or by tags.

use memchr::memmem;

/// As much of a body as is read at once.
const WINDOW: usize = 1 << 20;
/// Bytes that one character of a secret can take, gaps included.
const WIDEST: usize = 32;
/// Tags up to this length may stand in the middle of a secret.
const LONGEST_TAG: usize = 16;

/// Masks every disguised occurrence of `needles` in `body`. The body is read window by window as what it
/// says, each byte with its place; the windows overlap by what a disguised secret can take.
pub(super) fn cover_all(masked: &mut [u8], body: &[u8], needles: &[&[u8]]) {
    let Some(longest) = needles.iter().map(|needle| needle.len()).max() else {
        return;
    };
    let overlap = longest.saturating_mul(WIDEST).min(WINDOW / 2);
    let mut plain = Plain::default();
    let mut from = 0;
    while from < body.len() {
        let to = body.len().min(from + WINDOW);
        plain.read(body, from, to);
        for needle in needles {
            for at in memmem::find_iter(&plain.text, needle) {
                if let Some(part) = plain
                    .place(at, needle.len())
                    .and_then(|place| masked.get_mut(place))
                {
                    part.fill(b'x');
                }
            }
        }
        if to == body.len() {
            break;
        }
        from = to - overlap;
    }
}

/// What a part of a body says, and where it says it.
#[derive(Default)]
struct Plain {
    from: usize,
    text: Vec<u8>,
    pieces: Vec<Piece>,
}

/// Where a stretch of the text stands in the body; it ends where the next one begins.
#[derive(Clone, Copy)]
struct Piece {
    text: usize,
    body: usize,
    /// The bytes that each byte of the text takes. More than one: the stretch is a single byte.
    width: usize,
}

impl Plain {
    fn read(&mut self, body: &[u8], from: usize, to: usize) {
        self.from = from;
        self.text.clear();
        self.pieces.clear();
        let part = body.get(from..to).unwrap_or_default();
        let mut at = 0;
        while let Some(rest) = part.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = rest.iter().position(|byte| OFTEN_MORE[usize::from(*byte)]);
            let plain = plain.unwrap_or(rest.len());
            if let Some(run) = rest.get(..plain).filter(|run| !run.is_empty()) {
                self.say(run, at, 1);
                at += plain;
                continue;
            }
            let (said, length) = read_one(rest);
            if let Some(byte) = said {
                self.say(&[byte], at, length);
            }
            at += length;
        }
    }

    /// Adds what stands at `body`, each byte of it in `width` bytes.
    fn say(&mut self, text: &[u8], body: usize, width: usize) {
        let begins = self.text.len();
        let goes_on = self.pieces.last().is_some_and(|last| {
            last.width == 1 && width == 1 && last.body + (begins - last.text) == body
        });
        if !goes_on {
            self.pieces.push(Piece {
                text: begins,
                body,
                width,
            });
        }
        self.text.extend_from_slice(text);
    }

    /// Where in the body the `length` bytes of text from `at` stand.
    fn place(&self, at: usize, length: usize) -> Option<std::ops::Range<usize>> {
        let start = self.byte(at)?.start;
        let end = self.byte(at + length - 1)?.end;
        Some(self.from + start..self.from + end)
    }

    /// Where in the window a byte of the text stands.
    fn byte(&self, at: usize) -> Option<std::ops::Range<usize>> {
        let next = self.pieces.partition_point(|piece| piece.text <= at);
        let piece = self.pieces.get(next.checked_sub(1)?)?;
        let start = piece.body + (at - piece.text);
        Some(start..start + piece.width)
    }
}

/// The bytes with which something may begin that says another byte, or nothing.
const OFTEN_MORE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte <= b' ' as usize
            || byte >= 0x80
            || byte == b'%' as usize
            || byte == b'\\' as usize
            || byte == b'&' as usize
            || byte == b'<' as usize;
        byte += 1;
    }
    table
};

/// The byte that `rest` begins with, as said, and how many bytes that takes; `None` for a gap.
fn read_one(rest: &[u8]) -> (Option<u8>, usize) {
    let encoded = match rest {
        [b'%', b'2', b'5', high, low, ..] if hex(*high, *low).is_some() => {
            hex(*high, *low).map(|byte| (byte, 5))
        }
        [b'%', high, low, ..] => hex(*high, *low).map(|byte| (byte, 3)),
        [b'\\', b'u', b'0', b'0', high, low, ..] => hex(*high, *low).map(|byte| (byte, 6)),
        [b'\\', b'x', high, low, ..] => hex(*high, *low).map(|byte| (byte, 4)),
        [b'&', b'#', ..] => entity(rest),
        _ => None,
    };
    if let Some((byte, length)) = encoded {
        return (Some(byte), length);
    }
    match rest {
        [b'\\', b'n' | b'r' | b't' | b'\n', ..] => (None, 2),
        [0..=b' ', ..] => (None, 1),
        // Soft hyphen, zero-width space and joiners.
        [0xc2, 0xad, ..] => (None, 2),
        [0xe2, 0x80, 0x8b..=0x8d, ..] => (None, 3),
        [b'<', ..] => match rest.iter().take(LONGEST_TAG).position(|b| *b == b'>') {
            Some(end) => (None, end + 1),
            None => (Some(b'<'), 1),
        },
        [first, ..] => (Some(*first), 1),
        [] => (None, 1),
    }
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// `&#97;` and `&#x61;`, with zeros in front.
fn entity(rest: &[u8]) -> Option<(u8, usize)> {
    let (digits, base, start) = match rest {
        [b'&', b'#', b'x' | b'X', digits @ ..] => (digits, 16, 3),
        [b'&', b'#', digits @ ..] => (digits, 10, 2),
        _ => return None,
    };
    let mut value = 0_u32;
    for (place, byte) in digits.iter().take(8).enumerate() {
        match char::from(*byte).to_digit(base) {
            Some(digit) => value = value * base + digit,
            None if *byte == b';' && place > 0 => {
                return Some((u8::try_from(value).ok()?, start + place + 1));
            }
            None => return None,
        }
    }
    None
}
