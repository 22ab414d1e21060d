//! Readers of what portals send, and of the identifiers in it.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use nirnay_model::{
    BenchCode, CaseNumber, Cnr, CourtCode, DateWindow, Disposal, NeutralCitation, Sha256, SourceId,
    Split, courts,
};
use nirnay_parse::judgments::{
    CaptchaVerdict, PageReport, captcha_verdict, document_link, read_row, report, search_page,
    start_page,
};
use nirnay_parse::{Reply, pdf, sci};

use super::Target;

const TODAY: Date = date(2026, 6, 1);

/// The readers of replies.
pub fn replies() -> Vec<Target> {
    vec![
        classifier(),
        search(),
        row("high_court_row", "high-court-row", SourceId::EcourtsHc),
        row("report_row", "report-row", SourceId::Scr),
        call(),
        verdict(),
        link(),
        start(),
        feed(),
        pdf_look(),
        identifiers(),
        windows(),
    ]
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/parse/tests/fixtures")
}

/// The bodies of one folder of the parser's fixtures, or of all.
fn bodies(folders: &[&str]) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(fixtures().join(folder)).expect("the parser's fixtures");
        paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    paths.retain(|path| !path.to_string_lossy().ends_with(".expected.json"));
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a fixture"))
        .collect()
}

const REPLIES: [&str; 5] = [
    "search-page",
    "captcha-verdict",
    "document-link",
    "start-page",
    "feed",
];
const WORDS: [&str; 14] = [
    "\"reportrow\":",
    "\"aaData\":[",
    "\"iTotalRecords\":",
    "\"session_expire\":\"Y\",",
    "\"errormsg\":\"x\",",
    "\"captcha_status\":\"Y\",",
    "\"outputfile\":\"",
    "\"filename\":\"",
    "#####0123456789abcdef0123456789abcdef",
    "<html>",
    "<title>",
    "captcha",
    "maintenance",
    "access denied",
];
const ROW_WORDS: [&str; 16] = [
    "<button onclick=",
    "open_pdf(",
    "<font size='3'>",
    "</button></font>",
    "<strong>Judge :",
    "<strong class='caseDetailsTD' >",
    "<span>",
    "</span>",
    "<font>",
    "<br>",
    " Vs ",
    " of ",
    "Decision Date :",
    "CNR :",
    "<select id='language0'><option value='HIN'>",
    "<script>",
];

/// Every body on every endpoint: only the refusals of the closed set, and never a page out of nothing.
fn classifier() -> Target {
    Target::new("classifier", bodies(&REPLIES), &WORDS, |body| {
        let text = String::from_utf8_lossy(body);
        if let Reply::Good(page) = search_page(body) {
            assert!(text.contains("aaData"), "a page without rows in it");
            assert!(page.total > 0 || page.rows.is_empty());
        }
        if let Reply::Good(CaptchaVerdict::Accepted { .. }) = captcha_verdict(body) {
            assert!(text.contains("captcha_status"));
        }
        drop(document_link(body));
        drop(start_page(body));
        drop(sci::feed(body, TODAY));
    })
}

/// A page, its rows, and the report on both.
fn search() -> Target {
    Target::new("search_page", bodies(&["search-page"]), &WORDS, |body| {
        let Reply::Good(page) = search_page(body) else {
            return;
        };
        let read: Vec<_> = page
            .rows
            .iter()
            .map(|row| read_row(&row.html, SourceId::EcourtsHc, TODAY))
            .collect();
        let seen = report(&page, &read);
        assert_eq!(seen.rows as usize, page.rows.len());
        assert_eq!(seen.fingerprint().len(), 16);
        let mut sum = PageReport::default();
        sum.add(&seen);
        assert_eq!(sum, seen);
    })
}

/// A row is typed or set aside whole.
fn row(name: &'static str, folder: &'static str, source: SourceId) -> Target {
    Target::new(name, bodies(&[folder]), &ROW_WORDS, move |body| {
        let html = String::from_utf8_lossy(body);
        match read_row(&html, source, TODAY) {
            Ok(row) => {
                let judgment = row.judgment;
                let decided = judgment.decision_date.expect("a decision date");
                assert!(decided <= TODAY.tomorrow().expect("a day"));
                assert!(courts().find(judgment.court_code.as_str()).is_some());
                assert!(row.val.bytes().all(|b| b.is_ascii_digit()));
                assert!(!row.handle.path.contains("..") && !row.handle.path.starts_with('/'));
                assert!(!judgment.title.is_empty() && judgment.flags.len() <= 32);
                assert!(judgment.registration_date.is_none_or(|day| day <= decided));
                assert!(judgment.key().as_str().len() < 300);
            }
            Err(row) => {
                assert_eq!(row.html, html);
                assert!(!row.detail.is_empty() && row.detail.len() < 2_000);
            }
        }
    })
}

