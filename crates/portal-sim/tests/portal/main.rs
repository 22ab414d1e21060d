//! The simulated portals as a client meets them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod changes;
mod client;
mod dockets;
mod drift;
mod faults;
mod hcservices;
mod hostile;
mod protocol;
mod torture;
