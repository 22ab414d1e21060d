//! Words and phrases at a distance from each other.
//!
//! The engine's phrases have a budget of misplaced words and no order. Here the distance is what the query says: the
//! number of words from the end of one operand to the beginning of the next, neighbours being one apart; in a chain
//! each operand is near the one before it.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    BooleanQuery, EnableScoring, Explanation, Occur, PhraseQuery, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::tree::Gap;
use crate::counting::Deadline;

/// Documents between two looks at the clock.
const TICK: u32 = 256;

/// Ways to write an operand: sequences of words.
pub(super) type Ways = Vec<Vec<String>>;

/// Documents in which the operands stand at the given distances.
#[derive(Debug, Clone)]
pub(super) struct NearQuery {
    operands: Vec<Vec<Vec<Term>>>,
    gaps: Vec<Gap>,
    deadline: Deadline,
}

impl NearQuery {
    /// `None` if an operand cannot be written at all.
    pub(super) fn new(
        field: Field,
        operands: &[Ways],
        gaps: &[Gap],
        deadline: &Deadline,
    ) -> Option<Self> {
        let terms = |words: &Vec<String>| -> Vec<Term> {
            words
                .iter()
                .map(|word| Term::from_field_text(field, word))
                .collect()
        };
        let operands: Vec<Vec<Vec<Term>>> = operands
            .iter()
            .map(|ways| {
                ways.iter()
                    .filter(|way| !way.is_empty())
                    .map(terms)
                    .collect()
            })
            .collect();
        (operands.len() == gaps.len() + 1 && operands.iter().all(|ways| !ways.is_empty())).then(
            || Self {
                operands,
                gaps: gaps.to_vec(),
                deadline: deadline.clone(),
            },
        )
    }

    /// Documents that hold every operand, wherever it stands.
    fn together(&self) -> BooleanQuery {
        let one = |way: &Vec<Term>| -> Box<dyn Query> {
            match way.as_slice() {
                [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
                terms => Box::new(PhraseQuery::new(terms.to_vec())),
            }
        };
        let operand = |ways: &Vec<Vec<Term>>| -> (Occur, Box<dyn Query>) {
            let ways = ways.iter().map(|way| (Occur::Should, one(way))).collect();
            (Occur::Must, Box::new(BooleanQuery::new(ways)))
        };
        BooleanQuery::new(self.operands.iter().map(operand).collect())
    }
}

impl Query for NearQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(NearWeight {
            together: self.together().weight(scoring)?,
            query: self.clone(),
        }))
    }
}

struct NearWeight {
    together: Box<dyn Weight>,
    query: NearQuery,
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let operands = self.query.operands.iter().map(|ways| {
            let ways = ways.iter().map(|way| Way::open(way, reader));
            let ways: Result<Vec<Option<Way>>, TantivyError> = ways.collect();
            Ok(ways?.into_iter().flatten().collect())
        });
        let mut scorer = NearScorer {
            together: self.together.scorer(reader, boost)?,
            operands: operands.collect::<Result<_, TantivyError>>()?,
            gaps: self.query.gaps.clone(),
            deadline: self.query.deadline.clone(),
            seen: 0,
            spans: Spans::default(),
            reached: Spans::default(),
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.together.explain(reader, doc)
    }
}

/// A sequence of words in a segment.
struct Way {
    words: Vec<SegmentPostings>,
    places: Vec<u32>,
}

impl Way {
    /// `None` if the segment lacks one of the words.
    fn open(terms: &[Term], reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let mut words = Vec::with_capacity(terms.len());
        for term in terms {
            let inverted = reader.inverted_index(term.field())?;
            match inverted.read_postings(term, IndexRecordOption::WithFreqsAndPositions)? {
                Some(postings) => words.push(postings),
                None => return Ok(None),
            }
        }
        Ok(Some(Self {
            words,
            places: Vec::new(),
        }))
    }

    /// Adds where the sequence stands in `doc`: the places of its first and last word.
    fn find(&mut self, doc: DocId, spans: &mut Vec<(u32, u32)>) {
        let length = self.words.len() as u32;
        let mut starts: Vec<u32> = Vec::new();
        for (index, word) in self.words.iter_mut().enumerate() {
            if word.doc() < doc {
                word.seek(doc);
            }
            if word.doc() != doc {
                return;
            }
            word.positions(&mut self.places);
            if index == 0 {
                starts.clone_from(&self.places);
            } else {
                let places = &self.places;
                starts.retain(|start| places.binary_search(&(start + index as u32)).is_ok());
            }
        }
        spans.extend(starts.into_iter().map(|start| (start, start + length - 1)));
    }
}

/// Places of an operand: of its first words, and of its last, each in order.
#[derive(Default)]
struct Spans {
    both: Vec<(u32, u32)>,
    firsts: Vec<u32>,
    lasts: Vec<u32>,
}

impl Spans {
    fn sort(&mut self) {
        self.both.sort_unstable();
        self.both.dedup();
        self.firsts.clear();
        self.firsts.extend(self.both.iter().map(|span| span.0));
        self.lasts.clear();
        self.lasts.extend(self.both.iter().map(|span| span.1));
        self.lasts.sort_unstable();
    }

    /// Whether one of these is so near to the `span` of the next operand.
    fn reach(&self, (first, last): (u32, u32), gap: Gap) -> bool {
        let holds = |places: &[u32], from: u32, to: u32| {
            let at = places.partition_point(|place| *place < from);
            places.get(at).is_some_and(|place| *place <= to)
        };
        let before = first > 0 && holds(&self.lasts, first.saturating_sub(gap.words), first - 1);
        before || (!gap.ordered && holds(&self.firsts, last + 1, last.saturating_add(gap.words)))
    }
}

struct NearScorer {
    together: Box<dyn Scorer>,
    operands: Vec<Vec<Way>>,
    gaps: Vec<Gap>,
    deadline: Deadline,
    seen: u32,
    spans: Spans,
    reached: Spans,
}

impl NearScorer {
    /// Goes on to the next document, this one included, in which the operands are near.
    fn settle(&mut self) -> DocId {
        let mut doc = self.together.doc();
        while doc != TERMINATED && !self.is_near(doc) {
            self.seen += 1;
            if self.seen.is_multiple_of(TICK) && self.deadline.is_over() {
                return self.together.seek(TERMINATED);
            }
            doc = self.together.advance();
        }
        doc
    }

    fn is_near(&mut self, doc: DocId) -> bool {
        let (spans, reached) = (&mut self.spans, &mut self.reached);
        for (index, ways) in self.operands.iter_mut().enumerate() {
            spans.both.clear();
            for way in ways {
                way.find(doc, &mut spans.both);
            }
            if let Some(gap) = index.checked_sub(1).and_then(|index| self.gaps.get(index)) {
                spans.both.retain(|span| reached.reach(*span, *gap));
            }
            if spans.both.is_empty() {
                return false;
            }
            spans.sort();
            std::mem::swap(spans, reached);
        }
        true
    }
}

impl DocSet for NearScorer {
    fn advance(&mut self) -> DocId {
        self.together.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.together.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.together.doc()
    }

    fn size_hint(&self) -> u32 {
        self.together.size_hint()
    }

    fn cost(&self) -> u64 {
        // Places are read for every candidate.
        self.together.cost().saturating_mul(4)
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        self.together.score()
    }
}
