//! Days since 1970-01-01 and the forms in which portals print dates.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

const EPOCH: Date = date(1970, 1, 1);

/// The day number of a date.
pub(crate) fn number(day: Date) -> i32 {
    (day - EPOCH).get_days()
}

/// The date of a day number; the nearest one that exists.
pub(crate) fn from_number(number: i32) -> Date {
    EPOCH.saturating_add(number.days())
}

/// The day number of a moment, in India.
pub(crate) fn of_moment(moment: jiff::Timestamp) -> i32 {
    crate::schedule::day_of(moment)
}

/// `15-02-2024`.
pub(crate) fn dashed(day: Date) -> String {
    format!("{:02}-{:02}-{:04}", day.day(), day.month(), day.year())
}

/// Reads `15-02-2024`; `None` if it is no date.
pub(crate) fn read_dashed(text: &str) -> Option<Date> {
    let mut parts = text.trim().split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `24-Apr-2026`.
pub(crate) fn named(day: Date) -> String {
    format!(
        "{:02}-{}-{:04}",
        day.day(),
        month_short(day.month()),
        day.year()
    )
}

/// Reads `24-Apr-2026`.
pub(crate) fn read_named(text: &str) -> Option<Date> {
    let mut parts = text.trim().split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = (1..=12).find(|m| month_short(*m).eq_ignore_ascii_case(month))?;
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn month_short(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    NAMES.get((month - 1) as usize).copied().unwrap_or("Jan")
}

/// `February 8, 1995`.
pub(crate) fn in_words(day: Date) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = NAMES
        .get((day.month() - 1) as usize)
        .copied()
        .unwrap_or("January");
    format!("{month} {}, {}", day.day(), day.year())
}

/// The days on which courts sit between two dates, both included: no week-ends, no national
/// holidays.
pub(crate) fn working_days(from: Date, to: Date) -> Vec<i32> {
    (number(from)..=number(to))
        .filter(|n| {
            let day = from_number(*n);
            let holiday = matches!(
                (day.month(), day.day()),
                (1, 26) | (8, 15) | (10, 2) | (12, 25)
            );
            !holiday && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_both_ways() {
        let day = date(2024, 2, 15);
        assert_eq!(from_number(number(day)), day);
        assert_eq!(read_dashed(&dashed(day)), Some(day));
        assert_eq!(read_named(&named(day)), Some(day));
        assert_eq!(read_dashed("31-02-2024"), None);
        assert_eq!(read_dashed("1-2-24"), None);
    }

    #[test]
    fn courts_rest_on_sundays_and_republic_day() {
        let days = working_days(date(2024, 1, 22), date(2024, 1, 28));
        assert_eq!(days.len(), 4);
    }
}
