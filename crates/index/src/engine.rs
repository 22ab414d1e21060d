//! Opening and creating the engine's index: the one place that knows the directory.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tantivy::directory::error::LockError;
use tantivy::schema::Schema;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, TantivyError};

use crate::IndexError;
use crate::schema::{Fields, schema};
use crate::text;

/// The file whose presence makes a directory an index.
const META: &str = "meta.json";

/// Documents from which on a query is worth several threads.
const LARGE: u64 = 200_000;
/// Threads of one index's searches.
const MOST_THREADS: usize = 4;

/// An open index of this crate's schema.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    /// `None` for an index in memory.
    pub(crate) dir: Option<PathBuf>,
}

impl Engine {
    pub(crate) fn in_memory() -> Result<Self, IndexError> {
        let (schema, fields) = schema();
        let index = Index::builder()
            .schema(schema)
            .settings(settings())
            .create_in_ram()
            .map_err(IndexError::engine("create an index in memory"))?;
        text::register(index.tokenizers());
        let reader = reader(&index).map_err(IndexError::engine("open an index in memory"))?;
        Ok(Self {
            index,
            reader,
            fields,
            dir: None,
        })
    }

    /// Opens what is in `dir`.
    pub(crate) fn open(dir: &Path) -> Result<Self, IndexError> {
        if !dir.join(META).exists() {
            return Err(without_meta(dir));
        }
        let (expected, fields) = schema();
        // The engine reports most damage as an error, but not all: a file cut in the wrong place can
        // make it panic. Either way the directory is unusable and nothing of it is kept in memory.
        let opened = catch_unwind(AssertUnwindSafe(|| open_checked(dir, &expected)));
        let (index, reader) = opened
            .unwrap_or_else(|_| Err("the engine failed on a damaged file".to_owned()))
            .map_err(|why| IndexError::Unusable {
                dir: dir.to_owned(),
                why,
            })?;
        Ok(Self {
            index,
            reader,
            fields,
            dir: Some(dir.to_owned()),
        })
    }

    /// Opens what is in `dir`, or makes an index there if nothing is.
    pub(crate) fn open_or_create(dir: &Path) -> Result<Self, IndexError> {
        std::fs::create_dir_all(dir).map_err(io("create", dir))?;
        match Self::open(dir) {
            Err(IndexError::Missing { .. }) => {
                let (schema, _) = schema();
                Index::builder()
                    .schema(schema)
                    .settings(settings())
                    .create_in_dir(dir)
                    .map_err(|cause| opening(dir, &cause))?;
                sync_dir(dir)?;
                Self::open(dir)
            }
            outcome => outcome,
        }
    }

    /// The same index with a reader that reloads on its own terms.
    pub(crate) fn with_own_reader(&self) -> Result<Self, IndexError> {
        Ok(Self {
            reader: reader(&self.index).map_err(IndexError::engine("open a reader"))?,
            ..self.clone()
        })
    }

    /// Makes names created in the directory durable. The engine syncs its files and the directory
    /// before it renames `meta.json`, not after.
    pub(crate) fn sync(&self) -> Result<(), IndexError> {
        self.dir.as_deref().map_or(Ok(()), sync_dir)
    }

    pub(crate) fn watermark(&self) -> Option<String> {
        self.index.load_metas().ok()?.payload
    }
}

fn open_checked(dir: &Path, expected: &Schema) -> Result<(Index, IndexReader), String> {
    let mut index = Index::open_in_dir(dir).map_err(|cause| cause.to_string())?;
    if index.schema() != *expected {
        return Err("it was made with another schema".to_owned());
    }
    text::register(index.tokenizers());
    share_out(&mut index, LARGE).map_err(|cause| cause.to_string())?;
    let reader = reader(&index).map_err(|cause| cause.to_string())?;
    Ok((index, reader))
}

/// Has the segments of a large index searched side by side: a word that stands in most documents costs a count of
/// each of them.
fn share_out(index: &mut Index, large: u64) -> Result<(), TantivyError> {
    let segments = index.searchable_segment_metas()?;
    let documents: u64 = segments.iter().map(|s| u64::from(s.num_docs())).sum();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(segments.len()).min(MOST_THREADS);
    if documents >= large && threads > 1 {
        index.set_multithread_executor(threads)?;
    }
    Ok(())
}

fn reader(index: &Index) -> Result<IndexReader, TantivyError> {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
}

fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(3),
        }),
        // A tenth smaller than the engine's 16 KB; a hit takes a tenth of a millisecond more to read.
        docstore_blocksize: 64 << 10,
        ..IndexSettings::default()
    }
}

