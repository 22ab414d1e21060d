//! How to search: the part of a search that is not the query text.

use std::time::Duration;

use jiff::civil::Date;

use crate::Filters;

/// The largest `limit + offset`. Deeper pages are an export, not a search.
pub const MAX_WINDOW: usize = 10_000;

/// The time that a search may take if nothing else is said.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// The order of the hits. Equal hits are ordered by a hash of their key, the same in every index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best match first; of equally good ones, the newest.
    #[default]
    Relevance,
    /// Latest decision first, undated last.
    Newest,
    /// Earliest decision first, undated last.
    Oldest,
    /// The judgment that most judgments of the lake cite first; of equally cited ones, the newest.
    MostCited,
}

impl Sort {
    /// All orders with their names in options and addresses.
    pub const ALL: [(&'static str, Self); 4] = [
        ("relevance", Self::Relevance),
        ("newest", Self::Newest),
        ("oldest", Self::Oldest),
        ("most_cited", Self::MostCited),
    ];

    /// The name in options and addresses.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, sort)| *sort == self)
            .map_or("relevance", |(name, _)| name)
    }

    /// The order called `name`; `most-cited` is `most_cited`.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace('-', "_");
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, sort)| *sort)
    }
}

/// Limits, filters and order of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchOptions {
    /// The number of hits wanted. 0 only counts.
    pub limit: usize,
    /// The number of hits to skip. `limit + offset` may not exceed [`MAX_WINDOW`].
    pub offset: usize,
    /// Only this court: its code (`7_26`), slug (`delhi`) or name.
    pub court: Option<String>,
    /// Only decisions of this day or later.
    pub from: Option<Date>,
    /// Only decisions of this day or earlier.
    pub to: Option<Date>,
    /// The order of the hits.
    pub sort: Sort,
    /// The number of snippets a hit, 0 to 3.
    pub snippets: usize,
    /// Chosen values of facets.
    pub filters: Filters,
    /// Count facets, at most so many values each. `None`: no facets.
    pub facets: Option<usize>,
    /// Show of near-duplicates only the first in the order asked for.
    pub collapse: bool,
    /// Only judgments that the index first saw after this moment of [`Searcher::newest`](crate::Searcher::newest).
    pub added_after: Option<i64>,
    /// What relative dates (`date:"past 30 days"`) count from. `None`: the day on the machine's clock,
    /// in Coordinated Universal Time.
    pub today: Option<Date>,
    /// A search that takes longer fails. `None`: no limit. Exports have none.
    pub time_limit: Option<Duration>,
}

impl Default for SearchOptions {
    /// The first 20 hits by relevance, two snippets each, no filters, no facets, two seconds.
    fn default() -> Self {
        Self {
            limit: 20,
            offset: 0,
            court: None,
            from: None,
            to: None,
            sort: Sort::Relevance,
            snippets: 2,
            filters: Filters::default(),
            facets: None,
            collapse: false,
            added_after: None,
            today: None,
            time_limit: Some(TIME_LIMIT),
        }
    }
}
