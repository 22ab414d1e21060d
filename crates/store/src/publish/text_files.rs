//! Published text: its rows, and where each document's lie.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt32Type;
use arrow_schema::{ArrowError, SchemaRef};
use nirnay_model::{Cnr, ExtractMethod, PageCondition, PageText, Sha256, text_schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::cells::Cells;
use super::output::{column, sorted_by};
use super::part::{LayerRow, PartRows, READ_ROWS, ReadRow, common};
use super::{TextRow, columns};
use crate::disk::Disk;
use crate::error::{IoContext as _, ParquetContext as _};
use crate::{CachedText, Layer, StoreError, TextOutcome};

/// An iterator over the pages of a text file. After an error it ends.
pub type TextRows = PartRows<TextRow>;

impl ReadRow for TextRow {
    const LAYER: Layer = Layer::Text;

    fn read(batch: &RecordBatch, row: usize) -> Option<Self> {
        let cells = Cells::of(batch, row);
        Some(Self {
            row_key: cells.row_key()?,
            cnr: cells.cnr("cnr"),
            decision_date: cells.date("decision_date"),
            sha256: cells.hash("document_sha256")?,
            // Files of an older schema lack columns: what they do not say has its default.
            page: PageText {
                page: cells.number("page")?,
                text: cells.string("text")?,
                furniture: cells.string("furniture").unwrap_or_default(),
                chars: cells.number("chars")?,
                quality: cells.float("quality")?,
                mapped: cells.float("mapped").unwrap_or(1.0),
                wordlike: cells.float("wordlike"),
                method: ExtractMethod::named(cells.text("method")?)?,
                condition: match cells.text("condition") {
                    Some(name) => PageCondition::named(name)?,
                    None => PageCondition::default(),
                },
                script: cells.string("script"),
                languages: cells.list("languages"),
                needs_ocr: cells.flag("needs_ocr")?,
            },
            engine: cells.string("engine")?,
            notes: cells.list("notes"),
            extractor: cells.string("extractor").unwrap_or_default(),
        })
    }
}

impl LayerRow for TextRow {
    const DICTIONARY: &'static [&'static str] = &[
        "decision_date",
        "method",
        "script",
        "engine",
        "condition",
        "extractor",
    ];

    fn schema() -> SchemaRef {
        text_schema()
    }

    fn batch(rows: &[Self]) -> Result<RecordBatch, ArrowError> {
        let pages = || rows.iter().map(|row| &row.page);
        RecordBatch::try_new(
            text_schema(),
            vec![
                columns::strings(rows.iter().map(|row| Some(row.row_key.as_str()))),
                columns::strings(rows.iter().map(|row| row.cnr.as_ref().map(Cnr::as_str))),
                columns::dates(rows.iter().map(|row| row.decision_date)),
                columns::hashes(rows.iter().map(|row| Some(row.sha256)))?,
                columns::numbers(pages().map(|page| Some(page.page))),
                columns::strings(pages().map(|page| Some(&page.text))),
                columns::numbers(pages().map(|page| Some(page.chars))),
                columns::floats(pages().map(|page| Some(page.quality))),
                columns::strings(pages().map(|page| Some(page.method.name()))),
                columns::strings(pages().map(|page| page.script.as_ref())),
                columns::flags(pages().map(|page| Some(page.needs_ocr))),
                columns::strings(rows.iter().map(|row| Some(&row.engine))),
                columns::strings(
                    pages().map(|page| Some(&page.furniture).filter(|text| !text.is_empty())),
                ),
                columns::floats(pages().map(|page| Some(page.mapped))),
                columns::floats(pages().map(|page| page.wordlike)),
                columns::strings(pages().map(|page| Some(page.condition.name()))),
                columns::lists(pages().map(|page| &page.languages)),
                columns::lists(rows.iter().map(|row| &row.notes)),
                columns::strings(
                    rows.iter()
                        .map(|row| Some(&row.extractor).filter(|text| !text.is_empty())),
                ),
            ],
        )
    }

    fn weight(&self) -> usize {
        self.page.text.len() + self.page.furniture.len()
    }

    fn properties() -> parquet::errors::Result<WriterProperties> {
        let builder = common::<Self>(9)?
            .set_sorting_columns(Some(sorted_by(&[2, 1])))
            .set_column_statistics_enabled(column("text", false), EnabledStatistics::None)
            .set_column_statistics_enabled(column("furniture", false), EnabledStatistics::None)
            .set_column_dictionary_enabled(column("languages", true), true);
        Ok(builder.build())
    }
}

/// Where the text of a document lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    file: usize,
    start: u64,
    rows: u64,
    /// Among the extractors.
    made_by: usize,
}

/// The published text of a partition, findable by document. Documents are read in about the order
/// in which they lie, so each file is read once from front to back.
pub(super) struct TextFiles {
    disk: Disk,
    files: Vec<(PathBuf, Option<TextRows>, u64)>,
    places: HashMap<Sha256, Place>,
    /// The extractors that made the texts.
    extractors: Vec<String>,
}

impl TextFiles {
    /// Reads where each document's text lies. Files that are gone or damaged count as empty: what they held
    /// is extracted again. A disk that fails is an error: the text is still there.
    pub(super) fn open(disk: &Disk, paths: Vec<PathBuf>) -> Result<Self, StoreError> {
        let mut places = HashMap::new();
        let mut extractors = Vec::new();
        for (file, path) in paths.iter().enumerate() {
            let mut found = HashMap::new();
            if disk.size(path)?.is_none() {
                continue;
            }
            match locate(disk, path, file, (&mut found, &mut extractors)) {
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
            extractors,
        })
    }

