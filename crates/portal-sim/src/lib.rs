//! The judgment portals on loopback.
//!
//! For tests and demonstrations: the portals `judgments.ecourts.gov.in`, `scr.sci.gov.in` and the
//! Supreme Court's home page as far as a client of judgments meets them, each on a port of its own
//! on 127.0.0.1, with an invented (or given) docket, real captcha pictures, real PDF files, and a
//! script of what goes wrong. The log of requests and the docket are the ground truth by which a
//! client is judged. It is not a mirror: it holds no court's data of its own, and it never opens a
//! connection.
//!
//! * **Rows**: [`Docket::generate`] invents them (a million in half a second and 40 MiB, texts and
//!   documents made when they are asked for), [`Docket::from_dir`] reads them.
//! * **Time**: a [`Schedule`] lists rows late, changes fields, replaces documents, withdraws rows, on
//!   the judgment portals and on the Supreme Court's page; invented with the publication lag measured
//!   there ([`Schedule::generate`]), or real ([`Docket::with_history`]). The docket follows the
//!   simulator's clock, or stands at [`SimConfig::moment`] until [`SimHandle::move_to`].
//! * **Faults**: [`FaultKind`] names some fifty, a [`FaultScript`] says when they strike; `standard` is a
//!   bad month, `torture` everything a walk can come through, as its seed has it. Some last from a
//!   moment on: another layout, a court gone silent, days with too few rows.
//! * **Truth**: [`SimHandle::truth`] and [`SimHandle::truth_at`] say which rows there are, at any moment;
//!   [`SimHandle::document_at`] with which document; [`SimHandle::log`] what was asked and what came of
//!   it, by the simulator's clock.
//! * **Captchas**: [`draw_captcha`] draws in the portals' [`CaptchaStyle`]s; [`SimHandle::answer`] is the
//!   key, for tests that need a solver of a stated accuracy.
//!
//! Drivers in other processes find all of this on the control surface ([`SimHandle::control_url`]).
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

mod authority;
mod bench;
mod calcutta;
mod captcha;
mod case;
mod case_truth;
mod cases;
mod changes;
mod clock;
mod config;
mod control;
mod day;
mod district;
mod docket;
mod drift;
mod error;
mod facets;
mod fault;
mod feed;
mod forge;
mod form;
mod generate;
mod hcservices;
mod history;
mod hostile;
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
mod record;
mod reply;
mod route;
mod row;
mod schedule;
mod search;
mod session;
mod sim;
mod site;
mod spec;
mod supreme;
mod supreme_case;
mod supreme_search;
mod thinning;
mod trouble;
mod truth;
mod wire;
mod world;

pub use captcha::{CaptchaSpec, CaptchaStyle, DrawnCaptcha, draw_captcha};
pub use cases::{
    Act, Advocate, Application, CaseFile, CaseOrder, CaseQuirks, CaseSpec, CaseType, Crowd,
    Hearing, LowerCourt, Party,
};
pub use clock::{ManualClock, SimClock, SystemClock};
pub use config::{Guard, SimConfig, TokenMode};
pub use docket::Docket;
pub use error::SimError;
pub use fault::{FaultKind, FaultRule, FaultScript, On, RetryAfter, Stop};
pub use hostile::{hostile_links, hostile_texts};
pub use load::DirOptions;
pub use log::{LogEntry, Outcome, SearchLog};
pub use route::Route;
pub use row::{Flaw, RowId};
pub use schedule::{Change, ChangeKind, ChangeSpec, Edit, Schedule};
pub use sim::{Sim, SimHandle};
pub use site::Site;
pub use spec::{CourtShare, DocketSpec, Quirks};
pub use supreme_case::SupremeJudgment;
pub use truth::TruthRow;
