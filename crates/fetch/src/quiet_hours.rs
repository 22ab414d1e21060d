//! The hours of the day at which crawling is allowed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::instant::later;

/// Indian Standard Time: fixed, +05:30, no daylight saving.
const IST_SECONDS: i64 = 19_800;
const DAY: i64 = 86_400;

/// A daily window in Indian Standard Time, e.g. `21:00-07:00`: the portal's quiet hours, in which it
/// may be crawled. The end is not included; a window may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct QuietHours {
    from: u16,
    to: u16,
}

impl QuietHours {
    /// When the window next opens; `None` while it is open.
    pub fn opens_at(self, now: Timestamp) -> Option<Timestamp> {
        let second = (now.as_second() + IST_SECONDS).rem_euclid(DAY);
        let from = i64::from(self.from) * 60;
        let to = i64::from(self.to) * 60;
        let open = if from < to {
            (from..to).contains(&second)
        } else {
            second >= from || second < to
        };
        let wait = (from - second).rem_euclid(DAY);
        (!open).then(|| later(now, Duration::from_secs(wait.unsigned_abs())))
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            self.from / 60,
            self.from % 60,
            self.to / 60,
            self.to % 60
        )
    }
}

impl FromStr for QuietHours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minute = |part: &str| {
            let (hour, minute) = part.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour < 24 && minute < 60).then(|| hour * 60 + minute)
        };
        text.split_once('-')
            .and_then(|(from, to)| Some((minute(from)?, minute(to)?)))
            .filter(|(from, to)| from != to)
            .map(|(from, to)| Self { from, to })
            .ok_or_else(|| {
                format!("quiet hours {text:?}: write HH:MM-HH:MM (Indian Standard Time)")
            })
    }
}

impl From<QuietHours> for String {
    fn from(hours: QuietHours) -> Self {
        hours.to_string()
    }
}

impl TryFrom<String> for QuietHours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(hours: &str, now: &str) -> Option<String> {
        let hours: QuietHours = hours.parse().unwrap();
        hours
            .opens_at(now.parse().unwrap())
            .map(|at| at.to_string())
    }

    #[test]
    fn a_night_window_runs_over_midnight() {
        // 21:00 IST = 15:30 UTC, 07:00 IST = 01:30 UTC.
        assert_eq!(opens("21:00-07:00", "2026-03-01T15:30:00Z"), None);
        assert_eq!(opens("21:00-07:00", "2026-03-01T01:29:59Z"), None);
        assert_eq!(
            opens("21:00-07:00", "2026-03-01T01:30:00Z").as_deref(),
            Some("2026-03-01T15:30:00Z")
        );
        assert_eq!(
            opens("21:00-07:00", "2026-03-01T15:29:59Z").as_deref(),
            Some("2026-03-01T15:30:00Z")
        );
    }

    #[test]
    fn a_day_window_opens_tomorrow_once_past() {
        assert_eq!(opens("06:00-08:30", "2026-03-01T01:00:00Z"), None);
        assert_eq!(
            opens("06:00-08:30", "2026-03-01T03:00:00Z").as_deref(),
            Some("2026-03-02T00:30:00Z")
        );
    }

    #[test]
    fn what_is_no_window() {
        for bad in [
            "",
            "21:00",
            "21:00-21:00",
            "24:00-07:00",
            "9-5",
            "21:60-07:00",
            "1093:00-07:00",
        ] {
            assert!(bad.parse::<QuietHours>().is_err(), "{bad}");
        }
    }
}
