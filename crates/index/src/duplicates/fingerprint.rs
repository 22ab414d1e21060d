//! What a text looks like, in a few numbers that near-duplicates share.

use super::Sketch;

/// Words in a row that are compared together.
const SHINGLE: usize = 4;
/// Texts with fewer words are formulas ("dismissed as withdrawn"): alike without being copies.
const MIN_WORDS: usize = 80;
/// Smallest hashes kept, one for each part of the range of hashes.
pub(super) const BINS: usize = 256;
/// The highest bits of a hash, which name its part.
const BIN_BITS: u32 = BINS.ilog2();
/// Bins that stand together for one smallest hash of a band.
const WIDE: usize = 16;
/// Smallest hashes that make up a band.
const PER_BAND: usize = 3;
/// The bands of a text.
pub(super) const BANDS: usize = BINS / WIDE / PER_BAND;

/// The numbers of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// Tells how much of two texts is the same.
    pub(crate) sketch: Sketch,
    /// Texts that share most of their word sequences have, nearly always, one of these in common.
    pub(crate) bands: [u64; BANDS],
}

/// The fingerprint of a text of which the words have these hashes; `None` if it is too short to be compared.
///
/// Numbers are words like others: what parts the orders of a batch is often no more than who, when and how much.
pub(crate) fn fingerprint(words: &[u64]) -> Option<Fingerprint> {
    if words.len() < MIN_WORDS {
        return None;
    }
    let mut smallest = [u64::MAX; BINS];
    for recent in words.array_windows::<SHINGLE>() {
        let together = recent.iter().fold(0_u64, |sum, word| {
            sum.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word
        });
        let shingle = mix(together);
        let bin = &mut smallest[(shingle >> (u64::BITS - BIN_BITS)) as usize];
        *bin = (*bin).min(shingle);
    }
    let wide: [u64; BINS / WIDE] = std::array::from_fn(|place| {
        let bins = smallest.iter().skip(place * WIDE).take(WIDE);
        bins.fold(u64::MAX, |least, hash| least.min(*hash))
    });
    let mut bands = [0; BANDS];
    for (place, (band, hashes)) in (1_u64..).zip(bands.iter_mut().zip(wide.chunks(PER_BAND))) {
        *band = hashes.iter().fold(place, |sum, hash| mix(sum ^ hash));
    }
    Some(Fingerprint {
        sketch: Sketch::of(&smallest),
        bands,
    })
}

/// Spreads every bit over all.
pub(super) fn mix(mut value: u64) -> u64 {
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
            assert!(one.sketch.nearness(&two.sketch).is_some(), "{seed}");
            together += usize::from(shares_a_band(one, two));
            let other = of(&text(seed + 2_000, 600).join(" ")).unwrap();
            assert_eq!(one.sketch.nearness(&other.sketch), None, "{seed}");
            assert!(!shares_a_band(one, other), "{seed}");
        }
        assert_eq!(together, 50);
    }

    /// What part of the word sequences is the same is told to a few hundredths, for texts of any length.
    #[test]
    fn likeness_is_told() {
        for (words, kept) in [
            (150, 120),
            (600, 400),
            (600, 560),
            (3_000, 1_500),
            (9_000, 8_000),
        ] {
            let mut worst = 0.0_f64;
            for seed in 0..40 {
                let one = text(seed, words);
                let mut other = one.clone();
                other[kept..].clone_from_slice(&text(seed + 1_000, words - kept));
                let prints = [one, other].map(|words| of(&words.join(" ")).unwrap());
                let told = prints[0].sketch.likeness(&prints[1].sketch);
                let shared = (kept - SHINGLE + 1) as f64;
                let expected = shared / (2.0 * (words - SHINGLE + 1) as f64 - shared);
                worst = worst.max((f64::from(told) / 1_000.0 - expected).abs());
            }
            assert!(worst < 0.12, "{kept} of {words}: {worst}");
        }
    }

    #[test]
    fn case_does_not_count_but_numbers_do_and_short_texts_are_not_compared() {
        let words = text(1, 100);
        let plain = of(&words.join(" ")).unwrap();
        let loud = of(&words.join(", ").to_uppercase()).unwrap();
        assert_eq!(plain, loud);
        let numbered = |first: usize| {
            let sums = (first..).map(|number| format!(" Rs. {} ", number * 37));
            let text: String = words
                .chunks(10)
                .map(|words| words.join(" "))
                .zip(sums)
                .map(|(words, sum)| words + &sum)
                .collect();
            of(&text).unwrap().sketch
        };
        assert!(numbered(100).nearness(&numbered(100)).is_some());
        assert_eq!(numbered(100).nearness(&numbered(900)), None);
        assert_eq!(of(&text(1, 60).join(" ")), None);
    }

    /// Those of the documents that an index holds are compared with new ones: whoever changes this renames the
    /// field `sketch_1`, so that indexes are built again.
    #[test]
    fn fingerprints_stay_what_they_are() {
        let words: Vec<u64> = (0..200).map(mix).collect();
        let print = fingerprint(&words).unwrap();
        let numbers = print.sketch.numbers().iter().chain(&print.bands);
        let all = numbers.fold(0, |sum, number| mix(sum ^ number));
        assert_eq!(all, 0xfad6_6215_d1c1_a99c);
    }
}
