//! The whole result of a search, hit by hit.

use std::ops::ControlFlow;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentReader, TantivyError};

use crate::schema::{CITED_BY, DECIDED, TIE};
use crate::search::Search;
use crate::snippet::Highlighter;
use crate::text::Stems;
use crate::{Hit, QueryError, Sort};

/// Every match with what it is ordered by: 32 bytes a match.
struct Everything {
    sort: Sort,
}

/// A match, ordered so that the first comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Match {
    /// Larger comes first.
    rank: f64,
    date: i64,
    tie: u64,
    score: f32,
    at: DocAddress,
}

struct EverythingSegment {
    segment: u32,
    sort: Sort,
    decided: Option<Column<i64>>,
    cited: Option<Column<u64>>,
    tie: Option<Column<u64>>,
    found: Vec<Match>,
}

impl Collector for Everything {
    type Fruit = Vec<Match>;
    type Child = EverythingSegment;

    fn for_segment(
        &self,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<EverythingSegment> {
        let fields = reader.fast_fields();
        Ok(EverythingSegment {
            segment,
            sort: self.sort,
            decided: fields.column_opt(DECIDED)?,
            cited: fields.column_opt(CITED_BY)?,
            tie: fields.column_opt(TIE)?,
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Match>>) -> tantivy::Result<Vec<Match>> {
        let mut all: Vec<Match> = fruits.into_iter().flatten().collect();
        all.sort_unstable_by(|left, right| {
            right
                .rank
                .total_cmp(&left.rank)
                .then(right.date.cmp(&left.date))
                .then(right.tie.cmp(&left.tie))
        });
        Ok(all)
    }
}

impl SegmentCollector for EverythingSegment {
    type Fruit = Vec<Match>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let decided = self.decided.as_ref().and_then(|column| column.first(doc));
        let cited = || {
            self.cited
                .as_ref()
                .and_then(|column| column.first(doc))
                .unwrap_or(0)
        };
        let rank = match self.sort {
            Sort::Relevance => f64::from(score),
            Sort::MostCited => cited() as f64,
            Sort::Newest => decided.map_or(f64::NEG_INFINITY, |day| day as f64),
            Sort::Oldest => decided.map_or(f64::NEG_INFINITY, |day| -(day as f64)),
        };
        self.found.push(Match {
            rank,
            date: decided.unwrap_or(i64::MIN),
            tie: self
                .tie
                .as_ref()
                .and_then(|column| column.first(doc))
                .unwrap_or(0),
            score: if self.sort == Sort::Relevance {
                score
            } else {
                0.0
            },
            at: DocAddress::new(self.segment, doc),
        });
    }

    fn harvest(self) -> Vec<Match> {
        self.found
    }
}

/// Hands every match to `visit`, in the order asked for, until it breaks off. Returns how many it was given.
pub(crate) fn run(
    search: &Search<'_>,
    query: &str,
    visit: &mut dyn FnMut(Hit) -> ControlFlow<()>,
) -> Result<u64, QueryError> {
    let mut stems = Stems::default();
    let planned = search.plan(query, &mut stems)?;
    let filtered = search.filtered(planned.query.as_ref());
    let collector = search.gated(Everything {
        sort: search.options.sort,
    });
    let found = search.searcher.search(filtered.as_ref(), &collector);
    let (matches, _) = found.map_err(QueryError::unreadable)?;
    let mut highlighter = Highlighter::new(&planned.needles, stems);
    let mut given = 0;
    for found in matches {
        let hit = search.hit(found.score, found.at, &mut highlighter);
        let hit = hit.map_err(|error: TantivyError| QueryError::unreadable(error))?;
        given += 1;
        if visit(hit).is_break() {
            break;
        }
    }
    Ok(given)
}
