//! Dates with the words that say which they are.

use std::ops::Range;

use jiff::civil::Date;

use super::found::Found;
use super::parts::{DateKind, Dates};
use super::words::words;
use super::zone::Zone;

/// How far before a date its label may begin, in bytes.
const LABEL_REACH: usize = 90;

/// A date of the even text.
#[derive(Debug, Clone)]
pub(crate) struct Dated {
    pub(crate) date: Date,
    pub(crate) kind: Option<DateKind>,
    /// The date alone.
    pub(crate) span: Range<usize>,
    /// The date with its label.
    pub(crate) whole: Range<usize>,
    /// Whether nothing else stands on its line but a place.
    pub(crate) alone: bool,
}

/// All dates of the even text of `zone` within `range`.
pub(crate) fn all(zone: &Zone, range: Range<usize>) -> Vec<Dated> {
    let from = range.start;
    let text = zone.get(range);
    let mut dates = Vec::new();
    for found in words().date.captures_iter(text) {
        let group = |name: &str| found.name(name);
        let (Some(day), Some(month), Some(year)) = (
            group("d1").or(group("d2")).or(group("d3")),
            group("m1").or(group("m2")).or(group("m3")),
            group("y1").or(group("y2")).or(group("y3")),
        ) else {
            continue;
        };
        let Some(date) = date_of(day.as_str(), month.as_str(), year.as_str()) else {
            continue;
        };
        let start = day.start().min(month.start());
        let end = year.end();
        let label = label(text, start);
        dates.push(Dated {
            date,
            kind: label.as_ref().map(|(kind, _)| *kind),
            span: from + start..from + end,
            whole: from + label.map_or(start, |(_, at)| at)..from + end,
            alone: is_alone(text, start, end),
        });
    }
    dates
}

fn date_of(day: &str, month: &str, year: &str) -> Option<Date> {
    let month = month.parse().ok().or_else(|| words().month(month))?;
    let short = year.len() == 2;
    let year: i16 = year.parse().ok()?;
    let year = match (short, year) {
        (true, 0..50) => 2000 + year,
        (true, _) => 1900 + year,
        _ => year,
    };
    if !(1850..=2100).contains(&year) {
        return None;
    }
    Date::new(year, month, day.parse().ok()?).ok()
}

/// The label before `at` and where it begins.
fn label(text: &str, at: usize) -> Option<(DateKind, usize)> {
    let from = text.ceil_char_boundary(at.saturating_sub(LABEL_REACH));
    let before = text.get(from..at)?;
    let found = words().date_label.captures(before)?;
    let label = found.get(1)?;
    let kind = words().date_kind(label.as_str())?;
    // "the order dated 1.2.2003" is another order's date.
    let earlier = before.get(..label.start()).unwrap_or("");
    let is_caption =
        earlier.trim_end_matches(' ').is_empty() || earlier.trim_end_matches(' ').ends_with('\n');
    let earlier = earlier.trim_end().to_lowercase();
    let quoted = [
        "order",
        "orders",
        "judgment",
        "judgement",
        "letter",
        "impugned",
        "notification",
        "award",
        "decree",
        "the",
        "agreement",
        "deed",
        "circular",
        "resolution",
        "report",
        "fir",
        "notice",
        "memo",
        "certificate",
        "proceedings",
        "g.o.",
        "application",
    ];
    let is_short = matches!(
        label.as_str().to_lowercase().as_str(),
        "dated" | "date" | "dt" | "dated the" | "order dated" | "judgment dated" | "filed on"
    );
    let is_capital = label.as_str().starts_with(char::is_uppercase);
    if is_short && !(is_caption && is_capital) && quoted.iter().any(|word| earlier.ends_with(word))
    {
        return None;
    }
    // "the judgment dated" of another court; as a caption it begins its line.
    let named = label.as_str().to_lowercase();
    if !is_caption && (named.contains("order dated") || named.contains("judgment dated")) {
        return None;
    }
    Some((kind, from + label.start()))
}

/// Whether the line of a date holds nothing else but a place, a court or initials.
fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let after = text.get(end..).unwrap_or("");
    let rest = after.split('\n').next().unwrap_or("");
    let letters = |piece: &str| piece.chars().filter(|c| c.is_alphabetic()).count();
    (line.is_empty() || letters(line) == 0 || line.trim_end().ends_with([';', ',', ':']))
        && letters(line) <= 16
        && (letters(rest) == 0 || (rest.starts_with(['/', ' ']) && letters(rest) <= 6))
}

