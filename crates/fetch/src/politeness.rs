//! How a host is treated.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::serde::unsigned_duration::friendly::compact::{optional, required as human};
use serde::{Deserialize, Serialize};

use crate::origin::Origin;
use crate::{ConfigError, QuietHours};

/// The shortest distance between two requests to a host that is not this machine.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
/// The shortest pause after 429 or 503 on a host that is not this machine.
const SHORTEST_PAUSE: Duration = Duration::from_mins(1);
/// The shortest pause after a refusal (403, wrong captchas in a row) on a host that is not this machine.
const SHORTEST_REFUSAL: Duration = Duration::from_hours(1);
/// The most failures in a row before the breaker opens, on a host that is not this machine.
const MOST_FAILURES: u32 = 20;
/// The shortest time that the breaker stays open, on a host that is not this machine.
const SHORTEST_BREAK: Duration = Duration::from_secs(10);
/// The most captcha answers in a day on a host that is not this machine.
const MOST_CAPTCHAS_PER_DAY: u32 = 600;
/// The most captcha answers in an hour on a host that is not this machine.
const MOST_CAPTCHAS_PER_HOUR: u32 = 60;
/// Stops on hosts that are not this machine.
const FAILURES_IN_200: u32 = 30;
const FAILURES_ALIKE: u32 = 50;
const BARREN_AFTER: Duration = Duration::from_mins(30);
const BREAKERS_PER_DAY: u32 = 3;
const DRIFT_PAUSE: Duration = Duration::from_hours(24);
/// Hard ceilings on hosts that are not this machine.
const MOST_PER_HOUR: u32 = 1_200;
const MOST_PER_DAY: u32 = 12_000;
const MOST_BYTES_PER_DAY: u64 = 6_000_000_000;

/// How a host is treated: pace, budgets, pauses and who is asking. Every field but `contact` has a
/// default; durations are written `"1s"`, `"500ms"`, `"15m"`, `"6h"`. There is no field that turns
/// `robots.txt` off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Politeness {
    /// Where the operator can be reached: `mailto:…` or `https://…`. Required.
    pub contact: String,
    /// The product in the user agent and in `robots.txt`: letters, `_` and `-`.
    pub product: String,
    /// The least time from the end of a request to the start of the next. At least 1 s, except on
    /// loopback.
    #[serde(with = "human")]
    pub min_interval: Duration,
    /// The most that slowing down may make of it.
    #[serde(with = "human")]
    pub max_interval: Duration,
    /// Requests in any hour. At most 1200, except on loopback.
    pub per_hour: u32,
    /// Requests in any day. At most 12,000, except on loopback.
    pub per_day: u32,
    /// Bytes received in any day. At most 6 GB, except on loopback.
    pub bytes_per_day: u64,
    /// Captcha answers in any hour. At most 60, except on loopback.
    pub captchas_per_hour: u32,
    /// Captcha answers in any day. At most 600, except on loopback.
    pub captchas_per_day: u32,
    /// The pause of captcha answers after 10 wrong ones in a row.
    #[serde(with = "human")]
    pub captcha_pause: Duration,
    /// The hours (Indian Standard Time) at which the host may be crawled; none = always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// The longest single wait; a longer one ends the run instead.
    #[serde(with = "human")]
    pub max_wait: Duration,
    /// The shortest pause after 429 or 503. At least 60 s, except on loopback.
    #[serde(with = "human")]
    pub pause_floor: Duration,
    /// The longest pause that a host can ask for; beyond it the run ends.
    #[serde(with = "human")]
    pub pause_cap: Duration,
    /// The pause after 403 or a firewall's page.
    #[serde(with = "human")]
    pub block_pause: Duration,
    /// Failures in a row (5xx, broken connections) that open the breaker.
    pub breaker_after: u32,
    /// How long the breaker stays open the first time; doubles each time. At least 10 s, except on loopback.
    #[serde(with = "human")]
    pub breaker_first: Duration,
    /// The longest that it stays open.
    #[serde(with = "human")]
    pub breaker_max: Duration,
    /// Openings within a day that end the run.
    pub breakers_per_day: u32,
    /// Upper bound of the first wait before a step is tried again; doubles with each try.
    #[serde(with = "human")]
    pub backoff_first: Duration,
    /// The largest upper bound.
    #[serde(with = "human")]
    pub backoff_max: Duration,
    /// Failed requests among the latest 200 that end the day. Unless given: 30, on loopback no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures_in_200: Option<u32>,
    /// Failures of one sort within a day that are still borne. Unless given: 50, on loopback no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures_alike: Option<u32>,
    /// Work without a page or document that ends the day. Unless given: 30 minutes, on loopback no limit.
    #[serde(with = "optional", skip_serializing_if = "Option::is_none")]
    pub barren_after: Option<Duration>,
    /// The pause after two replies of unknown form in a row. Unless given: a day, on loopback none.
    #[serde(with = "optional", skip_serializing_if = "Option::is_none")]
    pub drift_pause: Option<Duration>,
    /// When a person last looked at the portal: refusals and stops from before that instant are over.
    /// One that lies in the future counts for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<Timestamp>,
}

