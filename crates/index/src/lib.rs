//! Full-text search over judgments: an index on disk, its writer, its searcher and its query
//! language.
//!
//! The index is derived data. It is handed documents ([`IndexDocument`]) and reads nothing else, so
//! it can always be thrown away and built again; what it promises is that a committed state is
//! either whole or reported as unusable.
//!
//! ```
//! use nirnay_index::{Facts, IndexDocument, IndexWriter, SearchOptions};
//! # use nirnay_model::{CourtCode, DocumentKind, Judgment, SourceId};
//! # let judgment = Judgment {
//! #     source: SourceId::EcourtsHc, court_code: "7_26".parse()?, court_name: "High Court of Delhi".into(),
//! #     bench_code: "dhcdb".parse()?, cnr: None, order_no: None, title: "ASHA DEVI versus STATE".into(),
//! #     petitioner: None, respondent: None, case_number_raw: None, case_number: None, diary_number: None,
//! #     judges: vec![], author_judge: None, bench_strength: None, registration_date: None,
//! #     decision_date: None, decision_date_raw: String::new(), disposal_raw: None, disposal: None,
//! #     neutral_citation: None, reporter_citation: None, description: None, languages: vec![],
//! #     document_path: None, citation_year: None, document_kind: DocumentKind::Unstated,
//! #     uploaded_at: None, flags: vec![],
//! # };
//! let mut writer = IndexWriter::in_memory(50_000_000)?;
//! writer.upsert(IndexDocument {
//!     key: judgment.key().to_string(),
//!     version: judgment.row_hash().to_hex(),
//!     judgment,
//!     sha256: None,
//!     facts: Facts::default(),
//!     pages: vec![(1, "Anticipatory bail is refused.".into())],
//! })?;
//! writer.commit("42")?;
//!
//! let searcher = writer.searcher()?;
//! let results = searcher.search("\"anticipatory bail\" -murder", &SearchOptions::default())?;
//! assert_eq!(results.total, 1);
//! assert_eq!(results.hits[0].snippets[0].page, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod card;
mod counting;
mod document;
mod duplicates;
mod engine;
mod error;
mod export;
mod facet;
mod facets;
mod facts;
mod filters;
mod golden;
mod identifier;
mod narrow;
mod neighbours;
mod notes;
mod options;
mod ordinals;
mod passage;
mod query;
mod results;
mod schema;
mod search;
mod searcher;
mod snippet;
mod stored;
mod text;
mod versions;
mod writer;

pub use document::IndexDocument;
pub use engine::{set_aside, verify};
pub use error::{IndexError, QueryError};
pub use facet::{Facet, FacetCount, FacetName};
pub use facts::{Facts, Provision};
pub use filters::Filters;
pub use neighbours::Neighbours;
pub use options::{MAX_WINDOW, SearchOptions, Sort};
pub use passage::PassageOrder;
pub use results::{Hit, Resolved, Results, Snippet, StoredDocument, StoredPage};
pub use searcher::Searcher;
pub use versions::Versions;
pub use writer::IndexWriter;
