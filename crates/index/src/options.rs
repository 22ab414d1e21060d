//! How to search: the part of a search that is not the query text.

use jiff::civil::Date;

/// The largest `limit + offset`. Deeper pages are an export, not a search.
pub const MAX_WINDOW: usize = 10_000;

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
}

impl Default for SearchOptions {
    /// The first 20 hits by relevance, two snippets each, no filters.
    fn default() -> Self {
        Self {
            limit: 20,
            offset: 0,
            court: None,
            from: None,
            to: None,
            sort: Sort::Relevance,
            snippets: 2,
        }
    }
}
