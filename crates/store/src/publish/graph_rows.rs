//! `cites/`, `degrees/`, `dangling/`: who cites whom.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use nirnay_model::{Cnr, RowKey, cites_schema, dangling_schema, degrees_schema};

use super::cells::Cells;
use super::columns;
use super::part::{LayerRow, ReadRow};
use crate::Layer;

/// A judgment that cites another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiteRow {
    /// The citing judgment.
    pub row_key: RowKey,
    /// The cited judgment.
    pub target: RowKey,
    /// The key of the first citation.
    pub key: String,
    /// Citations that lead there.
    pub count: u32,
    /// The page of the first one.
    pub first_page: u32,
}

impl ReadRow for CiteRow {
    const LAYER: Layer = Layer::Cites;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            target: RowKey::from_stored(cells.string("target_row_key")?),
            key: cells.string("key")?,
            count: cells.number("count")?,
            first_page: cells.number("first_page")?,
        })
    }
}

impl LayerRow for CiteRow {
    const DICTIONARY: &'static [&'static str] = &["row_key", "target_row_key", "first_page"];

    fn schema() -> SchemaRef {
        cites_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let each = || rows.iter();
        RecordBatch::try_new(
            cites_schema(),
            vec![
                columns::strings(each().map(|row| Some(row.row_key.as_str()))),
                columns::strings(each().map(|row| Some(row.target.as_str()))),
                columns::strings(each().map(|row| Some(&row.key))),
                columns::numbers(each().map(|row| Some(row.count))),
                columns::numbers(each().map(|row| Some(row.first_page))),
            ],
        )
    }
}

/// How often a judgment cites and is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DegreeRow {
    /// The judgment.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// Judgments of the lake that cite it.
    pub in_degree: u32,
    /// Judgments of the lake that it cites.
    pub out_degree: u32,
    /// Keys in it that lead to none.
    pub dangling: u32,
}

impl ReadRow for DegreeRow {
    const LAYER: Layer = Layer::Degrees;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            cnr: cells.cnr("cnr"),
            in_degree: cells.number("in_degree")?,
            out_degree: cells.number("out_degree")?,
            dangling: cells.number("dangling")?,
        })
    }
}

impl LayerRow for DegreeRow {
    const DICTIONARY: &'static [&'static str] = &["in_degree", "out_degree", "dangling"];

    fn schema() -> SchemaRef {
        degrees_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let each = || rows.iter();
        RecordBatch::try_new(
            degrees_schema(),
            vec![
                columns::strings(each().map(|row| Some(row.row_key.as_str()))),
                columns::strings(each().map(|row| row.cnr.as_ref().map(Cnr::as_str))),
                columns::numbers(each().map(|row| Some(row.in_degree))),
                columns::numbers(each().map(|row| Some(row.out_degree))),
                columns::numbers(each().map(|row| Some(row.dangling))),
            ],
        )
    }
}

/// A cited key that leads to no judgment of the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DanglingRow {
    /// The key.
    pub canonical: String,
    /// Its kind.
    pub kind: String,
    /// Why it leads nowhere: `unknown` or `ambiguous`.
    pub resolution: String,
    /// Times it is cited.
    pub count: u32,
    /// Judgments that cite it.
    pub judgments: u32,
}

impl ReadRow for DanglingRow {
    const LAYER: Layer = Layer::Dangling;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            canonical: cells.string("canonical")?,
            kind: cells.string("kind")?,
            resolution: cells.string("resolution")?,
            count: cells.number("count")?,
            judgments: cells.number("judgments")?,
        })
    }
}

impl LayerRow for DanglingRow {
    const DICTIONARY: &'static [&'static str] = &["kind", "resolution", "count", "judgments"];

    fn schema() -> SchemaRef {
        dangling_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let each = || rows.iter();
        RecordBatch::try_new(
            dangling_schema(),
            vec![
                columns::strings(each().map(|row| Some(&row.canonical))),
                columns::strings(each().map(|row| Some(&row.kind))),
                columns::strings(each().map(|row| Some(&row.resolution))),
                columns::numbers(each().map(|row| Some(row.count))),
                columns::numbers(each().map(|row| Some(row.judgments))),
            ],
        )
    }
}
