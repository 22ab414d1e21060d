//! Has the portal changed? Pages held against what pages looked like, courts against their own past.
//!
//! What is noticed becomes an alarm in the ledger: a page that cannot be trusted is not taken and stops the
//! source; everything else goes on and is told to a person.

mod days;
mod fields;
mod page;
mod place;
pub(crate) mod shrink;
mod watch;

pub(crate) use page::{ReadPage, refuse_drift};
pub(crate) use place::Place;
pub(crate) use shrink::{Shrink, Verdict};
pub(crate) use watch::Watch;
