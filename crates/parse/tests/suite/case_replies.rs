//! Replies of the case portals under `case-fixtures/<reader>/`: read as expected, and damaged at random (with a
//! fixed seed) through every reader: none panics, none takes long, none takes a refusal for an empty list.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nirnay_model::Case;
use nirnay_parse::{Refusal, Reply, calcutta, district, hcservices, sci};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::mutations::damage;
use crate::pages::TODAY;

/// Damaged bodies for each reader; `NIRNAY_ROUNDS` sets another number.
const ROUNDS: usize = 3_000;
/// No damaged reply may take longer; a test build is slow.
const LONGEST: Duration = Duration::from_secs(2);

/// A reader and the folder of its replies.
type Reader = (&'static str, fn(&[u8]) -> Value);

const READERS: [Reader; 15] = [
    ("hc-choices", |body| reply(hcservices::case_types(body))),
    ("hc-cases", |body| reply(hcservices::cases(body))),
    ("hc-listed", |body| {
        reply(hcservices::advocate_cause_list(body))
    }),
    ("hc-case-page", |body| reply(hcservices::case_page(body))),
    ("hc-cause-lists", |body| {
        reply(hcservices::cause_lists(body))
    }),
    ("hc-older-cases", |body| {
        reply(hcservices::older_cases(body))
    }),
    ("district-cases", |body| reply(district::cases(body))),
    ("district-case-page", |body| {
        reply(district::case_page(body))
    }),
    ("district-orders", |body| reply(district::orders(body))),
    ("district-cause-list", |body| {
        reply(district::cause_list(body))
    }),
    ("district-complexes", |body| {
        reply(district::complexes(body))
    }),
    ("district-script", |body| {
        reply(district::guard_headers(body))
    }),
    ("calcutta-search", |body| reply(calcutta::search(body))),
    ("sci-results", |body| reply(sci::results(body, TODAY))),
    ("sci-mobile", |body| reply(sci::mobile_listing(body, TODAY))),
];

pub(crate) fn reply<T: serde::Serialize>(reply: Reply<T>) -> Value {
    match reply {
        Reply::Good(value) => json!({ "good": bare(json!(value)) }),
        Reply::Refused(refusal) => json!({ "refused": refusal }),
    }
}

/// Without what is null or empty: what a page does not give.
pub(crate) fn bare(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| (key, bare(value)));
            let says = |value: &Value| !value.is_null() && value != &json!([]);
            Value::Object(kept.filter(|(_, value)| says(value)).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(bare).collect()),
        other => other,
    }
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/case-fixtures"))
}

fn bodies(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} is empty");
    paths
}

fn check(read: fn(&[u8]) -> Value, path: &Path) -> Result<(), String> {
    let found = read(&std::fs::read(path).unwrap());
    let expected_path = path.with_extension("expected.json");
    let Ok(expected) = std::fs::read_to_string(&expected_path) else {
        if std::env::var_os("CI").is_none() {
            let text = serde_json::to_string_pretty(&found).unwrap();
            std::fs::write(&expected_path, text + "\n").unwrap();
        }
        return Err("had no expected file; look at the one written now".to_owned());
    };
    let expected: Value = serde_json::from_str(&expected).map_err(|e| e.to_string())?;
    if found == expected {
        return Ok(());
    }
    Err(format!("is read differently now:\n{found:#}"))
}

