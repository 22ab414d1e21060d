//! A court's days against its own past: silence, and days with far too few or too many rows.
//!
//! Courts have holidays, vacations and benches that sit on them; nothing here knows a calendar. What a court
//! did in the same season of earlier years is no news.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::rescan::days;

/// Rows by day of decision; days without rows are left out.
pub(super) type Days = BTreeMap<Date, u64>;

/// Silence of so many days is never news.
const QUIET_DAYS: i64 = 7;
/// Years whose gaps are a court's own measure.
const YEARS: i16 = 3;
/// Days around the same date of earlier years that count as the same season.
const SEASON: i64 = 21;
/// Days with rows that make a past.
const PAST_DAYS: usize = 20;
/// Gaps from which a percentile can be told.
const PAST_GAPS: usize = 100;

/// Same weekdays that a day is held against.
const WEEKDAYS: usize = 12;
/// A weekday with fewer rows than this jumps about by itself.
const LEAST_MEDIAN: u64 = 10;
/// How far from the median a day may lie.
const WITHIN: f64 = 0.6;
/// Odd days among the latest days that are news.
const ODD: usize = 3;
const LATEST: usize = 5;
/// The days that are looked at: old enough for most of their rows to be listed, young enough to matter.
const YOUNGEST: i64 = 2;
const OLDEST: i64 = 14;

/// A court lists nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Silence {
    /// The last day with rows.
    pub(super) last: Date,
    /// Days since.
    pub(super) days: i64,
    /// Days that would not have been news.
    pub(super) usual: i64,
}

/// Days since the last day with rows, as of `today`.
pub(super) fn silent_days(past: &Days, today: Date) -> Option<i64> {
    let (last, _) = past.range(..=today).next_back()?;
    Some(days(*last, today))
}

/// Whether the court is silent on `today` for longer than a week, than 99 of 100 gaps of its last three
/// years, and than in the same season of those years; each and `lag`, the days by which its latest rows are
/// behind on an ordinary day: reports are printed weeks after the judgment.
pub(super) fn silence(past: &Days, today: Date, lag: i64) -> Option<Silence> {
    let past: Vec<Date> = past.range(..=today).map(|(day, _)| *day).collect();
    let last = *past.last()?;
    if past.len() < PAST_DAYS {
        return None;
    }
    let from = back(today, i64::from(YEARS) * 366);
    let gaps: Vec<(Date, i64)> = past
        .windows(2)
        .filter(|pair| pair[0] >= from)
        .map(|pair| (pair[0], days(pair[0], pair[1])))
        .collect();
    let usual = QUIET_DAYS
        .max(percentile(&gaps))
        .max(in_season(&gaps, last))
        .saturating_add(lag);
    let silent = days(last, today);
    (silent > usual).then_some(Silence {
        last,
        days: silent,
        usual,
    })
}

/// The 99th percentile of the gaps; of a short past, twice the longest.
fn percentile(gaps: &[(Date, i64)]) -> i64 {
    let mut lengths: Vec<i64> = gaps.iter().map(|(_, length)| *length).collect();
    lengths.sort_unstable();
    if lengths.len() < PAST_GAPS {
        return lengths.last().map_or(i64::MAX, |longest| longest * 2);
    }
    let place = lengths.len() * 99 / 100;
    lengths.get(place).copied().unwrap_or(QUIET_DAYS)
}

/// The longest gap that began around the same date of an earlier year.
fn in_season(gaps: &[(Date, i64)], last: Date) -> i64 {
    gaps.iter()
        .filter(|(begin, _)| {
            (1..=YEARS).any(|years| {
                let then = last.saturating_sub(jiff::Span::new().years(years));
                days(then, *begin).abs() <= SEASON
            })
        })
        .map(|(_, length)| *length)
        .max()
        .unwrap_or(0)
}

/// Days that are not like the court's days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OddDays {
    /// The first of them.
    pub(super) since: Date,
    /// Day, its rows, the median of its weekday.
    pub(super) days: Vec<(Date, u64, u64)>,
    /// Too few rows, or too many.
    pub(super) few: bool,
}

/// Three of the court's latest five days that are odd in the same way, if they are and were not so in the
/// same season of the year before.
pub(super) fn odd_days(past: &Days, today: Date) -> Option<OddDays> {
    let found = odd_on(past, today)?;
    let a_year_ago = today.saturating_sub(jiff::Span::new().years(1));
    let usual = (-SEASON..=SEASON).any(|offset| {
        odd_on(past, back(a_year_ago, offset)).is_some_and(|then| then.few == found.few)
    });
    (!usual).then_some(found)
}

