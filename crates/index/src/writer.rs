//! The one writer of an index.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use tantivy::indexer::IndexWriterOptions;
use tantivy::{TantivyDocument, TantivyError, Term};

use crate::body::BodyReader;
use crate::document::tie;
use crate::duplicates::{Fingerprint, Groups};
use crate::engine::{Engine, opening};
use crate::schema::ADDED;
use crate::versions::Held;
use crate::{IndexDocument, IndexError, Searcher, Versions};

/// What an indexing thread needs at least.
const MIN_THREAD_MEMORY: usize = 16_000_000;
/// What an indexing thread is given before there is a second one. A larger memory makes larger segments, in
/// which a word stands once for more documents, and which are merged more seldom.
const THREAD_MEMORY: usize = 256 << 20;
/// More threads only make more, smaller segments.
const MAX_THREADS: usize = 4;

/// Writes an index: the only writer of its directory as long as it lives.
///
/// Changes are seen by searchers, and survive, from the next [`commit`](Self::commit) on. A writer
/// that is dropped, or whose process dies, leaves the last commit.
pub struct IndexWriter {
    engine: Engine,
    writer: tantivy::IndexWriter<TantivyDocument>,
    versions: Versions,
    /// Keys changed since the last commit; `None` if deleted.
    pending: HashMap<String, Option<Held>>,
    groups: Groups,
    reader: BodyReader,
    /// Whether the index was empty when it was opened: what comes in was seen before.
    is_new: bool,
    /// The moment of the call that is under way, later than all before it.
    now: i64,
}

impl IndexWriter {
    /// Opens the index in `dir` for writing, or makes one there.
    ///
    /// `memory_bytes` is the memory used for documents before they are written out, 16 MB at least.
    ///
    /// Fails with [`IndexError::Unusable`] if what is there is damaged or of another schema (see
    /// [`set_aside`](crate::set_aside)), with [`IndexError::Locked`] if there is another writer.
    pub fn open(dir: &Path, memory_bytes: usize) -> Result<Self, IndexError> {
        let engine = Engine::open_or_create(dir)?;
        Self::with_engine(engine, memory_bytes, |cause| opening(dir, &cause))
    }

    /// Makes an index in memory, for trials and tests.
    pub fn in_memory(memory_bytes: usize) -> Result<Self, IndexError> {
        Self::with_engine(
            Engine::in_memory()?,
            memory_bytes,
            IndexError::engine("open a writer in memory"),
        )
    }

