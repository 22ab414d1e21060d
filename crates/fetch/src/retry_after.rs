//! `Retry-After`: seconds or a date.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

use crate::HttpReply;
use crate::instant::until;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The pause a reply asks for; of several, the longest. A date counts from the server's own `Date`, so
/// that a wrong clock on either side does not matter; a past date is zero; what is neither is `None`.
pub(crate) fn retry_after(reply: &HttpReply, now: Timestamp) -> Option<Duration> {
    if planted() {
        return None;
    }
    let base = reply
        .header("date")
        .and_then(|date| http_date(date.trim()))
        .unwrap_or(now);
    reply
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"))
        .filter_map(|(_, value)| asked(value.trim(), base))
        .max()
}

/// True when the bug "Retry-After is not looked at" is switched on (test builds only).
fn planted() -> bool {
    fail::fail_point!("plant-retry-after-ignored", |_| true);
    false
}

fn asked(value: &str, base: Timestamp) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit ask for longer than anyone waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    Some(until(base, http_date(value)?))
}

/// A date in one of the three forms that HTTP knows.
fn http_date(text: &str) -> Option<Timestamp> {
    // The longest legal form has 33 characters; a longer text is no date and is not looked at.
    (text.len() <= 64).then_some(())?;
    let parsed = DateTimeParser::new().parse_timestamp(text).ok();
    parsed.or_else(|| old_date(text))
}

/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
fn old_date(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | ':'))
        .filter(|word| !word.is_empty())
        .collect();
    let (day, month, year, [hour, minute, second]) = match words.as_slice() {
        [_, day, month, year, hour, minute, second, "GMT"] if year.len() == 2 => {
            (day, month, year, [hour, minute, second])
        }
        [_, month, day, hour, minute, second, year] if year.len() == 4 => {
            (day, month, year, [hour, minute, second])
        }
        _ => return None,
    };
    let number = |word: &str| word.parse::<i8>().ok();
    let month = MONTHS
        .iter()
        .position(|name| name.eq_ignore_ascii_case(month))?;
    let year: i16 = match year.parse().ok()? {
        // The portals are younger than 1970 and this crawler is older than 2070.
        short @ 0..70 => 2_000 + short,
        short @ 70..100 => 1_900 + short,
        whole => whole,
    };
    let month = i8::try_from(month + 1).ok()?;
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let civil = DateTime::new(year, month, number(day)?, hour, minute, second, 0).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn pause(date: Option<&str>, value: &str) -> Option<u64> {
        let mut headers = vec![("Retry-After".to_owned(), value.to_owned())];
        headers.extend(date.map(|date| ("Date".to_owned(), date.to_owned())));
        let reply = HttpReply {
            status: 429,
            headers,
            body: Bytes::new(),
            wire_bytes: 0,
            elapsed: Duration::ZERO,
        };
        retry_after(&reply, "2026-03-01T00:00:00Z".parse().unwrap()).map(|pause| pause.as_secs())
    }

    #[test]
    fn every_form() {
        let server = Some("Sun, 01 Mar 2026 06:00:00 GMT");
        for (date, value, expected) in [
            (None, "0", Some(0)),
            (None, "120", Some(120)),
            (None, " 7 ", Some(7)),
            (None, "1000000000", Some(1_000_000_000)),
            (None, "99999999999999999999999999", Some(u64::MAX)),
            (None, "Sun, 01 Mar 2026 00:01:40 GMT", Some(100)),
            (None, "Sat, 28 Feb 2026 00:00:00 GMT", Some(0)),
            (server, "Sun, 01 Mar 2026 06:00:30 GMT", Some(30)),
            (server, "Sun, 01 Mar 2026 00:01:40 GMT", Some(0)),
            (
                Some("yesterday"),
                "Sun, 01 Mar 2026 00:01:40 GMT",
                Some(100),
            ),
            (None, "Sunday, 01-Mar-26 00:01:40 GMT", Some(100)),
            (None, "Sun Mar  1 00:01:40 2026", Some(100)),
            (None, "Sunday, 01-Mar-99 00:01:40 GMT", Some(0)),
            (None, "Sun Foo  1 00:01:40 2026", None),
            (None, "Sun Mar 41 00:01:40 2026", None),
            (None, "", None),
            (None, "-5", None),
            (None, "1.5", None),
            (None, "soon", None),
            (None, "12 minutes", None),
            (None, "\u{660}\u{661}", None),
        ] {
            assert_eq!(pause(date, value), expected, "{value:?} with Date {date:?}");
        }
        assert_eq!(pause(None, &"Sun, ".repeat(100_000)), None);
    }

    #[test]
    fn of_several_the_longest_counts() {
        let headers = ["5", "soon", "90", "7"]
            .map(|value| ("retry-after".to_owned(), value.to_owned()))
            .to_vec();
        let reply = HttpReply {
            status: 503,
            headers,
            body: Bytes::new(),
            wire_bytes: 0,
            elapsed: Duration::ZERO,
        };
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(retry_after(&reply, now), Some(Duration::from_secs(90)));
    }
}
