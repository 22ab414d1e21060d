//! The boxes that signing programs draw: `Signature Not Verified`, `Digitally signed by NAME`,
//! `Date: 2024.08.29 17:12:33 IST`, `Reason:`.

use crate::layout::Line;

const SIGNED: &str = "digitally signed";
/// Lines that a box begins with.
const FIRST: [&str; 4] = [
    "signature not verified",
    "signature valid",
    SIGNED,
    "validity unknown",
];
/// Lines that a box goes on with.
const LATER: [&str; 9] = [
    SIGNED,
    "by:",
    "signed by",
    "signing date",
    "date:",
    "reason:",
    "location:",
    "signature not verified",
    "signature valid",
];
/// Lines of a box.
const LONGEST_BOX: usize = 8;
/// A line of prose that begins like one is longer.
const LONGEST_LINE: usize = 80;

/// The numbers of the lines that belong to boxes of signatures.
pub(super) fn boxes(lines: &[Line]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let length = if begins(line, &FIRST) {
            box_length(lines.get(at..).unwrap_or_default())
        } else {
            0
        };
        found.extend(at..at + length);
        at += length.max(1);
    }
    found
}

/// The lines from the first to the last that has a form of its own; one without, between them, is a
/// name or a reason that runs on.
fn box_length(lines: &[Line]) -> usize {
    let mut length = 1;
    let mut forms = 1;
    let first_size = lines.first().map_or(0.0, |line| line.size);
    for (at, line) in lines.iter().enumerate().take(LONGEST_BOX).skip(1) {
        let near = (line.size - first_size).abs() <= 0.45 * first_size.max(line.size);
        if !near || line.text.len() > LONGEST_LINE {
            break;
        }
        if begins(line, &LATER) {
            length = at + 1;
            forms += 1;
        } else if at >= length + 2 {
            break;
        }
    }
    // The name stands alone after the line that announces it.
    let last = lines.get(length - 1);
    if last.is_some_and(|line| ends_open(&line.text))
        && lines.get(length).is_some_and(|line| is_name(&line.text))
    {
        length += 1;
    }
    let plain = lines
        .first()
        .is_some_and(|line| lower(&line.text).starts_with("signature") || line.text.len() <= 60);
    if forms > 1 || plain { length } else { 0 }
}

fn ends_open(text: &str) -> bool {
    let text = lower(text);
    let text = text.trim_end_matches([':', ' ']);
    text.ends_with("signed by") || text.ends_with("reason")
}

fn is_name(text: &str) -> bool {
    text.len() <= 50
        && text
            .chars()
            .all(|c| c.is_alphabetic() || c.is_whitespace() || ".,()'-".contains(c))
        && text.chars().any(char::is_uppercase)
}

fn begins(line: &Line, with: &[&str]) -> bool {
    let text = lower(&line.text);
    text.len() <= LONGEST_LINE
        && with.iter().any(|form| {
            let rest = text.strip_prefix(form).map(str::trim_start);
            // `Digitally signed copies shall be given` is prose.
            rest.is_some_and(|rest| {
                *form != SIGNED
                    || rest.is_empty()
                    || rest.starts_with("by")
                    || rest.starts_with(':')
            })
        })
}

fn lower(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What a box says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) signer: Option<String>,
    pub(crate) signed_at: Option<String>,
    pub(crate) reason: Option<String>,
}

/// Reads signer, time and reason from the text of a box.
pub(crate) fn parse(text: &str) -> Read {
    let mut read = Read::default();
    // What the next line continues.
    let mut open = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let label = label(line);
        let (kind, rest) = match (label, open) {
            (Some(found), _) => found,
            (None, Some(kind)) => (kind, line),
            (None, None) => continue,
        };
        open = None;
        let slot = match kind {
            Label::Signer => &mut read.signer,
            Label::Date => &mut read.signed_at,
            Label::Reason => &mut read.reason,
            Label::Other => continue,
        };
        let value = rest.trim_matches([':', ' ']);
        if value.is_empty() {
            open = Some(kind);
        } else if slot.is_none() {
            *slot = Some(match kind {
                Label::Date => date(value),
                _ => value.to_owned(),
            });
            // A long name runs over to the next line.
            open = (kind == Label::Signer && label.is_some()).then_some(kind);
        } else if kind == Label::Signer
            && let Some(name) = slot
            && is_name(value)
        {
            name.push(' ');
            name.push_str(value);
        }
    }
    read
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Signer,
    Date,
    Reason,
    Other,
}

