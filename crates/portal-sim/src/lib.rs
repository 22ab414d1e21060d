//! The judgment portals on loopback.
//!
//! For tests and demonstrations: the portals `judgments.ecourts.gov.in`, `scr.sci.gov.in` and the
//! Supreme Court's home page as far as a client of judgments meets them, each on a port of its own
//! on 127.0.0.1, with an invented (or given) docket, real captcha pictures, real PDF files, and a
//! script of what goes wrong. The log of requests and the docket are the ground truth by which a
//! client is judged. It is not a mirror: it holds no court's data of its own, and it never opens a
//! connection.
//!
//! ```
//! use std::sync::Arc;
//! use nirnay_model::{Portal, SourceId};
//! use nirnay_portal_sim::{Docket, DocketSpec, FaultScript, Sim, SimConfig};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), nirnay_portal_sim::SimError> {
//! let docket = Arc::new(Docket::generate(&DocketSpec::default())?);
//! let mut config = SimConfig::new(docket);
//! config.faults = Some(FaultScript::standard());
//! let sim = Sim::start(config).await?;
//! assert!(sim.base_url(Portal::Ecourts).starts_with("http://127.0.0.1:"));
//! assert_eq!(sim.truth(SourceId::EcourtsHc).len(), 200);
//! sim.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod bench;
mod captcha;
mod case;
mod changes;
mod config;
mod control;
mod day;
mod docket;
mod error;
mod facets;
mod fault;
mod feed;
mod forge;
mod form;
mod generate;
mod glyph;
mod json;
mod judgments;
mod link;
mod listing;
mod load;
mod log;
mod markup;
mod names;
mod paper;
mod pdf;
mod prose;
mod query;
mod random;
mod reply;
mod route;
mod row;
mod search;
mod session;
mod sim;
mod spec;
mod supreme;
mod trouble;
mod truth;
mod wire;
mod world;

pub use captcha::CaptchaSpec;
pub use config::{SimClock, SimConfig, SystemClock, TokenMode};
pub use docket::Docket;
pub use error::SimError;
pub use fault::{FaultKind, FaultRule, FaultScript, On, RetryAfter, Stop};
pub use load::DirOptions;
pub use log::{LogEntry, SearchLog};
pub use route::Route;
pub use row::{Flaw, RowId};
pub use sim::{Sim, SimHandle};
pub use spec::{CourtShare, DocketSpec, Quirks};
pub use truth::TruthRow;
