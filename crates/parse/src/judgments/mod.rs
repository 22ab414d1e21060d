//! `judgments.ecourts.gov.in` and `scr.sci.gov.in`: two portals, one protocol.
//!
//! [`start_page()`] → [`captcha_verdict`] → [`search_page`] → [`read_row`] → [`document_link()`], in the
//! order a session meets them.

mod captcha;
mod court;
mod details;
mod document_link;
mod envelope;
mod facets;
mod judges;
mod layout;
mod path;
mod plain;
mod report;
mod row;
mod search;
mod sheet;
mod start_page;
mod title;

pub use captcha::{CaptchaVerdict, captcha_verdict};
pub use document_link::{DocumentLink, document_link};
pub use facets::{FacetCount, Facets};
pub use layout::known_layouts;
pub use report::{FieldFill, NewLayout, PageReport, report};
pub use row::{ListedRow, read_row};
pub use search::{RawRow, SearchPage, search_page};
pub use start_page::{StartPage, start_page};
