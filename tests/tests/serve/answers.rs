//! What is answered: every route against the `OpenAPI` document, sizes, exports, removals, reloads.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Answer, get, get_packed};
use crate::lake::{Served, add, crawled, document};
use crate::schema::objections;

/// A page may weigh so much on the wire.
const HEAVIEST: usize = 100_000;

fn fits(answer: &Answer, operation: &str, document: &Value) {
    let media = answer.header("content-type").unwrap();
    let schema = document
        .pointer(&format!(
            "/paths/{}/get/responses/{}/content",
            operation.replace('~', "~0").replace('/', "~1"),
            answer.status
        ))
        .and_then(|content| content.get(media))
        .unwrap_or_else(|| panic!("{operation}: {} {media} is not described", answer.status));
    let found = objections(&answer.json(), &schema["schema"], document);
    assert!(found.is_empty(), "{operation}: {}", found.join("\n"));
}

#[test]
fn every_answer_is_what_the_document_says() {
    let served = Served::of(crawled());
    let document = get(served.at, "/api/v1/openapi.json").json();
    let results = get(served.at, "/api/v1/search?q=court&per_page=50");
    fits(&results, "/api/v1/search", &document);
    let results = results.json();
    assert!(results["total"].as_u64().unwrap() > 50, "{results}");
    assert!(results["facets"].as_array().unwrap().len() >= 5);
    for target in [
        "/api/v1/search",
        "/api/v1/search?q=zzzzqqq",
        "/api/v1/search?q=&sort=most_cited&copies=1&year=2023",
    ] {
        fits(&get(served.at, target), "/api/v1/search", &document);
    }
    for hit in results["hits"].as_array().unwrap() {
        let id = hit["id"].as_str().unwrap();
        fits(
            &get(served.at, &format!("/api/v1/judgments/{id}")),
            "/api/v1/judgments/{id}",
            &document,
        );
    }
    for (target, operation) in [
        (
            "/api/v1/cite?q=2024%20INSC%201%20and%20(2017)%2010%20SCC%201",
            "/api/v1/cite",
        ),
        ("/api/v1/coverage", "/api/v1/coverage"),
        ("/api/v1/dictionary", "/api/v1/dictionary"),
        ("/api/v1/openapi.json", "/api/v1/openapi.json"),
    ] {
        fits(&get(served.at, target), operation, &document);
    }
    let problem = &document["components"]["schemas"]["Problem"];
    for (target, status) in [
        ("/api/v1/search?q=(bail", 400),
        ("/api/v1/search?cuort=delhi", 400),
        ("/api/v1/export?format=xls", 400),
        ("/api/v1/judgments/none/such", 404),
        ("/api/v1/nosuch", 404),
        ("/api/v1/cite", 400),
        ("/api/v1/coverage?format=xls", 400),
        ("/api/v1/dictionary?x=1", 400),
    ] {
        let answer = get(served.at, target);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, Some("application/problem+json")),
            "{target}"
        );
        let found = objections(&answer.json(), problem, &document);
        assert!(found.is_empty(), "{target}: {found:?}");
        assert!(
            !answer.json()["hint"].as_str().unwrap().is_empty(),
            "{target}"
        );
    }
}

