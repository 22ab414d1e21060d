//! `www.sci.gov.in`: the feed of the latest judgments and orders, and the court's own search.

mod address;
mod entry;
mod mobile;
mod page;
mod printed;
mod search;

pub use entry::FeedRow;
pub use mobile::mobile_listing;
pub use page::{FeedPage, feed};
pub use search::{SearchForm, choices, results, search_form};
