//! What a search gives back.

use std::time::Duration;

use jiff::civil::Date;
use serde::Serialize;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Results {
    /// The number of judgments that match, of which `hits` are a window.
    pub total: usize,
    /// The hits, in the order asked for.
    pub hits: Vec<Hit>,
    /// The identifier in its canonical form, if the whole query was one (`2025 INSC 555`, a CNR, a
    /// case number) and judgments bear it. `hits` are then those judgments; quote the identifier to
    /// find the judgments that mention it.
    pub identifier: Option<String>,
    /// The time the search took.
    pub elapsed: Duration,
}

/// A judgment that matches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Its row key.
    pub key: String,
    /// The score; comparable only inside one answer. 0 when the order is by date.
    pub score: f32,
    /// The title as printed.
    pub title: String,
    /// The court's name.
    pub court_name: String,
    /// The court's code.
    pub court_code: String,
    /// The bench's code.
    pub bench_code: String,
    /// The decision date.
    pub decision_date: Option<Date>,
    /// The case number as printed.
    pub case_number: Option<String>,
    /// The CNR.
    pub cnr: Option<String>,
    /// The neutral citation, canonical.
    pub neutral_citation: Option<String>,
    /// The reporter citation as printed.
    pub reporter_citation: Option<String>,
    /// The judges as printed.
    pub judges: Vec<String>,
    /// The digest of the document, in hex.
    pub sha256: Option<String>,
    /// Places in the text that match best; the opening of the text when only the heading matches.
    pub snippets: Vec<Snippet>,
}

/// A piece of the text of a judgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The page, as numbered in the document given to the index.
    pub page: u32,
    /// About 240 characters of plain text, white space folded. Not escaped for any output.
    pub text: String,
    /// Byte ranges of `text` that match, in order, apart, on character boundaries.
    pub highlights: Vec<(usize, usize)>,
}
