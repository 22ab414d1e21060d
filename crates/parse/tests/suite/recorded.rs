//! Recorded replies of the portals, where a checkout with them lies beside this one. They hold the
//! names of real people and are not part of this repository; without them nothing is tested here.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use nirnay_model::{QuarantineReason, SourceId};
use nirnay_parse::judgments::{document_link, read_row, report, search_page, start_page};
use nirnay_parse::{Refusal, Reply, sci};

fn root() -> PathBuf {
    std::env::var_os("NIRNAY_RECORDED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"),
        PathBuf::from,
    )
}

/// The files of a folder.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten();
    let name = |entry: std::fs::DirEntry| format!("{folder}/{}", entry.file_name().display());
    let mut names: Vec<String> = entries.flatten().map(name).collect();
    names.sort();
    names
}

fn recorded(name: &str) -> Option<String> {
    let path = root().join(name);
    if path.is_file() {
        return Some(std::fs::read_to_string(&path).unwrap());
    }
    eprintln!(
        "not tested: no recorded reply at {} (set NIRNAY_RECORDED)",
        path.display()
    );
    None
}

/// A recorded reply as bytes.
pub(crate) fn recorded_bytes(name: &str) -> Option<Vec<u8>> {
    let path = root().join(name);
    if path.is_file() {
        return Some(std::fs::read(&path).unwrap());
    }
    eprintln!(
        "not tested: no recorded reply at {} (set NIRNAY_RECORDED)",
        path.display()
    );
    None
}

fn field(json: &str, key: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    value[key].as_str().unwrap().to_owned()
}

const TODAY: jiff::civil::Date = date(2026, 6, 1);

#[test]
fn high_court_rows() {
    for (name, key, judges) in [
        (
            "28_2__aphc__APHC010000012018_1_2024-07-01.json",
            "28_2/aphc/APHC010000012018/2024-07-01/1",
            1,
        ),
        (
            "29_3__karhcdharwad__KAHC020000022024_1_2024-05-31.json",
            "29_3/karhcdharwad/KAHC020000022024/2024-05-31/1",
            1,
        ),
        (
            "36_29__taphc__HBHC010000032024_1_2024-08-13.json",
            "36_29/taphc/HBHC010000032024/2024-08-13/1",
            1,
        ),
    ] {
        let Some(json) = recorded(&format!("hc-rows/{name}")) else {
            continue;
        };
        let row = read_row(&field(&json, "raw_html"), SourceId::EcourtsHc, TODAY).unwrap();
        let judgment = &row.judgment;
        assert_eq!(judgment.key().as_str(), format!("ecourts-hc/{key}"));
        assert_eq!(row.handle.path, field(&json, "pdf_link"));
        assert_eq!(judgment.judges.len(), judges);
        assert!(judgment.petitioner.is_some() && judgment.respondent.is_some());
        assert!(judgment.case_number.is_some() && judgment.registration_date.is_some());
        assert!(judgment.disposal.is_some());
        let excerpt = judgment.description.as_deref().unwrap();
        assert!(
            excerpt.contains("COURT") && !excerpt.contains("CNR"),
            "{excerpt}"
        );
        assert_eq!(judgment.flags, Vec::<String>::new());
    }
}

#[test]
fn a_row_with_an_impossible_date() {
    let Some(html) = recorded("portal-replies/judgments-ecourts/srchigh-row-complete.html") else {
        return;
    };
    let row = read_row(&html, SourceId::EcourtsHc, TODAY).unwrap_err();
    assert_eq!(row.reason, QuarantineReason::ImpossibleDate);
    assert_eq!(row.html, html);
}

#[test]
fn a_report_with_translations() {
    let Some(json) = recorded("sc-rows/1995_1_1010_1191.json") else {
        return;
    };
    let row = read_row(&field(&json, "raw_html"), SourceId::Scr, TODAY).unwrap();
    let judgment = &row.judgment;
    assert_eq!(
        judgment.key().as_str(),
        "scr/sci/scr/ESCR010000011995/1995-02-08/0"
    );
    assert_eq!(judgment.languages, ["ENG", "HIN", "PUN"]);
    assert_eq!(judgment.judges.len(), 3);
    assert_eq!(judgment.bench_strength, Some(3));
    assert_eq!(
        judgment.reporter_citation.as_deref(),
        Some("[1995] 1 S.C.R. 1010")
    );
    assert_eq!(
        judgment.neutral_citation.as_ref().unwrap().to_string(),
        "1995 INSC 105"
    );
    assert_eq!(row.handle.nc_display, field(&json, "nc_display"));
    assert_eq!(row.handle.citation_year, field(&json, "citation_year"));
    assert!(judgment.title.contains(" versus ") && !judgment.title.contains("S.C.R."));
    assert!(judgment.description.as_deref().unwrap().ends_with("filing"));
    assert_eq!(judgment.flags, Vec::<String>::new());
}

