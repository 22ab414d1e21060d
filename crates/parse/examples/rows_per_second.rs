//! Rows read a second, on one core: a page of search results as served, to typed judgments.
//!
//! ```text
//! rows_per_second make 1000 page.json    writes a page of 1,000 made-up High Court rows
//! rows_per_second read page.json [20]    reads it 20 times; prints the best and the median as JSON
//! ```
#![expect(clippy::print_stdout, reason = "its figures are its output")]

use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;

use jiff::civil::{Date, date};
use nirnay_model::SourceId;
use nirnay_parse::judgments::{read_row, report, search_page};

const TODAY: Date = date(2026, 6, 1);

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["make", rows, path] => Ok(std::fs::write(path, page(rows.parse()?)?)?),
        ["read", path] => measure(&std::fs::read(path)?, 20),
        ["read", path, rounds] => measure(&std::fs::read(path)?, rounds.parse()?),
        _ => Err("usage: rows_per_second make ROWS FILE | read FILE [ROUNDS]".into()),
    }
}

/// Times the whole way from bytes to typed rows, and its parts.
fn measure(body: &[u8], rounds: usize) -> Result<(), Box<dyn Error>> {
    let mut times = [const { Vec::new() }; 4];
    let [json, envelope, rows, reports] = &mut times;
    let (mut taken, mut aside) = (0, 0);
    let mut processor = f64::INFINITY;
    for _ in 0..rounds.max(1) {
        let began = Instant::now();
        std::hint::black_box(serde_json::from_slice::<serde_json::Value>(body)?);
        json.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        let used = processor_seconds();
        let page = search_page(body).into_result()?;
        envelope.push(began.elapsed().as_secs_f64());
        let read: Vec<_> = page
            .rows
            .iter()
            .map(|row| read_row(&row.html, SourceId::EcourtsHc, TODAY))
            .collect();
        rows.push(began.elapsed().as_secs_f64());
        if let (Some(before), Some(after)) = (used, processor_seconds()) {
            processor = processor.min(after - before);
        }
        let began = Instant::now();
        std::hint::black_box(report(&page, &read));
        reports.push(began.elapsed().as_secs_f64());
        taken = read.iter().filter(|row| row.is_ok()).count();
        aside = read.len() - taken;
    }
    for list in &mut times {
        list.sort_by(f64::total_cmp);
    }
    let best = |list: &[f64]| list.first().copied().unwrap_or(f64::NAN);
    let [json, envelope, rows, reports] = &times;
    let count = (taken + aside) as f64;
    let out = serde_json::json!({
        "client": "nirnay",
        "rows": taken + aside,
        "typed": taken,
        "set_aside": aside,
        "bytes": body.len(),
        "rounds": rounds,
        "rows_per_second": (count / best(rows)).round(),
        "rows_per_second_median": (count / rows.get(rows.len() / 2).copied().unwrap_or(f64::NAN)).round(),
        "rows_per_processor_second": (count / processor).round(),
        "seconds_json_alone": best(json),
        "seconds_envelope": best(envelope),
        "seconds_envelope_and_rows": best(rows),
        "seconds_report": best(reports),
        "times_json_alone": best(rows) / best(json),
    });
    println!("{out}");
    Ok(())
}

/// Processor time of this thread: what the work costs, whatever else the machine does. `None` where the
/// system does not tell.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

/// A page of rows as the portal prints them: parties, judges and excerpts of usual lengths, some with
/// entities, some without judges or disposal.
fn page(rows: u32) -> Result<String, Box<dyn Error>> {
    const PARTIES: [&str; 6] = [
        "MEERA KALPANIK",
        "STATE OF UTTAR PRADESH AND 3 OTHERS",
        "Udaharan Engineering &amp; Works (P) Ltd.",
        "R. NAMUNA D/O LATE S. NAMUNA",
        "Union of India, Rep. by its Secretary",
        "Kalpit Cooperative Group Housing Society",
    ];
    const JUDGES: [&str; 4] = [
        "Honourable Mr. Justice A. Udaharan",
        "HON&#039;BLE MS. JUSTICE N. NAMUNA",
        "HON'BLE MR. JUSTICE R. KALPIT,HON'BLE MS. JUSTICE N. NAMUNA",
        "THE CHIEF JUSTICE,HON'BLE MR. JUSTICE A. UDAHARAN",
    ];
    const WORDS: [&str; 12] = [
        "petitioner",
        "order",
        "dated",
        "the learned counsel",
        "section 482",
        "and",
        "of the",
        "respondent",
        "in view of",
        "writ petition",
        "is disposed of",
        "liberty",
    ];
    let mut list = String::new();
    for n in 0..rows {
        let pick = |list: &[&'static str], salt: u32| {
            let mixed = n.wrapping_mul(2_654_435_761).rotate_left(salt % 31);
            list.get(mixed as usize % list.len()).copied().unwrap_or("")
        };
        let (first, second, judges) = (pick(&PARTIES, 3), pick(&PARTIES, 17), pick(&JUDGES, 7));
        let mut excerpt = String::new();
        for word in 0..45 {
            write!(excerpt, " {}", pick(&WORDS, word * 5 + n % 7))?;
        }
        let judges = if n % 40 == 9 {
            String::new()
        } else {
            format!("<strong>Judge : {judges}</strong><br>")
        };
        let disposal = if n % 25 == 3 {
            ""
        } else {
            "<span style='color:#212F3D' > | Disposal Nature :</span><font color='green'> DISPOSED OFF</font>"
        };
        let (day, month) = (n % 28 + 1, n / 28 % 12 + 1);
        let case = format!("WP(C)/{}/2023", n + 100);
        let html = format!(
            "<button type='button' role='link' class='btn btn-link p-0 text-start' id='link_{n}' aria-label=\"{case} of {first} .Array[93]. {second} pdf\"  class='noToken' href='#' onclick=javascript:open_pdf('{n}','','court/cnrorders/dhcdb/orders/DLHC01{n:06}2023_1_2024-{month:02}-{day:02}.pdf#page=&search=%20'); ><font size='3'>{case} of {first} Vs {second}</button></font><br>{judges}{excerpt}<br><strong class='caseDetailsTD' ><span style='color:#212F3D'> CNR :</span><font color='green'> DLHC01{n:06}2023</font><span style='color:#212F3D' > | Date of registration :</span><font color='green'> 02-01-2023</font><span style='color:#212F3D' > | Decision Date :</span><font color='green'> {day:02}-{month:02}-2024</font>{disposal}<br><span style='opacity: 0.5;'>Court : High Court of Delhi</span></strong>"
        );
        let comma = if n == 0 { "" } else { "," };
        write!(list, "{comma}[{},{}]", n + 1, serde_json::to_string(&html)?)?;
    }
    let token = "0".repeat(64);
    Ok(format!(
        "{{\"reportrow\":{{\"sEcho\":1,\"iTotalRecords\":{rows},\"iTotalDisplayRecords\":{rows},\"sSearch\":\"\",\"aaData\":[{list}]}},\"total\":\"{rows}\",\"seconds\":\"0.1\",\"app_token\":\"{token}\"}}"
    ))
}
