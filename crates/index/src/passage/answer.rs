//! Searches by passage and by likeness.

use std::time::Instant;

use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use super::{Passage, PassageQuery, scores};
use crate::query::Needle;
use crate::search::Search;
use crate::searcher::guarded;
use crate::snippet::Highlighter;
use crate::stored::Stored;
use crate::text::Stems;
use crate::{Hit, QueryError, Results, SearchOptions, Searcher, facets};

/// How many of a passage's heaviest terms are marked in excerpts.
const MARKED: usize = 24;

/// What decides the order of an answer to a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PassageOrder {
    /// Common words, and citations by judgments that have many words in common with the passage.
    #[default]
    WordsAndCitations,
    /// Common words alone.
    Words,
}

impl Searcher {
    /// The judgments that matter to `text`: a paragraph of facts, or a whole document.
    ///
    /// Every judgment that shares a word with the passage is an answer, best first, so that `total` is seldom of
    /// interest; the score of the best match by words alone is 1, and citations add at most 0.5. Of `options`, all but
    /// [`time_limit`](SearchOptions::time_limit) hold: the work is bounded by the terms of the passage, of which the
    /// heaviest are taken.
    ///
    /// Fails if the passage has no word.
    pub fn by_passage(
        &self,
        text: &str,
        order: PassageOrder,
        options: &SearchOptions,
    ) -> Result<Results, QueryError> {
        let passage = Passage {
            text,
            itself: None,
            by_citations: order == PassageOrder::WordsAndCitations,
        };
        if !text.contains(char::is_alphanumeric) {
            return Err(QueryError::general(
                "the passage has no word",
                "give a paragraph of facts, or the text of a document",
            ));
        }
        guarded(|| self.ranked(&passage, options))
    }

    /// The `limit` judgments most like the one with this key, best first; near-duplicates of it, and of one
    /// another, stand once.
    ///
    /// Fails if the index holds no judgment with this key.
    pub fn similar(&self, key: &str, limit: usize) -> Result<Vec<Hit>, QueryError> {
        let options = SearchOptions {
            // One more, for a copy of the judgment itself.
            limit: limit + 1,
            collapse: true,
            ..SearchOptions::default()
        };
        guarded(|| {
            let Some((itself, stored)) = self.find_stored(key)? else {
                return Err(QueryError::general(
                    format!("the index holds no judgment with the key {key}"),
                    "take the key from the id of a hit (search --json)",
                ));
            };
            let passage = Passage {
                text: &stored.body,
                itself: Some(itself),
                by_citations: true,
            };
            let mut hits = self.ranked(&passage, &options)?.hits;
            if let Some(group) = stored.card.group {
                let copies = self.group_keys(group, &hits)?;
                hits.retain(|hit| !copies.contains(&hit.key));
            }
            hits.truncate(limit);
            Ok(hits)
        })
    }

    fn ranked(
        &self,
        passage: &Passage<'_>,
        options: &SearchOptions,
    ) -> Result<Results, QueryError> {
        let begun = Instant::now();
        let options = SearchOptions {
            time_limit: None,
            ..options.clone()
        };
        let search = Search::new(&self.engine, &self.ordinals, &options)?;
        let scores =
            scores(&search.searcher, &search.fields, passage).map_err(QueryError::unreadable)?;
        let needles: Vec<Needle> = scores
            .terms
            .iter()
            .take(MARKED)
            .map(|term| Needle::Word(term.clone()))
            .collect();
        let query = PassageQuery::new(&search.searcher, scores.segments);
        let found = search.find(&query, options.limit, options.offset)?;
        let mut highlighter = Highlighter::new(&needles, Stems::default());
        Ok(Results {
            total: found.counts.total,
            hits: search.hits(&found.window, &mut highlighter)?,
            identifier: None,
            resolved: None,
            understood: scores
                .terms
                .iter()
                .take(MARKED)
                .cloned()
                .collect::<Vec<_>>()
                .join(" "),
            facets: facets::of(&search.watched, &found.counts, &options),
            notes: Vec::new(),
            elapsed: begun.elapsed(),
        })
    }

    fn find_stored(&self, key: &str) -> Result<Option<(DocAddress, Stored)>, QueryError> {
        let searcher = self.engine.reader.searcher();
        let fields = &self.engine.fields;
        let query = TermQuery::new(
            Term::from_field_text(fields.key, key),
            IndexRecordOption::Basic,
        );
        let found = searcher
            .search(&query, &TopDocs::with_limit(1).order_by_score())
            .map_err(QueryError::unreadable)?;
        let Some((_, at)) = found.first() else {
            return Ok(None);
        };
        let stored = Stored::read(&searcher, fields, *at).map_err(QueryError::unreadable)?;
        Ok(Some((*at, stored)))
    }

    /// Those of `hits` that are of this group.
    fn group_keys(&self, group: u64, hits: &[Hit]) -> Result<Vec<String>, QueryError> {
        let mut found = Vec::new();
        for hit in hits {
            if let Some((_, stored)) = self.find_stored(&hit.key)?
                && stored.card.group == Some(group)
            {
                found.push(hit.key.clone());
            }
        }
        Ok(found)
    }
}
