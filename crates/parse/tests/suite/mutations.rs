//! Damaged bodies: every fixture, changed at random (with a fixed seed), through every reader.

use crate::pages::{Page, TODAY};
use jiff::civil::date;
use nirnay_model::{QuarantinedRow, SourceId, courts};
use nirnay_parse::judgments::{
    CaptchaVerdict, ListedRow, SearchPage, captcha_verdict, document_link, read_row, search_page,
    start_page,
};
use nirnay_parse::{Reply, sci};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const ROUNDS: usize = 20_000;

/// Pieces that mean something to one of the readers.
const PIECES: [&str; 44] = [
    "<",
    ">",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\\",
    "&",
    "&#039;",
    "&shy;",
    "&lt;",
    "</button>",
    "</font>",
    "<font>",
    "</strong>",
    "<strong class='caseDetailsTD'>",
    "<span>",
    "</span>",
    "<br>",
    "<!--",
    "-->",
    "<select>",
    "<table><td>",
    "<svg>",
    "<template>",
    "</a>",
    "<a href='",
    "null",
    "-1",
    "1e999",
    "Y",
    "\u{feff}",
    "\0",
    "\u{202e}",
    "#####",
    "open_pdf(",
    "\"reportrow\":",
    "\"errormsg\":\"x\",",
    "\"session_expire\":\"Y\",",
    "अ",
];

fn bodies(page: Page) -> Vec<Vec<u8>> {
    let folder = crate::pages::root().join(page.folder());
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Changes `body` in one to four places.
pub(crate) fn damage(body: &[u8], others: &[Vec<u8>], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut out = body.to_vec();
    for _ in 0..rng.random_range(1..=4) {
        let at = rng.random_range(0..=out.len());
        let end = (at + rng.random_range(0..40)).min(out.len());
        match rng.random_range(0..8) {
            0 => out.truncate(at),
            1 => drop(out.drain(at..end)),
            2 => {
                let again = out[at..end].to_vec();
                out.splice(at..at, again);
            }
            3 if at < out.len() => out[at] = rng.random(),
            4 if at < out.len() => out[at] ^= 1 << rng.random_range(0..8),
            5 => {
                let other = others.choose(rng).unwrap();
                let from = rng.random_range(0..=other.len());
                let to = (from + rng.random_range(0..200)).min(other.len());
                out.splice(at..end, other[from..to].iter().copied());
            }
            6 => {
                let piece = PIECES.choose(rng).unwrap();
                out.splice(
                    at..at,
                    piece
                        .bytes()
                        .cycle()
                        .take(piece.len() * rng.random_range(1..60)),
                );
            }
            _ => {
                let piece = PIECES.choose(rng).unwrap();
                out.splice(at..at, piece.bytes());
            }
        }
    }
    out
}

/// Runs `check` over damaged bodies; a panic or failure names the body.
fn for_damaged(page: Page, seed: u64, mut check: impl FnMut(&[u8])) {
    let bodies = bodies(page);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for round in 0..ROUNDS {
        let body = damage(bodies.choose(&mut rng).unwrap(), &bodies, &mut rng);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&body)));
        assert!(
            outcome.is_ok(),
            "round {round}: {:?}",
            String::from_utf8_lossy(&body)
        );
    }
}

