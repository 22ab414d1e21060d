//! Thirty invented judgments: parties, judges, numbers and texts are made up. Only the shapes of the
//! identifiers are those that courts use.

use crate::corpus_facts::with_facts;
use nirnay_index::{Facts, IndexDocument, IndexWriter, SearchOptions, Searcher};
use nirnay_model::{CourtCode, Disposal, DocumentKind, Judgment, Sha256, SourceId};

/// A judgment of the Delhi High Court with nothing but a title and a date.
pub(crate) fn judgment(title: &str, date: &str) -> Judgment {
    let (petitioner, respondent) = title.split_once(" versus ").unzip();
    Judgment {
        title: title.into(),
        petitioner: petitioner.map(Into::into),
        respondent: respondent.map(Into::into),
        decision_date: date.parse().ok(),
        decision_date_raw: date.into(),
        document_path: Some(format!("court/{title}.pdf")),
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            ("7_26".parse().unwrap(), "High Court of Delhi".into()),
            "dhcdb".parse().unwrap(),
        )
    }
}

pub(crate) fn document(key: &str, judgment: Judgment, pages: &[&str]) -> IndexDocument {
    let text = pages.concat();
    IndexDocument {
        key: key.into(),
        version: Sha256::of_parts([judgment.row_hash().as_bytes().as_slice(), text.as_bytes()])
            .to_hex(),
        sha256: (!text.is_empty()).then(|| Sha256::of(text.as_bytes())),
        judgment,
        facts: Facts::default(),
        pages: (1..)
            .zip(pages)
            .map(|(number, page)| (number, (*page).to_owned()))
            .collect(),
    }
}

/// The thirty documents, keyed `d01` to `d30`.
pub(crate) fn documents() -> Vec<IndexDocument> {
    let mut documents = named();
    for number in documents.len() + 1..=30 {
        let date = format!("2020-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
        let judgment = judgment(&format!("PARTY {number} versus REGISTRAR"), &date);
        let text = format!(
            "Common filler text of matter {number}. The revenue of {} thousand was assessed. {}",
            number * 3,
            "The assessee relied on the record. ".repeat(number % 7),
        );
        documents.push(document(&format!("d{number:02}"), judgment, &[&text]));
    }
    documents.into_iter().map(with_facts).collect()
}

fn named() -> Vec<IndexDocument> {
    let supreme = |title: &str, date: &str| Judgment {
        source: SourceId::Scr,
        court_code: CourtCode::sci(),
        court_name: "Supreme Court of India".into(),
        bench_code: "scr".parse().unwrap(),
        document_kind: DocumentKind::Judgment,
        ..judgment(title, date)
    };
    let bombay = |title: &str, date: &str| Judgment {
        court_code: "27_1".parse().unwrap(),
        court_name: "Bombay High Court".into(),
        ..judgment(title, date)
    };
    let first = Judgment {
        cnr: Some("DLHC010000122024".parse().unwrap()),
        case_number_raw: Some("W.P.(C)/1/2024".into()),
        case_number: Some("W.P.(C)/1/2024".parse().unwrap()),
        neutral_citation: Some("2024:DHC:2720-DB".parse().unwrap()),
        judges: vec!["HON'BLE MS. JUSTICE A.B. KULKARNI".into()],
        disposal_raw: Some("Dismissed as Withdrawn".into()),
        disposal: Some(Disposal::Withdrawn),
        ..judgment("ASHA DEVI versus STATE OF NCT", "2024-03-15")
    };
    let second = Judgment {
        neutral_citation: Some("2025 INSC 555".parse().unwrap()),
        reporter_citation: Some("[2025] 5 S.C.R. 275".into()),
        case_number_raw: Some("CIVIL APPEAL No. 14724/2024".into()),
        case_number: Some("CIVIL APPEAL No. 14724/2024".parse().unwrap()),
        disposal_raw: Some("Appeal(s) allowed".into()),
        disposal: Some(Disposal::Allowed),
        judges: vec!["S.Ram Iyer".into(), "K. D'Mello".into()],
        ..supreme("MEHTA TRADERS versus UNION OF INDIA", "2025-04-22")
    };
    vec![
        document(
            "d01",
            first,
            &[
                "IN THE HIGH COURT OF DELHI\nAnticipatory bail is sought.",
                "The allegation is of an offence under Section 498-A and 302/34 IPC.\nHeld: bail refused.",
            ],
        ),
        document(
            "d02",
            second,
            &[
                "Civil appeal against the award of the arbitrator.",
                "",
                "The appeals were filed late. Delay is condoned under Section 34 of the Arbitra-\ntion Act.",
            ],
        ),
        document(
            "d03",
            bombay("RAO versus STATE OF MAHARASHTRA", "2025-06-01"),
            &[
                "This Court follows 2025 INSC 555 and (2025) 5 SCR 275. Bail is granted; anticipatory relief is moot.",
            ],
        ),
        document(
            "d04",
            bombay("KALE versus MEHTA BUILDERS", "2019-01-31"),
            &["Eviction for non-payment of rent. See Cr.P.C. 482(1)."],
        ),
        document(
            "d05",
            judgment("राम प्रसाद versus राज्य", "2023-08-09"),
            &["उच्च न्यायालय के निर्णय के अनुसार ज़मानत याचिका धारा ३०२ के अंतर्गत खारिज की गई।"],
        ),
        document(
            "d06",
            judgment("முருகன் versus மாநிலம்", "2022-11-11"),
            &["உயர் நீதிமன்றத்தின் தீர்ப்பு வழக்குகள் தள்ளுபடி."],
        ),
        document("d07", judgment("SCANNED versus STATE", "2021-05-05"), &[]),
        document(
            "d08",
            judgment("UNDATED versus STATE", "31-02-2021"),
            &["bail bail bail, the word bail is said often."],
        ),
        document(
            "d09",
            supreme("DAS versus DAS", "2018-12-12"),
            &["Maintenance is enhanced. The wife's plea is allowed."],
        ),
    ]
}

/// The corpus, committed, in memory.
pub(crate) fn searcher() -> Searcher {
    let mut writer = IndexWriter::in_memory(20_000_000).unwrap();
    for document in documents() {
        assert!(writer.upsert(document).unwrap());
    }
    writer.commit("30").unwrap();
    writer.searcher().unwrap()
}

/// All keys that match, in alphabetical order.
pub(crate) fn keys(searcher: &Searcher, query: &str) -> Vec<String> {
    let options = SearchOptions {
        limit: 100,
        ..SearchOptions::default()
    };
    let results = searcher
        .search(query, &options)
        .unwrap_or_else(|error| panic!("{query}: {error:?}"));
    assert_eq!(results.total, results.hits.len());
    let mut keys: Vec<String> = results.hits.into_iter().map(|hit| hit.key).collect();
    keys.sort();
    keys
}
