//! The lake's behaviour, seen from outside.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test binary has no readers of its documentation, and an unwrap that fails is a test that fails"
)]

mod captures;
mod crash;
mod damage;
mod layers;
mod ledger;
mod opening;
mod policy;
mod publication;
mod removals;
mod rescue;
mod rows;
mod text;
mod verification;
mod wanted;
