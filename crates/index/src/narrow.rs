//! What a search is narrowed to besides its query: court, dates, chosen values of facets.

use std::ops::Bound;

use tantivy::query::{ConstScoreQuery, Query, RangeQuery};
use tantivy::{Searcher, TantivyError, Term};

use crate::counting::Watched;
use crate::ordinals::Ordinals;
use crate::query::{decided, find_court, raw};
use crate::schema::Fields;
use crate::{FacetName, MAX_WINDOW, QueryError, SearchOptions};

pub(crate) fn check(options: &SearchOptions) -> Result<(), QueryError> {
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

/// Filters that are queries.
pub(crate) fn filters(
    fields: &Fields,
    options: &SearchOptions,
) -> Result<Vec<Box<dyn Query>>, QueryError> {
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
    if let Some(moment) = options.added_after {
        let after = Bound::Excluded(Term::from_field_i64(fields.added, moment));
        let range: Box<dyn Query> = Box::new(RangeQuery::new(after, Bound::Unbounded));
        filters.push(Box::new(ConstScoreQuery::new(range, 0.0)));
    }
    Ok(filters)
}

/// A court code in form (`7_26`), whether or not the registry knows it.
fn is_code(court: &str) -> bool {
    court.contains('_') && court.parse::<nirnay_model::CourtCode>().is_ok()
}

/// The facets that are counted or have chosen values.
pub(crate) fn watched(
    searcher: &Searcher,
    ordinals: &Ordinals,
    options: &SearchOptions,
) -> Result<Vec<Watched>, TantivyError> {
    let mut found = Vec::new();
    for facet in FacetName::ALL {
        let values = options.filters.values(facet);
        let counted = options.facets.is_some();
        if !counted && values.is_empty() {
            continue;
        }
        let mut watched = Watched {
            facet,
            values: ordinals.values(searcher, facet)?,
            chosen: None,
            counted,
        };
        if !values.is_empty() {
            // A value that no judgment has lets none pass.
            let numbers = values.iter().filter_map(|value| watched.number(value));
            watched.chosen = Some(numbers.collect());
        }
        found.push(watched);
    }
    Ok(found)
}

/// The chosen values as text, for messages.
pub(crate) fn described(options: &SearchOptions) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(options.court.iter().map(|court| format!("court {court}")));
    found.extend(options.from.map(|day| format!("from {day}")));
    found.extend(options.to.map(|day| format!("to {day}")));
    for (facet, values) in options.filters.iter() {
        found.push(format!(
            "{} {}",
            facet.label().to_lowercase(),
            values.join(" or ")
        ));
    }
    found.extend(
        options
            .added_after
            .map(|_| "first seen since the last run".to_owned()),
    );
    found
}
