//! The lines of a `robots.txt`.

use std::time::Duration;

use super::pattern::Pattern;
use super::{LONGEST_DELAY, RobotLimits, RobotsTxt, Rule, VisitHours};

/// Spans of visiting hours that are remembered.
const MOST_SPANS: usize = 16;

/// For whom the lines are that come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Audience {
    Everyone,
    Product,
    Others,
}

pub(super) fn read(text: &str, product: &str) -> RobotsTxt {
    // Rules before the first group, the product's own, and those for all others.
    let (mut before, mut own, mut star) = (
        RobotsTxt::default(),
        RobotsTxt::default(),
        RobotsTxt::default(),
    );
    let mut named = false;
    let mut audience: Vec<Audience> = Vec::new();
    let mut naming = false;
    let mut begun = false;
    for line in text
        .trim_start_matches('\u{feff}')
        .split(['\n', '\r', '\0'])
    {
        let line = line.split('#').next().unwrap_or("").trim();
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        if key == "user-agent" {
            if !naming {
                audience.clear();
            }
            (naming, begun) = (true, true);
            let whom = whom(value, product);
            named |= whom == Audience::Product;
            if !audience.contains(&whom) {
                audience.push(whom);
            }
            continue;
        }
        if !take_known(&key) {
            continue;
        }
        naming = false;
        if !begun {
            take(&mut before, &key, value);
        }
        for whom in &audience {
            match whom {
                Audience::Product => take(&mut own, &key, value),
                Audience::Everyone => take(&mut star, &key, value),
                Audience::Others => {}
            }
        }
    }
    let mut read = if named { own } else { star };
    read.rules.append(&mut before.rules);
    read.limits.delay = read.limits.delay.max(before.limits.delay);
    read.limits.visits.append(&mut before.limits.visits);
    read.limits.visits.truncate(MOST_SPANS);
    read
}

/// Whom a `User-agent` line speaks to; what stands behind the product token does not matter.
fn whom(value: &str, product: &str) -> Audience {
    if value == "*" {
        return Audience::Everyone;
    }
    let end = value
        .find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '_' | '-')))
        .unwrap_or(value.len());
    let token = value.get(..end).unwrap_or_default();
    if token.eq_ignore_ascii_case(product) {
        Audience::Product
    } else {
        Audience::Others
    }
}

/// A line with another key (a sitemap) does not end the list of user agents.
fn take_known(key: &str) -> bool {
    matches!(
        key,
        "allow" | "disallow" | "crawl-delay" | "request-rate" | "visit-time"
    )
}

fn take(into: &mut RobotsTxt, key: &str, value: &str) {
    let limits: &mut RobotLimits = &mut into.limits;
    match key {
        "allow" | "disallow" => {
            if let Some(pattern) = Pattern::read(value) {
                let allow = key == "allow";
                into.rules.push(Rule { pattern, allow });
            }
        }
        "crawl-delay" => limits.delay = limits.delay.max(crawl_delay(value)),
        "request-rate" => limits.delay = limits.delay.max(request_rate(value).unwrap_or_default()),
        _ => {
            if let Some(hours) = VisitHours::read(value)
                && limits.visits.len() < MOST_SPANS
            {
                limits.visits.push(hours);
            }
        }
    }
}

fn crawl_delay(value: &str) -> Duration {
    let seconds = value.parse().unwrap_or(0.0_f64);
    if seconds.is_finite() && seconds > 0.0 {
        Duration::from_secs_f64(seconds.min(LONGEST_DELAY.as_secs_f64()))
    } else {
        Duration::ZERO
    }
}

/// `pages/time`, time in seconds or with `s`, `m`, `h`; the hours that may follow are not looked at, so
/// that the rate holds all day.
fn request_rate(value: &str) -> Option<Duration> {
    let rate = value.split_whitespace().next()?;
    let (pages, time) = rate.split_once('/')?;
    let digits = time.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match time.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return None,
    };
    let pages: u32 = pages.trim().parse().ok().filter(|pages| *pages > 0)?;
    let seconds = digits.parse::<u64>().ok()?.saturating_mul(unit);
    Some(Duration::from_secs(seconds).min(LONGEST_DELAY) / pages)
}
