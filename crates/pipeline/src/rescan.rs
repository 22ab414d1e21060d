//! When a proven window is looked at again.
//!
//! Judgments appear in the lists late: of the changes of the Supreme Court's list in 2024, 93.8 % of the
//! additions came within 14 days of the decision, 96.9 % within 30, 99.3 % within 90. A window is therefore
//! walked again every day until it was proven 14 days after its last day, every week until 90 days after it,
//! and from then on its total alone is compared once a year.

use jiff::civil::Date;
use nirnay_model::{DateWindow, Sha256};
use nirnay_store::WindowRow;
use serde::Deserialize;

use crate::context::india_date;

/// How proven windows are looked at again (`[rescan]` in a pipeline file).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RescanConfig {
    /// A window is walked again every day until it was proven this many days after its last day.
    pub daily_days: u32,
    /// And every seven days until it was proven this many days after its last day.
    pub weekly_days: u32,
    /// Recent dates are cut into windows of this many days, so that a look at the latest ones does not walk
    /// a year.
    pub window_days: u32,
    /// Older windows have their total compared with one small request, once a year; at most so many a run
    /// and source. 0: never.
    pub counts_a_run: u32,
}

impl Default for RescanConfig {
    fn default() -> Self {
        Self {
            daily_days: 14,
            weekly_days: 90,
            window_days: 7,
            counts_a_run: 20,
        }
    }
}

/// The longest policy a pipeline file may ask for.
const MOST_DAYS: u32 = 36_500;
/// A window's total is compared this many days after the last look at the earliest, a year after it at the
/// latest: in between a draw decides, so that windows of one day do not all come back on one day.
const COUNT_EARLIEST: i64 = 274;
const COUNT_LATEST: i64 = 365;

/// How a proven window is to be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Every row.
    Walk,
    /// The total only; days since it was due.
    Count { overdue: i64 },
}

impl RescanConfig {
    /// What is wrong with the settings, if anything is.
    pub(crate) fn objection(&self) -> Option<String> {
        if self.daily_days > self.weekly_days {
            return Some("rescan.daily_days must be at most rescan.weekly_days".to_owned());
        }
        if self.weekly_days > MOST_DAYS {
            return Some(format!("rescan.weekly_days must be at most {MOST_DAYS}"));
        }
        if !(1..=366).contains(&self.window_days) {
            return Some("rescan.window_days must be 1 to 366".to_owned());
        }
        None
    }

    /// How a window is to be looked at on `today`, if it is. Only proven windows with dates are asked about.
    pub(crate) fn look(&self, window: &WindowRow, today: Date) -> Option<Look> {
        let range = window.spec.window.filter(|_| window.state.is_complete())?;
        if window.grow_to.is_some() {
            return Some(Look::Walk);
        }
        let verified = india_date(window.verified_at?);
        let age_when_verified = days(range.to(), verified);
        let since = days(verified, today);
        if age_when_verified < i64::from(self.daily_days) {
            return (since >= 1).then_some(Look::Walk);
        }
        if age_when_verified < i64::from(self.weekly_days) {
            return (since >= 7).then_some(Look::Walk);
        }
        let looked = window
            .counted_at
            .map_or(verified, |at| india_date(at).max(verified));
        let overdue = days(looked, today) - wait(window, looked);
        (overdue >= 0).then_some(Look::Count { overdue })
    }

    /// Cuts a range that is not covered yet: dates older than the weekly looks stay together, recent ones
    /// fall into windows of `window_days`, the same on every day.
    pub(crate) fn cut(&self, gap: DateWindow, today: Date) -> Vec<DateWindow> {
        let recent = today.saturating_sub(jiff::Span::new().days(i64::from(self.weekly_days)));
        let mut parts = Vec::new();
        let mut from = gap.from();
        while from <= gap.to() {
            let end = if from < recent {
                recent.yesterday().unwrap_or(from)
            } else {
                self.cell_end(from)
            };
            let to = end.max(from).min(gap.to());
            parts.extend(DateWindow::new(from, to));
            match to.tomorrow() {
                Ok(next) => from = next,
                Err(_) => break,
            }
        }
        parts
    }

    /// Whether the days from `from` to `to` lie in one cell.
    pub(crate) fn same_cell(&self, from: Date, to: Date) -> bool {
        to <= self.cell_end(from)
    }

    /// The last day of the cell that `day` lies in. Cells of seven days begin on Mondays.
    fn cell_end(&self, day: Date) -> Date {
        let size = i64::from(self.window_days);
        let place = days(Date::constant(1970, 1, 5), day).rem_euclid(size);
        day.saturating_add(jiff::Span::new().days(size - 1 - place))
    }
}

/// Days until a window's total is compared: a draw that depends on the window and on when it was looked at.
fn wait(window: &WindowRow, looked: Date) -> i64 {
    let spec = &window.spec;
    let range = spec
        .window
        .map(|range| range.to_string())
        .unwrap_or_default();
    let draw = Sha256::of_parts([
        spec.source.name().as_bytes(),
        spec.court.as_str().as_bytes(),
        spec.bench.as_deref().unwrap_or("").as_bytes(),
        range.as_bytes(),
        looked.to_string().as_bytes(),
    ]);
    let bytes = draw.as_bytes();
    let number = i64::from(u16::from_le_bytes([bytes[0], bytes[1]]));
    COUNT_EARLIEST + number % (COUNT_LATEST - COUNT_EARLIEST + 1)
}

