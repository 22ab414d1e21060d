//! How a judgment ended, what kind of document it is, whether it is for the reports.

use std::ops::Range;
use std::sync::LazyLock;

use nirnay_model::Disposal;

use super::found::Found;
use super::masthead::Masthead;
use super::parts::{Kind, SectionKind};
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, fold, lines};

/// A matter with what became of it.
static RESULT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)\b(?:appeals?|petitions?|applications?|revisions?|suits?|complaints?|matters?|cases?|writs?|s\.?l\.?ps?|reference|plaint|cross-objections?|OP|claims?|rule|bail|same|it)\b(?:\s?\(s\))?",
        r"[^.;\n]{0,80}(?:\n[^.;\n]{0,60})?\b(?:is|are|stands?|shall\s+stand|deserves?\s+to\s+be|must|be|would)\s+(?:and\s+)?(?:(?:hereby|accordingly|therefore|thus|also|to\s+be|liable\s+to\s+be|consequently|be|both|all|finally|being|as\s+such|hence|the\s+same)\s*,?\s*)*",
        r"(?P<what>(?:partly|partially|party)\s+(?:allowed|decreed)|allowed(?:\s+in\s+part|\s+to\s+the\s+extent)?|dismissed(?:\s+(?:as|for)\s+(?:having\s+(?:been|become)\s+)?(?:withdrawn|infructuous|not\s+pressed|default|want\s+of\s+prosecution|non-?\s?prosecution|abated))?|disposed\s+of(?:\s+as\s+(?:withdrawn|infructuous|settled|not\s+pressed))?|disposed\s+off|rejected|remanded|remitted|decreed|closed|withdrawn|transferred|accepted|made\s+absolute|discharged|answered|granted|abated|quashed)\b",
        r"|\b(?:we|i)\s+(?:hereby\s+|accordingly\s+|therefore,?\s+)?(?P<act>(?:partly\s+)?allow|dismiss|dispose\s+of|reject|remand|remit|accept)\s+(?:the\s+|these\s+|this\s+|both\s+|all\s+)?[^.\n]{0,40}(?:appeals?|petitions?|applications?|revisions?|suit|matter|case)",
        r"|(?m)^\s*(?P<line>(?:Appeals?|Petitions?|Applications?|Suits?|Matters?|Writ\s+petitions?|Special\s+leave\s+petitions?|Civil\s+appeals?|Criminal\s+appeals?|Reference)\b[^.\n]{0,40}?\b(?:allowed|dismissed|disposed\s+of|partly\s+allowed|answered|rejected|remanded|closed)[^\n]{0,30})\s*$",
        r"|\b(?P<crime>(?:is|are|stands?|hereby)\s+(?:hereby\s+|accordingly\s+)?(?:acquitted|convicted))\b"
    ))
});
/// One of these stands in all that [`RESULT`] finds.
static OUTCOME_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)allow|dismiss|dispose|reject|remand|remit|decreed|closed|withdrawn|transferred|accept|made|discharged|answered|granted|abated|quashed|acquitted|convicted",
    )
});
/// What [`RESULT`] finds begins at most so many bytes before such a word (140 characters and the words between; some
/// characters have three bytes), and ends at most so many behind it.
const RESULT_REACH: (usize, usize) = (600, 200);
/// Only the ancillary is disposed of by these.
static ANCILLARY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:pending|interlocutory|connected\s+miscellaneous|i\.?as?\b|m\.?ps?\b|miscellaneous\s+petitions?|all\s+applications?|misc\.?\s+applications?|application\(s\),?\s+if\s+any|applications?,\s+if\s+any)",
    )
});
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
static REPORTABLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?im)^[\s*\d.\[(]*(?P<not>non|not)?[\s\-]*reportable[\s*\])]*$|(?:^|[\s.])(?P<flat>(?P<not2>non-?\s?)?reportable)(?:\s|$)|whether\s+reportable\s*[:\-]+\s*(?P<answer>yes|no)\b|^\s*(?P<afr>a\.?f\.?r\.?|N\.?A\.?F\.?R\.?)\s*$|प्रकाशनीय|(?P<native_not>अप्रकाशनीय)",
    )
});

/// Whether the masthead says that it is for the reports.
pub(crate) fn reportable(zone: &Zone, end: usize) -> Option<Found<bool>> {
    let text = zone.get(0..end);
    let found = REPORTABLE.captures(text)?;
    let whole = found.get(0)?;
    let no = found.name("not").is_some()
        || found.name("not2").is_some()
        || found.name("native_not").is_some()
        || found
            .name("answer")
            .is_some_and(|answer| answer.as_str().eq_ignore_ascii_case("no"))
        || found
            .name("afr")
            .is_some_and(|mark| mark.as_str().to_lowercase().starts_with('n'));
    let sure = if found.name("flat").is_some() {
        0.85
    } else {
        0.97
    };
    Some(zone.found(whole.range(), !no, sure))
}

