//! Dates with the words that say which they are.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::found::Found;
use super::parts::{DateKind, Dates};
use super::pattern::Pattern;
use super::words::words;
use super::zone::Zone;

/// How far before a date its label may begin, in bytes.
const LABEL_REACH: usize = 90;

/// The date under the signatures stands within this much of the end, in bytes.
const FOOT: usize = 2_500;

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
    /// Whether its label begins its line.
    pub(crate) caption: bool,
}

/// All dates of the even text of `zone` within `range`.
pub(crate) fn all(zone: &Zone, range: Range<usize>) -> Vec<Dated> {
    let from = range.start;
    let text = zone.get(range);
    let mut dates = Vec::new();
    for found in words().date.captures_iter(text) {
        let group = |name: &str| found.name(name);
        let (Some(day), Some(month), Some(year)) = (
            group("d1").or(group("d2")).or(group("d3")).or(group("d4")),
            group("m1").or(group("m2")).or(group("m3")).or(group("m4")),
            group("y1").or(group("y2")).or(group("y3")).or(group("y4")),
        ) else {
            continue;
        };
        let Some(date) = date_of(day.as_str(), month.as_str(), year.as_str()) else {
            continue;
        };
        let start = day.start().min(month.start());
        let end = year.end();
        let label = label(text, start);
        // Jharkhand's orders begin "05/12.03.2025", the number of the order before its date.
        let begins_order = group("d4").is_some()
            && found
                .get(0)
                .is_some_and(|all| begins_line(text, all.start()));
        dates.push(Dated {
            date,
            kind: label.as_ref().map(|label| label.kind),
            caption: label.as_ref().is_some_and(|label| label.caption),
            span: from + start..from + end,
            whole: from + label.map_or(start, |label| label.start)..from + end,
            alone: begins_order || is_alone(text, start, end),
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

/// What stands before a date and says which it is.
struct Label {
    kind: DateKind,
    start: usize,
    /// Whether it begins its line.
    caption: bool,
}

/// The label before `at`.
fn label(text: &str, at: usize) -> Option<Label> {
    let from = text.ceil_char_boundary(at.saturating_sub(LABEL_REACH));
    let before = text.get(from..at)?;
    let found = words().date_label.captures(before)?;
    let label = found.get(1)?;
    let kind = words().date_kind(label.as_str())?;
    // "the order dated 1.2.2003" is another order's date.
    let earlier = before.get(..label.start()).unwrap_or("");
    let is_caption =
        earlier.trim_end_matches(' ').is_empty() || earlier.trim_end_matches(' ').ends_with('\n');
    let is_apart = is_caption || earlier.trim_end().ends_with(|c: char| !c.is_alphabetic());
    // A note's figure may stand behind the word: `notification4 dated 30 January 1992`.
    let earlier = earlier
        .trim_end()
        .trim_end_matches(|c: char| c.is_ascii_digit());
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
    let named = label.as_str().to_lowercase();
    // In a sentence a word for "date" says nothing of the decision; scripts without capitals tell a caption by its place.
    let is_bare = named == "dated" || (!named.is_ascii() && !named.contains(' '));
    if is_bare && !is_capital && !is_apart {
        return None;
    }
    // "the judgment dated" of another court; as a caption it begins its line.
    if !is_caption && (named.contains("order dated") || named.contains("judgment dated")) {
        return None;
    }
    Some(Label {
        kind,
        start: from + label.start(),
        caption: is_caption,
    })
}

/// Whether nothing stands before `at`, or before the character at it, on its line.
fn begins_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let here = text.get(at..).unwrap_or("");
    before.is_empty() || before.ends_with('\n') || here.starts_with('\n')
}

/// What leads to a date that has its line for itself: `TUESDAY, THE 12TH DAY OF AUGUST 2025`, `ON THE 12th OF MARCH, 2025`.
static LEAD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s?,?(?:\s(?i:this))?(?:\s(?i:the))?|ON\s(?:THIS\s)?THE)\s*$",
    )
});
/// The heading of an order among those of its case: `Order No. 12 dated 05.03.2024`.
static ORDER_LEAD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:Order|ORDER)\s(?i:no)\s?\.?\s?\d{1,4}\s?,?\s(?i:dated|dt\s?\.?)(?:\s(?i:the))?\s*$",
    )
});
/// The same day of the Saka era, which Kerala prints behind it.
static SAKA: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?i)^\s?/\s?\d{1,2}\s?(?:st|nd|rd|th)?\s[a-z]{4,12}\s?,\s?\d{4}\s*$")
});

