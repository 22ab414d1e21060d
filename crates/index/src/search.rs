//! One search: from a query text to hits.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::{EmptyQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Order, TantivyError, Term};

use crate::counting::{Counts, Deadline, Gated, Watched};
use crate::engine::Engine;
use crate::narrow::{check, filters, watched};
use crate::ordinals::{Ordinals, Values};
use crate::query::{Needle, Planner, Tree, join, needles, parse, raw};
use crate::schema::{CITED_BY, DECIDED, Fields, GROUP, TIE};
use crate::snippet::Highlighter;
use crate::stored::{Stored, read_card};
use crate::text::Stems;
use crate::{
    FacetName, Hit, MAX_WINDOW, QueryError, Resolved, Results, SearchOptions, Sort, facets,
    identifier, notes,
};

/// The most snippets a hit.
const MAX_SNIPPETS: usize = 3;

/// A search under way. It sees one state of the index from beginning to end.
pub(crate) struct Search<'a> {
    begun: Instant,
    pub(crate) fields: Fields,
    pub(crate) searcher: tantivy::Searcher,
    pub(crate) filters: Vec<Box<dyn Query>>,
    pub(crate) watched: Arc<Vec<Watched>>,
    pub(crate) options: &'a SearchOptions,
    pub(crate) deadline: Deadline,
    ordinals: &'a Ordinals,
    today: Date,
}

/// Matches in order with their scores, and the counts of all matches.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) window: Vec<(f32, DocAddress)>,
    pub(crate) counts: Counts,
}

