//! The `OpenAPI` 3.1 document. A test asks every route it names and compares the answers with its schemas.

#![expect(
    clippy::needless_pass_by_value,
    reason = "schemas are put together from what has just been made"
)]

use nirnay_index::{FacetName, Sort};
use serde_json::{Map, Value, json};

/// The document.
pub(crate) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nirnay", "version": env!("CARGO_PKG_VERSION"),
            "summary": "Court judgments of one lake: search, text, citations, coverage. Read only.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths(),
        "components": {
            "schemas": schemas(),
            "responses": { "Problem": {
                "description": "What is wrong, where, and what to do instead (RFC 9457).",
                "content": { "application/problem+json": { "schema": reference("Problem") } },
            }},
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn paths() -> Value {
    let mut whole = search_parameters();
    whole.retain(|parameter| parameter["name"] != "page" && parameter["name"] != "per_page");
    whole.push(query(
        "format",
        "csv, jsonl or parquet",
        json!({ "type": "string", "enum": ["csv", "jsonl", "parquet"], "default": "csv" }),
    ));
    let format = || {
        query(
            "format",
            "Instead of JSON: a table",
            json!({ "type": "string", "enum": ["json", "csv", "jsonl", "parquet"], "default": "json" }),
        )
    };
    let id = json!({
        "name": "id", "in": "path", "required": true, "schema": { "type": "string" },
        "description": "The `id` of a hit. It holds slashes, which stay as they are.",
    });
    let text = query(
        "text",
        "Whether the text of the pages comes along",
        json!({ "type": "string", "enum": ["pages", "none"], "default": "pages" }),
    );
    let cited = json!({
        "name": "q", "in": "query", "required": true, "schema": { "type": "string", "maxLength": 4000 },
        "description": "A citation, CNR or case number, or a passage with several citations.",
    });
    json!({
        "/api/v1/search": route("search", "A page of results with facets", search_parameters(), "SearchResults"),
        "/api/v1/export": file("export", "A whole result as a file, streamed, of any length", whole),
        "/api/v1/judgments/{id}": route("judgment", "A judgment", vec![id, format(), text], "Judgment"),
        "/api/v1/cite": route("cite", "Citations and the judgments that answer to them", vec![cited], "CitationLookUp"),
        "/api/v1/coverage": route("coverage", "What the lake holds and lacks", vec![format()], "Coverage"),
        "/api/v1/dictionary": route("dictionary", "Tables and columns of the lake", vec![format()], "Dictionary"),
        "/api/v1/openapi.json": route("openapi", "This document", Vec::new(), "OpenApi"),
    })
}

fn route(operation: &str, summary: &str, parameters: Vec<Value>, schema: &str) -> Value {
    json!({ "get": {
        "operationId": operation, "summary": summary, "parameters": parameters,
        "responses": {
            "200": { "description": summary, "content": { "application/json": { "schema": reference(schema) } } },
            "4XX": { "$ref": "#/components/responses/Problem" },
            "5XX": { "$ref": "#/components/responses/Problem" },
        },
    }})
}

fn file(operation: &str, summary: &str, parameters: Vec<Value>) -> Value {
    let bytes = || json!({ "schema": { "type": "string" } });
    json!({ "get": {
        "operationId": operation, "summary": summary, "parameters": parameters,
        "description": "The columns query, exported_at and index_version say where the rows come from. A stream \
            that breaks off is not the whole result.",
        "responses": {
            "200": { "description": summary, "content": {
                "text/csv": bytes(), "application/jsonl": bytes(), "application/vnd.apache.parquet": bytes(),
            }},
            "4XX": { "$ref": "#/components/responses/Problem" },
            "5XX": { "$ref": "#/components/responses/Problem" },
        },
    }})
}

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

fn search_parameters() -> Vec<Value> {
    let day = || json!({ "type": "string", "format": "date" });
    let orders: Vec<&str> = Sort::ALL.iter().map(|(name, _)| *name).collect();
    let mut parameters = vec![
        query(
            "q",
            "The query; empty for every judgment. See /help for the language.",
            json!({ "type": "string", "maxLength": 1000 }),
        ),
        query("from", "Decided on this day or later", day()),
        query("to", "Decided on this day or earlier", day()),
        query(
            "sort",
            "The order",
            json!({ "type": "string", "enum": orders, "default": "relevance" }),
        ),
        query(
            "page",
            "The page, from 1; the first 10,000 hits can be paged through",
            json!({ "type": "integer", "minimum": 1, "default": 1 }),
        ),
        query(
            "per_page",
            "Hits on a page",
            json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }),
        ),
        query(
            "copies",
            "1 shows near-duplicates apart",
            json!({ "type": "string", "enum": ["0", "1"], "default": "0" }),
        ),
    ];
    for facet in FacetName::ALL {
        let mut parameter = query(
            facet.name(),
            &format!(
                "{}; repeated: one of these. Values as in the facets of an answer",
                facet.label()
            ),
            json!({ "type": "array", "items": { "type": "string" } }),
        );
        if let Some(object) = parameter.as_object_mut() {
            object.insert("explode".to_owned(), Value::Bool(true));
        }
        parameters.push(parameter);
    }
    parameters
}

