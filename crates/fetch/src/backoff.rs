//! The wait before a step is tried again.

use std::time::Duration;

use rand::Rng;

/// A wait drawn evenly from zero to `first` doubled `tries` times, at most `max` (full jitter).
pub(crate) fn full_jitter(
    rng: &mut impl Rng,
    first: Duration,
    max: Duration,
    tries: u32,
) -> Duration {
    let bound = doubled(first, max, tries);
    let millis = u64::try_from(bound.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(rng.random_range(0..=millis))
}

/// `first` doubled `times` times, at most `max`.
pub(crate) fn doubled(first: Duration, max: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(20)).min(max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn bounds_double_up_to_the_maximum() {
        let (first, max) = (Duration::from_secs(2), Duration::from_mins(1));
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (tries, bound) in [(0, 2), (1, 4), (4, 32), (5, 60), (63, 60)] {
            assert_eq!(doubled(first, max, tries).as_secs(), bound);
            let waits: Vec<Duration> = (0..200)
                .map(|_| full_jitter(&mut rng, first, max, tries))
                .collect();
            assert!(waits.iter().all(|wait| wait.as_secs_f64() <= bound as f64));
            assert!(
                waits
                    .iter()
                    .any(|wait| wait.as_secs_f64() < bound as f64 / 4.0)
            );
        }
        assert_eq!(
            full_jitter(&mut rng, Duration::ZERO, max, 9),
            Duration::ZERO
        );
    }
}
