//! Layouts that change: what a portal may do to its pages, and that it is noticed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::pages::TODAY;
use jiff::civil::{Date, date};
use nirnay_model::SourceId;
use nirnay_parse::Reply;
use nirnay_parse::judgments::{
    ListedRow, PageReport, known_layouts, read_row, report, search_page,
};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const LABELS: [&str; 4] = [
    "CNR",
    "Date of registration",
    "Decision Date",
    "Disposal Nature",
];

/// A row in pieces, so that a layout can be changed without touching the data.
#[derive(Clone)]
struct Row {
    decided: Date,
    cnr: String,
    path: String,
    pairs: Vec<(String, String)>,
}

fn rows(count: u32) -> Vec<Row> {
    let row = |n: u32| {
        // Day and month of every kind: the same, both up to twelve, a day above twelve.
        let decided = date(2024, (n % 12 + 1) as i8, (n * 7 % 28 + 1) as i8);
        let cnr = format!("DLHC01{n:06}2023");
        let values = [
            cnr.clone(),
            "02-01-2023".to_owned(),
            decided.strftime("%d-%m-%Y").to_string(),
            "DISMISSED".to_owned(),
        ];
        Row {
            decided,
            path: format!("court/cnrorders/dhcdb/orders/{cnr}_1_{decided}.pdf"),
            cnr,
            pairs: LABELS
                .iter()
                .map(|label| (*label).to_owned())
                .zip(values)
                .collect(),
        }
    };
    (0..count).map(row).collect()
}

impl Row {
    fn html(&self, n: usize) -> String {
        let mut pairs = String::new();
        for (label, value) in &self.pairs {
            write!(pairs, "<span style='color:#212F3D' > | {label} :</span><font color='green'> {value}</font>").unwrap();
        }
        format!(
            "<button type='button' id='link_{n}' aria-label=\"x\" onclick=javascript:open_pdf('{n}','','{}#page=&search=%20'); >\
             <font size='3'>WP/{n}/2023 of A Vs B</button></font><br><strong>Judge : X,Y</strong><br> words<br>\
             <strong class='caseDetailsTD' >{pairs}<br><span style='opacity: 0.5;'>Court : High Court of Delhi</span></strong>",
            self.path
        )
    }
}

fn body(rows: &[String]) -> Vec<u8> {
    let rows: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(n, html)| serde_json::json!([n + 1, html]))
        .collect();
    let report = serde_json::json!({"sEcho": 1, "iTotalRecords": rows.len(), "iTotalDisplayRecords": rows.len(), "aaData": rows});
    serde_json::json!({"reportrow": report, "total": "1", "app_token": "0".repeat(64)})
        .to_string()
        .into_bytes()
}

fn look(html: &[String]) -> (PageReport, Vec<Option<ListedRow>>) {
    let Reply::Good(page) = search_page(&body(html)) else {
        panic!("refused")
    };
    let read: Vec<_> = page
        .rows
        .iter()
        .map(|row| read_row(&row.html, SourceId::EcourtsHc, TODAY))
        .collect();
    (
        report(&page, &read),
        read.into_iter().map(Result::ok).collect(),
    )
}

/// Whether the report shows that something about the key fields has changed: the page is new, or they
/// are missing in more rows than ever are.
fn is_noticed(report: &PageReport) -> bool {
    let below = |count: u32, percent: u32| count * 100 < report.rows * percent;
    !report.is_known()
        || below(report.filled.cnr, 99)
        || below(report.filled.decision_date, 98)
        || below(report.filled.document_path, 97)
        || report.set_aside() * 100 > report.rows
}

/// The first row that is taken with another decision date, path or CNR than the portal meant.
fn wrong(rows: &[Row], read: &[Option<ListedRow>]) -> Option<String> {
    rows.iter().zip(read).find_map(|(row, listed)| {
        let judgment = &listed.as_ref()?.judgment;
        let right = judgment.decision_date == Some(row.decided)
            && judgment.document_path.as_ref() == Some(&row.path)
            && judgment
                .cnr
                .as_ref()
                .is_some_and(|cnr| cnr.as_str() == row.cnr);
        (!right).then(|| format!("{judgment:?}"))
    })
}

#[test]
fn known_pages_share_one_fingerprint_whatever_their_data() {
    let plain = rows(40);
    let mut sparse = rows(40);
    for (n, row) in sparse.iter_mut().enumerate() {
        row.pairs
            .retain(|(label, _)| n % 3 > 0 || label != "Disposal Nature");
    }
    let pages: Vec<Vec<String>> = [plain, sparse]
        .iter()
        .map(|rows| {
            rows.iter()
                .enumerate()
                .map(|(n, row)| row.html(n))
                .collect()
        })
        .collect();
    let mut fingerprints: Vec<String> = Vec::new();
    for html in pages {
        let (report, _) = look(&html);
        assert!(report.is_known(), "{:?}", report.news());
        assert!(!is_noticed(&report));
        assert_eq!(
            report.known_layouts,
            BTreeMap::from([("high-court-row".to_owned(), 40)])
        );
        fingerprints.push(report.fingerprint());
    }
    // A row without judges, one with excerpts in bold and one from the reader of trees are no news either.
    let odd = rows(3);
    let html = [
        odd[0]
            .html(0)
            .replace("<strong>Judge : X,Y</strong><br>", ""),
        odd[1]
            .html(1)
            .replace("words", "wo<b>rds</b> and<br>more &shy; words"),
        odd[2].html(2).replace(
            "<br><span style='opacity: 0.5;'>Court : High Court of Delhi</span>",
            "",
        ),
    ];
    let (report, _) = look(&html);
    assert_eq!(report.news(), Vec::<String>::new());
    fingerprints.push(report.fingerprint());
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 1);
    assert_eq!(known_layouts().count(), 2);
}

