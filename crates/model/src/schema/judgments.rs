//! The columns of `judgments/` and `revisions/`.

use arrow_schema::DataType;

use super::{CAPTURE, Column, DIGEST, column, strings, utc};

/// The columns of `judgments/`: one row a listed judgment.
#[expect(clippy::too_many_lines, reason = "a table: one entry a column")]
pub fn judgments_columns() -> Vec<Column> {
    use DataType::{Date32, UInt16, UInt32, UInt64, Utf8};
    let t = column;
    vec![
        t(
            "source",
            Utf8,
            false,
            "Source that listed the row: ecourts-hc, ecourts-scr, scr, sci-feed.",
        ),
        t(
            "court_code",
            Utf8,
            false,
            "Court: judgments-portal code and state code joined by _, or sci. Equals the court= partition.",
        ),
        t(
            "court_name",
            Utf8,
            false,
            "Court as printed by the portal, or the registry's name where the row prints none.",
        ),
        t(
            "bench_code",
            Utf8,
            false,
            "Portal database the document lies in; scr and feed for the Supreme Court. Equals the bench= partition.",
        ),
        t(
            "cnr",
            Utf8,
            true,
            "Case Number Record, 16 characters. Repeats: one case can have several decisions.",
        ),
        t(
            "cnr_prefix",
            Utf8,
            true,
            "Characters 1-4 of the CNR: state and court.",
        ),
        t(
            "cnr_establishment",
            Utf8,
            true,
            "Characters 5-6 of the CNR: establishment.",
        ),
        t(
            "cnr_serial",
            UInt32,
            true,
            "Characters 7-12 of the CNR: serial within establishment and year.",
        ),
        t(
            "cnr_year",
            UInt16,
            true,
            "Characters 13-16 of the CNR: year of registration.",
        ),
        t(
            "order_no",
            UInt32,
            true,
            "Order number from the document path.",
        ),
        t(
            "title",
            Utf8,
            false,
            "Title as printed, entities decoded, white space folded.",
        ),
        t(
            "petitioner",
            Utf8,
            true,
            "First party, cut from the title at Vs / versus.",
        ),
        t(
            "respondent",
            Utf8,
            true,
            "Second party, cut from the title at Vs / versus.",
        ),
        t("case_number", Utf8, true, "Case number as printed."),
        t("case_type", Utf8, true, "Type part of the case number."),
        t(
            "case_no",
            UInt32,
            true,
            "Number part of the case number (the first of a range).",
        ),
        t("case_year", UInt16, true, "Year part of the case number."),
        t(
            "diary_number",
            Utf8,
            true,
            "Supreme Court diary number, number/year (feed only).",
        ),
        t(
            "judges",
            strings(),
            false,
            "Judges as printed, one a name; empty when the row names none.",
        ),
        t(
            "author_judge",
            Utf8,
            true,
            "The author, where the portal marks one.",
        ),
        t(
            "bench_strength",
            UInt16,
            true,
            "Number of judges: stated by the portal, else counted.",
        ),
        t("registration_date", Date32, true, "Date of registration."),
        t(
            "decision_date",
            Date32,
            true,
            "Date of decision: the portal's field, which its search filter uses.",
        ),
        t("disposal_raw", Utf8, true, "Disposal nature as printed."),
        t(
            "disposal",
            Utf8,
            true,
            "Disposal nature in a closed vocabulary: allowed, partly_allowed, dismissed, withdrawn, default, infructuous, settled, remanded, disposed_of, other.",
        ),
        t(
            "neutral_citation",
            Utf8,
            true,
            "Neutral citation in canonical form (2025 INSC 555; 2023:DHC:2073-DB).",
        ),
        t(
            "reporter_citation",
            Utf8,
            true,
            "Reporter citation as printed ([2025] 5 S.C.R. 275).",
        ),
        t("description", Utf8, true, "Excerpt shown in the list."),
        t(
            "languages",
            strings(),
            false,
            "Languages in which the document is offered, portal codes; ENG for the original.",
        ),
        t(
            "document_kind",
            Utf8,
            false,
            "What the portal calls it: judgment, order, unstated. High Court rows do not say.",
        ),
        t(
            "document_path",
            Utf8,
            true,
            "Path of the document as the portal names it, without the fragment.",
        ),
        t(
            "document_status",
            Utf8,
            false,
            "pending, stored, or missing.",
        ),
        t(
            "document_missing_reason",
            Utf8,
            true,
            "Why it is missing: not_listed, empty_body, not_a_pdf, truncated, wrong_document, link_refused, row_gone, too_large, removed.",
        ),
        t(
            "document_sha256",
            DIGEST,
            true,
            "SHA-256 of the PDF as served: its name under documents/.",
        ),
        t("document_size", UInt64, true, "Size of the PDF in bytes."),
        t(
            "document_pages",
            UInt32,
            true,
            "Number of pages, once its text has been extracted.",
        ),
        t(
            "document_check",
            Utf8,
            true,
            "Whether its text names the case: matched; no_text; unconfirmed (it names none, or is dated as another order of the case, and was served so several times).",
        ),
        t(
            "uploaded_at",
            utc(),
            true,
            "When the portal says it was uploaded (feed only).",
        ),
        t(
            "flags",
            strings(),
            false,
            "Contradictions noticed, e.g. cnr_court_mismatch, path_date_differs. The portal's values stand as given.",
        ),
        t(
            "first_seen",
            utc(),
            false,
            "Start of the run that first saw the row.",
        ),
        t(
            "last_seen",
            utc(),
            false,
            "Start of the latest run that saw the row.",
        ),
        t(
            "not_listed_since",
            utc(),
            true,
            "Start of the run that no longer found the row in the portal's list; null while it is listed. Rows are never deleted for that.",
        ),
        t(
            "row_hash",
            DIGEST,
            false,
            "SHA-256 over all values the portal gave; a change makes a revision.",
        ),
        t(
            "capture_id",
            CAPTURE,
            false,
            "Capture the row was read from (Nirnay-Capture header in captures/*.warc.gz).",
        ),
        t(
            "capture_row",
            UInt32,
            false,
            "Place of the row in that capture, from 0.",
        ),
        t(
            "row_key",
            Utf8,
            false,
            "Identity: source/court/bench/CNR/decision date/order number, or a stated fallback hash.",
        ),
    ]
}

pub(super) fn revisions_columns() -> Vec<Column> {
    use DataType::Utf8;
    vec![
        column("row_key", Utf8, false, "Identity of the judgment or case."),
        column(
            "field",
            Utf8,
            false,
            "What changed: the value's name, or not_listed_since when the portal ceased or began again to list the row.",
        ),
        column("old", Utf8, true, "Value before, as JSON."),
        column("new", Utf8, true, "Value after, as JSON."),
        column(
            "seen",
            utc(),
            false,
            "Start of the run that saw the change.",
        ),
    ]
}