const LABELS: [(&str, Label); 10] = [
    ("digitally signed by", Label::Signer),
    ("signed by", Label::Signer),
    ("by:", Label::Signer),
    ("signing date", Label::Date),
    ("date:", Label::Date),
    ("date :", Label::Date),
    ("reason", Label::Reason),
    ("location", Label::Other),
    ("signature", Label::Other),
    ("digitally signed", Label::Other),
];

fn label(line: &str) -> Option<(Label, &str)> {
    LABELS.iter().find_map(|(form, label)| {
        let head = line.get(..form.len())?;
        head.eq_ignore_ascii_case(form)
            .then(|| (*label, line.get(form.len()..).unwrap_or_default()))
    })
}

/// `2024.08.29 17:12:33 IST` and `29.08.2024 17:12:33` in ISO 8601; what cannot be read stays.
fn date(text: &str) -> String {
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    let (day, time) = match numbers.as_slice() {
        [year, month, day, time @ ..] if year.len() == 4 => ([year, month, day], time),
        [day, month, year, time @ ..] if year.len() == 4 => ([year, month, day], time),
        _ => return text.to_owned(),
    };
    let [year, month, day] = day;
    let mut iso = format!("{year}-{month:0>2}-{day:0>2}");
    if let [hour, minute, rest @ ..] = time {
        let second = rest.first().copied().unwrap_or("00");
        iso = format!("{iso}T{hour:0>2}:{minute:0>2}:{second:0>2}");
        if text.contains("IST") || text.contains("+05'30'") || text.contains("+05:30") {
            iso.push_str("+05:30");
        }
    }
    iso
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read() {
        let read = parse(
            "Signature Not Verified\nDigitally signed by\nA KUMAR\nDate: 2024.08.29\n17:12:33 IST\nReason:",
        );
        assert_eq!(read.signer.as_deref(), Some("A KUMAR"));
        assert_eq!(read.signed_at.as_deref(), Some("2024-08-29"));
        assert_eq!(read.reason, None);
        let read = parse("Digitally Signed\nBy:R SHARMA\nSigning Date:07.02.2025 18:46:26");
        assert_eq!(read.signer.as_deref(), Some("R SHARMA"));
        assert_eq!(read.signed_at.as_deref(), Some("2025-02-07T18:46:26"));
        let read =
            parse("Digitally signed by R SHARMA\nDate: 2024.08.29 17:12:33 IST\nReason: Order");
        assert_eq!(read.signer.as_deref(), Some("R SHARMA"));
        assert_eq!(read.signed_at.as_deref(), Some("2024-08-29T17:12:33+05:30"));
        assert_eq!(read.reason.as_deref(), Some("Order"));
    }

    #[test]
    fn boxes_end_where_the_text_begins() {
        let lines: Vec<Line> = [
            "the appeal is dismissed.",
            "Signature Not Verified",
            "Digitally signed by",
            "A KUMAR",
            "Date: 2024.08.29",
            "17:12:33 IST",
            "Reason:",
            "The facts of the case are these, as far as they matter here.",
            "Digitally signed copies of the order shall be given to both sides without delay.",
        ]
        .map(|text| Line {
            text: text.to_owned(),
            size: 8.0,
            ..Line::default()
        })
        .to_vec();
        assert_eq!(boxes(&lines), [1, 2, 3, 4, 5, 6]);
    }
}
