//! Words in the heading or in the text, any of several: the documents and scores of the engine's own disjunctions,
//! without a call for each posting.
//!
//! A word that stands in most documents costs a look at each of them, whatever is asked: the facets are counted. The
//! engine asks every list of postings for its next document through pointers, once for each of its own layers; here a
//! window of documents is filled from whole blocks.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use super::plan::{HEAD_BOOST, TIE_BREAKER};

/// Documents of a window.
const WINDOW: u32 = 4_096;
/// Documents of a word of the bit set.
const BITS: u32 = u64::BITS;

/// A word as it stands in the heading and in the text.
#[derive(Debug, Clone)]
pub(super) struct PlainWord {
    pub(super) head: Term,
    pub(super) body: Term,
}

/// Documents that have any of the words.
#[derive(Debug, Clone)]
pub(super) struct AnyWord {
    pub(super) words: Vec<PlainWord>,
}

impl Query for AnyWord {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weigh = |term: &Term, boost: Score| -> tantivy::Result<Weighed> {
            let bm25 = match scoring {
                EnableScoring::Enabled {
                    statistics_provider,
                    ..
                } => Some(
                    Bm25Weight::for_terms(statistics_provider, std::slice::from_ref(term))?
                        .boost_by(boost),
                ),
                EnableScoring::Disabled { .. } => None,
            };
            Ok(Weighed {
                term: term.clone(),
                bm25,
            })
        };
        let words = self
            .words
            .iter()
            .map(|word| Ok((weigh(&word.head, HEAD_BOOST)?, weigh(&word.body, 1.0)?)));
        Ok(Box::new(AnyWordWeight {
            words: words.collect::<tantivy::Result<_>>()?,
        }))
    }

    fn query_terms<'a>(&'a self, visit: &mut dyn FnMut(&'a Term, bool)) {
        for word in &self.words {
            visit(&word.head, false);
            visit(&word.body, false);
        }
    }
}

/// A term with what a match of it is worth.
struct Weighed {
    term: Term,
    /// `None`: nobody asks for scores.
    bm25: Option<Bm25Weight>,
}

struct AnyWordWeight {
    /// Heading and text of each word.
    words: Vec<(Weighed, Weighed)>,
}

impl Weight for AnyWordWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut words = Vec::with_capacity(self.words.len());
        let mut cost = 0;
        for (head, body) in &self.words {
            let (head, body) = (
                Postings::open(head, reader, boost)?,
                Postings::open(body, reader, boost)?,
            );
            cost += head.doc_freq() + body.doc_freq();
            words.push((head, body));
        }
        let mut scorer = AnyWordScorer {
            words,
            start: 0,
            next_bits: WINDOW / BITS,
            bits: 0,
            matched: vec![0; (WINDOW / BITS) as usize],
            scores: vec![0.0; WINDOW as usize],
            of_word: vec![0.0; WINDOW as usize],
            touched: Vec::new(),
            doc: 0,
            score: 0.0,
            cost,
            most: reader.max_doc(),
        };
        scorer.advance();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() < doc {
            scorer.seek(doc);
        }
        let score = if scorer.doc() == doc {
            scorer.score()
        } else {
            0.0
        };
        Ok(Explanation::new("any of several words", score))
    }
}

/// The postings of a term in a segment, and where they are read.
struct Postings {
    blocks: BlockSegmentPostings,
    /// Within the block.
    at: usize,
    norms: FieldNormReader,
    bm25: Option<Bm25Weight>,
}

impl Postings {
    fn open(weighed: &Weighed, reader: &SegmentReader, boost: Score) -> tantivy::Result<Self> {
        let term = &weighed.term;
        let found = reader
            .inverted_index(term.field())?
            .read_block_postings(term, IndexRecordOption::WithFreqs)?;
        Ok(Self {
            blocks: found.unwrap_or_else(BlockSegmentPostings::empty),
            at: 0,
            norms: reader.get_fieldnorms_reader(term.field())?,
            bm25: weighed.bm25.as_ref().map(|bm25| bm25.boost_by(boost)),
        })
    }

    fn doc_freq(&self) -> u64 {
        u64::from(self.blocks.doc_freq())
    }

    /// The document that is read next.
    fn next(&self) -> DocId {
        self.blocks
            .docs()
            .get(self.at)
            .copied()
            .unwrap_or(TERMINATED)
    }

    /// Hands out the documents before `end` with their scores.
    fn take_until(&mut self, end: DocId, mut take: impl FnMut(DocId, Score)) {
        loop {
            let docs = self.blocks.docs().get(self.at..).unwrap_or(&[]);
            let freqs = self.blocks.freqs().get(self.at..).unwrap_or(&[]);
            let left = docs.len();
            let mut taken = 0;
            match &self.bm25 {
                Some(bm25) => {
                    for (doc, freq) in docs.iter().zip(freqs) {
                        if *doc >= end {
                            break;
                        }
                        take(*doc, bm25.score(self.norms.fieldnorm_id(*doc), *freq));
                        taken += 1;
                    }
                }
                None => {
                    for doc in docs.iter().take_while(|doc| **doc < end) {
                        take(*doc, 0.0);
                        taken += 1;
                    }
                }
            }
            self.at += taken;
            if taken < left || left == 0 {
                return;
            }
            self.blocks.advance();
            self.at = 0;
        }
    }