/// Whether the line of a date holds nothing else but a place, a court or initials.
fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let rest = text.get(end..).unwrap_or("").split('\n').next();
    let rest = rest.filter(|rest| !SAKA.is_match(rest)).unwrap_or("");
    let is_heading = || {
        let above = before.get(..before.len() - line.len()).unwrap_or("");
        ORDER_LEAD.is_match(line) && !ends_in_sentence(above)
    };
    if LEAD.is_match(line) || is_heading() {
        return !rest.chars().any(char::is_alphabetic);
    }
    if line.trim().is_empty() && is_in_sentence(before) {
        return false;
    }
    let letters = |piece: &str| piece.chars().filter(|c| c.is_alphabetic()).count();
    (line.is_empty() || letters(line) == 0 || line.trim_end().ends_with([';', ',', ':']))
        && letters(line) <= 16
        && (letters(rest) == 0 || (rest.starts_with(['/', ' ']) && letters(rest) <= 6))
}

/// Whether the line above the one that `before` begins stops within a sentence: `agreement dated / 3.4.1997`.
fn is_in_sentence(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or("");
    [
        "dated", "on", "of", "the", "from", "to", "till", "by", "and", "since", "w.e.f.", "in",
        "is", "until",
    ]
    .contains(&last)
}

/// Whether a text stops in the middle of a sentence: its last word begins with a small letter and has no stop behind it.
fn ends_in_sentence(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or("");
    last.starts_with(char::is_lowercase) && last.ends_with(char::is_alphabetic)
}

/// What a date of decision must agree with.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bounds {
    /// The last year in which a matter of the document was registered.
    pub(crate) registered: Option<u16>,
    /// When it was instituted.
    instituted: Option<Date>,
}

impl Bounds {
    pub(crate) fn registered(year: Option<u16>) -> Self {
        Self {
            registered: year,
            instituted: None,
        }
    }

    /// Nothing is decided before it is brought.
    fn admit(self, date: Date) -> bool {
        self.registered
            .is_none_or(|year| date.year().unsigned_abs() >= year)
            && self.instituted.is_none_or(|instituted| date > instituted)
    }
}

/// The dates of a judgment: those labelled in the masthead, and those that stand alone at its start
/// or its end.
pub(crate) fn read(
    zone: &Zone,
    masthead: &[Dated],
    tail: &Zone,
    last: &[Dated],
    title: Option<&Dated>,
    mut bounds: Bounds,
) -> Dates {
    bounds.instituted = masthead
        .iter()
        .find(|dated| dated.kind == Some(DateKind::Institution))
        .map(|dated| dated.date);
    let title = title.filter(|dated| bounds.admit(dated.date));
    let mut dates = Dates {
        decision: title.map(|dated| zone.found(dated.span.clone(), dated.date, 0.9)),
        ..Dates::default()
    };
    for dated in masthead {
        if let Some(kind) = dated.kind {
            let is_end = matches!(kind, DateKind::Decision | DateKind::Pronounced);
            if is_end && !bounds.admit(dated.date) {
                continue;
            }
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
        dates.decision = unlabelled(zone, masthead, tail, last, bounds);
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

fn unlabelled(
    zone: &Zone,
    masthead: &[Dated],
    tail: &Zone,
    last: &[Dated],
    bounds: Bounds,
) -> Option<Found<Date>> {
    let alone = |dated: &&Dated| dated.alone && bounds.admit(dated.date);
    if let Some(dated) = masthead.iter().find(alone) {
        return Some(zone.found(dated.span.clone(), dated.date, 0.85));
    }
    // The signature's date: "New Delhi; / May 1, 2024."
    let foot = tail.text().len().saturating_sub(FOOT);
    last.iter()
        .rev()
        .take_while(|dated| dated.span.start >= foot)
        .find(|dated| {
            let labelled = dated.caption && dated.kind == Some(DateKind::Decision);
            (dated.alone || labelled) && bounds.admit(dated.date)
        })
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
