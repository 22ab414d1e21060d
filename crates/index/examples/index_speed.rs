//! How fast the index is made and how large it is, and how fast it answers.
//!
//! ```text
//! index_speed FOLDER TEXTS.jsonl… [--paragraphs N]
//! ```
//!
//! Texts are JSON lines with `id` and `text`. With `--paragraphs` each paragraph of at least 200 characters is a
//! judgment of its own, taken again from the beginning until there are N; without, each text is one. Prints one JSON
//! object: bytes of text, CPU and wall seconds, bytes of the index, and percentiles of 500 mixed queries with facets and
//! snippets, in milliseconds.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use nirnay_index::{
    FacetName, Facts, Filters, IndexDocument, IndexWriter, Provision, SearchOptions, Searcher,
};
use nirnay_model::{CourtCode, DocumentKind, Judgment, SourceId};

/// Memory of the writer, as in a lake.
const MEMORY: usize = 128 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let units = args
        .iter()
        .position(|arg| arg == "--paragraphs")
        .map(|at| {
            args.drain(at..at + 2)
                .nth(1)
                .unwrap_or_default()
                .parse::<usize>()
        })
        .transpose()?;
    let (folder, files) = args
        .split_first()
        .ok_or("usage: index_speed FOLDER TEXTS.jsonl…")?;
    let folder = Path::new(folder);
    let texts = read(files, units.is_some())?;
    let (bytes, cpu, wall, documents) = build(folder, &texts, units)?;
    let size: u64 = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()))
        .sum();
    let opened = Instant::now();
    let searcher = Searcher::open(folder)?;
    let open = opened.elapsed();
    let first = ask(&searcher, "bail", &options(0))?;
    let times = measure(&searcher, &texts)?;
    let at = |share: f64| {
        times
            .get((times.len() as f64 * share) as usize)
            .copied()
            .unwrap_or_default()
    };
    let result = serde_json::json!({
        "documents": documents,
        "text_bytes": bytes,
        "cpu_seconds": cpu,
        "wall_seconds": wall.as_secs_f64(),
        "text_mb_per_cpu_second": bytes as f64 / 1e6 / cpu,
        "index_bytes": size,
        "index_per_text": size as f64 / bytes as f64,
        "open_ms": millis(open),
        "first_answer_ms": millis(first),
        "queries": times.len(),
        "p50_ms": millis(at(0.5)),
        "p95_ms": millis(at(0.95)),
        "p99_ms": millis(at(0.99)),
        "worst_ms": millis(times.last().copied().unwrap_or_default()),
    });
    writeln(&result.to_string())
}

fn writeln(line: &str) -> Result<(), Box<dyn Error>> {
    use std::io::Write;
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn read(files: &[String], paragraphs: bool) -> Result<Vec<String>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for file in files {
        for line in BufReader::new(fs::File::open(file)?).lines() {
            let value: serde_json::Value = serde_json::from_str(&line?)?;
            let text = value
                .get("text")
                .and_then(|text| text.as_str())
                .unwrap_or("");
            if paragraphs {
                texts.extend(
                    text.split('\n')
                        .filter(|part| part.len() >= 200)
                        .map(str::to_owned),
                );
            } else {
                texts.push(text.to_owned());
            }
        }
    }
    Ok(texts)
}

fn judgment(number: usize) -> Result<Judgment, Box<dyn Error>> {
    let courts = ["7_26", "27_1", "33_10", "24_17", "19_16"];
    let court: CourtCode = courts[number % courts.len()].parse()?;
    Ok(Judgment {
        source: SourceId::EcourtsHc,
        court_code: court,
        court_name: "High Court".into(),
        bench_code: "dhcdb".parse()?,
        cnr: None,
        order_no: None,
        title: format!("PARTY {} versus STATE {}", number % 9_973, number % 31),
        petitioner: Some(format!("PARTY {}", number % 9_973)),
        respondent: Some(format!("STATE {}", number % 31)),
        case_number_raw: Some(format!(
            "W.P.(C) {}/{}",
            number % 30_000 + 1,
            1990 + number % 35
        )),
        case_number: None,
        diary_number: None,
        judges: vec![format!(
            "JUSTICE NAME{} SURNAME{}",
            number % 17,
            number % 211
        )],
        author_judge: None,
        bench_strength: None,
        registration_date: None,
        decision_date: jiff::civil::Date::new(
            1990 + (number % 35) as i16,
            (number % 12) as i8 + 1,
            (number % 28) as i8 + 1,
        )
        .ok(),
        decision_date_raw: String::new(),
        disposal_raw: None,
        disposal: nirnay_model::Disposal::classify(
            ["DISMISSED", "ALLOWED", "DISPOSED OF"][number % 3],
        ),
        neutral_citation: None,
        reporter_citation: None,
        description: None,
        languages: vec![],
        document_path: Some(number.to_string()),
        citation_year: None,
        document_kind: DocumentKind::Judgment,
        uploaded_at: None,
        flags: vec![],
    })
}

