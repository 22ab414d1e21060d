//! What a page of search results is asked with.

use std::fmt;

use nirnay_model::DateWindow;

/// One page of one search. Court, bench and window narrow it; `start` and `length` place the page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PageQuery {
    /// The portal's compound court value, e.g. `7~26`; `None` = all courts.
    pub court: Option<String>,
    /// The portal's bench value inside the court; `None` = all benches.
    pub bench: Option<String>,
    /// Decision dates; `None` = all.
    pub window: Option<DateWindow>,
    /// Rows to skip.
    pub start: u64,
    /// Rows wanted: 10, 25, 50, 100 or 1000.
    pub length: u32,
}

impl fmt::Display for PageQuery {
    /// The canonical form: the same page has the same text on every machine.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let court = self.court.as_deref().unwrap_or("*");
        let bench = self.bench.as_deref().unwrap_or("*");
        write!(f, "court={court} bench={bench} window=")?;
        match &self.window {
            Some(window) => write!(f, "{window}")?,
            None => f.write_str("*")?,
        }
        write!(f, " start={} length={}", self.start, self.length)
    }
}
