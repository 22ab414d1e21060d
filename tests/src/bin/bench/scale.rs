//! Whether cost grows linearly: lists of ten thousand rows to a million.

use std::path::Path;
use std::time::Duration;

use crate::portals::{Measured, Portals, measure};

/// What one size costs.
#[derive(Debug, Clone)]
pub(crate) struct Size {
    /// Rows listed.
    pub(crate) rows: u32,
    /// The crawl.
    pub(crate) crawl: Measured,
    /// The same command again, with nothing to do.
    pub(crate) again: Measured,
    audit: Duration,
    fsck: Duration,
    fsck_full: Duration,
    ledger: u64,
}

impl Size {
    /// Rows walked and kept in a second.
    pub(crate) fn speed(&self) -> f64 {
        f64::from(self.rows) / self.crawl.rows.as_secs_f64()
    }
}

/// Crawls the lists of a docket with `rows` rows and looks at the lake in every way.
pub(crate) fn size(rows: u32) -> Size {
    let portals = Portals::serve(rows);
    // On a disk: a ledger of a million rows is not to be measured in memory.
    let dir = tempfile::tempdir().expect("a folder");
    let lake = dir.path().join("lake");
    let pipeline = Portals::pipeline(dir.path());
    let pipeline = pipeline.to_string_lossy().into_owned();
    let mut args = vec!["crawl", &pipeline, "--no-documents", "--no-text"];
    for address in &portals.addresses {
        args.extend(["--portal", address]);
    }
    let crawl = measure(&args, &lake);
    Size {
        rows,
        ledger: ledger_bytes(&lake),
        audit: measure(&["audit", "--rows-only"], &lake).whole,
        fsck: measure(&["fsck"], &lake).whole,
        fsck_full: measure(&["fsck", "--full"], &lake).whole,
        again: measure(&args, &lake),
        crawl,
    }
}

fn ledger_bytes(lake: &Path) -> u64 {
    ["ledger.sqlite", "ledger.sqlite-wal"]
        .iter()
        .filter_map(|name| std::fs::metadata(lake.join(name)).ok())
        .map(|file| file.len())
        .sum()
}

/// Prints a table of the sizes.
pub(crate) fn table(sizes: &[u32]) {
    println!(
        "| rows | rows/s | peak RSS | CPU | ledger | bytes a row | publication | audit | fsck | fsck --full | again |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for &rows in sizes {
        let size = size(rows);
        println!(
            "| {rows} | {:.0} | {} MiB | {:.1} s | {:.1} MiB | {} | {:.2} s | {:.2} s | {:.2} s | {:.2} s | {:.2} s |",
            size.speed(),
            size.crawl.peak_kib >> 10,
            size.crawl.cpu,
            size.ledger as f64 / f64::from(1 << 20),
            size.ledger / u64::from(rows),
            size.crawl.publish.as_secs_f64(),
            size.audit.as_secs_f64(),
            size.fsck.as_secs_f64(),
            size.fsck_full.as_secs_f64(),
            size.again.whole.as_secs_f64(),
        );
    }
}
