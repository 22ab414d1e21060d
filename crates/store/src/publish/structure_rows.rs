//! `structure/` and `ocr/`: what is found on pages.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use nirnay_model::{Cnr, RowKey, Sha256, ocr_schema, structure_schema};

use super::cells::Cells;
use super::columns;
use super::part::{LayerRow, ReadRow};
use crate::Layer;

/// An element of a judgment found in its text.
#[derive(Debug, Clone, PartialEq)]
pub struct StructureRow {
    /// The row.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// The document.
    pub sha256: Sha256,
    /// What was found.
    pub field: String,
    /// Its normalised value.
    pub value: String,
    /// As it is printed.
    pub text: String,
    /// The page, from 1.
    pub page: u32,
    /// The first character on the page, from 0.
    pub start: u32,
    /// The character after the last, on `end_page`.
    pub end: u32,
    /// The page it ends on.
    pub end_page: u32,
    /// Whether it stands in the page's furniture.
    pub in_furniture: bool,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
    /// More of it: the role of a party, the relation of a case number, the side of a lawyer.
    pub detail: Option<String>,
    /// What the portal says of the same.
    pub portal_value: Option<String>,
    /// Whether the two contradict each other, where both are there.
    pub conflict: Option<bool>,
    /// The version of the reader.
    pub reader: String,
    /// Whether the positions count in the text that was read on the page's picture.
    pub in_ocr: bool,
}

/// What an element of a judgment says, without where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructureValue {
    /// The row.
    pub row_key: RowKey,
    /// What was found.
    pub field: String,
    /// Its normalised value.
    pub value: String,
}

impl ReadRow for StructureValue {
    const LAYER: Layer = Layer::Structure;
    const COLUMNS: &'static [&'static str] = &["row_key", "field", "value"];

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            field: cells.string("field")?,
            value: cells.string("value")?,
        })
    }
}

impl ReadRow for StructureRow {
    const LAYER: Layer = Layer::Structure;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            cnr: cells.cnr("cnr"),
            sha256: cells.hash("document_sha256")?,
            field: cells.string("field")?,
            value: cells.string("value")?,
            text: cells.string("text")?,
            page: cells.number("page")?,
            start: cells.number("start")?,
            end: cells.number("end")?,
            in_furniture: cells.flag("in_furniture")?,
            confidence: cells.float("confidence")?,
            portal_value: cells.string("portal_value"),
            conflict: cells.flag("conflict"),
            reader: cells.string("reader")?,
            end_page: cells.number("end_page")?,
            in_ocr: cells.flag("in_ocr")?,
            detail: cells.string("detail"),
        })
    }
}

impl LayerRow for StructureRow {
    const DICTIONARY: &'static [&'static str] = &[
        "row_key",
        "cnr",
        "document_sha256",
        "field",
        "page",
        "end_page",
        "confidence",
        "detail",
        "reader",
    ];

    fn schema() -> SchemaRef {
        structure_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let each = || rows.iter();
        RecordBatch::try_new(
            structure_schema(),
            vec![
                columns::strings(each().map(|row| Some(row.row_key.as_str()))),
                columns::strings(each().map(|row| row.cnr.as_ref().map(Cnr::as_str))),
                columns::hashes(each().map(|row| Some(row.sha256)))?,
                columns::strings(each().map(|row| Some(&row.field))),
                columns::strings(each().map(|row| Some(&row.value))),
                columns::strings(each().map(|row| Some(&row.text))),
                columns::numbers(each().map(|row| Some(row.page))),
                columns::numbers(each().map(|row| Some(row.start))),
                columns::numbers(each().map(|row| Some(row.end))),
                columns::flags(each().map(|row| Some(row.in_furniture))),
                columns::floats(each().map(|row| Some(row.confidence))),
                columns::strings(each().map(|row| row.portal_value.as_ref())),
                columns::flags(each().map(|row| row.conflict)),
                columns::strings(each().map(|row| Some(&row.reader))),
                columns::numbers(each().map(|row| Some(row.end_page))),
                columns::flags(each().map(|row| Some(row.in_ocr))),
                columns::strings(each().map(|row| row.detail.as_ref())),
            ],
        )
    }

    fn weight(&self) -> usize {
        128 + self.value.len() + self.text.len()
    }
}

/// A page read by character recognition.
#[derive(Debug, Clone, PartialEq)]
pub struct OcrRow {
    /// The row.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// The document.
    pub sha256: Sha256,
    /// The page, from 1.
    pub page: u32,
    /// What was read.
    pub text: String,
    /// How sure the program is, 0 to 1.
    pub confidence: Option<f32>,
    /// The language packs it was read with.
    pub languages: Vec<String>,
    /// The program and its version.
    pub engine: String,
}

impl ReadRow for OcrRow {
    const LAYER: Layer = Layer::Ocr;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            cnr: cells.cnr("cnr"),
            sha256: cells.hash("document_sha256")?,
            page: cells.number("page")?,
            text: cells.string("text")?,
            confidence: cells.float("confidence"),
            languages: cells.list("languages"),
            engine: cells.string("engine")?,
        })
    }
}

impl LayerRow for OcrRow {
    const DICTIONARY: &'static [&'static str] = &["row_key", "cnr", "document_sha256", "engine"];

    fn schema() -> SchemaRef {
        ocr_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let each = || rows.iter();
        RecordBatch::try_new(
            ocr_schema(),
            vec![
                columns::strings(each().map(|row| Some(row.row_key.as_str()))),
                columns::strings(each().map(|row| row.cnr.as_ref().map(Cnr::as_str))),
                columns::hashes(each().map(|row| Some(row.sha256)))?,
                columns::numbers(each().map(|row| Some(row.page))),
                columns::strings(each().map(|row| Some(&row.text))),
                columns::floats(each().map(|row| row.confidence)),
                columns::lists(each().map(|row| &row.languages)),
                columns::strings(each().map(|row| Some(&row.engine))),
            ],
        )
    }

    fn weight(&self) -> usize {
        128 + self.text.len()
    }
}