    /// The version of the extraction that made a document's text; empty where a version without it did.
    pub(super) fn made_by(&self, sha256: &Sha256) -> Option<&str> {
        let place = self.places.get(sha256)?;
        self.extractors.get(place.made_by).map(String::as_str)
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
            || place.start - *position > 64 * READ_ROWS as u64
        {
            *reader = Some(TextRows::open(&self.disk, path, place.start)?);
            *position = place.start;
        }
        let Some(rows) = reader else { return Ok(None) };
        let (mut engine, mut extractor) = (String::new(), String::new());
        let mut pages = Vec::new();
        let mut notes = Vec::new();
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
                (engine, extractor) = (row.engine, row.extractor);
                notes.extend(row.notes.into_iter().map(|note| (row.page.page, note)));
                pages.push(row.page);
            }
            *position += 1;
        }
        Ok(Some(CachedText {
            extractor,
            engine,
            outcome: TextOutcome::Pages(pages),
            notes,
        }))
    }
}

/// The runs of rows of each document in a file, as they are found.
struct Runs<'a> {
    file: usize,
    places: &'a mut HashMap<Sha256, Place>,
    position: u64,
    run: Option<(Sha256, Place, u32)>,
}

impl Runs<'_> {
    /// A run ends where the hash changes or the pages begin again.
    fn row(&mut self, sha256: Sha256, page: u32, made_by: usize) {
        match &mut self.run {
            Some((last, place, last_page)) if *last == sha256 && page > *last_page => {
                place.rows += 1;
                *last_page = page;
            }
            _ => {
                self.end();
                let place = Place {
                    file: self.file,
                    start: self.position,
                    rows: 1,
                    made_by,
                };
                self.run = Some((sha256, place, page));
            }
        }
        self.position += 1;
    }

    fn end(&mut self) {
        if let Some((sha256, place, _)) = self.run.take() {
            self.places.entry(sha256).or_insert(place);
        }
    }
}

/// Finds where each document's rows lie, and by whom they were made.
fn locate(
    disk: &Disk,
    path: &Path,
    file: usize,
    (places, extractors): (&mut HashMap<Sha256, Place>, &mut Vec<String>),
) -> Result<(), StoreError> {
    let source = disk.files().open(path).at("opening", path)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(source).within(path)?;
    let wanted = ["document_sha256", "page", "extractor"];
    let mask = ProjectionMask::columns(builder.parquet_schema(), wanted);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(8192)
        .build()
        .within(path)?;
    let mut runs = Runs {
        file,
        places,
        position: 0,
        run: None,
    };
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
            let extractor = Cells::of(&batch, row).text("extractor").unwrap_or_default();
            let made_by = extractors
                .iter()
                .position(|known| known == extractor)
                .unwrap_or_else(|| {
                    extractors.push(extractor.to_owned());
                    extractors.len() - 1
                });
            runs.row(sha256, pages.value(row), made_by);
        }
    }
    runs.end();
    Ok(())
}

#[cfg(test)]
mod tests {
    use nirnay_model::RowKey;

    use super::*;

    fn row() -> TextRow {
        TextRow {
            row_key: RowKey::from_stored("ecourts-hc/7_26/dhcdb/~1".to_owned()),
            cnr: "DLHC010000122024".parse().ok(),
            decision_date: Some(jiff::civil::date(2024, 2, 3)),
            sha256: Sha256::of(b"pdf"),
            page: PageText {
                page: 2,
                text: "न्यायालय\nPage".to_owned(),
                furniture: "Page 2 of 3".to_owned(),
                chars: 13,
                quality: 0.9,
                mapped: 0.75,
                wordlike: Some(0.5),
                method: ExtractMethod::OcrLayer,
                condition: PageCondition::LegacyConverted,
                script: Some("Deva".to_owned()),
                languages: vec!["hin".to_owned(), "eng".to_owned()],
                needs_ocr: true,
            },
            engine: "e 1".to_owned(),
            notes: vec!["{\"kind\":\"signature\"}".to_owned(), "{}".to_owned()],
            extractor: "x 2".to_owned(),
        }
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let bare = TextRow {
            page: PageText::default(),
            notes: Vec::new(),
            ..row()
        };
        let rows = [row(), bare];
        let batch = TextRow::batch(&rows).unwrap();
        for (place, row) in rows.iter().enumerate() {
            assert_eq!(TextRow::read(&batch, place).as_ref(), Some(row));
        }
    }

    #[test]
    fn a_file_of_the_schema_before_lacks_columns_and_can_be_read() {
        let batch = TextRow::batch(&[row()]).unwrap();
        let twelve: Vec<usize> = (0..12).collect();
        let old = TextRow::read(&batch.project(&twelve).unwrap(), 0).unwrap();
        assert_eq!(
            (old.page.text.as_str(), old.engine.as_str()),
            ("न्यायालय\nPage", "e 1")
        );
        assert_eq!(
            (old.extractor.as_str(), old.page.furniture.as_str()),
            ("", "")
        );
        assert_eq!(
            (old.page.mapped, old.page.condition),
            (1.0, PageCondition::Readable)
        );
    }
}