    fn seek(&mut self, target: DocId) {
        if self.next() < target {
            self.at = self.blocks.seek(target);
        }
    }
}

struct AnyWordScorer {
    words: Vec<(Postings, Postings)>,
    /// The first document of the window.
    start: DocId,
    /// The next word of `matched` to be looked at.
    next_bits: u32,
    /// What is left of the one before it.
    bits: u64,
    /// Of the window, the documents that match.
    matched: Vec<u64>,
    scores: Vec<Score>,
    /// The scores of one word where it stands in headings of the window.
    of_word: Vec<Score>,
    touched: Vec<u32>,
    doc: DocId,
    score: Score,
    cost: u64,
    most: u32,
}

impl AnyWordScorer {
    /// Fills the window that begins with the next document; false if there is none.
    fn refill(&mut self) -> bool {
        let nexts = self
            .words
            .iter()
            .map(|(head, body)| head.next().min(body.next()));
        self.start = nexts.min().unwrap_or(TERMINATED);
        if self.start >= TERMINATED {
            return false;
        }
        let (start, end) = (self.start, self.start.saturating_add(WINDOW));
        self.scores.fill(0.0);
        let (matched, scores) = (&mut self.matched, &mut self.scores);
        let mut mark = |slot: u32| {
            if let Some(bits) = matched.get_mut((slot / BITS) as usize) {
                *bits |= 1 << (slot % BITS);
            }
        };
        for (head, body) in &mut self.words {
            if head.next() >= end {
                body.take_until(end, |doc, score| {
                    mark(doc - start);
                    if let Some(sum) = scores.get_mut((doc - start) as usize) {
                        *sum += score;
                    }
                });
                continue;
            }
            let (of_word, touched) = (&mut self.of_word, &mut self.touched);
            body.take_until(end, |doc, score| {
                touched.push(doc - start);
                if let Some(of_doc) = of_word.get_mut((doc - start) as usize) {
                    *of_doc = score;
                }
            });
            head.take_until(end, |doc, score| {
                touched.push(doc - start);
                if let Some(of_doc) = of_word.get_mut((doc - start) as usize) {
                    *of_doc = both(score, *of_doc);
                }
            });
            for slot in touched.drain(..) {
                mark(slot);
                let places = (
                    of_word.get_mut(slot as usize),
                    scores.get_mut(slot as usize),
                );
                if let (Some(of_doc), Some(sum)) = places {
                    *sum += std::mem::take(of_doc);
                }
            }
        }
        self.next_bits = 0;
        self.bits = 0;
        true
    }

    /// The next match of the window.
    fn next_of_window(&mut self) -> Option<DocId> {
        while self.bits == 0 {
            let next = self.matched.get_mut(self.next_bits as usize)?;
            self.bits = std::mem::take(next);
            self.next_bits += 1;
        }
        let bit = self.bits.trailing_zeros();
        self.bits &= self.bits - 1;
        let slot = (self.next_bits - 1) * BITS + bit;
        self.score = self.scores.get(slot as usize).copied().unwrap_or(0.0);
        Some(self.start + slot)
    }

    fn forget_window(&mut self) {
        self.matched.fill(0);
        self.bits = 0;
        self.next_bits = WINDOW / BITS;
    }
}

/// The score of a word that stands in the heading and in the text, as the engine's disjunction of maxima adds it up.
fn both(head: Score, body: Score) -> Score {
    let most = head.max(body);
    most + (head + body - most) * TIE_BREAKER
}

impl DocSet for AnyWordScorer {
    fn advance(&mut self) -> DocId {
        self.doc = loop {
            if let Some(doc) = self.next_of_window() {
                break doc;
            }
            if !self.refill() {
                self.forget_window();
                break TERMINATED;
            }
        };
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target >= self.start.saturating_add(WINDOW) {
            self.forget_window();
            for (head, body) in &mut self.words {
                head.seek(target);
                body.seek(target);
            }
        }
        while self.doc < target {
            self.advance();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.cost).unwrap_or(u32::MAX).min(self.most)
    }

    fn cost(&self) -> u64 {
        self.cost
    }
}

impl Scorer for AnyWordScorer {
    fn score(&mut self) -> Score {
        self.score
    }
}

