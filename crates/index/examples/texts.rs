//! Texts indexed and asked, for benchmarks: `tests/python/search` runs it and measures.
//!
//! ```text
//! texts index FILE.jsonl DIR            lines of id, text and, if there, court and year, into an index in DIR
//! texts ask DIR QUERIES.json            the time of each query: ten hits with excerpts, and facets
//! texts rank FILE.jsonl QUERIES QRELS   MAP, nDCG@10 and recall@100, with citations and by words alone
//! ```
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool of the benchmarks: its figures are its output, and a failure ends it"
)]

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

use nirnay_index::{IndexDocument, IndexWriter, PassageOrder, SearchOptions, Searcher};
use nirnay_model::{Judgment, SourceId, courts};
use serde_json::{Value, json};

const MEMORY: usize = 256 << 20;
const DEPTH: usize = 1_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["index", file, dir] => {
            let mut writer = IndexWriter::open(Path::new(dir), MEMORY).unwrap();
            fill(&mut writer, file);
            writer.close().unwrap();
        }
        ["ask", dir, queries] => ask(Path::new(dir), queries),
        ["rank", file, queries, qrels] => {
            let mut writer = IndexWriter::in_memory(MEMORY).unwrap();
            fill(&mut writer, file);
            rank(&writer.searcher().unwrap(), queries, qrels);
        }
        _ => println!("usage: texts index FILE DIR | ask DIR QUERIES | rank FILE QUERIES QRELS"),
    }
}

fn fill(writer: &mut IndexWriter, file: &str) {
    for line in BufReader::new(File::open(file).unwrap()).lines() {
        let value: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let id = value["id"].as_str().unwrap().to_owned();
        let text = value["text"].as_str().unwrap().to_owned();
        writer
            .upsert(IndexDocument {
                judgment: judgment(&id, &value),
                version: "1".to_owned(),
                sha256: None,
                facts: nirnay_index::Facts::default(),
                key: id,
                pages: vec![(1, text)],
            })
            .unwrap();
    }
    writer.commit("1").unwrap();
}

fn ask(dir: &Path, queries: &str) {
    let queries: Vec<Value> = serde_json::from_reader(File::open(queries).unwrap()).unwrap();
    let begun = Instant::now();
    let searcher = Searcher::open(dir).unwrap();
    searcher.search("the", &SearchOptions::default()).unwrap();
    let open = begun.elapsed();
    let mut seconds = Vec::new();
    for query in &queries {
        let options = SearchOptions {
            limit: 10,
            court: query["court"].as_str().map(str::to_owned),
            facets: Some(10),
            ..SearchOptions::default()
        };
        let begun = Instant::now();
        searcher
            .search(query["query"].as_str().unwrap(), &options)
            .unwrap();
        seconds.push(begun.elapsed().as_secs_f64());
    }
    println!(
        "{}",
        json!({ "open_seconds": open.as_secs_f64(), "seconds": seconds })
    );
}

fn rank(searcher: &Searcher, queries: &str, qrels: &str) {
    let mut wanted: HashMap<String, HashSet<String>> = HashMap::new();
    for line in std::fs::read_to_string(qrels).unwrap().lines() {
        if let [query, _, document, grade] = line.split_whitespace().collect::<Vec<_>>()[..]
            && grade != "0"
        {
            wanted
                .entry(query.to_owned())
                .or_default()
                .insert(document.to_owned());
        }
    }
    let queries = std::fs::read_to_string(queries).unwrap();
    let options = SearchOptions {
        limit: DEPTH,
        snippets: 0,
        ..SearchOptions::default()
    };
    for order in [PassageOrder::Words, PassageOrder::WordsAndCitations] {
        let (mut sums, mut count, begun) = ([0.0; 3], 0.0, Instant::now());
        for (query, text) in queries.lines().filter_map(|line| line.split_once("||")) {
            let Some(wanted) = wanted.get(query) else {
                continue;
            };
            let found = searcher.by_passage(text, order, &options).unwrap();
            let ranked: Vec<bool> = found
                .hits
                .iter()
                .map(|hit| wanted.contains(&hit.key))
                .collect();
            for (sum, measure) in sums.iter_mut().zip(measures(&ranked, wanted.len())) {
                *sum += measure;
            }
            count += 1.0;
        }
        let [map, ndcg, recall] = sums.map(|sum| sum / count);
        let each = begun.elapsed().as_secs_f64() / count;
        println!(
            "{order:?}: MAP {map:.4}, nDCG@10 {ndcg:.4}, recall@100 {recall:.4}, {:.0} ms a question",
            1_000.0 * each
        );
    }
}

/// Average precision, nDCG@10 and recall@100.
fn measures(ranked: &[bool], wanted: usize) -> [f64; 3] {
    let (mut hits, mut precision, mut gain) = (0.0, 0.0, 0.0);
    for (place, _) in ranked.iter().enumerate().filter(|(_, hit)| **hit) {
        hits += 1.0;
        precision += hits / (place + 1) as f64;
        if place < 10 {
            gain += 1.0 / ((place + 2) as f64).log2();
        }
    }
    let ideal: f64 = (0..wanted.min(10))
        .map(|place| 1.0 / ((place + 2) as f64).log2())
        .sum();
    let early = ranked.iter().take(100).filter(|hit| **hit).count();
    [
        precision / wanted as f64,
        gain / ideal,
        early as f64 / wanted as f64,
    ]
}

fn judgment(id: &str, value: &Value) -> Judgment {
    let court = value["court"].as_str().and_then(|name| courts().find(name));
    let year = value["year"].as_i64();
    Judgment {
        // The index keeps no source.
        title: id.to_owned(),
        decision_date: year.map(|year| jiff::civil::date(year as i16, 7, 1)),
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            (
                court.map_or_else(|| "imported".parse().unwrap(), |court| court.code.clone()),
                court.map_or_else(String::new, |court| court.name.clone()),
            ),
            "imported".parse().unwrap(),
        )
    }
}
