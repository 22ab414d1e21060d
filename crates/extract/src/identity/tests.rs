//! Rows and texts with invented names and numbers, in the forms of the portals and of real captions.

use super::*;
use crate::page_text;

fn row(case: &str, petitioner: &str, respondent: &str) -> Judgment {
    let mut row: Judgment = serde_json::from_value(serde_json::json!({
        "source": "ecourts-hc", "court_code": "delhi", "court_name": "High Court of Delhi",
        "bench_code": "dhcdb", "cnr": null, "order_no": null, "title": case, "petitioner": null,
        "respondent": null, "case_number_raw": case, "case_number": null, "diary_number": null,
        "judges": [], "author_judge": null, "bench_strength": null, "registration_date": null,
        "decision_date": null, "decision_date_raw": "01-03-2024", "disposal_raw": null,
        "disposal": null, "neutral_citation": null, "reporter_citation": null, "description": null,
        "languages": [], "document_path": case, "citation_year": null,
        "document_kind": "unstated", "uploaded_at": null, "flags": []
    }))
    .unwrap();
    row.case_number = case.parse().ok();
    row.petitioner = Some(petitioner.to_owned()).filter(|name| !name.is_empty());
    row.respondent = Some(respondent.to_owned()).filter(|name| !name.is_empty());
    row
}

fn own() -> Judgment {
    row(
        "WP/12923/2016",
        "GOVIND BALASUBRAMANIAN",
        "STATE OF KERALA AND OTHERS",
    )
}

/// A page with `caption` and enough prose to be a text.
fn page(caption: &str) -> PageText {
    let prose = "The learned counsel were heard at length. The matter turns on the reading of the rule and on \
        the facts that are not in dispute. For these reasons the prayer is refused with no order as to costs. ";
    page_text(1, &format!("{caption}\n{}", prose.repeat(3)))
}

fn verdict(caption: &str) -> Verdict {
    check(&own(), &[], &[page(caption)])
}

#[test]
fn the_forms_in_which_a_case_number_is_printed() {
    for caption in [
        "WP/12923/2016",
        "W.P. No. 12923 of 2016",
        "WRIT PETITION NO.12923 OF 2016",
        "W.P.No.12923of2016",
        "WP(C) NO. 012923/2016",
        "W.P. Nos. 12923 - 12930 of 2016",
        "W.P. Nos. 12921, 12922, 12923 and 12924 of 2016",
        "रिट याचिका क्रमांक १२९२३/२०१६",
        "R/WRIT PETITION/12923/2016",
    ] {
        assert_eq!(verdict(caption), Verdict::Matched, "{caption}");
    }
}

#[test]
fn what_looks_like_the_case_number_and_is_not() {
    for caption in [
        "W.P. No. 12924 of 2016",
        "W.P. No. 12923 of 2017",
        "W.P. No. 112923 of 2016",
        "Crime No. 12923 of 2016",
        "12923 persons came in the year 2016",
    ] {
        assert_eq!(verdict(caption), Verdict::Unconfirmed, "{caption}");
    }
    let first = row("WP/1/2024", "", "");
    for caption in [
        "Dated: 1.1.2024",
        "on 01/01/2024",
        "Act 1 of 2024",
        "5-1-2024",
        "March 1, 2024",
    ] {
        assert_eq!(
            check(&first, &[], &[page(caption)]),
            Verdict::Unconfirmed,
            "{caption}"
        );
    }
    assert_eq!(
        check(&first, &[], &[page("WP 1 of 2024")]),
        Verdict::Matched
    );
}

#[test]
fn cnr_diary_number_and_neutral_citation_are_evidence() {
    let mut cnr = row("", "", "");
    cnr.cnr = "KLHC010000122016".parse().ok();
    assert_eq!(
        check(&cnr, &[], &[page("CNR No. KLHC01-000012-2016")]),
        Verdict::Matched
    );
    assert_eq!(
        check(&cnr, &[], &[page("CNR No. KLHC01-000013-2016")]),
        Verdict::AnotherCase {
            cnr: "KLHC010000132016".to_owned()
        }
    );

    let mut diary = row("", "", "");
    diary.diary_number = Some("1234/2025".to_owned());
    assert_eq!(
        check(&diary, &[], &[page("Diary No. 1234 of 2025")]),
        Verdict::Matched
    );

    let mut cited = row("", "", "");
    cited.neutral_citation = "2024:DHC:2073-DB".parse().ok();
    assert_eq!(
        check(&cited, &[], &[page("2024:DHC:2073-DB")]),
        Verdict::Matched
    );
    assert_eq!(
        check(&cited, &[], &[page("2024:DHC:20731-DB")]),
        Verdict::Unconfirmed
    );
}

