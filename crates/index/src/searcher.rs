//! The searcher: an open index, ready for questions.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::engine::Engine;
use crate::search::Search;
use crate::{IndexError, QueryError, Results, SearchOptions};

/// Searches an index as of one commit. Cheap to share between threads; see [`reload`](Self::reload)
/// for moving on to a later commit.
pub struct Searcher {
    engine: Engine,
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
        Self { engine }
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

    /// Answers `query`; an empty one matches every document.
    ///
    /// | typed | finds |
    /// |---|---|
    /// | `anticipatory bail` | both words, in any inflection, in the heading or in the text |
    /// | `"anticipatory bail"` | these words in this form and order; `"…"~5` lets five words stand between |
    /// | `bail OR parole`, `bail AND parole`, `bail NOT murder`, `bail -murder` | operators in capitals; AND binds tighter than OR |
    /// | `(bail OR parole) murder` | groups, up to 16 deep |
    /// | `bail*` | words that begin so, from three letters on |
    /// | `title:mehta`, `court:(delhi OR bombay)` | in one field: title, party, judge, court, bench, cnr, citation, case, year, disposal, kind, body |
    /// | `year:2019..2021` | decisions of these years |
    ///
    /// If the whole query is an identifier that judgments bear (a CNR, a citation, a case number),
    /// the answer is those judgments and nothing else.
    ///
    /// Fails on more than 1,000 characters, more than 32 words and phrases, and on what does not fit
    /// the table; the error names the place and what to type instead.
    pub fn search(&self, query: &str, options: &SearchOptions) -> Result<Results, QueryError> {
        // The engine trusts what it reads. A byte that changed on disk can make it panic, which must
        // not end a server; nothing of the search is kept.
        catch_unwind(AssertUnwindSafe(|| {
            Search::new(&self.engine, options)?.answer(query)
        }))
        .unwrap_or_else(|_| {
            Err(QueryError::unreadable(
                "the engine failed on a damaged file",
            ))
        })
    }
}

impl fmt::Debug for Searcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Searcher")
            .field("dir", &self.engine.dir)
            .finish_non_exhaustive()
    }
}
