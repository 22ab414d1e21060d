//! Scores that are known beforehand, as a query of the engine: filters, counts and order work on it as on
//! any other.

use std::fmt;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

/// Documents with their scores.
#[derive(Clone)]
pub(crate) struct PassageQuery {
    scores: Arc<Vec<(SegmentId, Arc<Vec<Score>>)>>,
}

impl PassageQuery {
    /// `segments` has a list of scores for each segment of `searcher`; zero is no match.
    pub(crate) fn new(searcher: &Searcher, segments: Vec<Vec<Score>>) -> Self {
        let readers = searcher.segment_readers().iter();
        let scores = readers
            .zip(segments)
            .map(|(reader, scores)| (reader.segment_id(), Arc::new(scores)))
            .collect();
        Self {
            scores: Arc::new(scores),
        }
    }

    fn of(&self, reader: &SegmentReader) -> Arc<Vec<Score>> {
        let id = reader.segment_id();
        let found = self.scores.iter().find(|(known, _)| *known == id);
        found
            .map(|(_, scores)| Arc::clone(scores))
            .unwrap_or_default()
    }
}

impl fmt::Debug for PassageQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassageQuery")
            .field("segments", &self.scores.len())
            .finish_non_exhaustive()
    }
}

impl Query for PassageQuery {
    fn weight(&self, _: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PassageQuery {
    fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> Result<Box<dyn Scorer>, TantivyError> {
        Ok(Box::new(Listed::new(self.of(reader), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation, TantivyError> {
        let score = self.of(reader).get(doc as usize).copied().unwrap_or(0.0);
        Ok(Explanation::new("a passage's words and citations", score))
    }
}

/// The documents of a segment that have a score.
struct Listed {
    scores: Arc<Vec<Score>>,
    boost: Score,
    doc: DocId,
}

impl Listed {
    fn new(scores: Arc<Vec<Score>>, boost: Score) -> Self {
        let mut listed = Self {
            scores,
            boost,
            doc: 0,
        };
        listed.doc = listed.first_from(0);
        listed
    }

    fn first_from(&self, doc: DocId) -> DocId {
        let rest = self.scores.get(doc as usize..).unwrap_or(&[]);
        let next = rest.iter().position(|score| *score > 0.0);
        next.map_or(TERMINATED, |next| doc + next as DocId)
    }
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.first_from(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = self.first_from(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.scores.len() as u32
    }
}

impl Scorer for Listed {
    fn score(&mut self) -> Score {
        self.scores.get(self.doc as usize).copied().unwrap_or(0.0) * self.boost
    }
}