/// An object whose members are all there, `null` included, and that has no others.
fn object(members: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> = members
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    json!({ "type": "object", "required": names, "properties": properties, "additionalProperties": false })
}

fn string() -> Value {
    json!({ "type": "string" })
}

fn maybe() -> Value {
    json!({ "type": ["string", "null"] })
}

fn whole() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

/// Anything: a value of the lake whose members the data dictionary explains.
fn open(kind: &str, description: &str) -> Value {
    json!({ "type": [kind, "null"], "description": description })
}

/// What a hit and a judgment have in common.
fn heading() -> Vec<(&'static str, Value)> {
    vec![
        ("id", string()),
        ("title", string()),
        ("court_name", string()),
        ("court_code", string()),
        ("bench_code", string()),
        ("decision_date", maybe()),
        ("case_number", maybe()),
        ("case_type", maybe()),
        ("cnr", maybe()),
        ("neutral_citation", maybe()),
        ("reporter_citation", maybe()),
        ("judges", list(string())),
        ("kind", string()),
        ("disposal", maybe()),
        ("languages", list(string())),
        ("cited_by", whole()),
        ("copies", whole()),
        ("pages", whole()),
        ("sha256", maybe()),
    ]
}

fn schemas() -> Value {
    let mut hit = heading();
    hit.push(("score", json!({ "type": "number" })));
    hit.push(("snippets", list(reference("Snippet"))));
    let brief: Vec<(&str, Value)> = vec![
        ("id", string()),
        ("title", string()),
        ("court_name", string()),
        ("decision_date", maybe()),
        ("case_number", maybe()),
        ("neutral_citation", maybe()),
        ("reporter_citation", maybe()),
        ("cited_by", whole()),
    ];
    json!({
        "Problem": object(&[
            ("type", string()), ("title", string()), ("status", whole()), ("code", string()),
            ("detail", string()), ("hint", string()),
            ("position", json!({ "type": ["integer", "null"], "description": "The character of the query that it is about, from 0" })),
            ("parameter", maybe()),
        ]),
        "SearchResults": results(),
        "Hit": object(&hit),
        "Snippet": object(&[
            ("page", whole()), ("text", string()),
            ("highlights", json!({ "type": "array", "description": "Byte ranges of the UTF-8 text: first, one past the last",
                "items": { "type": "array", "items": whole(), "minItems": 2, "maxItems": 2 } })),
        ]),
        "Facet": object(&[
            ("name", json!({ "type": "string", "enum": FacetName::ALL.map(FacetName::name) })),
            ("counts", list(object(&[("value", string()), ("label", string()), ("count", whole()), ("selected", json!({ "type": "boolean" }))]))),
            ("values", whole()),
        ]),
        "Brief": object(&brief),
        "Neighbours": object(&[("total", whole()), ("list", list(object(&[
            ("id", string()), ("title", string()), ("court_name", string()), ("decision_date", maybe()),
            ("citation", maybe()), ("citations", json!({ "type": ["integer", "null"], "minimum": 0 })),
        ])))]),
        "Judgment": judgment(),
        "CitationLookUp": object(&[("query", string()), ("citations", list(object(&[
            ("printed", string()), ("canonical", string()), ("kind", string()),
            ("status", json!({ "type": "string", "enum": ["found", "ambiguous", "cited", "unknown"] })),
            ("total", whole()), ("judgments", list(reference("Brief"))),
        ])))]),
        "Coverage": coverage(),
        "Dictionary": object(&[("schema_version", whole()), ("tables", list(object(&[
            ("name", string()), ("about", string()),
            ("columns", list(object(&[("name", string()), ("type", string()), ("nullable", json!({ "type": "boolean" })), ("meaning", string())]))),
        ])))]),
        "OpenApi": { "type": "object" },
    })
}

