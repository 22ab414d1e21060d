//! `www.sci.gov.in`: the feed of the latest judgments and orders.

mod address;
mod entry;
mod page;
mod printed;

pub use entry::FeedRow;
pub use page::{FeedPage, feed};
