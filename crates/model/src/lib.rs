//! The nouns of Indian court records and the rules they keep.
//!
//! Everything here is a plain value: parsed once, validated once, printed the same way it was read.
//! Nothing in this crate reads a file, a clock or a socket; the court registry is compiled in from
//! `data/reference/courts.toml`.
//!
//! ```
//! use nirnay_model::Cnr;
//!
//! let cnr: Cnr = "DLHC010000122024".parse()?;
//! assert_eq!(cnr.prefix(), "DLHC");
//! assert_eq!(cnr.year(), 2024);
//! # Ok::<(), nirnay_model::ParseError>(())
//! ```

mod capture;
mod case;
mod case_number;
mod cnr;
mod court;
mod disposal;
mod district;
mod document;
mod error;
mod hash;
mod hc_bench;
mod judgment;
mod listing;
mod neutral;
mod page_text;
mod schema;
mod source;
mod window;

pub use capture::{Capture, CaptureId, CaptureKind, CaptureSource, CapturedBody};
pub use case::{
    Act, Advocate, Application, Case, CaseKey, CasePlace, CasePortal, CaseView, CauseList,
    CauseListEntry, Choice, Complex, Field, Hearing, LinkedCase, Order, OrderLink, Party,
    PrintedCaseNumber, PrintedDate, Side, joined, joined_rows, order_slots,
};
pub use case_number::CaseNumber;
pub use cnr::Cnr;
pub use court::{Bench, BenchCode, Court, CourtCode, courts};
pub use disposal::Disposal;
pub use district::{District, DistrictCourts, DistrictState, FoundComplex, district_courts};
pub use document::{DocumentFacts, DocumentState, MissingReason, Verification};
pub use error::ParseError;
pub use hash::Sha256;
pub use hc_bench::{ServiceBench, service_benches, service_place};
pub use judgment::{DocumentKind, Judgment, RowKey};
pub use listing::{DocumentHandle, PublishedJudgment, QuarantineReason, QuarantinedRow};
pub use neutral::NeutralCitation;
pub use page_text::{ExtractMethod, PageCondition, PageText};
pub use schema::{
    Column, SCHEMA_VERSION, cases_schema, cause_lists_schema, citations_schema, cites_schema,
    dangling_schema, data_dictionary, degrees_schema, hearings_schema, judgments_columns,
    judgments_schema, ocr_schema, orders_schema, revisions_schema, structure_schema, text_schema,
};
pub use source::{Portal, SourceId};
pub use window::{DateWindow, Split};
