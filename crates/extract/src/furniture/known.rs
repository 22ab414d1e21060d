//! Forms of furniture that are known from the courts' PDFs.

use super::Place;

/// Beginnings of lines that portals put on pages, anywhere on them, in lower case. Seen on orders of
/// the High Courts of Delhi, Gujarat, Madras, Bombay, Allahabad, Karnataka and Punjab and Haryana.
const STAMPS: [&str; 17] = [
    "downloaded on :",
    "downloaded on:",
    "downloaded on -",
    "downloaded from ",
    "::: uploaded on",
    "::: downloaded on",
    "uploaded by ",
    "printed on :",
    "printed from counsel",
    "this is a digitally signed order",
    "this is a digitally signed judgement",
    "this is a digitally signed judgment",
    "the authenticity of the order can be re-verified",
    "the order is downloaded from the dhc server",
    "signature not verified",
    "indian kanoon - http",
    "scan qr code to ",
];

/// Hosts of portals that stand by themselves in a margin.
const HOSTS: [&str; 7] = [
    "judis.nic.in",
    "mhc.tn.gov.in",
    "ecourts.gov.in",
    "phhc.gov.in",
    "bombayhighcourt.nic.in",
    "indiankanoon.org",
    "hcservices.",
];

/// Whether a line has one of the forms.
pub(super) fn is_furniture(text: &str, place: Place) -> bool {
    let text = text.trim();
    if text.len() > 160 {
        return false;
    }
    is_stamp(text)
        || (place != Place::Middle && (is_page_number(text) || is_portal(text) || is_mark(text)))
        || (place == Place::Head && is_board_number(text))
}

fn is_stamp(text: &str) -> bool {
    // Prose that was wrapped before such words goes on in small letters.
    let begins = !text.starts_with(char::is_lowercase);
    begins
        && STAMPS.iter().any(|stamp| {
            text.get(..stamp.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(stamp))
        })
}

/// An address of a portal and nothing else.
fn is_portal(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    !lower.contains(' ') && HOSTS.iter().any(|host| lower.contains(host))
}

/// `3`, `- 3 -`, `[3]`, `3/12`, `3 of 12`, `Page 3`, `Page | 3`, `Page No. 3 of 12`, `..3/-`, `iv`.
pub(super) fn is_page_number(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let mut numbers = 0;
    let mut words = 0;
    for word in lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()) {
            numbers += 1;
        } else if matches!(word, "page" | "pages" | "no" | "of" | "pg" | "p") {
            words += 1;
        } else if is_roman(word) && text.contains(word) && text.len() <= word.len() + 4 {
            numbers += 1;
        } else {
            return false;
        }
    }
    let plain = lower
        .chars()
        .all(|c| c.is_alphanumeric() || c.is_whitespace() || "-–—|[]()/.:~".contains(c));
    // A number with a full stop is a paragraph's, and `(3)` may be a clause's.
    let paragraph = words == 0 && lower.ends_with('.');
    plain && !paragraph && (numbers == 1 || (numbers == 2 && text.len() <= 24))
}

/// A small Roman numeral. Large ones number headings, and a `v` stands between parties.
fn is_roman(word: &str) -> bool {
    word.len() <= 6 && word != "v" && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x' | b'l'))
}

/// The marks that Delhi sets in margins.
fn is_mark(text: &str) -> bool {
    matches!(text, "$~" | "$" | "*" | "%" | "+" | "#" | "~" | "&" | "$~*")
}

/// `$~3 & 4`: the item's number on the board of the day.
fn is_board_number(text: &str) -> bool {
    text.strip_prefix("$~")
        .or_else(|| text.strip_prefix("$"))
        .is_some_and(|rest| {
            rest.len() <= 40
                && rest.chars().all(|c| {
                    c.is_ascii_digit() || c.is_whitespace() || "&,()-/SPCRVtoDB*".contains(c)
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_and_what_looks_like_them() {
        for text in [
            "3",
            "- 3 -",
            "[3]",
            "3/12",
            "3 of 12",
            "Page 3",
            "Page | 3",
            "Page 3 of 12",
            "Page No. 3",
            "..3/-",
            "iv",
            "Pg. 12",
            "– 7 –",
        ] {
            assert!(is_page_number(text), "{text}");
        }
        for text in [
            "3.",
            "12. The appeal",
            "IV",
            "v",
            "2024",
            "1,00,000",
            "Section 3",
            "v. State",
            "3 4 5",
            "mix",
            "CIVIL",
        ] {
            let expected = text == "2024";
            assert_eq!(is_page_number(text), expected, "{text}");
        }
    }

    #[test]
    fn known_forms_by_place() {
        for (text, place) in [
            (
                "Downloaded on : Wed Jan 14 10:22:01 IST 2026",
                Place::Middle,
            ),
            ("Uploaded by A CLERK(HC01403) on Tue Mar 05", Place::Middle),
            ("http://www.judis.nic.in", Place::Foot),
            ("https://www.mhc.tn.gov.in/judis", Place::Head),
            ("$~3 & 4", Place::Head),
            ("$~", Place::Head),
            ("+", Place::Head),
            ("Signature Not Verified", Place::Middle),
        ] {
            assert!(is_furniture(text, place), "{text}");
        }
        for (text, place) in [
            ("the order was downloaded on the next day", Place::Middle),
            ("downloaded from the computer of the accused", Place::Middle),
            ("uploaded by him on the same day", Place::Middle),
            ("see http://www.judis.nic.in for the text", Place::Foot),
            ("3", Place::Middle),
            ("$~3 & 4", Place::Middle),
            ("+ W.P.(C) 1065/2021", Place::Head),
        ] {
            assert!(!is_furniture(text, place), "{text}");
        }
    }
}