#[test]
fn a_neutral_citation_is_evidence_in_the_masthead_and_in_a_stamp_not_where_it_is_cited() {
    let mut cited = row("", "", "");
    cited.neutral_citation = "2024:DHC:2073-DB".parse().ok();
    let mut citing = page("IN THE HIGH COURT OF DELHI");
    citing.text += "This was settled in 2024:DHC:2073-DB, which binds this court.";
    assert_eq!(
        check(&cited, &[], std::slice::from_ref(&citing)),
        Verdict::Unconfirmed
    );
    citing.furniture = "Neutral Citation Number: 2024:DHC:2073-DB".to_owned();
    assert_eq!(check(&cited, &[], &[citing]), Verdict::Matched);
}

#[test]
fn party_names() {
    for (petitioner, respondent, caption, expected) in [
        (
            "Govind Balasubramanian",
            "State of Kerala",
            "GOVIND BALASUBRAMANIAN ... Petitioner",
            Verdict::Matched,
        ),
        (
            "Govind Balasubramanian",
            "Union of India",
            "Govind, S/o Balasubramanian",
            Verdict::Matched,
        ),
        (
            "Govind Balasubramanian",
            "Farida Qureshi",
            "Govind Balasubramanian v. Farida Qureshi",
            Verdict::Matched,
        ),
        (
            "Balasubramanian",
            "Qureshi",
            "BALASUBRAMANIAN VERSUS QURESHI",
            Verdict::Matched,
        ),
        // A surname of each, in the names of others.
        (
            "Ranjan Qureshi",
            "Farida Menon",
            "Leela Menon v. N. Qureshi Dutta",
            Verdict::Unconfirmed,
        ),
        // One of two, and words that name nobody.
        (
            "Govind Balasubramanian",
            "Farida Qureshi",
            "Govind Balasubramanian v. Leela Menon",
            Verdict::Unconfirmed,
        ),
        (
            "Balasubramanian",
            "State of Kerala",
            "Balasubramanian",
            Verdict::Unconfirmed,
        ),
        (
            "Ramesh Kumar",
            "Suresh Singh",
            "Ramesh Kumar v. Suresh Singh",
            Verdict::Unconfirmed,
        ),
        (
            "State of Kerala",
            "Union of India",
            "State of Kerala v. Union of India",
            Verdict::Unconfirmed,
        ),
    ] {
        let own = row("", petitioner, respondent);
        assert_eq!(
            check(&own, &[], &[page(caption)]),
            expected,
            "{petitioner} / {respondent}: {caption}"
        );
    }
}

#[test]
fn another_row_needs_evidence_for_it_and_none_for_our_own() {
    let other = row("WP/555/2016", "LEELA MENON", "FARIDA QURESHI");
    let third = row("CRL.A./77/2019", "", "");
    let found = |caption: &str| check(&own(), &[&third, &other], &[page(caption)]);
    let is_other = Verdict::Other {
        row_key: other.key(),
    };
    for caption in [
        "W.P. No. 555 of 2016",
        "WRIT PETITION No. 555 of 2016\nA v. B",
        "Leela Menon versus Farida Qureshi",
        "In O.P. 555/2016\nLeela Menon versus others",
    ] {
        assert_eq!(found(caption), is_other, "{caption}");
    }
    for caption in [
        // Nothing of either, a number without its type, a single party, another's crime number.
        "O.A. 9 of 1999",
        "impugned order in O.P. 555/2016",
        "Leela Menon versus others",
        "FIR No. 77 of 2019",
        // Something of our own.
        "W.P. No. 555 of 2016, Govind v. others",
    ] {
        assert_eq!(found(caption), Verdict::Unconfirmed, "{caption}");
    }
    assert_eq!(
        found("WP/12923/2016 with W.P. No. 555 of 2016"),
        Verdict::Matched
    );
    for caption in ["CRL.A. 77/2019", "CRIMINAL APPEAL no. 77 of 2019"] {
        assert_eq!(
            found(caption),
            Verdict::Other {
                row_key: third.key()
            },
            "{caption}"
        );
    }
}

#[test]
fn another_cnr_asks_for_more_than_a_number_or_names() {
    let mut own = own();
    own.cnr = "KLHC010000122016".parse().ok();
    let of = |caption: &str| check(&own, &[], &[page(caption)]);
    let foreign = Verdict::AnotherCase {
        cnr: "KLHC010000992024".to_owned(),
    };
    for (caption, verdict) in [
        (
            "CNR: KLHC010000992024\nGOVIND BALASUBRAMANIAN v. STATE OF KERALA",
            foreign.clone(),
        ),
        (
            "CNR: KLHC01-000099-2024\nSee also W.P. No. 12923 of 2016.",
            foreign.clone(),
        ),
        ("CNR: KLHC010000992024\nAnother v. Somebody", foreign),
        // One judgment for several cases prints the CNR of the first.
        (
            "CNR: KLHC010000992024\nW.P. Nos. 12921 and 12923 of 2016\nGOVIND BALASUBRAMANIAN v. STATE OF KERALA",
            Verdict::Matched,
        ),
        ("CNR: KLHC010000992024, KLHC010000122016", Verdict::Matched),
        (
            "GOVIND BALASUBRAMANIAN v. STATE OF KERALA",
            Verdict::Matched,
        ),
    ] {
        assert_eq!(of(caption), verdict, "{caption}");
    }
}