    fn with_engine(
        engine: Engine,
        memory_bytes: usize,
        failed: impl FnOnce(TantivyError) -> IndexError,
    ) -> Result<Self, IndexError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = (memory_bytes / THREAD_MEMORY).clamp(1, MAX_THREADS.min(cores));
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(
                (memory_bytes / threads).clamp(MIN_THREAD_MEMORY, 2_000_000_000),
            )
            .num_merge_threads(1)
            .build();
        let opened = engine
            .index
            .writer_with_options(options)
            .and_then(|writer| {
                Ok((
                    writer,
                    Versions::of(&engine.reader.searcher(), engine.fields)?,
                ))
            });
        let (writer, versions) = opened.map_err(failed)?;
        let newest = newest(&engine.reader.searcher())
            .map_err(IndexError::engine("read when judgments were first seen"))?;
        Ok(Self {
            is_new: newest.is_none(),
            now: now().max(newest.unwrap_or(0) + 1),
            engine,
            writer,
            versions,
            pending: HashMap::new(),
            groups: Groups::default(),
            reader: BodyReader::default(),
        })
    }

    /// Adds `document`, in place of the one with the same key if there is one. False if the index
    /// holds this version of it already, in which case nothing is done.
    pub fn upsert(&mut self, mut document: IndexDocument) -> Result<bool, IndexError> {
        let held = match self.pending.get(&document.key) {
            Some(pending) => pending.clone(),
            None => self.versions.held(&document.key)?,
        };
        if held
            .as_ref()
            .is_some_and(|held| held.version == document.version)
        {
            return Ok(false);
        }
        let added = held
            .as_ref()
            .map_or_else(|| self.first_seen(&document), |held| held.added);
        let (key, version) = (document.key.clone(), document.version.clone());
        let body = self.reader.read(&document.pages);
        let print = self.grouped(&mut document, body.print)?;
        let mut prepared = document
            .into_engine(body, &self.engine.fields, added)
            .map_err(|error| TantivyError::InternalError(error.to_string()))
            .map_err(IndexError::engine("prepare a document"))?;
        if let Some(print) = print {
            for number in print.sketch.numbers() {
                prepared.add_u64(self.engine.fields.sketch, *number);
            }
            for band in print.bands {
                prepared.add_u64(self.engine.fields.bands, band);
            }
        }
        if held.is_some() {
            self.writer
                .delete_term(Term::from_field_text(self.engine.fields.key, &key));
        }
        self.writer
            .add_document(prepared)
            .map_err(IndexError::engine("add a document"))?;
        self.pending.insert(key, Some(Held { version, added }));
        Ok(true)
    }

    /// Puts a document with text into the group of its near-duplicates, if the caller named none. What comes back
    /// is kept with it: its bands with the sketch of that group.
    fn grouped(
        &mut self,
        document: &mut IndexDocument,
        print: Option<Fingerprint>,
    ) -> Result<Option<Fingerprint>, IndexError> {
        let Some(print) = print.filter(|_| document.facts.group.is_none()) else {
            return Ok(None);
        };
        let searcher = self.engine.reader.searcher();
        let (group, sketch) = self
            .groups
            .join(&searcher, &self.engine.fields, &print, tie(&document.key))
            .map_err(IndexError::engine("compare a document with those held"))?;
        document.facts.group = Some(group);
        Ok(Some(Fingerprint { sketch, ..print }))
    }

    /// The moment that a judgment the index does not hold is noted with. An index that is made anew asks the
    /// lake, so that a rebuilt one does not take everything for news.
    fn first_seen(&self, document: &IndexDocument) -> i64 {
        let known = document.facts.first_seen.filter(|_| self.is_new);
        known.map_or(self.now, |moment| moment.as_microsecond().min(self.now))
    }

    /// Deletes the document with this key, if there is one.
    pub fn delete(&mut self, key: &str) -> Result<(), IndexError> {
        self.writer
            .delete_term(Term::from_field_text(self.engine.fields.key, key));
        self.pending.insert(key.to_owned(), None);
        Ok(())
    }

    /// The documents of the last commit with their versions.
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// The watermark of the last commit; `None` before the first.
    pub fn watermark(&self) -> Option<String> {
        self.engine.watermark()
    }

    /// Makes all changes since the last commit visible and durable, together with `watermark`: a
    /// text that says up to where the caller's data is indexed.
    pub fn commit(&mut self, watermark: &str) -> Result<(), IndexError> {
        fail::fail_point!("index-commit", |_| Err(IndexError::engine("commit")(
            TantivyError::InternalError("a failing disk".to_owned())
        )));
        self.try_commit(watermark)
            .map_err(IndexError::engine("commit"))?;
        self.engine.sync()?;
        self.pending.clear();
        self.groups.committed();
        // Later than what any searcher of this commit has seen.
        self.now = now().max(self.now + 1);
        Ok(())
    }

    fn try_commit(&mut self, watermark: &str) -> Result<(), TantivyError> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(watermark);
        prepared.commit()?;
        self.engine.reader.reload()?;
        self.versions = Versions::of(&self.engine.reader.searcher(), self.engine.fields)?;
        Ok(())
    }

    /// A searcher over the last commit.
    pub fn searcher(&self) -> Result<Searcher, IndexError> {
        Ok(Searcher::with_engine(self.engine.with_own_reader()?))
    }

    /// Waits until segments have been merged in the background, and closes. Uncommitted changes are
    /// lost. Dropping the writer closes it without waiting; the merges are then made up later.
    pub fn close(self) -> Result<(), IndexError> {
        self.writer
            .wait_merging_threads()
            .map_err(IndexError::engine("merge segments"))?;
        self.engine.sync()
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

/// The latest moment at which a judgment was first seen; `None` if there is no judgment.
pub(crate) fn newest(searcher: &tantivy::Searcher) -> Result<Option<i64>, TantivyError> {
    let mut newest = None;
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().column_opt::<i64>(ADDED)?;
        newest = newest.max(
            column
                .filter(|_| segment.num_docs() > 0)
                .map(|column| column.max_value()),
        );
    }
    Ok(newest)
}

impl fmt::Debug for IndexWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndexWriter")
            .field("dir", &self.engine.dir)
            .field("pending", &self.pending.len())
            .finish_non_exhaustive()
    }
}