#[test]
fn a_judgment_comes_with_its_neighbours_its_document_and_its_source() {
    let served = Served::of(crawled());
    let most_cited = get(served.at, "/api/v1/search?sort=most_cited").json();
    let first = &most_cited["hits"][0];
    assert!(first["cited_by"].as_u64().unwrap() > 0, "{first}");
    let judgment = get(
        served.at,
        &format!("/api/v1/judgments/{}", first["id"].as_str().unwrap()),
    )
    .json();
    assert_eq!(judgment["cited_by_judgments"]["total"], first["cited_by"]);
    let citing = judgment["cited_by_judgments"]["list"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let back = get(served.at, &format!("/api/v1/judgments/{citing}?text=none")).json();
    let cites: Vec<&str> = back["cites"]["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(
        cites.contains(&first["id"].as_str().unwrap()),
        "an edge has two ends"
    );
    assert!(back.get("text").is_none() && !judgment["text"].as_array().unwrap().is_empty());
    assert!(judgment["provenance"]["first_seen"].is_string() && judgment["listed"].is_object());
    let pdf = get(served.at, judgment["links"]["document"].as_str().unwrap());
    assert_eq!(
        (pdf.status, pdf.header("content-type")),
        (200, Some("application/pdf"))
    );
    assert!(pdf.body.starts_with(b"%PDF-"));
    let page = get(served.at, judgment["links"]["page"].as_str().unwrap());
    assert_eq!(page.status, 200);
    assert!(
        page.text()
            .contains(judgment["provenance"]["capture_id"].as_str().unwrap())
    );
}

#[test]
fn an_own_citation_leads_to_its_judgment() {
    let served = Served::of(crawled());
    let hits = get(served.at, "/api/v1/search?court=sci&per_page=100").json();
    let hits = hits["hits"].as_array().unwrap();
    let cited = hits
        .iter()
        .find(|hit| hit["neutral_citation"].is_string())
        .unwrap();
    let citation = cited["neutral_citation"]
        .as_str()
        .unwrap()
        .replace(' ', "%20");
    let found = get(
        served.at,
        &format!("/api/v1/cite?q=see%20{citation}%20there"),
    )
    .json();
    assert_eq!(
        found["citations"][0]["judgments"][0]["id"], cited["id"],
        "{found}"
    );
    let answer = get(served.at, &format!("/cite?q={citation}"));
    if found["citations"][0]["status"] == "found" {
        assert_eq!(answer.status, 303);
        assert!(
            answer
                .header("location")
                .unwrap()
                .starts_with("/judgments/")
        );
    }
    assert_eq!(get(served.at, "/cite?q=2099%20INSC%209999").status, 200);
}

#[test]
fn pages_are_light_and_fast() {
    let served = Served::of(crawled());
    for target in ["/search?q=court", "/search?q=", "/", "/coverage"] {
        get(served.at, target);
        let begun = Instant::now();
        let answer = get(served.at, target);
        let plain = (answer.wire, begun.elapsed());
        let packed = get_packed(served.at, target);
        assert_eq!(
            (answer.status, packed.header("content-encoding")),
            (200, Some("gzip")),
            "{target}"
        );
        assert!(
            plain.0 < HEAVIEST && packed.wire < plain.0,
            "{target}: {} bytes, {} packed",
            plain.0,
            packed.wire
        );
        eprintln!(
            "{target}: {} bytes, {} packed, {:?}",
            plain.0, packed.wire, plain.1
        );
    }
}

#[test]
fn an_export_is_the_whole_result_with_its_origin() {
    let served = Served::of(crawled());
    let total = get(served.at, "/api/v1/search?q=court&copies=1").json()["total"]
        .as_u64()
        .unwrap() as usize;
    let csv = get(served.at, "/api/v1/export?q=court&copies=1&format=csv");
    assert!(
        csv.whole
            && csv
                .header("content-disposition")
                .unwrap()
                .contains("nirnay-search.csv")
    );
    assert_eq!(csv.text().matches("\r\n").count(), total + 1);
    let lines = get(served.at, "/api/v1/export?q=court&copies=1&format=jsonl");
    let rows: Vec<Value> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), total);
    for row in &rows {
        assert_eq!(row["query"], "q=court&copies=1");
        assert!(!row["index_version"].as_str().unwrap().is_empty());
    }
    let ids: std::collections::BTreeSet<&str> =
        rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), total, "each once");
    let parquet = get(served.at, "/api/v1/export?q=court&format=parquet").body;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    for (target, start) in [
        ("/api/v1/coverage?format=csv", &b"court_code,"[..]),
        ("/api/v1/dictionary?format=csv", b"table,"),
        ("/api/v1/coverage?format=parquet", b"PAR1"),
    ] {
        assert!(get(served.at, target).body.starts_with(start), "{target}");
    }
}

#[test]
fn every_state_of_a_page_has_the_same_hits_as_its_api() {
    let served = Served::of(crawled());
    for state in [
        "q=court&page=2",
        "q=&court=7_26&sort=newest",
        "q=appeal&year=2023",
        "q=court&from=2024-01-01",
    ] {
        let page = get(served.at, &format!("/search?{state}")).text();
        let api = get(served.at, &format!("/api/v1/search?{state}")).json();
        let hits = api["hits"].as_array().unwrap();
        assert!(!hits.is_empty(), "{state}");
        let mut at = 0;
        for hit in hits {
            let link = format!("href=\"/judgments/{}?", hit["id"].as_str().unwrap());
            let found = page.get(at..).unwrap_or_default().find(&link);
            at += found
                .unwrap_or_else(|| panic!("{state}: {link} is not there, or not in its place"));
        }
    }
}

#[test]
fn what_is_added_to_the_index_is_found_without_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    add(
        dir.path(),
        vec![document("a/1", "ONE versus STATE", "first text")],
        "1",
    );
    let served = Served::of(dir.path());
    let total = || {
        get(served.at, "/api/v1/search?q=text").json()["total"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(total(), 1);
    add(
        dir.path(),
        vec![document("a/2", "TWO versus STATE", "second text")],
        "2",
    );
    let begun = Instant::now();
    while total() != 2 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the new judgment is not seen"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    // An index that was set aside and built again is another one in the same place.
    std::fs::rename(dir.path().join("index"), dir.path().join("index.bad-1")).unwrap();
    add(
        dir.path(),
        vec![document("b/1", "THREE versus STATE", "third text")],
        "3",
    );
    let begun = Instant::now();
    while get(served.at, "/api/v1/judgments/b/1").status != 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the new index is not seen"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(total(), 1);
}
