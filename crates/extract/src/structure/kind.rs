//! What kind of document it is.

use std::ops::Range;
use std::sync::LazyLock;

use nirnay_model::Disposal;

use super::found::Found;
use super::masthead::Masthead;
use super::parts::{Kind, SectionKind};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, lines};

/// An order that leaves the matter pending.
static INTERIM: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:stand\s+over\s+to|s\.o\.\s+to|list\s+(?:this\s+|the\s+)?(?:matter|case|petition|appeal|again|on|after|before|for)\b|list\s+on|re-?notify\s+on|renotify|adjourned\s+to|put\s+up\s+on|put\s+up\s+for|post\s+(?:this\s+|the\s+)?(?:matter|case)?\s*(?:on|after|before)|issue\s+notice|notice\s+returnable|returnable\s+(?:on|by|within)|next\s+date|be\s+listed\s+on|to\s+come\s+up\s+on|call\s+on|ad-?interim|in\s+the\s+meanwhile|in\s+the\s+meantime|till\s+the\s+next\s+date)",
    )
});
static OTHER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?im)^\s*(?:notification|circular|gazette|tender|office\s+order|office\s+memorandum|advertisement|(?:the\s+)?[a-z ,&()]{3,70}\s+(?:rules|act|regulations|bill|ordinance|code|guidelines),?\s*\(?(?:no\.?\s*\d+\s+of\s+)?(?:18|19|20)\d\d\)?\.?|अधिसूचना|राजपत्र|constituent assembly)\s*$",
    )
});

/// A masthead that calls what follows a judgment, by the words beside its dates.
static JUDGMENT_DATED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\bdate\s+of\s+(?:the\s+)?judge?ment\b|\bjudge?ment\s+(?:reserved|pronounced|delivered)\s+on\b",
    )
});

/// What else is known of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    /// How the matter ended, if it says so.
    pub(crate) ended: Option<&'a Found<Disposal>>,
    /// Whether there is a matter at all.
    pub(crate) is_case: bool,
    /// Whether it is a High Court's.
    pub(crate) of_high_court: bool,
}

/// What kind of document it is, by its heading, else by its words.
pub(crate) fn kind(
    zone: &Zone,
    masthead: &Masthead,
    tail: &Zone,
    known: Known<'_>,
) -> Option<Found<Kind>> {
    if let Some(found) = cause_list(zone) {
        return Some(found);
    }
    let proceedings = lines(zone.get(0..masthead.end))
        .find(|(_, line)| words().heading(line) == Some(SectionKind::Proceedings));
    let interim = known
        .ended
        .is_none()
        .then(|| INTERIM.find(tail.text()))
        .flatten();
    if !known.is_case {
        let head = zone
            .text()
            .floor_char_boundary(masthead.end.clamp(600, 4000));
        let found = OTHER.find(zone.get(0..head))?;
        return Some(zone.found(found.range(), Kind::Other, 0.8));
    }
    if let Some((at, line)) = proceedings {
        let span = at..at + line.len();
        return Some(match interim {
            Some(found) => tail.found(found.range(), Kind::InterimOrder, 0.8),
            None => zone.found(span, Kind::Order, 0.85),
        });
    }
    let heading = masthead
        .heading
        .clone()
        .or_else(|| later_heading(zone, masthead.end));
    let Some((kind, span)) = heading else {
        return match interim.filter(|_| known.of_high_court) {
            Some(found) => Some(tail.found(found.range(), Kind::InterimOrder, 0.6)),
            None => unheaded(zone, masthead, known),
        };
    };
    let value = match kind {
        SectionKind::Judgment => Kind::Judgment,
        SectionKind::InterimOrder => Kind::InterimOrder,
        SectionKind::Order => {
            if let Some(found) = interim {
                return Some(tail.found(found.range(), Kind::InterimOrder, 0.75));
            }
            Kind::Order
        }
        _ => {
            return later_heading(zone, masthead.end)
                .map(|(_, span)| zone.found(span, Kind::Judgment, 0.8));
        }
    };
    Some(zone.found(span, value, 0.95))
}

/// High Courts that print no heading (Allahabad, Calcutta, Himachal Pradesh, Jharkhand, Punjab and Haryana) begin with the
/// words of the judge: an order, unless the masthead calls it a judgment. What shows that it is one
/// are the words that end the matter.
fn unheaded(zone: &Zone, masthead: &Masthead, known: Known<'_>) -> Option<Found<Kind>> {
    let ended = known.ended.filter(|_| known.of_high_court)?;
    if let Some(found) = JUDGMENT_DATED.find(zone.get(0..masthead.end)) {
        return Some(zone.found(found.range(), Kind::Judgment, 0.6));
    }
    Some(ended.at_its_place(Kind::Order, 0.6))
}

/// The heading of the judgment behind a masthead that another heading ended (headnotes, issues).
fn later_heading(zone: &Zone, from: usize) -> Option<(SectionKind, Range<usize>)> {
    lines(zone.from(from)).find_map(|(at, line)| {
        let kind = words().heading(line)?;
        matches!(kind, SectionKind::Judgment | SectionKind::Order)
            .then(|| (kind, from + at..from + at + line.len()))
    })
}

fn cause_list(zone: &Zone) -> Option<Found<Kind>> {
    lines(zone.text())
        .take(30)
        .find(|(_, line)| words().heading(line) == Some(SectionKind::CauseList))
        .map(|(at, line)| zone.found(at..at + line.len(), Kind::CauseList, 0.95))
}
