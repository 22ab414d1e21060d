//! What holds of every text.

use proptest::prelude::*;

use super::zone::fold;
use super::*;

/// Pieces of mastheads and of what breaks readers, to be strewn in any order.
const PIECES: &[&str] = &[
    "IN THE HIGH COURT OF DELHI AT NEW DELHI",
    "IN THE SUPREME COURT OF INDIA",
    "IN THE COURT OF SH. A. B. RAO, SPECIAL JUDGE",
    "CIVIL APPEAL NO. 12 OF 2024",
    "NOS. 1-99999999, 5 & 6/2001",
    "NO(S). OF 2024",
    "W.P.(C) 1065/2021",
    "(@ SLP (C) No. 1 of 2",
    "VERSUS",
    "v.",
    "Vs.",
    "..... PETITIONER(S)",
    "…RESPONDENTS",
    "Petitioner:",
    "1. ",
    "2)",
    "99. ",
    "BETWEEN:",
    "AND:",
    "CORAM:",
    "HON'BLE MR. JUSTICE",
    "A. B. KUMAR, J.",
    "J.",
    "JJ.",
    "[A and B,* JJ.]",
    "Author: ",
    "(Per : ",
    "DATED THIS THE 31ST DAY OF FEBRUARY, 2024",
    "31.12.9999",
    "May 1, 2024",
    "For the Petitioner : Mr. X",
    "Through: ",
    "(By Sri Y, Advocate)",
    "JUDGMENT",
    "O R D E R",
    "O\nR\nD\nE\nR",
    "Headnotes",
    "\u{201c}quoted",
    "quoted\u{201d}",
    "न्यायालय",
    "बनाम",
    "वाद संख्या-१२/२०२४",
    "श्रीमती",
    "दिनांक",
    "ವಿರುದ್ಧ",
    "\u{a0}",
    "\u{ad}",
    "\u{200d}",
    "\u{1f600}",
    "\r",
    "\t",
    "=====",
    "----",
    "....",
    "((((",
    "))))",
    "\n",
    "\n\n",
    " ",
    "The appeal is allowed.",
    "stand over to",
    "S/O",
    "R/O",
    "through",
    "& ORS.",
];

fn texts() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        2 => Just("\n".to_owned()),
    ];
    let page = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.join(" "));
    prop::collection::vec(page, 1..4)
}

fn slice(text: &str, start: u32, end: Option<u32>) -> String {
    let start = start as usize;
    text.chars()
        .skip(start)
        .take(end.map_or(usize::MAX, |end| (end as usize).saturating_sub(start)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_found_stands_where_it_says(texts in texts()) {
        let pages: Vec<PageText> = (1..)
            .zip(&texts)
            .map(|(page, text)| PageText { page, text: text.clone(), furniture: "W.P. 1/2020\nIN THE HIGH COURT OF KERALA".to_owned(), ..PageText::default() })
            .collect();
        let structure = read(&pages, None);
        for element in structure.elements() {
            let page = pages.iter().find(|page| page.page == element.page);
            prop_assert!(page.is_some(), "{element:?}");
            prop_assert!((0.0..=1.0).contains(&element.confidence), "{element:?}");
            let text = page.map_or("", |page| if element.furniture { &page.furniture } else { &page.text });
            let chars = text.chars().count() as u32;
            prop_assert!(element.start <= chars, "{element:?}");
            if element.end_page == element.page {
                prop_assert!(element.start <= element.end && element.end <= chars, "{element:?}");
                if !element.text.is_empty() && element.field != "section" {
                    prop_assert_eq!(fold(&slice(text, element.start, Some(element.end))), element.text);
                }
            } else {
                prop_assert!(element.end_page > element.page, "{element:?}");
            }
        }
        let json = serde_json::to_string(&structure).unwrap();
        prop_assert_eq!(serde_json::from_str::<Structure>(&json).unwrap(), structure);
    }

    #[test]
    fn any_text_is_read(text in "\\PC*|[\\s\\d.()A-Z]*", furniture in "\\PC*") {
        let page = PageText { page: 1, text, furniture, ..PageText::default() };
        let rows = read(&[page], None).elements().count();
        prop_assert!(rows < 100_000);
    }
}

/// Twice the text takes at most a little more than twice the rows, and a text that is all triggers
/// comes to an end: a reader that went back for each of them would not.
#[test]
fn long_texts_of_nothing_but_triggers() {
    for piece in [
        "versus ",
        "1. ",
        "Petitioner ",
        "No. 1 of 2020, ",
        "Justice A ",
        "\u{201c}a\n",
        "For Petitioner : Mr. A ",
        "JUDGMENT\n",
        "(((",
        "1.1.2020 ",
        "A ",
        "A B C D\n",
        "is dismissed appeal ",
        "and ",
    ] {
        let text = piece.repeat(300_000 / piece.len());
        let pages: Vec<PageText> = (1..=4)
            .map(|page| PageText {
                page,
                text: text.clone(),
                ..PageText::default()
            })
            .collect();
        let started = std::time::Instant::now();
        let rows = read(&pages, None).elements().count();
        assert!(rows < 60_000, "{piece:?}: {rows} rows");
        // A debug build on a busy machine; quadratic ones take minutes.
        assert!(
            started.elapsed().as_secs() < 20,
            "{piece:?}: {:?}",
            started.elapsed()
        );
    }
}
