//! The page a session holds: the only one whose row indices mean anything to the portal.

use std::collections::HashMap;

use jiff::civil::Date;
use nirnay_model::SourceId;
use nirnay_parse::judgments::{RawRow, read_row};

use crate::PageQuery;

/// The latest page of a session. Row indices live and die with it: they are never handed out.
#[derive(Debug, Clone)]
pub(super) struct HeldPage {
    query: PageQuery,
    source: SourceId,
    today: Date,
    rows: Vec<String>,
    indices: Option<HashMap<String, String>>,
}

impl HeldPage {
    pub(super) fn new(query: PageQuery, source: SourceId, today: Date, rows: &[RawRow]) -> Self {
        let rows = rows.iter().map(|row| row.html.clone()).collect();
        Self {
            query,
            source,
            today,
            rows,
            indices: None,
        }
    }

    pub(super) fn answers(&self, query: &PageQuery) -> bool {
        self.query == *query
    }

    /// The session's index of the row whose document lies at `path`. The rows are read at the first
    /// question: most pages are never asked for a document.
    pub(super) fn index_of(&mut self, path: &str) -> Option<&str> {
        let (rows, source, today) = (&mut self.rows, self.source, self.today);
        let indices = self.indices.get_or_insert_with(|| {
            let mut indices = HashMap::new();
            for html in std::mem::take(rows) {
                if let Ok(row) = read_row(&html, source, today) {
                    indices.entry(row.handle.path).or_insert(row.val);
                }
            }
            indices
        });
        indices.get(path).map(String::as_str)
    }
}
