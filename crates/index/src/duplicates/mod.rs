//! Near-duplicates: the same judgment given in many cases, printed twice, or kept by two portals.
//!
//! Every text has a [`Fingerprint`]: bands, by which documents that may be copies are found, and a sketch, by
//! which it is told how much of their texts is the same. A document that is added joins the group whose founder
//! it is most like, if it is like enough; if there is none it founds a group. Every member carries the sketch
//! of the founder, so that a group neither drifts from member to member nor is lost with its founder. A search
//! shows one document of a group and counts the others. The groups stay as they are when documents are removed.
//!
//! What is looked at for one document has a limit: a band that very many documents share is a formula, and those
//! that are copies share others besides.

mod fingerprint;
mod sketch;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use crate::schema::{Fields, GROUP, SKETCH};
use fingerprint::BANDS;
pub(crate) use fingerprint::{Fingerprint, fingerprint};
pub(crate) use sketch::Sketch;

/// The most documents looked up by one band.
const MAX_READ: usize = 64;
/// The most groups compared by one band.
const MAX_COMPARED: usize = 16;

/// A group, by its number and the sketch of its founder.
type Founder = (u64, Sketch);

/// The groups of an index that is being written.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Groups of documents that are not committed yet.
    pending: Vec<Founder>,
    /// Places in `pending` by the bands of their documents, at most [`MAX_COMPARED`] for each.
    by_band: HashMap<u64, Vec<u32>>,
}

impl Groups {
    /// The group of a document that is being added, with the sketch that it carries: that of its nearest
    /// copies, or else one of its own.
    pub(crate) fn join(
        &mut self,
        searcher: &Searcher,
        fields: &Fields,
        print: &Fingerprint,
        tie: u64,
    ) -> Result<Founder, TantivyError> {
        let near = self
            .candidates(searcher, fields, print)?
            .into_iter()
            .filter_map(|founder| Some((print.sketch.nearness(&founder.1)?, founder)))
            .max_by_key(|(nearness, founder)| (*nearness, Reverse(founder.0)));
        // By the text too: a document whose text is replaced leaves its group.
        let own = (print.sketch.digest(tie), print.sketch);
        let founder = near.map_or(own, |(_, founder)| founder);
        self.note(&print.bands, founder);
        Ok(founder)
    }

    /// The groups that have a document with one of these bands, each once.
    fn candidates(
        &self,
        searcher: &Searcher,
        fields: &Fields,
        print: &Fingerprint,
    ) -> Result<Vec<Founder>, TantivyError> {
        let mut found = Candidates::default();
        for (place, band) in print.bands.iter().enumerate() {
            for held in self.by_band.get(band).into_iter().flatten() {
                found.add(place, || self.pending.get(*held as usize).copied());
            }
        }
        for segment in searcher.segment_readers() {
            found.add_committed(segment, fields, print)?;
        }
        Ok(found.founders)
    }

    fn note(&mut self, bands: &[u64; BANDS], founder: Founder) {
        let mut held = None;
        for band in bands {
            let places = self.by_band.entry(*band).or_default();
            let is_there = |place: &u32| self.pending.get(*place as usize) == Some(&founder);
            if places.len() < MAX_COMPARED && !places.iter().any(is_there) {
                let place = *held.get_or_insert_with(|| {
                    self.pending.push(founder);
                    self.pending.len() as u32 - 1
                });
                places.push(place);
            }
        }
    }

    /// What was pending is in the index now.
    pub(crate) fn committed(&mut self) {
        self.pending.clear();
        self.by_band.clear();
    }
}

/// Groups that a document may be of.
#[derive(Default)]
struct Candidates {
    founders: Vec<Founder>,
    /// Documents looked up by each band, and groups that it gave.
    read: [usize; BANDS],
    compared: [usize; BANDS],
}

impl Candidates {
    /// Looks at one more document with the band at `place`. False if there have been enough.
    fn add(&mut self, place: usize, founder: impl FnOnce() -> Option<Founder>) -> bool {
        let (Some(read), Some(compared)) = (self.read.get_mut(place), self.compared.get_mut(place))
        else {
            return false;
        };
        if *read == MAX_READ || *compared == MAX_COMPARED {
            return false;
        }
        *read += 1;
        if let Some(founder) = founder()
            && self.founders.iter().all(|(group, _)| *group != founder.0)
        {
            *compared += 1;
            self.founders.push(founder);
        }
        true
    }

    /// Looks at the documents of a segment.
    fn add_committed(
        &mut self,
        segment: &SegmentReader,
        fields: &Fields,
        print: &Fingerprint,
    ) -> Result<(), TantivyError> {
        let index = segment.inverted_index(fields.bands)?;
        let mut columns = None;
        for (place, band) in print.bands.iter().enumerate() {
            let term = Term::from_field_u64(fields.bands, *band);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            let (groups, sketches) = match &columns {
                Some(columns) => columns,
                None => columns.insert((column(segment, GROUP)?, column(segment, SKETCH)?)),
            };
            let mut document = postings.doc();
            while document != TERMINATED
                && self.add(place, || {
                    let group = groups.as_ref()?.first(document)?;
                    let numbers = sketches.as_ref()?.values_for_doc(document);
                    Some((group, Sketch::of_numbers(numbers)?))
                })
            {
                document = postings.advance();
            }
        }
        Ok(())
    }
}

fn column(segment: &SegmentReader, name: &str) -> Result<Option<Column<u64>>, TantivyError> {
    segment.fast_fields().column_opt::<u64>(name)
}
