//! One Parquet file on its way into a layer, and the files that have to leave it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use nirnay_model::{SCHEMA_VERSION, Sha256};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, ParquetMetaDataReader, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::disk::Disk;
use crate::error::{IoContext as _, ParquetContext as _};
use crate::files::{OutFile, SyncPoint};
use crate::{Artifact, Layer, Ledger, StoreError};

/// Part of every input hash: raise it when the same input has to be written differently.
const FORMAT: u32 = 1;

/// The form in which files are written now.
pub(crate) fn format() -> String {
    format!("{SCHEMA_VERSION}.{FORMAT}")
}

/// What every published file has in common. The writer's name carries no version, so that an
/// upgrade that changes nothing else leaves the bytes alone.
pub(super) fn properties(level: i32) -> parquet::errors::Result<WriterPropertiesBuilder> {
    let version = KeyValue::new(
        "nirnay.schema_version".to_owned(),
        SCHEMA_VERSION.to_string(),
    );
    Ok(WriterProperties::builder()
        .set_created_by("nirnay".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(level)?))
        .set_key_value_metadata(Some(vec![version]))
        .set_max_row_group_row_count(Some(128 * 1024))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_dictionary_enabled(false))
}

/// The path of a column; a list's values lie two levels below it.
pub(super) fn column(name: &str, list: bool) -> ColumnPath {
    let mut path = vec![name.to_owned()];
    if list {
        path.extend(["list".to_owned(), "item".to_owned()]);
    }
    ColumnPath::new(path)
}

/// The order of a file, by the places of columns among the leaves of the schema.
pub(super) fn sorted_by(columns: &[i32]) -> Vec<SortingColumn> {
    let sorting = |index: &i32| SortingColumn {
        column_idx: *index,
        descending: false,
        nulls_first: true,
    };
    columns.iter().map(sorting).collect()
}

/// Collects what a file is made from.
pub(super) struct InputHash(sha2::Sha256);

impl InputHash {
    pub(super) fn new(layer: Layer) -> Self {
        let mut hash = Self(sha2::Digest::new());
        hash.add(format!("{} {SCHEMA_VERSION} {FORMAT}", layer.name()).as_bytes());
        hash
    }

    pub(super) fn add(&mut self, part: &[u8]) {
        use sha2::Digest as _;
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    pub(super) fn finish(self) -> Sha256 {
        use sha2::Digest as _;
        Sha256::from_bytes(self.0.finalize().into())
    }
}

/// A file that has no name yet and goes away unless it gets one.
#[derive(Debug)]
pub(super) struct Aside {
    disk: Disk,
    path: PathBuf,
}

impl Drop for Aside {
    fn drop(&mut self) {
        // After naming there is nothing left to remove.
        self.disk.remove_if_there(&self.path).ok();
    }
}

/// A Parquet file being written aside.
pub(super) struct Output {
    temp: Aside,
    writer: ArrowWriter<Box<dyn OutFile>>,
    rows: u64,
}

fn ignores_close_errors() -> bool {
    fail::fail_point!("plant-close-error-ignored", |_| true);
    false
}

impl Output {
    pub(super) fn create(
        disk: &Disk,
        schema: SchemaRef,
        properties: WriterProperties,
    ) -> Result<Self, StoreError> {
        disk.check_space(0)?;
        let temp = Aside {
            disk: disk.clone(),
            path: disk.temp_path()?,
        };
        let file = disk.files().create(&temp.path).at("creating", &temp.path)?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties)).within(&temp.path)?;
        Ok(Self {
            temp,
            writer,
            rows: 0,
        })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).within(&self.temp.path)
    }

    /// Closes, syncs and checks the file: footer readable, as many rows as were written. The file is
    /// named by [`Batch::settle`](super::batch::Batch::settle).
    pub(super) fn finish(self) -> Result<Finished, StoreError> {
        let Self {
            temp,
            mut writer,
            rows,
        } = self;
        let (disk, path) = (&temp.disk, &temp.path);
        // The footer is written here: what is not checked here is a file that nobody can read.
        match writer.finish().within(path) {
            Ok(_) => disk
                .sync_file(writer.inner_mut().as_mut(), SyncPoint::PartBytes)
                .at("syncing", path)?,
            Err(_) if ignores_close_errors() => {}
            Err(error) => return Err(error),
        }
        drop(writer);
        if !ignores_close_errors() {
            check_rows(disk, path, rows)?;
        }
        Ok(Finished {
            sha256: disk.hash_file(path)?,
            rows,
            bytes: disk.size(path)?.unwrap_or(0),
            temp,
        })
    }
}

