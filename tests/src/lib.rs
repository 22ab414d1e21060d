//! Shared parts of the end-to-end tests: rigs that crawl a simulated portal, the oracle that compares the
//! lake with what the simulator knows to be true, and the ways to hurt a crawl.

pub mod checks;
pub mod fuzz;
mod invariants;
mod oracle;
pub mod policy;
pub mod politeness;
pub mod power;
mod progress;
mod records;
mod rig;
mod seeds;
mod snapshot;
mod subject;
mod sweep;
pub mod tracer;
mod walk;

pub use invariants::{
    Canary, Caps, Evidence, Examination, Fence, Invariant, Verdict, examine, one_writer,
    same_hits_when_rebuilt,
};
pub use oracle::{Judgement, judge};
pub use progress::Progress;
pub use rig::{FlakySolver, Pace, Rig, RigOptions, scratch};
pub use seeds::{Tally, all, number, report, seeds};
pub use snapshot::{Snapshot, snapshot};
pub use subject::{Compare, Course, Death, Phase, Subject};
pub use sweep::{Failure, Swept, sweep_failures, sweep_kills};
pub use walk::{KINDS_OF_ROWS, WalkCost, WalkPlan};
