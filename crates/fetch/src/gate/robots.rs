//! `robots.txt` as RFC 9309 reads it.

use std::time::Duration;

use jiff::Timestamp;
use texting_robots::Robot;
use url::Url;

use crate::RobotsRecord;

/// How long a `robots.txt` is good for.
pub(crate) const GOOD_FOR: Duration = Duration::from_hours(24);
/// As much of it as is read; the RFC asks for at least 500 KiB.
pub(crate) const MOST_BYTES: usize = 512 << 10;
/// Rules of an unreadable file: nothing may be fetched.
const FORBID_ALL: &str = "User-agent: *\nDisallow: /\n";

/// Parsed rules, with when they were fetched.
pub(crate) struct Rules {
    pub(crate) fetched: Timestamp,
    robot: Option<Robot>,
}

impl Rules {
    /// The rules of `record` for the product token `product`.
    pub(crate) fn of(record: &RobotsRecord, product: &str) -> Self {
        let parse = |text: &str| Robot::new(product, text.as_bytes());
        let robot = record
            .rules
            .as_deref()
            .and_then(|text| parse(text).or_else(|_| parse(FORBID_ALL)).ok());
        Self {
            fetched: record.fetched,
            robot,
        }
    }

    /// Whether `url` may be fetched.
    pub(crate) fn allow(&self, url: &Url) -> bool {
        self.robot
            .as_ref()
            .is_none_or(|robot| robot.allowed(url.as_str()))
    }

    /// `Crawl-delay`, at most a day; zero if there is none.
    pub(crate) fn crawl_delay(&self) -> Duration {
        self.robot
            .as_ref()
            .and_then(|robot| robot.delay)
            .filter(|seconds| seconds.is_finite() && *seconds > 0.0)
            .map_or(Duration::ZERO, |seconds| {
                Duration::from_secs_f32(seconds.min(86_400.0))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: Option<&str>) -> Rules {
        let record = RobotsRecord {
            fetched: Timestamp::UNIX_EPOCH,
            rules: text.map(str::to_owned),
        };
        Rules::of(&record, "nirnay")
    }

    fn allows(text: &str, path: &str) -> bool {
        rules(Some(text)).allow(&format!("https://portal.example{path}").parse().unwrap())
    }

    #[test]
    fn rules_apply_to_path_and_query() {
        assert!(rules(None).allow(&"https://portal.example/x".parse().unwrap()));
        assert!(allows("", "/pdfsearch/"));
        assert!(!allows("User-agent: *\nDisallow: /", "/pdfsearch/"));
        assert!(!allows(
            "User-agent: *\nDisallow: /pdfsearch/?p=pdf_search/home",
            "/pdfsearch/?p=pdf_search/home"
        ));
        assert!(allows(
            "User-agent: *\nDisallow: /wp-admin/",
            "/sci-get-pdf/?diary_no=1"
        ));
        assert!(!allows(
            "User-agent: nirnay\nDisallow: /a\n\nUser-agent: *\nDisallow: /b",
            "/a"
        ));
        assert!(allows(
            "User-agent: nirnay\nDisallow: /a\n\nUser-agent: *\nDisallow: /b",
            "/b"
        ));
        assert!(allows("<html><body>Not found</body></html>", "/pdfsearch/"));
    }

    #[test]
    fn crawl_delay_is_taken_and_bounded() {
        for (text, seconds) in [
            ("", 0),
            ("User-agent: *\nCrawl-delay: 10", 10),
            ("User-agent: *\nCrawl-delay: -3", 0),
            ("User-agent: *\nCrawl-delay: 1e30", 86_400),
        ] {
            assert_eq!(rules(Some(text)).crawl_delay().as_secs(), seconds, "{text}");
        }
    }
}
