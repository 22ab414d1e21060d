//! `robots.txt` as RFC 9309 reads it, with the three older directives that still occur: `Crawl-delay`,
//! `Request-rate` and `Visit-time`.

mod hours;
mod pattern;
mod read;

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

pub(crate) use hours::VisitHours;
use pattern::Pattern;

/// As much of a file as is read; the RFC asks for at least 500 KiB.
pub(crate) const MOST_BYTES: usize = 512 << 10;
/// The longest distance between requests that a file can ask for.
const LONGEST_DELAY: Duration = Duration::from_hours(24);

/// What a file says to one product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RobotsTxt {
    rules: Vec<Rule>,
    limits: RobotLimits,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    pattern: Pattern,
    allow: bool,
}

/// What a file says about when requests may be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RobotLimits {
    /// The least distance between two requests: the largest of every `Crawl-delay` and `Request-rate`.
    pub(crate) delay: Duration,
    /// The hours at which requests may be sent; empty = always.
    pub(crate) visits: Vec<VisitHours>,
}

impl RobotLimits {
    /// When the next of the visiting hours begins; `None` while one is open or there are none.
    pub(crate) fn opens_at(&self, now: Timestamp) -> Option<Timestamp> {
        let mut first: Option<Timestamp> = None;
        for hours in &self.visits {
            let opens = hours.opens_at(now)?;
            first = Some(first.map_or(opens, |already| already.min(opens)));
        }
        first
    }
}

impl RobotsTxt {
    /// What `text` says to the product token `product`: the groups that name it, or else those for `*`.
    /// Rules before the first group count for everyone. What is not understood is passed over.
    pub(crate) fn read(text: &str, product: &str) -> Self {
        let mut read = read::read(beginning(text), product);
        // The longest pattern decides; of two as long, the one that allows.
        read.rules
            .sort_by_key(|rule| (std::cmp::Reverse(rule.pattern.len()), !rule.allow));
        read
    }

    /// Whether `url` may be fetched. `robots.txt` itself always may.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        let mut path = url.path().to_owned();
        if path == "/robots.txt" {
            return true;
        }
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let path = pattern::normal(&path);
        self.rules
            .iter()
            .find(|rule| rule.pattern.matches(&path))
            .is_none_or(|rule| rule.allow)
    }

    /// What it says about when requests may be sent.
    pub(crate) fn limits(&self) -> &RobotLimits {
        &self.limits
    }

    /// The same file with nothing in it but what concerns the product it was read for. `None` if it is
    /// longer than what is read again (a pattern is spelled out): the shortest rules stand last, and a
    /// beginning without them would allow what they forbid.
    pub(crate) fn condensed(&self) -> Option<String> {
        let mut text = "User-agent: *\n".to_owned();
        if !self.limits.delay.is_zero() {
            writeln!(text, "Crawl-delay: {}", self.limits.delay.as_secs_f64()).ok();
        }
        for hours in &self.limits.visits {
            writeln!(text, "Visit-time: {hours}").ok();
        }
        for rule in &self.rules {
            let key = if rule.allow { "Allow" } else { "Disallow" };
            writeln!(text, "{key}: {}", rule.pattern).ok();
        }
        (text.len() <= MOST_BYTES).then_some(text)
    }
}

