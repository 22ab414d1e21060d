//! Arithmetic on instants that cannot overflow.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// `at + by`, at most the last representable instant.
pub(crate) fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| at.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}

/// `at - by`, at least the first representable instant.
pub(crate) fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).map_or(Timestamp::MIN, |by| shifted(at, -by))
}

/// `at + by` in either direction, within what can be represented.
pub(crate) fn shifted(at: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    at.checked_add(by).unwrap_or(end)
}

/// The time from `now` until `then`; zero if it is past.
pub(crate) fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// The calendar day in India at `now` (Indian Standard Time, fixed +05:30).
pub(crate) fn indian_day(now: Timestamp) -> Date {
    Offset::UTC
        .to_datetime(later(now, Duration::from_mins(330)))
        .date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indian_day_turns_at_half_past_six_in_the_evening() {
        let day = |text: &str| indian_day(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-02-28T18:29:59Z"), "2026-02-28");
        assert_eq!(day("2026-02-28T18:30:00Z"), "2026-03-01");
    }

    #[test]
    fn instants_saturate() {
        assert_eq!(later(Timestamp::MAX, Duration::MAX), Timestamp::MAX);
        assert_eq!(until(Timestamp::MAX, Timestamp::MIN), Duration::ZERO);
    }
}
