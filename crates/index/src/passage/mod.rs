//! Ranking by passage: a paragraph of facts, or a whole document, is the query.
//!
//! Two things say that a judgment matters to a passage. It uses the same words: every term of the passage
//! is looked for, weighted by how rare it is (`lexical`). And judgments that use the same words cite it: the
//! best matches hand credit to what they cite, and once more from the order so improved (`links`). The
//! second finds the authority on a point of law, which seldom shares the facts.

mod answer;
mod case_name;
mod lexical;
mod links;
mod query;
mod terms;

use std::collections::BTreeMap;

use nirnay_citation::{Kind, find};
use tantivy::columnar::Column;
use tantivy::{DocAddress, Searcher, TantivyError};

pub use answer::PassageOrder;
pub(crate) use case_name::{named as cited_names, own as own_names};
pub(crate) use links::number_of;
pub(crate) use query::PassageQuery;

use crate::identifier;
use crate::schema::{Fields, TIE};
use crate::text::Stems;
use lexical::{at, at_mut, best, sums};
use links::{Credit, Links, scaled};
use terms::{Weighted, terms};

/// How many of the best documents hand on credit.
const GIVERS: usize = 150;
/// How fast credit falls with the score of the giver.
const STEEPNESS: i32 = 4;
/// What the first credit adds to a score before credit is handed out again.
const FIRST_SHARE: f64 = 0.3;
/// What credit adds to the score in the end; the best match by words alone has 1.
const SHARE: f64 = 0.5;
/// What is handed on from the documents cited to those that they cite.
const ONWARD: f64 = 0.3;
/// What a citation in the passage itself weighs against one in the document that matches best.
const CITED_ITSELF: f64 = 4.0;
/// How much of a passage is searched for citations, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// What is looked for.
pub(crate) struct Passage<'a> {
    pub(crate) text: &'a str,
    /// The document that the passage is the text of, which is no answer.
    pub(crate) itself: Option<DocAddress>,
    /// Whether citations count, or words alone.
    pub(crate) by_citations: bool,
}

/// The score of every document.
pub(crate) struct Scores {
    /// A list a segment, zero for documents that are no answer.
    pub(crate) segments: Vec<Vec<f32>>,
    /// The terms looked for, heaviest first.
    pub(crate) terms: Vec<String>,
}

/// Scores all documents for a passage.
pub(crate) fn scores(
    searcher: &Searcher,
    fields: &Fields,
    passage: &Passage<'_>,
) -> Result<Scores, TantivyError> {
    let terms = terms(passage.text, fields, searcher, &mut Stems::default())?;
    let mut sums = sums(searcher, fields.body, &terms)?;
    if let Some(sum) = passage.itself.and_then(|itself| at_mut(&mut sums, itself)) {
        *sum = 0.0;
    }
    let highest = sums.iter().flatten().copied().fold(0.0_f32, f32::max);
    if highest > 0.0 {
        sums.iter_mut().flatten().for_each(|sum| *sum /= highest);
    }
    if passage.by_citations {
        let ties = Ties::new(searcher)?;
        let mut credit = credited(searcher, fields, passage, &sums, &ties)?;
        if let Some(itself) = &passage.itself {
            credit.remove(itself);
        }
        for (document, credit) in credit {
            if let Some(sum) = at_mut(&mut sums, document) {
                *sum += (SHARE * credit) as f32;
            }
        }
    }
    Ok(Scores {
        segments: sums,
        terms: terms
            .into_iter()
            .map(|Weighted { text, .. }| text)
            .collect(),
    })
}

/// What the documents have from those that cite them.
fn credited(
    searcher: &Searcher,
    fields: &Fields,
    passage: &Passage<'_>,
    sums: &[Vec<f32>],
    ties: &Ties,
) -> Result<Credit, TantivyError> {
    let cited = numbers_cited(passage.text);
    let mut links = Links::new(searcher, fields.own_links)?;
    let tie = |document| ties.of(document);
    let givers = best(above_zero(sums), GIVERS, &tie);
    let first = credit(&mut links, &givers, &cited)?;
    let mut improved: BTreeMap<DocAddress, f64> = givers
        .iter()
        .map(|(score, document)| (*document, *score))
        .collect();
    for (document, credit) in &first {
        let by_words = f64::from(at(sums, *document));
        *improved.entry(*document).or_insert(by_words) += FIRST_SHARE * credit;
    }
    let improved = improved
        .into_iter()
        .map(|(document, score)| (score, document))
        .collect();
    let mut givers = best(improved, GIVERS, &tie);
    let highest = givers.first().map_or(1.0, |giver| giver.0);
    for giver in &mut givers {
        giver.0 /= highest;
    }
    credit(&mut links, &givers, &cited)
}

/// The numbers of the judgments that a text cites, by identifier and by case name.
fn numbers_cited(text: &str) -> Vec<u64> {
    let text = text
        .get(..text.floor_char_boundary(MAX_BYTES.min(text.len())))
        .unwrap_or("");
    let mut numbers = cited_names(text);
    for citation in find(text) {
        if !matches!(citation.kind, Kind::Statute | Kind::Provision) {
            let terms = identifier::terms(&citation.key);
            numbers.extend(terms.iter().map(|term| number_of(term)));
        }
    }
    numbers.into_iter().collect()
}

/// Hands on the scores of `givers` to what they cite, and from there once more.
fn credit(
    links: &mut Links<'_>,
    givers: &[(f64, DocAddress)],
    cited: &[u64],
) -> Result<Credit, TantivyError> {
    let mut first = Credit::new();
    for document in links.bearing(cited)? {
        *first.entry(document).or_default() += CITED_ITSELF;
    }
    for (score, giver) in givers {
        for document in links.cited_by(*giver)? {
            *first.entry(document).or_default() += score.powi(STEEPNESS);
        }
    }
    let mut all = first.clone();
    for (giver, credit) in &first {
        for document in links.cited_by(*giver)? {
            *all.entry(document).or_default() += ONWARD * credit;
        }
    }
    Ok(scaled(all))
}

fn above_zero(sums: &[Vec<f32>]) -> Vec<(f64, DocAddress)> {
    let mut found = Vec::new();
    for (ordinal, segment) in (0_u32..).zip(sums) {
        for (document, sum) in (0_u32..).zip(segment) {
            if *sum > 0.0 {
                found.push((f64::from(*sum), DocAddress::new(ordinal, document)));
            }
        }
    }
    found
}

/// What decides between equal scores.
struct Ties(Vec<Option<Column<u64>>>);

impl Ties {
    fn new(searcher: &Searcher) -> Result<Self, TantivyError> {
        let segments = searcher.segment_readers().iter();
        let columns: Result<Vec<_>, TantivyError> = segments
            .map(|segment| segment.fast_fields().column_opt::<u64>(TIE))
            .collect();
        columns.map(Self)
    }

    fn of(&self, document: DocAddress) -> u64 {
        let column = self.0.get(document.segment_ord as usize);
        column
            .and_then(Option::as_ref)
            .and_then(|column| column.first(document.doc_id))
            .unwrap_or(0)
    }
}
