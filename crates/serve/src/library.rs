//! The lake, open for questions. All methods block.

use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use nirnay_index::{Hit, Results, SearchOptions, Searcher, StoredPage};
use nirnay_model::Sha256;
use nirnay_store::{Lake, Layer, OpenMode, StoreError};

use crate::ServeError;
use crate::ask::Ask;
use crate::coverage::Coverage;
use crate::graph::Graph;
use crate::problem::Problem;
use crate::record::Record;

/// Values of a facet that are counted: more than a page shows, for the years all belong to the histogram.
const FACET_VALUES: usize = 60;

/// An open lake that follows what crawls do to it.
#[derive(Debug)]
pub(crate) struct Library {
    dir: PathBuf,
    shelf: RwLock<Arc<Shelf>>,
}

/// The state of a lake that a question is answered from.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) searcher: Arc<Searcher>,
    /// `None` for an index without a ledger beside it.
    pub(crate) lake: Option<Arc<Lake>>,
    pub(crate) graph: Arc<Graph>,
    stamp: Stamp,
}

/// What tells that something changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Stamp {
    /// The index's commit, and the file it stands in.
    index: (Option<String>, u64),
    /// The ledger's file: a rescue puts another in its place.
    ledger: u64,
    graph: Option<Sha256>,
}

impl Library {
    pub(crate) fn open(dir: &Path) -> Result<Self, ServeError> {
        let index = dir.join("index");
        if !index.is_dir() {
            return Err(ServeError::NoIndex { dir: index });
        }
        let searcher = Arc::new(Searcher::open(&index)?);
        let lake = open_lake(dir)?;
        let stamp = Stamp::of(dir, &searcher, lake.as_deref())?;
        Ok(Self {
            dir: dir.to_owned(),
            shelf: RwLock::new(Arc::new(Shelf {
                searcher,
                graph: Arc::new(read_graph(lake.as_deref())?),
                lake,
                stamp,
            })),
        })
    }

    /// The folder of the lake.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The present state. Questions under way go on with the one they began with.
    pub(crate) fn shelf(&self) -> Arc<Shelf> {
        let present = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&present)
    }

    /// Moves on to what a crawl or an index run has made since; tells whether there was something.
    pub(crate) fn refresh(&self) -> Result<bool, ServeError> {
        let old = self.shelf();
        let lake = if inode(&self.dir.join("ledger.sqlite")) == old.stamp.ledger {
            old.lake.clone()
        } else {
            open_lake(&self.dir)?
        };
        let stamp = Stamp::of(&self.dir, &old.searcher, lake.as_deref())?;
        if stamp == old.stamp {
            return Ok(false);
        }
        let searcher = if stamp.index == old.stamp.index {
            Arc::clone(&old.searcher)
        } else {
            // The folder may have been set aside and built anew, so the old reader is not asked to move on.
            Arc::new(Searcher::open(&self.dir.join("index"))?)
        };
        let graph = if stamp.graph == old.stamp.graph {
            Arc::clone(&old.graph)
        } else {
            Arc::new(read_graph(lake.as_deref())?)
        };
        let new = Shelf {
            searcher,
            lake,
            graph,
            stamp,
        };
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        Ok(true)
    }
}

impl Shelf {
    /// Answers a search with snippets, and with facets where `facets` says so.
    pub(crate) fn search(&self, ask: &Ask, facets: bool) -> Result<Results, Problem> {
        let facets = facets.then_some(FACET_VALUES);
        Ok(self.searcher.search(&ask.query, &ask.options(2, facets))?)
    }

    /// How many judgments match.
    pub(crate) fn count(&self, ask: &Ask) -> Result<usize, Problem> {
        let options = SearchOptions {
            limit: 0,
            offset: 0,
            ..ask.options(0, None)
        };
        Ok(self.searcher.search(&ask.query, &options)?.total)
    }

    /// Hands out every match, whatever the page; ends with the first error of `take`.
    pub(crate) fn export(
        &self,
        ask: &Ask,
        take: &mut dyn FnMut(Hit) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut taken = Ok(());
        let visited = self
            .searcher
            .export(&ask.query, &ask.options(0, None), &mut |hit| {
                taken = take(hit);
                if taken.is_ok() {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            });
        taken?;
        visited.map(drop).map_err(io::Error::other)
    }

    /// What the query marks on each of the pages: byte ranges of the text, in order, apart.
    pub(crate) fn marks(&self, query: &str, pages: &[StoredPage]) -> Vec<Vec<(usize, usize)>> {
        // A query that cannot be read was refused before it led here; typed by hand, it marks nothing.
        let marks = |page: &StoredPage| self.searcher.highlights(query, &page.text);
        pages
            .iter()
            .map(|page| marks(page).unwrap_or_default())
            .collect()
    }

    /// Everything that is known of a judgment; `None` if the lake does not hold it, or must not show it.
    pub(crate) fn record(&self, key: &str) -> Result<Option<Record>, Problem> {
        Record::read(self, key)
    }

    /// The bytes of a document as served; `None` if it is not there.
    pub(crate) fn document(&self, sha256: &Sha256) -> Result<Option<Vec<u8>>, Problem> {
        match &self.lake {
            Some(lake) => Ok(lake.documents().read(sha256)?),
            None => Ok(None),
        }
    }

    /// What the lake holds, and what it lacks.
    pub(crate) fn coverage(&self) -> Result<Coverage, Problem> {
        Ok(Coverage::read(self)?)
    }

    /// The commit that answers come from, for exports and programs.
    pub(crate) fn index_mark(&self) -> Option<&str> {
        self.stamp.index.0.as_deref()
    }
}

impl Stamp {
    fn of(dir: &Path, searcher: &Searcher, lake: Option<&Lake>) -> Result<Self, StoreError> {
        let graph = lake.map(graph_mark).transpose()?;
        Ok(Self {
            index: (searcher.watermark(), inode(&dir.join("index/meta.json"))),
            ledger: inode(&dir.join("ledger.sqlite")),
            graph,
        })
    }
}

/// 0 where there is no such file.
fn inode(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |facts| facts.ino())
}

fn open_lake(dir: &Path) -> Result<Option<Arc<Lake>>, StoreError> {
    match Lake::open(dir, OpenMode::ReadOnly) {
        Ok(lake) => Ok(Some(Arc::new(lake))),
        Err(StoreError::NotFound { what: "lake", .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn read_graph(lake: Option<&Lake>) -> Result<Graph, StoreError> {
    lake.map_or_else(|| Ok(Graph::default()), Graph::read)
}

/// A digest over the files of the `cites/` layer.
fn graph_mark(lake: &Lake) -> Result<Sha256, StoreError> {
    let files = lake.ledger().artifacts(Some(Layer::Cites))?;
    let parts = files
        .iter()
        .flat_map(|file| [file.path.as_bytes(), file.sha256.as_bytes().as_slice()]);
    Ok(Sha256::of_parts(parts))
}
