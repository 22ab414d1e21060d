//! Tables as CSV, JSON lines and Parquet, written row by row.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Date32Array, Float32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Map, Value};

/// Rows that are converted at a time.
const BATCH: usize = 4_096;

/// A form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180) with a header line.
    Csv,
    /// A JSON object a line.
    Lines,
    /// Parquet with typed columns.
    Parquet,
}

impl Format {
    /// The form called `csv`, `jsonl` or `parquet`.
    pub fn find(name: &str) -> Option<Self> {
        [Self::Csv, Self::Lines, Self::Parquet]
            .into_iter()
            .find(|form| form.ending() == name)
    }

    /// The ending of a file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Lines => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Lines => "application/jsonl; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number, 64 bits.
    Whole,
    /// A number, 32 bits.
    Number,
    /// A calendar day.
    Day,
    /// A list of texts; in CSV `; ` stands between them.
    Texts,
}

/// A column: its name and what it holds.
pub type Column = (&'static str, Kind);

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    None,
    /// Of a column of [`Kind::Text`].
    Text(String),
    /// Of a column of [`Kind::Whole`].
    Whole(i64),
    /// Of a column of [`Kind::Number`].
    Number(f32),
    /// Of a column of [`Kind::Day`].
    Day(Date),
    /// Of a column of [`Kind::Texts`].
    Texts(Vec<String>),
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, if there is one.
    pub fn some(text: Option<&String>) -> Self {
        text.map_or(Self::None, |text| Self::Text(text.clone()))
    }

    /// A whole number; what is too large is the largest.
    pub fn whole(number: u64) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A table being written, row by row; a few thousand rows at most are in memory.
pub struct Sheet<W: Write + Send> {
    columns: Vec<Column>,
    waiting: Vec<Vec<Cell>>,
    form: Form<W>,
}

enum Form<W: Write + Send> {
    Csv(W),
    Lines(W),
    Parquet(Box<ArrowWriter<W>>, SchemaRef),
}

impl<W: Write + Send> Sheet<W> {
    /// Begins a table. `notes` stand in the file's own metadata where the format has some.
    pub fn begin(
        format: Format,
        columns: Vec<Column>,
        notes: &[(&str, &str)],
        mut out: W,
    ) -> io::Result<Self> {
        let form = match format {
            Format::Csv => {
                let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
                writeln!(out, "{}\r", names.join(","))?;
                Form::Csv(out)
            }
            Format::Lines => Form::Lines(out),
            Format::Parquet => {
                let schema = schema(&columns);
                let writer =
                    ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties(notes)?))?;
                Form::Parquet(Box::new(writer), schema)
            }
        };
        Ok(Self {
            columns,
            waiting: Vec::new(),
            form,
        })
    }

    /// Adds a row, a cell a column.
    pub fn push(&mut self, row: Vec<Cell>) -> io::Result<()> {
        match &mut self.form {
            Form::Csv(out) => {
                let cells: Vec<String> = row.iter().map(csv).collect();
                writeln!(out, "{}\r", cells.join(","))
            }
            Form::Lines(out) => {
                let object: Map<String, Value> = self
                    .columns
                    .iter()
                    .zip(&row)
                    .map(|((name, _), cell)| ((*name).to_owned(), json(cell)))
                    .collect();
                writeln!(out, "{}", Value::Object(object))
            }
            Form::Parquet(..) => {
                self.waiting.push(row);
                if self.waiting.len() == BATCH {
                    self.flush()?;
                }
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let Form::Parquet(writer, schema) = &mut self.form else {
            return Ok(());
        };
        if self.waiting.is_empty() {
            return Ok(());
        }
        let arrays: Vec<ArrayRef> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (_, kind))| array(*kind, self.waiting.iter().map(|row| row.get(place))))
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(schema), arrays).map_err(io::Error::other)?;
        writer.write(&batch)?;
        self.waiting.clear();
        Ok(())
    }

    /// Ends the table and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        match self.form {
            Form::Csv(mut out) | Form::Lines(mut out) => {
                out.flush()?;
                Ok(out)
            }
            Form::Parquet(writer, _) => Ok(writer.into_inner()?),
        }
    }
}

fn properties(notes: &[(&str, &str)]) -> io::Result<WriterProperties> {
    let notes = notes
        .iter()
        .map(|(name, text)| KeyValue::new(format!("nirnay.{name}"), (*text).to_owned()))
        .collect();
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_key_value_metadata(Some(notes))
        .build())
}

fn schema(columns: &[Column]) -> SchemaRef {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, kind)| {
            let data = match kind {
                Kind::Text => DataType::Utf8,
                Kind::Whole => DataType::Int64,
                Kind::Number => DataType::Float32,
                Kind::Day => DataType::Date32,
                Kind::Texts => {
                    DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
                }
            };
            Field::new(*name, data, true)
        })
        .collect();
    Arc::new(Schema::new(fields))
}

