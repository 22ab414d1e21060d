//! Figures of the citation reader on the shared labelled texts.
//!
//! ```text
//! evaluate                       the table: recall and precision on InLegalNER, with five patterns beside ours
//! evaluate --show                and every miss and false citation
//! evaluate --peer NAME FILE      and a peer's places, JSON lines {id, spans: [[start, end]]}
//! evaluate own OUTPUT.jsonl      own neutral citations: what `nirnay extract FILE.pdf… --json` wrote
//! evaluate dump                  JSON lines {id, text} on stdin to citations
//! evaluate sample N SEED FILE…   N provisions of JSON lines with their surroundings, to be judged by eye
//! evaluate speed FILE…           megabytes a second; .jsonl: lines with text; else a text
//! ```
//!
//! Run it in the workspace root; the labelled texts are in `../shared`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its figures are its output"
)]

use std::collections::HashMap;
use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use nirnay_citation::{Citation, Kind, find};
use regex::Regex;
use serde_json::Value;

const SENTENCES: &str = "../shared/entities/inlegalner_train_judgment_bio.jsonl";
const GOLD: &str = include_str!("../tests/gold/inlegalner.tsv");
const OWN: &str = include_str!("../tests/gold/own.tsv");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("dump") => dump(),
        Some("sample") => sample(&arguments),
        Some("speed") => arguments.iter().skip(1).for_each(|path| speed(path)),
        Some("own") => arguments.iter().skip(1).for_each(|path| owns(path)),
        _ => table(&arguments),
    }
}

/// A place in a sentence, in characters.
type Span = (usize, usize);

/// One labelled sentence.
struct Sentence {
    text: Vec<char>,
    precedents: Vec<Span>,
    /// Places, and whether inside a PRECEDENT span.
    gold: Vec<(Span, bool)>,
}

impl Sentence {
    /// What identifies a citation whatever its marks: its digits.
    fn digits(&self, (start, end): Span) -> String {
        self.text[start..end]
            .iter()
            .filter(|c| c.is_ascii_digit())
            .collect()
    }

    fn print(&self, (start, end): Span) -> String {
        self.text[start..end].iter().collect()
    }
}

fn sentences() -> Option<HashMap<u64, Sentence>> {
    let text = std::fs::read_to_string(SENTENCES).ok()?;
    let mut sentences = HashMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a JSON line");
        let precedents = line["ents"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entity| entity[2] == "PRECEDENT")
            .map(|entity| (number(&entity[0]), number(&entity[1])))
            .collect();
        let sentence = Sentence {
            text: line["text"].as_str().unwrap_or("").chars().collect(),
            precedents,
            gold: Vec::new(),
        };
        sentences.insert(line["id"].as_u64().expect("an id"), sentence);
    }
    for row in GOLD.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = row.split('\t').collect();
        let place = |n: usize| fields[n].parse::<usize>().expect("a number");
        let sentence = sentences.get_mut(&(place(0) as u64)).expect("a sentence");
        sentence
            .gold
            .push(((place(1), place(2)), fields[3] == "in"));
    }
    Some(sentences)
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("a place")
}

#[derive(Default)]
struct Tally {
    gold: usize,
    hit: usize,
    found: usize,
    right: usize,
    outside: usize,
}

fn table(arguments: &[String]) {
    let Some(sentences) = sentences() else {
        eprintln!("{SENTENCES} is not there: nothing is measured");
        return;
    };
    let show = arguments.iter().any(|argument| argument == "--show");
    println!(
        "{:<14} {:<11} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9} {:>8}",
        "reader", "half", "strings", "read", "recall", "found", "right", "precision", "outside"
    );
    let mut readers: Vec<(String, HashMap<u64, Vec<Span>>)> = vec![
        ("ours".to_owned(), read_all(&sentences, ours)),
        (
            "five patterns".to_owned(),
            read_all(&sentences, five_patterns()),
        ),
    ];
    if let Some(at) = arguments.iter().position(|argument| argument == "--peer") {
        readers.push((arguments[at + 1].clone(), peer(&arguments[at + 2])));
    }
    for (name, found) in &readers {
        for (half, parity) in [("developing", 0), ("held out", 1)] {
            let mut tally = Tally::default();
            for (id, sentence) in sentences.iter().filter(|(id, _)| *id % 2 == parity) {
                let none = Vec::new();
                judge(
                    *id,
                    sentence,
                    found.get(id).unwrap_or(&none),
                    &mut tally,
                    show && name == "ours",
                );
            }
            println!(
                "{name:<14} {half:<11} {:>7} {:>7} {:>7.3} {:>7} {:>7} {:>9.3} {:>8}",
                tally.gold,
                tally.hit,
                tally.hit as f64 / tally.gold.max(1) as f64,
                tally.found,
                tally.right,
                tally.right as f64 / tally.found.max(1) as f64,
                tally.outside
            );
        }
    }
}

