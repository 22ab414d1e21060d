//! The file names in links: what they stand for is not to be read off them, but nothing is remembered.

use crate::cases::Key;
use crate::random::{Draw, mix};

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meant {
    /// An order of a case by its number.
    Order(Key, u16),
    /// A cause list: seat, day, courtroom, and whether it is of the criminal side.
    CauseList(u16, i32, u16, bool),
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes a token stands for, without the two of its own in front.
const LENGTH: usize = 14;

fn plain(meant: Meant) -> [u8; LENGTH] {
    let (kind, seat, year, serial, number) = match meant {
        Meant::Order(key, number) => (1_u16, key.seat, key.year, key.serial, number),
        Meant::CauseList(seat, day, room, criminal) => {
            (2, seat, u16::from(criminal), day as u32, room)
        }
    };
    let mut bytes = [0; LENGTH];
    let parts = kind
        .to_be_bytes()
        .into_iter()
        .chain(seat.to_be_bytes())
        .chain(year.to_be_bytes())
        .chain(serial.to_be_bytes())
        .chain(number.to_be_bytes());
    for (place, byte) in bytes.iter_mut().zip(parts) {
        *place = byte;
    }
    let check = (mix(&bytes.map(u64::from)) as u16).to_be_bytes();
    bytes[12..].copy_from_slice(&check);
    bytes
}

fn mask(seed: u64, nonce: [u8; 2], bytes: &mut [u8]) {
    let nonce = u64::from(u16::from_be_bytes(nonce));
    let mut draw = Draw::of(&[seed, 92, nonce]);
    for byte in bytes {
        *byte ^= draw.below(256) as u8;
    }
}

/// The token, percent-encoded as it stands in links.
pub(crate) fn write(seed: u64, meant: Meant) -> String {
    let mut bytes = plain(meant);
    let nonce = (mix(&[seed, mix(&bytes.map(u64::from))]) as u16).to_be_bytes();
    mask(seed, nonce, &mut bytes);
    let all: Vec<u8> = nonce.into_iter().chain(bytes).collect();
    let mut out = String::new();
    for group in all.chunks(3) {
        let three = [0, 1, 2].map(|n| u32::from(group.get(n).copied().unwrap_or(0)));
        let bits = three[0] << 16 | three[1] << 8 | three[2];
        for place in 0..4 {
            if place > group.len() {
                out.push_str("%3D");
                continue;
            }
            match ALPHABET[(bits >> (18 - 6 * place)) as usize & 63] {
                b'+' => out.push_str("%2B"),
                b'/' => out.push_str("%2F"),
                letter => out.push(char::from(letter)),
            }
        }
    }
    out
}

/// What a token that came back, decoded once, stands for.
pub(crate) fn read(seed: u64, text: &str) -> Option<Meant> {
    let mut all = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)? as u32;
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            all.push((bits >> held) as u8);
        }
    }
    let (nonce, rest) = all.split_first_chunk::<2>()?;
    let mut bytes = <[u8; LENGTH]>::try_from(rest).ok()?;
    mask(seed, *nonce, &mut bytes);
    let two = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
    let serial = u32::from_be_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]);
    let meant = match two(0) {
        1 => Meant::Order(
            Key {
                seat: two(2),
                year: two(4),
                serial,
            },
            two(10),
        ),
        2 => Meant::CauseList(two(2), serial as i32, two(10), two(4) == 1),
        _ => return None,
    };
    (plain(meant) == bytes).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_both_ways_and_no_other_text_is_one() {
        for serial in 0..500 {
            let key = Key {
                seat: 7,
                year: 2024,
                serial,
            };
            for meant in [
                Meant::Order(key, 3),
                Meant::CauseList(4, 19_000 + serial as i32, 2, serial % 2 == 0),
            ] {
                let token = write(9, meant);
                let plain = token
                    .replace("%2B", "+")
                    .replace("%2F", "/")
                    .replace("%3D", "=");
                assert_eq!(read(9, &plain), Some(meant));
                assert_eq!(read(8, &plain), None);
                assert!(plain.ends_with("=="));
            }
        }
        for text in [
            "",
            "=",
            "abc",
            "enc url",
            "%%%%",
            "AAAAAAAAAAAAAAAAAAAAAA==",
        ] {
            assert_eq!(read(9, text), None);
        }
    }
}
