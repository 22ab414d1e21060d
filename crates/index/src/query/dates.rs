//! Dates and spans of time in a query.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Days from the first to the last, both included; open where there is none.
pub(crate) type Days = (Option<Date>, Option<Date>);

/// What a person may write for a date, for hints.
pub(crate) const FORMS: &str =
    "write 2020, 2020-05, 2020-05-17, 2020-01-01..2021, or \"past 30 days\"";

/// Whether `text` is a range that ends before it begins.
pub(crate) fn is_backwards(text: &str, today: Date) -> bool {
    text.split_once("..").is_some_and(|(from, to)| {
        let days = |text: &str| period(text.trim(), today);
        matches!((days(from), days(to)), (Some(from), Some(to)) if from.0 > to.1)
    })
}

/// The days that `text` names; `None` if it names none.
///
/// `2020`, `2020-05`, `2020-05-17` and `17-05-2020` (also with `/` or `.`) are periods; `A..B` goes from the first
/// day of A to the last of B, either may be missing. Relative: `today`, `yesterday`, `this month`, `last year`,
/// `past 30 days`, `last 2 weeks`; these end today, except that `last week`, `last month` and `last year` are whole
/// calendar periods.
pub(crate) fn days(text: &str, today: Date) -> Option<Days> {
    let text = text.trim();
    if let Some((from, to)) = text.split_once("..") {
        let from = from.trim();
        let to = to.trim();
        let first = (!from.is_empty())
            .then(|| period(from, today))
            .map_or(Some(None), |days| days.map(|days| Some(days.0)))?;
        let last = (!to.is_empty())
            .then(|| period(to, today))
            .map_or(Some(None), |days| days.map(|days| Some(days.1)))?;
        let in_order = match (first, last) {
            (None, None) => false,
            (Some(first), Some(last)) => first <= last,
            _ => true,
        };
        return in_order.then_some((first, last));
    }
    period(text, today).map(|(first, last)| (Some(first), Some(last)))
}

fn period(text: &str, today: Date) -> Option<(Date, Date)> {
    absolute(text).or_else(|| relative(&text.to_lowercase(), today))
}

fn absolute(text: &str) -> Option<(Date, Date)> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let number = |text: &&str| {
        let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<i16>().ok()).flatten()
    };
    let numbers: Vec<i16> = parts.iter().map(number).collect::<Option<_>>()?;
    let is_year = |year: i16| (1_800..=2_199).contains(&year);
    let small = |number: i16| i8::try_from(number).ok();
    match numbers.as_slice() {
        [year] if is_year(*year) => {
            Some((Date::new(*year, 1, 1).ok()?, Date::new(*year, 12, 31).ok()?))
        }
        [year, month] if is_year(*year) => month_of(*year, small(*month)?),
        [month, year] if is_year(*year) => month_of(*year, small(*month)?),
        [year, month, day] if is_year(*year) => {
            Date::new(*year, small(*month)?, small(*day)?).ok().map(one)
        }
        [day, month, year] if is_year(*year) => {
            Date::new(*year, small(*month)?, small(*day)?).ok().map(one)
        }
        _ => None,
    }
}

/// A day as a range.
fn one(day: Date) -> (Date, Date) {
    (day, day)
}

fn month_of(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

fn relative(text: &str, today: Date) -> Option<(Date, Date)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let back = |span: Span| today.checked_sub(span).ok();
    match words.as_slice() {
        ["today"] => Some(one(today)),
        ["yesterday"] => back(1.day()).map(one),
        ["this", "week"] => Some((week_of(today)?, today)),
        ["this", "month"] => Some((today.first_of_month(), today)),
        ["this", "year"] => Some((today.first_of_year(), today)),
        ["last", "week"] => {
            let end = week_of(today)?.yesterday().ok()?;
            Some((week_of(end)?, end))
        }
        ["last", "month"] => {
            let end = today.first_of_month().yesterday().ok()?;
            Some((end.first_of_month(), end))
        }
        ["last", "year"] => {
            let end = today.first_of_year().yesterday().ok()?;
            Some((end.first_of_year(), end))
        }
        ["past" | "last", unit @ ("day" | "week" | "month" | "year")] => {
            Some((back(span(1, unit)?)?, today))
        }
        ["past" | "last", number, unit] => {
            let number: i32 = number
                .parse()
                .ok()
                .filter(|number| (1..=40_000).contains(number))?;
            Some((back(span(number, unit)?)?, today))
        }
        _ => None,
    }
}

/// The Monday of a day's week.
fn week_of(day: Date) -> Option<Date> {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(since.days()).ok()
}

fn span(number: i32, unit: &str) -> Option<Span> {
    let span = Span::new();
    match unit {
        "day" | "days" => span.try_days(number).ok(),
        "week" | "weeks" => span.try_weeks(number).ok(),
        "month" | "months" => span.try_months(number).ok(),
        "year" | "years" => span.try_years(number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let today: Date = "2026-11-30".parse().unwrap();
        for (text, expected) in [
            ("2020", "2020-01-01 2020-12-31"),
            ("2020-02", "2020-02-01 2020-02-29"),
            ("02/2020", "2020-02-01 2020-02-29"),
            ("2020-05-17", "2020-05-17 2020-05-17"),
            ("17.05.2020", "2020-05-17 2020-05-17"),
            ("2020-01-01..2021", "2020-01-01 2021-12-31"),
            ("2020..", "2020-01-01 -"),
            ("..2020-03", "- 2020-03-31"),
            ("past 30 days", "2026-10-31 2026-11-30"),
            ("Past 1 year", "2025-11-30 2026-11-30"),
            ("last 2 weeks", "2026-11-16 2026-11-30"),
            ("past month", "2026-10-30 2026-11-30"),
            ("last month", "2026-10-01 2026-10-31"),
            ("last year", "2025-01-01 2025-12-31"),
            ("this week", "2026-11-30 2026-11-30"),
            ("last week", "2026-11-23 2026-11-29"),
            ("this year", "2026-01-01 2026-11-30"),
            ("today", "2026-11-30 2026-11-30"),
            ("yesterday", "2026-11-29 2026-11-29"),
        ] {
            let show = |day: Option<Date>| day.map_or("-".to_owned(), |day| day.to_string());
            let (from, to) = days(text, today).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(format!("{} {}", show(from), show(to)), expected, "{text}");
        }
        for text in [
            "",
            "..",
            "x",
            "2020-13",
            "2021..2020",
            "31-02-2021",
            "past days",
            "past 0 days",
            "past 99999 years",
            "20200517",
            "१",
            "2020--05",
            "a..2020",
        ] {
            assert_eq!(days(text, today), None, "{text}");
            assert_eq!(is_backwards(text, today), text == "2021..2020", "{text}");
        }
    }
}
