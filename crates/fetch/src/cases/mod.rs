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

pub use answer::CaseAnswer;
pub use ask::{
    CalcuttaAsk, CaseAsk, CauseListKind, DistrictAsk, DistrictCourt, DistrictDocument, HcAsk,
    HcBench, SciAsk, SciSearch, StatusFilter,
};
pub use client::{CasesClient, CasesDeps};
pub use session::{CaseAction, CaseOutcome, CaseSession};
