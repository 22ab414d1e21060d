//! One search: from a query text to hits.

use std::time::Instant;

use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Occur, Query};
use tantivy::schema::Value;
use tantivy::{DocAddress, Order, TantivyDocument, TantivyError};

use crate::document::Card;
use crate::engine::Engine;
use crate::query::{Needle, Planner, decided, find_court, join, needles, parse, raw};
use crate::schema::{DECIDED, Fields, TIE};
use crate::snippet::Highlighter;
use crate::text::Stems;
use crate::{Hit, MAX_WINDOW, QueryError, Results, SearchOptions, Snippet, Sort, identifier};

/// The most snippets a hit.
const MAX_SNIPPETS: usize = 3;

/// A search under way. It sees one state of the index from beginning to end.
pub(crate) struct Search<'a> {
    begun: Instant,
    fields: Fields,
    searcher: tantivy::Searcher,
    filters: Vec<Box<dyn Query>>,
    options: &'a SearchOptions,
}

/// Matches in order with their scores, and the number of all matches.
struct Found {
    window: Vec<(f32, DocAddress)>,
    total: usize,
}

impl<'a> Search<'a> {
    pub(crate) fn new(engine: &Engine, options: &'a SearchOptions) -> Result<Self, QueryError> {
        let begun = Instant::now();
        check(options)?;
        Ok(Self {
            begun,
            fields: engine.fields,
            searcher: engine.reader.searcher(),
            filters: filters(&engine.fields, options)?,
            options,
        })
    }

    pub(crate) fn answer(&self, query: &str) -> Result<Results, QueryError> {
        let tree = parse(query)?;
        if let Some((found, shown)) = self.by_identifier(query)? {
            return self.results(&found, &[], Stems::default(), Some(shown));
        }
        let mut stems = Stems::default();
        let mut planner = Planner {
            fields: &self.fields,
            stems: &mut stems,
        };
        let plan = planner.plan(&tree)?;
        let found = self.find(plan)?;
        let needles = needles(&tree, &mut stems);
        self.results(&found, &needles, stems, None)
    }

    /// The judgments that bear the identifier which the whole query is, if it is one and some do.
    fn by_identifier(&self, query: &str) -> Result<Option<(Found, String)>, QueryError> {
        for candidate in identifier::of_text(query) {
            let found = self.find(raw(self.fields.identifier, &candidate.term))?;
            if found.total > 0 {
                return Ok(Some((found, candidate.shown)));
            }
        }
        Ok(None)
    }

    /// Runs a query under the filters and keeps the window asked for.
    fn find(&self, query: Box<dyn Query>) -> Result<Found, QueryError> {
        let mut parts = vec![(Occur::Must, query)];
        parts.extend(
            self.filters
                .iter()
                .map(|filter| (Occur::Must, filter.box_clone())),
        );
        let query = join(parts);
        self.collect(query.as_ref()).map_err(QueryError::unreadable)
    }

    fn collect(&self, query: &dyn Query) -> Result<Found, TantivyError> {
        if self.options.limit == 0 {
            return Ok(Found {
                window: Vec::new(),
                total: self.searcher.search(query, &Count)?,
            });
        }
        let top = TopDocs::with_limit(self.options.limit).and_offset(self.options.offset);
        let date = SortByStaticFastValue::<i64>::for_field(DECIDED);
        let tie = SortByStaticFastValue::<u64>::for_field(TIE);
        let direction = match self.options.sort {
            Sort::Relevance => {
                let order = top.order_by((SortBySimilarityScore, date, tie));
                let (window, total) = self.searcher.search(query, &(order, Count))?;
                let window = window
                    .into_iter()
                    .map(|((score, ..), at)| (score, at))
                    .collect();
                return Ok(Found { window, total });
            }
            Sort::Newest => Order::Desc,
            Sort::Oldest => Order::Asc,
        };
        let order = top.order_by(((date, direction), (tie, Order::Desc)));
        let (window, total) = self.searcher.search(query, &(order, Count))?;
        let window = window.into_iter().map(|(_, at)| (0.0, at)).collect();
        Ok(Found { window, total })
    }

    fn results(
        &self,
        found: &Found,
        needles: &[Needle],
        stems: Stems,
        identifier: Option<String>,
    ) -> Result<Results, QueryError> {
        let mut highlighter = Highlighter::new(needles, stems);
        let hits: Result<Vec<Hit>, TantivyError> = found
            .window
            .iter()
            .map(|(score, address)| self.hit(*score, *address, &mut highlighter))
            .collect();
        Ok(Results {
            total: found.total,
            hits: hits.map_err(QueryError::unreadable)?,
            identifier,
            elapsed: self.begun.elapsed(),
        })
    }

    fn hit(
        &self,
        score: f32,
        address: DocAddress,
        highlighter: &mut Highlighter,
    ) -> Result<Hit, TantivyError> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let card = document
            .get_first(self.fields.card)
            .and_then(|value| value.as_bytes());
        let card: Card = serde_json::from_slice(card.unwrap_or(&[])).map_err(|error| {
            TantivyError::InternalError(format!("a stored document is damaged: {error}"))
        })?;
        let body = document
            .get_first(self.fields.body)
            .and_then(|value| value.as_str());
        let wanted = self.options.snippets.min(MAX_SNIPPETS);
        let snippets = highlighter.snippets(body.unwrap_or(""), &card.pages, wanted);
        Ok(into_hit(score, card, snippets))
    }
}

fn check(options: &SearchOptions) -> Result<(), QueryError> {
    if options.limit.saturating_add(options.offset) > MAX_WINDOW {
        return Err(QueryError::general(
            format!("only the first {MAX_WINDOW} hits can be shown"),
            "narrow the search by court, dates or words, or export the whole result",
        ));
    }
    match (options.from, options.to) {
        (Some(from), Some(to)) if from > to => Err(QueryError::general(
            format!("the first day, {from}, is after the last, {to}"),
            "swap the two dates",
        )),
        _ => Ok(()),
    }
}

fn filters(fields: &Fields, options: &SearchOptions) -> Result<Vec<Box<dyn Query>>, QueryError> {
    let mut filters = Vec::new();
    if let Some(court) = &options.court {
        let code = match find_court(court) {
            Some(known) => known.code.as_str(),
            None if is_code(court) => court,
            None => {
                return Err(QueryError::general(
                    format!("there is no court called {court}"),
                    "name it as the registry does, for example delhi, sci or 7_26",
                ));
            }
        };
        filters.push(raw(fields.court, code));
    }
    filters.extend(decided(fields, options.from, options.to));
    Ok(filters)
}

/// A court code in form (`7_26`), whether or not the registry knows it.
fn is_code(court: &str) -> bool {
    court.contains('_') && court.parse::<nirnay_model::CourtCode>().is_ok()
}

fn into_hit(score: f32, card: Card, snippets: Vec<Snippet>) -> Hit {
    Hit {
        key: card.key,
        score,
        title: card.title,
        court_name: card.court_name,
        court_code: card.court_code,
        bench_code: card.bench_code,
        decision_date: card.decision_date,
        case_number: card.case_number,
        cnr: card.cnr,
        neutral_citation: card.neutral_citation,
        reporter_citation: card.reporter_citation,
        judges: card.judges,
        sha256: card.sha256,
        snippets,
    }
}
