//! Dockets: the same for the same seed, of any size, and from files.

use std::collections::BTreeSet;

use nirnay_model::{SourceId, courts};
use nirnay_portal_sim::{CourtShare, DirOptions, Docket, DocketSpec, Flaw, Quirks, SimError};

#[test]
fn the_same_seed_gives_the_same_rows_and_documents() {
    let spec = DocketSpec {
        seed: 7,
        ..DocketSpec::default()
    };
    let (one, two) = (
        Docket::generate(&spec).unwrap(),
        Docket::generate(&spec).unwrap(),
    );
    for source in SourceId::ALL {
        assert!(one.rows(source).eq(two.rows(source)));
        let id = one.ids(source).nth(5).unwrap();
        assert_eq!(one.document_sha256(id), two.document_sha256(id));
    }
    let other = Docket::generate(&DocketSpec { seed: 8, ..spec }).unwrap();
    assert!(
        !one.rows(SourceId::EcourtsHc)
            .eq(other.rows(SourceId::EcourtsHc))
    );
}

#[test]
fn every_row_has_the_right_prefix_and_an_identity_of_its_own() {
    let shares = courts()
        .iter()
        .filter(|c| c.slug != "sci")
        .map(|c| CourtShare::new(c.slug.clone(), 300))
        .collect();
    let spec = DocketSpec {
        courts: shares,
        scr_rows: 500,
        from: "2009-01-01".parse().unwrap(),
        ..DocketSpec::default()
    };
    let docket = Docket::generate(&spec).unwrap();
    assert_eq!(docket.len(SourceId::EcourtsHc), 25 * 300);
    let mut identities = BTreeSet::new();
    let mut order = Vec::new();
    for row in docket.rows(SourceId::EcourtsHc) {
        let cnr = row.cnr.unwrap();
        let court = courts().by_bench(&row.bench_code).unwrap();
        assert_eq!(court.code.as_str(), row.court_code);
        assert!(
            court
                .cnr_prefixes
                .iter()
                .any(|prefix| cnr.starts_with(prefix)),
            "{cnr}"
        );
        assert!(cnr.parse::<nirnay_model::Cnr>().is_ok(), "{cnr}");
        assert!(
            row.path.contains(&format!("/{}/orders/", row.bench_code)) && row.path.contains(&cnr)
        );
        order.push((row.listed_on.unwrap(), cnr.clone()));
        assert!(identities.insert((cnr, row.listed_on, row.order_no)));
    }
    assert!(order.is_sorted());
    let reports: BTreeSet<_> = docket.rows(SourceId::Scr).map(|row| row.path).collect();
    assert_eq!(reports.len(), 500);
}

#[test]
fn documents_carry_their_case_and_scans_carry_no_text() {
    let spec = DocketSpec {
        quirks: Quirks {
            scans: 0.3,
            ..Quirks::none()
        },
        ..DocketSpec::default()
    };
    let docket = Docket::generate(&spec).unwrap();
    let (mut scans, mut texts) = (0, 0);
    for row in docket.rows(SourceId::EcourtsHc).take(60) {
        let text = text_of(&docket.document(row.row).unwrap());
        if docket.is_scan(row.row) {
            scans += 1;
            assert!(!text.contains("Tj"));
        } else {
            texts += 1;
            assert!(
                text.contains(row.cnr.as_deref().unwrap())
                    && text.contains("JUDGMENT") | text.contains("ORDER")
            );
        }
    }
    assert!(scans > 5 && texts > 20);
}

/// All streams of a document, unpacked.
fn text_of(pdf: &[u8]) -> String {
    use std::io::Read as _;
    let mut out = String::new();
    let mut rest = pdf;
    while let Some(at) = rest.windows(7).position(|w| w == b"stream\n") {
        rest = &rest[at + 7..];
        let mut plain = Vec::new();
        flate2::read::ZlibDecoder::new(rest)
            .read_to_end(&mut plain)
            .ok();
        out.push_str(&String::from_utf8_lossy(&plain));
        let end = rest.windows(9).position(|w| w == b"endstream").unwrap();
        rest = &rest[end + 9..];
    }
    out
}

#[test]
fn a_million_rows_fit() {
    let shares = [
        ("punjab", 250_000),
        ("bombay", 250_000),
        ("patna", 250_000),
        ("madras", 250_000),
    ];
    let spec = DocketSpec {
        courts: shares
            .map(|(slug, rows)| CourtShare::new(slug, rows))
            .to_vec(),
        from: "2010-01-01".parse().unwrap(),
        ..DocketSpec::default()
    };
    let docket = Docket::generate(&spec).unwrap();
    assert_eq!(docket.len(SourceId::EcourtsHc), 1_000_000);
    assert!(
        docket
            .truth(
                SourceId::EcourtsHc,
                docket.ids(SourceId::EcourtsHc).last().unwrap()
            )
            .is_some()
    );
}