/// The lines of `text` that are read: half a rule is none.
fn beginning(text: &str) -> &str {
    if text.len() <= MOST_BYTES {
        return text;
    }
    let most = text.as_bytes().get(..MOST_BYTES).unwrap_or_default();
    let end = most.iter().rposition(|b| matches!(b, b'\n' | b'\r'));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        let url = format!("https://portal.example{path}").parse().unwrap();
        let read = RobotsTxt::read(text, "nirnay");
        let again = RobotsTxt::read(&read.condensed().unwrap(), "other");
        assert_eq!(read.limits, again.limits, "{text}");
        assert_eq!(
            read.allows(&url),
            again.allows(&url),
            "condensed, the file says the same: {text}"
        );
        read.allows(&url)
    }

    #[test]
    fn the_longest_pattern_decides() {
        for (text, path, expected) in [
            ("", "/pdfsearch/", true),
            ("User-agent: *\nDisallow: /", "/pdfsearch/", false),
            ("User-agent: *\nDisallow:", "/pdfsearch/", true),
            (
                "User-agent: *\nDisallow: /wp-admin/",
                "/sci-get-pdf/?diary_no=1",
                true,
            ),
            (
                "User-agent: *\nDisallow: /pdfsearch/?p=pdf_search/home",
                "/pdfsearch/?p=pdf_search/home",
                false,
            ),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", false),
            ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true),
            ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", false),
            ("User-agent: *\nDisallow: *search", "/pdfsearch/", false),
            ("User-agent: *\nDisallow: /", "/robots.txt", true),
            ("<html><body>Not found</body></html>", "/pdfsearch/", true),
        ] {
            assert_eq!(allows(text, path), expected, "{text} on {path}");
        }
    }

    #[test]
    fn groups_are_found_by_product_token() {
        let two = "User-agent: nirnay\nDisallow: /a\n\nUser-agent: *\nDisallow: /b";
        for (text, path, expected) in [
            (two, "/a", false),
            (two, "/b", true),
            ("User-agent: NIRNAY\nDisallow: /a", "/a", false),
            ("User-agent: Nirnay/2.0 (x)\nDisallow: /a", "/a", false),
            ("User-agent: nirnaybot\nDisallow: /a", "/a", true),
            ("User-agent: nir\nDisallow: /a", "/a", true),
            (
                "User-agent: x\nUser-agent: nirnay\n\nDisallow: /a",
                "/a",
                false,
            ),
            (
                "User-agent: nirnay\nDisallow: /a\nUser-agent: y\nDisallow: /c\nUser-agent: nirnay\nDisallow: /b",
                "/b",
                false,
            ),
            (
                "User-agent: nirnay\nDisallow: /a\nUser-agent: y\nDisallow: /c\nUser-agent: nirnay\nDisallow: /b",
                "/c",
                true,
            ),
            ("Disallow: /a", "/a", false),
            (
                "Disallow: /a\nUser-agent: nirnay\nDisallow: /b",
                "/a",
                false,
            ),
            (
                "\u{feff}user-AGENT : *\r\ndisallow : /a # not here\r\n",
                "/a",
                false,
            ),
            ("User-agent: * # all\rDisallow: /a", "/a", false),
            (
                "User-agent: *\nSitemap: https://x/\nDisallow: /a",
                "/a",
                false,
            ),
            (
                "User-agent: *\nCrawl-delay: 1\nUser-agent: nirnay\nDisallow: /a",
                "/a",
                false,
            ),
        ] {
            assert_eq!(allows(text, path), expected, "{text:?} on {path}");
        }
    }

    #[test]
    fn addresses_are_compared_by_their_octets() {
        for (rule, path, expected) in [
            ("/a%2fb", "/a%2Fb", false),
            ("/a%2fb", "/a/b", true),
            ("/%61", "/a", false),
            ("/a", "/%61", false),
            ("/अ", "/%E0%A4%85", false),
            ("/a%", "/a%", false),
            ("/a%zz", "/a%zz", false),
            ("/%%341", "/A", true),
        ] {
            let text = format!("User-agent: *\nDisallow: {rule}");
            assert_eq!(allows(&text, path), expected, "{rule} on {path}");
        }
    }

    #[test]
    fn the_slowest_request_for_patience_is_met() {
        for (text, expected) in [
            ("", 0.0),
            ("Crawl-delay: 10", 10.0),
            ("Crawl-delay: 2.5", 2.5),
            ("Crawl-delay: -3", 0.0),
            ("Crawl-delay: 1e30", 86_400.0),
            ("Crawl-delay: inf", 0.0),
            ("Crawl-delay: NaN", 0.0),
            ("Crawl-delay: 4\nCrawl-delay: 9\nCrawl-delay: 2", 9.0),
            ("Request-rate: 1/5", 5.0),
            ("Request-rate: 2/1m", 30.0),
            ("Request-rate: 1/1h 0900-1700", 3_600.0),
            ("Request-rate: 30/60s\nCrawl-delay: 1", 2.0),
            ("Request-rate: 0/5\nRequest-rate: 1/0\nRequest-rate: x", 0.0),
        ] {
            let read = RobotsTxt::read(&format!("User-agent: *\n{text}"), "nirnay");
            assert_eq!(
                read.limits.delay,
                Duration::from_secs_f64(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn half_a_mebibyte_is_read_and_no_more() {
        let padding = format!("#{}\n", "x".repeat(1_023));
        let mut text = padding.repeat(500);
        text.insert_str(0, "User-agent: *\n");
        text.push_str("Disallow: /early\n");
        text.push_str(&padding.repeat(20));
        text.push_str("Disallow: /late\n");
        let read = RobotsTxt::read(&text, "nirnay");
        let allows = |path: &str| read.allows(&format!("https://x.example{path}").parse().unwrap());
        assert!(!allows("/early") && allows("/late"));
    }

    #[test]
    fn what_is_too_long_when_spelled_out_is_not_stored_in_part() {
        let mut text = "User-agent: *\nCrawl-delay: 9\nDisallow: /\n".to_owned();
        for number in 0..8_000 {
            writeln!(text, "Allow: /{number}/अअअअअअअअअ").ok();
        }
        let read = RobotsTxt::read(&text, "nirnay");
        assert!(!read.allows(&"https://x.example/a".parse().unwrap()));
        assert_eq!(read.condensed(), None);
    }

    #[test]
    fn many_stars_cost_no_time() {
        let mut text = "User-agent: *\n".to_owned();
        while text.len() < MOST_BYTES {
            text.push_str("Disallow: /*a*a*a*a*a*a*a*a*a*a*a*a*b$\n");
        }
        let path = format!("/{}", "a".repeat(4_000));
        assert!(allows(&text, &path));
        let long = format!(
            "User-agent: *\nDisallow: /{}",
            "*a".repeat(MOST_BYTES / 2 - 20)
        );
        assert!(allows(&long, &path));
    }
}