/// The call that opens the document, and the path in it, within a row that is otherwise good.
fn call() -> Target {
    let calls = [
        "javascript:open_pdf('0','','court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.pdf#page=&search=%20');",
        "open_pdf('12','2025','2025_5_275_330','2025INSC555')",
        "open_pdf( \"1\" , 7,'cnrorders/taphc/orders/2017/HBHC010000122017_1.pdf' )",
        "open_pdf('7','','court/cnrorders/dhcdb/orders/DLHC010000122024_1_2024-02-15.PDF','2024:DHC:1234-DB','N')",
    ];
    let corpus = calls.iter().map(|call| call.as_bytes().to_vec()).collect();
    let words = [
        "open_pdf(",
        "court/",
        "cnrorders/",
        "/orders/",
        ".pdf",
        "&#039;",
        "&quot;",
    ];
    Target::new("call_and_path", corpus, &words, |body| {
        let call = String::from_utf8_lossy(body);
        let quoted = call.replace(['"', '<', '>'], "'");
        let html = format!(
            "<button onclick=\"{quoted}\"><font>WP/1/2024 of A Vs B</button></font><br><strong class='caseDetailsTD'>\
             <span>Decision Date :</span><font>15-02-2024</font><br><span>Court : High Court of Delhi</span></strong>"
        );
        for source in [SourceId::EcourtsHc, SourceId::Scr] {
            if let Ok(row) = read_row(&html, source, TODAY) {
                let path = row.handle.path;
                let plain = |b: u8| b.is_ascii_alphanumeric() || b"_./-".contains(&b);
                assert!(path.bytes().all(plain) && !path.contains(".."), "{path}");
            }
        }
    })
}

fn verdict() -> Target {
    Target::new(
        "captcha_verdict",
        bodies(&["captcha-verdict"]),
        &WORDS,
        |body| {
            if let Reply::Good(CaptchaVerdict::Accepted { .. }) = captcha_verdict(body) {
                let text = String::from_utf8_lossy(body);
                let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
                let object: serde_json::Value =
                    serde_json::from_str(text.trim()).expect("an object");
                let status = object["captcha_status"].as_str().expect("a status");
                assert!(status.eq_ignore_ascii_case("y"));
            }
        },
    )
}

fn link() -> Target {
    let words = [
        "/pdfsearch/tmp/",
        "/scrsearch/tmp/",
        ".pdf",
        "https://",
        "@",
        "//",
        "\"outputfile\":\"",
    ];
    Target::new(
        "document_link",
        bodies(&["document-link"]),
        &words,
        |body| {
            if let Reply::Good(link) = document_link(body) {
                let name = link.path.strip_prefix("/pdfsearch/tmp/");
                let name = name
                    .or(link.path.strip_prefix("/scrsearch/tmp/"))
                    .expect("a folder");
                let name = name.strip_suffix(".pdf").expect("a PDF");
                assert!(name.bytes().all(|b| b.is_ascii_hexdigit()));
            }
        },
    )
}

fn start() -> Target {
    let words = [
        "app_token",
        "main_search",
        "txt_base_url",
        "captcha_image",
        "value='",
        "<input ",
    ];
    Target::new("start_page", bodies(&["start-page"]), &words, |body| {
        if let Reply::Good(page) = start_page(body) {
            let digits = |token: String| token.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(page.token.is_none_or(digits));
        }
    })
}

fn feed() -> Target {
    let words = [
        "<a href='/view-pdf/?diary_no=",
        "&type=j",
        "&order_date=",
        "&from=latest_judgements_order",
        "(Uploaded On ",
        " - Diary Number ",
        " VS. ",
        "</a>",
    ];
    Target::new("feed", bodies(&["feed"]), &words, |body| {
        if let Reply::Good(page) = sci::feed(body, TODAY) {
            assert!(page.rows.len() + page.quarantined.len() > 0);
            for row in page.rows {
                assert!(row.handle.path.starts_with("/sci-get-pdf/?diary_no="));
                assert!(
                    row.judgment.decision_date.expect("a date") <= TODAY.tomorrow().expect("a day")
                );
            }
        }
    })
}

