//! Whether a PDF is the document that its row names.
//!
//! Portals have been seen to answer one session's request with another session's file. The text
//! settles it where it can: [`check`] looks for what a row says about its case on the first three
//! pages and the last, and calls a document another row's only on evidence for that row.
//!
//! Two orders of one case both name the case: [`check`] does not tell them apart. Where the text says on which day it
//! was decided ([`crate::structure::decided`]), whoever knows the orders of the case can.
//!
//! ```
//! use nirnay_extract::identity::{Verdict, check};
//! use nirnay_extract::page_text;
//! # fn row() -> nirnay_model::Judgment {
//! #     serde_json::from_value(serde_json::json!({
//! #         "source": "ecourts-hc", "court_code": "delhi", "court_name": "High Court of Delhi",
//! #         "bench_code": "dhcdb", "cnr": null, "order_no": null, "title": "", "petitioner": null,
//! #         "respondent": null, "case_number_raw": "W.P.(C)/1065/2021",
//! #         "case_number": { "case_type": "W.P.(C)", "number": 1065, "year": 2021 },
//! #         "diary_number": null, "judges": [], "author_judge": null, "bench_strength": null,
//! #         "registration_date": null, "decision_date": null, "decision_date_raw": "",
//! #         "disposal_raw": null, "disposal": null, "neutral_citation": null,
//! #         "reporter_citation": null, "description": null, "languages": [],
//! #         "document_path": null, "citation_year": null, "document_kind": "unstated",
//! #         "uploaded_at": null, "flags": []
//! #     })).unwrap()
//! # }
//!
//! let row = row(); // W.P.(C)/1065/2021
//! let page = page_text(1, "IN THE HIGH COURT OF DELHI\nW.P.(C) 1065 of 2021\nThe petition is dismissed.");
//! assert_eq!(check(&row, &[], &[page]), Verdict::Matched);
//! ```

mod evidence;
mod party;
mod words;

use std::cmp::Reverse;

use nirnay_model::{CourtCode, Judgment, PageText, RowKey, SourceId};

use evidence::{Evidence, Examined};

/// Fewer letters than this on the pages looked at are no text to compare.
const FEWEST_LETTERS: usize = 200;

/// What the text says about the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The text names the row's case number, CNR, neutral citation or parties.
    Matched,
    /// There is too little text to compare (a scan).
    NoText,
    /// There is text, and it names neither this row nor, beyond doubt, another.
    Unconfirmed,
    /// The text prints the CNR of another case at its head and not this row's, and no more of this row than chance
    /// gives: its number or its parties, not both.
    AnotherCase {
        /// The CNR that it prints.
        cnr: String,
    },
    /// The text names the case, and the day on which it was decided is that of another order of the case, not of this
    /// row's. [`check`] never says so: it does not know the other orders.
    AnotherOrder,
    /// The text is headed by the Supreme Court, the row is another court's, and the text has nothing of the row.
    AnotherCourt,
    /// The text names another row of the same list, and nothing of this one.
    Other {
        /// The row it names.
        row_key: RowKey,
    },
}

/// Compares the text of a PDF with its own row and with the other rows of the same list.
pub fn check(own: &Judgment, others: &[&Judgment], pages: &[PageText]) -> Verdict {
    let examined = Examined::of(pages);
    let own_evidence = Evidence::find(own, &examined);
    if own_evidence.is_strong() {
        return Verdict::Matched;
    }
    if examined.letters() < FEWEST_LETTERS {
        return Verdict::NoText;
    }
    let unconfirmed = || {
        let foreign = examined.cnr_at_head().filter(|_| own_evidence.is_foreign());
        foreign.map_or(Verdict::Unconfirmed, |cnr| Verdict::AnotherCase {
            cnr: cnr.to_owned(),
        })
    };
    if own_evidence.is_any() {
        return unconfirmed();
    }
    let unconfirmed = || {
        let is_elsewhere = own.source == SourceId::EcourtsHc && own.court_code != CourtCode::sci();
        if is_elsewhere && examined.is_of_supreme_court() {
            Verdict::AnotherCourt
        } else {
            unconfirmed()
        }
    };
    let own_key = own.key();
    others
        .iter()
        .enumerate()
        .filter_map(|(at, row)| {
            let evidence = Evidence::find(row, &examined);
            evidence
                .is_decisive()
                .then_some((evidence.weight(), Reverse(at), row.key()))
        })
        .filter(|(.., key)| *key != own_key)
        .max_by_key(|(weight, at, _)| (*weight, *at))
        .map_or_else(unconfirmed, |(.., row_key)| Verdict::Other { row_key })
}

#[cfg(test)]
mod tests;