fn array<'a>(kind: Kind, cells: impl Iterator<Item = Option<&'a Cell>>) -> ArrayRef {
    match kind {
        Kind::Text => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Text(text)) => Some(text),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
        Kind::Whole => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Whole(number)) => Some(*number),
                    _ => None,
                })
                .collect::<Int64Array>(),
        ),
        Kind::Number => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Number(number)) => Some(*number),
                    _ => None,
                })
                .collect::<Float32Array>(),
        ),
        Kind::Day => Arc::new(
            cells
                .map(|cell| match cell {
                    Some(Cell::Day(date)) => Some(days(*date)),
                    _ => None,
                })
                .collect::<Date32Array>(),
        ),
        Kind::Texts => {
            let mut out = ListBuilder::new(StringBuilder::new());
            for cell in cells {
                let texts = match cell {
                    Some(Cell::Texts(texts)) => texts.as_slice(),
                    _ => &[],
                };
                for text in texts {
                    out.values().append_value(text);
                }
                out.append(true);
            }
            Arc::new(out.finish())
        }
    }
}

/// Days since 1970.
fn days(date: Date) -> i32 {
    let first = jiff::civil::date(1970, 1, 1);
    first.until(date).map_or(0, |span| span.get_days())
}

fn json(cell: &Cell) -> Value {
    match cell {
        Cell::None => Value::Null,
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Whole(number) => Value::from(*number),
        Cell::Number(number) => Value::from(*number),
        Cell::Day(date) => Value::from(date.to_string()),
        Cell::Texts(texts) => Value::from(texts.as_slice()),
    }
}

/// A cell as RFC 4180 has it. A text that a spreadsheet would run as a formula is made a text by a quote.
fn csv(cell: &Cell) -> String {
    let text = match cell {
        Cell::None => return String::new(),
        Cell::Whole(number) => return number.to_string(),
        Cell::Number(number) => return number.to_string(),
        Cell::Day(date) => return date.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Texts(texts) => texts.join("; "),
    };
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Date32Type, Int64Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    const COLUMNS: [Column; 4] = [
        ("title", Kind::Text),
        ("cited_by", Kind::Whole),
        ("decided", Kind::Day),
        ("judges", Kind::Texts),
    ];

    fn written(format: Format, rows: usize) -> Vec<u8> {
        let mut sheet =
            Sheet::begin(format, COLUMNS.into(), &[("query", "bail")], Vec::new()).unwrap();
        for number in 0..rows {
            sheet
                .push(vec![
                    Cell::text(format!("A, \"B\" {number}")),
                    Cell::whole(number as u64),
                    Cell::Day(jiff::civil::date(2024, 2, 29)),
                    Cell::Texts(vec!["X".to_owned(), "Y".to_owned()]),
                ])
                .unwrap();
        }
        sheet
            .push(vec![Cell::text("=1+1"), Cell::None, Cell::None, Cell::None])
            .unwrap();
        sheet.finish().unwrap()
    }

    #[test]
    fn csv_and_lines() {
        let text = String::from_utf8(written(Format::Csv, 1)).unwrap();
        assert_eq!(
            text,
            "title,cited_by,decided,judges\r\n\"A, \"\"B\"\" 0\",0,2024-02-29,X; Y\r\n'=1+1,,,\r\n"
        );
        let text = String::from_utf8(written(Format::Lines, 1)).unwrap();
        let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(
            first,
            serde_json::json!({"title": "A, \"B\" 0", "cited_by": 0, "decided": "2024-02-29", "judges": ["X", "Y"]})
        );
    }

    #[test]
    fn parquet_reads_back() {
        let bytes = bytes::Bytes::from(written(Format::Parquet, BATCH));
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
        let notes = builder
            .metadata()
            .file_metadata()
            .key_value_metadata()
            .unwrap();
        assert!(
            notes
                .iter()
                .any(|note| note.key == "nirnay.query" && note.value.as_deref() == Some("bail"))
        );
        let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
        assert_eq!(
            batches.iter().map(RecordBatch::num_rows).sum::<usize>(),
            BATCH + 1
        );
        let first = &batches[0];
        assert_eq!(first.column(1).as_primitive::<Int64Type>().value(1), 1);
        // 2024-02-29 is 19,782 days after 1970-01-01.
        assert_eq!(
            first.column(2).as_primitive::<Date32Type>().value(0),
            19_782
        );
        assert_eq!(first.column(3).as_list::<i32>().value(0).len(), 2);
    }
}
