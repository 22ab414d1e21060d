//! Every recorded reply of the case portals, where a checkout with them lies beside this one, against what a person
//! reads in it: `expected/<folder>/<file>.json`, see `expected/README.md`. A file that no row of the table names
//! is told on standard error, so that none is passed over in silence.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use nirnay_parse::{calcutta, district, hcservices, sci};
use serde_json::{Value, json};

use crate::case_replies::{bare, reply};
use crate::recorded;

/// Lists with more rows are shown by their ends and a sum over all of them.
const MOST_ROWS: usize = 24;
const TODAY: Date = date(2026, 6, 1);

/// A reader and its name.
type Reader = (&'static str, fn(&[u8]) -> Value);

/// What is done with a recorded file.
enum Row {
    /// Its readers; each has a part of the expected file.
    Read(&'static [Reader]),
    /// Nothing, for this reason.
    Not(&'static str),
}

const CASES: Row = Row::Read(&[("cases", |body| reply(hcservices::cases(body)))]);
const CASE_PAGE: Row = Row::Read(&[("case_page", |body| reply(hcservices::case_page(body)))]);
const CASE_TYPES: Row = Row::Read(&[("case_types", |body| reply(hcservices::case_types(body)))]);
const DAILY: Row = Row::Read(&[("daily_status", |body| reply(hcservices::daily_status(body)))]);
const OLDER_CASES: Row = Row::Read(&[("older_cases", |body| reply(hcservices::older_cases(body)))]);
const OLDER_LISTS: Row = Row::Read(&[("older_cause_lists", |body| {
    reply(hcservices::older_cause_lists(body))
})]);
/// The page of a search form: no list and no case is to be read in it.
const FORM: Row = Row::Read(&[
    ("case_page", |body| reply(hcservices::case_page(body))),
    ("cases", |body| reply(hcservices::cases(body))),
    ("older_cases", |body| reply(hcservices::older_cases(body))),
    ("cause_lists", |body| reply(hcservices::cause_lists(body))),
]);
const PICTURE: Row = Row::Not("a picture of a captcha");
const BENCHES: Row = Row::Not("a table of benches made by others from the portal's lists");
const MOBILE: Row = Row::Read(&[("mobile_listing", |body| {
    reply(sci::mobile_listing(body, TODAY))
})]);

const HC_SERVICES: &[(&str, Row)] = &[
    ("ApekshaDekate-FastAPI-case_data.html", CASE_PAGE),
    ("ApekshaDekate-captcha.png", PICTURE),
    ("ApekshaDekate-case_data5.html", CASE_PAGE),
    ("ApekshaDekate-courts_data.csv", BENCHES),
    ("ApekshaDekate-csrf_response.html", FORM),
    (
        "bharat-courts-hcservices_advocate_cause_list.json",
        Row::Read(&[("advocate_cause_list", |body| {
            reply(hcservices::advocate_cause_list(body))
        })]),
    ),
    ("bharat-courts-hcservices_advocate_search.json", CASES),
    ("bharat-courts-hcservices_case_detail.html", CASE_PAGE),
    ("bharat-courts-hcservices_case_status.html", CASES),
    ("bharat-courts-hcservices_case_status.json", CASES),
    (
        "bharat-courts-hcservices_cause_list.html",
        Row::Read(&[("cause_lists", |body| reply(hcservices::cause_lists(body)))]),
    ),
    (
        "bharat-courts-hcservices_orders.html",
        Row::Read(&[
            ("orders", |body| reply(hcservices::orders(body))),
            ("cases", |body| reply(hcservices::cases(body))),
        ]),
    ),
    ("openjustice-case_details-GAHC040007922024.html", CASE_PAGE),
    ("openjustice-case_details-HCBM060000522019.html", CASE_PAGE),
    ("openjustice-case_details-JKHC020091782015.html", CASE_PAGE),
    ("openjustice-cases-01.txt", OLDER_CASES),
    (
        "openjustice-cause_lists-d54be8d4-f5f2-4230-940f-cd9d1f48cf5e.txt",
        OLDER_LISTS,
    ),
    ("openjustice-courts.csv", BENCHES),
    ("openjustice-hearings-201700000012023.html", DAILY),
];

const OLDER: &[(&str, Row)] = &[
    (
        "INDEX.json",
        Row::Not("the index of the folder: which request each file answers"),
    ),
    (
        "test_api_calls-00-cases_highcourt_causelist_qry_php.txt",
        OLDER_LISTS,
    ),
    ("test_api_calls-01-cases_s_casetype_qry_php.txt", CASE_TYPES),
    (
        "test_api_calls-02-securimage_securimage_show_php.png",
        PICTURE,
    ),
    (
        "test_api_calls-03-cases_s_orderdate_qry_php.txt",
        Row::Read(&[("older_orders", |body| reply(hcservices::older_orders(body)))]),
    ),
    ("test_api_calls-04-cases_s_casetype_qry_php.txt", CASE_TYPES),
    ("test_case_expander-00-cases_s_casetype_php.html", FORM),
    (
        "test_case_expander-01-securimage_securimage_show_php.png",
        PICTURE,
    ),
    (
        "test_case_expander-02-cases_s_casetype_qry_php.txt",
        OLDER_CASES,
    ),
    (
        "test_case_expander-03-cases_o_civil_case_history_php.html",
        CASE_PAGE,
    ),
    (
        "test_case_expander-04-cases_s_show_business_php.html",
        DAILY,
    ),
    (
        "test_case_expander-05-cases_s_show_business_php.html",
        DAILY,
    ),
    (
        "test_case_expander-06-cases_s_show_business_php.html",
        DAILY,
    ),
    (
        "test_case_expander-07-cases_s_show_business_php.html",
        DAILY,
    ),
    (
        "test_case_expander-08-cases_s_show_business_php.html",
        DAILY,
    ),
    (
        "test_case_expander-09-cases_display_pdf_php.pdf",
        Row::Read(&[("document", document)]),
    ),
    (
        "test_case_history-00-cases_highcourt_causelist_qry_php.txt",
        OLDER_LISTS,
    ),
    (
        "test_case_history-01-cases_o_civil_case_history_php.txt",
        CASE_PAGE,
    ),
    (
        "test_get_act_type-00-cases_s_actwise_qry_php.txt",
        CASE_TYPES,
    ),
];

// Recorded as the HTML alone: the answer around it is made here.
const DISTRICT: &[(&str, Row)] = &[
    (
        "bharat-courts-districtcourts_case_detail.html",
        Row::Read(&[("case_page", |html| {
            reply(district::case_page(&answer("historytable", html)))
        })]),
    ),
    (
        "bharat-courts-districtcourts_case_status.html",
        DISTRICT_CASES,
    ),
    (
        "bharat-courts-districtcourts_case_status_live.html",
        DISTRICT_CASES,
    ),
    (
        "bharat-courts-districtcourts_cause_list.html",
        Row::Read(&[("cause_list", |html| {
            reply(district::cause_list(&answer("causelist_data", html)))
        })]),
    ),
    (
        "bharat-courts-districtcourts_complexes.html",
        Row::Read(&[("complexes", |html| {
            reply(district::complexes(&answer("complex_list", html)))
        })]),
    ),
    (
        "bharat-courts-districtcourts_court_orders.html",
        Row::Read(&[("orders", |html| {
            reply(district::orders(&answer("order_data", html)))
        })]),
    ),
    (
        "bharat-courts-districtcourts_districts.html",
        Row::Read(&[("districts", |html| {
            reply(district::districts(&answer("dist_list", html)))
        })]),
    ),
    (
        "getCaptcha-div_captcha.html",
        Row::Read(&[("captcha_form", |html| {
            reply(district::captcha_form(&answer("div_captcha", html)))
        })]),
    ),
    ("sangharshbyss-v4-actwise-result-2020.html", DISTRICT_CASES),
    (
        "searchByCNR-KLKN220000012019-trimmed.html",
        Row::Read(&[("case_page", |html| {
            reply(district::case_page(&answer("casetype_list", html)))
        })]),
    ),
    ("securimage_show-6char-hfn9ye.png", PICTURE),
    (
        "submitCaseNo-case_data-DLND010127052017.html",
        DISTRICT_CASES,
    ),
    (
        "vanga-courts.csv",
        Row::Not(
            "a table of complexes made by others from the portal's lists; data/reference has ours",
        ),
    ),
];
const DISTRICT_CASES: Row = Row::Read(&[("cases", |html| {
    reply(district::cases(&answer("case_data", html)))
})]);

const CALCUTTA: &[(&str, Row)] = &[(
    "order_judgment_search-WPA-12886-2024.json",
    Row::Read(&[("search", |body| reply(calcutta::search(body)))]),
)];

const SUPREME_COURT: &[(&str, Row)] = &[
    (
        "bharat-courts-sci_home.html",
        Row::Read(&[("feed", |body| reply(sci::feed(body, TODAY)))]),
    ),
    (
        "hiteshdotcom-resultsHtml-retyped.html",
        Row::Read(&[("results", |html| {
            let html = String::from_utf8_lossy(html);
            let data = json!({ "pagination": false, "resultsHtml": html });
            let body = json!({ "success": true, "data": data }).to_string();
            reply(sci::results(body.as_bytes(), TODAY))
        })]),
    ),
    ("hiteshdotcom-siwp-captcha.png", PICTURE),
    ("rnihesh-scourtapp-1900-1949.json", MOBILE),
    ("rnihesh-scourtapp-2024-01.json", MOBILE),
    ("vanga-old-scourtapp-faulty-response.txt", MOBILE),
];

const FOLDERS: [(&str, &[(&str, Row)]); 5] = [
    ("hcservices", HC_SERVICES),
    ("hcservices-ecourtindiaHC", OLDER),
    ("districtcourts", DISTRICT),
    ("calcuttahc", CALCUTTA),
    ("sci", SUPREME_COURT),
];

/// The HTML as the value of `key` in the answer around it.
fn answer(key: &str, html: &[u8]) -> Vec<u8> {
    let html = String::from_utf8_lossy(html);
    let body = json!({ "status": 1, "app_token": "0".repeat(64), key: html });
    body.to_string().into_bytes()
}

/// Of a PDF, what can be said without reading it.
fn document(body: &[u8]) -> Value {
    let found = hcservices::document(body).into_result();
    match found {
        Ok(pdf) => json!({ "good": {
            "bytes": pdf.len(),
            "begins": String::from_utf8_lossy(&pdf[..8]),
        } }),
        Err(refusal) => json!({ "refused": refusal }),
    }
}

/// A long list by its ends, the number of its rows and a sum over all of them.
fn short(value: Value) -> Value {
    match value {
        Value::Array(list) if list.len() > MOST_ROWS => {
            let sum = list.iter().map(canonical).collect::<String>();
            let end = list[list.len() - 1].clone();
            json!({
                "rows": list.len(),
                "first": list.into_iter().take(4).collect::<Vec<_>>(),
                "last": end,
                "sum_of_all": format!("{:016x}", fnv(&sum)),
            })
        }
        Value::Array(list) => list.into_iter().map(short).collect(),
        Value::Object(map) => map.into_iter().map(|(key, of)| (key, short(of))).collect(),
        other => other,
    }
}

/// JSON that does not depend on the order of keys.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{key:?}:{}", canonical(value)))
                .collect();
            pairs.sort();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// FNV-1a, 64 bits.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn expected_path(folder: &str, file: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected");
    root.join(folder).join(format!("{file}.json"))
}

/// What is read, with the names of people, links and tokens as their shape alone: letters as `x` and `X`, digits as
/// `0`. This repository holds none of them.
fn veiled(value: &Value) -> Value {
    const PRIVATE: [&str; 17] = [
        "address",
        "advocates_printed",
        "bench",
        "coram",
        "document_path",
        "form",
        "judge",
        "judges",
        "link",
        "name",
        "parties",
        "path",
        "petitioner",
        "respondent",
        "title",
        "token",
        "value",
    ];
    let shape = |text: &str| -> String {
        let shape = |c: char| match c {
            c if c.is_uppercase() => 'X',
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => '0',
            c => c,
        };
        text.chars().map(shape).collect()
    };
    match value {
        Value::Object(map) => {
            // What has a code is a choice of a form: a bench, a type of case.
            let choice = map.contains_key("code");
            let veil = |(key, value): (&String, &Value)| {
                let private = PRIVATE.contains(&key.as_str()) && !(choice && key == "name");
                let value = match value {
                    Value::String(text) if private => Value::String(shape(text)),
                    Value::Array(list) if private => list
                        .iter()
                        .map(|item| {
                            item.as_str()
                                .map_or_else(|| veiled(item), |text| json!(shape(text)))
                        })
                        .collect(),
                    other => veiled(other),
                };
                (key.clone(), value)
            };
            map.iter().map(veil).collect()
        }
        Value::Array(list) => list.iter().map(veiled).collect(),
        other => other.clone(),
    }
}

/// Where the reading lies unveiled, to be read beside the reply: outside of what is kept in the repository.
fn unveiled_path(folder: &str, file: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("read");
    root.join(folder).join(format!("{file}.json"))
}

fn write(path: &Path, value: &Value) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = serde_json::to_string_pretty(value).unwrap();
    std::fs::write(path, text + "\n").unwrap();
}

/// Compares what is read with the expected file, or writes that with `NIRNAY_WRITE_EXPECTED=1`.
fn check(folder: &str, file: &str, read: &Value) -> Result<(), String> {
    let path = expected_path(folder, file);
    let sum = format!("{:016x}", fnv(&canonical(read)));
    let found = json!({ "read": veiled(read), "sum_of_all": sum });
    if std::env::var_os("NIRNAY_WRITE_EXPECTED").is_some() {
        write(&path, &found);
        write(&unveiled_path(folder, file), read);
        return Ok(());
    }
    let text = std::fs::read_to_string(&path).map_err(|error| {
        format!(
            "{}: {error}; write it with NIRNAY_WRITE_EXPECTED=1 and read it beside the reply",
            path.display()
        )
    })?;
    let expected: Value = serde_json::from_str(&text).unwrap();
    if found == expected {
        return Ok(());
    }
    Err(format!(
        "{folder}/{file} is read differently now:\n{read:#}"
    ))
}

#[test]
fn recorded_replies_read_as_a_person_reads_them() {
    let mut failures = Vec::new();
    for (folder, table) in FOLDERS {
        let there = recorded::names(&format!("portal-replies/{folder}"));
        if there.is_empty() {
            eprintln!("not tested: no recorded replies of {folder} (set NIRNAY_RECORDED)");
            continue;
        }
        for name in there {
            let file = name.rsplit('/').next().unwrap();
            let Some((_, row)) = table.iter().find(|(listed, _)| *listed == file) else {
                eprintln!("not compared: {name} is in no table of this test");
                continue;
            };
            let readers = match row {
                Row::Read(readers) => *readers,
                Row::Not(why) => {
                    eprintln!("not read: {name}: {why}");
                    continue;
                }
            };
            let body = recorded::recorded_bytes(&name).unwrap();
            let read = |(name, read): &Reader| ((*name).to_owned(), short(bare(read(&body))));
            let found: Value = readers.iter().map(read).collect();
            if let Err(why) = check(folder, file, &found) {
                failures.push(why);
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The expected files that no reply is left for would never be compared.
#[test]
fn every_expected_file_belongs_to_a_reply_that_is_read() {
    for (folder, table) in FOLDERS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected");
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let listed = table
                .iter()
                .any(|(file, row)| matches!(row, Row::Read(_)) && name == format!("{file}.json"));
            assert!(listed, "{folder}/{name} belongs to no reply");
        }
        for (file, row) in table {
            let wanted = matches!(row, Row::Read(_));
            assert_eq!(expected_path(folder, file).is_file(), wanted, "{file}");
        }
    }
}

/// A reply that the portal did answer is never read as an answer with nothing in it.
#[test]
fn no_expected_value_is_empty() {
    for (folder, table) in FOLDERS {
        for (file, row) in table {
            let Row::Read(_) = row else { continue };
            let text = std::fs::read_to_string(expected_path(folder, file)).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            for (reader, told) in value["read"].as_object().unwrap() {
                let good = told.get("good").is_none_or(says_something);
                assert!(good, "{folder}/{file}, {reader}: nothing was read");
            }
        }
    }
}

fn says_something(value: &Value) -> bool {
    let rows = ["/totals/rows", "/value/totals/rows"];
    if let Some(rows) = rows.iter().find_map(|place| value.pointer(place)) {
        return rows.as_u64() > Some(0);
    }
    match value.get("value").unwrap_or(value) {
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    }
}
