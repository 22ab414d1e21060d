//! The handlers of the API.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use nirnay_index::{MAX_WINDOW, Results};
use nirnay_pipeline::sheet::Format;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::openapi as document;
use crate::ask::Ask;
use crate::cite as citations;
use crate::library::Shelf;
use crate::page;
use crate::problem::Problem;
use crate::web::address;
use crate::web::export;
use crate::web::reply::{self, takes_gzip};
use crate::web::router::App;

pub(crate) fn told(outcome: Result<Value, Problem>, headers: &HeaderMap) -> Response {
    let gzip = takes_gzip(headers);
    match outcome {
        Ok(value) => reply::json(&value, gzip),
        Err(problem) => reply::problem(&problem, gzip),
    }
}

pub(crate) async fn search(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let ask = match Ask::parse(raw.as_deref()) {
        Ok(ask) => ask,
        Err(problem) => return told(Err(problem), &headers),
    };
    let shelf = app.library.shelf();
    let made = app.desk.ask(move || {
        let results = shelf.search(&ask, true)?;
        Ok(results_json(&ask, &results, &shelf))
    });
    told(made.await, &headers)
}

/// A page of results for programs.
pub(crate) fn results_json(ask: &Ask, results: &Results, shelf: &Shelf) -> Value {
    let state = ask.address();
    let last = results.total.min(MAX_WINDOW).div_ceil(ask.per_page);
    let page = |page: usize| format!("/api/v1/search?{}", ask.at_page(page).address());
    let export = |format: &str| format!("/api/v1/export?{state}&format={format}");
    json!({
        "query": ask.query, "understood": results.understood,
        "identifier": results.identifier, "resolved": results.resolved,
        "total": results.total, "page": ask.page, "per_page": ask.per_page, "sort": ask.sort.name(),
        "elapsed_ms": results.elapsed.as_secs_f64() * 1e3,
        "hits": results.hits, "facets": results.facets, "notes": results.notes,
        "links": {
            "page": format!("/search?{state}"),
            "previous": (ask.page > 1).then(|| page(ask.page - 1)),
            "next": (ask.page < last).then(|| page(ask.page + 1)),
            "csv": export("csv"), "jsonl": export("jsonl"), "parquet": export("parquet"),
        },
        "index": { "documents": shelf.searcher.document_count(), "version": shelf.index_mark() },
    })
}

/// Reads `format` and `text` off an address; both may be left out.
fn parameters(raw: Option<&str>, known: &[&'static str]) -> Result<Vec<(String, String)>, Problem> {
    let mut found = Vec::new();
    for (name, value) in form_urlencoded::parse(raw.unwrap_or("").as_bytes()) {
        if !known.contains(&name.as_ref()) {
            let shown: String = name.chars().take(60).collect();
            let usable = if known.is_empty() {
                "leave it out".to_owned()
            } else {
                format!("use {}", known.join(", "))
            };
            return Err(Problem::parameter(
                shown.clone(),
                format!("there is no parameter {shown:?}"),
                usable,
            ));
        }
        if !value.trim().is_empty() {
            found.push((name.into_owned(), value.trim().to_owned()));
        }
    }
    Ok(found)
}

fn value<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = parameters.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// `None` is JSON.
fn format(parameters: &[(String, String)]) -> Result<Option<Format>, Problem> {
    match value(parameters, "format") {
        None | Some("json") => Ok(None),
        Some(name) => export::format(name).map(Some),
    }
}

pub(crate) async fn judgment(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let read = parameters(raw.as_deref(), &["format", "text"]).and_then(|found| {
        let text = match value(&found, "text") {
            None | Some("pages") => true,
            Some("none") => false,
            Some(other) => {
                return Err(Problem::parameter(
                    "text",
                    format!("{other:?} is no form of the text"),
                    "use pages or none",
                ));
            }
        };
        Ok((format(&found)?, text))
    });
    let (format, text) = match read {
        Ok(read) => read,
        Err(problem) => return told(Err(problem), &headers),
    };
    let shelf = app.library.shelf();
    let made = app.desk.ask(move || {
        shelf
            .record(&id)?
            .ok_or_else(|| Problem::not_found("judgment with this key"))
    });
    let record = match made.await {
        Ok(record) => record,
        Err(problem) => return told(Err(problem), &headers),
    };
    if let Some(format) = format {
        return export::table(
            format,
            "judgment",
            nirnay_pipeline::hit_columns(),
            vec![nirnay_pipeline::hit_row(&record.hit)],
        );
    }
    let mut out = record.json();
    if let Some(object) = out.as_object_mut() {
        if text {
            object.insert("text".to_owned(), record.text());
        }
        let links = json!({
            "page": address::judgment(&record.hit.key),
            "document": record.hit.sha256.as_ref().map(|sha256| format!("/documents/{sha256}.pdf")),
        });
        object.insert("links".to_owned(), links);
    }
    told(Ok(out), &headers)
}

pub(crate) async fn cite(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let found = match parameters(raw.as_deref(), &["q"]) {
        Ok(found) => found,
        Err(problem) => return told(Err(problem), &headers),
    };
    let text = value(&found, "q").unwrap_or("").to_owned();
    let shelf = app.library.shelf();
    let made = app.desk.ask(move || {
        let citations = citations::look_up(&shelf, &text)?;
        Ok(json!({ "query": text, "citations": citations }))
    });
    told(made.await, &headers)
}

pub(crate) async fn coverage(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let format = parameters(raw.as_deref(), &["format"]).and_then(|found| format(&found));
    let format = match format {
        Ok(format) => format,
        Err(problem) => return told(Err(problem), &headers),
    };
    let shelf = app.library.shelf();
    let coverage = match app.desk.ask(move || shelf.coverage()).await {
        Ok(coverage) => coverage,
        Err(problem) => return told(Err(problem), &headers),
    };
    match format {
        None => told(Ok(json!(coverage)), &headers),
        Some(format) => {
            let (columns, rows) = export::coverage(&coverage);
            export::table(format, "coverage", columns, rows)
        }
    }
}

pub(crate) async fn dictionary(RawQuery(raw): RawQuery, headers: HeaderMap) -> Response {
    let format = parameters(raw.as_deref(), &["format"]).and_then(|found| format(&found));
    match format {
        Err(problem) => told(Err(problem), &headers),
        Ok(None) => {
            let value = json!({
                "schema_version": nirnay_model::SCHEMA_VERSION, "tables": page::tables(),
            });
            told(Ok(value), &headers)
        }
        Ok(Some(format)) => {
            let (columns, rows) = export::dictionary(&page::tables());
            export::table(format, "dictionary", columns, rows)
        }
    }
}

pub(crate) async fn openapi(headers: HeaderMap) -> Response {
    told(Ok(document::document()), &headers)
}