impl Default for Politeness {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Self {
            contact: String::new(),
            product: "nirnay".to_owned(),
            min_interval: SHORTEST_INTERVAL,
            max_interval: minutes(1),
            per_hour: 600,
            per_day: 6_000,
            bytes_per_day: MOST_BYTES_PER_DAY,
            captchas_per_hour: 30,
            captchas_per_day: 300,
            captcha_pause: minutes(360),
            quiet_hours: None,
            max_wait: minutes(15),
            pause_floor: SHORTEST_PAUSE,
            pause_cap: minutes(360),
            block_pause: minutes(1_440),
            breaker_after: 5,
            breaker_first: Duration::from_secs(30),
            breaker_max: minutes(60),
            breakers_per_day: 3,
            backoff_first: Duration::from_secs(2),
            backoff_max: minutes(1),
            failures_in_200: None,
            failures_alike: None,
            barren_after: None,
            drift_pause: None,
            looked_at: None,
        }
    }
}

impl Politeness {
    /// The user agent: product, version and contact. It never names a browser.
    pub fn user_agent(&self) -> String {
        let contact = self.contact.trim();
        format!(
            "{}/{} (+{contact})",
            self.product,
            env!("CARGO_PKG_VERSION")
        )
    }

    /// Refuses to start without a contact, and on a foreign host with anything less polite than the
    /// stated bounds.
    pub(crate) fn check(&self, origin: &Origin) -> Result<(), ConfigError> {
        self.check_identity(origin)?;
        let bad = |field, why: String| {
            Err(ConfigError::Politeness {
                field,
                host: origin.key(),
                why,
            })
        };
        if self.max_interval < self.min_interval {
            return bad("max_interval", "it is shorter than min_interval".to_owned());
        }
        if self.pause_cap < self.pause_floor {
            return bad("pause_cap", "it is shorter than pause_floor".to_owned());
        }
        if self.breaker_max < self.breaker_first {
            return bad("breaker_max", "it is shorter than breaker_first".to_owned());
        }
        if self.backoff_max < self.backoff_first {
            return bad("backoff_max", "it is shorter than backoff_first".to_owned());
        }
        if self.breaker_after == 0 || self.breakers_per_day == 0 {
            return bad(
                "breaker_after",
                "breaker_after and breakers_per_day must be at least 1".to_owned(),
            );
        }
        if origin.is_loopback() {
            return Ok(());
        }
        for (field, given, least, words) in [
            ("min_interval", self.min_interval, SHORTEST_INTERVAL, "1s"),
            ("pause_floor", self.pause_floor, SHORTEST_PAUSE, "60s"),
            ("block_pause", self.block_pause, SHORTEST_REFUSAL, "1h"),
            ("captcha_pause", self.captcha_pause, SHORTEST_REFUSAL, "1h"),
            ("backoff_first", self.backoff_first, SHORTEST_INTERVAL, "1s"),
            ("breaker_first", self.breaker_first, SHORTEST_BREAK, "10s"),
        ] {
            if given < least {
                let why = format!("it must be at least {words} (shorter only on loopback)");
                return bad(field, why);
            }
        }
        for (field, given, most) in [
            ("breaker_after", self.breaker_after, MOST_FAILURES),
            (
                "captchas_per_hour",
                self.captchas_per_hour,
                MOST_CAPTCHAS_PER_HOUR,
            ),
            (
                "captchas_per_day",
                self.captchas_per_day,
                MOST_CAPTCHAS_PER_DAY,
            ),
            ("per_hour", self.per_hour, MOST_PER_HOUR),
            ("per_day", self.per_day, MOST_PER_DAY),
        ] {
            if given > most {
                return bad(field, format!("it must be at most {most}"));
            }
        }
        if self.bytes_per_day > MOST_BYTES_PER_DAY {
            return bad(
                "bytes_per_day",
                format!("it must be at most {MOST_BYTES_PER_DAY}"),
            );
        }
        self.check_stops(origin)
    }

    /// On a foreign host the stops can be made stricter, not laxer.
    fn check_stops(&self, origin: &Origin) -> Result<(), ConfigError> {
        let within = |field, fits: bool, why: &str| {
            fits.then_some(()).ok_or_else(|| ConfigError::Politeness {
                field,
                host: origin.key(),
                why: format!("it must be {why} (other values only on loopback)"),
            })
        };
        let most = |given: Option<u32>, most| given.is_none_or(|given| given <= most);
        within(
            "failures_in_200",
            most(self.failures_in_200, FAILURES_IN_200),
            "at most 30",
        )?;
        within(
            "failures_alike",
            most(self.failures_alike, FAILURES_ALIKE),
            "at most 50",
        )?;
        within(
            "barren_after",
            self.barren_after.is_none_or(|after| after <= BARREN_AFTER),
            "at most 30m",
        )?;
        within(
            "breakers_per_day",
            self.breakers_per_day <= BREAKERS_PER_DAY,
            "at most 3",
        )?;
        within(
            "drift_pause",
            self.drift_pause.is_none_or(|pause| pause >= DRIFT_PAUSE),
            "at least 24h",
        )
    }

