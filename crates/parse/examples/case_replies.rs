//! Replies of the case portals read on one core, for `just bench cases`, and the memory that a huge one takes.
//!
//! ```text
//! case_replies make DIR [ROWS]     writes made-up replies as the portals send them: lists of ROWS (5,000) rows,
//!                                  and case pages with 40 hearings
//! case_replies read DIR [ROUNDS [NAME]]  reads each (whose name has NAME) ROUNDS (5) times; prints rows and processor seconds
//! case_replies memory [ROWS]       the most memory in use while a party search of ROWS (50,000) is read
//! ```
#![expect(clippy::print_stdout, reason = "its figures are its output")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use nirnay_parse::{Reply, calcutta, district, hcservices};
use serde_json::{Map, Value, json};

/// A kind of reply: its file, what it looks like with so many rows, and how many rows are read in it.
struct Kind {
    file: &'static str,
    make: fn(u32) -> String,
    read: fn(&[u8]) -> u64,
}

const KINDS: [Kind; 8] = [
    Kind {
        file: "hc-cases.json",
        make: hc_cases,
        read: |body| {
            let mut rows = 0;
            let totals = hcservices::each_case(body, |case| {
                black_box(&case);
                rows += 1;
            });
            drop(good(totals));
            rows
        },
    },
    Kind {
        file: "hc-advocate-list.json",
        make: hc_advocate_list,
        read: |body| good(hcservices::advocate_cause_list(body)).entries.len() as u64,
    },
    Kind {
        file: "hc-cause-lists.html",
        make: hc_cause_lists,
        read: |body| good(hcservices::cause_lists(body)).len() as u64,
    },
    Kind {
        file: "hc-case-page.html",
        make: |_| hc_case_page(),
        read: |body| good(hcservices::case_page(body)).hearings.len() as u64,
    },
    Kind {
        file: "district-cases.json",
        make: district_cases,
        read: |body| good(district::cases(body)).value.cases.len() as u64,
    },
    Kind {
        file: "district-cause-list.json",
        make: district_cause_list,
        read: |body| good(district::cause_list(body)).value.entries.len() as u64,
    },
    Kind {
        file: "district-case-page.json",
        make: |_| district_case_page(),
        read: |body| good(district::case_page(body)).value.hearings.len() as u64,
    },
    Kind {
        file: "calcutta-search.json",
        make: |_| calcutta_search(),
        read: |body| good(calcutta::search(body)).orders.len() as u64,
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["make", dir] => make(Path::new(dir), 5_000),
        ["make", dir, rows] => make(Path::new(dir), rows.parse()?),
        ["read", dir] => read(Path::new(dir), 5, ""),
        ["read", dir, rounds] => read(Path::new(dir), rounds.parse()?, ""),
        ["read", dir, rounds, name] => read(Path::new(dir), rounds.parse()?, name),
        ["memory"] => memory(50_000),
        ["memory", rows] => memory(rows.parse()?),
        _ => Err(
            "usage: case_replies make DIR [ROWS] | read DIR [ROUNDS [NAME]] | memory [ROWS]".into(),
        ),
    }
}

fn good<T>(reply: Reply<T>) -> T {
    reply
        .into_result()
        .unwrap_or_else(|refusal| panic!("refused: {refusal}"))
}

fn make(dir: &Path, rows: u32) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(dir)?;
    for kind in &KINDS {
        std::fs::write(dir.join(kind.file), (kind.make)(rows))?;
    }
    Ok(())
}

fn read(dir: &Path, rounds: usize, name: &str) -> Result<(), Box<dyn Error>> {
    let mut out = Map::new();
    for kind in KINDS.iter().filter(|kind| kind.file.contains(name)) {
        let body = std::fs::read(dir.join(kind.file))?;
        // Small replies many times, so that the clock has something to measure.
        let times = (400_000 / body.len()).max(1);
        let mut rows = 0;
        let mut seconds = Vec::new();
        for _ in 0..rounds.max(1) {
            let began = spent();
            for _ in 0..times {
                rows = black_box((kind.read)(&body));
            }
            seconds.push((spent() - began) / times as f64);
        }
        let told = json!({ "rows": rows, "bytes": body.len(), "seconds": seconds });
        out.insert(kind.file.to_owned(), told);
    }
    println!("{}", Value::Object(out));
    Ok(())
}