fn odd_on(past: &Days, today: Date) -> Option<OddDays> {
    let latest: Vec<(Date, u64)> = past
        .range(back(today, OLDEST)..=back(today, YOUNGEST))
        .rev()
        .take(LATEST)
        .map(|(day, rows)| (*day, *rows))
        .collect();
    for few in [true, false] {
        let mut odd: Vec<(Date, u64, u64)> = latest
            .iter()
            .filter_map(|(day, rows)| {
                let (median, least, most) = weekday(past, *day)?;
                let bound = median as f64;
                let is_odd = if few {
                    (*rows as f64) < bound * (1.0 - WITHIN) && *rows < least
                } else {
                    *rows as f64 > bound * (1.0 + WITHIN) && *rows > most
                };
                is_odd.then_some((*day, *rows, median))
            })
            .collect();
        odd.sort_unstable();
        if odd.len() >= ODD {
            let since = odd.first().map_or(today, |(day, _, _)| *day);
            return Some(OddDays {
                since,
                days: odd,
                few,
            });
        }
    }
    None
}

/// Median, least and most rows of the last twelve same weekdays with rows that ended before the days that
/// are looked at; nothing where the past is too short or too thin.
fn weekday(past: &Days, day: Date) -> Option<(u64, u64, u64)> {
    let mut rows = Vec::new();
    let mut then = day;
    for _ in 0..WEEKDAYS * 2 {
        then = back(then, 7);
        // A day in the middle of the same trouble is no measure.
        if days(then, day) < OLDEST {
            continue;
        }
        rows.extend(past.get(&then));
        if rows.len() == WEEKDAYS {
            break;
        }
    }
    rows.sort_unstable();
    let median = *rows.get(WEEKDAYS / 2).filter(|_| rows.len() == WEEKDAYS)?;
    (median >= LEAST_MEDIAN).then(|| (median, rows[0], rows[WEEKDAYS - 1]))
}

fn back(day: Date, by: i64) -> Date {
    day.saturating_sub(jiff::Span::new().days(by))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;

    /// Three years of a court: working days with about `usual` rows, no weekends, a vacation of three weeks
    /// every June with single orders, ten days off in December, a holiday every fifth week.
    fn court(usual: u64) -> Days {
        let mut days = Days::new();
        let mut day = date(2022, 1, 1);
        let mut number: u64 = 7;
        while day <= date(2025, 5, 30) {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let noise = (number >> 33) % (usual / 2 + 1);
            let vacation = day.month() == 6 && day.day() <= 21;
            let winter = day.month() == 12 && day.day() >= 22;
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            let holiday = (day.day_of_year() / 7) % 5 == 0 && day.weekday() == Weekday::Wednesday;
            if vacation && day.weekday() == Weekday::Monday || holiday {
                days.insert(day, 1 + noise % 2);
            } else if !(vacation || winter || weekend) {
                days.insert(day, usual * 3 / 4 + noise);
            }
            day = day.tomorrow().unwrap();
        }
        days
    }

    fn until(past: &Days, today: Date) -> Days {
        past.range(..=today)
            .map(|(day, rows)| (*day, *rows))
            .collect()
    }

    #[test]
    fn holidays_weekends_and_vacations_are_no_news() {
        for usual in [5, 40, 300] {
            let past = court(usual);
            let mut alarms = Vec::new();
            let mut day = date(2024, 1, 1);
            while day <= date(2025, 5, 30) {
                let seen = until(&past, day);
                if silence(&seen, day, 0).is_some() || odd_days(&seen, day).is_some() {
                    alarms.push(day);
                }
                day = day.tomorrow().unwrap();
            }
            assert!(alarms.is_empty(), "{usual}: {alarms:?}");
        }
    }

    #[test]
    fn a_court_that_falls_silent_is_noticed() {
        let past = court(40);
        let last = date(2025, 3, 7);
        let seen = until(&past, last);
        assert_eq!(silence(&seen, date(2025, 3, 12), 0), None);
        let found = silence(&seen, date(2025, 4, 1), 0).unwrap();
        assert_eq!((found.last, found.days), (last, 25));
        assert!(found.usual < 20, "{found:?}");
        assert_eq!(silent_days(&seen, date(2025, 4, 1)), Some(25));
        assert_eq!(
            silence(&seen, date(2025, 4, 1), 20),
            None,
            "reports are weeks behind"
        );
    }

    #[test]
    fn days_with_a_fraction_of_their_rows_are_noticed() {
        let mut past = court(40);
        for (_, rows) in past.range_mut(date(2025, 3, 10)..) {
            *rows /= 5;
        }
        let found = odd_days(&until(&past, date(2025, 3, 17)), date(2025, 3, 17)).unwrap();
        assert!(found.few);
        assert_eq!(found.since, date(2025, 3, 10));
        let mut past = court(40);
        for (_, rows) in past.range_mut(date(2025, 3, 10)..) {
            *rows *= 3;
        }
        let found = odd_days(&until(&past, date(2025, 3, 17)), date(2025, 3, 17)).unwrap();
        assert!(!found.few);
    }

    #[test]
    fn a_short_past_says_nothing() {
        let past: Days = court(40).into_iter().take(15).collect();
        assert_eq!(silence(&past, date(2025, 1, 1), 0), None);
        assert_eq!(odd_days(&past, date(2022, 1, 25)), None);
        assert_eq!(silence(&Days::new(), date(2025, 1, 1), 0), None);
    }
}