    /// The stops in force on `origin`, whatever was left open filled in.
    pub(crate) fn for_origin(mut self, origin: &Origin) -> Self {
        if !origin.is_loopback() {
            self.failures_in_200.get_or_insert(FAILURES_IN_200);
            self.failures_alike.get_or_insert(FAILURES_ALIKE);
            self.barren_after.get_or_insert(BARREN_AFTER);
            self.drift_pause.get_or_insert(DRIFT_PAUSE);
        }
        self
    }

    fn check_identity(&self, origin: &Origin) -> Result<(), ConfigError> {
        let contact = self.contact.trim();
        let mail = contact
            .strip_prefix("mailto:")
            .and_then(|address| address.split_once('@'))
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        let page = contact.strip_prefix("https://").is_some_and(|rest| {
            rest.split('/')
                .next()
                .is_some_and(|host| host.contains('.'))
        });
        let clean = contact
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'(' | b')'));
        if !(mail || page) || !clean {
            return Err(ConfigError::Contact {
                given: contact.to_owned(),
            });
        }
        let token = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-');
        if self.product.is_empty() || !self.product.bytes().all(token) {
            return Err(ConfigError::Politeness {
                field: "product",
                host: origin.key(),
                why: "it must be letters, '_' and '-' only".to_owned(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toml: &str, base: &str) -> Result<(), ConfigError> {
        let politeness: Politeness = toml::from_str(toml).unwrap();
        politeness.check(&Origin::of(&base.parse().unwrap()).unwrap())
    }

    const PORTAL: &str = "https://scr.sci.gov.in";
    const HERE: &str = "http://127.0.0.1:1";

    #[test]
    fn a_contact_is_required() {
        for bad in [
            "",
            "contact = 'me'",
            "contact = 'mailto:me'",
            "contact = 'http://example.org'",
            "contact = 'mailto:a@b.c)'",
        ] {
            assert!(
                matches!(check(bad, HERE), Err(ConfigError::Contact { .. })),
                "{bad}"
            );
        }
        for good in [
            "contact = 'mailto:crawl@example.org'",
            "contact = 'https://example.org/bot'",
        ] {
            assert_eq!(check(good, PORTAL), Ok(()), "{good}");
        }
    }

    #[test]
    fn foreign_hosts_have_bounds_that_loopback_has_not() {
        for line in [
            "min_interval = '0s'",
            "min_interval = '999ms'",
            "pause_floor = '59s'",
            "per_hour = 1201",
            "per_day = 12001",
            "bytes_per_day = 6000000001",
            "failures_in_200 = 31",
            "failures_alike = 51",
            "barren_after = '31m'",
            "drift_pause = '23h'",
            "breakers_per_day = 4",
            "breaker_after = 21",
            "breaker_first = '0s'",
            "backoff_first = '0s'",
            "captchas_per_hour = 61",
            "captchas_per_day = 601",
            "block_pause = '59m'",
            "captcha_pause = '59m'",
        ] {
            let toml = format!("contact = 'mailto:crawl@example.org'\n{line}");
            assert!(check(&toml, PORTAL).is_err(), "{line}");
            assert_eq!(check(&toml, HERE), Ok(()), "{line}");
        }
    }

    #[test]
    fn an_upper_bound_is_no_shorter_than_its_beginning() {
        for line in [
            "breaker_max = '0s'",
            "backoff_max = '0s'",
            "max_interval = '0s'",
        ] {
            let toml = format!("contact = 'mailto:crawl@example.org'\n{line}");
            assert!(
                check(&toml, PORTAL).is_err() && check(&toml, HERE).is_err(),
                "{line}"
            );
        }
    }

    #[test]
    fn unknown_fields_and_bad_durations_are_refused() {
        assert!(toml::from_str::<Politeness>("min_intervall = '1s'").is_err());
        assert!(toml::from_str::<Politeness>("min_interval = 1").is_err());
        assert!(toml::from_str::<Politeness>("min_interval = '-1s'").is_err());
        let read: Politeness =
            toml::from_str("min_interval = '1500ms'\nquiet_hours = '21:00-07:00'\nbarren_after = '5m'\nlooked_at = '2026-01-31T09:00:00Z'").unwrap();
        assert_eq!(read.barren_after, Some(Duration::from_mins(5)));
        assert_eq!(read.min_interval, Duration::from_millis(1500));
        let again: Politeness = toml::from_str(&toml::to_string(&read).unwrap()).unwrap();
        assert_eq!(read, again);
    }

    #[test]
    fn the_user_agent_says_who_asks() {
        let politeness = Politeness {
            contact: "mailto:crawl@example.org".to_owned(),
            ..Politeness::default()
        };
        assert!(politeness.user_agent().starts_with("nirnay/"));
        assert!(
            politeness
                .user_agent()
                .ends_with("(+mailto:crawl@example.org)")
        );
    }
}