#[test]
fn rows_of_the_reports_portal() {
    let Some(text) = recorded("portal-replies/judgments-ecourts/vanga-sc-requests-scr.txt") else {
        return;
    };
    let rows: Vec<&str> = text
        .split("<tr ")
        .skip(1)
        .map(|row| row.split("</tr>").next().unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    for (html, key, author) in [
        (
            rows[0],
            "scr/sci/scr/ESCR010001462025/2025-04-23/0",
            "DIPANKAR DATTA",
        ),
        (
            rows[1],
            "scr/sci/scr/ESCR010001082025/2025-03-20/0",
            "ABHAY S. OKA",
        ),
    ] {
        let row = read_row(&format!("<tr {html}</tr>"), SourceId::Scr, TODAY).unwrap();
        assert_eq!(row.judgment.key().as_str(), key);
        assert_eq!(row.judgment.author_judge.as_deref(), Some(author));
        assert_eq!(row.judgment.flags, Vec::<String>::new());
        assert!(
            row.judgment
                .description
                .as_deref()
                .unwrap()
                .starts_with("Issue for Consideration")
        );
    }
}

#[test]
fn a_search_reply() {
    let name = "portal-replies/judgments-ecourts/bharat-courts-judgments_search_response.json";
    let Some(body) = recorded(name) else { return };
    let Reply::Good(page) = search_page(body.as_bytes()) else {
        panic!("refused")
    };
    assert_eq!(
        (page.total, page.rows.len(), page.echo),
        (54_122, 2, Some(1))
    );
    assert!(page.token.is_some());
    let first = read_row(&page.rows[0].html, SourceId::EcourtsHc, TODAY).unwrap();
    assert_eq!(first.judgment.flags, ["path_date_differs"]);
    assert_eq!(first.judgment.judges.len(), 2);
    let second = read_row(&page.rows[1].html, SourceId::EcourtsHc, TODAY).unwrap();
    assert_eq!(second.judgment.flags, ["unknown_bench:dlhcdb"]);
}

#[test]
fn the_second_captcha() {
    let name = "portal-replies/judgments-ecourts/openpdfcaptcha-captcha-filename-value.html";
    let Some(form) = recorded(name) else { return };
    let body = serde_json::json!({ "filename": form, "app_token": "0".repeat(64) }).to_string();
    let Reply::Refused(Refusal::CaptchaNeeded {
        image_path: Some(path),
    }) = document_link(body.as_bytes())
    else {
        panic!("not a captcha")
    };
    assert!(
        path.starts_with("/pdfsearch/vendor/securimage/securimage_show.php?6300"),
        "{path}"
    );
}

#[test]
fn the_start_page() {
    let name = "portal-replies/judgments-ecourts/swatimishra02-pdfsearch-main-page.html";
    let Some(html) = recorded(name) else { return };
    let Reply::Good(page) = start_page(html.as_bytes()) else {
        panic!("refused")
    };
    assert!(page.token.unwrap().starts_with("9cd59b63"));
    assert_eq!(
        search_page(html.as_bytes()),
        Reply::Refused(Refusal::LoginPage)
    );
}

#[test]
fn the_feed() {
    let Some(html) = recorded("portal-replies/sci/bharat-courts-sci_home.html") else {
        return;
    };
    let Reply::Good(page) = sci::feed(html.as_bytes(), TODAY) else {
        panic!("refused")
    };
    assert_eq!((page.rows.len(), page.quarantined.len()), (3, 0));
    for row in &page.rows {
        assert_eq!(row.judgment.flags, Vec::<String>::new());
        assert!(row.judgment.case_number.is_some() && row.judgment.uploaded_at.is_some());
        assert!(row.judgment.petitioner.is_some() && row.judgment.respondent.is_some());
    }
    assert_eq!(
        page.rows[0].judgment.diary_number.as_deref(),
        Some("9439/2025")
    );
}

#[test]
fn query_text_in_front_of_json_is_no_answer() {
    let Some(body) = recorded("portal-replies/sci/vanga-old-scourtapp-faulty-response.txt") else {
        return;
    };
    assert!(matches!(
        search_page(body.as_bytes()),
        Reply::Refused(Refusal::PortalError { .. })
    ));
    assert!(matches!(
        document_link(body.as_bytes()),
        Reply::Refused(Refusal::PortalError { .. })
    ));
}

#[test]
fn recorded_rows_have_known_layouts() {
    for (folder, source, layout) in [
        ("hc-rows", SourceId::EcourtsHc, "high-court-row"),
        ("sc-rows", SourceId::Scr, "report-row"),
    ] {
        let rows: Vec<String> = names(folder)
            .iter()
            .filter_map(|name| recorded(name))
            .map(|json| field(&json, "raw_html"))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let list: Vec<_> = rows.iter().enumerate().collect();
        let body = serde_json::json!({"reportrow": {"iTotalRecords": rows.len(), "aaData": list}});
        let Reply::Good(page) = search_page(body.to_string().as_bytes()) else {
            panic!("refused")
        };
        let read: Vec<_> = page
            .rows
            .iter()
            .map(|row| read_row(&row.html, source, TODAY))
            .collect();
        let report = report(&page, &read);
        assert_eq!(report.news(), Vec::<String>::new());
        assert_eq!(report.known_layouts.get(layout), Some(&report.rows));
    }
}
