//! Near-duplicates: the same judgment given in many cases, printed twice, or kept by two portals.
//!
//! Every text has a [`Fingerprint`]. A document that is added joins the group of the nearest one held that
//! shares a band and differs in few bits; if there is none it founds a group. A search shows one document
//! of a group and counts the others. The groups stay as they are when documents are removed.

mod fingerprint;

use std::collections::HashMap;

use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use crate::schema::{Fields, GROUP, SIMHASH};
pub(crate) use fingerprint::{Fingerprint, fingerprint};

/// Simhashes of copies differ in at most so many bits.
const MAX_DISTANCE: u32 = 10;
/// The most documents compared with one that is added.
const MAX_COMPARED: usize = 64;

/// The groups of an index that is being written.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Bands of documents that are not committed yet, with simhash and group.
    pending: HashMap<u64, Vec<(u64, u64)>>,
}

impl Groups {
    /// The group of a document that is being added: that of its nearest copy, or else `own`.
    pub(crate) fn join(
        &mut self,
        searcher: &Searcher,
        fields: &Fields,
        print: &Fingerprint,
        own: u64,
    ) -> Result<u64, TantivyError> {
        let mut candidates = Vec::new();
        for band in &print.bands {
            candidates.extend(self.pending.get(band).into_iter().flatten().copied());
            committed(searcher, fields, *band, &mut candidates)?;
        }
        let group = candidates
            .into_iter()
            .map(|(simhash, group)| (Fingerprint::distance(simhash, print.simhash), group))
            .filter(|(distance, _)| *distance <= MAX_DISTANCE)
            .min()
            .map_or(own, |(_, group)| group);
        for band in &print.bands {
            let waiting = self.pending.entry(*band).or_default();
            if waiting.len() < MAX_COMPARED && !waiting.contains(&(print.simhash, group)) {
                waiting.push((print.simhash, group));
            }
        }
        Ok(group)
    }

    /// What was pending is in the index now.
    pub(crate) fn committed(&mut self) {
        self.pending.clear();
    }
}

/// Simhash and group of committed documents with this band.
fn committed(
    searcher: &Searcher,
    fields: &Fields,
    band: u64,
    found: &mut Vec<(u64, u64)>,
) -> Result<(), TantivyError> {
    let term = Term::from_field_u64(fields.bands, band);
    let most = found.len() + MAX_COMPARED;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.bands)?;
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            continue;
        };
        let (simhashes, groups) = (column(segment, SIMHASH)?, column(segment, GROUP)?);
        let mut document = postings.doc();
        while document != TERMINATED && found.len() < most {
            let simhash = simhashes.as_ref().and_then(|column| column.first(document));
            let group = groups.as_ref().and_then(|column| column.first(document));
            found.extend(simhash.zip(group));
            document = postings.advance();
        }
    }
    Ok(())
}

fn column(segment: &SegmentReader, name: &str) -> Result<Option<Column<u64>>, TantivyError> {
    segment.fast_fields().column_opt::<u64>(name)
}