/// The rows of a page as plain `serde_json` sees them.
fn plain_rows(body: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(body)
        .unwrap()
        .trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let value: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    let rows = value["reportrow"]["aaData"].as_array().unwrap();
    rows.iter()
        .map(|row| row[1].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn search_pages_are_whole_or_refused() {
    let mut good = 0;
    for_damaged(Page::Search, 1, |body| {
        let Reply::Good(SearchPage { total, rows, .. }) = search_page(body) else {
            return;
        };
        good += 1;
        let html: Vec<String> = rows.into_iter().map(|row| row.html).collect();
        assert_eq!(html, plain_rows(body));
        assert!(total > 0 || html.is_empty());
        let text = String::from_utf8_lossy(body);
        assert!(
            !text.contains("\"session_expire\":\"Y\"")
                || html.iter().any(|h| h.contains("session_expire"))
        );
    });
    assert!(
        good > 1000,
        "only {good} damaged pages were still good: nothing was tested"
    );
}

fn check_row(result: Result<ListedRow, QuarantinedRow>, html: &str) -> bool {
    let row = match result {
        Ok(row) => row,
        Err(row) => {
            assert_eq!(row.html, html);
            assert!(!row.detail.is_empty());
            return false;
        }
    };
    let judgment = &row.judgment;
    let decided = judgment.decision_date.unwrap();
    assert!(date(1800, 1, 1) <= decided && decided <= TODAY.tomorrow().unwrap());
    assert!(courts().find(judgment.court_code.as_str()).is_some());
    assert!(row.val.bytes().all(|b| b.is_ascii_digit()));
    assert!(
        row.handle
            .path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_./-".contains(&b))
    );
    assert!(!row.handle.path.contains("..") && !row.handle.path.starts_with('/'));
    assert_eq!(judgment.document_path.as_ref(), Some(&row.handle.path));
    assert!(!judgment.title.is_empty() && judgment.flags.len() <= 32);
    true
}

#[test]
fn rows_are_typed_or_set_aside_whole() {
    for (page, source, seed) in [
        (Page::HighCourtRow, SourceId::EcourtsHc, 2),
        (Page::ReportRow, SourceId::Scr, 3),
    ] {
        let mut good = 0;
        for_damaged(page, seed, |body| {
            let html = String::from_utf8_lossy(body);
            good += usize::from(check_row(read_row(&html, source, TODAY), &html));
        });
        assert!(good > 1000, "{good}");
    }
}

#[test]
fn links_lead_nowhere_else() {
    for_damaged(Page::DocumentLink, 4, |body| {
        if let Reply::Good(link) = document_link(body) {
            let name = link
                .path
                .strip_prefix("/pdfsearch/tmp/")
                .or(link.path.strip_prefix("/scrsearch/tmp/"));
            let name = name.unwrap().strip_suffix(".pdf").unwrap();
            assert!(name.bytes().all(|b| b.is_ascii_hexdigit()));
        }
    });
}

#[test]
fn verdicts_need_a_verdict() {
    for_damaged(Page::CaptchaVerdict, 5, |body| {
        if let Reply::Good(CaptchaVerdict::Accepted { .. }) = captcha_verdict(body) {
            let object: serde_json::Value =
                serde_json::from_slice(body.trim_ascii_start()).unwrap();
            assert!(
                object["captcha_status"]
                    .as_str()
                    .unwrap()
                    .eq_ignore_ascii_case("y")
            );
        }
    });
}

#[test]
fn start_pages_have_the_form() {
    for_damaged(Page::Start, 6, |body| {
        if let Reply::Good(page) = start_page(body) {
            let text = String::from_utf8_lossy(body);
            let marks = [
                "txt_base_url",
                "main_search",
                "captcha_image",
                "search_text",
                "app_token",
            ];
            assert!(marks.iter().filter(|mark| text.contains(**mark)).count() >= 2);
            assert!(page.token.is_none_or(|token| text.contains(&token)));
        }
    });
}

#[test]
fn feeds_are_never_empty() {
    for_damaged(Page::Feed, 7, |body| {
        if let Reply::Good(page) = sci::feed(body, TODAY) {
            assert!(page.rows.len() + page.quarantined.len() > 0);
            for row in &page.rows {
                assert!(row.handle.path.starts_with("/sci-get-pdf/?diary_no="));
                assert!(
                    row.handle
                        .path
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"/?_=&-".contains(&b))
                );
                assert!(row.judgment.decision_date.unwrap() <= TODAY.tomorrow().unwrap());
            }
        }
    });
}

#[test]
fn every_body_on_every_endpoint_is_read_only_as_what_it_is() {
    let replies = Page::ALL.into_iter().filter(|page| !page.is_row());
    for (page, body) in
        replies.flat_map(|page| bodies(page).into_iter().map(move |body| (page, body)))
    {
        let text = String::from_utf8_lossy(&body);
        let has = |words: &str| text.contains(words);
        for (good, justified) in [
            (
                matches!(search_page(&body), Reply::Good(_)),
                has("\"reportrow\""),
            ),
            (
                matches!(document_link(&body), Reply::Good(_)),
                has("\"outputfile\""),
            ),
            (
                matches!(captcha_verdict(&body), Reply::Good(_)),
                has("captcha_status") || has("aptcha"),
            ),
            (
                matches!(start_page(&body), Reply::Good(_)),
                has("main_search"),
            ),
            (
                matches!(sci::feed(&body, TODAY), Reply::Good(_)),
                has("view-pdf/?diary_no="),
            ),
        ] {
            assert!(!good || justified, "{}: {text}", page.folder());
        }
    }
}

#[test]
fn the_place_on_the_page_changes_nothing_but_the_sessions_key() {
    for (page, source) in [
        (Page::HighCourtRow, SourceId::EcourtsHc),
        (Page::ReportRow, SourceId::Scr),
    ] {
        for body in bodies(page) {
            let html = String::from_utf8_lossy(&body);
            let moved = html
                .replace("link_0", "link_977")
                .replace("language0", "language977")
                .replace("('0'", "('977'")
                .replace("(&#039;3", "(&#039;977");
            match (
                read_row(&html, source, TODAY),
                read_row(&moved, source, TODAY),
            ) {
                (Ok(here), Ok(there)) => {
                    assert_eq!(here.judgment.row_hash(), there.judgment.row_hash());
                    assert_eq!(here.handle, there.handle);
                    assert!(html == moved || there.val == "977");
                }
                (Err(here), Err(there)) => {
                    assert_eq!((here.key, here.reason), (there.key, there.reason));
                }
                (here, there) => panic!("{here:?}\n{there:?}"),
            }
        }
    }
}
