//! The published tables: Arrow schemas, and the data dictionary made from the same list.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, TimeUnit};

/// The version of the published tables. Columns are only ever added, never renamed or retyped.
pub const SCHEMA_VERSION: u32 = 2;

/// A column of a published table: what the schema and the data dictionary are made from.
#[derive(Debug, Clone)]
pub struct Column {
    /// The name.
    pub name: &'static str,
    /// The Arrow type.
    pub data_type: DataType,
    /// Whether it may be null.
    pub nullable: bool,
    /// What it means, with unit and source.
    pub meaning: &'static str,
}

fn column(
    name: &'static str,
    data_type: DataType,
    nullable: bool,
    meaning: &'static str,
) -> Column {
    Column {
        name,
        data_type,
        nullable,
        meaning,
    }
}

fn utc() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn strings() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Utf8, false)))
}

const DIGEST: DataType = DataType::FixedSizeBinary(32);
const CAPTURE: DataType = DataType::FixedSizeBinary(16);

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
            "Whether its text names the case: matched, no_text, unconfirmed.",
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

fn text_columns() -> Vec<Column> {
    use DataType::{Boolean, Date32, Float32, UInt32, Utf8};
    vec![
        column(
            "row_key",
            Utf8,
            false,
            "Identity of the judgment, as in judgments/.",
        ),
        column("cnr", Utf8, true, "CNR of the judgment."),
        column(
            "decision_date",
            Date32,
            true,
            "Decision date of the judgment.",
        ),
        column(
            "document_sha256",
            DIGEST,
            false,
            "SHA-256 of the PDF the text comes from.",
        ),
        column("page", UInt32, false, "Page number, from 1."),
        column("text", Utf8, false, "Text of the page, NFC, lines kept."),
        column("chars", UInt32, false, "Number of characters."),
        column(
            "quality",
            Float32,
            false,
            "Share of readable characters, 0 to 1.",
        ),
        column(
            "method",
            Utf8,
            false,
            "digital, or none where the page has no readable text.",
        ),
        column(
            "script",
            Utf8,
            true,
            "ISO 15924 code of the script most letters are in.",
        ),
        column(
            "needs_ocr",
            Boolean,
            false,
            "Whether the page needs character recognition.",
        ),
        column("engine", Utf8, false, "Extraction engine and version."),
    ]
}

fn revisions_columns() -> Vec<Column> {
    use DataType::Utf8;
    vec![
        column("row_key", Utf8, false, "Identity of the judgment."),
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

fn citations_columns() -> Vec<Column> {
    use DataType::{UInt32, Utf8};
    vec![
        column("row_key", Utf8, false, "Identity of the citing judgment."),
        column("printed", Utf8, false, "Citation as printed."),
        column("canonical", Utf8, false, "Canonical key."),
        column(
            "kind",
            Utf8,
            false,
            "neutral, reporter, case_number, statute.",
        ),
        column("page", UInt32, false, "Page, from 1."),
        column(
            "start",
            UInt32,
            false,
            "First character on the page, from 0.",
        ),
        column("end", UInt32, false, "Character after the last."),
        column(
            "target_cnr",
            Utf8,
            true,
            "CNR of the cited case, if resolved.",
        ),
    ]
}

fn schema_of(columns: &[Column]) -> Arc<Schema> {
    Arc::new(Schema::new(
        columns
            .iter()
            .map(|c| Field::new(c.name, c.data_type.clone(), c.nullable))
            .collect::<Vec<_>>(),
    ))
}

/// The schema of `judgments/`.
pub fn judgments_schema() -> Arc<Schema> {
    schema_of(&judgments_columns())
}

/// The schema of `text/`: a row a page.
pub fn text_schema() -> Arc<Schema> {
    schema_of(&text_columns())
}

/// The schema of `revisions/`: a row a changed field.
pub fn revisions_schema() -> Arc<Schema> {
    schema_of(&revisions_columns())
}

/// The schema of `citations/`: a row a citation found.
pub fn citations_schema() -> Arc<Schema> {
    schema_of(&citations_columns())
}

/// The data dictionary as Markdown, made from the schemas themselves.
pub fn data_dictionary() -> String {
    let mut lines = vec![
        "# Data dictionary\n".to_owned(),
        format!("Schema version {SCHEMA_VERSION}. Made from the schemas by `nirnay doctor --data-dictionary`; do not edit.\n"),
        "All tables are zstd Parquet under `data/lake/`, partitioned `year=/court=/bench=` (year of decision; 0 where a row has none).".to_owned(),
    ];
    for (name, about, columns) in [
        (
            "judgments",
            "One row a listed judgment, sorted by court, decision date, CNR.",
            judgments_columns(),
        ),
        (
            "revisions",
            "One row a changed field of a judgment, partitioned by year only.",
            revisions_columns(),
        ),
        (
            "text",
            "One row a page of a stored document.",
            text_columns(),
        ),
    ] {
        lines.push(format!(
            "\n## {name}\n\n{about}\n\n| column | type | null | meaning |\n|---|---|---|---|"
        ));
        lines.extend(columns.iter().map(|c| {
            let null = if c.nullable { "yes" } else { "no" };
            format!(
                "| `{}` | {} | {null} | {} |",
                c.name,
                type_name(&c.data_type),
                c.meaning
            )
        }));
    }
    lines.join("\n")
}

fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "string".to_owned(),
        DataType::Date32 => "date".to_owned(),
        DataType::Timestamp(_, _) => "timestamp (µs, UTC)".to_owned(),
        DataType::List(_) => "list of string".to_owned(),
        DataType::FixedSizeBinary(size) => format!("binary ({size} bytes)"),
        DataType::Boolean => "boolean".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_explained_once() {
        for columns in [
            judgments_columns(),
            text_columns(),
            revisions_columns(),
            citations_columns(),
        ] {
            let mut names = std::collections::HashSet::new();
            for c in columns {
                assert!(names.insert(c.name), "{} twice", c.name);
                assert!(c.meaning.ends_with('.'), "{}", c.name);
            }
        }
    }
}