fn judge(id: u64, sentence: &Sentence, found: &[Span], tally: &mut Tally, show: bool) {
    let meets =
        |a: Span, b: Span| a.0 < b.1 && b.0 < a.1 && sentence.digits(a) == sentence.digits(b);
    for (gold, _) in sentence.gold.iter().filter(|(_, inside)| *inside) {
        tally.gold += 1;
        let hit = found.iter().any(|span| meets(*span, *gold));
        tally.hit += usize::from(hit);
        if show && !hit {
            println!("  missed {id} {:?}", sentence.print(*gold));
        }
    }
    for span in found {
        tally.found += 1;
        let right = sentence.gold.iter().any(|(gold, _)| meets(*span, *gold));
        tally.right += usize::from(right);
        let outside = !sentence
            .precedents
            .iter()
            .any(|precedent| precedent.0 < span.1 && span.0 < precedent.1);
        tally.outside += usize::from(outside);
        if show && !right {
            let from = span.0.saturating_sub(30);
            let to = (span.1 + 20).min(sentence.text.len());
            println!(
                "  false {id} {} {} {:?} in {:?}",
                span.0,
                span.1,
                sentence.print(*span),
                sentence.print((from, to))
            );
        }
    }
}

fn read_all(
    sentences: &HashMap<u64, Sentence>,
    read: impl Fn(&str) -> Vec<Span>,
) -> HashMap<u64, Vec<Span>> {
    sentences
        .iter()
        .map(|(id, sentence)| (*id, read(&sentence.text.iter().collect::<String>())))
        .collect()
}

fn ours(text: &str) -> Vec<Span> {
    find(text)
        .iter()
        .filter(|citation| {
            matches!(
                citation.kind,
                Kind::Neutral | Kind::Reporter | Kind::Foreign
            )
        })
        .map(|citation: &Citation| (citation.start, citation.end))
        .collect()
}

/// What public code usually has: AIR SC, (Y) v SCC p, [Y] v SCR p, JT, SCALE.
fn five_patterns() -> impl Fn(&str) -> Vec<Span> {
    let patterns: Vec<Regex> = [
        r"AIR\s+\d{4}\s+SC\s+\d+",
        r"\(\d{4}\)\s+\d+\s+SCC\s+\d+",
        r"\[\d{4}\]\s+\d+\s+SCR\s+\d+",
        r"JT\s+\d{4}\s*\(\d+\)\s+SC\s+\d+",
        r"\d{4}\s*\(\d+\)\s+SCALE\s+\d+",
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("a pattern"))
    .collect();
    move |text| {
        let characters = |byte: usize| text.char_indices().take_while(|(at, _)| *at < byte).count();
        patterns
            .iter()
            .flat_map(|pattern| pattern.find_iter(text))
            .map(|hit| (characters(hit.start()), characters(hit.end())))
            .collect()
    }
}

fn peer(path: &str) -> HashMap<u64, Vec<Span>> {
    let text = std::fs::read_to_string(path).expect("the peer's places");
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"))
        .map(|line| {
            let spans = line["spans"].as_array().into_iter().flatten();
            let spans = spans
                .map(|span| (number(&span[0]), number(&span[1])))
                .collect();
            (line["id"].as_u64().expect("an id"), spans)
        })
        .collect()
}

/// Own neutral citations against what was read by eye.
fn owns(path: &str) {
    let gold: HashMap<&str, &str> = OWN
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let (mut documents, mut with, mut answered, mut right) = (0, 0, 0, 0);
    for line in std::fs::read_to_string(path).expect("pages").lines() {
        let line: Value = serde_json::from_str(line).expect("a JSON line");
        let id = line["id"].as_str().or(line["file"].as_str()).unwrap_or("");
        let Some(expected) = gold
            .iter()
            .find(|(name, _)| id.ends_with(*name))
            .map(|(_, key)| *key)
        else {
            continue;
        };
        let Some(answer) = line.get("own_citation") else {
            eprintln!("{id}: no field own_citation, not a line of `nirnay extract --json`");
            continue;
        };
        let answer = answer.as_str();
        documents += 1;
        with += usize::from(expected != "-");
        answered += usize::from(answer.is_some());
        let agrees = answer == Some(expected);
        right += usize::from(agrees);
        if !agrees && (expected != "-" || answer.is_some()) {
            println!("  {id}: {answer:?}, by eye {expected}");
        }
    }
    println!(
        "own citation: {documents} documents, {with} with one; answered {answered}, right {right}; precision {:.3}, recall {:.3}",
        right as f64 / answered.max(1) as f64,
        right as f64 / with.max(1) as f64
    );
}