#[test]
fn reports_of_pages_add_up() {
    let rows = rows(20);
    let html: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| row.html(n))
        .collect();
    let changed: Vec<String> = html
        .iter()
        .map(|html| html.replace("<br><span", "<p><span"))
        .collect();
    let (mut sum, _) = look(&html);
    let (other, _) = look(&changed);
    assert_ne!(sum.fingerprint(), other.fingerprint());
    sum.add(&other);
    assert_eq!(
        (sum.rows, sum.rows_in_new_layouts(), sum.filled.cnr),
        (40, 20, 40)
    );
    assert!(!sum.is_known());
    let text = serde_json::to_string(&sum).unwrap();
    assert_eq!(serde_json::from_str::<PageReport>(&text).unwrap(), sum);
}

#[test]
fn one_damaged_row_in_a_page_is_no_new_layout() {
    let rows = rows(40);
    let mut html: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| row.html(n))
        .collect();
    html[7] = "<b>Warning</b>: Undefined array key in <b>/var/www</b><br />".to_owned();
    let (report, _) = look(&html);
    assert!(report.is_known());
    assert_eq!((report.set_aside(), report.rows_in_new_layouts()), (1, 1));
}

#[test]
fn characters_somebody_could_not_decode_are_counted() {
    let rows = rows(2);
    let html = [
        rows[0].html(0).replace("words", "w\u{fffd}\u{fffd}ds"),
        rows[1].html(1),
    ];
    let (report, _) = look(&html);
    assert_eq!(report.replacement_chars, 2);
    assert_eq!(
        report.characters,
        html.iter().map(|h| h.chars().count() as u64).sum::<u64>()
    );
}

