//! Published text, read back.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Float32Type, UInt32Type};
use arrow_array::{
    Array, BooleanArray, Date32Array, FixedSizeBinaryArray, Float32Array, RecordBatch, StringArray,
    UInt32Array,
};
use nirnay_model::{ExtractMethod, PageText, RowKey, Sha256};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::{TextRow, columns};
use crate::disk::Disk;
use crate::error::{IoContext as _, ParquetContext as _};
use crate::{CachedText, StoreError, TextOutcome};

/// Rows decoded at a time.
const BATCH: usize = 512;

/// An iterator over the pages of a text file. After an error it ends.
#[derive(Debug)]
pub struct TextRows {
    path: PathBuf,
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<RecordBatch>,
    row: usize,
}

impl TextRows {
    /// No rows: the shard has no text.
    pub(super) fn none(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            reader: None,
            batch: None,
            row: 0,
        }
    }

    pub(super) fn open(disk: &Disk, path: &Path, offset: u64) -> Result<Self, StoreError> {
        let file = disk.files().open(path).at("opening", path)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| {
                builder
                    .with_batch_size(BATCH)
                    .with_offset(offset as usize)
                    .build()
            })
            .within(path)?;
        Ok(Self {
            path: path.to_owned(),
            reader: Some(reader),
            batch: None,
            row: 0,
        })
    }

    fn advance(&mut self) -> Result<Option<TextRow>, StoreError> {
        loop {
            if let Some(batch) = &self.batch
                && self.row < batch.num_rows()
            {
                let row = row_of(batch, self.row).ok_or_else(|| {
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

impl Iterator for TextRows {
    type Item = Result<TextRow, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance();
        if next.is_err() {
            (self.reader, self.batch) = (None, None);
        }
        next.transpose()
    }
}

fn row_of(batch: &RecordBatch, row: usize) -> Option<TextRow> {
    let text = |name: &str| -> Option<&StringArray> { batch.column_by_name(name)?.as_string_opt() };
    let string = |name: &str| {
        text(name)
            .filter(|array| array.is_valid(row))
            .map(|array| array.value(row))
    };
    let number = |name: &str| -> Option<u32> {
        let array: &UInt32Array = batch
            .column_by_name(name)?
            .as_primitive_opt::<UInt32Type>()?;
        Some(array.value(row))
    };
    let dates: &Date32Array = batch
        .column_by_name("decision_date")?
        .as_primitive_opt::<Date32Type>()?;
    let hashes: &FixedSizeBinaryArray = batch
        .column_by_name("document_sha256")?
        .as_fixed_size_binary_opt()?;
    let quality: &Float32Array = batch
        .column_by_name("quality")?
        .as_primitive_opt::<Float32Type>()?;
    let needs_ocr: &BooleanArray = batch.column_by_name("needs_ocr")?.as_boolean_opt()?;
    Some(TextRow {
        row_key: RowKey::from_stored(string("row_key")?.to_owned()),
        cnr: string("cnr").and_then(|cnr| cnr.parse().ok()),
        decision_date: if dates.is_valid(row) {
            columns::date(dates.value(row))
        } else {
            None
        },
        sha256: Sha256::from_bytes(hashes.value(row).try_into().ok()?),
        page: PageText {
            page: number("page")?,
            text: string("text")?.to_owned(),
            chars: number("chars")?,
            quality: quality.value(row),
            method: match string("method")? {
                "digital" => ExtractMethod::Digital,
                _ => ExtractMethod::None,
            },
            script: string("script").map(str::to_owned),
            needs_ocr: needs_ocr.value(row),
            ..PageText::default()
        },
        engine: string("engine")?.to_owned(),
    })
}

/// Where the text of a document lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    file: usize,
    start: u64,
    rows: u64,
}

/// The published text of a partition, findable by document. Documents are read in about the order
/// in which they lie, so each file is read once from front to back.
pub(super) struct TextFiles {
    disk: Disk,
    files: Vec<(PathBuf, Option<TextRows>, u64)>,
    places: HashMap<Sha256, Place>,
}

impl TextFiles {
    /// Reads where each document's text lies. Files that are gone or damaged count as empty: what they held
    /// is extracted again. A disk that fails is an error: the text is still there.
    pub(super) fn open(disk: &Disk, paths: Vec<PathBuf>) -> Result<Self, StoreError> {
        let mut places = HashMap::new();
        for (file, path) in paths.iter().enumerate() {
            let mut found = HashMap::new();
            if disk.size(path)?.is_none() {
                continue;
            }
            match locate(disk, path, file, &mut found) {
                Err(StoreError::Corrupt { .. } | StoreError::Parquet { .. }) => continue,
                located => located?,
            }
            for (sha256, place) in found {
                places.entry(sha256).or_insert(place);
            }
        }
        Ok(Self {
            disk: disk.clone(),
            files: paths.into_iter().map(|path| (path, None, 0)).collect(),
            places,
        })
    }

    pub(super) fn contains(&self, sha256: &Sha256) -> bool {
        self.places.contains_key(sha256)
    }

    /// The documents whose text lies in the file at `path`, in the order they lie there.
    pub(super) fn documents_in(&self, path: &Path) -> Vec<Sha256> {
        let Some(file) = self.files.iter().position(|(known, _, _)| known == path) else {
            return Vec::new();
        };
        let mut found: Vec<_> = self
            .places
            .iter()
            .filter(|(_, place)| place.file == file)
            .map(|(sha256, place)| (place.start, *sha256))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, sha256)| sha256).collect()
    }

    /// The text of a document, as it was before publication.
    pub(super) fn read(&mut self, sha256: &Sha256) -> Result<Option<CachedText>, StoreError> {
        let Some(place) = self.places.get(sha256).copied() else {
            return Ok(None);
        };
        let Some((path, reader, position)) = self.files.get_mut(place.file) else {
            return Ok(None);
        };
        if reader.is_none()
            || *position > place.start
            || place.start - *position > 64 * BATCH as u64
        {
            *reader = Some(TextRows::open(&self.disk, path, place.start)?);
            *position = place.start;
        }
        let Some(rows) = reader else { return Ok(None) };
        let mut engine = String::new();
        let mut pages = Vec::new();
        while *position < place.start + place.rows {
            let row = rows.next().transpose()?;
            let row =
                row.ok_or_else(|| StoreError::corrupt(&*path, "it ends before its rows do"))?;
            if *position >= place.start {
                if row.sha256 != *sha256 {
                    return Err(StoreError::corrupt(
                        &*path,
                        format!("row {position} belongs to another document"),
                    ));
                }
                engine = row.engine;
                pages.push(row.page);
            }
            *position += 1;
        }
        Ok(Some(CachedText {
            engine,
            outcome: TextOutcome::Pages(pages),
        }))
    }
}

/// Finds the runs of rows of each document: a run ends where the hash changes or the pages begin
/// again.
fn locate(
    disk: &Disk,
    path: &Path,
    file: usize,
    places: &mut HashMap<Sha256, Place>,
) -> Result<(), StoreError> {
    let source = disk.files().open(path).at("opening", path)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(source).within(path)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), ["document_sha256", "page"]);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(8192)
        .build()
        .within(path)?;
    let mut position = 0;
    let mut run: Option<(Sha256, u64, u32)> = None;
    for batch in reader {
        let batch = batch.within(path)?;
        let hashes = batch
            .column_by_name("document_sha256")
            .and_then(|array| array.as_fixed_size_binary_opt());
        let pages = batch
            .column_by_name("page")
            .and_then(|array| array.as_primitive_opt::<UInt32Type>());
        let (Some(hashes), Some(pages)) = (hashes, pages) else {
            return Err(StoreError::corrupt(path, "it has not the columns of text"));
        };
        for row in 0..batch.num_rows() {
            let bytes = hashes.value(row).try_into();
            let sha256 = Sha256::from_bytes(
                bytes.map_err(|_| StoreError::corrupt(path, "a hash is not 32 bytes"))?,
            );
            let page = pages.value(row);
            let continues =
                run.is_some_and(|(last, _, last_page)| last == sha256 && page > last_page);
            if let (Some((last, start, _)), false) = (run, continues) {
                places.entry(last).or_insert(Place {
                    file,
                    start,
                    rows: position - start,
                });
            }
            let start = run
                .filter(|_| continues)
                .map_or(position, |(_, start, _)| start);
            run = Some((sha256, start, page));
            position += 1;
        }
    }
    if let Some((last, start, _)) = run {
        places.entry(last).or_insert(Place {
            file,
            start,
            rows: position - start,
        });
    }
    Ok(())
}
