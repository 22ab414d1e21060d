//! `nirnay import`: texts from files into the lake.

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use nirnay_pipeline::{ImportReport, exit, import_listing, import_texts};
use nirnay_store::{ImportedFile, Lake, OpenMode, StoreError};
use serde::Serialize;

use super::Outcome;
use crate::args::{Global, ImportArgs, ImportWhat};
use crate::output::{self, count, plural, size};

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

/// What a lake holds from files.
#[derive(Debug, Serialize)]
pub(super) struct Imported {
    texts: u64,
    bytes: u64,
    files: Vec<ImportedFile>,
}

impl Imported {
    /// `None` if nothing was ever imported.
    pub(super) fn read(lake: &Lake) -> Result<Option<Self>, StoreError> {
        let Some(imports) = lake.imports()? else {
            return Ok(None);
        };
        let (texts, bytes) = imports.sums()?;
        Ok(Some(Self {
            texts,
            bytes,
            files: imports.files()?,
        }))
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |of: fn(&ImportedFile) -> u64| count(self.files.iter().map(of).sum());
        write!(
            f,
            "{} ({}) from {}: {} lines = {} taken + {} set aside + {} blank",
            plural(self.texts, "text"),
            size(self.bytes),
            plural(self.files.len() as u64, "file"),
            sum(|file| file.lines),
            sum(|file| file.taken),
            sum(|file| file.quarantined),
            sum(|file| file.blank),
        )
    }
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
