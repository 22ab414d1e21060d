//! `nirnay import`: texts from files into the lake.

use std::path::PathBuf;

use jiff::Timestamp;
use nirnay_pipeline::{ImportReport, exit, import_listing, import_texts};
use nirnay_store::{Lake, OpenMode};

use super::Outcome;
use crate::args::{Global, ImportArgs, ImportWhat};
use crate::output::{self, count, plural};

/// Lines between two words about the progress.
const TOLD_EVERY: u64 = 50_000;

pub(crate) fn run(global: &Global, args: &ImportArgs) -> Outcome {
    let lake = Lake::open(&super::lake_dir(global), OpenMode::ReadWrite)?;
    let files = match &args.what {
        ImportWhat::Texts { files } => files,
        ImportWhat::Listing { files } => return listings(global, &lake, files),
    };
    let mut aside = 0;
    let mut told;
    for file in files {
        told = 0;
        let report = import_texts(&lake, file, Timestamp::now(), &mut |lines| {
            if !global.quiet && lines >= told + TOLD_EVERY {
                told = lines;
                output::talk(&format!("{}: {}", file.display(), plural(lines, "line")));
            }
        })?;
        aside += report.quarantined;
        if global.json {
            output::json(&report);
        } else {
            print(&report);
        }
    }
    Ok(if aside == 0 { 0 } else { exit::SET_ASIDE })
}

fn listings(global: &Global, lake: &Lake, files: &[PathBuf]) -> Outcome {
    for file in files {
        let rows = import_listing(lake, file, Timestamp::now())?;
        if global.json {
            output::json(&rows);
        } else {
            output::data(&format!(
                "{}: {} new, {} changed, {} as before",
                file.display(),
                count(rows.new),
                count(rows.changed),
                count(rows.unchanged)
            ));
        }
    }
    Ok(0)
}

fn print(report: &ImportReport) {
    output::data(&format!(
        "{}: {} read: {} added, {} changed, {} unchanged, {} blank, {} set aside",
        report.file,
        plural(report.lines, "line"),
        count(report.added),
        count(report.changed),
        count(report.unchanged),
        count(report.blank),
        count(report.quarantined)
    ));
    if let Some(path) = &report.quarantine {
        output::data(&format!(
            "  what was set aside, and why: {}",
            path.display()
        ));
    }
    output::data(&format!(
        "{} imported in the lake; `nirnay index` makes them searchable",
        plural(report.texts, "text")
    ));
}
