//! One Parquet file on its way into a layer, and the files that have to leave it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use nirnay_model::{SCHEMA_VERSION, Sha256};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, ParquetMetaDataReader, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::disk::{Disk, files_below, hash_file, remove_if_there};
use crate::error::{IoContext as _, ParquetContext as _};
use crate::{Artifact, Layer, Ledger, StoreError};

/// Part of every input hash: raise it when the same input has to be written differently.
const FORMAT: u32 = 1;

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
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // After naming there is nothing left to remove.
        fs::remove_file(&self.0).ok();
    }
}

/// A Parquet file being written aside.
pub(super) struct Output {
    temp: Aside,
    writer: ArrowWriter<File>,
    rows: u64,
}

impl Output {
    pub(super) fn create(
        disk: &Disk,
        schema: SchemaRef,
        properties: WriterProperties,
    ) -> Result<Self, StoreError> {
        disk.check_space(0)?;
        let temp = Aside(disk.temp_path()?);
        let file = File::create_new(&temp.0).at("creating", &temp.0)?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties)).within(&temp.0)?;
        Ok(Self {
            temp,
            writer,
            rows: 0,
        })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).within(&self.temp.0)
    }

    /// Closes, syncs and checks the file: footer readable, as many rows as were written. The file is
    /// named by [`Finished::publish`].
    pub(super) fn finish(self) -> Result<Finished, StoreError> {
        let path = self.temp.0.clone();
        let file = self.writer.into_inner().within(&path)?;
        file.sync_all().at("syncing", &path)?;
        drop(file);
        let found = row_count(&path)?;
        if found != self.rows {
            return Err(StoreError::corrupt(
                path,
                format!("{found} rows instead of {} read back", self.rows),
            ));
        }
        let bytes = fs::metadata(&path).at("reading the size", &path)?.len();
        Ok(Finished {
            sha256: hash_file(&path)?,
            rows: self.rows,
            bytes,
            temp: self.temp,
        })
    }
}

/// A whole, durable file that still needs its name.
pub(super) struct Finished {
    temp: Aside,
    sha256: Sha256,
    rows: u64,
    bytes: u64,
}

impl Finished {
    /// Gives the file its name; the caller records the artifact.
    pub(super) fn publish(
        self,
        disk: &Disk,
        layer: Layer,
        path: &str,
        input: Sha256,
    ) -> Result<Artifact, StoreError> {
        disk.put_in_place(&self.temp.0, &disk.root().join(path))?;
        Ok(Artifact {
            path: path.to_owned(),
            layer,
            sha256: self.sha256,
            rows: self.rows,
            bytes: self.bytes,
            input,
        })
    }
}

/// The number of rows in a file's footer.
fn row_count(path: &Path) -> Result<u64, StoreError> {
    let file = File::open(path).at("opening", path)?;
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .within(path)?;
    Ok(metadata.file_metadata().num_rows() as u64)
}

/// The files of a layer as recorded.
pub(super) struct Published(BTreeMap<String, Artifact>);

impl Published {
    pub(super) fn of(ledger: &Ledger, layer: Layer) -> Result<Self, StoreError> {
        let artifacts = ledger.artifacts(Some(layer))?;
        Ok(Self(
            artifacts
                .into_iter()
                .map(|artifact| (artifact.path.clone(), artifact))
                .collect(),
        ))
    }

    /// The recorded file, if it was made from this input and still has its size.
    pub(super) fn current(&self, disk: &Disk, path: &str, input: &Sha256) -> Option<&Artifact> {
        let artifact = self
            .0
            .get(path)
            .filter(|artifact| artifact.input == *input)?;
        fs::metadata(disk.root().join(path))
            .is_ok_and(|file| file.len() == artifact.bytes)
            .then_some(artifact)
    }

    /// The recorded files of one folder of the layer, by path.
    pub(super) fn in_folder(&self, folder: &str) -> Vec<String> {
        let inside = |path: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.0.keys().filter(|path| inside(path)).cloned().collect()
    }
}

/// Removes every file of a layer that is not to be kept: first the file, then its record, so that no
/// reader finds a file the manifest does not know for longer than needed.
pub(super) fn sweep(
    disk: &Disk,
    ledger: &Ledger,
    layer: Layer,
    keep: &BTreeSet<String>,
) -> Result<u64, StoreError> {
    let mut removed = 0;
    let root = disk.root();
    for path in files_below(&root.join(layer.name()))? {
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".parquet") && !keep.contains(&name) {
            remove_if_there(&path)?;
            remove_empty_folders(root, &path);
            removed += 1;
        }
    }
    for artifact in ledger.artifacts(Some(layer))? {
        if !keep.contains(&artifact.path) {
            ledger.forget_artifact(&artifact.path)?;
        }
    }
    Ok(removed)
}

/// Removes the folders above a removed file that are empty now.
fn remove_empty_folders(root: &Path, file: &Path) {
    let mut folder = file.parent();
    while let Some(path) = folder.filter(|path| *path != root) {
        if fs::remove_dir(path).is_err() {
            break;
        }
        folder = path.parent();
    }
}
