//! Results as Parquet.

use std::fs::File;
use std::io;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, Date32Array, Float32Array, RecordBatch, StringArray, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema};
use jiff::civil::date;
use nirnay_index::Hit;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::{ResultsOrigin, Sink};

/// Rows in memory before they are written.
const BATCH: usize = 2_048;

pub(super) struct Rows {
    writer: ArrowWriter<File>,
    schema: Arc<Schema>,
    waiting: Vec<Hit>,
}

fn schema() -> Schema {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let list = |name: &str| {
        let item = Field::new("item", DataType::Utf8, true);
        Field::new(name, DataType::List(Arc::new(item)), false)
    };
    Schema::new(vec![
        text("id", false),
        Field::new("score", DataType::Float32, false),
        text("title", false),
        text("court_name", false),
        text("court_code", false),
        text("bench_code", false),
        Field::new("decision_date", DataType::Date32, true),
        text("case_number", true),
        text("case_type", true),
        text("cnr", true),
        text("neutral_citation", true),
        text("reporter_citation", true),
        list("judges"),
        text("kind", false),
        text("disposal", true),
        list("languages"),
        Field::new("cited_by", DataType::UInt64, false),
        Field::new("copies", DataType::UInt32, false),
        Field::new("pages", DataType::UInt32, false),
        text("sha256", true),
        list("snippets"),
    ])
}

impl Rows {
    pub(super) fn new(file: File, origin: &ResultsOrigin) -> io::Result<Self> {
        let schema = Arc::new(schema());
        let metadata = [
            ("nirnay.query", origin.query.clone()),
            ("nirnay.understood", origin.understood.clone()),
            ("nirnay.filters", origin.filters.join("; ")),
            ("nirnay.sort", origin.sort.to_owned()),
            ("nirnay.searched_at", origin.searched_at.to_string()),
            ("nirnay.index", origin.index.clone()),
            ("nirnay.program", origin.program.to_owned()),
            ("nirnay.rows", origin.rows.to_string()),
        ];
        let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_key_value_metadata(Some(metadata.to_vec()))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?;
        Ok(Self {
            writer,
            schema,
            waiting: Vec::new(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        let hits = std::mem::take(&mut self.waiting);
        if hits.is_empty() {
            return Ok(());
        }
        let columns = columns(&hits);
        let batch =
            RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(io::Error::other)?;
        self.writer.write(&batch)?;
        Ok(())
    }
}

impl Sink for Rows {
    fn put(&mut self, hit: &Hit) -> io::Result<()> {
        self.waiting.push(hit.clone());
        if self.waiting.len() < BATCH {
            return Ok(());
        }
        self.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()?;
        self.writer.into_inner()?.sync_all()
    }
}

fn columns(hits: &[Hit]) -> Vec<ArrayRef> {
    fn text<'a>(hits: &'a [Hit], of: impl Fn(&'a Hit) -> Option<&'a str>) -> ArrayRef {
        Arc::new(hits.iter().map(of).collect::<StringArray>())
    }
    fn list<'a, I: Iterator<Item = &'a str>>(
        hits: &'a [Hit],
        of: impl Fn(&'a Hit) -> I,
    ) -> ArrayRef {
        let mut builder = ListBuilder::new(StringBuilder::new());
        for hit in hits {
            for value in of(hit) {
                builder.values().append_value(value);
            }
            builder.append(true);
        }
        Arc::new(builder.finish())
    }
    let epoch = date(1970, 1, 1);
    let days = hits
        .iter()
        .map(|hit| hit.decision_date.map(|day| (day - epoch).get_days()));
    vec![
        text(hits, |hit| Some(&hit.key)),
        Arc::new(hits.iter().map(|hit| hit.score).collect::<Float32Array>()),
        text(hits, |hit| Some(&hit.title)),
        text(hits, |hit| Some(&hit.court_name)),
        text(hits, |hit| Some(&hit.court_code)),
        text(hits, |hit| Some(&hit.bench_code)),
        Arc::new(days.collect::<Date32Array>()),
        text(hits, |hit| hit.case_number.as_deref()),
        text(hits, |hit| hit.case_type.as_deref()),
        text(hits, |hit| hit.cnr.as_deref()),
        text(hits, |hit| hit.neutral_citation.as_deref()),
        text(hits, |hit| hit.reporter_citation.as_deref()),
        list(hits, |hit| hit.judges.iter().map(String::as_str)),
        text(hits, |hit| Some(&hit.kind)),
        text(hits, |hit| hit.disposal.as_deref()),
        list(hits, |hit| hit.languages.iter().map(String::as_str)),
        Arc::new(hits.iter().map(|hit| hit.cited_by).collect::<UInt64Array>()),
        Arc::new(hits.iter().map(|hit| hit.copies).collect::<UInt32Array>()),
        Arc::new(hits.iter().map(|hit| hit.pages).collect::<UInt32Array>()),
        text(hits, |hit| hit.sha256.as_deref()),
        list(hits, |hit| {
            hit.snippets.iter().map(|snippet| snippet.text.as_str())
        }),
    ]
}