#[cfg(test)]
mod tests {
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, TermQuery};
    use tantivy::schema::{Field, STRING, SchemaBuilder, TextFieldIndexing, TextOptions};
    use tantivy::{DocAddress, Index, IndexWriter, TantivyDocument};

    use super::*;

    /// Words of falling frequency in the text, now and then in the heading; windows without any; deletions.
    fn index() -> (Index, Field, Field) {
        let mut builder = SchemaBuilder::new();
        let freqs = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs),
        );
        let key = builder.add_text_field("key", STRING);
        let head = builder.add_text_field("head", freqs.clone());
        let body = builder.add_text_field("body", freqs);
        let index = Index::create_in_ram(builder.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 20_000_000).unwrap();
        for number in 0..23_000_u32 {
            let mut document = TantivyDocument::default();
            document.add_text(key, number.to_string());
            if !(9_000..18_500).contains(&number) {
                let mut text = "common ".repeat(1 + number as usize % 3);
                for (word, every) in [("some ", 7), ("few ", 301), ("rare ", 5_003)] {
                    if number % every == 3 {
                        text.push_str(word);
                    }
                }
                document.add_text(body, text);
            }
            if number % 2_999 == 1 {
                document.add_text(head, "common few heading");
            }
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        for number in (0..23_000).step_by(11) {
            writer.delete_term(Term::from_field_text(key, &number.to_string()));
        }
        writer.commit().unwrap();
        (index, head, body)
    }

    fn ours((head, body): (Field, Field), words: &[&str]) -> AnyWord {
        let words = words.iter().map(|word| PlainWord {
            head: Term::from_field_text(head, word),
            body: Term::from_field_text(body, word),
        });
        AnyWord {
            words: words.collect(),
        }
    }

    fn theirs((head, body): (Field, Field), words: &[&str]) -> BooleanQuery {
        let one = |field, word: &&str| -> Box<dyn Query> {
            Box::new(TermQuery::new(
                Term::from_field_text(field, word),
                IndexRecordOption::WithFreqs,
            ))
        };
        let words = words.iter().map(|word| {
            let head: Box<dyn Query> = Box::new(BoostQuery::new(one(head, word), HEAD_BOOST));
            let both = vec![head, one(body, word)];
            let word: Box<dyn Query> =
                Box::new(DisjunctionMaxQuery::with_tie_breaker(both, TIE_BREAKER));
            (Occur::Should, word)
        });
        BooleanQuery::new(words.collect())
    }

    const QUERIES: [&[&str]; 7] = [
        &["common"],
        &["rare"],
        &["heading"],
        &["nowhere"],
        &["few", "some"],
        &["rare", "nowhere", "few"],
        &["common", "few", "heading", "rare"],
    ];

    #[test]
    fn matches_and_scores_are_the_engines() {
        let (index, head, body) = index();
        let searcher = index.reader().unwrap().searcher();
        let ask = |query: &dyn Query| -> Vec<(Score, DocAddress)> {
            let all = TopDocs::with_limit(30_000).order_by_score();
            let mut found = searcher.search(query, &all).unwrap();
            found.sort_by_key(|(_, at)| *at);
            found
        };
        for words in QUERIES {
            let (ours, theirs) = (
                ask(&ours((head, body), words)),
                ask(&theirs((head, body), words)),
            );
            assert_eq!(ours.len(), theirs.len(), "{words:?}");
            for ((ours, at), (theirs, other)) in ours.into_iter().zip(theirs) {
                assert_eq!(at, other, "{words:?}");
                assert!(
                    (ours - theirs).abs() < 1e-4,
                    "{words:?} {at:?}: {ours} {theirs}"
                );
            }
        }
    }

    #[test]
    fn seeking_lands_where_going_does() {
        let (index, head, body) = index();
        let searcher = index.reader().unwrap().searcher();
        for words in QUERIES {
            let weight = ours((head, body), words)
                .weight(EnableScoring::enabled_from_searcher(&searcher))
                .unwrap();
            for segment in searcher.segment_readers() {
                let mut all = Vec::new();
                let mut scorer = weight.scorer(segment, 1.0).unwrap();
                while scorer.doc() != TERMINATED {
                    all.push((scorer.doc(), scorer.score()));
                    scorer.advance();
                }
                assert_eq!(scorer.advance(), TERMINATED);
                for step in [1, 5, 4_095, 4_096, 4_097, 10_000] {
                    let mut scorer = weight.scorer(segment, 1.0).unwrap();
                    let mut target = 2;
                    while scorer.doc() != TERMINATED {
                        if scorer.doc() <= target {
                            scorer.seek(target);
                        }
                        let wanted = all.get(all.partition_point(|(doc, _)| *doc < target));
                        let wanted = wanted.copied().unwrap_or((TERMINATED, 0.0));
                        if scorer.doc() == TERMINATED {
                            assert_eq!(wanted.0, TERMINATED, "{words:?} {step}");
                        } else {
                            assert_eq!((scorer.doc(), scorer.score()), wanted, "{words:?} {step}");
                        }
                        target = scorer.doc().max(target).saturating_add(step);
                    }
                    assert_eq!(scorer.seek(TERMINATED), TERMINATED);
                }
            }
        }
    }
}
