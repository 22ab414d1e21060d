//! Who cites whom, as far as the index knows: by the identifiers that one bears and another's text cites.

use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher as Engine, TantivyError, Term};

use crate::card::Card;
use crate::query::{join, raw};
use crate::schema::{DECIDED, Fields, TIE};
use crate::search::copies;
use crate::searcher::guarded;
use crate::stored::read_card;
use crate::{Hit, QueryError, Searcher, identifier};

/// An identifier that more judgments bear names none of them.
const MOST_BEARERS: u64 = 4;
/// Identifiers of a judgment that are followed.
const MOST_KEYS: usize = 2_000;

/// Judgments at the other end of citations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Neighbours {
    /// How many there are, of which `hits` may be a part.
    pub total: usize,
    /// The latest of them first, without snippets.
    pub hits: Vec<Hit>,
}

impl Searcher {
    /// The judgments that the text of the one with this key cites, as far as the index holds them.
    pub fn cited(&self, key: &str, limit: usize) -> Result<Neighbours, QueryError> {
        self.neighbours(key, limit, |card, engine, fields| {
            let mut bearers = Vec::new();
            for term in terms(card.cites.iter()) {
                let wanted = Term::from_field_text(fields.identifier, &term);
                if engine.doc_freq(&wanted)? <= MOST_BEARERS {
                    bearers.push((Occur::Should, raw(fields.identifier, &term)));
                }
            }
            Ok(bearers)
        })
    }

    /// The judgments whose texts cite the one with this key.
    pub fn citing(&self, key: &str, limit: usize) -> Result<Neighbours, QueryError> {
        self.neighbours(key, limit, |card, engine, fields| {
            let mut citing = Vec::new();
            for term in terms(card.own_identifiers()) {
                let borne = Term::from_field_text(fields.identifier, &term);
                if engine.doc_freq(&borne)? <= MOST_BEARERS {
                    citing.push((Occur::Should, raw(fields.cites, &term)));
                }
            }
            Ok(citing)
        })
    }

    fn neighbours(
        &self,
        key: &str,
        limit: usize,
        alternatives: impl FnOnce(
            &Card,
            &Engine,
            &Fields,
        ) -> Result<Vec<(Occur, Box<dyn Query>)>, TantivyError>,
    ) -> Result<Neighbours, QueryError> {
        guarded(|| {
            let (engine, fields) = (self.engine.reader.searcher(), &self.engine.fields);
            let found = at_key(&engine, fields, key).and_then(|at| {
                let Some(at) = at else {
                    return Ok(Neighbours::default());
                };
                let card = read_card(&engine, fields, at)?;
                let alternatives = alternatives(&card, &engine, fields)?;
                gather(&engine, fields, alternatives, (key, limit))
            });
            found.map_err(QueryError::unreadable)
        })
    }
}

fn terms<'a>(keys: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut terms: Vec<String> = keys.flat_map(|key| identifier::terms(key)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.truncate(MOST_KEYS);
    terms
}

fn at_key(engine: &Engine, fields: &Fields, key: &str) -> Result<Option<DocAddress>, TantivyError> {
    let term = Term::from_field_text(fields.key, key);
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    let found = engine.search(&query, &TopDocs::with_limit(1).order_by_score())?;
    Ok(found.first().map(|(_, at)| *at))
}

fn gather(
    engine: &Engine,
    fields: &Fields,
    mut alternatives: Vec<(Occur, Box<dyn Query>)>,
    (own, limit): (&str, usize),
) -> Result<Neighbours, TantivyError> {
    if alternatives.is_empty() {
        return Ok(Neighbours::default());
    }
    // A case number that it bears may stand in its own text too.
    alternatives = vec![
        (Occur::Must, join(alternatives)),
        (Occur::MustNot, raw(fields.key, own)),
    ];
    let order = (
        SortByStaticFastValue::<i64>::for_field(DECIDED),
        SortByStaticFastValue::<u64>::for_field(TIE),
    );
    let top = TopDocs::with_limit(limit.max(1)).order_by(order);
    let (found, total) = engine.search(join(alternatives).as_ref(), &(top, Count))?;
    let hits = found.into_iter().take(limit).map(|(_, at)| {
        let card = read_card(engine, fields, at)?;
        let copies = copies(engine, fields, card.group)?;
        Ok(card.into_hit(0.0, copies, Vec::new()))
    });
    Ok(Neighbours {
        total,
        hits: hits.collect::<Result<_, TantivyError>>()?,
    })
}
