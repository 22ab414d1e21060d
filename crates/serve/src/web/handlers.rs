//! The handlers of the pages: read the address, ask the lake at the desk, make the page.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use nirnay_model::Sha256;
use url::form_urlencoded;

use super::address;
use super::reply::{self, takes_gzip};
use super::router::App;
use crate::api;
use crate::ask::Ask;
use crate::cite;
use crate::page::{self, Facts, Found, Look};
use crate::problem::Problem;

/// A document is shown by the browser's viewer, in an origin of its own, and can neither run nor load nor embed
/// anything.
const DOCUMENT_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'self'";

/// A page, or the page of a problem; `ask` is what the problem's page offers to correct.
fn shown(
    outcome: Result<maud::Markup, Problem>,
    ask: Option<&Ask>,
    headers: &HeaderMap,
) -> Response {
    let gzip = takes_gzip(headers);
    match outcome {
        Ok(page) => reply::html(StatusCode::OK, page, gzip),
        Err(problem) => reply::html(problem.status, page::problem(&problem, ask), gzip),
    }
}

pub(crate) async fn home(State(app): State<App>, headers: HeaderMap) -> Response {
    let shelf = app.library.shelf();
    let lake = app.library.dir().display().to_string();
    let made = app.desk.ask(move || {
        let coverage = shelf.coverage()?;
        Ok(page::home(&Facts {
            coverage: &coverage,
            lake,
        }))
    });
    shown(made.await, None, &headers)
}

pub(crate) async fn search(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let ask = match Ask::parse(raw.as_deref()) {
        Ok(ask) => ask,
        Err(problem) => return shown(Err(problem), None, &headers),
    };
    let shelf = app.library.shelf();
    let asked = ask.clone();
    let made = app.desk.ask(move || {
        let results = shelf.search(&asked, true)?;
        let without_filters = if results.total == 0 && asked.is_narrowed() {
            Some(shelf.count(&asked.bare())?)
        } else {
            None
        };
        Ok(page::results(&Found {
            ask: &asked,
            results: &results,
            without_filters,
            documents: shelf.searcher.document_count(),
        }))
    });
    shown(made.await, Some(&ask), &headers)
}

pub(crate) async fn judgment(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let ask = match Ask::parse(raw.as_deref()) {
        Ok(ask) => ask,
        Err(problem) => return shown(Err(problem), None, &headers),
    };
    let shelf = app.library.shelf();
    let asked = ask.clone();
    let made = app.desk.ask(move || {
        let record = shelf
            .record(&id)?
            .ok_or_else(|| Problem::not_found("judgment with this key"))?;
        let marks = shelf.marks(&asked.query, &record.pages);
        Ok(page::judgment(&Look {
            record: &record,
            ask: &asked,
            marks,
            graph_too_large: shelf.graph.too_large,
        }))
    });
    shown(made.await, Some(&ask), &headers)
}

/// The bytes of a document. Its name is read as a digest; nothing of it becomes part of a path.
pub(crate) async fn document(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let unknown = || Err(Problem::not_found("document with this digest"));
    let digest = name
        .strip_suffix(".pdf")
        .and_then(|hex| hex.parse::<Sha256>().ok());
    let Some(sha256) = digest else {
        return shown(unknown(), None, &headers);
    };
    let shelf = app.library.shelf();
    match app.desk.ask(move || shelf.document(&sha256)).await {
        Ok(Some(bytes)) => pdf(&sha256, bytes),
        Ok(None) => shown(unknown(), None, &headers),
        Err(problem) => shown(Err(problem), None, &headers),
    }
}

fn pdf(sha256: &Sha256, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(DOCUMENT_POLICY),
    );
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=86400, immutable"),
    );
    let name = format!("inline; filename=\"{sha256}.pdf\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}

/// One citation that one judgment bears leads there; others are listed.
pub(crate) async fn cite(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let raw = raw.unwrap_or_default();
    let text = form_urlencoded::parse(raw.as_bytes())
        .find(|(name, _)| name == "q")
        .map(|(_, text)| text.into_owned())
        .unwrap_or_default();
    let shelf = app.library.shelf();
    let asked = text.clone();
    let found = match app.desk.ask(move || cite::look_up(&shelf, &asked)).await {
        Ok(found) => found,
        Err(problem) => return shown(Err(problem), None, &headers),
    };
    if let [one] = found.as_slice()
        && let ("found", [hit]) = (one.status, one.hits.as_slice())
        && let Ok(to) = HeaderValue::from_str(&address::judgment(&hit.key))
    {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        response.headers_mut().insert(LOCATION, to);
        return response;
    }
    shown(Ok(page::cite_choice(&text, &found, &raw)), None, &headers)
}

pub(crate) async fn coverage(State(app): State<App>, headers: HeaderMap) -> Response {
    let shelf = app.library.shelf();
    let made = app.desk.ask(move || Ok(page::coverage(&shelf.coverage()?)));
    shown(made.await, None, &headers)
}

pub(crate) async fn dictionary(headers: HeaderMap) -> Response {
    shown(Ok(page::dictionary(&page::tables())), None, &headers)
}

pub(crate) async fn help(headers: HeaderMap) -> Response {
    shown(Ok(page::search_guide()), None, &headers)
}

pub(crate) async fn api(headers: HeaderMap) -> Response {
    shown(Ok(page::api_guide()), None, &headers)
}

pub(crate) async fn nowhere(uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().starts_with("/api/") {
        return api::told(Err(Problem::not_found("such route")), &headers);
    }
    shown(Err(Problem::not_found("such page")), None, &headers)
}