/// Days from `from` to `to`, negative if `to` is earlier.
pub(crate) fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// A proven window, for tests.
#[cfg(test)]
pub(crate) fn proven(range: &str, verified: &str) -> WindowRow {
    use nirnay_model::SourceId;
    use nirnay_store::{WindowSpec, WindowState};

    let at = format!("{verified}T06:00:00Z").parse().ok();
    WindowRow {
        id: 1,
        spec: WindowSpec {
            source: SourceId::EcourtsHc,
            court: "7_26".parse().unwrap(),
            bench: None,
            window: Some(range.parse().unwrap()),
            parent: None,
        },
        state: WindowState::Complete,
        walk: 1,
        first_total: Some(5),
        last_total: Some(5),
        pages_done: 1,
        next_start: 5,
        zero_epochs: 0,
        accepted: 5,
        quarantined: 0,
        repeats: 0,
        attempts: 0,
        next_at: None,
        last_error: None,
        completed_at: at,
        verified_at: at,
        completed_run: Some(1),
        grow_to: None,
        counted_at: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T06:00:00Z").parse().unwrap()
    }

    #[test]
    fn recent_windows_daily_then_weekly_then_counted() {
        let policy = RescanConfig::default();
        let range = "2024-06-03..2024-06-09";
        for (verified, today, expected) in [
            ("2024-06-05", "2024-06-05", None),
            ("2024-06-05", "2024-06-06", Some(Look::Walk)),
            ("2024-06-22", "2024-06-23", Some(Look::Walk)),
            // Proven 14 days after its last day: from then on every week.
            ("2024-06-23", "2024-06-24", None),
            ("2024-06-23", "2024-06-29", None),
            ("2024-06-23", "2024-06-30", Some(Look::Walk)),
            ("2024-09-06", "2024-09-13", Some(Look::Walk)),
            // Proven 90 days after its last day: nothing for most of a year.
            ("2024-09-07", "2024-09-14", None),
            ("2024-09-07", "2025-06-01", None),
            // A crawl that paused for half a year owes the looks of the time.
            ("2024-06-12", "2024-12-20", Some(Look::Walk)),
        ] {
            assert_eq!(
                policy.look(&proven(range, verified), date(today)),
                expected,
                "verified {verified}, today {today}"
            );
        }
    }

    #[test]
    fn old_windows_are_counted_once_a_year_and_not_all_on_one_day() {
        let policy = RescanConfig::default();
        let mut due_on = std::collections::BTreeMap::new();
        for day in 1..=300 {
            let from = date("2020-01-01").saturating_add(jiff::Span::new().days(day * 3));
            let window = proven(&format!("{from}..{from}"), "2024-01-01");
            let due = (1..=400)
                .map(|ahead| date("2024-01-01").saturating_add(jiff::Span::new().days(ahead)))
                .find(|today| policy.look(&window, *today).is_some())
                .unwrap();
            let waited = days(date("2024-01-01"), due);
            assert!((COUNT_EARLIEST..=COUNT_LATEST).contains(&waited));
            *due_on.entry(due).or_insert(0) += 1;
        }
        assert!(due_on.len() > 60, "{}", due_on.len());
        assert!(due_on.values().all(|windows| *windows < 15));
    }

    #[test]
    fn a_count_starts_the_year_anew() {
        let policy = RescanConfig::default();
        let mut window = proven("2020-01-01..2020-12-31", "2021-06-01");
        assert!(matches!(
            policy.look(&window, date("2022-06-02")),
            Some(Look::Count { .. })
        ));
        window.counted_at = Some(at("2022-06-02"));
        assert_eq!(policy.look(&window, date("2022-12-02")), None);
    }

    #[test]
    fn recent_dates_are_cut_on_mondays_and_old_ones_are_not() {
        let policy = RescanConfig::default();
        let cut = |gap: &str, today: &str| -> Vec<String> {
            policy
                .cut(gap.parse().unwrap(), date(today))
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        assert_eq!(
            cut("2023-01-01..2024-06-12", "2024-06-12")[..3],
            [
                "2023-01-01..2024-03-13",
                "2024-03-14..2024-03-17",
                "2024-03-18..2024-03-24"
            ]
        );
        assert_eq!(
            cut("2024-06-06..2024-06-12", "2024-06-12"),
            ["2024-06-06..2024-06-09", "2024-06-10..2024-06-12"]
        );
        assert_eq!(
            cut("2020-01-01..2020-12-31", "2024-06-12"),
            ["2020-01-01..2020-12-31"]
        );
        for (from, today) in [("2024-01-01", "2024-06-12"), ("2024-06-12", "2024-06-12")] {
            let gap: DateWindow = format!("{from}..{today}").parse().unwrap();
            let parts = policy.cut(gap, date(today));
            assert_eq!(
                parts.iter().map(DateWindow::days).sum::<i64>(),
                gap.days(),
                "nothing is left out"
            );
        }
    }

    #[test]
    fn settings_that_cannot_be() {
        for (daily, weekly, cell, good) in [
            (14, 90, 7, true),
            (0, 0, 1, true),
            (30, 14, 7, false),
            (14, 90, 0, false),
            (14, 40_000, 7, false),
        ] {
            let policy = RescanConfig {
                daily_days: daily,
                weekly_days: weekly,
                window_days: cell,
                counts_a_run: 1,
            };
            assert_eq!(policy.objection().is_none(), good);
        }
    }
}