/// A query that is ready to be run.
pub(crate) struct Planned {
    pub(crate) query: Box<dyn Query>,
    pub(crate) needles: Vec<Needle>,
    /// What the query is as a whole, and what the judgments have to do with it that were found by it.
    pub(crate) identifier: Option<(String, Option<Resolved>)>,
    pub(crate) tree: Tree,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        engine: &Engine,
        ordinals: &'a Ordinals,
        options: &'a SearchOptions,
    ) -> Result<Self, QueryError> {
        let begun = Instant::now();
        check(options)?;
        let searcher = engine.reader.searcher();
        let watched = watched(&searcher, ordinals, options).map_err(QueryError::unreadable)?;
        let clock = || {
            jiff::Timestamp::now()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .date()
        };
        Ok(Self {
            begun,
            fields: engine.fields,
            filters: filters(&engine.fields, options)?,
            watched: Arc::new(watched),
            searcher,
            options,
            deadline: Deadline::new(
                options
                    .time_limit
                    .and_then(|limit| begun.checked_add(limit)),
            ),
            ordinals,
            today: options.today.unwrap_or_else(clock),
        })
    }

    /// The values that a facet has in the index.
    pub(crate) fn values(&self, facet: FacetName) -> Result<Arc<Values>, TantivyError> {
        self.ordinals.values(&self.searcher, facet)
    }

    pub(crate) fn answer(&self, query: &str) -> Result<Results, QueryError> {
        let mut stems = Stems::default();
        let planned = self.plan(query, &mut stems)?;
        let found = self.find(
            planned.query.as_ref(),
            self.options.limit,
            self.options.offset,
        )?;
        if self.deadline.has_passed() {
            return Err(self.too_slow());
        }
        let mut highlighter = Highlighter::new(&planned.needles, stems);
        let hits = self.hits(&found.window, &mut highlighter)?;
        let notes = match (found.counts.total, &planned.identifier) {
            (0, None) => notes::of(self, &planned.tree)?,
            // Somebody bears or cites it: a filter hides them.
            (0, Some((_, Some(_)))) => {
                vec![notes::hidden(self, self.count_alone(Some(planned.query))?)]
            }
            (0, Some((identifier, None))) => vec![notes::unknown(query, identifier)],
            _ => Vec::new(),
        };
        let (identifier, resolved) = planned.identifier.unzip();
        Ok(Results {
            total: found.counts.total,
            hits,
            understood: identifier
                .clone()
                .unwrap_or_else(|| planned.tree.canonical()),
            identifier,
            resolved: resolved.flatten(),
            facets: facets::of(&self.watched, &found.counts, self.options),
            notes,
            elapsed: self.begun.elapsed(),
        })
    }

    /// The query of the engine. One that is an identifier as a whole finds the judgments that bear it, or else
    /// those that cite it, or else none.
    pub(crate) fn plan(&self, query: &str, stems: &mut Stems) -> Result<Planned, QueryError> {
        let tree = parse(query)?;
        // In quotes it is a text to be found as it stands.
        let is_quoted = query.contains(['"', '\u{201c}', '\u{201d}', '\u{201e}']);
        let candidates = if is_quoted {
            Vec::new()
        } else {
            identifier::of_text(query)
        };
        for (field, resolved) in [
            (self.fields.identifier, Resolved::Bears),
            (self.fields.cites, Resolved::Cites),
        ] {
            for candidate in &candidates {
                if self.count_alone(Some(raw(field, &candidate.term)))? > 0 {
                    return Ok(Planned {
                        query: raw(field, &candidate.term),
                        needles: match resolved {
                            Resolved::Bears => Vec::new(),
                            Resolved::Cites => needles(&tree, stems),
                        },
                        identifier: Some((candidate.shown.clone(), Some(resolved))),
                        tree,
                    });
                }
            }
        }
        // Its numbers as words would find judgments that have nothing to do with it.
        if let Some(identifier) = identifier::certain(query).filter(|_| !is_quoted) {
            return Ok(Planned {
                query: Box::new(EmptyQuery),
                needles: Vec::new(),
                identifier: Some((identifier, None)),
                tree,
            });
        }
        let query = self.planner(stems).plan(&tree, self.filters.is_empty())?;
        Ok(Planned {
            query,
            needles: needles(&tree, stems),
            identifier: None,
            tree,
        })
    }

    pub(crate) fn planner<'b>(&'b self, stems: &'b mut Stems) -> Planner<'b> {
        Planner {
            fields: &self.fields,
            stems,
            searcher: &self.searcher,
            today: self.today,
            deadline: &self.deadline,
        }
    }

    fn too_slow(&self) -> QueryError {
        let limit = self.options.time_limit.unwrap_or_default();
        QueryError::general(
            format!(
                "the search took longer than {} ms and was given up",
                limit.as_millis()
            ),
            "narrow it by court or dates, use rarer words, or longer beginnings before a *",
        )
    }

    /// Runs a query under the filters and keeps the window asked for.
    pub(crate) fn find(
        &self,
        query: &dyn Query,
        limit: usize,
        offset: usize,
    ) -> Result<Found, QueryError> {
        let query = self.filtered(query);
        let found = if self.options.collapse && limit > 0 {
            self.folded(query.as_ref(), limit, offset)
        } else {
            self.collect(query.as_ref(), limit, offset)
        };
        found.map_err(QueryError::unreadable)
    }

    /// A query under all filters that are not those of facets.
    pub(crate) fn filtered(&self, query: &dyn Query) -> Box<dyn Query> {
        let mut parts = vec![(Occur::Must, query.box_clone())];
        parts.extend(
            self.filters
                .iter()
                .map(|filter| (Occur::Must, filter.box_clone())),
        );
        join(parts)
    }

    pub(crate) fn gated<C: Collector>(&self, inner: C) -> Gated<C> {
        Gated {
            inner,
            watched: Arc::clone(&self.watched),
            deadline: self.deadline.clone(),
        }
    }

    fn collect(
        &self,
        query: &dyn Query,
        limit: usize,
        offset: usize,
    ) -> Result<Found, TantivyError> {
        if limit == 0 {
            let (_, counts) = self.searcher.search(query, &self.gated(Count))?;
            return Ok(Found {
                window: Vec::new(),
                counts,
            });
        }
        let top = TopDocs::with_limit(limit).and_offset(offset);
        let date = SortByStaticFastValue::<i64>::for_field(DECIDED);
        let tie = SortByStaticFastValue::<u64>::for_field(TIE);
        let direction = match self.options.sort {
            Sort::Relevance => {
                let order = self.gated(top.order_by((SortBySimilarityScore, date, tie)));
                let (window, counts) = self.searcher.search(query, &order)?;
                let window = window
                    .into_iter()
                    .map(|((score, ..), at)| (score, at))
                    .collect();
                return Ok(Found { window, counts });
            }
            Sort::MostCited => {
                let cited = SortByStaticFastValue::<u64>::for_field(CITED_BY);
                let order = self.gated(top.order_by((cited, date, tie)));
                let (window, counts) = self.searcher.search(query, &order)?;
                return Ok(Found {
                    window: unscored(window),
                    counts,
                });
            }
            Sort::Newest => Order::Desc,
            Sort::Oldest => Order::Asc,
        };
        let order = self.gated(top.order_by(((date, direction), (tie, Order::Desc))));
        let (window, counts) = self.searcher.search(query, &order)?;
        Ok(Found {
            window: unscored(window),
            counts,
        })
    }

    /// A window in which of near-duplicates only the first stands: windows are made wider until there are
    /// enough.
    fn folded(
        &self,
        query: &dyn Query,
        limit: usize,
        offset: usize,
    ) -> Result<Found, TantivyError> {
        let wanted = limit + offset;
        let mut width = wanted.saturating_mul(2).min(MAX_WINDOW);
        loop {
            let mut found = self.collect(query, width, 0)?;
            let all = found.window.len() < width || width >= MAX_WINDOW;
            let mut seen = HashSet::new();
            let mut failed = None;
            found.window.retain(|(_, at)| match self.group(*at) {
                Ok(group) => group.is_none_or(|group| seen.insert(group)),
                Err(error) => {
                    failed = Some(error);
                    false
                }
            });
            if let Some(error) = failed {
                return Err(error);
            }
            if all || found.window.len() >= wanted || self.deadline.has_passed() {
                found.window.drain(..offset.min(found.window.len()));
                found.window.truncate(limit);
                return Ok(found);
            }
            width = width.saturating_mul(4).min(MAX_WINDOW);
        }
    }

    /// What a document shares with its near-duplicates.
    fn group(&self, at: DocAddress) -> Result<Option<u64>, TantivyError> {
        let segment = self.searcher.segment_reader(at.segment_ord);
        let column = segment.fast_fields().column_opt::<u64>(GROUP)?;
        Ok(column.and_then(|column| column.first(at.doc_id)))
    }

    pub(crate) fn hits(
        &self,
        window: &[(f32, DocAddress)],
        highlighter: &mut Highlighter,
    ) -> Result<Vec<Hit>, QueryError> {
        window
            .iter()
            .map(|(score, at)| self.hit(*score, *at, highlighter))
            .collect::<Result<_, _>>()
            .map_err(QueryError::unreadable)
    }

    pub(crate) fn hit(
        &self,
        score: f32,
        at: DocAddress,
        highlighter: &mut Highlighter,
    ) -> Result<Hit, TantivyError> {
        let wanted = self.options.snippets.min(MAX_SNIPPETS);
        let (card, snippets) = if wanted == 0 {
            (read_card(&self.searcher, &self.fields, at)?, Vec::new())
        } else {
            let stored = Stored::read(&self.searcher, &self.fields, at)?;
            let snippets = highlighter.snippets(&stored.body, &stored.card.pages, wanted);
            (stored.card, snippets)
        };
        let copies = copies(&self.searcher, &self.fields, card.group)?;
        Ok(card.into_hit(score, copies, snippets))
    }

    /// The number of matches of a query that is not narrowed by anything.
    pub(crate) fn count_alone(&self, query: Option<Box<dyn Query>>) -> Result<usize, QueryError> {
        let query = query.unwrap_or_else(|| Box::new(EmptyQuery));
        self.searcher
            .search(query.as_ref(), &Count)
            .map_err(QueryError::unreadable)
    }
}

/// The near-duplicates of a document, itself not counted.
pub(crate) fn copies(
    searcher: &tantivy::Searcher,
    fields: &Fields,
    group: Option<u64>,
) -> Result<u32, TantivyError> {
    let Some(group) = group else {
        return Ok(0);
    };
    let term = Term::from_field_u64(fields.group, group);
    // Most have none: this needs no scan.
    if searcher.doc_freq(&term)? < 2 {
        return Ok(0);
    }
    let all = searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &Count)?;
    Ok(u32::try_from(all.saturating_sub(1)).unwrap_or(u32::MAX))
}

fn unscored<K>(window: Vec<(K, DocAddress)>) -> Vec<(f32, DocAddress)> {
    window.into_iter().map(|(_, at)| (0.0, at)).collect()
}
