//! Whether replies come later than they used to.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use nirnay_model::CaptureKind;

/// Replies remembered a kind.
const REMEMBERED: usize = 32;
/// Replies needed before one can be called late.
const NEEDED: usize = 8;
/// How much later than the median is late, and what is never late.
const LATE_FACTOR: u32 = 3;
const NEVER_LATE: Duration = Duration::from_secs(1);

/// The latest reply times, kept apart by kind: a page of a thousand rows is not a picture.
#[derive(Debug, Default)]
pub(crate) struct Latencies {
    by_kind: HashMap<CaptureKind, VecDeque<Duration>>,
}

impl Latencies {
    /// Remembers a reply time; whether it is late against the median of those before it.
    pub(crate) fn is_late(&mut self, kind: CaptureKind, elapsed: Duration) -> bool {
        let seen = self.by_kind.entry(kind).or_default();
        let mut sorted: Vec<Duration> = seen.iter().copied().collect();
        sorted.sort_unstable();
        let late = sorted.len() >= NEEDED
            && elapsed > NEVER_LATE
            && sorted
                .get(sorted.len() / 2)
                .is_some_and(|median| elapsed > median.saturating_mul(LATE_FACTOR));
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(elapsed);
        late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_three_times_the_median_of_its_kind() {
        let mut latencies = Latencies::default();
        let seconds = Duration::from_secs_f64;
        for _ in 0..NEEDED {
            assert!(!latencies.is_late(CaptureKind::Search, seconds(2.0)));
            assert!(!latencies.is_late(CaptureKind::Captcha, seconds(0.1)));
        }
        assert!(!latencies.is_late(CaptureKind::Search, seconds(5.9)));
        assert!(latencies.is_late(CaptureKind::Search, seconds(6.1)));
        assert!(
            !latencies.is_late(CaptureKind::Captcha, seconds(0.9)),
            "under a second is never late"
        );
        assert!(
            !latencies.is_late(CaptureKind::Feed, seconds(60.0)),
            "nothing to compare with"
        );
    }
}
