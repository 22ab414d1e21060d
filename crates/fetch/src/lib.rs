//! Talking to the judgment portals: sessions, politeness, transport.
//!
//! A portal session is a state machine without I/O ([`JudgmentsSession`]): it says what to send, is
//! fed what came back, and can be tested as a table. The clients ([`JudgmentsClient`],
//! [`FeedClient`]) drive it through the one [`HostGate`] of a host, which keeps the pace, the
//! budgets, the pauses and `robots.txt`, remembered across restarts. The [`HttpTransport`] contacts
//! one configured origin and nothing else.
//!
//! This crate writes no file, prints nothing and solves no captcha: captures, host state and
//! captcha answers go through the traits [`CaptureSink`], [`HostStateStore`] and [`CaptchaSolver`].
//!
//! ```
//! use nirnay_fetch::{Action, Goal, JudgmentsSession, PageQuery, PortalConfig};
//! use nirnay_model::SourceId;
//!
//! let portal = PortalConfig::public(SourceId::EcourtsHc)?;
//! let mut session = JudgmentsSession::new(portal, "nirnay/0.1 (+mailto:crawl@example.org)".to_owned());
//! session.begin(Goal::Page(PageQuery::default()), "2026-01-31".parse()?);
//! let Action::Send(request) = session.next_action() else { unreachable!("a session begins at the start page") };
//! assert_eq!(request.url.as_str(), "https://judgments.ecourts.gov.in/pdfsearch/");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backoff;
mod boot;
mod captcha;
mod capture;
mod cases;
mod client;
mod clock;
mod config_error;
mod cookies;
mod error;
mod event;
mod gate;
mod host_state;
mod http;
mod instant;
mod limits;
mod mask;
#[cfg(test)]
mod mutations;
mod origin;
mod politeness;
mod portal;
mod query;
mod quiet_hours;
mod retry_after;
mod robots;
mod secret;
mod session;
mod sink;
#[cfg(test)]
mod stage;
mod standing;
mod tally;
mod transport;

pub use boot::{Anchor, SinceBoot};
pub use captcha::{CaptchaSolver, Challenge, ChallengeKind, SolveError};
pub use cases::{
    CalcuttaAsk, CaseAction, CaseAnswer, CaseAsk, CaseHost, CaseOutcome, CaseSession, CasesClient,
    CasesDeps, CauseListKind, DistrictAsk, DistrictCourt, DistrictDocument, FoundCases, HcAsk,
    HcBench, SciAsk, SciList, SciSearch, StatusFilter,
};
pub use client::{Deps, FeedClient, FetchedDocument, FetchedFeed, FetchedPage, JudgmentsClient};
pub use clock::{Clock, ManualClock, TokioClock};
pub use config_error::ConfigError;
pub use cookies::CookieJar;
pub use error::{ErrorClass, FetchError};
pub use event::{EventSink, FetchEvent, WaitReason};
pub use gate::{GateDeps, HostGate, HostReport};
pub use host_state::{
    BreakerState, CaptchaRecord, ErrorCount, Health, HostState, HostStateError, HostStateStore,
    InFlight, MemoryHostStates, RobotsRecord, StateDamage,
};
pub use http::{HttpReply, HttpRequest, Method, Transport, TransportError, TransportProblem};
pub use limits::{BudgetError, NeverStop, RunBudget, StopReason, StopSignal, UnlimitedRun};
/// What a search gives besides its rows: a part of [`FoundCases`] and [`CaseAnswer`].
pub use nirnay_parse::{EstablishmentCount, FoundTotals};
pub use politeness::Politeness;
pub use portal::{BodyLimits, PortalConfig};
pub use query::PageQuery;
pub use quiet_hours::QuietHours;
pub use secret::Secret;
pub use session::{Action, Goal, JudgmentsSession, Note, Outcome, SessionEnd, Trouble};
pub use sink::{CaptureSink, MemorySink, SinkError};
pub use standing::{StandingStop, StopCause};
pub use tally::{Counts, Tally};
pub use transport::{HttpTransport, Resolver, SystemResolver, TransportOptions};