fn results() -> Value {
    object(&[
        ("query", string()),
        ("understood", string()),
        ("identifier", maybe()),
        ("resolved", maybe()),
        ("total", whole()),
        ("page", whole()),
        ("per_page", whole()),
        ("sort", string()),
        ("elapsed_ms", json!({ "type": "number" })),
        ("hits", list(reference("Hit"))),
        ("facets", list(reference("Facet"))),
        ("notes", list(string())),
        (
            "links",
            object(&[
                ("page", string()),
                ("previous", maybe()),
                ("next", maybe()),
                ("csv", string()),
                ("jsonl", string()),
                ("parquet", string()),
            ]),
        ),
        (
            "index",
            object(&[("documents", whole()), ("version", maybe())]),
        ),
    ])
}

fn judgment() -> Value {
    let mut members = heading();
    members.extend([
        ("provisions", list(string())),
        ("cites", reference("Neighbours")),
        ("cited_by_judgments", reference("Neighbours")),
        ("similar", list(reference("Brief"))),
        ("orders_of_case", list(reference("Brief"))),
        (
            "citation",
            json!({ "type": "object", "additionalProperties": string() }),
        ),
        (
            "listed",
            open(
                "object",
                "The row as the portal listed it; null for a text that was brought in",
            ),
        ),
        ("document", open("object", "What became of the PDF")),
        (
            "provenance",
            open("object", "Source, path, when seen, hashes, capture"),
        ),
        ("revisions", list(json!({ "type": "object" }))),
        (
            "text",
            list(object(&[("page", whole()), ("text", string())])),
        ),
        (
            "links",
            object(&[("page", string()), ("document", maybe())]),
        ),
    ]);
    let mut schema = object(&members);
    // The text may be left out.
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != "text");
    }
    schema
}

fn coverage() -> Value {
    object(&[
        ("judgments", whole()),
        ("indexed", whole()),
        ("index_mark", maybe()),
        ("as_of", string()),
        ("complete", json!({ "type": ["boolean", "null"] })),
        ("years", list(json!({ "type": "integer" }))),
        (
            "courts",
            list(object(&[
                ("code", string()),
                ("slug", maybe()),
                ("name", string()),
                ("judgments", whole()),
                (
                    "years",
                    json!({ "type": "object", "additionalProperties": whole() }),
                ),
                ("listed", whole()),
                ("taken", whole()),
                ("set_aside", whole()),
                ("repeats", whole()),
                ("documents_stored", whole()),
                ("documents_missing", whole()),
                ("documents_open", whole()),
                ("holes", whole()),
                ("last_proven", maybe()),
            ])),
        ),
        ("holes", list(json!({ "type": "object" }))),
        ("alarms", list(json!({ "type": "object" }))),
        ("last_run", open("object", "The latest crawl")),
        (
            "layers",
            list(object(&[
                ("layer", string()),
                ("rows", whole()),
                ("bytes", whole()),
            ])),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::router::API_ROUTES;

    #[test]
    fn every_route_is_described_and_no_other() {
        let document = document();
        let mut described: Vec<String> = document["paths"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        let mut routed: Vec<String> = API_ROUTES
            .iter()
            .map(|route| route.replace("{*id}", "{id}"))
            .collect();
        described.sort();
        routed.sort();
        assert_eq!(described, routed);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn look(value: &Value, document: &Value) {
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(to)) = members.get("$ref") {
                        assert!(
                            document.pointer(to.trim_start_matches('#')).is_some(),
                            "{to}"
                        );
                    }
                    members.values().for_each(|member| look(member, document));
                }
                Value::Array(items) => items.iter().for_each(|item| look(item, document)),
                _ => {}
            }
        }
        let document = document();
        look(&document, &document);
    }
}
