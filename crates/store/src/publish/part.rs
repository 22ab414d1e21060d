//! A part of a layer: rows in, one file out, and back.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use nirnay_model::Sha256;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};

use super::batch::Batch;
use super::output::{self, InputHash, Output, column};
use crate::disk::Disk;
use crate::error::{IoContext as _, ParquetContext as _};
use crate::{Artifact, Layer, Ledger, StoreError};

/// A batch ends after this many rows or bytes of text, whichever comes first.
const BATCH_ROWS: usize = 1024;
const BATCH_BYTES: usize = 8 << 20;

/// The most bytes of a row group.
const ROW_GROUP_BYTES: usize = 128 << 20;

/// Rows decoded at a time.
pub(super) const READ_ROWS: usize = 512;

/// A row of a layer, or as much of it as a reader needs.
pub trait ReadRow: Sized {
    /// Its layer.
    const LAYER: Layer;

    /// The columns that it is read from, which are all that are decoded; none: every column.
    const COLUMNS: &'static [&'static str] = &[];

    /// A row of a batch; `None` if it is not one of this layer.
    fn read(batch: &RecordBatch, row: usize) -> Option<Self>;
}

/// A whole row of a layer that is made from documents.
pub trait LayerRow: ReadRow {
    /// Columns with few different values in a file, lists apart.
    const DICTIONARY: &'static [&'static str];

    /// The schema of the layer.
    fn schema() -> SchemaRef;

    /// The rows as a batch of the layer.
    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError>;

    /// About how many bytes of text it holds.
    fn weight(&self) -> usize {
        64
    }

    /// How the files of the layer are written.
    fn properties() -> parquet::errors::Result<WriterProperties> {
        Ok(common::<Self>(6)?.build())
    }
}

/// What the files of all layers have in common, packed at this level.
pub(super) fn common<R: LayerRow>(level: i32) -> parquet::errors::Result<WriterPropertiesBuilder> {
    let mut builder = output::properties(level)?.set_max_row_group_bytes(Some(ROW_GROUP_BYTES));
    for name in R::DICTIONARY {
        builder = builder.set_column_dictionary_enabled(column(name, false), true);
    }
    Ok(builder)
}

/// What a file of a layer is made from: equal input is not written again.
pub struct LayerInput(InputHash);

impl LayerInput {
    /// The input of a layer that `version` of its maker makes.
    pub fn new(layer: Layer, version: &str) -> Self {
        let mut hash = InputHash::new(layer);
        hash.add(version.as_bytes());
        Self(hash)
    }

    /// Adds a part.
    pub fn add(&mut self, part: &[u8]) {
        self.0.add(part);
    }

    /// The hash of all parts.
    pub fn finish(self) -> Sha256 {
        self.0.finish()
    }
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartReport {
    /// Rows in its file.
    pub rows: u64,
    /// Size of its file.
    pub bytes: u64,
}

/// A part being written aside. It gets its name when it is finished; dropped before, it leaves nothing.
pub struct PartWriter<'a, R: LayerRow> {
    disk: &'a Disk,
    ledger: &'a Ledger,
    path: String,
    input: Sha256,
    output: Option<Output>,
    waiting: Vec<R>,
    bytes: usize,
}

