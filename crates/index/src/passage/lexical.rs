//! How well documents match the terms of a passage: BM25, a term at a time, over every document.
//!
//! With hundreds of terms nearly every document matches some, so nothing can be skipped and one array of
//! sums a segment is the quickest way. Judgments are long and repeat what they are about; repetition
//! counts for more than in the engine's own scores, which are made for short queries.

use std::cmp::Reverse;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::terms::Weighted;

/// How slowly repetition of a word saturates.
const K: f64 = 8.0;
/// How much the length of a document counts.
const B: f64 = 0.8;

/// The sum of every document, a list a segment; zero for those that match nothing and those deleted. The
/// field `whole` has every word of a document and says how long it is.
pub(crate) fn sums(
    searcher: &Searcher,
    whole: Field,
    terms: &[Weighted],
) -> Result<Vec<Vec<f32>>, TantivyError> {
    let mean = mean_length(searcher, whole)?;
    let segments = searcher.segment_readers().iter();
    segments
        .map(|segment| of_segment(segment, whole, terms, mean))
        .collect()
}

fn of_segment(
    segment: &SegmentReader,
    whole: Field,
    terms: &[Weighted],
    mean: f64,
) -> Result<Vec<f32>, TantivyError> {
    let lengths = Lengths::new(segment.get_fieldnorms_reader(whole)?, mean);
    let mut sums = vec![0.0_f32; segment.max_doc() as usize];
    for term in terms {
        let wanted = Term::from_field_text(term.field, &term.text);
        // The segment keeps the indexes of fields that were asked for.
        let index = segment.inverted_index(term.field)?;
        let Some(mut postings) = index.read_postings(&wanted, IndexRecordOption::WithFreqs)? else {
            continue;
        };
        let mut document = postings.doc();
        while document != TERMINATED {
            let times = f64::from(postings.term_freq());
            let score = term.weight * times * (K + 1.0) / (times + lengths.of(document));
            if let Some(sum) = sums.get_mut(document as usize) {
                *sum += score as f32;
            }
            document = postings.advance();
        }
    }
    if segment.has_deletes() {
        for (document, sum) in (0_u32..).zip(&mut sums) {
            if segment.is_deleted(document) {
                *sum = 0.0;
            }
        }
    }
    Ok(sums)
}

/// The best of `found`, best first; equal ones in the falling order of `tie`.
pub(crate) fn best(
    mut found: Vec<(f64, DocAddress)>,
    keep: usize,
    tie: &dyn Fn(DocAddress) -> u64,
) -> Vec<(f64, DocAddress)> {
    if found.len() > keep && keep > 0 {
        found.select_nth_unstable_by(keep - 1, |left, right| right.0.total_cmp(&left.0));
        // Those that equal the last one kept stay until the ties are decided.
        let last = found.get(keep - 1).map_or(0.0, |found| found.0);
        found.retain(|(score, _)| *score >= last);
    }
    found.sort_by_cached_key(|(score, document)| {
        // Scores are not negative: their bits sort as they do.
        (Reverse((score.to_bits(), tie(*document))), *document)
    });
    found.truncate(keep);
    found
}

/// The score of a document.
pub(crate) fn at(sums: &[Vec<f32>], document: DocAddress) -> f32 {
    let segment = sums.get(document.segment_ord as usize);
    let sum = segment.and_then(|segment| segment.get(document.doc_id as usize));
    sum.copied().unwrap_or(0.0)
}

/// As [`at`], to be changed.
pub(crate) fn at_mut(sums: &mut [Vec<f32>], document: DocAddress) -> Option<&mut f32> {
    sums.get_mut(document.segment_ord as usize)?
        .get_mut(document.doc_id as usize)
}

fn mean_length(searcher: &Searcher, field: Field) -> Result<f64, TantivyError> {
    let mut tokens = 0;
    let mut documents = 0;
    for segment in searcher.segment_readers() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
        documents += u64::from(segment.max_doc());
    }
    Ok(tokens as f64 / documents.max(1) as f64)
}

/// The part of the score that depends on a document's length, for each length that the engine keeps apart.
struct Lengths {
    norms: FieldNormReader,
    table: Vec<f64>,
}

impl Lengths {
    fn new(norms: FieldNormReader, mean: f64) -> Self {
        let of_length = |length: u32| K * (1.0 - B + B * f64::from(length) / mean.max(1.0));
        let table = (0..=u8::MAX)
            .map(|id| of_length(FieldNormReader::id_to_fieldnorm(id)))
            .collect();
        Self { norms, table }
    }

    fn of(&self, document: u32) -> f64 {
        let id = usize::from(self.norms.fieldnorm_id(document));
        self.table.get(id).copied().unwrap_or(K)
    }
}
