//! The data dictionary, from the schemas themselves.

use maud::{Markup, html};
use serde::Serialize;

use super::layout::Layout;
use crate::ask::Ask;

/// A table of the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) columns: Vec<ColumnWords>,
}

/// A column of a table, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ColumnWords {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) nullable: bool,
    pub(crate) meaning: String,
}

/// The tables, read from the dictionary as it is printed.
pub(crate) fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for line in nirnay_model::data_dictionary().lines() {
        if let Some(name) = line.strip_prefix("## ") {
            tables.push(Table {
                name: name.to_owned(),
                about: String::new(),
                columns: Vec::new(),
            });
            continue;
        }
        let Some(table) = tables.last_mut() else {
            continue;
        };
        if let Some(column) = line.strip_prefix("| `").and_then(column) {
            table.columns.push(column);
        } else if !line.starts_with('|') && !line.is_empty() {
            line.clone_into(&mut table.about);
        }
    }
    tables
}

fn column(row: &str) -> Option<ColumnWords> {
    let (name, rest) = row.split_once("` | ")?;
    let mut parts = rest.trim_end_matches(" |").splitn(3, " | ");
    Some(ColumnWords {
        name: name.to_owned(),
        kind: parts.next()?.to_owned(),
        nullable: parts.next()? == "yes",
        meaning: parts.next()?.to_owned(),
    })
}

/// The page.
pub(crate) fn dictionary(tables: &[Table]) -> Markup {
    Layout {
        title: "Data dictionary",
        place: "Data dictionary",
        ask: Some(&Ask::default()),
        forms: vec![
            ("JSON", "/api/v1/dictionary".to_owned()),
            ("CSV", "/api/v1/dictionary?format=csv".to_owned()),
            ("Parquet", "/api/v1/dictionary?format=parquet".to_owned()),
        ],
        main: html! {
            h1 { "Data dictionary" }
            p {
                "The tables of a lake, schema version " (nirnay_model::SCHEMA_VERSION) ". They are plain Parquet: "
                "DuckDB, polars, pandas and Spark read them as they lie."
            }
            nav aria-label="Tables" {
                ul.inline { @for table in tables { li { a href={ "#" (table.name) } { (table.name) } } } }
            }
            @for table in tables {
                section id=(table.name) aria-labelledby={ (table.name) "-heading" } {
                    h2 id={ (table.name) "-heading" } { (table.name) }
                    p { (table.about) }
                    div.wide tabindex="0" role="region" aria-labelledby={ (table.name) "-heading" } {
                        table.columns-table {
                            caption.unseen { "Columns of " (table.name) }
                            thead { tr { th scope="col" { "Column" } th scope="col" { "Type" } th scope="col" { "Null" } th scope="col" { "Meaning" } } }
                            tbody {
                                @for column in &table.columns {
                                    tr {
                                        th scope="row" { code { (column.name) } }
                                        td { (column.kind) }
                                        td { (if column.nullable { "yes" } else { "no" }) }
                                        td { (column.meaning) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        },
    }
    .page()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_there() {
        let text = nirnay_model::data_dictionary();
        let tables = tables();
        assert_eq!(tables.len(), text.matches("\n## ").count());
        let columns: usize = tables.iter().map(|table| table.columns.len()).sum();
        assert_eq!(columns, text.matches("\n| `").count());
        assert!(
            tables
                .iter()
                .all(|table| !table.about.is_empty() && !table.columns.is_empty())
        );
        let judgments = tables
            .iter()
            .find(|table| table.name == "judgments")
            .unwrap();
        assert_eq!(
            judgments.columns.len(),
            nirnay_model::judgments_columns().len()
        );
        let cnr = judgments
            .columns
            .iter()
            .find(|column| column.name == "cnr")
            .unwrap();
        assert!(
            cnr.nullable && cnr.kind == "string" && cnr.meaning.starts_with("Case Number Record")
        );
    }
}
