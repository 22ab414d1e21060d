//! Loaders of files that people and programs write, and what people type.

use std::path::Path;

use nirnay_captcha_onnx::Manifest;
use nirnay_extract::{identity, page_text};
use nirnay_fetch::{CookieJar, HostState, QuietHours};
use nirnay_index::{Facts, IndexDocument, IndexWriter, SearchOptions};
use nirnay_model::{Judgment, Sha256};
use nirnay_pipeline::PipelineConfig;
use nirnay_portal_sim::{DirOptions, Docket};

use super::Target;
use crate::scratch;

/// The loaders and the search.
pub fn files() -> Vec<Target> {
    vec![
        pipeline_file(),
        captcha_manifest(),
        host_state(),
        cookies(),
        quiet_hours(),
        docket_lines(),
        docket_listing(),
        query(),
        document_identity(),
    ]
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The files of a folder with this ending.
fn folder(path: &str, ending: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join(path)).expect("a folder of the repository");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == ending));
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a file"))
        .collect()
}

fn pipeline_file() -> Target {
    let words = [
        "[politeness]",
        "[[source]]",
        "source = \"ecourts-hc\"",
        "courts = [\"all\"]",
        "from = \"1950-01-01\"",
        "page_size = 1000",
        "min_interval = \"",
        "solver = \"command\"",
        "command = [",
        "quiet_hours = \"",
    ];
    Target::new(
        "pipeline_file",
        folder("pipelines", "toml"),
        &words,
        |body| {
            let text = String::from_utf8_lossy(body);
            if let Ok(config) = PipelineConfig::parse(&text, Path::new("fuzz.toml")) {
                assert!(!config.sources.is_empty());
            }
        },
    )
}

fn captcha_manifest() -> Target {
    let words = [
        "[input]",
        "[output]",
        "alphabet = \"",
        "special = ",
        "width = ",
        "mean = [",
        "layout = \"",
    ];
    let corpus = folder("crates/captcha-onnx/models", "toml");
    Target::new("captcha_manifest", corpus, &words, |body| {
        if let Ok(manifest) = Manifest::from_toml(&String::from_utf8_lossy(body)) {
            assert!(manifest.classes() > 0 && !manifest.shown().is_empty());
        }
    })
}

fn host_state() -> Target {
    let fresh = HostState::default().encode();
    let lost = HostState::lost(
        "2026-01-15T06:00:00Z".parse().expect("an instant"),
        "damaged",
    )
    .encode();
    let words = [
        "\"paused_until\":\"",
        "2026-01-15T06:00:00Z",
        "[1,2]",
        "PT1H",
        "\"robots\":{",
        "\"tally\":{",
    ];
    Target::new("host_state", vec![fresh, lost], &words, |body| {
        if let Ok(state) = HostState::decode(body) {
            let again = state.encode();
            assert!(
                HostState::decode(&again).is_ok(),
                "what was written is not read"
            );
        }
    })
}

fn cookies() -> Target {
    let corpus = texts(&[
        "JUDGEMENTSSESSID=0123456789abcdef; path=/; HttpOnly",
        "a=1; Domain=127.0.0.1; Max-Age=0",
        "x=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT\nset-cookie: y=2",
    ]);
    Target::new(
        "cookies",
        corpus,
        &["; Domain=", "; Max-Age=", "\r\n", "=", ";"],
        |body| {
            let text = String::from_utf8_lossy(body);
            let lines = text
                .split('\n')
                .map(|line| ("Set-Cookie".to_owned(), line.to_owned()));
            let mut jar = CookieJar::default();
            jar.absorb("127.0.0.1", &lines.collect::<Vec<_>>());
            if let Some(header) = jar.header() {
                assert!(header.len() <= 10_000 && !header.expose().contains(['\r', '\n', '\0']));
            }
        },
    )
}

fn quiet_hours() -> Target {
    let corpus = texts(&["21:00-07:00", "00:00-00:00", "\"23:59-00:01\"", "never"]);
    Target::new(
        "quiet_hours",
        corpus,
        &["24:00", "-", ":", "IST", "Sun"],
        |body| {
            let text = String::from_utf8_lossy(body);
            let now = "2026-01-15T06:00:00Z".parse().expect("an instant");
            if let Ok(hours) = text.parse::<QuietHours>() {
                assert!(hours.opens_at(now).is_none_or(|opens| opens >= now));
            }
            drop(serde_json::from_str::<QuietHours>(&text));
        },
    )
}

