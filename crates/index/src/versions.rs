//! Which documents an index holds, and in which version.

use std::fmt;
use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    DocSet, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, TantivyError, Term,
};

use crate::IndexError;
use crate::schema::{ADDED, Fields, KEY, VERSION};

/// The documents of an index as of one commit: a lookup from key to version that reads the index in
/// place and holds nothing of it in memory.
pub struct Versions {
    fields: Fields,
    segments: Vec<Segment>,
}

struct Segment {
    reader: SegmentReader,
    keys: Arc<InvertedIndexReader>,
    key: Option<StrColumn>,
    version: Option<StrColumn>,
    added: Option<Column<i64>>,
}

/// What the index knows of a document that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) version: String,
    /// When the index first saw it, in microseconds since 1970.
    pub(crate) added: i64,
}

impl Versions {
    pub(crate) fn of(searcher: &Searcher, fields: Fields) -> Result<Self, TantivyError> {
        let segments = searcher.segment_readers().iter().map(|reader| {
            Ok(Segment {
                reader: reader.clone(),
                keys: reader.inverted_index(fields.key)?,
                key: reader.fast_fields().str(KEY)?,
                version: reader.fast_fields().str(VERSION)?,
                added: reader.fast_fields().column_opt::<i64>(ADDED)?,
            })
        });
        Ok(Self {
            fields,
            segments: segments.collect::<Result<_, TantivyError>>()?,
        })
    }

    /// The version of the document with this key; `None` if it is not in the index.
    pub fn get(&self, key: &str) -> Result<Option<String>, IndexError> {
        Ok(self.held(key)?.map(|held| held.version))
    }

    pub(crate) fn held(&self, key: &str) -> Result<Option<Held>, IndexError> {
        let term = Term::from_field_text(self.fields.key, key);
        for segment in &self.segments {
            let found = segment
                .find(&term)
                .map_err(IndexError::engine("look up a document"))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Calls `visit` with the key and version of every document, in no particular order.
    pub fn for_each(&self, mut visit: impl FnMut(&str, &str)) -> Result<(), IndexError> {
        let (mut key, mut version) = (String::new(), String::new());
        for segment in &self.segments {
            for doc in segment.reader.doc_ids_alive() {
                segment
                    .read(doc, &mut key, &mut version)
                    .map_err(IndexError::engine("list the documents"))?;
                visit(&key, &version);
            }
        }
        Ok(())
    }
}

impl Segment {
    fn find(&self, term: &Term) -> Result<Option<Held>, TantivyError> {
        let Some(mut postings) = self.keys.read_postings(term, IndexRecordOption::Basic)? else {
            return Ok(None);
        };
        let (mut doc, mut version) = (postings.doc(), String::new());
        while doc != TERMINATED {
            if !self.reader.is_deleted(doc) {
                read_text(self.version.as_ref(), doc, &mut version)?;
                let added = self.added.as_ref().and_then(|column| column.first(doc));
                return Ok(Some(Held {
                    version,
                    added: added.unwrap_or(0),
                }));
            }
            doc = postings.advance();
        }
        Ok(None)
    }

    fn read(&self, doc: u32, key: &mut String, version: &mut String) -> Result<(), TantivyError> {
        read_text(self.key.as_ref(), doc, key)?;
        read_text(self.version.as_ref(), doc, version)
    }
}

fn read_text(column: Option<&StrColumn>, doc: u32, text: &mut String) -> Result<(), TantivyError> {
    text.clear();
    if let Some(column) = column
        && let Some(ord) = column.ords().first(doc)
    {
        column.ord_to_str(ord, text)?;
    }
    Ok(())
}

impl fmt::Debug for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Versions")
            .field("segments", &self.segments.len())
            .finish_non_exhaustive()
    }
}
