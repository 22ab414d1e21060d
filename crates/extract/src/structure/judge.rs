//! The judges of a masthead, who wrote, and who signed.

use std::ops::Range;
use std::sync::LazyLock;

use super::found::Found;
use super::name;
use super::pattern::Pattern;
use super::words::words;
use super::zone::{Zone, end_of, lines};

/// More judges than any bench has had.
const MOST: usize = 20;

static CORAM: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?i)\b(?:coram|quorum)\b[\s:;.\-]*|\b(?:d\.?\s?b|s\.?\s?b)\.?\s?:[\s\-]*|\b(?:division|single|full)\s+bench\s*:[\s\-]*|(?m)^\s*(?:before|present|bench)\s*[:\-]+\s*",
    )
});
static JOINT: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?i)^[\s,.;*]*(?:&+|and\b|,)[\s,&]*"));
static REPORTED_BENCH: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\[([^\[\]]{3,300}?),?\s*\*?,?\s*J\.?J?\.?\s*\]"));
static LISTED: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?m)^\s*(Author|Bench)\s*:\s*([^\n]{3,200})"));
static WRITTEN: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?i)\b(?:(?:judgment|order)\s+(?:of\s+the\s+court\s+)?(?:was\s+)?(?:delivered|made|pronounced)\s+by|",
        r"delivered\s+by|per)\b[\s:;,.\-(]*"
    ))
});

/// The judges of a masthead.
#[derive(Debug, Default)]
pub(crate) struct CoramRead {
    pub(crate) judges: Vec<Found<String>>,
    pub(crate) author: Option<Found<String>>,
    /// The bytes of the even text that they take.
    pub(crate) spans: Vec<Range<usize>>,
}

impl CoramRead {
    fn add(&mut self, zone: &Zone, span: Range<usize>, confidence: f32) {
        let value = name::even(zone.get(span.clone()));
        let letters = name::letters(&value);
        let is_office = ["cji", "acj", "judge", "schedule", "annexure", "appendix"];
        if letters.len() < 3
            || is_office.contains(&letters.as_str())
            || value.contains(['।', '॥'])
            || self.judges.len() >= MOST
        {
            return;
        }
        self.spans.push(span.clone());
        if self
            .judges
            .iter()
            .any(|judge| name::letters(&judge.value) == letters)
        {
            return;
        }
        self.judges.push(zone.found(span, value, confidence));
    }
}

/// The judges named in the even text of `zone` up to `end`.
pub(crate) fn read(zone: &Zone, end: usize) -> CoramRead {
    let text = zone.get(0..end);
    let mut coram = CoramRead::default();
    for found in words().justice.captures_iter(text) {
        let is_native = found.name("native").is_some();
        let Some(found) = found.get(0) else { continue };
        let before = text.get(..found.start()).unwrap_or("");
        if is_native
            && !heads_line(
                before,
                found.as_str(),
                text.get(found.end()..).unwrap_or(""),
            )
        {
            continue;
        }
        let before = before.trim_end();
        let before = end_of(before, 24).to_lowercase();
        let from = found.end();
        let rest = text.get(from..).unwrap_or("");
        let titles = name::skip_titles(rest);
        // "The Hon'ble the Chief Justice" names nobody, "the Chief Justice Mr. X" does.
        let unnamed = before.ends_with("chief") && titles == 0;
        if unnamed || before.ends_with("juvenile") || before.ends_with(" of") {
            continue;
        }
        let len = name::length(rest.get(titles..).unwrap_or(""));
        if len > 0 {
            coram.add(zone, from + titles..from + titles + len, 0.95);
        }
    }
    for found in CORAM.find_iter(text) {
        let is_coram = found
            .as_str()
            .trim()
            .to_lowercase()
            .starts_with(['c', 'q', 'd', 's', 'f']);
        list(zone, &mut coram, found.end(), end, !is_coram);
        coram.spans.push(found.range());
    }
    reported(zone, end, &mut coram);
    indexed(zone, end, &mut coram);
    coram
}

