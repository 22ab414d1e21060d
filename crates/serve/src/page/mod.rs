//! The pages. Each is a function from values to markup; nothing here reads a lake.

mod coverage;
mod dictionary;
mod guide;
mod histogram;
mod home;
mod judgment;
mod layout;
mod problem;
mod results;
mod sidebar;
mod text;

pub(crate) use coverage::coverage;
pub(crate) use dictionary::{Table, dictionary, tables};
pub(crate) use guide::{api_guide, search_guide};
pub(crate) use home::{Facts, home};
pub(crate) use judgment::{Look, judgment};
pub(crate) use problem::{cite_choice, problem};
pub(crate) use results::{Found, results};
