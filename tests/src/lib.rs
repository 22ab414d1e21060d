//! Shared parts of the end-to-end tests: a rig that crawls a simulated portal, and the oracle that
//! compares the lake with what the simulator knows to be true.

mod oracle;
mod rig;
mod snapshot;

pub use oracle::{Judgement, judge};
pub use rig::{FlakySolver, Rig, RigOptions, scratch};
pub use snapshot::{Snapshot, snapshot};
