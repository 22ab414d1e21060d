//! The web page and the API over a lake that was crawled from the simulated portals, by raw requests.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod answers;
mod client;
mod hostile;
mod lake;
mod refusals;
mod schema;
