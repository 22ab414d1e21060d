//! How much memory one huge reply takes: a page of 50,000 rows. Alone in its program, because it looks
//! at the memory of the whole program.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fmt::Write as _;

use nirnay_model::SourceId;
use nirnay_parse::judgments::{read_row, search_page};

const ROWS: u32 = 50_000;

fn body() -> Vec<u8> {
    let mut body = String::with_capacity(64 << 20);
    write!(
        body,
        "{{\"reportrow\":{{\"iTotalRecords\":{ROWS},\"aaData\":["
    )
    .unwrap();
    for n in 0..ROWS {
        let comma = if n == 0 { "" } else { "," };
        write!(
            body,
            "{comma}[{n},\"<button onclick=javascript:open_pdf('{n}','','court/cnrorders/dhcdb/orders/DLHC01{n:06}2023_1_2024-02-15.pdf#page=&search=%20'); ><font size='3'>WP/{n}/2023 of A Vs B</button></font><br><strong>Judge : X,Y</strong><br> {}<br><strong class='caseDetailsTD' ><span> CNR :</span><font> DLHC01{n:06}2023</font><span> | Decision Date :</span><font> 15-02-2024</font><br><span>Court : High Court of Delhi</span></strong>\"]",
            "words of the order ".repeat(40)
        )
        .unwrap();
    }
    body.push_str("]}}");
    body.into_bytes()
}

/// A line of the program's own memory figures, in bytes. `None` where the system has none.
fn memory(line: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let rest = status.split_once(line)?.1;
    let kibibytes: usize = rest.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[test]
fn fifty_thousand_rows_take_less_than_three_times_their_bytes() {
    let body = body();
    // Sets the peak back to what is in use now.
    let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = memory("VmRSS:");
    let page = search_page(&body).into_result().unwrap();
    let today = jiff::civil::date(2026, 6, 1);
    let mut taken = 0;
    for row in page.rows {
        taken += u32::from(read_row(&row.html, SourceId::EcourtsHc, today).is_ok());
    }
    assert_eq!(taken, ROWS);
    let (true, Some(before), Some(peak)) = (reset, before, memory("VmHWM:")) else {
        eprintln!("not tested: the system does not tell how much memory is in use");
        return;
    };
    // The reply itself is in use all the while and counts as one.
    let times = (peak - before + body.len()) as f64 / body.len() as f64;
    assert!(
        times < 3.0,
        "{times:.2} times the {} bytes of the reply",
        body.len()
    );
}
