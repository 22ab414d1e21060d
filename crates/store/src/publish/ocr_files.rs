//! What was read from pictures, findable by document.

use std::collections::HashMap;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use nirnay_model::{RowKey, Sha256};

use super::OcrRow;
use super::cells::Cells;
use super::part::{PartRows, READ_ROWS, ReadRow};
use crate::disk::Disk;
use crate::{Layer, Ledger, StoreError};

/// Whose page a row is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Owner {
    row_key: RowKey,
    sha256: Sha256,
}

impl ReadRow for Owner {
    const LAYER: Layer = Layer::Ocr;
    const COLUMNS: &'static [&'static str] = &["row_key", "document_sha256"];

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            sha256: cells.hash("document_sha256")?,
        })
    }
}

/// A run of rows.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u64,
    rows: u64,
}

/// The recognised pages of a shard by row and document: a document that was replaced since, or a row that moved,
/// neither gives its pages to another nor hides those of others. Documents are asked for in about the order in
/// which they lie, so the file is read once from front to back; memory grows with the documents, not with their text.
#[derive(Debug)]
pub struct OcrPages {
    disk: Disk,
    path: PathBuf,
    places: HashMap<Owner, Place>,
    rows: Option<PartRows<OcrRow>>,
    position: u64,
}

impl OcrPages {
    /// The pages in the recorded file at `path`, below the lake; none if there is no such file.
    pub(crate) fn of(disk: &Disk, ledger: &Ledger, path: &str) -> Result<Self, StoreError> {
        let mut places: HashMap<Owner, Place> = HashMap::new();
        let mut last = None;
        for (start, owner) in (0..).zip(PartRows::<Owner>::of(disk, ledger, path)?) {
            let owner = owner?;
            let is_run = last.as_ref() == Some(&owner);
            let place = places
                .entry(owner.clone())
                .or_insert(Place { start, rows: 0 });
            // The pages of a document lie together; what lies elsewhere as well is there twice.
            if is_run || place.rows == 0 {
                place.rows += 1;
            }
            last = Some(owner);
        }
        Ok(Self {
            disk: disk.clone(),
            path: disk.root().join(path),
            places,
            rows: None,
            position: 0,
        })
    }

    /// The pages of a row's document that were read from their pictures, in order.
    pub fn of_document(
        &mut self,
        row_key: &RowKey,
        sha256: &Sha256,
    ) -> Result<Vec<OcrRow>, StoreError> {
        let owner = Owner {
            row_key: row_key.clone(),
            sha256: *sha256,
        };
        let Some(Place {
            start,
            rows: number,
        }) = self.places.get(&owner).copied()
        else {
            return Ok(Vec::new());
        };
        if self.rows.is_none()
            || self.position > start
            || start - self.position > 64 * READ_ROWS as u64
        {
            self.rows = Some(PartRows::open(&self.disk, &self.path, start)?);
            self.position = start;
        }
        let mut pages = Vec::new();
        while let Some(rows) = &mut self.rows
            && self.position < start + number
        {
            let row = rows
                .next()
                .transpose()?
                .ok_or_else(|| StoreError::corrupt(&self.path, "it ends before its rows do"))?;
            if self.position >= start {
                pages.push(row);
            }
            self.position += 1;
        }
        Ok(pages)
    }
}