/// The dates of a judgment: those labelled in the masthead, and those that stand alone at its start
/// or its end.
pub(crate) fn read(
    zone: &Zone,
    masthead: &[Dated],
    tail: &Zone,
    last: &[Dated],
    title: Option<&Dated>,
) -> Dates {
    let mut dates = Dates {
        decision: title.map(|dated| zone.found(dated.span.clone(), dated.date, 0.9)),
        ..Dates::default()
    };
    for dated in masthead {
        if let Some(kind) = dated.kind {
            let slot = slot(&mut dates, kind);
            if slot.is_none() {
                *slot = Some(zone.found(dated.span.clone(), dated.date, 0.95));
            }
        }
    }
    if dates.decision.is_none() {
        dates.decision = dates.pronounced.clone();
    }
    if dates.decision.is_none() {
        dates.decision = unlabelled(zone, masthead, tail, last);
    }
    dates
}

fn slot(dates: &mut Dates, kind: DateKind) -> &mut Option<Found<Date>> {
    match kind {
        DateKind::Institution => &mut dates.institution,
        DateKind::Hearing => &mut dates.hearing,
        DateKind::Reserved => &mut dates.reserved,
        DateKind::Pronounced => &mut dates.pronounced,
        DateKind::Decision => &mut dates.decision,
    }
}

fn unlabelled(zone: &Zone, masthead: &[Dated], tail: &Zone, last: &[Dated]) -> Option<Found<Date>> {
    if let Some(dated) = masthead.iter().find(|dated| dated.alone) {
        return Some(zone.found(dated.span.clone(), dated.date, 0.85));
    }
    // The signature's date: "New Delhi; / May 1, 2024."
    last.iter()
        .rev()
        .find(|dated| dated.alone || dated.kind == Some(DateKind::Decision))
        .map(|dated| {
            tail.found(
                dated.span.clone(),
                dated.date,
                if dated.alone { 0.9 } else { 0.8 },
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nirnay_model::PageText;

    fn kinds(text: &str) -> Vec<(Option<DateKind>, String, bool)> {
        let page = PageText {
            page: 1,
            text: text.to_owned(),
            ..PageText::default()
        };
        let zone = Zone::head([&page].into_iter(), 10_000, 1.0);
        all(&zone, 0..zone.text().len())
            .into_iter()
            .map(|dated| (dated.kind, dated.date.to_string(), dated.alone))
            .collect()
    }

    #[test]
    fn labels_and_forms() {
        use DateKind::{Decision, Institution, Pronounced, Reserved};
        for (text, kind, date) in [
            (
                "DATED THIS THE 12th DAY OF MARCH, 2024",
                Some(Decision),
                "2024-03-12",
            ),
            ("Date : 27/08/2020", Some(Decision), "2020-08-27"),
            ("% 15.04.2024", Some(Decision), "2024-04-15"),
            (
                "Reserved on : 18th August , 2008",
                Some(Reserved),
                "2008-08-18",
            ),
            (
                "Date of pronouncement : 26\u{ad}09\u{ad}2014",
                Some(Pronounced),
                "2014-09-26",
            ),
            (
                "DATE OF DECISION : 9 -11-2009.",
                Some(Decision),
                "2009-11-09",
            ),
            (
                "Date of Institution: 04.06.2014",
                Some(Institution),
                "2014-06-04",
            ),
            ("दिनांक 14.01.2015", Some(Decision), "2015-01-14"),
            ("the impugned order dated 1.2.2003 was", None, "2003-02-01"),
            ("02 April 2024", None, "2024-04-02"),
        ] {
            let got = kinds(text);
            assert_eq!(got.len(), 1, "{text}: {got:?}");
            assert_eq!((got[0].0, got[0].1.as_str()), (kind, date), "{text}");
        }
    }

    #[test]
    fn dates_alone() {
        assert!(kinds("New Delhi;\nMay 01, 2024.")[0].2);
        assert!(kinds("NEW DELHI; MAY 01, 2024.")[0].2);
        assert!(kinds("APRIL 15, 2024/r")[0].2);
        assert!(!kinds("On May 01, 2024 the accused")[0].2);
        assert!(kinds("31/13/2024").is_empty());
        assert!(kinds("No. 12.5.1 of").is_empty());
    }
}
