//! Replies made to be expensive. Nothing here may cost more than a second of processor time; what a
//! tree may cost is counted in nodes beside the parser itself.

use crate::pages::TODAY;
use nirnay_model::SourceId;
use nirnay_parse::judgments::{
    captcha_verdict, document_link, read_row, report, search_page, start_page,
};
use nirnay_parse::{Refusal, Reply, pdf, sci};

const CALL: &str =
    "onclick=open_pdf('0','','court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.pdf')";
const ENTRY: &str = "<a href='/view-pdf/?diary_no=12342025&type=j&order_date=2026-04-24&from=latest_judgements_order'>";

/// Processor time of this thread in seconds: other work on the machine does not count. `None` where
/// the system does not tell.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

fn fonts(count: usize) -> String {
    numbered(count, |n| format!("<font a{n}=1>"))
}

/// A row with a button, and `inside` behind it.
fn button(inside: &str) -> String {
    format!("<button {CALL}>x</button>{inside}")
}

/// A row whose details are `inside`.
fn block(inside: &str) -> String {
    button(&format!("<strong class=caseDetailsTD>{inside}"))
}

/// HTML that is nested, or whose tags come again and again.
fn nested() -> Vec<(&'static str, String)> {
    vec![
        ("divs", "<div>".repeat(200_000)),
        ("lists", "<ul><li>".repeat(16_000)),
        ("svg", "<svg><g>".repeat(30_000)),
        ("templates", "<template>".repeat(250)),
        ("tables", "<table><tr><td>".repeat(80)),
        ("tables, closed", "<table><tr><td></table>".repeat(1000)),
        (
            "text beside cells",
            format!("<table>{}", "x<b>".repeat(240)),
        ),
        ("misnested", "<b><i></b></i>".repeat(1000)),
        ("links in links", "<a href=x><b>".repeat(2000)),
        ("emphasis across paragraphs", "<b><p></b>".repeat(120)),
        (
            "tags again in every paragraph",
            format!("<p>{}{}", fonts(250), "</p><p>x".repeat(1800)),
        ),
        (
            "a few tags again",
            format!("<p>{}{}", fonts(40), "</p><p>x".repeat(1800)),
        ),
        (
            "scripts again in every paragraph",
            format!(
                "<p><font onclick='{}'>{}",
                "open_pdf(".repeat(450),
                "</p><p>x".repeat(1800)
            ),
        ),
    ]
}

/// HTML with pieces that are endless or unfinished.
fn endless() -> Vec<(&'static str, String)> {
    vec![
        (
            "attributes",
            format!("<i {}>", numbered(100_000, |n| format!("a{n} "))),
        ),
        (
            "attributes on many tags",
            format!("<i {}></i>", numbered(60, |n| format!("a{n} "))).repeat(1000),
        ),
        (
            "a comment without end",
            format!("<!--{}", ">-".repeat(120_000)),
        ),
        ("comments", "<!---->".repeat(30_000)),
        ("entities", "&amp;".repeat(50_000)),
        ("entities without end", "&a".repeat(120_000)),
        ("a long entity", format!("&{}", "a".repeat(250_000))),
        ("a long number", format!("&#{};", "1".repeat(250_000))),
        ("tags without names", "<".repeat(250_000)),
        ("end tags without names", "</".repeat(120_000)),
        ("declarations", "<!".repeat(120_000)),
        (
            "a value without end",
            format!("<a b='{}", "x".repeat(250_000)),
        ),
        (
            "tags in a value",
            format!("<a x=y=\"z>{}\">", "<div>".repeat(4000)),
        ),
        (
            "tags barred by cells",
            "<font a=1><table><td></font></td></table>".repeat(680),
        ),
        (
            "end tags that are text",
            "<div><title></div></title>".repeat(1000),
        ),
    ]
}

/// Rows that the reader takes, with too much of everything.
fn rows_of_too_much() -> Vec<(&'static str, String)> {
    vec![
        ("buttons", format!("<button {CALL}></button>").repeat(1000)),
        (
            "emphasis without text",
            button(&"<strong></strong>".repeat(2000)),
        ),
        ("emphasis in emphasis", button(&"<strong>".repeat(250))),
        (
            "pairs",
            block(&"<span>x :</span><font>y</font>".repeat(1000)),
        ),
        (
            "texts deep down",
            block(&format!(
                "{}{}",
                "<i a=1><div>".repeat(120),
                "x<br>".repeat(3500)
            )),
        ),
        (
            "options",
            format!("<select id=language>{}", "<option value=HIN>".repeat(250)),
        ),
        (
            "a label of blanks",
            button(&format!("<strong>Judge{}:", " ".repeat(200_000))),
        ),
        (
            "calls",
            format!("<button onclick='{}'>", "open_pdf(".repeat(1700)),
        ),
        (
            "parties",
            format!("<button {CALL}><font>{}", "Vs ".repeat(60_000)),
        ),
        (
            "case numbers",
            format!("<button {CALL}><font>{}", "/1/2024 of ".repeat(20_000)),
        ),
        (
            "judges",
            button(&format!(
                "<strong>Judge : {}</strong>",
                "*,J".repeat(60_000)
            )),
        ),
        (
            "invisible marks",
            button(&"\u{200b}\u{202e}".repeat(40_000)),
        ),
    ]
}

