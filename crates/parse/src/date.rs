//! Dates as the portals print them, and which of them can be true.

use jiff::civil::Date;

/// Before this day nothing is listed anywhere: reports go back to the courts of the nineteenth century.
pub(crate) const FIRST: Date = jiff::civil::date(1800, 1, 1);
/// Before this day the High Courts' portal lists nothing.
pub(crate) const FIRST_IN_HIGH_COURTS: Date = jiff::civil::date(1950, 1, 1);

/// Reads `DD-MM-YYYY` (or with slashes): day first, four-digit year.
pub(crate) fn day_first(text: &str) -> Option<Date> {
    let text = text.trim();
    let mut parts = text.split(['-', '/']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(day, 2) || !digits(month, 2) || !digits(year, 4) || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Reads `DD-Mon-YYYY` with an English month name.
pub(crate) fn named_month(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let mut parts = text.trim().split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let month = month.to_ascii_lowercase();
    let month = MONTHS
        .iter()
        .position(|name| month.len() >= 3 && month.starts_with(name))?;
    Date::new(
        year.parse().ok()?,
        i8::try_from(month).ok()? + 1,
        day.parse().ok()?,
    )
    .ok()
}

/// Reads `08th September 2026`: ordinal or plain day, English month name, four-digit year.
pub(crate) fn long(text: &str) -> Option<Date> {
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ordinal = day.strip_prefix(digits)?.to_ascii_lowercase();
    if !matches!(ordinal.as_str(), "" | "st" | "nd" | "rd" | "th") {
        return None;
    }
    named_month(&format!("{digits}-{month}-{year}"))
}

/// Reads a date in any of the forms of the case portals.
pub(crate) fn any(text: &str) -> Option<Date> {
    day_first(text)
        .or_else(|| iso(text.trim()))
        .or_else(|| named_month(text))
        .or_else(|| long(text))
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn iso(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    if shape { text.parse().ok() } else { None }
}

/// Whether a decision of this date can be listed on `today`: not before `first`, at most a day ahead
/// (portal and reader may stand in different time zones).
pub(crate) fn is_possible(date: Date, first: Date, today: Date) -> bool {
    first <= date && date <= today.tomorrow().unwrap_or(Date::MAX)
}

/// Whether one date is the other with day and month in each other's place.
pub(crate) fn are_swapped(one: Date, other: Date) -> bool {
    one != other
        && one.year() == other.year()
        && one.day() == other.month()
        && one.month() == other.day()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn printed_forms() {
        assert_eq!(day_first(" 15-02-2024 "), Some(date(2024, 2, 15)));
        assert_eq!(day_first("5/2/2024"), Some(date(2024, 2, 5)));
        assert_eq!(day_first("01-12-5000"), Some(date(5000, 12, 1)));
        for bad in [
            "",
            "2024-02-15",
            "31-02-2024",
            "00-00-0000",
            "15-02-24",
            "15-02-2024-1",
            "१५-०२-२०२४",
            "+1-02-2024",
        ] {
            assert_eq!(day_first(bad), None, "{bad}");
        }
        assert_eq!(named_month("24-Apr-2026"), Some(date(2026, 4, 24)));
        assert_eq!(named_month("4-SEPTEMBER-2026"), Some(date(2026, 9, 4)));
        assert_eq!(named_month("24-Xxx-2026"), None);
        assert_eq!(long(" 08th  September 2026"), Some(date(2026, 9, 8)));
        assert_eq!(any("1st Jan 2026"), Some(date(2026, 1, 1)));
        assert_eq!(long("Next Date is not given"), None);
        assert_eq!(long("31st June 2026"), None);
        assert_eq!(iso("2024-02-29"), Some(date(2024, 2, 29)));
        assert_eq!(
            (iso("2024-02-30"), iso("20240229"), iso("2024-2-029")),
            (None, None, None)
        );
    }

    #[test]
    fn the_edges_of_the_possible() {
        let today = date(2026, 11, 21);
        for (day, possible) in [
            (date(1800, 1, 1), true),
            (date(1799, 12, 31), false),
            (date(2026, 11, 22), true),
            (date(2026, 11, 23), false),
        ] {
            assert_eq!(is_possible(day, FIRST, today), possible, "{day}");
        }
        assert!(is_possible(Date::MAX, FIRST, Date::MAX));
        assert!(!is_possible(
            date(1949, 12, 31),
            FIRST_IN_HIGH_COURTS,
            today
        ));
    }

    #[test]
    fn days_that_are_months() {
        assert!(are_swapped(date(2024, 3, 4), date(2024, 4, 3)));
        assert!(!are_swapped(date(2024, 3, 3), date(2024, 3, 3)));
        assert!(!are_swapped(date(2024, 3, 4), date(2023, 4, 3)));
        assert!(!are_swapped(date(2024, 3, 14), date(2024, 4, 3)));
    }
}
