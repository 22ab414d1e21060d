//! `Visit-time`: the hours of the day, in UTC, at which a robot is welcome.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::instant::later;

const DAY: i64 = 86_400;

/// A daily span in UTC, by minutes from midnight; it may run over midnight. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VisitHours {
    from: u16,
    to: u16,
}

impl VisitHours {
    /// Reads `0600-0845`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let minute = |part: &str| {
            let digits = part.trim().replace(':', "");
            if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let number: u16 = digits.parse().ok()?;
            let (hour, minute) = (number / 100, number % 100);
            // 2400 is the end of the day.
            (hour < 24 && minute < 60 || number == 2_400).then_some((hour * 60 + minute).min(1_439))
        };
        let (from, to) = text.split_once('-')?;
        Some(Self {
            from: minute(from)?,
            to: minute(to)?,
        })
    }

    /// When it next begins; `None` while it lasts.
    pub(super) fn opens_at(self, now: Timestamp) -> Option<Timestamp> {
        let second = now.as_second().rem_euclid(DAY);
        let (from, to) = (i64::from(self.from) * 60, i64::from(self.to) * 60);
        let open = if from <= to {
            (from..=to).contains(&second)
        } else {
            second >= from || second <= to
        };
        let wait = (from - second).rem_euclid(DAY).unsigned_abs();
        (!open).then(|| later(now, Duration::from_secs(wait)))
    }
}

impl fmt::Display for VisitHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minutes: u16| minutes / 60 * 100 + minutes % 60;
        write!(f, "{:04}-{:04}", clock(self.from), clock(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(text: &str, now: &str) -> Option<String> {
        let hours = VisitHours::read(text).unwrap();
        hours
            .opens_at(now.parse().unwrap())
            .map(|at| at.to_string())
    }

    #[test]
    fn a_span_opens_and_closes_in_utc() {
        assert_eq!(opens("0600-0845", "2026-03-01T06:00:00Z"), None);
        assert_eq!(opens("0600-0845", "2026-03-01T08:45:00Z"), None);
        assert_eq!(
            opens("0600-0845", "2026-03-01T08:45:01Z").as_deref(),
            Some("2026-03-02T06:00:00Z")
        );
        assert_eq!(opens("22:00-02:00", "2026-03-01T01:59:00Z"), None);
        assert_eq!(
            opens("2200-0200", "2026-03-01T03:00:00Z").as_deref(),
            Some("2026-03-01T22:00:00Z")
        );
    }

    #[test]
    fn what_is_no_span() {
        for bad in [
            "",
            "0600",
            "6-8",
            "0600-2500",
            "0660-0700",
            "06000-0700",
            "a-b",
        ] {
            assert_eq!(VisitHours::read(bad), None, "{bad}");
        }
        assert!(VisitHours::read("0000-2400").is_some());
    }
}