#[test]
fn a_case_cited_deep_in_the_text_is_not_another_row() {
    let other = row("WP/555/2016", "", "");
    let body = "The facts are these and the law is that. ".repeat(60);
    let cited = page_text(
        1,
        &format!("O.A. 9 of 1999\n{body} See W.P. No. 555 of 2016. {body}"),
    );
    assert_eq!(check(&own(), &[&other], &[cited]), Verdict::Unconfirmed);
}

#[test]
fn the_better_of_two_other_rows_is_named() {
    let number_only = row("WP/555/2016", "", "");
    let with_party = row("WP/556/2016", "LEELA MENON", "FARIDA QURESHI");
    let page = page("WP 555/2016 and WP 556/2016\nLeela Menon versus Farida Qureshi");
    let found = check(&own(), &[&number_only, &with_party], &[page]);
    assert_eq!(
        found,
        Verdict::Other {
            row_key: with_party.key()
        }
    );
}

#[test]
fn our_own_row_among_the_others_is_not_another() {
    let mut own = own();
    own.case_number = None;
    let twin = row("WP/12923/2016", "", "");
    own.title.clone_from(&twin.title);
    own.petitioner = None;
    assert_eq!(
        check(&own, &[&twin], &[page("WP/12923/2016")]),
        Verdict::Unconfirmed
    );
}

#[test]
fn scans_and_unreadable_text_prove_nothing() {
    let other = row("WP/555/2016", "", "");
    assert_eq!(check(&own(), &[&other], &[]), Verdict::NoText);
    assert_eq!(
        check(&own(), &[&other], &[page_text(1, "WP 555/2016")]),
        Verdict::NoText
    );
    assert_eq!(
        check(&own(), &[], &[page_text(1, "WP 12923/2016")]),
        Verdict::Matched
    );
    let soup = page_text(1, &"izkFkhZ ds fo:) vkjksi gS fd mlus fnukad ".repeat(20));
    let hindi = page_text(
        1,
        &"याचिका खारिज की जाती है। पक्षकार अपना व्यय वहन करेंगे। ".repeat(20),
    );
    for page in [soup, hindi] {
        assert_eq!(check(&own(), &[&other], &[page]), Verdict::Unconfirmed);
    }
}

#[test]
fn the_first_three_pages_and_the_last_are_looked_at() {
    let plain = page("");
    let at = |which: usize| {
        let mut pages = vec![plain.clone(); 6];
        pages[which] = page("WP/12923/2016");
        check(&own(), &[], &pages)
    };
    let verdicts: Vec<bool> = (0..6).map(|which| at(which) == Verdict::Matched).collect();
    assert_eq!(verdicts, [true, true, true, false, false, true]);
}

#[test]
fn one_name_is_not_enough_where_the_masthead_has_another_number() {
    let names = "PRAKASH NARAYANAN ... Appellant\nVersus\nGOVIND BALASUBRAMANIAN ... Respondent";
    let other = format!("IN THE HIGH COURT OF KERALA\nW.A./88745/2023\n{names}");
    assert_eq!(verdict(&other), Verdict::Unconfirmed);
    // Without a number there is nothing that speaks against the one name; both names stand against a number.
    assert_eq!(
        verdict(&format!("IN THE HIGH COURT\n{names}")),
        Verdict::Matched
    );
    let both = "W.A. No. 88745 of 2023\nGOVIND BALASUBRAMANIAN ... Appellant\nVersus\nMEENAKSHI SUNDARARAJAN";
    let row = row(
        "WP/12923/2016",
        "GOVIND BALASUBRAMANIAN",
        "MEENAKSHI SUNDARARAJAN",
    );
    assert_eq!(check(&row, &[], &[page(both)]), Verdict::Matched);
    // A date is no case.
    let dated = format!("IN THE HIGH COURT OF KERALA\nDated 1.3.2024\n{names}");
    assert_eq!(verdict(&dated), Verdict::Matched);
}

#[test]
fn a_judgment_of_the_supreme_court_is_no_order_of_a_high_court() {
    let text = "IN THE SUPREME COURT OF INDIA\nCivil Appeal No. 131 of 2004\nNORTHERN MILLS v. EASTERN ROADS";
    assert_eq!(verdict(text), Verdict::AnotherCourt);
    let mut reported = own();
    reported.source = SourceId::Scr;
    assert_eq!(
        check(&reported, &[], &[page(text)]),
        Verdict::Unconfirmed,
        "its own court says nothing against it"
    );
    // Something of the row, however little, and the court is no evidence: an appeal may be filed with the order.
    let some = format!("{text}\nGOVIND BALASUBRAMANIAN");
    assert_ne!(verdict(&some), Verdict::AnotherCourt);
    // Deep in a text other courts are spoken of.
    let deep = format!(
        "{} the Supreme Court of India",
        "the petitioner says ".repeat(40)
    );
    assert_eq!(verdict(&deep), Verdict::Unconfirmed);
}
