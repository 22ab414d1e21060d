//! The published tables: Arrow schemas, and the data dictionary made from the same list.

mod cases;
mod citations;
mod judgments;
mod text;

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, TimeUnit};

use cases::{cases_columns, cause_lists_columns, hearings_columns, orders_columns};
use citations::{citations_columns, cites_columns, dangling_columns, degrees_columns};
pub use judgments::judgments_columns;
use judgments::revisions_columns;
use text::{ocr_columns, structure_columns, text_columns};

/// The version of the published tables. Columns are only ever added, never renamed or retyped.
pub const SCHEMA_VERSION: u32 = 3;

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

/// The schema of `ocr/`: a row a page.
pub fn ocr_schema() -> Arc<Schema> {
    schema_of(&ocr_columns())
}

/// The schema of `structure/`: a row an element found.
pub fn structure_schema() -> Arc<Schema> {
    schema_of(&structure_columns())
}

/// The schema of `revisions/`: a row a changed field.
pub fn revisions_schema() -> Arc<Schema> {
    schema_of(&revisions_columns())
}

/// The schema of `citations/`: a row a citation found.
pub fn citations_schema() -> Arc<Schema> {
    schema_of(&citations_columns())
}

/// The schema of `cites/`: a row a pair of judgments.
pub fn cites_schema() -> Arc<Schema> {
    schema_of(&cites_columns())
}

/// The schema of `degrees/`: a row a judgment that cites or is cited.
pub fn degrees_schema() -> Arc<Schema> {
    schema_of(&degrees_columns())
}

/// The schema of `dangling/`: a row a key that leads nowhere.
pub fn dangling_schema() -> Arc<Schema> {
    schema_of(&dangling_columns())
}

/// The schema of `cases/`: a row a case.
pub fn cases_schema() -> Arc<Schema> {
    schema_of(&cases_columns())
}

/// The schema of `hearings/`: a row a line of a case's history.
pub fn hearings_schema() -> Arc<Schema> {
    schema_of(&hearings_columns())
}

/// The schema of `orders/`: a row an order that a case's page lists.
pub fn orders_schema() -> Arc<Schema> {
    schema_of(&orders_columns())
}

/// The schema of `cause_lists/`: a row a line of a list, or a list published as a document.
pub fn cause_lists_schema() -> Arc<Schema> {
    schema_of(&cause_lists_columns())
}

/// The published tables with a word on each, in the order of the data dictionary.
fn tables() -> Vec<(&'static str, &'static str, Vec<Column>)> {
    vec![
        (
            "judgments",
            "One row a listed judgment, sorted by court, decision date, CNR.",
            judgments_columns(),
        ),
        (
            "revisions",
            "One row a changed field of a judgment or case, partitioned by year only.",
            revisions_columns(),
        ),
        (
            "text",
            "One row a page of a stored document.",
            text_columns(),
        ),
        (
            "ocr",
            "One row a page that was read by character recognition; only with `[ocr]` enabled.",
            ocr_columns(),
        ),
        (
            "structure",
            "One row an element of a judgment found in its text.",
            structure_columns(),
        ),
        (
            "citations",
            "One row a citation found in the text, in the order of the text.",
            citations_columns(),
        ),
        (
            "cites",
            "One row a judgment and a judgment that it cites, both of the lake, partitioned as the citing one.",
            cites_columns(),
        ),
        (
            "degrees",
            "One row a judgment that cites or is cited.",
            degrees_columns(),
        ),
        (
            "dangling",
            "One row a cited key that leads to no judgment of the lake, sorted by key; not partitioned.",
            dangling_columns(),
        ),
        (
            "cases",
            "One row a case as a case portal shows it, sorted by key. The year is that of registration.",
            cases_columns(),
        ),
        (
            "hearings",
            "One row a line of a case's history, in the order of the page, partitioned as the case.",
            hearings_columns(),
        ),
        (
            "orders",
            "One row an order or judgment that a case's page lists, partitioned as the case.",
            orders_columns(),
        ),
        (
            "cause_lists",
            "One row a line of a cause list, or a list published as a document. The year is that of the list.",
            cause_lists_columns(),
        ),
    ]
}

/// The data dictionary as Markdown, made from the schemas themselves.
pub fn data_dictionary() -> String {
    let mut lines = vec![
        "# Data dictionary\n".to_owned(),
        format!("Schema version {SCHEMA_VERSION}. Made from the schemas by `nirnay doctor --data-dictionary`; do not edit.\n"),
        "All tables are zstd Parquet under `data/lake/`, partitioned `year=/court=/bench=` (year of decision; 0 where a row has none).".to_owned(),
    ];
    for (name, about, columns) in tables() {
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
        for (_, _, columns) in tables() {
            let mut names = std::collections::HashSet::new();
            for c in columns {
                assert!(names.insert(c.name), "{} twice", c.name);
                assert!(c.meaning.ends_with('.'), "{}", c.name);
            }
        }
    }
}