/// A change of the layout, by name; `None` where an earlier change left nothing to change.
type Change = (&'static str, fn(&str) -> Option<String>);

/// What a portal may do to its rows: each is about a key field.
const CHANGES: [Change; 24] = [
    ("CNR renamed", |h| {
        Some(h.replace("| CNR :", "| CNR Number :"))
    }),
    ("CNR in Hindi", |h| Some(h.replace("| CNR :", "| सीएनआर :"))),
    ("decision date renamed", |h| {
        Some(h.replace("Decision Date :", "Date of Decision :"))
    }),
    ("decision date in Hindi", |h| {
        Some(h.replace("Decision Date :", "निर्णय दिनांक :"))
    }),
    ("all labels in Hindi", |h| {
        let h = h.replace("| CNR :", "| सीएनआर :");
        let h = h.replace("Date of registration :", "पंजीकरण तिथि :");
        let h = h.replace("Decision Date :", "निर्णय दिनांक :");
        Some(h.replace("Disposal Nature :", "निपटान :"))
    }),
    ("labels of the dates exchanged", |h| {
        let h = h.replace("Decision Date", "@");
        let h = h.replace("Date of registration", "Decision Date");
        Some(h.replace('@', "Date of registration"))
    }),
    ("labels of CNR and date exchanged", |h| {
        let h = h.replace("| CNR", "| @");
        let h = h.replace("Decision Date", "CNR");
        Some(h.replace("| @", "| Decision Date"))
    }),
    ("colon gone", |h| {
        let h = h.replace(" :</span>", "</span>");
        Some(h.replace("Decision Date", "Decision Date -"))
    }),
    ("values in the tags of labels", |h| {
        let h = h.replace("<span style='color:#212F3D' >", "<font>");
        Some(h.replace("<font color='green'>", "<span>"))
    }),
    ("values out of their tags", |h| {
        let h = h.replace("<font color='green'>", "");
        Some(h.replace("</font><span", "<span"))
    }),
    ("details renamed", |h| {
        Some(h.replace("caseDetailsTD", "case-details"))
    }),
    ("details as a table", |h| {
        let h = h.replace(OPENING, "<table class='caseDetailsTD'><tr><td>");
        let h = h.replace("</span></strong>", "</span></td></tr></table>");
        let h = h.replace("<font color='green'>", "</td><td>");
        Some(h.replace("</font>", "</td><td>"))
    }),
    ("details before the button", |h| {
        let (row, details) = h.split_once(OPENING)?;
        Some(format!("{OPENING}{details}{row}"))
    }),
    ("a pair behind the court", |h| {
        let (before, rest) = h.split_once("<span style='color:#212F3D' > | Decision")?;
        let (date, rest) = rest.split_once("</font>")?;
        let rest = rest.strip_suffix("</strong>")?;
        Some(format!(
            "{before}{rest}<span> | Decision{date}</font></strong>"
        ))
    }),
    ("a date inside its label", |h| {
        let label = "| Decision Date :</span><font color='green'>";
        Some(h.replace(label, "| Decision Date :"))
    }),
    ("function renamed", |h| {
        Some(h.replace("open_pdf(", "view_pdf("))
    }),
    ("an argument in front", |h| {
        Some(h.replace("open_pdf(", "open_pdf('x',"))
    }),
    ("arguments exchanged", |h| {
        let (before, rest) = h.split_once(",'','")?;
        let (path, after) = rest.split_once('\'')?;
        Some(format!("{before},'{path}',''{after}"))
    }),
    ("path as an address", |h| {
        let address = "https://judgments.ecourts.gov.in/court/cnrorders";
        Some(h.replace("court/cnrorders", address))
    }),
    ("path without its folder", |h| {
        Some(h.replace("/orders/", "/"))
    }),
    ("path by number", |h| {
        let (before, rest) = h.split_once(",'','")?;
        let (_, after) = rest.split_once('\'')?;
        Some(format!("{before},'','document/1234'{after}"))
    }),
    ("button a link", |h| {
        let h = h.replace("<button type='button'", "<a");
        Some(h.replace("</button>", "</a>"))
    }),
    ("no script in the button", |h| {
        Some(h.replace("onclick=javascript:open_pdf", "data-call=open_pdf"))
    }),
    ("title behind the details", |h| {
        let (button, rest) = h.split_once("<font size='3'>")?;
        let (title, rest) = rest.split_once("</button></font>")?;
        Some(format!(
            "{button}</button>{rest}<font size='3'>{title}</font>"
        ))
    }),
];
const OPENING: &str = "<strong class='caseDetailsTD' >";

/// A change of the data itself, which leaves the layout as it is.
type Redated = fn(&mut Row);

fn month_first(row: &mut Row) {
    row.pairs[2].1 = row.decided.strftime("%m-%d-%Y").to_string();
}

fn year_first(row: &mut Row) {
    row.pairs[2].1 = row.decided.to_string();
}

fn values_exchanged(row: &mut Row) {
    let registered = row.pairs[1].1.clone();
    row.pairs[1].1 = std::mem::replace(&mut row.pairs[2].1, registered);
}

fn short_year(row: &mut Row) {
    row.pairs[2].1 = row.decided.strftime("%d-%m-%y").to_string();
}

#[test]
fn every_change_about_a_key_field_is_noticed() {
    let rows = rows(60);
    for (what, change) in CHANGES {
        let html: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(n, row)| change(&row.html(n)).unwrap())
            .collect();
        let (report, read) = look(&html);
        assert_ne!(html[0], rows[0].html(0), "{what} changes nothing");
        assert!(is_noticed(&report), "{what}: {report:?}");
        assert_eq!(wrong(&rows, &read), None, "{what}");
    }
    let of_data: [(&str, Redated); 4] = [
        ("month first", month_first),
        ("year first", year_first),
        ("values of the dates exchanged", values_exchanged),
        ("years of two digits", short_year),
    ];
    for (what, change) in of_data {
        let mut changed = rows.clone();
        changed.iter_mut().for_each(change);
        let html: Vec<String> = changed
            .iter()
            .enumerate()
            .map(|(n, row)| row.html(n))
            .collect();
        let (report, read) = look(&html);
        assert!(is_noticed(&report), "{what}: {report:?}");
        assert_eq!(wrong(&rows, &read), None, "{what}");
    }
}

/// Several changes at random, the same for all rows of a page.
fn random_change(rows: &[Row], rng: &mut ChaCha8Rng) -> (String, Vec<String>) {
    let mut names = Vec::new();
    let mut changed = rows.to_vec();
    if rng.random_bool(0.5) {
        let mut order = [0, 1, 2, 3];
        order.shuffle(rng);
        for row in &mut changed {
            row.pairs = order.iter().map(|at| row.pairs[*at].clone()).collect();
        }
        names.push(format!("order {order:?}"));
    }
    let count = rng.random_range(1..=3);
    let chosen: Vec<&Change> = CHANGES.choose_multiple(rng, count).collect();
    let html = changed.iter().enumerate().map(|(n, row)| row.html(n));
    let html = html
        .map(|html| {
            chosen
                .iter()
                .fold(html, |html, (_, change)| change(&html).unwrap_or(html))
        })
        .collect();
    names.extend(chosen.iter().map(|(name, _)| (*name).to_owned()));
    (names.join(", "), html)
}

#[test]
fn changes_together_are_noticed() {
    let rows = rows(24);
    let rounds = std::env::var("NIRNAY_FUZZ")
        .ok()
        .and_then(|n| n.parse().ok());
    for seed in 0..rounds.unwrap_or(2_000) / 10 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (what, html) = random_change(&rows, &mut rng);
        // Two changes may hide each other in a row; on the page as a whole they cannot.
        let (report, _) = look(&html);
        assert!(is_noticed(&report), "seed {seed}: {what}: {report:?}");
    }
}
