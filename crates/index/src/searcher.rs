//! The searcher: an open index, ready for questions.

use std::fmt;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyError, Term};

use crate::engine::Engine;
use crate::ordinals::Ordinals;
use crate::query::{needles, parse};
use crate::search::{Search, copies};
use crate::snippet::Highlighter;
use crate::stored::Stored;
use crate::text::Stems;
use crate::writer::newest;
use crate::{Hit, IndexError, QueryError, Results, SearchOptions, StoredDocument, export, golden};

/// Searches an index as of one commit. Cheap to share between threads; see [`reload`](Self::reload)
/// for moving on to a later commit.
pub struct Searcher {
    pub(crate) engine: Engine,
    pub(crate) ordinals: Ordinals,
}

impl Searcher {
    /// Opens the index in `dir` for reading. A writer may be at work on it.
    ///
    /// Fails with [`IndexError::Missing`] if there is none, with [`IndexError::Unusable`] if it is
    /// damaged or of another schema.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        Ok(Self::with_engine(Engine::open(dir)?))
    }

    pub(crate) fn with_engine(engine: Engine) -> Self {
        Self {
            engine,
            ordinals: Ordinals::default(),
        }
    }

    /// Moves on to the latest commit. Searches under way finish on the one they began with.
    pub fn reload(&self) -> Result<(), IndexError> {
        self.engine
            .reader
            .reload()
            .map_err(IndexError::engine("read the latest commit"))
    }

    /// The number of documents.
    pub fn document_count(&self) -> u64 {
        self.engine.reader.searcher().num_docs()
    }

    /// The watermark of the latest commit on disk; `None` before the first.
    pub fn watermark(&self) -> Option<String> {
        self.engine.watermark()
    }

    /// The moment, in microseconds since 1970, at which the index first saw the judgment that it saw last, as of
    /// this commit; 0 if there is none. See [`SearchOptions::added_after`].
    pub fn newest(&self) -> Result<i64, IndexError> {
        let newest = newest(&self.engine.reader.searcher());
        let newest = newest.map_err(IndexError::engine("read when judgments were first seen"))?;
        Ok(newest.unwrap_or(0))
    }

    /// Answers `query`; an empty one matches every document.
    ///
    /// | typed | finds |
    /// |---|---|
    /// | `anticipatory bail` | both words, in any inflection, in the heading or in the text |
    /// | `"anticipatory bail"` | these words in this form and order; `"…"~5` lets five words stand between |
    /// | `bail or parole`, `bail AND parole`, `bail NOT murder`, `bail -murder` | operators, in any case; AND binds tighter than OR |
    /// | `bail /5 refused`, `bail w/5 refused`, `bail near refused`, `bail @5 refused` | at most five (ten) words apart, in any order; `@` in this order |
    /// | `(bail OR parole) murder` | groups, up to 16 deep |
    /// | `bail*`, `Kulkarni~` | words that begin so, from three letters on; words spelled nearly so |
    /// | `title:mehta`, `court:(delhi OR bombay)` | in one field |
    /// | `year:2019..2021`, `date:2020-05..2021`, `date:"past 30 days"`, `after:2020` | decisions of these days |
    ///
    /// If the whole query is an identifier (a CNR, a citation, a case number), the answer is the judgments that
    /// bear it; if none does, those that cite it.
    ///
    /// Fails on more than 1,000 characters, more than 32 words and phrases, on what does not fit the table, and
    /// when [`SearchOptions::time_limit`] is over; the error names the place and what to type instead.
    pub fn search(&self, query: &str, options: &SearchOptions) -> Result<Results, QueryError> {
        guarded(|| Search::new(&self.engine, &self.ordinals, options)?.answer(query))
    }

    /// The document with this key as the index keeps it; `None` if it holds none.
    pub fn document(&self, key: &str) -> Result<Option<StoredDocument>, QueryError> {
        guarded(|| {
            let searcher = self.engine.reader.searcher();
            self.stored(&searcher, key).map_err(QueryError::unreadable)
        })
    }

    fn stored(
        &self,
        searcher: &tantivy::Searcher,
        key: &str,
    ) -> Result<Option<StoredDocument>, TantivyError> {
        let fields = &self.engine.fields;
        let query = TermQuery::new(
            Term::from_field_text(fields.key, key),
            IndexRecordOption::Basic,
        );
        let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
        let Some((_, at)) = found.first() else {
            return Ok(None);
        };
        let stored = Stored::read(searcher, fields, *at)?;
        let copies = copies(searcher, fields, stored.card.group)?;
        Ok(Some(stored.into_document(copies)))
    }

    /// Hands every match of `query` to `visit`, in the order asked for, until it breaks off. Returns how many
    /// matches it was given. Limit, offset, facets, folding and the time limit of `options` are not looked at.
    ///
    /// In memory are 40 bytes a match and one hit.
    pub fn export(
        &self,
        query: &str,
        options: &SearchOptions,
        visit: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<u64, QueryError> {
        let options = SearchOptions {
            limit: 0,
            offset: 0,
            facets: None,
            time_limit: None,
            ..options.clone()
        };
        guarded(|| {
            export::run(
                &Search::new(&self.engine, &self.ordinals, &options)?,
                query,
                visit,
            )
        })
    }

    /// Asks for about `samples` of the documents that are held, by key and by the opening words of their text, and
    /// returns what is not found: nothing, if the index is sound. [`verify`](crate::verify) compares bytes,
    /// this compares answers.
    pub fn lost(&self, samples: usize) -> Result<Vec<String>, QueryError> {
        let options = golden::options();
        guarded(|| {
            golden::lost(
                &Search::new(&self.engine, &self.ordinals, &options)?,
                samples,
            )
        })
    }

    /// The byte ranges of `text` that `query` is about, in order and apart: what to mark on a page.
    pub fn highlights(&self, query: &str, text: &str) -> Result<Vec<(usize, usize)>, QueryError> {
        let mut stems = Stems::default();
        let needles = needles(&parse(query)?, &mut stems);
        Ok(Highlighter::new(&needles, stems).ranges(text))
    }
}

/// The engine trusts what it reads. A byte that changed on disk can make it panic, which must not end a server;
/// nothing of the search is kept.
pub(crate) fn guarded<T>(run: impl FnOnce() -> Result<T, QueryError>) -> Result<T, QueryError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(QueryError::unreadable(
            "the engine failed on a damaged file",
        ))
    })
}

impl fmt::Debug for Searcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Searcher")
            .field("dir", &self.engine.dir)
            .finish_non_exhaustive()
    }
}
