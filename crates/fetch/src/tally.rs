//! What a host was sent within the last hour and the last day.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::instant::later;

/// Numbers of requests, bytes and captcha answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counts {
    /// Requests sent.
    pub requests: u64,
    /// Body bytes received, as on the wire.
    pub bytes: u64,
    /// Captcha answers sent.
    pub captchas: u64,
}

impl Counts {
    /// Bytes received.
    pub(crate) fn bytes(bytes: u64) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            bytes: self.bytes.saturating_add(other.bytes),
            captchas: self.captchas.saturating_add(other.captchas),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(other.requests),
            bytes: self.bytes.saturating_sub(other.bytes),
            captchas: self.captchas.saturating_sub(other.captchas),
        }
    }
}

/// Counts by minute and by hour. The sums are over sliding windows, rounded up to a whole bucket, so
/// that no hour and no day, wherever it begins, holds more than its budget.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tally {
    minutes: BTreeMap<i64, Counts>,
    hours: BTreeMap<i64, Counts>,
    /// Seconds by which the wall clock was set since the first count. Buckets are numbered on a clock
    /// that was not, so that no setting ever has to cut one in two.
    set_by: i64,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
/// Buckets that can overlap an hour: 60 whole ones and the current one.
const MINUTES_KEPT: i64 = 60;
/// Buckets that can overlap a day.
const HOURS_KEPT: i64 = 24;

impl Tally {
    /// Seconds at `now` on the clock that was never set.
    fn second(&self, now: Timestamp) -> i64 {
        now.as_second().saturating_sub(self.set_by)
    }

    /// The wall clock's instant at that second.
    fn wall(&self, second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second.checked_add(self.set_by)?).ok()
    }

    /// Adds `counts` at `now` and forgets what is over.
    pub(crate) fn add(&mut self, now: Timestamp, counts: Counts) {
        let second = self.second(now);
        for (buckets, unit, kept) in [
            (&mut self.minutes, MINUTE, MINUTES_KEPT),
            (&mut self.hours, HOUR, HOURS_KEPT),
        ] {
            let current = second.div_euclid(unit);
            let slot = buckets.entry(current).or_default();
            *slot = slot.plus(counts);
            buckets.retain(|bucket, _| *bucket >= current - kept);
        }
    }

    /// Takes back what was added at `now` and then not sent.
    pub(crate) fn take_back(&mut self, now: Timestamp, counts: Counts) {
        let second = self.second(now);
        for (buckets, unit) in [(&mut self.minutes, MINUTE), (&mut self.hours, HOUR)] {
            if let Some(slot) = buckets.get_mut(&second.div_euclid(unit)) {
                *slot = slot.minus(counts);
            }
        }
    }

    /// After the wall clock was set by `by`: everything that was counted moves along.
    pub(crate) fn shift(&mut self, by: SignedDuration) {
        self.set_by = self.set_by.saturating_add(by.as_secs());
    }

    /// After the clock was set back: what lies in the future counts as now. What is over is forgotten.
    pub(crate) fn heal(&mut self, now: Timestamp) {
        let second = self.second(now);
        for (buckets, unit, kept) in [
            (&mut self.minutes, MINUTE, MINUTES_KEPT),
            (&mut self.hours, HOUR, HOURS_KEPT),
        ] {
            let current = second.div_euclid(unit);
            buckets.retain(|bucket, _| *bucket >= current - kept);
            for (_, counts) in buckets.split_off(&(current + 1)) {
                let slot = buckets.entry(current).or_default();
                *slot = slot.plus(counts);
            }
        }
    }

    /// The sums over the last hour.
    pub fn last_hour(&self, now: Timestamp) -> Counts {
        sum(
            &self.minutes,
            self.second(now).div_euclid(MINUTE) - MINUTES_KEPT,
        )
    }

    /// The sums over the last day.
    pub fn last_day(&self, now: Timestamp) -> Counts {
        sum(&self.hours, self.second(now).div_euclid(HOUR) - HOURS_KEPT)
    }

    /// When the hour's sum of `field` falls below `limit`; `None` if it is below.
    pub(crate) fn hour_frees(
        &self,
        now: Timestamp,
        limit: u64,
        field: fn(&Counts) -> u64,
    ) -> Option<Timestamp> {
        self.frees(&self.minutes, now, (MINUTE, MINUTES_KEPT), (limit, field))
    }

    /// When the day's sum of `field` falls below `limit`; `None` if it is below.
    pub(crate) fn day_frees(
        &self,
        now: Timestamp,
        limit: u64,
        field: fn(&Counts) -> u64,
    ) -> Option<Timestamp> {
        self.frees(&self.hours, now, (HOUR, HOURS_KEPT), (limit, field))
    }

    fn frees(
        &self,
        buckets: &BTreeMap<i64, Counts>,
        now: Timestamp,
        (unit, kept): (i64, i64),
        (limit, field): (u64, fn(&Counts) -> u64),
    ) -> Option<Timestamp> {
        let first = self.second(now).div_euclid(unit) - kept;
        let mut total = field(&sum(buckets, first));
        if total < limit {
            return None;
        }
        for (bucket, counts) in buckets.range(first..) {
            total -= field(counts).min(total);
            if total < limit {
                let frees = self.wall(bucket.saturating_add(kept + 1).saturating_mul(unit));
                return Some(frees.unwrap_or(Timestamp::MAX));
            }
        }
        // A limit of zero is never free; look again tomorrow.
        Some(later(now, Duration::from_hours(24)))
    }
}

