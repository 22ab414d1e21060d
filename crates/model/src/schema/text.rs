//! The columns of the layers that are made from documents: `text/`, `ocr/`, `structure/`.

use arrow_schema::DataType;

use super::{Column, DIGEST, column as c, strings};

fn row_key() -> Column {
    c(
        "row_key",
        DataType::Utf8,
        false,
        "Identity of the judgment, as in judgments/.",
    )
}

fn cnr() -> Column {
    c("cnr", DataType::Utf8, true, "CNR of the judgment.")
}

fn document() -> Column {
    c(
        "document_sha256",
        DIGEST,
        false,
        "SHA-256 of the PDF the text comes from.",
    )
}

fn page() -> Column {
    c("page", DataType::UInt32, false, "Page number, from 1.")
}

pub(super) fn text_columns() -> Vec<Column> {
    use DataType::{Boolean, Date32, Float32, UInt32, Utf8};
    let languages = "Languages as ISO 639-3 codes, the main one first.";
    let condition = "What is wrong with the text: readable, legacy-converted (an eight-bit Indic font, \
        converted), legacy-font (one without a table), broken-unicode, garbled, scanned, empty.";
    let notes = "What signature fields and other annotations of the page say, a JSON object each: kind \
        (signature, or the PDF's word), text, and for signatures signer, signed_at, reason. Nothing is verified.";
    vec![
        row_key(),
        cnr(),
        c(
            "decision_date",
            Date32,
            true,
            "Decision date of the judgment.",
        ),
        document(),
        page(),
        c(
            "text",
            Utf8,
            false,
            "Body of the page, NFC, in reading order, lines kept.",
        ),
        c("chars", UInt32, false, "Number of characters of the body."),
        c(
            "quality",
            Float32,
            false,
            "Share of characters that can be read, 0 to 1: letters, figures and marks, and none that stands for a glyph without a value; 0 on a page without characters. On a page whose condition is broken-unicode, garbled or legacy-font, whose letters are others than those it shows, times wordlike where there is one. condition and needs_ocr tell more.",
        ),
        c(
            "method",
            Utf8,
            false,
            "digital, ocr-layer (invisible text over a picture), or none where the page has no readable text.",
        ),
        c(
            "script",
            Utf8,
            true,
            "ISO 15924 code of the script most letters are in.",
        ),
        c(
            "needs_ocr",
            Boolean,
            false,
            "Whether the page needs character recognition.",
        ),
        c(
            "engine",
            Utf8,
            false,
            "Extraction engine and version; \"(mended)\" where the file was mended first, as a transfer as text had damaged it.",
        ),
        c(
            "furniture",
            Utf8,
            true,
            "What is on the page and not part of the body, a line each: running heads, page numbers, stamps, boxes of signatures.",
        ),
        c(
            "mapped",
            Float32,
            true,
            "Share of glyphs with a Unicode value, 0 to 1.",
        ),
        c(
            "wordlike",
            Float32,
            true,
            "How much the words look like words of the page's languages, 0 to 1; null where there are too few to tell.",
        ),
        c("condition", Utf8, true, condition),
        c("languages", strings(), true, languages),
        c("notes", strings(), true, notes),
        c(
            "extractor",
            Utf8,
            true,
            "Version of the extraction as a whole: text that another one made is extracted again.",
        ),
    ]
}

pub(super) fn ocr_columns() -> Vec<Column> {
    use DataType::{Float32, Utf8};
    vec![
        row_key(),
        cnr(),
        document(),
        page(),
        c(
            "text",
            Utf8,
            false,
            "What character recognition read on the page's picture, NFC, lines kept. It stands beside the page's own text in text/, never over it.",
        ),
        c(
            "confidence",
            Float32,
            true,
            "Mean confidence of the words as the program states it, 0 to 1; null where it read none. Below 0.6 nothing is made of the text.",
        ),
        c(
            "languages",
            strings(),
            false,
            "Language packs it was read with, as the program names them.",
        ),
        c("engine", Utf8, false, "The program and its version."),
    ]
}

pub(super) fn structure_columns() -> Vec<Column> {
    use DataType::{Boolean, Float32, UInt32, Utf8};
    let conflict = "Whether the value in the document contradicts the portal's: evidence of a wrong PDF or a wrong row. \
        Null where the portal gives none.";
    vec![
        row_key(),
        cnr(),
        document(),
        c(
            "field",
            Utf8,
            false,
            "What was found: court, bench, jurisdiction, reportable, kind, case_number, petitioner, respondent, judge, \
             author, date_decision and other dates, result (as disposal in judgments/; where matters decided together \
             ended differently, that of the first), counsel, signatory, own_citation (the document's own \
             neutral citation), section, paragraph, quote. What nothing printed proves is left out: no decision is \
             dated before its case was brought, and papers that are no decisions have no case, date, judge or result.",
        ),
        c("value", Utf8, false, "Its normalised value."),
        c(
            "text",
            Utf8,
            false,
            "As it is printed; empty for paragraphs and quotations, which the span gives.",
        ),
        page(),
        c(
            "start",
            UInt32,
            false,
            "First character on the page, from 0, in text/'s text (in its furniture where in_furniture).",
        ),
        c(
            "end",
            UInt32,
            false,
            "Character after the last, on the page it ends on.",
        ),
        c(
            "in_furniture",
            Boolean,
            false,
            "Whether it stands in the page's furniture.",
        ),
        c(
            "confidence",
            Float32,
            false,
            "How sure the reading is, 0 to 1.",
        ),
        c(
            "portal_value",
            Utf8,
            true,
            "What the portal says of the same, where it says something.",
        ),
        c("conflict", Boolean, true, conflict),
        c("reader", Utf8, false, "Version of the reader of structure."),
        c("end_page", UInt32, false, "Page it ends on."),
        c(
            "in_ocr",
            Boolean,
            false,
            "Whether the positions count in ocr/'s text of the page, which stands in for one that cannot be trusted.",
        ),
        c(
            "detail",
            Utf8,
            true,
            "More of it: the role of a party, the relation of a case number, the side of a lawyer.",
        ),
    ]
}
