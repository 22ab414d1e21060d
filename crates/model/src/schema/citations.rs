//! The columns of `citations/` and of the graph made from it: `cites/`, `degrees/`, `dangling/`.

use arrow_schema::DataType;

use super::{Column, DIGEST, column as c, strings};

pub(super) fn citations_columns() -> Vec<Column> {
    use DataType::{Boolean, UInt32, Utf8};
    let resolution = "What became of the key: resolved, ambiguous (several judgments of the lake answer to it), \
        unknown (none does), own (it is the document's own), none (nothing that names a judgment: statutes, foreign reports).";
    vec![
        c("row_key", Utf8, false, "Identity of the citing judgment."),
        c("printed", Utf8, false, "Citation as printed."),
        c("canonical", Utf8, false, "Canonical key."),
        c(
            "kind",
            Utf8,
            false,
            "neutral, reporter, foreign, cnr, case_number, diary, statute, provision.",
        ),
        c("page", UInt32, false, "Page, from 1."),
        c(
            "start",
            UInt32,
            false,
            "First character in the page's text, from 0.",
        ),
        c(
            "end",
            UInt32,
            false,
            "Character after the last, on the page it ends on.",
        ),
        c(
            "target_cnr",
            Utf8,
            true,
            "CNR of the cited case, if resolved; also where several decisions of one case answer to the key.",
        ),
        c("cnr", Utf8, true, "CNR of the citing judgment."),
        c(
            "document_sha256",
            DIGEST,
            false,
            "SHA-256 of the PDF that cites.",
        ),
        c(
            "cluster",
            UInt32,
            true,
            "Number of the cluster in the document: parallel citations of one judgment share it.",
        ),
        c(
            "pinpoint",
            Utf8,
            true,
            "Place in the cited judgment, as printed (para 12, at p. 131).",
        ),
        c(
            "statute",
            Utf8,
            true,
            "Key of the statute that a provision belongs to, where it is known.",
        ),
        c(
            "target_row_key",
            Utf8,
            true,
            "Row of the cited judgment, if resolved.",
        ),
        c("resolution", Utf8, false, resolution),
        c(
            "flags",
            strings(),
            false,
            "not_in_tables (its court token, reporter or statute is not known); statute_defined, statute_preceding, \
             statute_custom (what links a provision to a statute that does not stand beside it).",
        ),
        c("finder", Utf8, false, "Version of the finder of citations."),
        c("end_page", UInt32, false, "Page it ends on."),
        c(
            "in_ocr",
            Boolean,
            false,
            "Whether the positions count in ocr/'s text of the page, which stands in for one that cannot be trusted.",
        ),
    ]
}

pub(super) fn cites_columns() -> Vec<Column> {
    use DataType::{UInt32, Utf8};
    vec![
        c("row_key", Utf8, false, "The citing judgment."),
        c(
            "target_row_key",
            Utf8,
            false,
            "The cited judgment, another one.",
        ),
        c("key", Utf8, false, "Canonical key of the first citation."),
        c(
            "count",
            UInt32,
            false,
            "Citations that lead there, parallel ones counted once.",
        ),
        c("first_page", UInt32, false, "Page of the first one."),
    ]
}

pub(super) fn degrees_columns() -> Vec<Column> {
    use DataType::{UInt32, Utf8};
    vec![
        c("row_key", Utf8, false, "The judgment."),
        c("cnr", Utf8, true, "Its CNR."),
        c(
            "in_degree",
            UInt32,
            false,
            "Judgments of the lake that cite it.",
        ),
        c(
            "out_degree",
            UInt32,
            false,
            "Judgments of the lake that it cites.",
        ),
        c(
            "dangling",
            UInt32,
            false,
            "Different keys of judgments in it that lead to none of the lake.",
        ),
    ]
}

pub(super) fn dangling_columns() -> Vec<Column> {
    use DataType::{UInt32, Utf8};
    vec![
        c(
            "canonical",
            Utf8,
            false,
            "Canonical key that leads to no judgment of the lake.",
        ),
        c(
            "kind",
            Utf8,
            false,
            "neutral, reporter, cnr, case_number, diary.",
        ),
        c(
            "resolution",
            Utf8,
            false,
            "unknown (no judgment answers to it) or ambiguous (several do).",
        ),
        c("count", UInt32, false, "Times it is cited."),
        c("judgments", UInt32, false, "Judgments that cite it."),
    ]
}
