//! Talking to the case portals: what may be asked, a session without I/O, and the client that drives it.

mod answer;
mod ask;
mod calcutta;
mod client;
mod district;
mod hc;
mod line;
mod sci;
mod session;
mod wire;

pub use answer::{CaseAnswer, FoundCases};
pub use ask::{
    CalcuttaAsk, CaseAsk, CauseListKind, DistrictAsk, DistrictCourt, DistrictDocument, HcAsk,
    HcBench, SciAsk, SciList, SciSearch, StatusFilter,
};
pub use client::{CasesClient, CasesDeps};
pub use line::CaseHost;
pub use session::{CaseAction, CaseOutcome, CaseSession};

/// A document is looked at as bytes, not read as an answer.
fn not_an_answer() -> nirnay_parse::Refusal {
    nirnay_parse::Refusal::Unknown {
        why: "a reply that nobody asked for".to_owned(),
    }
}