/// Processor time of this thread, or the time of day where the system does not tell it.
fn spent() -> f64 {
    thread_local! {
        static BEGAN: Instant = Instant::now();
    }
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    match told {
        Some(nanoseconds) => nanoseconds as f64 / 1e9,
        None => BEGAN.with(|began| began.elapsed().as_secs_f64()),
    }
}

/// The peak of the whole program: the body, and what is made of it row by row.
fn memory(rows: u32) -> Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("nirnay-crowd-{}", std::process::id()));
    std::fs::write(&path, hc_cases(rows))?;
    // Sets the peak back: what making the body took does not count.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let body = std::fs::read(&path)?;
    std::fs::remove_file(&path)?;
    let mut cases = 0_u32;
    let totals = good(hcservices::each_case(&body, |case| {
        black_box(&case);
        cases += 1;
    }));
    let by_one = peak()?;
    let all = good(hcservices::cases(&body)).cases.len();
    println!(
        "{}",
        json!({
            "rows": totals.rows,
            "bytes": body.len(),
            "peak_row_by_row": by_one,
            "peak_all_rows_kept": peak()?,
            "kept": all,
            "handed_on": cases,
        })
    );
    Ok(())
}

fn peak() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.split_once("VmHWM:").ok_or("no peak is told")?.1;
    let kibibytes: u64 = line.split_whitespace().next().ok_or("no peak")?.parse()?;
    Ok(kibibytes * 1024)
}

const PARTIES: [&str; 7] = [
    "MEERA KALPANIK",
    "STATE OF UTTAR PRADESH AND 3 OTHERS",
    "UDAHARAN ENGINEERING &amp; WORKS (P) LTD.",
    "R. NAMUNA D/O LATE S. NAMUNA",
    "UNION OF INDIA, REP. BY ITS SECRETARY",
    "KALPIT COOPERATIVE GROUP HOUSING SOCIETY",
    "S. KALPANIK",
];
const JUDGES: [&str; 3] = [
    "HONOURABLE MR. JUSTICE A. UDAHARAN",
    "HONOURABLE MS. JUSTICE N. NAMUNA",
    "HONOURABLE MR. JUSTICE R. KALPIT",
];