/// Whether a native word for "Justice" stands before a name: first on its line but for a title, the name on the same line.
fn heads_line(before: &str, word: &str, behind: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    line.chars().count() <= 24
        && !line.contains([',', '(', '.'])
        && !word.contains('\n')
        && behind.starts_with(char::is_alphabetic)
}

/// Names with ", J." and connectors from `at` on. A `strict` list needs the letters of the office.
fn list(zone: &Zone, coram: &mut CoramRead, at: usize, end: usize, strict: bool) {
    let text = zone.get(0..end);
    let mut at = at;
    let mut spans = Vec::new();
    let mut office = false;
    for _ in 0..MOST {
        let rest = text.get(at..).unwrap_or("");
        let titles = name::skip_titles(rest);
        let len = name::length(rest.get(titles..).unwrap_or(""));
        if len == 0 {
            break;
        }
        spans.push(at + titles..at + titles + len);
        at += titles + len;
        let rest = text.get(at..).unwrap_or("");
        let mut went_on = false;
        if let Some(suffix) = words().office.find(rest) {
            office = true;
            at += suffix.as_str().trim_end_matches(['&', '\n']).len();
        }
        let rest = text.get(at..).unwrap_or("");
        if let Some(joint) = JOINT.find(rest) {
            at += joint.end();
            went_on = true;
        }
        if !went_on {
            break;
        }
    }
    if strict && !office {
        return;
    }
    for span in spans {
        coram.add(zone, span, 0.95);
    }
}

/// `[Hima Kohli and Ahsanuddin Amanullah,* JJ.]` of the Supreme Court Reports; the star is the author's.
fn reported(zone: &Zone, end: usize, coram: &mut CoramRead) {
    let text = zone.get(0..end);
    let Some(found) = REPORTED_BENCH.captures(text) else {
        return;
    };
    let (Some(whole), Some(names)) = (found.get(0), found.get(1)) else {
        return;
    };
    let mut at = names.start();
    let limit = names.end();
    while at < limit {
        let rest = text.get(at..limit).unwrap_or("");
        let titles = name::skip_titles(rest);
        let len = name::length(rest.get(titles..).unwrap_or(""));
        if len == 0 {
            break;
        }
        let span = at + titles..at + titles + len;
        let behind = text.get(span.end..).unwrap_or("");
        let starred = behind.trim_start_matches([',', ' ']).starts_with('*');
        if starred {
            let value = name::even(zone.get(span.clone()));
            coram.author = Some(zone.found(span.clone(), value, 0.95));
        }
        coram.add(zone, span.clone(), 0.95);
        let Some(joint) = JOINT.find(behind) else {
            break;
        };
        at = span.end + joint.end();
    }
    coram.spans.push(whole.range());
}

/// `Author:` and `Bench:` lines of an index of judgments.
fn indexed(zone: &Zone, end: usize, coram: &mut CoramRead) {
    let text = zone.get(0..end);
    for found in LISTED.captures_iter(text) {
        let (Some(label), Some(names)) = (found.get(1), found.get(2)) else {
            continue;
        };
        let mut at = names.start();
        for piece in names.as_str().split(',') {
            let blank = piece.len() - piece.trim_start().len();
            let span = at + blank..at + blank + piece.trim().len();
            at += piece.len() + 1;
            if span.is_empty() {
                continue;
            }
            if label.as_str() == "Author" {
                let value = name::even(zone.get(span.clone()));
                coram.author = coram
                    .author
                    .take()
                    .or(Some(zone.found(span.clone(), value, 0.95)));
            } else {
                coram.add(zone, span.clone(), 0.95);
            }
            coram.spans.push(span);
        }
    }
}

/// Who wrote: the name that stands under the heading, `ABHAY S. OKA, J.`, or after "per".
pub(crate) fn author(zone: &Zone, heading: &Range<usize>) -> Option<Found<String>> {
    let from = heading.start;
    let to = zone.text().floor_char_boundary(heading.end + 600);
    let text = zone.get(from..to);
    for (at, line) in lines(text).take(9) {
        if let Some(span) = named_judge(line).or_else(|| titled_judge(line)) {
            let span = from + at + span.start..from + at + span.end;
            let value = name::even(zone.get(span.clone()));
            return Some(zone.found(span, value, 0.95));
        }
    }
    let found = WRITTEN.find(text)?;
    let rest = text.get(found.end()..)?;
    let titles = name::skip_titles(rest);
    let len = name::length(rest.get(titles..)?);
    let span = from + found.end() + titles..from + found.end() + titles + len;
    let value = name::even(zone.get(span.clone()));
    (name::letters(&value).len() >= 4).then(|| zone.found(span, value, 0.9))
}

