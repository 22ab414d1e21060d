//! Readers of what the case portals send: lists, pages, start pages and forms, addresses of documents.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use nirnay_model::CaseKey;
use nirnay_parse::{Reply, calcutta, district, hcservices, sci};

use super::Target;

const TODAY: Date = date(2026, 6, 1);

/// The readers of the case portals' replies: a target for each kind of reply, whose damaged bodies go through every
/// reader of its portal, for a portal may answer anything to anything.
pub fn cases() -> Vec<Target> {
    [
        high_courts(),
        older(),
        districts(),
        guards(),
        of_calcutta(),
        supreme(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A target for the bodies of each folder of the parser's fixtures, and `more` in all of them.
fn targets(
    folders: &[(&'static str, &str)],
    more: &[&str],
    words: &[&'static str],
    read: fn(&[u8]),
) -> Vec<Target> {
    let target = |(name, folder): &(&'static str, &str)| {
        Target::new(name, bodies(folder, more), words, read)
    };
    folders.iter().map(target).collect()
}

/// The bodies of a folder of the parser's fixtures, and others.
fn bodies(folder: &str, more: &[&str]) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/parse/tests/case-fixtures");
    let entries = std::fs::read_dir(root.join(folder)).expect("the parser's fixtures");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .collect();
    paths.sort();
    let mut bodies: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).expect("a fixture"))
        .collect();
    bodies.extend(more.iter().map(|text| text.as_bytes().to_vec()));
    bodies
}

const WORDS: [&str; 18] = [
    "{\"con\":[\"[{",
    "\"cino\":\"DLHC010001232024\"",
    "\"totRecords\":\"4\"",
    "ERROR_VAL",
    "Record Not Found",
    "Invalid Captcha",
    "Unable to connect to server",
    "Orders is not uploaded for case number",
    "\u{feff}",
    "<table class=\"order_table\">",
    "<span class=\"Petitioner_Advocate_table\">",
    "viewHistory(",
    "displayPdf('home/display_pdf&filename=",
    "\"app_token\":\"",
    "\"errormsg\":\"",
    "<tr data-diary-no=\"1/2024\">",
    "<option value='1@2'>",
    "%PDF-1.4",
];

fn high_courts() -> Vec<Target> {
    let folders = [
        ("hc_choices", "hc-choices"),
        ("hc_cases", "hc-cases"),
        ("hc_listed", "hc-listed"),
        ("hc_case_page", "hc-case-page"),
        ("hc_cause_lists", "hc-cause-lists"),
    ];
    let more = [
        "\u{feff}Unable to connect to server",
        "\u{feff}Orders is not uploaded for case number WP/1/2024",
        "\u{feff}0~Select Bench#1~Principal Bench#",
    ];
    targets(&folders, &more, &WORDS, |body| {
        let mut handed = 0;
        if let Reply::Good(totals) = hcservices::each_case(body, |_| handed += 1) {
            assert_eq!(
                totals.rows, handed,
                "rows are counted as they are handed on"
            );
            assert!(totals.total.is_none_or(|total| total == 0 || handed > 0));
        }
        drop(hcservices::benches(body));
        drop(hcservices::case_types(body));
        drop(hcservices::advocate_cause_list(body));
        drop(hcservices::cause_lists(body));
        drop(hcservices::orders(body));
        drop(hcservices::document(body));
        if let Reply::Good(case) = hcservices::case_page(body) {
            assert!(!CaseKey::of(&case).as_str().is_empty());
        }
    })
}

fn older() -> Vec<Target> {
    let more = [
        "<table><tr><td>Court Name</td><td>x</td></tr><tr><td>Next Purpose</td><td>y</td></tr></table>",
        "1~WP/1/2024~A\nVersus\nB~DLHC010001232024~1~2024-01-05~x.pdf##",
    ];
    targets(
        &[("hc_older_cases", "hc-older-cases")],
        &more,
        &WORDS,
        |body| {
            drop(hcservices::older_cases(body));
            drop(hcservices::older_orders(body));
            drop(hcservices::older_cause_lists(body));
            drop(hcservices::daily_status(body));
        },
    )
}

fn districts() -> Vec<Target> {
    let folders = [
        ("district_cases", "district-cases"),
        ("district_case_page", "district-case-page"),
        ("district_orders", "district-orders"),
        ("district_cause_list", "district-cause-list"),
        ("district_complexes", "district-complexes"),
    ];
    let more = [
        "{\"order\":\"reports/0123456789abcdef.pdf\",\"app_token\":\"0123456789abcdef0123456789abcdef\"}",
        "{\"errormsg\":\"Order is not uploaded..!\",\"app_token\":\"0123456789abcdef0123456789abcdef\"}",
        "{\"status\":1,\"app_token\":\"0123456789abcdef0123456789abcdef\",\"div_captcha\":\"<img src='x'>\"}",
        "<html><select id='sess_state_code'><option value='8'>Bihar</option></select></html>",
    ];
    targets(&folders, &more, &WORDS, |body| {
        drop(district::cases(body));
        drop(district::orders(body));
        drop(district::cause_list(body));
        drop(district::states(body));
        drop(district::districts(body));
        drop(district::complexes(body));
        drop(district::establishments(body));
        drop(district::case_types(body));
        drop(district::courts(body));
        drop(district::captcha_form(body));
        drop(district::data_set(body));
        drop(district::token(body));
        if let Reply::Good(told) = district::document_path(body) {
            let path = told.value;
            assert!(!path.contains("..") && !path.contains("://"), "{path}");
        }
        if let Reply::Good(told) = district::case_page(body) {
            assert!(!CaseKey::of(&told.value).as_str().is_empty());
        }
    })
}

fn guards() -> Vec<Target> {
    let more = [
        "<html><script src=\"js/components.js?v=1\"></script><input name='app_token' value='0123456789abcdef'></html>",
    ];
    let words = [
        "var delimeter=\"",
        "headers:{",
        "\"delimeter\": delimeter",
        "</script>",
        "app_token",
    ];
    targets(
        &[("district_script", "district-script")],
        &more,
        &words,
        |body| {
            drop(district::guard_headers(body));
            drop(district::start_page(body));
        },
    )
}

fn of_calcutta() -> Vec<Target> {
    let more = [
        "<html><input type=\"hidden\" name=\"_token\" value=\"abcdefgh12\"><img src='https://x/captcha/default?y'></html>",
        "https://calcuttahighcourt.gov.in/intra_storage/order.pdf?f=1",
        "File not found",
        "<option value=''>Select</option><option value='12'>WPA</option>",
    ];
    targets(
        &[("calcutta_search", "calcutta-search")],
        &more,
        &WORDS,
        |body| {
            drop(calcutta::search(body));
            drop(calcutta::start_page(body));
            drop(calcutta::case_types(body));
            if let Reply::Good(address) = calcutta::document_address(body) {
                assert!(
                    address.bytes().all(|byte| byte.is_ascii_graphic()),
                    "{address:?}"
                );
            }
        },
    )
}

fn supreme() -> Vec<Target> {
    let more = [
        "<html><form><input name=\"scid\" value=\"0123456789abcdef\"><input name=\"tok_0123abcd\" value=\"ef01\">\
         <img src=\"/?_siwp_captcha&#038;id=0123456789abcdef\"></form></html>",
    ];
    targets(
        &[("sci_results", "sci-results"), ("sci_mobile", "sci-mobile")],
        &more,
        &WORDS,
        |body| {
            if let Reply::Good(form) = sci::search_form(body) {
                assert!(
                    form.picture.starts_with("/?_siwp_captcha&id="),
                    "{}",
                    form.picture
                );
            }
            drop(sci::choices(body, "case_type"));
            drop(sci::choices(body, "judge"));
            drop(sci::results(body, TODAY));
            drop(sci::mobile_listing(body, TODAY));
        },
    )
}