#[test]
fn every_reply_reads_as_expected() {
    let mut failures = Vec::new();
    for (folder, read) in READERS {
        for path in bodies(folder) {
            if let Err(why) = check(read, &path) {
                failures.push(format!("{}: {why}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn damaged_replies_are_read_or_refused() {
    let rounds = std::env::var("NIRNAY_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut slowest = Duration::ZERO;
    for (seed, (folder, read)) in READERS.into_iter().enumerate() {
        let bodies: Vec<Vec<u8>> = bodies(folder)
            .iter()
            .map(|path| std::fs::read(path).unwrap())
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(100 + seed as u64);
        let (mut good, mut refused) = (0, 0);
        for round in 0..rounds {
            let body = damage(&bodies[round % bodies.len()], &bodies, &mut rng);
            let begun = Instant::now();
            let found = read(&body);
            let took = begun.elapsed();
            slowest = slowest.max(took);
            assert!(
                took < LONGEST,
                "{folder}: {took:?} for {} bytes",
                body.len()
            );
            if found.get("good").is_some() {
                good += 1;
            } else {
                refused += 1;
            }
        }
        assert!(
            good > 0 && refused > 0,
            "{folder}: {good} good, {refused} refused"
        );
    }
    eprintln!("{rounds} damaged replies for each reader; the slowest took {slowest:?}");
}

#[test]
fn a_case_is_named_or_there_is_none() {
    let bodies: Vec<Vec<u8>> = bodies("hc-case-page")
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for round in 0..ROUNDS {
        let body = damage(&bodies[round % bodies.len()], &bodies, &mut rng);
        if let Reply::Good(case) = hcservices::case_page(&body) {
            let Case {
                cnr_printed,
                filing_number,
                registration_number,
                ..
            } = &case;
            assert!(
                cnr_printed.is_some() || filing_number.is_some() || registration_number.is_some()
            );
            let page = String::from_utf8_lossy(&body);
            assert!(case.cnr_printed.as_ref().is_none_or(|cnr| {
                let first = cnr.split([' ', '&']).next().unwrap();
                first.len() > 40 || !first.is_ascii() || page.contains(first)
            }));
        }
    }
}

/// Fifty thousand rows of one party, as High Court Services send them.
fn crowd(rows: u32) -> Vec<u8> {
    let mut part = String::from("[");
    for n in 0..rows {
        if n > 0 {
            part.push(',');
        }
        write!(
            part,
            "{{\"cino\":\"DLHC01{n:06}2024\",\"case_no\":\"2134{n:07}2024\",\"case_no2\":{n},\"case_year\":2024,\
             \"type_name\":\"W.P.(C)\",\"pet_name\":\"PETITIONER {n}\",\"res_name\":\"UNION OF INDIA & ORS.\",\
             \"lpet_name\":\"None\",\"party_name1\":\"N\",\"orderurlpath\":\"AbCdEfGh{n}%2Bd\"}}"
        )
        .unwrap();
    }
    part.push(']');
    let answer =
        json!({ "con": [part], "totRecords": rows, "court_code": ["1"], "courtNameArr": ["X"] });
    format!("\u{feff}{answer}").into_bytes()
}

#[test]
fn fifty_thousand_rows_are_handed_on_one_by_one() {
    let body = crowd(50_000);
    let begun = Instant::now();
    let mut rows = 0_u64;
    let totals = hcservices::each_case(&body, |case| {
        assert!(case.cnr.is_some());
        rows += 1;
    });
    let totals = totals.into_result().unwrap();
    let took = begun.elapsed();
    eprintln!("50,000 rows, {} bytes: {took:?}", body.len());
    assert_eq!(
        (rows, totals.rows, totals.total),
        (50_000, 50_000, Some(50_000))
    );
    assert!(totals.warnings.is_empty());
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[test]
fn tables_of_many_rows_are_read_in_one_pass() {
    let row = |n: u32| {
        format!(
            "<tr><td>{n}</td><td>CS/{n}/2023</td><td>A<br>Vs</br>B</td><td><a href='#' onClick=\"viewHistory(2002{n:07}2023,\
             'BRPA02{n:06}2023',3)\">View</a></td></tr>"
        )
    };
    let rows: String = (1..=20_000).map(row).collect();
    let html = format!(
        "Total number of cases : 20000<table><tr><th>Sr No</th><th>Case Type/Case Number/Case Year</th><th>Petitioner</th><th>View</th></tr>{rows}</table>"
    );
    let body = json!({ "case_data": html, "app_token": "0".repeat(64) }).to_string();
    let begun = Instant::now();
    let found = district::cases(body.as_bytes())
        .into_result()
        .unwrap()
        .value;
    eprintln!("20,000 rows of a table: {:?}", begun.elapsed());
    assert_eq!(
        (found.cases.len(), found.totals.total),
        (20_000, Some(20_000))
    );
    assert!(found.totals.warnings.is_empty());
}

#[test]
fn tables_nested_without_end_are_refused() {
    let html = "<table><tr><td>".repeat(100_000);
    let body = json!({ "case_data": html }).to_string();
    let begun = Instant::now();
    let refused = district::cases(body.as_bytes()).into_result().unwrap_err();
    assert!(matches!(refused, Refusal::Unknown { .. }), "{refused}");
    let headings = format!(
        "case_details_table{}",
        "<h2><table class='case_details_table'>".repeat(50_000)
    );
    assert!(
        hcservices::case_page(headings.as_bytes())
            .into_result()
            .is_err()
    );
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

/// With a blank behind `"con":` a reply goes to the general parser: what both read must be the same, of damaged
/// replies as well.
#[test]
fn the_short_way_through_a_list_reads_what_the_general_one_reads() {
    let crowd = crowd(20);
    let mut bodies: Vec<Vec<u8>> = bodies("hc-cases")
        .iter()
        .chain(&bodies("hc-listed"))
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    bodies.push(crowd);
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut good, mut short) = (0, 0);
    for round in 0..ROUNDS {
        let mut body = bodies[round % bodies.len()].clone();
        if round >= bodies.len() {
            body = damage(&body, &bodies, &mut rng);
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        let general = text.replacen("\"con\":[", "\"con\": [", 1);
        short += usize::from(general != text);
        for read in [
            |body: &[u8]| reply(hcservices::cases(body)),
            |body: &[u8]| reply(hcservices::advocate_cause_list(body)),
        ] {
            let (one, other) = (read(text.as_bytes()), read(general.as_bytes()));
            assert_eq!(one.get("good"), other.get("good"), "{text}");
            good += usize::from(one.get("good").is_some());
        }
    }
    assert!(good > 100 && short > 100, "{good} good, {short} short");
}