/// Whether a line is a judge's name with the letters of the office and nothing else.
pub(crate) fn is_author(line: &str) -> bool {
    line.len() < 80 && named_judge(line).is_some()
}

/// The name of a line that is a name with the letters of the office and nothing else.
fn named_judge(line: &str) -> Option<Range<usize>> {
    let titles = name::skip_titles(line);
    let len = name::length(line.get(titles..)?);
    if len == 0 {
        return None;
    }
    let rest = line.get(titles + len..)?;
    let suffix = words().office.find(rest)?;
    let behind = rest.get(suffix.end()..)?.trim_start();
    // `J. (Oral)`.
    let behind = match behind
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
    {
        Some((within, rest)) if within.len() < 40 => rest,
        _ => behind,
    };
    (!behind.chars().any(char::is_alphabetic)).then_some(titles..titles + len)
}

/// The name of a line that is a native word for "Justice" with a name behind it and nothing else.
fn titled_judge(line: &str) -> Option<Range<usize>> {
    if line.is_ascii() || line.len() > 240 {
        return None;
    }
    let found = words().justice.captures(line)?;
    found.name("native")?;
    let word = found.get(0)?;
    let behind = line.get(word.end()..)?;
    if !heads_line(line.get(..word.start())?, word.as_str(), behind) {
        return None;
    }
    let len = name::length(behind);
    let rest = behind.get(len..)?;
    (len > 0 && !rest.chars().any(char::is_alphanumeric)).then_some(word.end()..word.end() + len)
}

/// Whose names stand under the text: on a line with `J.` or under dots that end in it, or above the
/// word "Judge".
pub(crate) fn signatories(tail: &Zone) -> Vec<Found<String>> {
    static SIGNED: LazyLock<Pattern> =
        LazyLock::new(|| Pattern::new(r"[(\[]\s*([^()\[\]\n]{3,60}?)\s*[)\]]"));
    let text = tail.text();
    let all: Vec<(usize, &str)> = lines(text)
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let last = all.get(all.len().saturating_sub(45)..).unwrap_or_default();
    let mut read = CoramRead::default();
    for (place, (at, line)) in last.iter().enumerate() {
        let above = place
            .checked_sub(1)
            .and_then(|up| last.get(up))
            .map_or("", |(_, line)| line);
        let below = last.get(place + 1).map_or("", |(_, line)| line);
        let under_dots = words().dots.is_match(above);
        let over_office = is_office(below);
        let mut any = false;
        for found in SIGNED.captures_iter(line) {
            let Some(inner) = found.get(1) else { continue };
            let named = named_judge(inner.as_str()).or_else(|| {
                (under_dots || over_office)
                    .then(|| whole_name(inner.as_str()))
                    .flatten()
            });
            if let Some(span) = named {
                read.add(
                    tail,
                    at + inner.start() + span.start..at + inner.start() + span.end,
                    0.95,
                );
                any = true;
            }
        }
        if any || line.chars().count() > 70 {
            continue;
        }
        let by_office = || {
            let span = (under_dots || over_office)
                .then(|| whole_name(line))
                .flatten()?;
            // One word over an office is a place: `West / District Judge`.
            let is_name = line.get(span.clone())?.trim().contains([' ', '.']);
            is_name.then_some((span, 0.8))
        };
        let named = named_judge(line).map(|span| (span, 0.85));
        if let Some((span, sure)) = named.or_else(by_office) {
            read.add(tail, at + span.start..at + span.end, sure);
        }
    }
    read.judges
}

