//! I9: pace, budgets and caps, by the portal's own log.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use nirnay_fetch::Politeness;
use nirnay_model::Portal;
use nirnay_portal_sim::{LogEntry, Route};

/// The caps that must hold for each portal, whatever happened to the client.
#[derive(Debug, Clone)]
pub struct Caps {
    /// The least time between the arrivals of two requests.
    pub min_interval: Duration,
    /// Requests in any hour.
    pub per_hour: u32,
    /// Requests in any day.
    pub per_day: u32,
    /// Captcha answers in any hour.
    pub captchas_per_hour: u32,
    /// Captcha answers in any day.
    pub captchas_per_day: u32,
    /// Captcha answers in a session that are wrong.
    pub wrong_per_session: u32,
    /// The shortest time without a request after 429 or 503.
    pub pause: Duration,
    /// The shortest time without a request after a firewall's page.
    pub block_pause: Duration,
    /// Requests to all portals together.
    pub total: Option<u64>,
}

impl Caps {
    /// What a pipeline's politeness promises.
    pub fn of(politeness: &Politeness) -> Self {
        Self {
            min_interval: politeness.min_interval,
            per_hour: politeness.per_hour,
            per_day: politeness.per_day,
            captchas_per_hour: politeness.captchas_per_hour,
            captchas_per_day: politeness.captchas_per_day,
            wrong_per_session: 1,
            pause: politeness.pause_floor,
            block_pause: politeness.block_pause,
            total: None,
        }
    }

    /// What the log shows to be broken.
    pub fn breaches(&self, log: &[LogEntry]) -> Vec<String> {
        let mut broken = Vec::new();
        if let Some(total) = self.total.filter(|total| log.len() as u64 > *total) {
            broken.push(format!("{} requests, {total} allowed", log.len()));
        }
        for portal in Portal::ALL {
            let mine: Vec<&LogEntry> = log.iter().filter(|entry| entry.portal == portal).collect();
            let times: Vec<Timestamp> = mine.iter().map(|entry| entry.time).collect();
            let answers: Vec<Timestamp> = mine
                .iter()
                .filter(|entry| entry.captcha.is_some())
                .map(|entry| entry.time)
                .collect();
            let windows = [
                ("requests", &times, self.per_hour, HOUR),
                ("requests", &times, self.per_day, DAY),
                ("captcha answers", &answers, self.captchas_per_hour, HOUR),
                ("captcha answers", &answers, self.captchas_per_day, DAY),
            ];
            for (what, times, most, span) in windows {
                if let Some(at) = crowded(times, most, span) {
                    broken.push(format!(
                        "{portal}: more than {most} {what} in the {} h from {at}",
                        span.as_secs() / 3600
                    ));
                }
            }
            broken.extend(self.too_soon(portal, &mine));
            broken.extend(self.wrong_answers(portal, &mine));
            broken.extend(repeated_answers(portal, &mine));
        }
        broken
    }

    /// Requests that came before they were allowed.
    fn too_soon(&self, portal: Portal, log: &[&LogEntry]) -> Vec<String> {
        log.windows(2)
            .filter_map(|pair| {
                let [first, second] = pair else { return None };
                let gap = second.time.duration_since(first.time).unsigned_abs();
                let least = if first.fault.as_deref() == Some("block_page") || first.status == 403 {
                    self.block_pause
                } else if matches!(first.status, 429 | 503) {
                    self.pause
                } else {
                    self.min_interval
                };
                (gap < least).then(|| {
                    format!(
                        "{portal}: request {} came {gap:?} after request {} (status {}), {least:?} at least",
                        second.number, first.number, first.status
                    )
                })
            })
            .collect()
    }

    fn wrong_answers(&self, portal: Portal, log: &[&LogEntry]) -> Vec<String> {
        let mut wrong: BTreeMap<&str, u32> = BTreeMap::new();
        for entry in log {
            let refused = entry.route == Route::Check
                && (entry.captcha == Some(false)
                    || entry.fault.as_deref() == Some("captcha_refuse"));
            if let Some(session) = entry.session.as_deref().filter(|_| refused) {
                *wrong.entry(session).or_default() += 1;
            }
        }
        wrong
            .into_iter()
            .filter(|(_, count)| *count > self.wrong_per_session)
            .map(|(session, count)| {
                format!("{portal}: {count} wrong captcha answers in session {session}")
            })
            .collect()
    }
}

/// Answers that were refused to the same picture before.
fn repeated_answers(portal: Portal, log: &[&LogEntry]) -> Vec<String> {
    let mut refused = BTreeSet::new();
    let mut broken = Vec::new();
    for entry in log.iter().filter(|entry| entry.captcha == Some(false)) {
        let given = (entry.picture, entry.answer.as_deref());
        if given.0.is_some() && !refused.insert(given) {
            broken.push(format!(
                "{portal}: request {} gives an answer again that was refused to the same picture",
                entry.number
            ));
        }
    }
    broken
}

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// The first instant from which more than `most` of `times` lie within `span`.
fn crowded(times: &[Timestamp], most: u32, span: Duration) -> Option<Timestamp> {
    times.iter().enumerate().find_map(|(place, first)| {
        let over = times.get(place + most as usize)?;
        (over.duration_since(*first).unsigned_abs() < span).then_some(*first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_crowded_by_one_too_many() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let times: Vec<Timestamp> = (0..10).map(|n| at(n * 600)).collect();
        assert_eq!(crowded(&times, 6, HOUR), None);
        assert_eq!(crowded(&times, 5, HOUR), Some(at(0)));
        assert_eq!(crowded(&times, 10, DAY), None);
    }
}