impl<'a, R: LayerRow> PartWriter<'a, R> {
    pub(crate) fn new(disk: &'a Disk, ledger: &'a Ledger, path: String, input: Sha256) -> Self {
        Self {
            disk,
            ledger,
            path,
            input,
            output: None,
            waiting: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: R) -> Result<(), StoreError> {
        self.bytes += row.weight();
        self.waiting.push(row);
        if self.waiting.len() == BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let target = self.disk.root().join(&self.path);
        let mut output = match self.output.take() {
            Some(output) => output,
            None => Output::create(self.disk, R::schema(), R::properties().within(&target)?)?,
        };
        output.write(&R::batch(&self.waiting).within(&target)?)?;
        self.output = Some(output);
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }

    /// As [`PartWriter::finish`], of a part that was made from something else than was said when it was begun.
    pub fn finish_from(mut self, input: Sha256) -> Result<PartReport, StoreError> {
        self.input = input;
        self.finish()
    }

    /// Makes the file durable, names and records it. A part without rows has no file.
    pub fn finish(self) -> Result<PartReport, StoreError> {
        let ledger = self.ledger;
        self.finish_as(|artifact| ledger.settle(std::slice::from_ref(artifact), &[]))
    }

    /// As [`PartWriter::finish`], recorded by `record` in one transaction.
    pub(super) fn finish_as(
        mut self,
        record: impl FnOnce(&Artifact) -> Result<(), StoreError>,
    ) -> Result<PartReport, StoreError> {
        self.flush()?;
        let Some(output) = self.output.take() else {
            // First the record: it must not point at a file that is gone.
            self.ledger.forget_artifact(&self.path)?;
            self.disk
                .remove_if_there(&self.disk.root().join(&self.path))?;
            return Ok(PartReport::default());
        };
        let mut batch = Batch::new(self.disk, self.ledger);
        let artifact = batch.add(output.finish()?, (R::LAYER, &self.path), self.input)?;
        batch.settle_as(|_| record(&artifact))?;
        Ok(PartReport {
            rows: artifact.rows,
            bytes: artifact.bytes,
        })
    }
}

/// An iterator over the rows of a part. After an error it ends.
#[derive(Debug)]
pub struct PartRows<R> {
    path: PathBuf,
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<RecordBatch>,
    row: usize,
    kind: PhantomData<fn() -> R>,
}

impl<R: ReadRow> PartRows<R> {
    /// No rows: the part has no file.
    pub(super) fn none(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            reader: None,
            batch: None,
            row: 0,
            kind: PhantomData,
        }
    }

    pub(super) fn open(disk: &Disk, path: &Path, offset: u64) -> Result<Self, StoreError> {
        let file = disk.files().open(path).at("opening", path)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| {
                let mask = if R::COLUMNS.is_empty() {
                    ProjectionMask::all()
                } else {
                    ProjectionMask::columns(builder.parquet_schema(), R::COLUMNS.iter().copied())
                };
                builder
                    .with_projection(mask)
                    .with_batch_size(READ_ROWS)
                    .with_offset(offset as usize)
                    .build()
            })
            .within(path)?;
        Ok(Self {
            reader: Some(reader),
            ..Self::none(path)
        })
    }

    /// The rows of the recorded file at `path`, below the lake; none if there is no such file.
    pub(crate) fn of(disk: &Disk, ledger: &Ledger, path: &str) -> Result<Self, StoreError> {
        let file = disk.root().join(path);
        let Some(artifact) = ledger.artifact(path)? else {
            return Ok(Self::none(&file));
        };
        // The decoder of Parquet panics on some of what it does not understand: it is given nothing but the
        // bytes that were published.
        if disk.hash_file(&file)? != artifact.sha256 {
            let why = "its bytes are not those that were published".to_owned();
            return Err(StoreError::corrupt(&file, why));
        }
        Self::open(disk, &file, 0)
    }

    fn advance(&mut self) -> Result<Option<R>, StoreError> {
        loop {
            if let Some(batch) = &self.batch
                && self.row < batch.num_rows()
            {
                let row = R::read(batch, self.row).ok_or_else(|| {
                    StoreError::corrupt(&self.path, format!("row {} cannot be read", self.row))
                })?;
                self.row += 1;
                return Ok(Some(row));
            }
            let next = self
                .reader
                .as_mut()
                .and_then(Iterator::next)
                .transpose()
                .within(&self.path)?;
            if next.is_none() {
                self.reader = None;
                self.batch = None;
                return Ok(None);
            }
            (self.batch, self.row) = (next, 0);
        }
    }
}

impl<R: ReadRow> Iterator for PartRows<R> {
    type Item = Result<R, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance();
        if next.is_err() {
            (self.reader, self.batch) = (None, None);
        }
        next.transpose()
    }
}
