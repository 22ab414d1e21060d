//! From documents to those that they cite.
//!
//! Every document bears numbers of its own (its citations, its case name) and has the numbers of what its
//! text cites. Whoever bears a number that another has is cited by it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tantivy::columnar::Column;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyError, Term};

use crate::schema::CITED_LINKS;

/// A number that more documents bear names none of them.
const MAX_BEARERS: usize = 4;
/// Bits of a number.
const BITS: u32 = 44;
/// The most numbers of a document that are followed.
const MAX_LINKS: usize = 1_200;

/// The links of an index, remembered while one passage is ranked.
pub(crate) struct Links<'a> {
    searcher: &'a Searcher,
    own: Field,
    columns: Vec<Option<Column<u64>>>,
    bearers: HashMap<u64, Vec<DocAddress>>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(searcher: &'a Searcher, own: Field) -> Result<Self, TantivyError> {
        let columns: Result<Vec<_>, TantivyError> = searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.fast_fields().column_opt::<u64>(CITED_LINKS))
            .collect();
        Ok(Self {
            searcher,
            own,
            columns: columns?,
            bearers: HashMap::new(),
        })
    }

    /// What the document cites, itself left out.
    pub(crate) fn cited_by(
        &mut self,
        document: DocAddress,
    ) -> Result<BTreeSet<DocAddress>, TantivyError> {
        let numbers: Vec<u64> = self
            .columns
            .get(document.segment_ord as usize)
            .and_then(Option::as_ref)
            .map(|column| column.values_for_doc(document.doc_id).collect())
            .unwrap_or_default();
        let mut cited = self.bearing(&numbers)?;
        cited.remove(&document);
        Ok(cited)
    }

    /// The documents that bear one of these numbers.
    pub(crate) fn bearing(
        &mut self,
        numbers: &[u64],
    ) -> Result<BTreeSet<DocAddress>, TantivyError> {
        let mut found = BTreeSet::new();
        for number in numbers.iter().take(MAX_LINKS) {
            if !self.bearers.contains_key(number) {
                let bearers = self.look_up(*number)?;
                self.bearers.insert(*number, bearers);
            }
            found.extend(self.bearers.get(number).into_iter().flatten());
        }
        Ok(found)
    }

    fn look_up(&self, number: u64) -> Result<Vec<DocAddress>, TantivyError> {
        let term = Term::from_field_u64(self.own, number);
        let mut bearers = Vec::new();
        for (ordinal, segment) in (0_u32..).zip(self.searcher.segment_readers()) {
            let index = segment.inverted_index(self.own)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            let mut document = postings.doc();
            while document != TERMINATED {
                if !segment.is_deleted(document) {
                    bearers.push(DocAddress::new(ordinal, document));
                }
                if bearers.len() > MAX_BEARERS {
                    return Ok(Vec::new());
                }
                document = postings.advance();
            }
        }
        Ok(bearers)
    }
}

/// The number of a judgment by a term of its identifier.
pub(crate) fn number_of(term: &str) -> u64 {
    // FNV-1a; case names are hashed alike, with a mark between their sides that no identifier has.
    short(term.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// A hash as the number that is kept. A document has dozens; of a hundred million that are borne, one not meant
/// is hit by less than one of a hundred thousand.
pub(super) fn short(hash: u64) -> u64 {
    (hash ^ hash >> BITS) & ((1 << BITS) - 1)
}

/// Documents with the credit that they got from those which cite them, the highest being 1.
pub(crate) type Credit = BTreeMap<DocAddress, f64>;

/// Scales to a maximum of 1.
pub(crate) fn scaled(mut credit: Credit) -> Credit {
    let most = credit.values().copied().fold(0.0, f64::max);
    if most > 0.0 {
        for value in credit.values_mut() {
            *value /= most;
        }
    }
    credit
}