#[test]
fn what_cannot_be_made_is_refused() {
    let unknown = DocketSpec {
        courts: vec![CourtShare::new("atlantis", 1)],
        ..DocketSpec::default()
    };
    assert!(
        matches!(Docket::generate(&unknown), Err(SimError::UnknownCourt { name }) if name == "atlantis")
    );
    let backward = DocketSpec {
        to: "2020-01-01".parse().unwrap(),
        ..DocketSpec::default()
    };
    assert!(matches!(
        Docket::generate(&backward),
        Err(SimError::Spec { .. })
    ));
}

/// Invented records in the shape of the Supreme Court's listing: a good one, one with an impossible
/// date and a dated link, one without any date, and a twin of the first.
const LISTING: &str = r#"{"data":[
  {"diary_no":"10-2019","Judgement_type":"J","case_no":"C.A. No.-000007-000007 - 2020","pet":"ASHA &#38; SONS","res":"STATE OF GOA",
   "pet_adv":"R. MEHTA","res_adv":null,"bench":"HON&#39;BLE MR. JUSTICE A. B. ROY, HON&#39;BLE MS. JUSTICE C. DAS",
   "judgement_by":"HON&#39;BLE MS. JUSTICE C. DAS","judgment_dates":"14-11-2023","temp_link":"a_Judgement_14-Nov-2023.pdf (English)"},
  {"diary_no":"11-2019","Judgement_type":"J","case_no":" - ","pet":"X","res":null,"pet_adv":null,"res_adv":null,"bench":"",
   "judgement_by":"","judgment_dates":"31-11-2023","temp_link":"b_Judgement_30-Nov-2023.pdf (English)"},
  {"diary_no":"-0","Judgement_type":"J","case_no":" - 0","pet":"Y","res":"Z","pet_adv":null,"res_adv":null,"bench":"",
   "judgement_by":"","judgment_dates":"","temp_link":"jonew/1.pdf"},
  {"diary_no":"10-2019","Judgement_type":"J","case_no":"C.A. No.-000007-000007 - 2020","pet":"ASHA &#38; SONS","res":"STATE OF GOA",
   "pet_adv":"R. MEHTA","res_adv":null,"bench":"","judgement_by":"","judgment_dates":"14-11-2023",
   "temp_link":"a_Judgement_14-Nov-2023.pdf (English)"}],"error":0}"#;

const HIGH_COURT: &str = r#"
{"bench":"mdubench","cnr":"HCMD010000122024","case":"WP(MD)/12/2024","petitioner":"K. Selvi","respondent":"The Collector","decided":"2024-02-15","judges":["A. RAJAN"],"disposal":"ALLOWED","registered":"2024-01-02","pdf":"one.pdf"}
{"bench":"dhcdb","cnr":"DLHC010000132024","order_no":2,"case":"LPA/13/2024","petitioner":"A","respondent":"B","decided":"00-00-0000","listed_on":"2024-02-16"}
"#;

#[test]
fn dockets_are_read_from_files() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("01-11-2023-30-11-2023.json", LISTING);
    write("faulty.json", "select * from judgments");
    write("docket.jsonl", HIGH_COURT);
    std::fs::create_dir_all(dir.path().join("pdf/more")).unwrap();
    write("pdf/one.pdf", "%PDF-1.4 one");
    write("pdf/more/two.pdf", "%PDF-1.4 two");
    let docket = Docket::from_dir(dir.path(), &DirOptions::default()).unwrap();
    assert_eq!(docket.skipped_files().len(), 1);

    let reports: Vec<_> = docket.rows(SourceId::Scr).collect();
    assert_eq!(reports.len(), 4);
    assert_eq!(
        reports
            .iter()
            .map(|row| (&row.path, &row.cnr))
            .collect::<BTreeSet<_>>()
            .len(),
        4
    );
    assert_eq!(
        (reports[0].listed_on, reports[0].flaw),
        (None, Some(Flaw::BrokenDate))
    );
    assert_eq!(reports[3].decision_date_text, "31-11-2023");
    assert_eq!(reports[3].listed_on, Some("2023-11-30".parse().unwrap()));
    assert_eq!(reports[1].title, "ASHA & SONS Vs STATE OF GOA");
    assert!(reports[1].path.starts_with("2023_") && reports[1].path.split('_').count() == 4);

    let rows: Vec<_> = docket.rows(SourceId::EcourtsHc).collect();
    assert_eq!(
        rows[0].path,
        "court/cnrorders/mdubench/orders/HCMD010000122024_1_2024-02-15.pdf"
    );
    assert_eq!((rows[1].order_no, rows[1].is_readable), (Some(2), false));
    assert_eq!(docket.document(rows[0].row).unwrap(), "%PDF-1.4 one");
    let documents: BTreeSet<_> = reports
        .iter()
        .map(|row| docket.document_sha256(row.row).unwrap())
        .collect();
    assert_eq!(documents.len(), 4, "copies of a file differ");
}

#[test]
fn a_bad_line_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("docket.jsonl"),
        HIGH_COURT.replace("dhcdb", "nowhere"),
    )
    .unwrap();
    let error = Docket::from_dir(dir.path(), &DirOptions::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 3") && error.contains("nowhere"),
        "{error}"
    );
    let empty = tempfile::tempdir().unwrap();
    assert!(Docket::from_dir(empty.path(), &DirOptions::default()).is_err());
}