/// Whether a line names the office of a judge and nothing else.
fn is_office(line: &str) -> bool {
    let lower = line
        .trim()
        .trim_matches(|c: char| !c.is_alphabetic())
        .to_lowercase();
    // Dots before the letter are where the next one signs.
    let is_dotted = line.contains("..") || line.contains('\u{2026}');
    lower == "judge"
        || (lower == "j" && !is_dotted)
        || (lower.len() < 70
            && (lower.contains("district judge")
                || lower.contains("sessions judge")
                || lower.contains("civil judge")
                || lower.contains("magistrate")))
}

/// A line that is one name and nothing else.
fn whole_name(line: &str) -> Option<Range<usize>> {
    let titles = name::skip_titles(line);
    let len = name::length(line.get(titles..)?);
    let rest = line.get(titles + len..)?;
    (len > 0 && !rest.chars().any(char::is_alphanumeric)).then_some(titles..titles + len)
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
    fn corams() {
        for (text, names) in [
            (
                "CORAM:\nTHE HONOURABLE MR.JUSTICE A.D.JAGADISH CHANDIRA\nCont.P.(MD)No.123",
                vec!["A.D.JAGADISH CHANDIRA"],
            ),
            (
                "CORAM: DALVEER BHANDARI, C.J., & S. J. VAZIFDAR, J. DATE : X",
                vec!["DALVEER BHANDARI", "S. J. VAZIFDAR"],
            ),
            (
                "CORAM : A.S.OKA &\nSMT. VIBHA KANKANWADI, JJ.\nDATE",
                vec!["A.S.OKA", "VIBHA KANKANWADI"],
            ),
            (
                "Before The Hon'Ble Mr. Justice Anand Byrareddy Criminal Petition No.1",
                vec!["Anand Byrareddy"],
            ),
            (
                "[Hima Kohli and Ahsanuddin Amanullah,* JJ.]",
                vec!["Hima Kohli", "Ahsanuddin Amanullah"],
            ),
            (
                "[Dr. Dhananjaya Y. Rao, CJI, J.B. Mistry* and Manoj Das, JJ.]",
                vec!["Dhananjaya Y. Rao", "J.B. Mistry", "Manoj Das"],
            ),
            (
                "Author: P.D. Dinakaran\nBench: P.D. Dinakaran, F.M. Ibrahim Kalifulla\n",
                vec!["P.D. Dinakaran", "F.M. Ibrahim Kalifulla"],
            ),
            ("Present: the parties in person", vec![]),
        ] {
            let zone = zone(text);
            let read = read(&zone, zone.text().len());
            let got: Vec<_> = read.judges.iter().map(|j| j.value.as_str()).collect();
            assert_eq!(got, names, "{text}");
        }
    }

    #[test]
    fn authors() {
        for (text, name) in [
            (
                "JUDGMENT\nABHAY S. OKA, J.\n1.\nThe appellant",
                Some("ABHAY S. OKA"),
            ),
            (
                "JUDGMENT\nJ.K. Maheshwari J.\n1. The",
                Some("J.K. Maheshwari"),
            ),
            (
                "JUDGMENT\n(Per : HONOURABLE MR. JUSTICE A. KUMAR)\n1. The",
                Some("A. KUMAR"),
            ),
            ("ORDER\n1. Leave granted.", None),
        ] {
            let zone = zone(text);
            let got = author(&zone, &(0..8)).map(|f| f.value);
            assert_eq!(got.as_deref(), name, "{text}");
        }
    }

    #[test]
    fn who_signed() {
        let zone = zone(
            "are dismissed.\n……………….……………..J.\n(MANOJ MISRA)\n..........J.\n(RAJESH BINDAL)\nNew Delhi\nOctober 15, 2024.",
        );
        let names: Vec<_> = signatories(&zone).into_iter().map(|f| f.value).collect();
        assert_eq!(names, ["MANOJ MISRA", "RAJESH BINDAL"]);
        let zone = self::zone("(A.R. JOSHI, J) (V.M.KANADE,J)");
        assert_eq!(signatories(&zone).len(), 2);
        let zone = self::zone("(MADHU BALA)\nAR-CUM-PS");
        assert_eq!(signatories(&zone).len(), 0);
    }
}