/// A whole, durable file that still needs its name.
#[derive(Debug)]
pub(super) struct Finished {
    temp: Aside,
    sha256: Sha256,
    rows: u64,
    bytes: u64,
}

impl Finished {
    /// The record it gets under its name.
    pub(super) fn artifact(&self, layer: Layer, path: &str, input: Sha256) -> Artifact {
        Artifact {
            path: path.to_owned(),
            layer,
            sha256: self.sha256,
            rows: self.rows,
            bytes: self.bytes,
            input,
        }
    }

    /// Its name among the unfinished files.
    pub(super) fn temp_name(&self) -> String {
        let name = self.temp.path.file_name();
        name.map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}

/// Fails unless a file's footer states `rows` rows.
pub(crate) fn check_rows(disk: &Disk, path: &Path, rows: u64) -> Result<(), StoreError> {
    let found = rows_in(disk, path)?;
    if found == rows {
        return Ok(());
    }
    let detail = format!("{found} rows instead of {rows} read back");
    Err(StoreError::corrupt(path, detail))
}

/// The number of rows in a file's footer.
pub(crate) fn rows_in(disk: &Disk, path: &Path) -> Result<u64, StoreError> {
    let file = disk.files().open(path).at("opening", path)?;
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .within(path)?;
    Ok(metadata.file_metadata().num_rows() as u64)
}

/// The files of a layer as recorded.
pub(super) struct Published(BTreeMap<String, Artifact>);

impl Published {
    pub(super) fn of(ledger: &Ledger, layer: Layer) -> Result<Self, StoreError> {
        Ok(Self::new(ledger.artifacts(Some(layer))?))
    }

    /// Those of one folder of a layer alone.
    pub(super) fn of_folder(ledger: &Ledger, folder: &str) -> Result<Self, StoreError> {
        Ok(Self::new(ledger.artifacts_in(folder)?))
    }

    fn new(artifacts: Vec<Artifact>) -> Self {
        let named = artifacts
            .into_iter()
            .map(|artifact| (artifact.path.clone(), artifact));
        Self(named.collect())
    }

    /// The recorded file, if it was made from this input and still has its size.
    pub(super) fn current(&self, disk: &Disk, path: &str, input: &Sha256) -> Option<&Artifact> {
        self.whole(disk, path)
            .filter(|artifact| artifact.input == *input)
    }

    /// The recorded file, if it still has its size.
    pub(super) fn whole(&self, disk: &Disk, path: &str) -> Option<&Artifact> {
        let artifact = self.0.get(path)?;
        let size = disk.size(&disk.root().join(path)).ok()?;
        (size == Some(artifact.bytes)).then_some(artifact)
    }

    /// The paths of the recorded files, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

/// Removes every file of a layer that is not to be kept: first the record, then the file, so that no
/// record points at a file that is gone. What a crash leaves behind goes at the next opening.
pub(super) fn sweep(
    disk: &Disk,
    ledger: &Ledger,
    layer: Layer,
    keep: &BTreeSet<String>,
) -> Result<u64, StoreError> {
    let gone: Vec<String> = ledger
        .artifacts(Some(layer))?
        .into_iter()
        .filter(|artifact| !keep.contains(&artifact.path))
        .map(|artifact| artifact.path)
        .collect();
    if !gone.is_empty() {
        ledger.settle(&[], &gone)?;
    }
    let mut removed = 0;
    let root = disk.root();
    for path in disk.files_below(&root.join(layer.name()))? {
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".parquet") && !keep.contains(&name) {
            disk.remove_if_there(&path)?;
            disk.remove_empty_folders(&path);
            removed += 1;
        }
    }
    Ok(removed)
}