fn sum(buckets: &BTreeMap<i64, Counts>, first: i64) -> Counts {
    buckets
        .range(first..)
        .fold(Counts::default(), |total, (_, counts)| total.plus(*counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: Counts = Counts {
        requests: 1,
        bytes: 0,
        captchas: 0,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn no_sliding_hour_holds_more_than_its_budget() {
        let mut tally = Tally::default();
        let mut sent: Vec<i64> = Vec::new();
        let mut second = 17;
        while second < 5 * HOUR {
            match tally.hour_frees(at(second), 100, |counts| counts.requests) {
                None => {
                    tally.add(at(second), REQUEST);
                    sent.push(second);
                    second += 7;
                }
                Some(until) => second = until.as_second() - 1_800_000_000,
            }
        }
        assert!(sent.len() > 400, "the budget is used: {}", sent.len());
        for (place, first) in sent.iter().enumerate() {
            let within = sent[place..]
                .iter()
                .take_while(|s| **s < first + HOUR)
                .count();
            assert!(within <= 100, "{within} requests in the hour from {first}");
        }
    }

    #[test]
    fn a_clock_set_back_neither_frees_nor_jams() {
        let mut tally = Tally::default();
        for _ in 0..10 {
            tally.add(at(0), REQUEST);
        }
        let year_ago = at(-31_536_000);
        tally.heal(year_ago);
        assert_eq!(tally.last_hour(year_ago).requests, 10);
        let until = tally
            .hour_frees(year_ago, 10, |counts| counts.requests)
            .unwrap();
        assert!(until.duration_since(year_ago).as_secs() <= HOUR + MINUTE);
    }

    #[test]
    fn a_clock_that_is_set_every_hour_changes_nothing() {
        let mut tally = Tally::default();
        tally.add(at(0), REQUEST);
        for hour in 1..=24 {
            tally.shift(SignedDuration::from_secs(-3));
            let now = at(hour * HOUR - 3 * hour);
            tally.heal(now);
            assert_eq!(tally.last_day(now).requests, 1, "hour {hour}");
        }
        let now = at(25 * HOUR - 3 * 24);
        assert_eq!(tally.last_day(now).requests, 0, "and it is over in time");
    }

    #[test]
    fn a_budget_of_nothing_is_never_free() {
        assert!(
            Tally::default()
                .day_frees(at(0), 0, |counts| counts.requests)
                .is_some()
        );
    }
}
