//! `Retry-After`: seconds or a date.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::HttpReply;
use crate::instant::until;

/// The pause a reply asks for. A date counts from the server's own `Date`, so that a wrong clock on
/// either side does not matter; a past date is zero; what is neither is `None`.
pub(crate) fn retry_after(reply: &HttpReply, now: Timestamp) -> Option<Duration> {
    let value = reply.header("retry-after")?.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit ask for longer than anyone waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let then = http_date(value)?;
    let base = reply
        .header("date")
        .and_then(|date| http_date(date.trim()))
        .unwrap_or(now);
    Some(until(base, then))
}

fn http_date(text: &str) -> Option<Timestamp> {
    // The longest legal form has 33 characters; a longer text is no date and is not looked at.
    (text.len() <= 64).then_some(())?;
    DateTimeParser::new().parse_timestamp(text).ok()
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
}