/// A folder with one file in it, written anew for every input.
fn docket(
    name: &'static str,
    file: &'static str,
    corpus: Vec<Vec<u8>>,
    words: &[&'static str],
) -> Target {
    let dir = scratch();
    Target::new(name, corpus, words, move |body| {
        std::fs::write(dir.path().join(file), body).expect("a file in memory");
        if let Ok(docket) = Docket::from_dir(dir.path(), &DirOptions::default()) {
            let rows: usize = nirnay_model::SourceId::ALL
                .iter()
                .map(|source| docket.len(*source))
                .sum();
            assert!(rows > 0, "a docket without rows");
        }
    })
}

fn docket_lines() -> Target {
    let line = r#"{"bench":"dhcdb","cnr":"DLHC010000012024","case":"WP/1/2024","petitioner":"A","respondent":"B","decided":"2024-02-15","order_no":1,"judges":["X","Y"],"registered":"2024-01-02","disposal":"DISMISSED","excerpt":"words","listed_on":"2024-02-15","path":"court/x.pdf"}"#;
    let two = format!("{line}\n{}\n", line.replace("0000012024", "0000022024"));
    let words = [
        "\"decided\":\"no date\"",
        "\"order_no\":65536",
        "\"bench\":\"scr\"",
        "\n",
    ];
    docket(
        "docket_lines",
        "docket.jsonl",
        vec![line.into(), two.into()],
        &words,
    )
}

fn docket_listing() -> Target {
    let listing = r#"{"data":[{"diary_no":"1234/2025","Judgement_type":"J","case_no":"C.A. No.-004292-004292 - 2002","pet":"A","res":"B","pet_adv":null,"res_adv":null,"bench":"X, Y","judgement_by":"X","judgment_dates":"24-04-2024","temp_link":"judis/1.pdf (24-Apr-2024)"},{"diary_no":null,"Judgement_type":null,"case_no":null,"pet":null,"res":null,"pet_adv":null,"res_adv":null,"bench":null,"judgement_by":null,"judgment_dates":"","temp_link":null}]}"#;
    let words = [
        "\"judgment_dates\":\"31-02-2024\"",
        "\"temp_link\":\"",
        "-diary",
        "null,",
    ];
    docket("docket_listing", "list.json", vec![listing.into()], &words)
}

fn judgment(number: u32) -> Judgment {
    serde_json::from_value(serde_json::json!({
        "source": "ecourts-hc", "court_code": "7_26", "court_name": "High Court of Delhi",
        "bench_code": "dhcdb", "cnr": format!("DLHC01{number:06}2021"), "order_no": 1,
        "title": "Meera Kalpanik Vs Union of India", "petitioner": "Meera Kalpanik",
        "respondent": "Union of India", "case_number_raw": format!("W.P.(C)/{number}/2021"),
        "case_number": {"case_type": "W.P.(C)", "number": number, "year": 2021},
        "diary_number": null, "judges": ["R. Udaharan", "N. Namuna"], "author_judge": null,
        "bench_strength": 2, "registration_date": null, "decision_date": "2021-03-04",
        "decision_date_raw": "04-03-2021", "disposal_raw": "DISMISSED", "disposal": "dismissed",
        "neutral_citation": null, "reporter_citation": null, "description": "words", "languages": [],
        "document_path": "court/x.pdf", "citation_year": null, "document_kind": "unstated",
        "uploaded_at": null, "flags": []
    }))
    .expect("a judgment")
}

/// What people type into the search, against a small index.
fn query() -> Target {
    let mut writer = IndexWriter::in_memory(20_000_000).expect("an index");
    for number in 0..30 {
        let judgment = judgment(number);
        let text = format!(
            "The writ petition {number} is dismissed under section 439. जमानत याचिका bail order"
        );
        let document = IndexDocument {
            key: format!("d{number:02}"),
            version: number.to_string(),
            sha256: Some(Sha256::of(text.as_bytes())),
            judgment,
            facts: Facts::default(),
            pages: vec![(1, text.repeat(5))],
        };
        writer.upsert(document).expect("a document");
    }
    writer.commit("1").expect("a commit");
    let searcher = writer.searcher().expect("a searcher");
    let corpus = texts(&[
        "bail \"section 439\"",
        "(bail OR dismissed) AND NOT petition",
        "judge:\"R. Udaharan\" court:delhi",
        "title:kalpanik~ \"writ petition\"~3 dismiss*",
        "DLHC010000012021",
        "W.P.(C) 12/2021",
        "जमानत AND (याचिका)",
        "2021:DHC:12-DB",
    ]);
    let words = [
        "AND", "OR", "NOT ", "\"", "~", "*", "(", ")", "title:", "judge:", "+", "-", "^2",
        "[a TO z]", "/x.*/",
    ];
    Target::new("query", corpus, &words, move |body| {
        let text = String::from_utf8_lossy(body);
        match searcher.search(&text, &SearchOptions::default()) {
            Ok(results) => assert!(results.hits.len() <= 20),
            Err(error) => assert!(error.to_string().len() < 4_000),
        }
    })
}

/// Text of a document against the row it should belong to.
fn document_identity() -> Target {
    let corpus = texts(&[
        "IN THE HIGH COURT OF DELHI\nW.P.(C) 7 of 2021\nMeera Kalpanik versus Union of India\nThe petition is dismissed.",
        "न्यायालय उच्च न्यायालय\nW.P.(C)/000007/2021\nCNR DLHC010000072021 and W.P.(C) Nos. 8-12 of 2021, 13/2021 & 14/2021",
        "2021:DHC:12-DB\nCriminal Appeal No. 1065 of 2021 with connected matters\n...Petitioner\nVersus\n...Respondent",
    ]);
    let (own, others) = (judgment(7), [judgment(8), judgment(9)]);
    let words = [
        "W.P.(C) No. ",
        " of 2021",
        "Nos. 1 to 99999",
        "versus",
        "DLHC01",
        "&",
        "\u{2013}",
        "&c",
    ];
    Target::new("document_identity", corpus, &words, move |body| {
        let text = String::from_utf8_lossy(body);
        let pages = [page_text(1, &text), page_text(2, "second page")];
        let others: Vec<&Judgment> = others.iter().collect();
        identity::check(&own, &others, &pages);
    })
}