/// What became of the matter, from the last words that say it.
pub(crate) fn result(tail: &Zone) -> Option<Found<Disposal>> {
    let text = tail.text();
    let mut best: Option<(Range<usize>, Disposal, f32)> = None;
    for found in RESULT.captures_near(text, &OUTCOME_WORD, RESULT_REACH) {
        let whole = found.get(0)?;
        let (span, sure) = if let Some(line) = found.name("line") {
            (line.range(), 0.95)
        } else {
            (whole.range(), 0.85)
        };
        let sentence = sentence_before(text, whole.start());
        let labelled = sentence.to_lowercase().contains("result of the case");
        if found.name("line").is_none()
            && (ANCILLARY.is_match(sentence) || ANCILLARY.is_match(whole.as_str()))
        {
            continue;
        }
        let words = found
            .name("what")
            .or_else(|| found.name("act"))
            .or_else(|| found.name("line"))
            .or_else(|| found.name("crime"))
            .map(|group| fold(group.as_str()).to_lowercase())?;
        if (words == "granted" || words == "accepted") && best.is_some() {
            continue;
        }
        if words == "granted"
            && (whole.as_str().to_lowercase().contains("leave")
                || sentence.to_lowercase().contains("leave"))
        {
            continue;
        }
        let Some(disposal) = disposal(&words) else {
            continue;
        };
        best = Some((span, disposal, sure));
        // The reports print the result of the case under its own label.
        if labelled {
            break;
        }
    }
    best.map(|(span, disposal, sure)| tail.found(span, disposal, sure))
}

/// The start of the sentence that goes on at `at`.
fn sentence_before(text: &str, at: usize) -> &str {
    let from = text.ceil_char_boundary(at.saturating_sub(60));
    let before = text.get(from..at).unwrap_or("");
    before.rsplit(['.', ';']).next().unwrap_or("")
}

fn disposal(words: &str) -> Option<Disposal> {
    let even = words
        .replace("disposed off", "disposed of")
        .replace("party allowed", "partly allowed")
        .replace("remitted", "remanded")
        .replace("remit", "remand")
        .replace("made absolute", "allowed")
        .replace("accepted", "allowed")
        .replace("quashed", "allowed")
        .replace("to the extent", "in part");
    let even = match even.as_str() {
        "allow" | "accept" => "allowed",
        "partly allow" => "partly allowed",
        "dismiss" => "dismissed",
        "reject" | "discharged" => "rejected",
        "dispose of" | "answered" => "disposed of",
        other => other,
    };
    Disposal::classify(even)
}

/// What kind of document it is, by its heading, else by its words.
pub(crate) fn kind(
    zone: &Zone,
    masthead: &Masthead,
    tail: &Zone,
    ended: bool,
    is_case: bool,
) -> Option<Found<Kind>> {
    if let Some(found) = cause_list(zone) {
        return Some(found);
    }
    let proceedings = lines(zone.get(0..masthead.end))
        .find(|(_, line)| words().heading(line) == Some(SectionKind::Proceedings));
    let interim = (!ended).then(|| INTERIM.find(tail.text())).flatten();
    if !is_case {
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
    let (kind, span) = masthead
        .heading
        .clone()
        .or_else(|| later_heading(zone, masthead.end))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use nirnay_model::PageText;

    fn zone(text: &str) -> Zone {
        let page = PageText {
            page: 1,
            text: text.to_owned(),
            ..PageText::default()
        };
        Zone::head([&page].into_iter(), 10_000, 1.0)
    }

    #[test]
    fn results() {
        for (text, expected) in [
            (
                "17. The same are accordingly dismissed.\n18. The petitions are hereby dismissed.",
                Some(Disposal::Dismissed),
            ),
            (
                "The appeal is partly allowed. Pending applications are disposed of.",
                Some(Disposal::PartlyAllowed),
            ),
            (
                "This petition is disposed of accordingly.",
                Some(Disposal::DisposedOf),
            ),
            (
                "the present petition is dismissed as withdrawn.",
                Some(Disposal::Withdrawn),
            ),
            (
                "Result of the case:\nAppeals allowed.",
                Some(Disposal::Allowed),
            ),
            ("We allow the appeals.", Some(Disposal::Allowed)),
            ("Leave granted. List after two weeks.", None),
            (
                "Pending application(s), if any, shall stand disposed of.",
                None,
            ),
        ] {
            assert_eq!(result(&zone(text)).map(|f| f.value), expected, "{text}");
        }
    }

    #[test]
    fn for_the_reports() {
        for (text, expected) in [
            ("NON-REPORTABLE\nIN THE", Some(false)),
            ("REPORTABLE\nIN", Some(true)),
            ("2024 INSC 408\nNON REPORTABLE\n", Some(false)),
            ("Whether reportable : Yes", Some(true)),
            ("IN THE SUPREME COURT", None),
        ] {
            let zone = zone(text);
            assert_eq!(
                reportable(&zone, zone.text().len()).map(|f| f.value),
                expected,
                "{text}"
            );
        }
    }
}
