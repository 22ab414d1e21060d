//! Which address leads where.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use super::desk::Desk;
use super::guard::{Guard, watch};
use super::{asset, export, handlers};
use crate::api;
use crate::library::Library;

/// What handlers answer from.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) library: Arc<Library>,
    pub(crate) desk: Desk,
}

/// Routes of the API, as the `OpenAPI` document describes them.
pub(crate) const API_ROUTES: [&str; 7] = [
    "/api/v1/search",
    "/api/v1/export",
    "/api/v1/judgments/{*id}",
    "/api/v1/cite",
    "/api/v1/coverage",
    "/api/v1/dictionary",
    "/api/v1/openapi.json",
];

/// All routes behind the guard.
pub(crate) fn router(app: App, guard: Guard) -> Router {
    let [search, whole, judgment, cite, coverage, dictionary, openapi] = API_ROUTES;
    Router::new()
        .route("/", get(handlers::home))
        .route("/search", get(handlers::search))
        .route("/judgments/{*id}", get(handlers::judgment))
        .route("/documents/{name}", get(handlers::document))
        .route("/cite", get(handlers::cite))
        .route("/coverage", get(handlers::coverage))
        .route("/dictionary", get(handlers::dictionary))
        .route("/help", get(handlers::help))
        .route("/api", get(handlers::api))
        .route("/assets/{name}", get(asset::serve))
        .route(search, get(api::search))
        .route(whole, get(export::whole))
        .route(judgment, get(api::judgment))
        .route(cite, get(api::cite))
        .route(coverage, get(api::coverage))
        .route(dictionary, get(api::dictionary))
        .route(openapi, get(api::openapi))
        .fallback(handlers::nowhere)
        .with_state(app)
        .layer(from_fn_with_state(Arc::new(guard), watch))
}
