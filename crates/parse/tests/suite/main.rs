//! What the readers make of whole bodies: made ones, damaged ones and, where there are any, recorded ones.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
#![expect(clippy::print_stderr, reason = "a test says what it could not test")]

mod bombs;
mod case_replies;
mod cases;
mod drift;
mod expected;
mod fixtures;
mod mutations;
mod pages;
mod recorded;