fn pdf_look() -> Target {
    let mut whole = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n".to_vec();
    whole.resize(4_000, b' ');
    whole.extend_from_slice(b"trailer\n<<>>\n%%EOF\n");
    let fake = b"\xef\xbb\xbf\xef\xbb\xbf   File not found   ...".to_vec();
    let page = b"<html><title>404</title></html>".repeat(100);
    let words = ["%PDF-", "%%EOF", "%PDF-1.7", "\u{feff}"];
    Target::new("pdf_look", vec![whole, fake, page], &words, |body| {
        for announced in [None, Some(body.len() as u64), Some(4_019)] {
            if let Ok(look) = pdf::look(body, announced) {
                assert!(body[look.start..].starts_with(b"%PDF-") && look.start < 1024);
                assert!(body.len() >= 1024);
            }
        }
    })
}

/// Identifiers: what is read is printed in a form that is read the same.
fn identifiers() -> Target {
    let forms = [
        "DLHC010000122024",
        "gjhc24-046431-2025",
        "WP/12923/2016",
        "C.A. No.-004292-004292 - 2002",
        "CIVIL APPEAL No. 14724/2024",
        "2025 INSC 555",
        "2023:DHC:2073-DB",
        "2023/MHC/4812",
        "7_26",
        "dhcdb",
        "ecourts-hc",
        "High Court  For State of TELANGANA",
        "DISMISSED AS WITHDRAWN",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ];
    let corpus = forms.iter().map(|form| form.as_bytes().to_vec()).collect();
    Target::new(
        "identifiers",
        corpus,
        &["INSC", ":", "-DB", " No. ", "HC"],
        |body| {
            let text = String::from_utf8_lossy(body);
            if let Ok(cnr) = text.parse::<Cnr>() {
                assert_eq!(cnr.to_string().parse::<Cnr>().ok().as_ref(), Some(&cnr));
                assert!(cnr.year() >= 1850 && cnr.prefix().len() == 4);
                assert_eq!(
                    cnr.establishment().len() + cnr.serial().to_string().len().min(1),
                    3
                );
            }
            if let Ok(case) = text.parse::<CaseNumber>() {
                let again: Result<CaseNumber, _> = case.to_string().parse();
                assert!(again.is_ok(), "{case} is not read back");
            }
            if let Ok(citation) = text.parse::<NeutralCitation>() {
                assert_eq!(
                    citation.to_string().parse::<NeutralCitation>().ok(),
                    Some(citation)
                );
            }
            drop(text.parse::<BenchCode>());
            drop(text.parse::<CourtCode>());
            drop(text.parse::<SourceId>());
            if let Ok(hash) = text.parse::<Sha256>() {
                assert_eq!(hash.to_hex().len(), 64);
            }
            courts().by_name(&text);
            courts().find(&text);
            Disposal::classify(&text);
        },
    )
}

/// Windows of days: what is read is whole, and its parts cover it.
fn windows() -> Target {
    let forms = [
        "2024-01-01..2024-12-31",
        "1950-01-01..2026-11-22",
        "2024-02-29..2024-02-29",
        "-9999-01-01..9999-12-31",
        "\"2024-01-01..2024-12-31\"",
    ];
    let corpus = forms.iter().map(|form| form.as_bytes().to_vec()).collect();
    Target::new(
        "windows",
        corpus,
        &["..", "...", "2024-02-30", "-0001-01-01"],
        |body| {
            let text = String::from_utf8_lossy(body);
            drop(serde_json::from_str::<DateWindow>(&text));
            let Ok(window) = text.parse::<DateWindow>() else {
                return;
            };
            assert!(window.days() >= 1 && window.contains(window.from()));
            assert_eq!(window.to_string().parse::<DateWindow>().ok(), Some(window));
            let Split::Into(parts) = window.split() else {
                assert_eq!(window.days(), 1);
                return;
            };
            assert_eq!(parts.first().map(DateWindow::from), Some(window.from()));
            assert_eq!(parts.last().map(DateWindow::to), Some(window.to()));
            assert_eq!(
                parts.iter().map(DateWindow::days).sum::<i64>(),
                window.days()
            );
        },
    )
}
