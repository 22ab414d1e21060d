use std::path::Path;

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::judgments::row;

#[test]
fn entities_are_decoded_or_declined() {
    for (raw, decoded) in [
        ("A &amp; B", Some("A & B")),
        ("A & B &", Some("A & B &")),
        ("HON&#039;BLE &#8377;&#2309;", Some("HON'BLE ₹अ")),
        ("&quot;&lt;&gt;&apos;", Some("\"<>'")),
        ("&shy;", None),
        ("&amp", None),
        ("&#x27;", None),
        ("&#128;", None),
        ("&#55296;", None),
        ("&search=", None),
    ] {
        assert_eq!(decode(raw, "").as_deref(), decoded, "{raw}");
    }
    let fragment = "#page=&search=%20";
    assert_eq!(decode(fragment, "search=").as_deref(), Some(fragment));
}

fn rows() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<_> = ["high-court-row", "report-row"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "html"))
        .collect();
    paths.sort();
    let read = |path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    paths.into_iter().map(read).collect()
}

/// Whether the row is plain; if it is, the HTML parser must read the same.
fn is_plain(html: &str) -> bool {
    let Some(plain) = gather(html) else {
        return false;
    };
    match row::parsed(html) {
        Ok(parsed) => assert_eq!(plain, parsed, "{html:?}"),
        Err(why) => panic!("plain, yet {why:?}: {html:?}"),
    }
    true
}

#[test]
fn both_readers_read_every_fixture_alike() {
    let rows = rows();
    let plain = rows.iter().filter(|html| is_plain(html)).count();
    assert!(plain >= 25, "{plain} of {} are plain", rows.len());
}

/// What may stand in a row without making it another shape, and what may not.
const PIECES: [&str; 60] = [
    " ",
    "  ",
    "\t",
    "\n",
    "\u{c}",
    "\r",
    "\0",
    "\u{b}",
    "\u{1}",
    "\u{a0}",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}",
    "&amp;",
    "&#039;",
    "&quot;",
    "&lt;",
    "&gt;",
    "&nbsp;",
    "&#8377;",
    "&#160;",
    "&#128;",
    "&#0;",
    "&",
    "& ",
    "&&",
    "&;",
    "&#;",
    "&#39",
    "&ampx",
    "&search=",
    "&#x41;",
    "&#127;",
    "&notit;",
    "<br>",
    "<br/>",
    "<BR>",
    "</br>",
    "<b>",
    "</b>",
    "<i>x</i>",
    "<!-- -->",
    "<",
    ">",
    "\"",
    "'",
    "=",
    "/",
    "/>",
    " x='y'",
    " class='modal'",
    " style=\"<a\"",
    " onclick=open_pdf('9','','x')",
    " href='#'",
    "<strong>Coram : Z</strong><br>",
    "<span>",
    "</span>",
    "<font color=x> y</font>",
    "अ",
    "😀",
];

fn damage(html: &str, rows: &[String], rng: &mut ChaCha8Rng) -> String {
    let mut out: Vec<char> = html.chars().collect();
    for _ in 0..rng.random_range(1..=3) {
        let at = rng.random_range(0..=out.len());
        let end = (at + rng.random_range(0..30)).min(out.len());
        match rng.random_range(0..7) {
            0 => drop(out.drain(at..end)),
            1 => {
                let again = out[at..end].to_vec();
                out.splice(at..at, again);
            }
            2 => {
                let moved: Vec<char> = out.drain(at..end).collect();
                let to = rng.random_range(0..=out.len());
                out.splice(to..to, moved);
            }
            3 => {
                let other: Vec<char> = rows.choose(rng).unwrap().chars().collect();
                let from = rng.random_range(0..=other.len());
                let to = (from + rng.random_range(0..120)).min(other.len());
                out.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let piece = PIECES.choose(rng).unwrap();
                out.splice(at..at, piece.chars());
            }
        }
    }
    out.into_iter().collect()
}

#[test]
fn both_readers_read_damaged_rows_alike() {
    let rounds = std::env::var("NIRNAY_FUZZ").ok();
    let rounds: u64 = rounds.and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let seed = std::env::var("NIRNAY_SEED").ok();
    let seed: u64 = seed.and_then(|n| n.parse().ok()).unwrap_or(1);
    let rows = rows();
    let plain_rows: Vec<&String> = rows.iter().filter(|html| gather(html).is_some()).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut plain = 0;
    for _ in 0..rounds {
        let html = damage(plain_rows.choose(&mut rng).unwrap(), &rows, &mut rng);
        plain += u64::from(is_plain(&html));
    }
    assert!(
        plain * 10 > rounds,
        "of {rounds} damaged rows only {plain} are plain: too little was compared (seed {seed})"
    );
}
