//! `citations/`: a row a citation.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use nirnay_model::{Cnr, RowKey, Sha256, citations_schema};

use super::cells::Cells;
use super::columns;
use super::part::{LayerRow, ReadRow};
use crate::Layer;

/// What became of a citation's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// One judgment of the lake answers to it.
    Resolved,
    /// Several do.
    Ambiguous,
    /// None does.
    Unknown,
    /// It is the document's own.
    Own,
    /// It names no judgment that the lake could hold.
    None,
}

impl Resolution {
    /// The value in the `resolution` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Ambiguous => "ambiguous",
            Self::Unknown => "unknown",
            Self::Own => "own",
            Self::None => "none",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [
            Self::Resolved,
            Self::Ambiguous,
            Self::Unknown,
            Self::Own,
            Self::None,
        ]
        .into_iter()
        .find(|resolution| resolution.name() == name)
    }
}

/// Where a citation leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What became of the key.
    pub resolution: Resolution,
    /// The cited judgment's row.
    pub row_key: Option<RowKey>,
    /// The cited case.
    pub cnr: Option<Cnr>,
}

/// A citation found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct CitationRow {
    /// The citing row.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// The citing document.
    pub sha256: Sha256,
    /// As printed.
    pub printed: String,
    /// The canonical key.
    pub canonical: String,
    /// The kind.
    pub kind: String,
    /// The page, from 1.
    pub page: u32,
    /// The first character on the page, from 0.
    pub start: u32,
    /// The character after the last, on `end_page`.
    pub end: u32,
    /// The page it ends on.
    pub end_page: u32,
    /// The cluster of parallel citations it belongs to.
    pub cluster: Option<u32>,
    /// The place in the cited judgment, as printed.
    pub pinpoint: Option<String>,
    /// The statute of a provision.
    pub statute: Option<String>,
    /// What is odd about it.
    pub flags: Vec<String>,
    /// Where it leads.
    pub target: Target,
    /// The version of the finder.
    pub finder: String,
    /// Whether the positions count in the text that was read on the page's picture.
    pub in_ocr: bool,
}

/// As much of a citation as tells where it leads.
#[derive(Debug, Clone, PartialEq)]
pub struct CitationLink {
    /// The citing row.
    pub row_key: RowKey,
    /// Its CNR.
    pub cnr: Option<Cnr>,
    /// The canonical key.
    pub canonical: String,
    /// The kind.
    pub kind: String,
    /// The page, from 1.
    pub page: u32,
    /// The cluster of parallel citations it belongs to.
    pub cluster: Option<u32>,
    /// Where it leads.
    pub target: Target,
}

impl Target {
    fn read(cells: &Cells<'_>) -> Option<Self> {
        Some(Self {
            resolution: Resolution::named(cells.text("resolution")?)?,
            row_key: cells.string("target_row_key").map(RowKey::from_stored),
            cnr: cells.cnr("target_cnr"),
        })
    }
}

impl ReadRow for CitationLink {
    const LAYER: Layer = Layer::Citations;
    const COLUMNS: &'static [&'static str] = &[
        "row_key",
        "cnr",
        "canonical",
        "kind",
        "page",
        "cluster",
        "resolution",
        "target_row_key",
        "target_cnr",
    ];

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            cnr: cells.cnr("cnr"),
            canonical: cells.string("canonical")?,
            kind: cells.string("kind")?,
            page: cells.number("page")?,
            cluster: cells.number("cluster"),
            target: Target::read(&cells)?,
        })
    }
}

impl ReadRow for CitationRow {
    const LAYER: Layer = Layer::Citations;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            cnr: cells.cnr("cnr"),
            sha256: cells.hash("document_sha256")?,
            printed: cells.string("printed")?,
            canonical: cells.string("canonical")?,
            kind: cells.string("kind")?,
            page: cells.number("page")?,
            start: cells.number("start")?,
            end: cells.number("end")?,
            cluster: cells.number("cluster"),
            pinpoint: cells.string("pinpoint"),
            statute: cells.string("statute"),
            flags: cells.list("flags"),
            target: Target::read(&cells)?,
            finder: cells.string("finder")?,
            end_page: cells.number("end_page")?,
            in_ocr: cells.flag("in_ocr")?,
        })
    }
}

impl LayerRow for CitationRow {
    const DICTIONARY: &'static [&'static str] = &[
        "row_key",
        "kind",
        "page",
        "end_page",
        "target_cnr",
        "cnr",
        "document_sha256",
        "statute",
        "target_row_key",
        "resolution",
        "finder",
    ];

    fn schema() -> SchemaRef {
        citations_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let each = || rows.iter();
        RecordBatch::try_new(
            citations_schema(),
            vec![
                columns::strings(each().map(|row| Some(row.row_key.as_str()))),
                columns::strings(each().map(|row| Some(&row.printed))),
                columns::strings(each().map(|row| Some(&row.canonical))),
                columns::strings(each().map(|row| Some(&row.kind))),
                columns::numbers(each().map(|row| Some(row.page))),
                columns::numbers(each().map(|row| Some(row.start))),
                columns::numbers(each().map(|row| Some(row.end))),
                columns::strings(each().map(|row| row.target.cnr.as_ref().map(Cnr::as_str))),
                columns::strings(each().map(|row| row.cnr.as_ref().map(Cnr::as_str))),
                columns::hashes(each().map(|row| Some(row.sha256)))?,
                columns::numbers(each().map(|row| row.cluster)),
                columns::strings(each().map(|row| row.pinpoint.as_ref())),
                columns::strings(each().map(|row| row.statute.as_ref())),
                columns::strings(each().map(|row| row.target.row_key.as_ref().map(RowKey::as_str))),
                columns::strings(each().map(|row| Some(row.target.resolution.name()))),
                columns::lists(each().map(|row| &row.flags)),
                columns::strings(each().map(|row| Some(&row.finder))),
                columns::numbers(each().map(|row| Some(row.end_page))),
                columns::flags(each().map(|row| Some(row.in_ocr))),
            ],
        )
    }

    fn weight(&self) -> usize {
        128 + self.printed.len() + self.canonical.len()
    }
}
