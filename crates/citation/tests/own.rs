//! The document's own neutral citation; all pages are made up.

use nirnay_citation::{Evidence, Identity, own};

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn evidence_decides() {
    let year = |year| Identity {
        year: Some(year),
        ..Identity::default()
    };
    let none = Identity::default();
    let numbers = ["W.P.(C) 12/2023"];
    let numbered = Identity {
        case_numbers: &numbers,
        ..none
    };
    for (pages, identity, key, evidence) in [
        (
            vec![("2024 INSC 855\nREPORTABLE\nIN THE SUPREME COURT", "")],
            none,
            Some("2024 INSC 855"),
            Some(Evidence::Masthead),
        ),
        (
            vec![("[2024] 6 S.C.R. 594 : 2024 INSC 401\nA v. B", "")],
            none,
            Some("2024 INSC 401"),
            Some(Evidence::Masthead),
        ),
        (
            vec![("Neutral Citation No. - 2025:AHC:56952-DB\nCourt No. 1", "")],
            none,
            Some("2025:AHC:56952-DB"),
            Some(Evidence::Masthead),
        ),
        (
            vec![("Order", "2025:BHC-OS:19595-DB")],
            none,
            Some("2025:BHC-OS:19595-DB"),
            Some(Evidence::Stamp),
        ),
        // The only citation is of the judgment that is followed.
        (
            vec![(
                "IN THE HIGH COURT\nThis is covered by the judgment in A v. B, 2023:DHC:2720. Dismissed.",
                "",
            )],
            none,
            None,
            None,
        ),
        (
            vec![(
                "IN THE HIGH COURT\nreported in\n2023:DHC:2720.\nDismissed.",
                "",
            )],
            year(2024),
            None,
            None,
        ),
        // Another year cannot be its own.
        (
            vec![("2023:DHC:2720\nIN THE HIGH COURT", "")],
            year(2026),
            None,
            None,
        ),
        // The line of another breaks before it, but this one is named.
        (
            vec![(
                "W.P. 12/2024\nNeutral Citation No. 2024/MHC/12\nas was held by the bench\n2024:DHC:77\nof this",
                "",
            )],
            none,
            Some("2024:MHC:12"),
            Some(Evidence::Masthead),
        ),
        // Decided in December, put up in January; but not where it stands as one that is cited might.
        (
            vec![("2024:DHC:12\nIN THE HIGH COURT", "")],
            year(2023),
            Some("2024:DHC:12"),
            Some(Evidence::Masthead),
        ),
        (
            vec![("2024:DHC:12\n2023:DHC:9001\nIN THE HIGH COURT", "")],
            year(2023),
            Some("2023:DHC:9001"),
            Some(Evidence::Masthead),
        ),
        // Two at the head.
        (
            vec![("2023:DHC:2720\n2023:DHC:2721\nIN THE HIGH COURT", "")],
            none,
            None,
            None,
        ),
        // With and without its tag it is one.
        (
            vec![("2023:DHC:2720\nx", "2023:DHC:2720-DB")],
            none,
            Some("2023:DHC:2720-DB"),
            Some(Evidence::Stamp),
        ),
        (
            vec![("W.P.(C) 12/2023 2023:DHC:9\nA v. B", "")],
            numbered,
            Some("2023:DHC:9"),
            Some(Evidence::Masthead),
        ),
        (
            vec![("6 2024 INSC 262 : 2024 SCC OnLine SC 489", "")],
            none,
            None,
            None,
        ),
    ] {
        let answer = own(&pages, identity);
        assert_eq!(
            (answer.key.as_deref(), answer.evidence),
            (key, evidence),
            "{pages:?} {answer:?}"
        );
    }
    let two = own(
        &[("2023:DHC:2720\n2023:DHC:2721\nIN THE HIGH COURT", "")],
        none,
    );
    assert!(two.conflict && two.candidates.len() == 2);
}