fn build(
    folder: &Path,
    texts: &[String],
    units: Option<usize>,
) -> Result<(u64, f64, Duration, usize), Box<dyn Error>> {
    let (begun, cpu) = (Instant::now(), cpu_seconds()?);
    let mut writer = IndexWriter::open(folder, MEMORY)?;
    let mut bytes = 0;
    let wanted = units.unwrap_or(texts.len());
    for (number, text) in texts.iter().cycle().take(wanted).enumerate() {
        bytes += text.len() as u64;
        let statutes = ["IPC", "CrPC", "CPC", "NI Act", "MV Act", "Constitution"];
        writer.upsert(IndexDocument {
            key: format!("k{number}"),
            version: "1".into(),
            judgment: judgment(number)?,
            sha256: None,
            facts: Facts {
                languages: vec!["eng".into()],
                provisions: vec![Provision {
                    statute: Some(statutes[number % 6].into()),
                    section: format!("s {}", number % 400),
                }],
                cited_by: (number % 50) as u64,
                ..Facts::default()
            },
            pages: vec![(1, text.clone())],
        })?;
    }
    writer.commit("1")?;
    writer.close()?;
    Ok((bytes, cpu_seconds()? - cpu, begun.elapsed(), wanted))
}

/// CPU seconds of this process so far.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|ticks| ticks.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // User and system time, in hundredths of a second.
    Ok((ticks(11) + ticks(12)) / 100.0)
}

fn options(number: usize) -> SearchOptions {
    let mut filters = Filters::default();
    match number % 5 {
        1 => filters.add(FacetName::Court, "7_26"),
        3 => {
            filters.add(FacetName::Year, "2010");
            filters.add(FacetName::Year, "2011");
        }
        _ => {}
    }
    SearchOptions {
        limit: 10,
        facets: Some(10),
        filters,
        time_limit: None,
        ..SearchOptions::default()
    }
}

fn ask(
    searcher: &Searcher,
    query: &str,
    options: &SearchOptions,
) -> Result<Duration, Box<dyn Error>> {
    let begun = Instant::now();
    let results = searcher
        .search(query, options)
        .map_err(|error| format!("{query}: {error}"))?;
    std::hint::black_box(&results);
    Ok(begun.elapsed())
}

/// 500 queries of words, phrases, distances, beginnings and fields out of the texts themselves.
fn measure(searcher: &Searcher, texts: &[String]) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut times = Vec::new();
    let mut state: u64 = 7;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    while times.len() < 500 {
        let text = &texts[next(texts.len())];
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|word| word.len() > 3 && word.bytes().all(|b| b.is_ascii_alphabetic()))
            .take(400)
            .collect();
        if words.len() < 20 {
            continue;
        }
        let at = next(words.len() - 4);
        let (a, b, c) = (words[at], words[at + 1], words[at + 2]);
        let other = words[next(words.len())];
        let number = times.len();
        let query = match number % 10 {
            0 => other.to_owned(),
            1 => format!("\"{a}\" \"{other}\""),
            2 => format!("\"{a} {b}\""),
            3 => format!("{a} /5 {c}"),
            4 => format!("{a} OR {other}"),
            5 => format!("{other} -{c}"),
            6 => format!("{}* \"{c}\"", a.get(..4).unwrap_or(a)),
            7 => format!("\"{other}\" section:{} after:2000", number % 400),
            8 => format!("{a} statute:IPC judge:surname{}", number % 211),
            _ => format!("{a} {b} {other}"),
        };
        times.push(ask(searcher, &query, &options(number))?);
    }
    times.sort_unstable();
    Ok(times)
}