/// A directory without `meta.json` is no index, or one that has lost it.
fn without_meta(dir: &Path) -> IndexError {
    let mut names = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name()));
    let dir = dir.to_owned();
    // The engine's lock and bookkeeping files begin with a dot; they are there before the first commit.
    if names.any(|name| !name.to_string_lossy().starts_with('.')) {
        IndexError::Unusable {
            dir,
            why: format!("it holds files but no {META}"),
        }
    } else {
        IndexError::Missing { dir }
    }
}

/// What an error of the engine while opening `dir` means.
pub(crate) fn opening(dir: &Path, cause: &TantivyError) -> IndexError {
    match cause {
        TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked {
            dir: dir.to_owned(),
        },
        cause => IndexError::Unusable {
            dir: dir.to_owned(),
            why: cause.to_string(),
        },
    }
}

/// Renames the index in `dir` to `<name>.bad-<n>` beside it, so that a new one can be built in its
/// place, and returns the new path. `n` is the first free number from 1.
pub fn set_aside(dir: &Path) -> Result<PathBuf, IndexError> {
    let name = dir
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut number = 1_u32;
    let aside = loop {
        let candidate = dir.with_file_name(format!("{name}.bad-{number}"));
        if !candidate.exists() {
            break candidate;
        }
        number += 1;
    };
    std::fs::rename(dir, &aside).map_err(io("rename", dir))?;
    if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        sync_dir(parent)?;
    }
    Ok(aside)
}

/// Reads every file of the index in `dir` against its checksum and returns the damaged ones, relative
/// to `dir`. Takes as long as reading the index from disk.
///
/// Opening an index finds missing and cut files; only this finds changed bytes. Call it after a copy
/// or a repair of the file system, and before trusting an index of unknown history: searching one
/// with changed bytes gives wrong hits or fails.
pub fn verify(dir: &Path) -> Result<Vec<PathBuf>, IndexError> {
    if !dir.join(META).exists() {
        return Err(without_meta(dir));
    }
    // Without a reader: nothing but footers is interpreted.
    let damaged = Index::open_in_dir(dir)
        .and_then(|index| index.validate_checksum())
        .map_err(|cause| opening(dir, &cause))?;
    let mut damaged: Vec<PathBuf> = damaged.into_iter().collect();
    damaged.sort();
    Ok(damaged)
}

fn sync_dir(dir: &Path) -> Result<(), IndexError> {
    // Elsewhere a directory cannot be opened as a file, and renames are durable on their own terms.
    if cfg!(unix) {
        File::open(dir)
            .and_then(|handle| handle.sync_all())
            .map_err(io("sync", dir))?;
    }
    Ok(())
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> IndexError {
    move |source| IndexError::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use nirnay_model::{Judgment, SourceId};

    use super::*;
    use crate::{Facts, IndexDocument, IndexWriter, SearchOptions, Searcher};

    fn document(number: usize) -> IndexDocument {
        let judgment = Judgment {
            title: format!("A{number} versus STATE"),
            judges: vec![format!("JUSTICE B{}", number % 3)],
            ..Judgment::unprinted(
                SourceId::EcourtsHc,
                ("7_26".parse().unwrap(), "High Court of Delhi".to_owned()),
                "dhcdb".parse().unwrap(),
            )
        };
        IndexDocument {
            key: format!("key-{number}"),
            version: "1".to_owned(),
            judgment,
            sha256: None,
            facts: Facts::default(),
            pages: vec![(
                1,
                format!("The bail of number {number} {}", "bail ".repeat(number % 5)),
            )],
        }
    }

    #[test]
    fn threads_find_what_one_finds() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = IndexWriter::open(dir.path(), 20_000_000).unwrap();
        for number in 0..60 {
            writer.upsert(document(number)).unwrap();
            if number % 20 == 19 {
                writer.commit("mark").unwrap();
            }
        }
        drop(writer);
        let alone = Engine::open(dir.path()).unwrap();
        let mut shared = alone.clone();
        share_out(&mut shared.index, 1).unwrap();
        shared.reader = reader(&shared.index).unwrap();
        let segments = shared.reader.searcher().segment_readers().len();
        assert!(segments > 1, "{segments}");
        let options = SearchOptions {
            facets: Some(10),
            ..SearchOptions::default()
        };
        let [alone, shared] = [alone, shared].map(Searcher::with_engine);
        for query in [
            "bail",
            "\"bail bail\"",
            "number or state",
            "judge:b1",
            "",
            "nothing",
        ] {
            let one = alone.search(query, &options).unwrap();
            let other = shared.search(query, &options).unwrap();
            assert_eq!(one.total, other.total, "{query}");
            assert_eq!(one.facets, other.facets, "{query}");
            let keys = |results: &crate::Results| -> Vec<String> {
                results.hits.iter().map(|hit| hit.key.clone()).collect()
            };
            assert_eq!(keys(&one), keys(&other), "{query}");
        }
    }
}
