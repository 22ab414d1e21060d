//! The text of an entry: parties, case number, diary number, date, time of upload.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;
use nirnay_model::CaseNumber;

use crate::{date, versus};

/// Cuts that are looked at: a case number holds one ` - ` at most, and a long text has thousands.
const MOST_CUTS: usize = 8;
/// Indian Standard Time, seconds east of Greenwich.
const IST: i32 = 5 * 3600 + 30 * 60;

/// What the text of the link says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) title: String,
    pub(super) case_number: Option<String>,
    pub(super) diary: Option<String>,
    pub(super) date: String,
    pub(super) uploaded: Option<String>,
}

impl Printed {
    /// Reads from the right: names of parties may hold ` - ` themselves.
    pub(super) fn read(words: &str) -> Self {
        let (rest, uploaded) = match words.rsplit_once("(Uploaded On") {
            Some((rest, uploaded)) => {
                (rest, Some(uploaded.trim_end_matches(')').trim().to_owned()))
            }
            None => (words, None),
        };
        let rest = rest.trim().trim_end_matches('-').trim_end();
        let (rest, date) = match rest.rsplit_once(" - ") {
            Some((rest, date)) if date::named_month(date).is_some() => {
                (rest, date.trim().to_owned())
            }
            None if date::named_month(rest).is_some() => ("", rest.to_owned()),
            _ => (rest, String::new()),
        };
        let (rest, diary) = match rest.rsplit_once(" - Diary Number") {
            Some((rest, diary)) => (rest, Some(diary)),
            None => (rest, None),
        };
        let (title, case_number) = split_case(rest);
        Self {
            title: title.trim_end_matches(['-', ' ']).trim_start().to_owned(),
            case_number: case_number.map(|case| case.trim().to_owned()),
            diary: diary.map(|diary| diary.split_whitespace().collect()),
            date,
            uploaded,
        }
    }
}

/// Cuts the case number off the parties: the shortest tail behind one of the last ` - ` that reads as one,
/// else the last tail without a `VS.`.
fn split_case(text: &str) -> (&str, Option<&str>) {
    let cuts: Vec<(&str, &str)> = text
        .rmatch_indices(" - ")
        .take(MOST_CUTS)
        .filter_map(|(at, dash)| Some((text.get(..at)?, text.get(at + dash.len()..)?)))
        .collect();
    let is_case = |tail: &&str| {
        let first = tail.split(',').next().unwrap_or(tail);
        first
            .parse::<CaseNumber>()
            .is_ok_and(|case| case.case_type.bytes().any(|b| b.is_ascii_alphabetic()))
    };
    let read = cuts.iter().find(|(_, tail)| is_case(tail));
    let has_parties = |tail: &str| versus::split(tail).first.is_some();
    let guess = || {
        cuts.first()
            .filter(|(head, tail)| has_parties(head) && !has_parties(tail))
    };
    match read.or_else(guess) {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    }
}

/// Reads `24-04-2026 17:22:34`, Indian Standard Time.
pub(super) fn uploaded(printed: &str) -> Option<Timestamp> {
    let (day, time) = printed.trim().split_once(' ')?;
    let time: Time = time.trim().parse().ok()?;
    let at = DateTime::from_parts(date::day_first(day)?, time);
    Offset::from_seconds(IST).ok()?.to_timestamp(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_links() {
        for (words, title, case, diary, date) in [
            (
                "A VS. B - C.A. No. 12/2026 - Diary Number 1234 / 2025 - 24-Apr-2026 (Uploaded On 24-04-2026 17:22:34)",
                "A VS. B",
                Some("C.A. No. 12/2026"),
                Some("1234/2025"),
                "24-Apr-2026",
            ),
            (
                "A - X UNIT VS. B - C - SLP(C) No. 1-2/2024 - Diary Number 1 / 2024 - 01-Jan-2024",
                "A - X UNIT VS. B - C",
                Some("SLP(C) No. 1-2/2024"),
                Some("1/2024"),
                "01-Jan-2024",
            ),
            (
                "A VS. B - C.A. No.-004292-004292 - 2002 - Diary Number 1 / 2002 - 01-Jan-2024",
                "A VS. B",
                Some("C.A. No.-004292-004292 - 2002"),
                Some("1/2002"),
                "01-Jan-2024",
            ),
            (
                "A VS. B - - Diary Number 1 / 2002 - 01-Jan-2024",
                "A VS. B",
                None,
                Some("1/2002"),
                "01-Jan-2024",
            ),
            (
                "A VS. B - MISC - Diary Number 1 / 2002 - 01-Jan-2024",
                "A VS. B",
                Some("MISC"),
                Some("1/2002"),
                "01-Jan-2024",
            ),
            (
                "IN RE - SOMETHING - 01-Jan-2024",
                "IN RE - SOMETHING",
                None,
                None,
                "01-Jan-2024",
            ),
            ("A VS. B", "A VS. B", None, None, ""),
            ("01-Jan-2024", "", None, None, "01-Jan-2024"),
        ] {
            let printed = Printed::read(words);
            assert_eq!(
                (
                    printed.title.as_str(),
                    printed.case_number.as_deref(),
                    printed.diary.as_deref(),
                    printed.date.as_str()
                ),
                (title, case, diary, date),
                "{words}"
            );
        }
    }

    #[test]
    fn upload_times_are_indian() {
        assert_eq!(
            uploaded("24-04-2026 17:22:34").unwrap().to_string(),
            "2026-04-24T11:52:34Z"
        );
        for bad in ["", "24-04-2026", "24-04-2026 25:00:00", "x y"] {
            assert_eq!(uploaded(bad), None, "{bad}");
        }
    }
}
