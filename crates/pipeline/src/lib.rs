//! From a pipeline file to a lake whose completeness is proven.
//!
//! A pipeline names sources, courts, dates, a budget and the basis for access. [`crawl()`] walks the
//! portals' lists window by window, proves that the sums agree, fetches the documents, publishes typed
//! tables, extracts text and builds the index. It prints nothing: what happens is told to an
//! [`Observer`]. Everything that touches the world (network, clock, captcha solver, signals) is handed
//! in as [`CrawlDeps`].
//!
//! ```
//! use std::path::Path;
//! use nirnay_pipeline::{PipelineConfig, plan};
//!
//! let text = r#"
//!     name = "sikkim"
//!     about = "One small court, one year."
//!     basis = "Judgments are public records; metadata and documents are offered to the public."
//!     [politeness]
//!     contact = "mailto:researcher@example.org"
//!     [[source]]
//!     source = "ecourts-hc"
//!     courts = ["sikkim"]
//!     from = "2023-01-01"
//!     to = "2023-12-31"
//! "#;
//! let config = PipelineConfig::parse(text, Path::new("sikkim.toml"))?;
//! let plan = plan(&config, None, "2026-01-01".parse()?)?;
//! assert!(plan.requests < 1_000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod adapters;
mod cases;
mod changed;
mod citations;
mod cites;
mod config;
mod context;
mod counters;
mod crawl;
mod documents;
mod documents_of;
mod drift;
mod elements;
mod error;
mod estimate;
mod event;
pub mod exit;
mod export;
mod extract;
mod facts_of;
mod feed;
mod import;
mod in_order;
mod index;
mod index_check;
mod index_imports;
mod index_inputs;
mod key_index;
mod ocr;
mod paged;
mod proof;
mod range;
mod removal;
mod rescan;
mod results_file;
mod saved;
mod schedule;
mod scope;
pub mod sheet;
mod split;
mod stop;
mod structure;
mod text;
mod walk;

pub use adapters::{HostStateFiles, LakeSink};
pub use cases::{
    CaseDeps, CaseFailure, CaseJob, CaseReport, CaseStop, ChangedCase, DistrictPlace, Endless,
    Paper, PaperFate, PaperHolders, PaperOf, PaperStop, Papers, Question, crawl_cases,
    document_ask, import_listing, keep_answer, portal_of, publish_cases, read_questions,
    refresh_cases,
};
pub use citations::{CitationsReport, find_citations};
pub use cites::GraphReport;
pub use config::{
    Budget, CaptchaConfig, ExtractConfig, OcrConfig, PipelineConfig, SimulatedConfig, SolverKind,
    SourceConfig,
};
pub use context::india_date;
pub use crawl::{
    CrawlDeps, CrawlReport, Stages, StoppedSource, TransportFactory, crawl, publish_tables,
};
pub use elements::own_neutral_citation;
pub use error::PipelineError;
pub use estimate::{Plan, PlanLine, plan};
pub use event::{Event, Observer, Silent, Stage};
pub use export::{ExportFormat, ExportReport, export};
pub use extract::{ExtractReport, extract_text};
pub use import::{ImportReport, import_texts};
pub use in_order::{DOCUMENTS_AHEAD, in_order};
pub use index::{IndexReport, SetAside, build_index};
pub use index_check::{check_index, imports_wait_for_index, rebuild_index};
pub use ocr::{OcrReport, PageReader, recognise};
pub use paged::{PagedCitation, PagedSearch, find_in_pages, search_pages};
pub use removal::apply_removals;
pub use rescan::RescanConfig;
pub use results_file::{
    ResultsFormat, ResultsOrigin, ResultsReport, hit_columns, hit_row, write_results,
};
pub use saved::{LastRun, SavedSearch, SavedSearches};
pub use structure::{StructureReport, read_structure};
pub use text::{ChildExtractor, InProcessExtractor, TextExtractor};
pub use walk::Tally;
