//! The simulated portals as a client meets them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod calcutta;
mod changes;
mod client;
mod district;
mod dockets;
mod drift;
mod faults;
mod hcservices;
mod hostile;
mod protocol;
mod supreme_search;
mod torture;
