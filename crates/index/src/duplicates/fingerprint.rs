//! What a text looks like, in a few numbers that near-duplicates share.

/// Words in a row that are compared together.
const SHINGLE: usize = 4;
/// Texts with fewer words are formulas ("dismissed as withdrawn"): alike without being copies.
const MIN_WORDS: usize = 80;
/// Shingles that are counted together.
const TOGETHER: usize = 8;
/// Smallest hashes kept, one for each part of the range of hashes.
const BINS: usize = 8;
/// Bins that make up a band.
const PER_BAND: usize = 2;

/// The numbers of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// A simhash: texts that share most of their word sequences differ in few bits.
    pub(crate) simhash: u64,
    /// Texts that share most of their word sequences have, nearly always, one of these in common.
    pub(crate) bands: [u64; BINS / PER_BAND],
}

impl Fingerprint {
    /// The bits in which two simhashes differ.
    pub(crate) fn distance(left: u64, right: u64) -> u32 {
        (left ^ right).count_ones()
    }
}

/// The fingerprint of a text of which the words have these hashes; `None` if it is too short to be compared.
/// Numbers are best left out: the same judgment is given in many cases under another number each.
pub(crate) fn fingerprint(words: &[u64]) -> Option<Fingerprint> {
    if words.len() < MIN_WORDS {
        return None;
    }
    let mut counts = BitCounts::default();
    let mut smallest = [u64::MAX; BINS];
    let mut shingles = 0;
    let mut waiting = [0; TOGETHER];
    for recent in words.array_windows::<SHINGLE>() {
        let together = recent.iter().fold(0_u64, |sum, word| {
            sum.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word
        });
        let shingle = mix(together);
        waiting[shingles as usize % TOGETHER] = shingle;
        shingles += 1;
        if (shingles as usize).is_multiple_of(TOGETHER) {
            counts.add_eight(&waiting);
        }
        let bin = &mut smallest[(shingle >> 61) as usize];
        *bin = (*bin).min(shingle);
    }
    for shingle in waiting.iter().take(shingles as usize % TOGETHER) {
        counts.add(*shingle, 0);
    }
    let mut bands = [0; BINS / PER_BAND];
    for (place, (band, bins)) in (1_u64..).zip(bands.iter_mut().zip(smallest.chunks(PER_BAND))) {
        *band = bins.iter().fold(place, |sum, smallest| mix(sum ^ smallest));
    }
    Some(Fingerprint {
        simhash: counts.more_than(shingles / 2),
        bands,
    })
}

/// How often each of 64 bits was set, all counted at once: the bits of weight `1 << n` of all counts stand in
/// word `n`.
#[derive(Default)]
struct BitCounts([u64; 32]);

impl BitCounts {
    /// Adds eight numbers, which are first added among themselves: a quarter of the work of one by one.
    fn add_eight(&mut self, numbers: &[u64; TOGETHER]) {
        let [ones, twos, fours, ..] = &mut self.0;
        let mut four = |at: usize| {
            let first = sum(ones, numbers[at], numbers[at + 1]);
            let second = sum(ones, numbers[at + 2], numbers[at + 3]);
            sum(twos, first, second)
        };
        let (first, second) = (four(0), four(4));
        let eights = sum(fours, first, second);
        self.add(eights, 3);
    }

    /// Adds a number whose bits have the weight `1 << from`.
    fn add(&mut self, bits: u64, from: usize) {
        let mut carry = bits;
        for weight in self.0.iter_mut().skip(from) {
            (*weight, carry) = (*weight ^ carry, *weight & carry);
            if carry == 0 {
                return;
            }
        }
    }

    /// The bits that were set more than `times` times.
    fn more_than(&self, times: u32) -> u64 {
        let (mut more, mut equal) = (0, u64::MAX);
        for (weight, bits) in self.0.iter().enumerate().rev() {
            let wanted = if times >> weight & 1 == 1 {
                u64::MAX
            } else {
                0
            };
            more |= equal & bits & !wanted;
            equal &= !(bits ^ wanted);
        }
        more
    }
}

/// Adds two numbers to a sum, bit by bit; what is carried comes back.
fn sum(sum: &mut u64, one: u64, other: u64) -> u64 {
    let both = *sum ^ one;
    let carry = *sum & one | both & other;
    *sum = both ^ other;
    carry
}

/// Spreads every bit over all.
fn mix(mut value: u64) -> u64 {
    value = (value ^ value >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    value = (value ^ value >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ value >> 33
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Tally;

    fn of(text: &str) -> Option<Fingerprint> {
        let mut tally = Tally::default();
        tally.read(text);
        fingerprint(&tally.hashes())
    }

    #[test]
    fn bits_are_counted() {
        let mut counts = BitCounts::default();
        for number in 1..=4 {
            counts.add(number, 0);
        }
        for first in (5..=100).step_by(TOGETHER) {
            counts.add_eight(&std::array::from_fn(|place| first + place as u64));
        }
        let often = |bit: u32| {
            (1..=100_u64)
                .filter(|number| number >> bit & 1 == 1)
                .count() as u32
        };
        for times in 0..120 {
            let expected = (0..64).fold(0, |sum, bit| sum | u64::from(often(bit) > times) << bit);
            assert_eq!(counts.more_than(times), expected, "{times}");
        }
    }

    /// A text of made-up words.
    fn text(seed: u64, words: usize) -> Vec<String> {
        let mut state = seed;
        (0..words)
            .map(|_| {
                state = mix(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
                let letter = |shift: u64| char::from(b'a' + (state >> shift & 15) as u8);
                (0..5).map(|place| letter(place * 4)).collect()
            })
            .collect()
    }

    fn shares_a_band(left: Fingerprint, right: Fingerprint) -> bool {
        left.bands
            .iter()
            .zip(right.bands)
            .any(|(left, right)| *left == right)
    }

    #[test]
    fn copies_with_another_heading_are_near_and_other_texts_far() {
        let mut together = 0;
        for seed in 0..50 {
            let words = text(seed, 600);
            let one = of(&words.join(" ")).unwrap();
            let mut copy = words.clone();
            copy[3..9].clone_from_slice(&text(seed + 1_000, 6));
            let two = of(&format!("W.P. 1234/2020 {}", copy.join("\n"))).unwrap();
            assert!(
                Fingerprint::distance(one.simhash, two.simhash) <= 10,
                "{seed}"
            );
            together += usize::from(shares_a_band(one, two));
            let other = of(&text(seed + 2_000, 600).join(" ")).unwrap();
            assert!(
                Fingerprint::distance(one.simhash, other.simhash) > 12,
                "{seed}"
            );
            assert!(!shares_a_band(one, other), "{seed}");
        }
        assert!(together >= 49, "{together}");
    }

    #[test]
    fn numbers_and_case_do_not_count_and_short_texts_are_not_compared() {
        let words = text(1, 100);
        let plain = of(&words.join(" "));
        let loud = of(&format!("12/2020 {} 99", words.join(", ").to_uppercase()));
        assert_eq!(plain, loud);
        assert!(plain.is_some());
        assert_eq!(of(&text(1, 60).join(" ")), None);
    }
}
