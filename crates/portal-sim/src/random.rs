//! Seeded draws that never change with a library version: a docket is named by its seed, so the
//! numbers behind it must stay the same for ever. The generator is `SplitMix64`.

/// A stream of draws.
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

fn scramble(state: u64) -> u64 {
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One number out of several, in order.
pub(crate) fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        scramble(state.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ scramble(*part))
    })
}

/// A number out of a text.
pub(crate) fn mix_text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Draw {
    /// The stream that belongs to `parts`.
    pub(crate) fn of(parts: &[u64]) -> Self {
        Self(mix(parts))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// A number from 0 up to but not including 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in a share `p` of all draws.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `items`; the type's default if there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items
            .get(self.below(items.len() as u32) as usize)
            .copied()
            .unwrap_or_default()
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick_ref<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[(self.below(items.len() as u32) as usize).min(items.len() - 1)]
    }

    /// `digits` lower-case hex digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        self.letters(digits, b"0123456789abcdef")
    }

    /// `count` characters out of `alphabet`.
    pub(crate) fn letters(&mut self, count: usize, alphabet: &[u8]) -> String {
        (0..count)
            .map(|_| char::from(self.pick(alphabet)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_for_ever() {
        let mut draw = Draw::of(&[1, 2]);
        let first: Vec<u32> = (0..4).map(|_| draw.below(1000)).collect();
        assert_eq!(first, [24, 631, 943, 129]);
        assert_ne!(mix(&[1, 2]), mix(&[2, 1]));
        assert_eq!(Draw::of(&[7]).hex(64).len(), 64);
    }
}