/// Citations of each line of stdin, as a JSON line of its own.
fn dump() {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line.expect("a line")).expect("a JSON line");
        let row = serde_json::json!({ "id": line["id"], "citations": find(line["text"].as_str().unwrap_or("")) });
        writeln!(out, "{row}").expect("stdout");
    }
}

/// Provisions drawn by a hash of the seed, the document and the place: the same ones whenever a finder still finds them.
fn sample(arguments: &[String]) {
    let count: usize = arguments[1].parse().expect("a number");
    let seed = &arguments[2];
    let mut drawn: Vec<(u64, String)> = Vec::new();
    for path in &arguments[3..] {
        for line in std::fs::read_to_string(path).expect("a file").lines() {
            let line: Value = serde_json::from_str(line).expect("a JSON line");
            let (id, text) = (&line["id"], line["text"].as_str().unwrap_or(""));
            let found = find(text);
            let provisions = found.iter().filter(|one| one.kind == Kind::Provision);
            let mut named: HashMap<&str, usize> = HashMap::new();
            for statute in found.iter().filter(|one| one.kind == Kind::Statute) {
                *named.entry(&statute.key).or_default() += 1;
            }
            let mut named: Vec<_> = named.into_iter().collect();
            named.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            named.truncate(4);
            let characters: Vec<char> = text.chars().collect();
            for one in provisions {
                let place = hash(&format!("{seed}|{id}|{}", one.start));
                if drawn.len() == count && drawn.last().is_some_and(|(last, _)| *last < place) {
                    continue;
                }
                let part = |from: usize, to: usize| -> String {
                    characters[from..to.min(characters.len())]
                        .iter()
                        .map(|c| if *c == '\n' { ' ' } else { *c })
                        .collect()
                };
                let basis = one.statute.as_ref().map(|statute| statute.basis);
                let row = format!(
                    "{id} {:?} {:?} {basis:?}; often named: {named:?}\n    {}[[{}]]{}",
                    one.key,
                    one.pinpoint.as_deref().unwrap_or(""),
                    part(one.start.saturating_sub(240), one.start),
                    part(one.start, one.end),
                    part(one.end, one.end + 110),
                );
                let at = drawn.partition_point(|(other, _)| *other < place);
                drawn.insert(at, (place, row));
                drawn.truncate(count);
            }
        }
    }
    for (number, (_, row)) in drawn.iter().enumerate() {
        println!("{}. {row}", number + 1);
    }
}

/// FNV-1a, its bits mixed once more.
fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// Megabytes of text a second of processor time, on one core: documents of JSON lines with `text`, or one text.
fn speed(path: &str) {
    let whole = std::fs::read_to_string(path).expect("a file");
    let texts: Vec<String> = if std::path::Path::new(path)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"))
    {
        whole
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"))
            .map(|line| line["text"].as_str().unwrap_or("").to_owned())
            .collect()
    } else {
        vec![whole]
    };
    let size: usize = texts.iter().map(String::len).sum();
    let rounds = 200_000_000 / size.max(1) + 1;
    let started = Instant::now();
    let mut found = 0;
    let mut seconds = Vec::new();
    for _ in 0..rounds {
        let (before, clock) = (cpu_seconds(), Instant::now());
        found = texts.iter().map(|text| find(text).len()).sum();
        seconds.push(match (before, cpu_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => clock.elapsed().as_secs_f64(),
        });
    }
    let megabytes = size as f64 / 1e6;
    let rate = |seconds: f64| megabytes / seconds;
    println!(
        "{path}: {:.1} MB of text a second of processor time (slowest round {:.1}), {:.1} a second of the clock; {found} citations in {} texts, {megabytes:.1} MB",
        rate(seconds.iter().sum::<f64>() / rounds as f64),
        rate(seconds.iter().fold(0.0, |a, b| b.max(a))),
        rate(started.elapsed().as_secs_f64() / rounds as f64),
        texts.len(),
    );
}

/// Processor time of this process so far, the kernel's for it included, where Linux tells it; in hundredths of a second.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = |n: usize| fields.split_whitespace().nth(n)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}
