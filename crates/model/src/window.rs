//! Ranges of decision dates: the unit of work of a walk.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A range of decision dates, both ends included, as the portals' own filter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DateWindow {
    from: Date,
    to: Date,
}

/// How [`DateWindow::split`] cut a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Split {
    /// Two or more windows that cover the same days, in order, without overlap.
    Into(Vec<DateWindow>),
    /// The window is one day; a narrower search needs another filter (the bench).
    OneDay,
}

impl DateWindow {
    /// The days from `from` to `to`, both included.
    pub fn new(from: Date, to: Date) -> Result<Self, ParseError> {
        if from > to {
            return Err(ParseError::new(
                "date window",
                &format!("{from}..{to}"),
                "it ends before it begins",
            ));
        }
        Ok(Self { from, to })
    }

    /// The first day.
    pub fn from(&self) -> Date {
        self.from
    }

    /// The last day.
    pub fn to(&self) -> Date {
        self.to
    }

    /// The number of days, at least 1.
    pub fn days(&self) -> i64 {
        i64::from((self.to - self.from).get_days()) + 1
    }

    /// Whether `day` lies in the window.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Cuts the window at the coarsest calendar boundary inside it: several years into years, several
    /// months into months, more than a week into weeks, otherwise into days.
    pub fn split(&self) -> Split {
        if self.from == self.to {
            return Split::OneDay;
        }
        let same_year = self.from.year() == self.to.year();
        let same_month = same_year && self.from.month() == self.to.month();
        let mut parts = Vec::new();
        let mut start = self.from;
        while start <= self.to {
            let end = if !same_year {
                start.last_of_year()
            } else if !same_month {
                start.last_of_month()
            } else if self.days() > 7 {
                start.saturating_add(jiff::Span::new().days(6))
            } else {
                start
            };
            let end = end.min(self.to);
            parts.push(Self {
                from: start,
                to: end,
            });
            match end.tomorrow() {
                Ok(next) => start = next,
                Err(_) => break,
            }
        }
        Split::Into(parts)
    }
}

impl fmt::Display for DateWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

impl FromStr for DateWindow {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bad = |why| ParseError::new("date window", text, why);
        let (from, to) = text.split_once("..").ok_or_else(|| bad("needs FROM..TO"))?;
        let from = from
            .parse()
            .map_err(|_| bad("the first date is not YYYY-MM-DD"))?;
        let to = to
            .parse()
            .map_err(|_| bad("the last date is not YYYY-MM-DD"))?;
        Self::new(from, to)
    }
}

impl From<DateWindow> for String {
    fn from(window: DateWindow) -> Self {
        window.to_string()
    }
}

impl TryFrom<String> for DateWindow {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> DateWindow {
        text.parse().unwrap()
    }

    fn parts(text: &str) -> Vec<String> {
        match window(text).split() {
            Split::Into(parts) => parts.iter().map(ToString::to_string).collect(),
            Split::OneDay => vec![],
        }
    }

    #[test]
    fn splits_at_the_coarsest_boundary() {
        assert_eq!(parts("2022-11-15..2024-01-02").len(), 3);
        assert_eq!(
            parts("2024-01-15..2024-03-02"),
            [
                "2024-01-15..2024-01-31",
                "2024-02-01..2024-02-29",
                "2024-03-01..2024-03-02"
            ]
        );
        assert_eq!(parts("2024-02-01..2024-02-29").len(), 5);
        assert_eq!(parts("2024-02-01..2024-02-03").len(), 3);
        assert_eq!(window("2024-02-01..2024-02-01").split(), Split::OneDay);
    }

    #[test]
    fn parts_cover_the_whole_without_overlap() {
        for text in [
            "1950-01-01..2026-11-21",
            "2024-02-01..2024-02-29",
            "0001-01-01..1949-12-31",
            "2026-12-31..9999-12-31",
        ] {
            let whole = window(text);
            let Split::Into(parts) = whole.split() else {
                panic!("{text}")
            };
            assert_eq!(
                parts.iter().map(DateWindow::days).sum::<i64>(),
                whole.days()
            );
            assert!(
                parts
                    .windows(2)
                    .all(|pair| pair[0].to().tomorrow().unwrap() == pair[1].from())
            );
            assert!(parts.len() > 1);
        }
    }

    #[test]
    fn refuses_a_backward_range() {
        assert!("2024-02-02..2024-02-01".parse::<DateWindow>().is_err());
    }
}
