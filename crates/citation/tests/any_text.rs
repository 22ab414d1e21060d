//! Any text: no panic, spans inside it, and time in proportion to its length.

use std::time::{Duration, Instant};

use nirnay_citation::{Identity, Kind, find, own, parse_key};
use proptest::prelude::*;

/// Pieces that citations are made of, and some that break them.
const PIECES: &[&str] = &[
    "(1990)",
    "[1990]",
    " 1990 ",
    "2",
    "(3)",
    " SCC ",
    "AIR",
    " SC ",
    "SCR",
    " Supp",
    "(Cri)",
    "ILR ",
    "JT",
    "INSC",
    "2023:DHC:1",
    "-DB",
    "Section ",
    "S. ",
    "302",
    ", ",
    " and ",
    " of the ",
    "Act",
    "Indian Penal Code",
    "Order ",
    "XXI ",
    "Rule ",
    "W.P.",
    "(C)",
    " No. ",
    "12/2020",
    "12-14/2020",
    " to ",
    "of 2020",
    "MANU/",
    "SC/",
    "/",
    ":",
    "-",
    "—",
    "\u{a0}",
    "\n",
    "§",
    "न",
    "é",
    "Ａ",
    "DLHC01",
    "000012",
    "2024",
    " para ",
    "at ",
    "p. ",
    "(hereinafter ",
    "'the Act'",
    ")",
    "(",
    "\u{ad}",
    "İ",
    "u/s ",
    "Diary",
    "SCC OnLine",
    "  ",
    ".",
];

fn sound(text: &str) {
    let length = text.chars().count();
    let mut last = 0;
    let mut range = (0, 0);
    for citation in find(text) {
        let of_range = range == (citation.start, citation.end)
            && matches!(citation.kind, Kind::CaseNumber | Kind::Diary);
        assert!((last <= citation.start && citation.start < citation.end) || of_range);
        assert!(citation.end <= length);
        range = (citation.start, citation.end);
        let printed: String = text
            .chars()
            .skip(citation.start)
            .take(citation.end - citation.start)
            .collect();
        assert_eq!(printed, citation.text);
        assert!(!citation.key.is_empty());
        last = citation.end;
    }
    let _ = parse_key(text);
    let _ = own(
        &[(text, text)],
        Identity {
            case_numbers: &[text],
            cnr: Some(text),
            year: Some(2020),
        },
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        sound(&pieces.concat());
    }

    #[test]
    fn texts_of_anything(text in any::<String>()) {
        sound(&text);
    }

    #[test]
    fn keys_are_stable(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12)) {
        for citation in find(&pieces.concat()) {
            if let Some(key) = parse_key(&citation.key) {
                prop_assert_eq!(parse_key(&key.text).map(|k| k.text), Some(key.text));
            }
        }
    }
}

/// Twice the text may take twice the time; four times would be quadratic. Small times are noise.
#[test]
fn no_text_is_quadratic() {
    for piece in [
        "(1990) ",
        "S. 1, 2, 3, ",
        "1",
        "a",
        "A",
        " ",
        "\n",
        ".",
        "(",
        "[",
        "AIR ",
        "AIR 1990 ",
        "S.",
        "Section 1 of the ",
        "SCC",
        "Act ",
        "the Karnataka Forest Act ",
        "Ferries Act 1951, ",
        "section 99 of the 1951 Act ",
        "Chapter IV of the Act ",
        "U. P. Act ",
        "Co-operative-",
        "Rules.\n6. ",
        "of and the ",
        "No. ",
        "W.P. ",
        "W.P. 1, 2, ",
        "W.P. 1-99, ",
        "W.P. 1-99/2001 ",
        "(2010) 1 SCC 1 : ",
        "Article 14 and ",
        "1990:",
        "1990:DHC:",
        "A1",
        "1-",
        "Supp ",
        "(Supp) ",
        "Nos. 1 and ",
        "I ",
        "hereinafter (the ",
        "IPC (",
        "-",
        "¶",
        "İ(",
        "s. 1(a)(b)",
        "Order I Rule 1, ",
        "MANU/",
        "2024 INSC ",
        "DLHC",
        "at p. 1, ",
    ] {
        let time = |bytes: usize| {
            let text = piece.repeat(bytes / piece.len() + 1);
            let started = Instant::now();
            let found = find(&text).len();
            (started.elapsed(), found)
        };
        let (small, _) = time(125_000);
        let (large, found) = time(1_000_000);
        assert!(
            large < small * 32 + Duration::from_millis(400),
            "{piece:?}: {small:?} for 125 kB, {large:?} for 1 MB with {found}"
        );
    }
}
