//! The page a session holds: the only one whose row indices mean anything to the portal.

use std::collections::HashMap;

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_model::SourceId;
use nirnay_parse::Reply;
use nirnay_parse::judgments::{RawRow, read_row, search_page};

use crate::PageQuery;

/// A larger reply is not held until a question comes: a page of 1,000 rows has 2 to 4 MiB.
const MOST_HELD: usize = 8 << 20;

/// The latest page of a session. Row indices live and die with it: they are never handed out.
#[derive(Debug, Clone)]
pub(super) struct HeldPage {
    query: PageQuery,
    source: SourceId,
    today: Date,
    /// The reply as served: no row is copied for a question that may never come.
    body: Bytes,
    indices: Option<HashMap<String, String>>,
}

impl HeldPage {
    /// The page that `body` holds, with these `rows`.
    pub(super) fn new(
        query: PageQuery,
        source: SourceId,
        today: Date,
        body: Bytes,
        rows: &[RawRow],
    ) -> Self {
        let mut page = Self {
            query,
            source,
            today,
            body,
            indices: None,
        };
        if page.body.len() > MOST_HELD {
            page.body = Bytes::new();
            page.indices = Some(page.indices_of(rows));
        }
        page
    }

    pub(super) fn answers(&self, query: &PageQuery) -> bool {
        self.query == *query
    }

    /// The session's index of the row whose document lies at `path`. The rows are read at the first
    /// question: most pages are never asked for a document.
    pub(super) fn index_of(&mut self, path: &str) -> Option<&str> {
        if self.indices.is_none() {
            self.indices = Some(self.read());
        }
        self.indices.as_ref()?.get(path).map(String::as_str)
    }

    fn read(&mut self) -> HashMap<String, String> {
        match search_page(&std::mem::take(&mut self.body)) {
            Reply::Good(page) => self.indices_of(&page.rows),
            Reply::Refused(_) => HashMap::new(),
        }
    }

    fn indices_of(&self, rows: &[RawRow]) -> HashMap<String, String> {
        let mut indices = HashMap::new();
        for (place, raw) in rows.iter().enumerate() {
            if let Ok(row) = read_row(&raw.html, self.source, self.today) {
                let index = if planted() {
                    place.to_string()
                } else {
                    row.val
                };
                indices.entry(row.handle.path).or_insert(index);
            }
        }
        indices
    }
}

/// True when the bug "the place on the page is taken for the row's index" is switched on (test builds
/// only).
fn planted() -> bool {
    fail::fail_point!("plant-val-page-index", |_| true);
    false
}
