//! What a search gives back.

use std::time::Duration;

use jiff::civil::Date;
use serde::Serialize;

use crate::Facet;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Results {
    /// The number of judgments that match, of which `hits` are a window. Near-duplicates count each.
    pub total: usize,
    /// The hits, in the order asked for.
    pub hits: Vec<Hit>,
    /// The identifier in its canonical form, if the whole query was one (`2025 INSC 555`, a CNR, a
    /// case number). Quote the identifier to find the judgments in whose text it stands.
    pub identifier: Option<String>,
    /// What `hits` have to do with `identifier`; `None`: no judgment bears it or cites it, and there are none.
    pub resolved: Option<Resolved>,
    /// The query as it was understood, in canonical form; empty if it asks for every judgment.
    pub understood: String,
    /// The facets with their counts, if asked for, in the order of [`FacetName::ALL`](crate::FacetName::ALL).
    pub facets: Vec<Facet>,
    /// When nothing matches: which part of the query or which filter is to blame.
    pub notes: Vec<String>,
    /// The time the search took.
    pub elapsed: Duration,
}

/// How a query that is an identifier was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolved {
    /// The hits bear the identifier.
    Bears,
    /// No judgment bears it; the hits cite it.
    Cites,
}

/// A judgment that matches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Its row key.
    #[serde(rename = "id")]
    pub key: String,
    /// The score; comparable only inside one answer. 0 when the order is not by relevance.
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
    /// The type of the case, canonical: `WP(C)`.
    pub case_type: Option<String>,
    /// The CNR.
    pub cnr: Option<String>,
    /// The neutral citation, canonical.
    pub neutral_citation: Option<String>,
    /// The reporter citation as printed.
    pub reporter_citation: Option<String>,
    /// The judges as printed.
    pub judges: Vec<String>,
    /// The kind of document: `judgment`, `order`, …; `unstated` if neither portal nor text says.
    pub kind: String,
    /// The disposal, normalised.
    pub disposal: Option<String>,
    /// The languages of the text, as ISO 639-3 codes.
    pub languages: Vec<String>,
    /// Judgments of the lake that cite it.
    pub cited_by: u64,
    /// Near-duplicates of it in the index, itself not counted.
    pub copies: u32,
    /// The number of pages with text.
    pub pages: u32,
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

/// A judgment as the index keeps it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredDocument {
    /// What a hit shows; without snippets.
    pub hit: Hit,
    /// The pages with their text, in order.
    pub pages: Vec<StoredPage>,
    /// The provisions that the text cites, canonical: `IPC s 302`.
    pub provisions: Vec<String>,
    /// The judgments that the text cites, canonical: `(2017) 10 SCC 1`.
    pub cites: Vec<String>,
}

/// A page of a judgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredPage {
    /// Its number.
    pub page: u32,
    /// Its text.
    pub text: String,
}
