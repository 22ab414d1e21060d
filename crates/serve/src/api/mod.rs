//! The JSON API: the same questions as the pages ask, for programs.

mod handlers;
mod openapi;

pub(crate) use handlers::{
    cite, coverage, dictionary, judgment, openapi, results_json, search, told,
};
