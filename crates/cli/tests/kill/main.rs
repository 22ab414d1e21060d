//! The command killed: at random instants of every phase, again while it recovers, at every single
//! write-side system call, and with every such call failing. In the end the layers equal those of a crawl
//! that was never disturbed, Parquet byte for byte.
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `NIRNAY_KILLS` | random kills | 50 |
//! | `NIRNAY_SWEEP` | every how many calls one is struck | 25 |
//! | `NIRNAY_SEED` | the seed of the random kills | 7 |

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod budget;
mod lock;
mod random;
mod sweep;

use std::path::Path;

use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use nirnay_tests::Subject;

/// The command under test.
fn nirnay() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_nirnay"))
}

/// Thirty rows in small pages, eight with their documents, over two hosts.
fn subject() -> Subject {
    Subject::start(nirnay(), docket(8, 15, 4, 3), SOURCES, |_| {})
}

/// One host, so that the order of system calls is nearly the same in every run.
fn small_subject() -> Subject {
    let sources = SOURCES.split("# second host").next().unwrap();
    Subject::start(nirnay(), docket(5, 20, 0, 0), sources, |_| {})
}

fn docket(sikkim: u32, madras: u32, scr_rows: u32, feed_rows: u32) -> Docket {
    Docket::generate(&DocketSpec {
        seed: 21,
        courts: vec![
            CourtShare::new("sikkim", sikkim),
            CourtShare::new("madras", madras),
        ],
        from: "2023-11-01".parse().unwrap(),
        to: "2024-02-29".parse().unwrap(),
        scr_rows,
        feed_rows,
        quirks: Quirks {
            scans: 0.0,
            ..Quirks::default()
        },
    })
    .unwrap()
}

const SOURCES: &str = r#"
[[source]]
source = "ecourts-hc"
courts = ["sikkim"]
from = "2023-11-01"
to = "2024-02-29"
page_size = 10
[[source]]
source = "ecourts-hc"
courts = ["madras"]
from = "2023-11-01"
to = "2024-02-29"
page_size = 10
documents = false
# second host
[[source]]
source = "scr"
from = "2023-11-01"
to = "2024-02-29"
page_size = 10
documents = false
[[source]]
source = "sci-feed"
documents = false
"#;