fn json_bombs() -> Vec<(&'static str, Vec<u8>)> {
    let page = |rows: &str| {
        format!("{{\"reportrow\":{{\"iTotalRecords\":1,\"aaData\":[{rows}]}}}}").into_bytes()
    };
    let keys = numbered(50_000, |n| format!("\"a{n}\":1,"));
    vec![
        ("brackets", "[".repeat(1_000_000).into_bytes()),
        ("braces", "{\"a\":".repeat(1_000_000).into_bytes()),
        ("brackets in a page", page(&"[".repeat(100_000))),
        (
            "a number of a million digits",
            page(&format!("[{},\"x\"]", "1".repeat(1_000_000))),
        ),
        (
            "a fraction of a million digits",
            page(&format!("[0.{},\"x\"]", "1".repeat(1_000_000))),
        ),
        (
            "an exponent of a million digits",
            page(&format!("[1e{},\"x\"]", "1".repeat(1_000_000))),
        ),
        ("a key twice", page("[1,\"x\"]],\"aaData\":[")),
        ("many keys", format!("{{{keys}\"a0\":1}}").into_bytes()),
        (
            "escapes",
            page(&format!("[1,\"{}\"]", "\\u0041".repeat(1_000_000))),
        ),
        (
            "half surrogates",
            page(&format!("[1,\"{}\"]", "\\ud800".repeat(1_000_000))),
        ),
        (
            "a text without end",
            format!("{{\"a\":\"{}", "x".repeat(10_000_000)).into_bytes(),
        ),
        ("marks in front", "\u{feff}".repeat(1_000_000).into_bytes()),
        ("tokens", "#####".repeat(1_000_000).into_bytes()),
        (
            "an error as a tree",
            format!("{{\"errormsg\":[{}1]}}", "{\"a\":[]},".repeat(300_000)).into_bytes(),
        ),
        (
            "rows that are none",
            page(&format!("{}1", "1,".repeat(1_000_000))),
        ),
    ]
}

fn every_reader(body: &[u8]) {
    if let Reply::Good(page) = search_page(body) {
        let read: Vec<_> = page
            .rows
            .iter()
            .map(|row| read_row(&row.html, SourceId::EcourtsHc, TODAY))
            .collect();
        report(&page, &read);
    }
    assert!(matches!(start_page(body), Reply::Refused(_)));
    assert!(matches!(captcha_verdict(body), Reply::Refused(_)));
    assert!(matches!(document_link(body), Reply::Refused(_)));
    assert!(pdf::look(body, None).is_err());
    if let Reply::Good(page) = sci::feed(body, TODAY) {
        assert!(page.rows.len() + page.quarantined.len() > 0);
    }
}

/// A second, and twice that for code that is built for debugging, on processors that others use too.
const MOST_SECONDS: f64 = if cfg!(debug_assertions) { 2.0 } else { 1.0 };

/// Runs `read` and says what it cost if that is more than it may.
fn too_long(name: &str, read: impl FnOnce()) -> Option<String> {
    let before = processor_seconds();
    read();
    let cost = processor_seconds()? - before?;
    (cost > MOST_SECONDS).then(|| format!("{name}: {cost:.2} s"))
}

#[test]
fn no_html_is_expensive() {
    let mut slow = Vec::new();
    for (name, html) in [nested(), endless(), rows_of_too_much()].concat() {
        slow.extend(too_long(name, || {
            for source in [SourceId::EcourtsHc, SourceId::Scr] {
                if let Err(row) = read_row(&html, source, TODAY) {
                    assert_eq!(row.html, html);
                }
            }
            let page = serde_json::json!({
                "reportrow": {"iTotalRecords": 1, "aaData": [[1, html]]},
                "court_dtls": html, "judge_dtls": html,
            });
            every_reader(page.to_string().as_bytes());
            every_reader(html.as_bytes());
            every_reader(format!("<html>{ENTRY}{html}</a>").as_bytes());
            let message = serde_json::json!({"errormsg": html, "filename": html, "message": html});
            every_reader(message.to_string().as_bytes());
        }));
    }
    assert_eq!(slow, Vec::<String>::new());
}

#[test]
fn no_json_is_expensive() {
    let mut slow = Vec::new();
    for (name, body) in json_bombs() {
        slow.extend(too_long(name, || {
            every_reader(&body);
            assert!(
                matches!(search_page(&body), Reply::Refused(_)) || name == "escapes",
                "{name}"
            );
        }));
    }
    assert_eq!(slow, Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_safely_is_unknown_and_not_empty() {
    for (name, body) in json_bombs() {
        let refusal = search_page(&body).into_result().map(|page| page.rows.len());
        match name {
            // Long, but a page; a message that is long, but a message.
            "escapes" => assert_eq!(refusal, Ok(1)),
            "an error as a tree" => {
                assert!(matches!(refusal, Err(Refusal::PortalError { .. })));
            }
            "marks in front" => assert_eq!(refusal, Err(Refusal::Empty)),
            _ => assert!(
                matches!(refusal, Err(Refusal::Unknown { .. })),
                "{name}: {refusal:?}"
            ),
        }
    }
}