fn pick(list: &[&'static str], n: u32, salt: u32) -> &'static str {
    let mixed = n.wrapping_mul(2_654_435_761).rotate_left(salt % 31);
    list.get(mixed as usize % list.len()).copied().unwrap_or("")
}

fn lines(rows: u32, line: impl Fn(u32) -> String) -> String {
    (1..=rows).map(line).collect()
}

fn envelope(rows: u32, record: impl Fn(u32) -> String) -> String {
    let records: Vec<String> = (0..rows).map(record).collect();
    let part = format!("[{}]", records.join(","));
    let answer = json!({
        "con": [part], "totRecords": rows.to_string(), "cntEst2": null,
        "courtNameArr": ["Principal Bench at Delhi"], "court_code": ["1"], "totEstCnt": [rows],
        "adv_name": null, "normalVArr": ["1"], "hide_partyname_estArr": ["N"], "Error": "",
    });
    format!("\u{feff}{answer}")
}

fn record(n: u32) -> Map<String, Value> {
    let record = json!({
        "orderurlpath": format!("aXq{n:07}Zt%2BbK9cVw1RyLpHd4Sg0%3D"),
        "cino": format!("DLHC01{n:06}2024"), "case_no": format!("2134{n:07}2024"),
        "case_no2": n + 1, "case_year": 2024, "type_name": "W.P.(C)",
        "pet_name": pick(&PARTIES, n, 3), "res_name": pick(&PARTIES, n, 17),
        "lpet_name": "None", "lres_name": null, "party_name1": "N", "party_name2": "N",
    });
    match record {
        Value::Object(record) => record,
        _ => Map::new(),
    }
}

fn hc_cases(rows: u32) -> String {
    envelope(rows, |n| Value::Object(record(n)).to_string())
}

fn hc_advocate_list(rows: u32) -> String {
    envelope(rows, |n| {
        let mut record = record(n);
        for (key, value) in [
            ("adv_name1", "MR. A UDAHARAN(6960),MS. B NAMUNA(1234)"),
            ("adv_name2", "GOVERNMENT PLEADER(1)"),
            ("court_no", "5377"),
            ("todays_date", "2026-08-13"),
            ("date_next_list", "2026-08-17"),
            ("purpose_name", "181-FOR FINAL DISPOSAL"),
            ("judgename", pick(&JUDGES, n, 5)),
            ("desgname", "JUDGE"),
        ] {
            record.insert(key.to_owned(), value.into());
        }
        Value::Object(record).to_string()
    })
}

fn hc_cause_lists(rows: u32) -> String {
    let rows = lines(rows, |n| {
        format!(
            "<tr><td>{n}</td><td>DIVISION BENCH - COURT NO. {n}</td><td>COMPLETE CAUSE LIST</td><td><strong>\
             <a href=\"cases/display_causelist_pdf.php?filename=q{n:08}W%2Fz&amp;causelistYear=2026\" target=\"_new\">View</a></strong></td></tr>\n"
        )
    });
    format!(
        "\u{feff}<table class=\"table table-striped causelistTbl\" border=\"1\"><thead><tr><th><strong>Sr No</strong></th><th>Bench</th>\
         <th>Cause List Type</th><th>View Causelist</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

fn people(count: u32) -> String {
    lines(count, |n| {
        format!(
            "{n}) {}<br />&nbsp;&nbsp;Advocate- MR. A UDAHARAN({n}),MS. B NAMUNA(5{n})</br>",
            pick(&PARTIES, n, 3)
        )
    })
}

fn hc_case_page() -> String {
    let hearings = lines(40, |n| {
        let (day, month) = (n % 28 + 1, n % 12 + 1);
        format!(
            "<tr><td>DAILY LIST</td><td>{}</td><td><a href='#' onclick=\"viewBusiness('1','26','','213400000012024','P','{day:02}-{month:02}-2024',\
             'DLHC010000012024')\">{day:02}-{month:02}-2024</a></td><td>{day:02}-{month:02}-2025</td><td>FOR HEARING</td></tr>\n",
            pick(&JUDGES, n, 5)
        )
    });
    let orders = lines(20, |n| {
        format!(
            "<tr><td>&nbsp;&nbsp;{n}</td><td>W.P.(C)/1/2024</td><td>{}</td><td>{:02}-03-2024</td><td><a target='_blank' href='cases/display_pdf.php?\
             filename=zx{n}%2Bq&caseno=W.P.(C)/1/2024&cCode=1&appFlag=&cino=DLHC010000012024&state_code=26'>View</a></td></tr>\n",
            pick(&JUDGES, n, 5),
            n + 1
        )
    });
    let (petitioners, respondents) = (people(4), people(12));
    format!(
        "\u{feff}<h2>Principal Bench at Delhi</h2><h2>Case Details</h2><table class=\"table case_details_table\"><tr><td><label>Filing Number</label></td>\
         <td>W.P.(C) /9/2024</td><td><label>Filing Date</label></td><td>01-01-2024</td></tr><tr><td><label>Registration Number</label></td>\
         <td>W.P.(C) /1/2024</td><td><label>Registration Date</label></td><td>02-01-2024</td></tr><tr><td><label>CNR Number</label></td>\
         <td>DLHC01-000001-2024</td></tr></table><h2>Case Status</h2><table class=\"table_r table text-left\"><tr><td><label>First Hearing Date</label></td>\
         <td>05th January 2024</td></tr><tr><td><label>Next Hearing Date</label></td><td>08th September 2026</td></tr><tr><td><label>Case Stage</label></td>\
         <td>FOR HEARING</td></tr><tr><td><label>Coram</label></td><td>1366HONOURABLE MR. JUSTICE A. UDAHARAN</td></tr><tr><td><label>Bench Type</label></td>\
         <td>SINGLE BENCH</td></tr><tr><td><label>State</label></td><td>DELHI</td></tr><tr><td><label>District</label></td><td>NEW DELHI</td></tr></table>\
         <h2>Petitioner and Advocate</h2><span class=\"Petitioner_Advocate_table\">{petitioners}</span><h2>Respondent and Advocate</h2>\
         <span class=\"Respondent_Advocate_table\">{respondents}</span><h2>Acts</h2><table id='act_table' class=\"Acts_table\"><tr><th>Under Act(s)</th>\
         <th>Under Section(s)</th></tr><tr><td>CONSTITUTION OF INDIA</td><td>226,</td></tr></table><h2>Case History</h2><table class=\"history_table\">\
         <tr><th>Cause List Type</th><th>Judge</th><th>Business on Date</th><th>Hearing Date</th><th>Purpose of Hearing</th></tr>\n{hearings}</table>\
         <h2>Orders</h2><table class=\"order_table\"><tr><th>Order Number</th><th>Order on</th><th>Judge</th><th>Order Date</th><th>Order Details</th></tr>\n\
         {orders}</table>"
    )
}

fn answer(key: &str, html: &str) -> String {
    json!({ "status": 1, "app_token": "0123456789abcdef".repeat(4), key: html }).to_string()
}

fn district_cases(rows: u32) -> String {
    let table = lines(rows, |n| {
        format!(
            "<tr><td>{n}</td><td>Title Appeal/{n}/2023</td><td>{}<br>Vs</br>{}</td><td><a class='someclass' href='#' \
             onClick=\"viewHistory(2001{n:07}2023,'BRPA01{n:06}2023',2,'','CSpartyName',8,1,1080010,'CSpartyName')\">View</a></td></tr>",
            pick(&PARTIES, n, 3),
            pick(&PARTIES, n, 17)
        )
    });
    answer(
        "party_data",
        &format!(
            "<div class='courtsDiv'><h3 class='h2class' id='courtSummary'>Total Number of Establishments in Court Complex : 1 | \
             Total number of cases : {rows}</h3></div><table id='dispTable' class='table'><thead><tr><th>Sr No</th>\
             <th>Case Type/Case Number/Case Year</th><th>Petitioner Name versus Respondent Name</th><th>View</th></tr></thead><tbody>\
             <tr><th colspan='3' id='td_court_name_2'>DJ Div. Patna Sadar</th></tr>{table}</tbody></table>"
        ),
    )
}

fn district_cause_list(rows: u32) -> String {
    let table = lines(rows, |n| {
        format!(
            "<tr><td>{n}</td><td>Title Appeal/{n}/2023</td><td><strong>{}</strong><br>vs<br><strong>{}</strong></td><td>A UDAHARAN</td>\
             <td>Court No. 3</td><td>R. KALPIT</td></tr>",
            pick(&PARTIES, n, 3),
            pick(&PARTIES, n, 17)
        )
    });
    answer(
        "causelist_data",
        &format!(
            "<table class='table' id='causeList'><thead><tr><th>Sr No</th><th>Case Number</th><th>Petitioner vs Respondent</th><th>Advocate</th>\
             <th>Court No</th><th>Judge</th></tr></thead><tbody>{table}</tbody></table>"
        ),
    )
}

fn district_case_page() -> String {
    let hearings = lines(40, |n| {
        let (day, month) = (n % 28 + 1, n % 12 + 1);
        format!(
            "<tr><td>MUNSIFF</td><td><a href=\"#\" onclick=\"viewBusiness('1','{day:02}-{month:02}-2024','KLKN220000012019')\">{day:02}-{month:02}-2024</a></td>\
             <td>{day:02}-{month:02}-2025</td><td> Evidence</td></tr>"
        )
    });
    let orders = lines(20, |n| {
        format!(
            "<tr><td>{n}</td><td>{:02}-03-2024</td><td><a href=\"#\" onclick=\"displayPdf('home/display_pdf&filename=/orders/2024/2015_{n}.pdf&caseno=RCP/3/2019\
             &court_code=13&appFlag=&normal_v=1')\">Copy of order</a></td></tr>",
            n + 1
        )
    });
    let (petitioners, respondents) = (people(4), people(12));
    answer(
        "casetype_list",
        &format!(
            "<h2 id=\"chHeading\">Munsiff Court</h2><h3>Case Details</h3><table class=\"table case_details_table\"><tbody><tr><td>Case Type</td>\
             <td colspan=\"3\">RCP - RENT CONTROL PETITION</td></tr><tr><td>Filing Number</td><td>1/2019</td><td>Filing Date</td><td>01-01-2019</td></tr>\
             <tr><td>Registration Number</td><td>3/2019</td><td>Registration Date:</td><td>23-01-2019</td></tr><tr><td>CNR Number</td><td>KLKN220000012019\
             <em> (Note the CNR number for future reference)</em></td></tr></tbody></table><h3>Case Status</h3><table class=\"table case_status_table\"><tbody>\
             <tr><td>First Hearing Date</td><td>13th February 2019</td></tr><tr><td>Decision Date</td><td>22nd October 2021</td></tr><tr><td>Case Status</td>\
             <td>Case disposed</td></tr><tr><td>Nature of Disposal</td><td>Contested--PARTLY ALLOWED</td></tr><tr><td>Court Number and Judge</td>\
             <td>1-MUNSIFF</td></tr></tbody></table><h3>Petitioner and Advocate</h3><ul class=\"list-group Petitioner_Advocate_table\"><li>{petitioners}</li></ul>\
             <h3>Respondent and Advocate</h3><ul class=\"list-group Respondent_Advocate_table\"><li>{respondents}</li></ul><h3>Acts</h3>\
             <table class=\"table acts_table\" id=\"act_table\"><tbody><tr><th>Under Act(s)</th><th>Under Section(s)</th></tr><tr><td>RENT CONTROL ACT</td>\
             <td>11</td></tr></tbody></table><table class=\"history_table table\"><thead><tr><td>Judge</td><td>Business on Date</td><td>Hearing Date</td>\
             <td>Purpose of Hearing</td></tr></thead><tbody>{hearings}</tbody></table><h2>Interim Orders</h2><table class=\"order_table table\"><tbody><tr>\
             <td>Order Number</td><td>Order Date</td><td>Order Details</td></tr>{orders}</tbody></table>"
        ),
    )
}

fn calcutta_search() -> String {
    let list = lines(40, |n| {
        format!(
            "<tr><td>{n}</td><td>{:02}-05-2024</td><td>{}</td><td>Order<br><small>Neutral Citation:</small><br>2024:CHC-AS:{n}</td><td>\
             <button class=\"btn showorder\" onclick='show_order(\"{n}~201200128862024~{n}~WBCHCA0000012024~2024\")'>View Order</button></td></tr>",
            n % 28 + 1,
            pick(&JUDGES, n, 5)
        )
    });
    json!({
        "cino": "WBCHCA0000012024", "case_type_name": "WPA", "reg_no": "1", "year": "2024",
        "side": "Calcutta High Court - Appellate Side", "full_Case_num": "WPA/1/2024",
        "cause_title": "<b>MEERA KALPANIK<br>-vs-<br>S. KALPANIK", "list": list,
    })
    .to_string()
}
